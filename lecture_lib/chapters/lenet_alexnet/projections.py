"""From one unit of a network back to the pixels: deconvnet, the gradient, and guided backpropagation.

All three walk the layers backwards and differ at one place only, the rectifier.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from ...arguments import as_float, one_of, shown
from ...layers import Activation, Layer, ReLU6
from ...models import Concat, Residual, Sequential
from ...ops.arrays import one_thread
from ...probes.answers import layers_of
from ...probes.patches import Patches, at_once, cut
from ...shapes import ShapeError
from ...training import Prepare, preparing

RULES = ("deconvnet", "gradient", "guided")
"""What :func:`deconvnet` may do at a rectifier."""


class Projection(NamedTuple):
    """What :func:`deconvnet` finds for N samples."""

    pixels: np.ndarray
    """(N, C, H, W), as the network's input."""
    row: np.ndarray
    """Place of the unit in its map, integers (N,); 0 where a unit has no place."""
    col: np.ndarray
    response: np.ndarray
    """What the unit answers, (N,)."""


def deconvnet(
    net: Layer, x: np.ndarray, layer: str, channel: int | Sequence[int], *, rule: str = "deconvnet"
) -> Projection:
    """From the strongest unit of a map back to the pixels (Zeiler & Fergus 2013, arXiv:1311.2901, section 2.1).

    Forward to the layer; keep the map's largest answer and set all others to zero; then backwards:

    - max pooling becomes **unpooling**: the signal goes to the place that won (the *switch*), the rest is zero;
    - a rectifier becomes a **rectifier of the signal**: max(0, signal), whatever came in on the way up;
    - a convolution becomes one with the same filters **transposed**, without the bias.

    For everything else the paper has no rule. Here it is what the gradient does, which is what the rules for pooling and
    convolution are, too (Simonyan et al. 2013, arXiv:1312.6034, section 4): average pooling spreads the signal evenly, tanh
    scales it by its slope. Only where the maps are rectified can the signal be: maps of tanh may well be negative.

    Args:
        x: samples (N, C, H, W).
        layer: name of the layer with the unit; the paper's are behind the rectifier, so that an answer is never negative.
        channel: which map, one for all samples or one for each, (N,).
        rule: at a rectifier, for the signal g and the forward input x: ``"deconvnet"``, max(0, g); ``"gradient"``,
            g where x > 0, which starts with 1 and not with the answer, and so gives the derivative of the answer;
            ``"guided"``, max(0, g) where x > 0 (Springenberg et al. 2014, arXiv:1412.6806, figure 1).

    Raises:
        ValueError: there is no such layer or rule.
        ShapeError: ``x`` is not (N, C, H, W), or ``channel`` is no map.
        TypeError, StateError: as :func:`lecture_lib.probes.responses`.

    >>> from lecture_lib.layers import Conv2d
    >>> net = Sequential({"conv": Conv2d(1, 1, 2), "relu": Activation("relu")}).init(0)
    >>> net["conv"].weight.value[:] = [[1, 0], [0, -2]]
    >>> found = deconvnet(net, np.array([[[[0.0, 3, 0], [0, 0, 0], [1, 0, 1]]]]), "relu", 0)
    >>> found.pixels[0, 0] + 0.0  # the answer 3, at row 0 and column 1, times the filter
    array([[ 0.,  3.,  0.],
           [ 0.,  0., -6.],
           [ 0.,  0.,  0.]])
    """
    x = as_float("x", x)
    if x.ndim != 4 or len(x) == 0:
        raise ShapeError(f"x has shape {x.shape}: must be (N, C, H, W), at least one sample")
    one_of("rule", rule, RULES)
    found = layers_of(net, x.shape[1:])
    one_of("layer", layer, found)
    passed = _path(net, layer)
    with one_thread(), _gradients_kept(net):
        out = x
        for each in passed:
            out = each.forward(out)
        maps = out.reshape(*out.shape[:2], -1)  # a unit of a vector is a map of one place
        channels = _channels(channel, maps.shape, layer)
        samples = np.arange(len(x))
        place = maps[samples, channels].argmax(axis=1)
        response = maps[samples, channels, place]
        signal = np.zeros_like(maps)
        signal[samples, channels, place] = 1 if rule == "gradient" else response
        signal = signal.reshape(out.shape)
        for each in reversed(passed):
            signal = _back(each, signal, rule)
    row, col = np.divmod(place, out.shape[3] if out.ndim == 4 else 1)
    return Projection(signal, row, col, response)


