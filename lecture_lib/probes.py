"""Looking into a network: what each layer answers, which units are dead, how large gradients are, what a map likes,
and what becomes of its maps when the picture moves.

A network here is a ``Sequential`` of :mod:`lecture_lib.models`: layers by name, one after another. A
network inside a network counts as one layer. All probes run it as after training, without dropout.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .arguments import as_float, one_of
from .layers import Activation, Fields, Layer, PReLU, Shape
from .ops import softmax_cross_entropy
from .ops.arrays import one_thread
from .shapes import ONE_PIXEL, ShapeError, integer


def _layers(net: Layer, input_shape: Shape) -> dict[str, tuple[Layer, Fields]]:
    """Each layer of ``net``, and what one unit of it sees."""
    if not isinstance(getattr(net, "layers", None), Mapping):
        raise TypeError(f"net is a {type(net).__name__}: must be a Sequential")
    found, shape, fields = {}, tuple(input_shape), (ONE_PIXEL, ONE_PIXEL)
    last = net.output_shape(shape)
    for name, layer in net.layers.items():
        shape, fields = layer.output_shape(shape), layer.receptive_field(fields, shape)
        found[name] = layer, fields
    if shape != last:  # branches side by side have names, too
        raise TypeError(f"net is a {type(net).__name__}: must be a Sequential, with layers one after another")
    return found


def _forward(net: Layer, x: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Name and output of each layer, computed when it is asked for."""
    x = as_float("x", x)
    for name, (layer, _) in _layers(net, x.shape[1:]).items():
        with one_thread():
            x = layer.forward(x)
        yield name, x


def responses(net: Layer, x: np.ndarray) -> dict[str, np.ndarray]:
    """The output of every layer for a batch (N, ...), by the layer's name, first layer first.

    Raises:
        TypeError: ``net`` is no Sequential, or ``x`` does not hold real numbers.
        ShapeError: the network cannot take samples of this shape, or there is none.
        StateError: the network has no weights.

    >>> from lecture_lib.models import mlp
    >>> {name: out.shape for name, out in responses(mlp([4, 8, 3]).init(0), np.zeros((5, 1, 2, 2))).items()}
    {'flatten': (5, 4), 'fc1': (5, 8), 'relu1': (5, 8), 'fc2': (5, 3)}
    """
    return dict(_forward(net, x))


