"""Both ways round: moves of a picture, representations of it, and how the representations move along.

The lecture's symbols::

    x  a picture (H, W), numbers from 0 to 255    g    a move of the picture
    φ  a representation, maps (C, h, w)           M_g  the move of the representation that belongs to g

And matrices averaged over a group of moves, which makes them equivariant (Kondor & Trivedi 2018, arXiv:1802.03690).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from . import transforms
from .arguments import as_float, check_room, one_of, shown
from .data.digits import BACKGROUND, STROKE
from .filters import KERNELS, correlate, pad_border
from .groups import GroupPool, P4Conv, P4Lift, P4MLift, transform_image, transform_maps
from .layers import Activation
from .models import Sequential, trained_lenet5
from .ops import max_pool2d
from .probes import BothWays, equivariance_error, responses
from .shapes import ShapeError, integer, pair

SMOOTHNESS = 8.0  # pixels: bends that a photo of a hundred pixels shows
HOOK = np.array([[1.0, 1, 0], [-1, 2, 0], [-1, -1, -1]])
"""A filter that no turn and no mirror leaves as it is; its sum is 0."""


@dataclass(frozen=True)
class Move:
    """A kind of move and how far it can go."""

    label: str
    unit: str
    levels: tuple[float, ...]
    start: float
    """A level that shows something."""


MOVES: dict[str, Move] = {
    "translate": Move("shift to the right", "px", tuple(each / 2 for each in range(-32, 33)), 3),
    "rotate": Move("rotate", "°", tuple(range(-180, 181, 15)), 90),
    "scale": Move("scale", "×", tuple(each / 20 for each in range(10, 31)), 1.25),
    "reflect": Move("mirror", "times", (0, 1), 1),
    "elastic": Move("bend", "px", tuple(each / 2 for each in range(13)), 3),
}
"""The lecture's transformations, and the mirror."""


def move_picture(images: np.ndarray, move: str, level: float, border: str = "zero") -> np.ndarray:
    """g x: images (..., H, W) moved by ``level``, in the unit of :data:`MOVES`.

    Raises:
        ValueError: an unknown ``move`` or ``border``.
        TypeError, ShapeError: as the functions of :mod:`lecture_lib.transforms`.

    >>> move_picture(np.array([[1.0, 2, 4]]), "translate", 1, "circular")
    array([[4., 1., 2.]])
    """
    return _move(np.asarray(images), move, level, border, 1, np.shape(images)[-1])


def move_maps(
    maps: np.ndarray, move: str, level: float, border: str = "zero", *,
    stride: int = 1, side: int | None = None, group: str = "", whole: bool = False,
) -> np.ndarray:  # fmt: skip
    """M_g φ(x): maps (C, h, w) moved as the picture was, ``stride`` of whose pixels are one place of a map.

    Args:
        side: of the picture; None takes ``stride`` times that of the maps.
        group: "p4" or "p4m" for maps that belong to the elements of a group: they change places, too.
        whole: a shift that ends between two places goes to the nearest one, instead of being interpolated.

    Raises:
        ValueError, TypeError, ShapeError: as :func:`move_picture` and :func:`lecture_lib.groups.transform_maps`.

    >>> move_maps(np.array([[[0.0, 8, 0, 0]]]), "translate", 1, stride=2)  # half a place
    array([[[0., 4., 4., 0.]]])
    >>> move_maps(np.array([[[0.0, 8, 0, 0]]]), "translate", 1, stride=2, whole=True)
    array([[[0., 0., 8., 0.]]])
    """
    side = stride * np.shape(maps)[-1] if side is None else side
    if move == "translate":
        by = level / stride
        return transforms.translate(maps, 0, math.floor(by + 0.5) if whole else by, border)
    if group and move == "rotate":
        turns = math.floor(level / 90 + 0.5)
        return transform_maps(transforms.rotate(maps, level - 90 * turns, border), turns % 4, group)
    if group == "p4m" and move == "reflect" and level:
        return transform_maps(maps, 4, group)
    return _move(maps, move, level, border, stride, side)


