"""Matrices averaged over a group of moves."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from ....arguments import as_float, check_room, shown
from ....groups import transform_image, transform_maps
from ....shapes import ShapeError, integer, pair

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
    representation theory). If a compact group can bring every place of what comes in, and of what goes out, to every other,
    such a map is a group convolution (Kondor & Trivedi 2018, arXiv:1802.03690, theorem 1). Four turns of 5×5 pixels cannot.

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