def _path(net: Sequential, layer: str) -> list[Layer]:
    """The layers from the input to ``layer``; of a block that holds it, those within."""
    name, _, rest = layer.partition(".")
    names = list(net.layers)
    before = [net[each] for each in names[: names.index(name)]]
    return [*before, *(_path(net[name], rest) if rest else [net[name]])]


def _channels(channel: int | Sequence[int], shape: tuple[int, ...], layer: str) -> np.ndarray:
    """One map for each sample."""
    channels = np.asarray(channel)
    if channels.dtype.kind not in "iu":
        raise TypeError(f"channel={shown(channel)}: must be an integer, or one for each sample")
    if channels.shape not in ((), shape[:1]):
        raise ShapeError(f"channel has shape {channels.shape}: must be one integer, or {shape[0]}, one for each sample")
    if channels.min() < 0 or channels.max() >= shape[1]:
        raise ShapeError(f"channel={channel}: must be from 0 to {shape[1] - 1}, the maps of {layer}")
    return np.broadcast_to(channels, shape[:1])


def _back(layer: Layer, signal: np.ndarray, rule: str) -> np.ndarray:
    """The signal before a layer, from the signal behind it."""
    if isinstance(layer, Sequential):
        within = signal
        for each in reversed(layer.layers.values()):
            within = _back(each, within, rule)
        return signal + within if isinstance(layer, Residual) else within
    if isinstance(layer, Concat):  # branches side by side: each takes its own maps back, and the input gets the sum
        (counts,) = layer.saved()
        parts = np.split(signal, np.cumsum(counts)[:-1], axis=1)
        return sum(_back(each, part, rule) for each, part in zip(layer.layers.values(), parts, strict=True))
    rectifies = isinstance(layer, ReLU6) or isinstance(layer, Activation) and layer.function.name == "relu"
    if rectifies and rule != "gradient":
        signal = np.maximum(signal, 0)
        if rule == "deconvnet":
            return signal
    return layer.backward(signal)


@contextmanager
def _gradients_kept(net: Layer) -> Iterator[None]:
    """A probe leaves the gradients of the weights as they were."""
    before = [(array, array.grad) for array in net.state().values()]
    try:
        yield
    finally:
        for array, grad in before:
            array.grad = grad


def project_patches(
    net: Layer,
    images: np.ndarray,
    layer: str,
    found: Patches,
    *,
    rule: str = "deconvnet",
    prepare: Prepare | None = None,
) -> np.ndarray:
    """The strongest patches of every map of a layer, each as :func:`deconvnet` makes it out of the unit's answer alone.

    Args:
        images, layer, prepare: as given to :func:`strongest_patches`, which gave ``found`` for all maps.

    Returns:
        (K, count, C, h, w), cut out where the patches are.

    Raises:
        ShapeError: ``found`` holds one map of several.
        ValueError, TypeError, StateError: as :func:`deconvnet`.

    >>> from lecture_lib.models import small_cnn
    >>> net, images = small_cnn().init(0), np.eye(28)[None, None]
    >>> from lecture_lib.probes import strongest_patches
    >>> project_patches(net, images, "conv2", strongest_patches(net, images, "conv2", count=1)).shape
    (16, 1, 1, 8, 8)
    """
    prepare = preparing("images", prepare)
    images, count = np.asarray(images), found.image.shape[1]
    shape = np.shape(prepare(images[:1], None))[1:]
    layers = layers_of(net, shape)
    fields, batch = layers[one_of("layer", layer, layers)][2], at_once(layers, layer)
    flat = [each.ravel() for each in (found.image, found.top, found.left)]
    channels, pieces = np.repeat(np.arange(len(found.image)), count), []
    for start in range(0, len(channels), batch):
        image, top, left = (each[start : start + batch] for each in flat)
        pixels = deconvnet(net, prepare(images[image], None), layer, channels[start : start + batch], rule=rule).pixels
        pieces.append(cut(pixels, fields, top, left))
    return np.concatenate(pieces).reshape(found.patches.shape)