def _move(images: np.ndarray, move: str, level: float, border: str, stride: int, side: int) -> np.ndarray:
    one_of("move", move, MOVES)
    if move == "translate":
        return transforms.translate(images, 0, level / stride, border)
    if move == "rotate":
        return transforms.rotate(images, level, border)
    if move == "scale":
        return transforms.scale(images, level, border)
    if move == "reflect":
        return transforms.reflect(images) if level else images.copy()
    field = transforms.displacement((side, side), level, 0, SMOOTHNESS)
    h, w = images.shape[-2:]
    rows, cols = ((side - 1) / 2 + stride * (np.arange(n) - (n - 1) / 2) for n in (h, w))  # the maps' places in it
    rows, cols = (np.rint(each).astype(int).clip(0, side - 1) for each in (rows, cols))
    return transforms.warp(images, field[:, rows[:, None], cols] / stride, border)


# Representations


@dataclass(frozen=True)
class Representation:
    """A φ: ``phi`` takes a picture (H, W) and its border, and gives maps (C, h, w)."""

    label: str
    phi: Callable[[np.ndarray, str], np.ndarray]
    stride: int = 1
    group: str = ""
    """What the maps belong to, as in :func:`move_maps`."""
    side: int | None = None
    """The only side of a picture that it takes, if there is only one."""
    places: bool = True
    """False for vectors: there is nowhere to move, so M_g leaves them as they are."""


def _sobel(image: np.ndarray, border: str) -> np.ndarray:
    return correlate(image, KERNELS["sobel_x"].weights, padding=1, border=border)[None]


def _laplacian(image: np.ndarray, border: str) -> np.ndarray:
    return correlate(image, KERNELS["laplacian_8"].weights, padding=1, border=border)[None]


def _relu(image: np.ndarray, border: str) -> np.ndarray:
    return np.maximum(_sobel(image, border), 0)


@cache
def _hook(kind: str) -> Sequential:
    lift = {"p4": P4Lift, "p4m": P4MLift}[kind](1, 1, 3)
    net = Sequential([lift, Activation("relu")]).init(0, np.float64)
    lift.weight.value[:] = HOOK
    return net


def _copies(kind: str) -> Callable[[np.ndarray, str], np.ndarray]:
    return lambda image, border: _hook(kind).forward(pad_border(image, 1, border)[None, None])[0]


@cache
def _p4_layers() -> Sequential:
    relu = Activation("relu"), Activation("relu")
    return Sequential([P4Lift(1, 4, 3), relu[0], P4Conv(4, 1, 3), relu[1], GroupPool(4)]).init(4, np.float64)


def _p4(image: np.ndarray, border: str) -> np.ndarray:
    return _p4_layers().forward(pad_border(image / 255, 2, border)[None, None])[0]


@cache
def _lenet() -> Sequential:
    net, _ = trained_lenet5()
    for array in net.state().values():
        array.value = array.value.astype(np.float64)
    return net


def lenet_maps(image: np.ndarray, layer: str) -> np.ndarray:
    """What a layer of the trained LeNet-5 answers to a digit (28, 28) of numbers from 0 to 255, float64.

    Raises:
        ValueError: there is no such layer.
        ShapeError: the image has another shape.

    >>> lenet_maps(np.zeros((28, 28)), "S2").shape
    (6, 14, 14)
    """
    net = _lenet()
    one_of("layer", layer, net.layers)
    x = BACKGROUND + as_float("image", image)[None, None] * ((STROKE - BACKGROUND) / 255)
    return responses(net, x)[layer][0]


def _of_lenet(layer: str) -> Callable[[np.ndarray, str], np.ndarray]:
    def phi(image: np.ndarray, border: str) -> np.ndarray:
        maps = lenet_maps(image, layer)
        return maps if maps.ndim == 3 else maps[:, None, None]

    return phi


REPRESENTATIONS: dict[str, Representation] = {
    "filter": Representation("one filter (Sobel x)", _sobel),
    "symmetric": Representation("a symmetric filter (Laplacian 8)", _laplacian),
    "relu": Representation("filter, ReLU", _relu),
    "stride": Representation("filter, ReLU, stride 2", lambda x, border: _relu(x, border)[:, ::2, ::2], stride=2),
    "pool": Representation(
        "filter, ReLU, max pooling 2", lambda x, border: max_pool2d(_relu(x, border)[None], 2)[0], stride=2
    ),
    "turned": Representation("one filter in 4 turns", _copies("p4"), group="p4"),
    "mirrored": Representation("in 4 turns, and mirrored", _copies("p4m"), group="p4m"),
    "p4": Representation("p4: lift, group conv, pool", _p4),
    "C1": Representation("LeNet-5 up to C1", _of_lenet("C1"), side=28),
    "S2": Representation("LeNet-5 up to S2", _of_lenet("S2"), side=28, stride=2),
    "S4": Representation("LeNet-5 up to S4", _of_lenet("S4"), side=28, stride=4),
    "F6": Representation("LeNet-5 up to F6", _of_lenet("F6"), side=28, places=False),
    "output": Representation("LeNet-5, ten outputs", _of_lenet("output"), side=28, places=False),
}
"""The representations of the explorer, from a single filter to a trained network."""


