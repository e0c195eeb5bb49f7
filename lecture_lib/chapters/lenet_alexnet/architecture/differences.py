"""What sets two networks apart."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ....layers import Layer, Row, Shape, check_network
from ....shapes import ShapeError, times

# What sets two networks apart


class Count(NamedTuple):
    """What a layer, or several, hold and do for one sample."""

    parameters: int
    multiply_adds: int
    activation_bytes: int

    def __sub__(self, other: "Count") -> "Count":
        return Count(*(mine - its for mine, its in zip(self, other, strict=True)))


def count(row: Row) -> Count:
    """Parameters, multiply-adds and bytes of the output (float32) of a layer in its place."""
    return Count(
        sum(array.size for array in row.layer.parameters().values()),
        row.layer.multiply_adds(row.input_shape),
        4 * math.prod(row.output_shape),
    )


class Difference(NamedTuple):
    """A layer of one network beside the layer that stands in its place in another."""

    layer: str
    other: str
    more: Count
    """How many more the first network has; negative where it has fewer."""
    because: tuple[str, ...]
    """What differs, in words: the first network's setting, then the other's."""


def compare(net: Layer, input_shape: Shape, other: Layer, other_shape: Shape) -> list[Difference]:
    """Where the totals of two networks of one plan differ, layer by layer; layers with equal counts are left out.

    Layers that look through windows or mix everything are laid side by side in their order. Others (activations,
    normalisation, dropout, flatten) count for the layer before them.

    Raises:
        TypeError: ``net`` or ``other`` is no network.
        ShapeError: the networks have different numbers of such layers.

    >>> from lecture_lib.models import ALEXNET_INPUT, alexnet
    >>> nets = [(alexnet(name), ALEXNET_INPUT[name]) for name in ("one_tower", "two_towers")]
    >>> [(each.layer, each.more.parameters) for each in compare(*nets[0], *nets[1])]
    [('conv2', 307200), ('conv4', 663552), ('conv5', 442368)]
    """
    check_network("net", net)
    check_network("other", other)
    mine, its = (_stations(list(each.rows(shape))) for each, shape in ((net, input_shape), (other, other_shape)))
    if len(mine) != len(its):
        raise ShapeError(
            f"net has {len(mine)} layers of convolution, pooling and full connection, other has {len(its)}: "
            "they must have as many, to be laid side by side"
        )
    found = []
    for (row, counted), (twin, its_count) in zip(mine, its, strict=True):
        more = counted - its_count
        if any(more):
            found.append(Difference(row.name, twin.name, more, tuple(_reasons(row, twin))))
    return found


def _stations(rows: Sequence[Row]) -> list[tuple[Row, Count]]:
    """Layers with a volume of their own, each counted together with those that work on its volume."""
    found: list[tuple[Row, Count]] = []
    for row in rows:
        if row.layer.makes_volume(row.input_shape) or not found:
            found.append((row, count(row)))
        else:
            last, so_far = found[-1]
            found[-1] = last, Count(*(a + b for a, b in zip(so_far, count(row), strict=True)))
    return found


def _reasons(row: Row, twin: Row) -> Iterator[str]:
    mine, its = _traits(row), _traits(twin)
    if mine.keys() != its.keys():
        yield f"{row.layer.kind}, not {twin.layer.kind}"
    for name in [name for name in mine if name in its]:
        if mine[name] != its[name]:
            yield f"{name}: {mine[name]}, not {its[name]}"


def _traits(row: Row) -> dict[str, str]:
    """What a count depends on, in words."""
    found = row.layer.traits()
    if len(row.output_shape) == 3:
        found["map of"] = times(row.output_shape[1:])
    return found
