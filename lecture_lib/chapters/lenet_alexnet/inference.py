"""A forward pass, layer by layer: what comes out, and how long it takes."""

import time
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...arguments import as_float
from ...layers import Conv2d, Layer, Linear
from ...models import Sequential, check_sequential
from ...ops.arrays import one_thread

SHORTEST = 1e-6
"""Seconds that a layer takes at least: a browser's clock counts in steps of 100 µs, and may not have moved."""

KINDS = ("depthwise convolutions", "1×1 convolutions", "other convolutions", "fully connected", "all others")


class LayerRun(NamedTuple):
    """What one layer did."""

    name: str
    kind: str
    """One of :data:`KINDS`."""
    output: np.ndarray
    seconds: float
    multiply_adds: int


def kind_of(layer: Layer) -> str:
    """What a layer counts as, where layers of a kind are taken together.

    >>> kind_of(Conv2d(8, 8, 3, groups=8)), kind_of(Conv2d(8, 4, 1)), kind_of(Conv2d(3, 8, 3))
    ('depthwise convolutions', '1×1 convolutions', 'other convolutions')
    """
    if isinstance(layer, Conv2d):
        if 1 < layer.groups == layer.in_channels:
            return KINDS[0]
        return KINDS[1] if layer.kernel_size == (1, 1) else KINDS[2]
    return KINDS[3] if isinstance(layer, Linear) else KINDS[4]


def timed_pass(net: Sequential, x: np.ndarray) -> Iterator[LayerRun]:
    """Send a batch through a network, and say of each layer what came out and how long it took, on one core.

    Layers within a block come before the block; what is left to the block itself is the sum at its end.

    Args:
        x: (N, ...).

    Raises:
        TypeError: ``net`` is no :class:`Sequential`, or ``x`` does not hold real numbers.
        ShapeError: the network cannot take samples of this shape.
        StateError: the network has no weights.

    >>> from lecture_lib.models import lenet5
    >>> run, *_ = timed_pass(lenet5().init(0), np.zeros((1, 1, 28, 28)))
    >>> run.name, run.output.shape, run.multiply_adds
    ('C1', (1, 6, 28, 28), 117600)
    """
    check_sequential("net", net)
    x = as_float("x", x)
    work = {row.name: len(x) * row.layer.multiply_adds(row.input_shape) for row in net.rows(x.shape[1:])}
    answers = net.outputs(x)
    while True:
        start = time.perf_counter()
        with one_thread():
            found = next(answers, None)
        seconds = max(time.perf_counter() - start, SHORTEST)
        if found is None:
            break
        name, layer, output = found
        layer.forget()
        yield LayerRun(name, kind_of(layer), output, seconds, work.get(name, 0))