def both_ways(
    image: np.ndarray, representation: str, move: str, level: float, border: str = "zero", whole: bool = False
) -> BothWays:
    """φ(g x) and M_g φ(x) of an image (H, W), for named representations and moves.

    Raises:
        ValueError: a name is unknown.
        ShapeError: the representation does not take pictures of this size.

    >>> image = np.arange(64.0).reshape(8, 8) ** 2
    >>> both_ways(image, "filter", "translate", 3, "circular").error
    0.0
    >>> [round(both_ways(image, name, "rotate", 90, "circular").error, 2) for name in ("filter", "turned")]
    [1.01, 0.0]
    """
    which = REPRESENTATIONS[one_of("representation", representation, REPRESENTATIONS)]
    image = as_float("image", image)
    if image.ndim != 2 or (which.side and image.shape != (which.side, which.side)):
        needed = f"({which.side}, {which.side}), a digit" if which.side else "(H, W)"
        raise ShapeError(f"image has shape {image.shape}: must be {needed}, for {representation}")

    def m_g(maps):
        if not which.places:
            return maps
        settings = {"stride": which.stride, "side": image.shape[-1], "group": which.group, "whole": whole}
        return move_maps(maps, move, level, border, **settings)

    return equivariance_error(
        lambda x: which.phi(x, border), lambda x: move_picture(x, move, level, border), m_g, image
    )


# Matrices averaged over a group


@dataclass(frozen=True, eq=False)
class Averaging:
    """A group of moves of the numbers that a matrix takes, and of those it gives."""

    label: str
    inputs: np.ndarray
    """(|G|, N): element g moves x to ``x[inputs[g]]``; g = 0 leaves it."""
    outputs: np.ndarray
    """(|G|, M), the same for what the matrix gives."""
    generators: tuple[int, ...]
    """Elements that make all others."""


def _moves_of(shape: tuple[int, ...], turns: int, group: str = "") -> np.ndarray:
    """Indices of all shifts, and turns, of a row or of pictures (..., n, n); integers (|G|, size)."""
    places = np.arange(math.prod(shape), dtype=float).reshape(shape)
    axes = (-2, -1) if len(shape) > 1 else (-1,)
    found = []
    for turn in range(turns):
        turned = (transform_maps(places, turn, group) if group else transform_image(places, turn)) if turn else places
        for shift in np.ndindex(shape[-len(axes) :]):
            found.append(np.roll(turned, shift, axes).ravel())
    return np.array(found, int)


@cache
def averagings() -> dict[str, Averaging]:
    """The groups of the lecture's experiment, by name: shifts of a row of 12, and of 5×5 pictures that may also turn.

    >>> {name: each.inputs.shape for name, each in averagings().items()}
    {'row': (12, 12), 'picture': (25, 25), 'turns': (100, 25), 'lift': (100, 25)}
    """
    n = 5
    row, shifts, turns = _moves_of((12,), 1), _moves_of((n, n), 1), _moves_of((n, n), 4)
    lifted = _moves_of((4, n, n), 4, "p4")
    both = 1, n, n * n  # one to the right, one down, a quarter turn
    return {
        "row": Averaging("12 numbers in a row, shifts", row, row, (1,)),
        "picture": Averaging("5×5 pictures, shifts", shifts, shifts, both[:2]),
        "turns": Averaging("5×5 pictures, shifts and turns", turns, turns, both),
        "lift": Averaging("5×5 pictures to maps on p4, shifts and turns", turns, lifted, both),
    }


