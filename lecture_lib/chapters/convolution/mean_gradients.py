"""What the first units of a network for photos look for: the mean of their gradients over many windows.

A unit of block 1's depthwise layer in EfficientNet-Lite0 stands behind four layers. They are no filter, but small: the unit
sees 11×11 pixels, in steps of 4, as AlexNet's first filters do. Where it is nearly linear, its mean gradient says what it
answers to, as a filter's weights do.
"""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ...data import load_photo, photo_as_input
from ...experiments import Computed
from ...layers import Conv2d, ZeroPad2d
from ...models import Sequential, efficientnet_lite0, trained_photo_net

STRIDE, SIDE, START = 4, 11, -2
"""Pixels between neighbouring units, the side of what one sees, and its first row and column in the photo."""
UNITS = 96
SEEN, COUNT = ("astronaut", "brick", "camera", "rocket"), 500
"""The photos whose windows the gradients are taken at, and how many windows of each."""


class Pictures(NamedTuple):
    """Mean gradients of :data:`UNITS` units as if they were filters: weights and biases, float32."""

    weight: np.ndarray
    """(96, 3, 11, 11), the mean gradient."""
    bias: np.ndarray
    """(96,): with it, the filter's mean answer to the windows is the unit's."""


def early_layers(trained: bool = True) -> Sequential:
    """The network for photos up to block 1's depthwise layer, before its ReLU6: with its weights, or with random ones.

    >>> early_layers().output_shape((3, 224, 224))
    (96, 56, 56)
    """
    net = trained_photo_net()[0] if trained else efficientnet_lite0()
    first = {name: net[name] for name in ("pad", "stem", "relu", "block0")}
    early = Sequential(first | {"block1": _named(net["block1"], ("expand", "relu1", "pad", "depthwise"))})
    return early if trained else early.init(0)


def _named(block: Sequential, names: Sequence[str]) -> Sequential:
    return Sequential({name: block[name] for name in names})


def on_windows(early: Sequential) -> Sequential:
    """The same layers for windows (N, 3, 11, 11) of their own, of which each makes one number a unit: none meets padding.

    >>> on_windows(early_layers()).output_shape((3, 11, 11))
    (96, 1, 1)
    """
    layers = {}
    for name, layer in early.layers.items():
        for key, each in (layer.layers if isinstance(layer, Sequential) else {"": layer}).items():
            if isinstance(each, ZeroPad2d):
                continue
            if isinstance(each, Conv2d):
                bare = Conv2d(
                    each.in_channels, each.out_channels, each.kernel_size, stride=each.stride, groups=each.groups
                )
                bare.weight.value, bare.bias.value = each.value("weight"), each.value("bias")
                each = bare
            layers[name + key] = each
    return Sequential(layers)


def windows(photo: str, count: int = COUNT) -> np.ndarray:
    """Windows of a shipped photo at random places, as the network takes them: float32 (count, 3, 11, 11)."""
    x = photo_as_input(load_photo(photo))[0]
    every = sliding_window_view(x, (SIDE, SIDE), axis=(1, 2))
    rows, cols = np.random.default_rng(0).integers(0, every.shape[1], (2, count))
    return np.ascontiguousarray(every[:, rows, cols].transpose(1, 0, 2, 3))


def mean_gradients(early: Sequential, x: np.ndarray, units: Sequence[int] = range(UNITS)) -> Pictures:
    """The mean over windows (N, 3, 11, 11) of the gradient of each unit with respect to the pixels that it sees."""
    net = on_windows(early)
    out = net.forward(x)
    gradients = []
    for unit in units:
        one = np.zeros_like(out)
        one[:, unit] = 1
        gradients.append(net.backward(one).mean(axis=0))
    weight = np.stack(gradients)
    mean = out[:, list(units), 0, 0].mean(axis=0)
    return Pictures(weight, mean - np.einsum("kcij,cij->k", weight, x.mean(axis=0)))


def _compute() -> dict[str, np.ndarray]:
    x = np.concatenate([windows(photo) for photo in SEEN])
    found = {kind: mean_gradients(early_layers(trained), x)._asdict() for kind, trained in KINDS.items()}
    return {f"{kind}.{name}": each.astype(np.float16) for kind, both in found.items() for name, each in both.items()}


KINDS = {"trained": True, "untrained": False}
"""Names of the two networks → whether its weights are learned."""
MEAN_GRADIENTS = Computed(
    "convolution_mean_gradients", _compute,
    {f"{kind}.{name}": shape for kind in KINDS for name, shape in {"weight": (UNITS, 3, SIDE, SIDE), "bias": (UNITS,)}.items()},
    notes={"photos": ", ".join(SEEN), "windows of each": str(COUNT)},
)  # fmt: skip
"""Of both networks, in float16."""


@cache
def mean_pictures() -> dict[str, Pictures]:
    """The mean gradients that come with the lecture, of the trained network and of one with random weights.

    >>> mean_pictures()["trained"].weight.shape
    (96, 3, 11, 11)
    """
    found = MEAN_GRADIENTS.arrays()
    return {
        kind: Pictures(*(found[f"{kind}.{name}"].astype(np.float32) for name in Pictures._fields)) for kind in KINDS
    }


def concentration(weight: np.ndarray) -> np.ndarray:
    """The share of each picture's power near its strongest frequency, (K,): near 1 for stripes and patches, NaN where all is 0.

    Power is the squared Fourier transform on 32×32 frequencies, all colours together; near is up to 4 steps of it.

    >>> wave = np.broadcast_to(np.cos(1.5 * np.arange(11)), (1, 3, 11, 11))
    >>> concentration(wave).round(2), concentration(np.random.default_rng(0).normal(size=(1, 3, 11, 11))).round(2)
    (array([0.86]), array([0.13]))
    """
    power = np.square(np.abs(np.fft.fft2(weight, s=(32, 32)))).sum(axis=1)
    down, across = np.indices((32, 32))
    shares = []
    for each in power:
        row, col = np.unravel_index(each.argmax(), each.shape)
        near = np.zeros(each.shape, bool)
        for sign in (1, -1):  # real pictures have each frequency twice
            near |= np.hypot((down - sign * row + 16) % 32 - 16, (across - sign * col + 16) % 32 - 16) <= 4
        shares.append(each[near].sum() / each.sum() if each.any() else np.nan)
    return np.array(shares)
