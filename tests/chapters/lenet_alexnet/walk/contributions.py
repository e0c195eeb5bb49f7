"""What the walk's page computes for itself, in NumPy, as the truth that its tests hold it to.

One number of a network, opened: windows × weights = products, their sum, and what becomes of it; and the path of the
strongest contributions, from a class down to a pixel. It is held to the network itself in test_contributions.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from lecture_lib.chapters.lenet_alexnet.walk.units import Stage
from lecture_lib.layers import AvgPool2d, Conv2d, Linear, MaxPool2d

Unit = tuple[int, int, int]
"""Map, row and column of a unit in its stage; of a vector the map alone counts."""


class Answers(NamedTuple):
    """What every stage of a network says to one digit."""

    pixels: np.ndarray
    """(1, 28, 28), as the network gets them."""
    sums: tuple[np.ndarray, ...]
    """(K, h, w) of each stage, before its activation."""
    outs: tuple[np.ndarray, ...]
    """(K, h, w) of each stage, after it."""

    def entering(self, layer: int) -> np.ndarray:
        """What stage ``layer`` gets, (K, h, w): the pixels, or what the stage before gives."""
        return self.outs[layer - 1] if layer else self.pixels


def read_answers(found: Sequence[Stage], pixels: np.ndarray, responses: Mapping[str, np.ndarray]) -> Answers:
    """Arrange the ``responses`` of a network (``probes.responses``) to one digit by its stages.

    Args:
        pixels: the digit as the network gets it, (1, 1, 28, 28), of ``data.digits_as_input``.
    """
    sums, outs = (
        tuple(responses[name][0].reshape(stage.shape) for name, stage in zip(names, found, strict=True))
        for names in ([stage.name for stage in found], [stage.after for stage in found])
    )
    return Answers(pixels[0], sums, outs)


class Opened(NamedTuple):
    """A unit as the sum that it is."""

    inputs: np.ndarray
    """(C, h, w): what its window frames of each map that it sees; padding is 0."""
    weights: np.ndarray | None
    """(C, h, w), or None of pooling."""
    products: np.ndarray
    """(C, h, w) float64: what each input adds. Of max pooling only the winner adds, of average pooling each its share."""
    maps: range
    """Which maps of the stage before they are of."""
    rows: np.ndarray
    """(h,): which of their rows; those below 0 or past the end lie in the padding."""
    cols: np.ndarray
    """(w,): which of their columns."""
    bias: float
    sum: float
    """All products and the bias."""
    value: float
    """What the unit gives: the sum after its activation."""
    strongest: Unit
    """Map, row and column, in the stage before, of the input that adds most, of max pooling the winner."""
    most: float
    """What that one adds."""

    @property
    def by_map(self) -> np.ndarray:
        """What each of ``maps`` adds in all, (C,)."""
        return self.products.sum(axis=(1, 2))


def contributions(found: Sequence[Stage], answers: Answers, layer: int, unit: Unit) -> Opened:
    """Open the ``unit`` (map, row, column) of stage ``layer``.

    Raises:
        TypeError: the stage is neither a convolution, nor a linear layer, nor max or average pooling.
    """
    stage, maps = found[layer], answers.entering(layer)
    at, row, col = unit
    seen, rows, cols = _window(stage, maps.shape, at, row, col)
    inside = _inside(rows, maps.shape[1])[:, None] & _inside(cols, maps.shape[2])
    inputs = maps[seen.start : seen.stop, rows.clip(0, maps.shape[1] - 1)[:, None], cols.clip(0, maps.shape[2] - 1)]
    inputs = np.where(inside, inputs, 0)
    weights, bias = _weights_of(stage, maps.shape, at), 0.0
    if weights is not None:
        products, bias = inputs.astype(float) * weights, float(stage.layer.value("bias")[at])
        winner = _largest(products, inside)
    else:
        winner = _largest(inputs, inside)
        if isinstance(stage.layer, MaxPool2d):
            products = np.zeros(inputs.shape)
            products[winner] = inputs[winner]
        else:
            products = inputs / np.count_nonzero(inside)  # padding does not count
    channel, a, b = winner
    strongest = seen[channel], int(rows[a]), int(cols[b])
    return Opened(
        inputs, weights, products, seen, rows, cols, bias, float(products.sum()) + bias, float(answers.outs[layer][unit]),
        strongest, float(products[winner]),
    )  # fmt: skip


def _weights_of(stage: Stage, before: tuple[int, int, int], at: int) -> np.ndarray | None:
    """The weights of map ``at``, laid on the maps ``before`` it: (channels, rows, columns); None without weights."""
    if isinstance(stage.layer, Conv2d):
        return stage.layer.value("weight")[at]
    return stage.layer.value("weight")[at].reshape(before) if isinstance(stage.layer, Linear) else None


def _window(
    stage: Stage, shape: tuple[int, int, int], at: int, row: int, col: int
) -> tuple[range, np.ndarray, np.ndarray]:
    """Which maps, rows and columns of the stage before a unit is made of."""
    layer = stage.layer
    if isinstance(layer, Linear):
        return range(shape[0]), np.arange(shape[1]), np.arange(shape[2])
    if not isinstance(layer, Conv2d) and type(layer) not in (MaxPool2d, AvgPool2d):
        raise TypeError(
            f"layer {stage.name} is a {layer.kind}: only convolutions, linear layers, max and average pooling can be opened"
        )
    rows, cols = (
        place * window.stride - window.padding + window.dilation * np.arange(window.kernel_size)
        for place, window in zip((row, col), layer.windows(), strict=True)
    )
    if not isinstance(layer, Conv2d):
        return range(at, at + 1), rows, cols
    many = shape[0] // layer.groups
    first = at // (layer.out_channels // layer.groups) * many
    return range(first, first + many), rows, cols


def _inside(places: np.ndarray, side: int) -> np.ndarray:
    return (places >= 0) & (places < side)


def _largest(values: np.ndarray, inside: np.ndarray) -> Unit:
    """Where the largest of the values (C, h, w) stands, the first of several; none of the padding."""
    return tuple(int(i) for i in np.unravel_index(np.where(inside, values, -np.inf).argmax(), values.shape))


class Step(NamedTuple):
    """A unit on the path of the strongest contributions."""

    layer: int
    """Place of its stage; -1 is the picture."""
    unit: Unit
    """Map, row, column."""
    value: float
    """What it gives."""
    adds: float
    """What it adds to the step before; of the first one its own value."""


def strongest_path(found: Sequence[Stage], answers: Answers, layer: int = -1, unit: Unit | None = None) -> list[Step]:
    """Walk from a unit down to a pixel, at each layer to the input with the largest product.

    Of max pooling that is the winner, of average pooling the largest share.

    Args:
        layer, unit: where to begin; without a unit at the winning class.

    Raises:
        TypeError: as :func:`contributions`.
    """
    layer = range(len(found))[layer]
    unit = unit or (int(answers.outs[layer].argmax()), 0, 0)
    value = float(answers.outs[layer][unit])
    path = [Step(layer, unit, value, value)]
    for at in range(layer, -1, -1):
        opened = contributions(found, answers, at, path[-1].unit)
        value = float(answers.entering(at)[opened.strongest])
        path.append(Step(at - 1, opened.strongest, value, opened.most))
    return path