def averaged(matrix: np.ndarray, inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Running means of a matrix over moves: P_out(g)⁻¹ A P_in(g) for the first g, the first two, …, all.

    Over a whole group the mean A' is equivariant: A' P_in(g) = P_out(g) A' for every g (the averaging argument of
    representation theory; Kondor & Trivedi 2018 say what such maps look like: group convolutions, theorem 1).

    Args:
        matrix: (M, N).
        inputs, outputs: index arrays (|G|, N) and (|G|, M), as in :class:`Averaging`.

    Returns:
        float64 (|G|, M, N).

    Raises:
        TypeError: ``matrix`` does not hold real numbers.
        ShapeError: the shapes do not fit each other.

    >>> shifts = averagings()["row"].inputs[[0, 1]][:, :2] % 2
    >>> averaged(np.array([[1.0, 2], [3, 5]]), shifts, shifts)[-1]
    array([[3. , 2.5],
           [2.5, 3. ]])
    """
    matrix, inputs, outputs = as_float("matrix", matrix), np.asarray(inputs), np.asarray(outputs)
    if (
        matrix.ndim != 2
        or inputs.shape != (len(inputs), matrix.shape[1])
        or outputs.shape != (len(inputs), len(matrix))
    ):
        raise ShapeError(
            f"matrix has shape {matrix.shape}, inputs {inputs.shape} and outputs {outputs.shape}: "
            "must be (M, N), (G, N) and (G, M)"
        )
    back_in, back_out = np.argsort(inputs, axis=1), np.argsort(outputs, axis=1)
    moved = np.stack([matrix[np.ix_(q, p)] for q, p in zip(back_out, back_in, strict=True)])
    return moved.cumsum(axis=0) / np.arange(1, len(moved) + 1)[:, None, None]


def commutator(matrices: np.ndarray, inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """How far matrices (..., M, N) are from equivariant: the largest ‖A P_in(g) - P_out(g) A‖ / ‖A‖ over moves g.

    Args:
        inputs, outputs: index arrays (|G|, N) and (|G|, M), as in :class:`Averaging`.

    Raises:
        TypeError: ``matrices`` do not hold real numbers, or the indices are no integers.
        ValueError: they hold NaN or infinity.

    >>> shift = np.array([[1, 2, 0]])
    >>> commutator(np.array([[[2, 1, 0], [0, 2, 1], [1, 0, 2]], [[3, 0, 0], [0, 0, 0], [0, 0, 0]]]), shift, shift).round(2)
    array([0.  , 1.41])
    """
    matrices = as_float("matrices", matrices)
    if not np.isfinite(matrices).all():
        raise ValueError("matrices hold NaN or infinity: every number must be finite")
    for name, indices in (("inputs", inputs), ("outputs", outputs)):
        if np.asarray(indices).dtype.kind not in "iu":
            raise TypeError(f"{name} has dtype {np.asarray(indices).dtype}: must hold integers")
    size = np.linalg.norm(matrices, axis=(-2, -1))
    apart = [
        np.linalg.norm(matrices[..., np.argsort(p)] - matrices[..., q, :], axis=(-2, -1))
        for p, q in zip(inputs, outputs, strict=True)
    ]
    return np.max(apart, axis=0) / np.where(size > 0, size, 1)


def rows_in_place(matrix: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Each row of a matrix (M, N) as what its output sees, moved so that the output's own place is in the middle.

    Args:
        shape: of the input, (n,) or (n, n); the outputs are one or more maps of that shape.

    Returns:
        (M, *shape): equal rows of one map mean: one filter, slid over the input.

    Raises:
        ShapeError: ``matrix`` does not take inputs of this shape.

    >>> rows_in_place(np.array([[2, 1, 0], [0, 2, 1], [1, 0, 2]]), (3,))
    array([[0, 2, 1],
           [0, 2, 1],
           [0, 2, 1]])
    """
    size = math.prod(integer("shape", side, 1) for side in shape)
    if np.ndim(matrix) != 2 or np.shape(matrix)[1] != size or len(matrix) % size:
        raise ShapeError(f"matrix has shape {np.shape(matrix)}: must be (C · {size}, {size}), for inputs {shape}")
    axes = tuple(range(len(shape)))
    return np.stack([
        np.roll(row.reshape(shape), [n // 2 - at for n, at in zip(shape, np.unravel_index(i % size, shape), strict=True)], axes)
        for i, row in enumerate(np.asarray(matrix))
    ])  # fmt: skip


def distance_to_border(size: tuple[int, int]) -> np.ndarray:
    """How many places lie between each place of a map and its nearest border, integers (h, w): 0 for the frame.

    Raises:
        TypeError, ShapeError: ``size`` is not a pair of integers of at least 1.
        ValueError: the map is too large.

    >>> distance_to_border((3, 4))
    array([[0, 0, 0, 0],
           [0, 1, 1, 0],
           [0, 0, 0, 0]])
    """
    check_room(f"size={shown(size)}", *pair("size", size, 1))
    rows, cols = (np.minimum(np.arange(n), np.arange(n)[::-1]) for n in size)
    return np.minimum(rows[:, None], cols)