def gradient_norms(net: Layer, x: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """How large the gradient is that reaches each layer with weights, first layer first.

    The root mean square, over samples and units, of the derivatives of the batch's mean cross-entropy with
    respect to the layer's output, before the activation (Glorot & Bengio 2010, section 4.2, looks at the
    same). Like every backward pass it leaves the gradients of the weights in ``Parameter.grad``.

    Args:
        x: samples (N, ...).
        labels: integers (N,).

    Raises:
        TypeError, ShapeError, ValueError, StateError: as :func:`responses`, and as
            :func:`lecture_lib.ops.softmax_cross_entropy` for the labels.

    >>> from lecture_lib.models import mlp
    >>> x, labels = np.random.default_rng(0).normal(size=(20, 16)), np.arange(20) % 4
    >>> norms = gradient_norms(mlp([16, 16, 16, 4], "sigmoid").init(0), x, labels)
    >>> list(norms), norms["fc1"] < norms["fc2"] < norms["fc3"]
    (['fc1', 'fc2', 'fc3'], True)
    """
    *_, (_, logits) = _forward(net, x)
    _, grad = softmax_cross_entropy(logits, labels)
    norms = {}
    for name, layer in reversed(net.layers.items()):
        if layer.parameters():
            norms[name] = float(np.sqrt(np.mean(np.square(grad, dtype=np.float64))))  # squares are tiny in float32
        with one_thread():
            grad = layer.backward(grad)
    return dict(reversed(norms.items()))


def active_share(net: Layer, x: np.ndarray, layer: str) -> np.ndarray:
    """For each unit or map of an activation layer: at which share of samples and places its input is above 0.

    Where it is not, ReLU passes no gradient; a unit with the share 0 is dead for this batch.

    Args:
        x: samples (N, ...).
        layer: name of an ``Activation`` or ``PReLU``.

    Returns:
        float64 (C,).

    Raises:
        ValueError: there is no such layer, or it is of another kind.
        TypeError, ShapeError, StateError: as :func:`responses`.

    >>> from lecture_lib.models import mlp
    >>> net = mlp([2, 3, 2]).init(0)
    >>> net["fc1"].weight.value[:] = [[1, 0], [0, 1], [-1, -1]]
    >>> active_share(net, np.array([[1.0, 1], [1, -1], [3, 0], [1, -3]]), "relu1")
    array([1.  , 0.25, 0.25])
    """
    found = _layers(net, np.shape(x)[1:])
    if not isinstance(found[one_of("layer", layer, found)][0], Activation | PReLU):
        raise ValueError(f"layer={layer!r}: must be an activation, not a {found[layer][0].kind}")
    before = as_float("x", x)
    for name, out in _forward(net, x):
        if name == layer:
            break
        before = out
    return (before > 0).mean(axis=(0, *range(2, before.ndim)))


class Patches(NamedTuple):
    """What :func:`strongest_patches` finds: K maps, each with its ``count`` strongest images, strongest first."""

    patches: np.ndarray
    """(K, count, C, h, w): what the unit sees of the network's input; zeros where that is padding."""
    image: np.ndarray
    """Index of the image, integers (K, count), as all that follow."""
    row: np.ndarray
    """Place of the unit in its map."""
    col: np.ndarray
    top: np.ndarray
    """First pixel of the patch in the image; negative in the padding."""
    left: np.ndarray
    response: np.ndarray
    """What the unit answers, (K, count)."""


def strongest_patches(
    net: Layer,
    images: np.ndarray,
    layer: str,
    channel: int | None = None,
    count: int = 9,
    *,
    prepare: Callable[[np.ndarray, None], np.ndarray] | None = None,
    batch_size: int = 250,
) -> Patches:
    """The images to which each map of a layer answers most, cut to what the unit with the strongest answer sees.

    One place an image (Zeiler & Fergus 2013, arXiv:1311.2901, figure 2). Of equal answers the first image
    and the first place count.

    Args:
        images: (N, ...), what ``prepare`` makes the network's input (N, C, H, W) from, as in
            :func:`lecture_lib.training.fit`; without it, that input itself.
        layer: name of any layer; units of a vector are maps of one place, which see the whole image.
        channel: one map, or None for all.
        count: how many images a map.
        batch_size: images at a time, so that memory stays small.

    Raises:
        ValueError: there is no such layer.
        ShapeError: the input is not (N, C, H, W), ``channel`` is no map, or ``count`` is more than there are images.
        TypeError, StateError: as :func:`responses`.

    >>> from lecture_lib.models import small_cnn
    >>> found = strongest_patches(small_cnn().init(0), np.eye(28)[None, None], "conv2", count=1)
    >>> found.patches.shape  # 16 maps, a grey image, 8 x 8 pixels seen
    (16, 1, 1, 8, 8)
    """
    images, size = np.asarray(images), integer("batch_size", batch_size, 1)
    if not 1 <= integer("count", count, 1) <= (len(images) if images.ndim else 0):
        raise ShapeError(f"count={count}: must be at most the number of images, images has shape {images.shape}")
    prepare = prepare or (lambda batch, rng: as_float("images", batch))
    shape = np.shape(prepare(images[:1], None))[1:]
    if len(shape) != 3:
        raise ShapeError(f"images become samples of shape {shape}: must be (C, H, W)")
    found = _layers(net, shape)
    fields = found[one_of("layer", layer, found)][1]
    batches = (prepare(images[i : i + size], None) for i in range(0, len(images), size))
    response, place, width = _peaks(net, batches, layer)
    maps = np.arange(response.shape[1])
    if channel is not None:
        if integer("channel", channel, 0) >= len(maps):
            raise ShapeError(f"channel={channel}: must be below {len(maps)}, the number of maps of {layer}")
        maps = maps[[channel]]
    image = np.argsort(-response[:, maps], axis=0, kind="stable")[:count].T
    row, col = np.divmod(place[image, maps[:, None]], width)
    top, left = (field.start + field.jump * at for field, at in zip(fields, (row, col), strict=True))
    patches = [_cut(prepare(images[each], None), fields, top[k], left[k]) for k, each in enumerate(image)]
    return Patches(np.stack(patches), image, row, col, top, left, response[image, maps[:, None]])


def _peaks(net: Layer, batches: Iterator[np.ndarray], layer: str) -> tuple[np.ndarray, np.ndarray, int]:
    """The strongest answer of each map to each image, and its place, both (N, K); the maps' width."""
    response, place = [], []
    for batch in batches:
        out = next(out for name, out in _forward(net, batch) if name == layer)
        flat = out.reshape(*out.shape[:2], -1)
        response.append(flat.max(axis=2))
        place.append(flat.argmax(axis=2))
    return np.concatenate(response), np.concatenate(place), out.shape[3] if out.ndim == 4 else 1


def _cut(x: np.ndarray, fields: Fields, top: np.ndarray, left: np.ndarray) -> np.ndarray:
    """From each sample of (N, C, H, W) the window that begins at ``top`` and ``left``, with zeros around the image."""
    sides, size = x.shape[2:], tuple(field.size for field in fields)
    starts = top, left
    margin = [
        (max(0, -start.min()), max(0, start.max() + length - side))
        for start, length, side in zip(starts, size, sides, strict=True)
    ]
    padded = np.pad(x, [(0, 0), (0, 0), *margin])
    top, left = (start + before for start, (before, _) in zip(starts, margin, strict=True))
    return sliding_window_view(padded, size, axis=(2, 3))[np.arange(len(x)), :, top, left]


class BothWays(NamedTuple):
    """What :func:`equivariance_error` compares."""

    moved_before: np.ndarray
    """φ(g x): first the picture moves, then it is represented."""
    moved_after: np.ndarray
    """M_g φ(x): first it is represented, then the representation moves."""

    @property
    def difference(self) -> np.ndarray:
        """φ(g x) - M_g φ(x), of the shape of both."""
        return self.moved_before - self.moved_after

    @property
    def error(self) -> float:
        """‖φ(g x) - M_g φ(x)‖ / ‖φ(g x)‖: 0 if φ is equivariant; infinity if only φ(g x) is zero everywhere."""
        apart, size = (float(np.linalg.norm(each)) for each in (self.difference, self.moved_before))
        return apart / size if size else (np.inf if apart else 0.0)


def equivariance_error(
    phi: Callable[[np.ndarray], np.ndarray],
    g: Callable[[np.ndarray], np.ndarray],
    m_g: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
) -> BothWays:
    """Go both ways round: move and represent, represent and move (the lecture: φ(g x) ≈ M_g φ(x)).

    Args:
        phi: the representation φ.
        g: moves pictures. m_g: moves representations; the identity asks whether φ is invariant.
        x: what φ and g take.

    Raises:
        TypeError: a result does not hold real numbers.
        ShapeError: the two results differ in shape.

    >>> def differences(x):
    ...     return np.roll(x, -1) - x
    >>> def shift(x):
    ...     return np.roll(x, 1)
    >>> equivariance_error(differences, shift, shift, np.array([1, 4, 9, 16])).error
    0.0
    >>> equivariance_error(np.sum, shift, lambda total: total, np.array([1, 4, 9, 16])).error  # a sum is invariant
    0.0
    """
    before, after = as_float("phi(g(x))", phi(g(x))), as_float("m_g(phi(x))", m_g(phi(x)))
    if before.shape != after.shape:
        raise ShapeError(f"m_g(phi(x)) has shape {after.shape}: must be {before.shape}, the shape of phi(g(x))")
    return BothWays(before, after)
