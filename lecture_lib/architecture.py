"""A network as a thing to look at and to change: each layer's arithmetic in words, volumes to draw, what sets two
networks apart, and lists of layers that a student edits.

Everything here is counted from the list of layers; no weights are made.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .arguments import one_of, shown
from .layers import LISTED, Fields, Layer, Row, Shape, check_network, product_words
from .models import Sequential
from .shapes import ONE_PIXEL, ShapeError, conv_output_size, dropped_columns, integer, times, window_span

# In words


def size_formula(n: int, kernel_size: int, stride: int, padding: int, dilation: int = 1) -> str:
    """The output size with its numbers: (N - F + 2P)/S + 1, with a floor where the division has a remainder.

    Raises:
        ShapeError: the window does not fit.

    >>> size_formula(227, 11, 4, 0), size_formula(224, 11, 4, 2)
    ('(227 − 11 + 2·0)/4 + 1 = 55', '⌊(224 − 11 + 2·2)/4⌋ + 1 = 55')
    """
    span = window_span(kernel_size, dilation)
    rest = dropped_columns(n, kernel_size, stride, padding, dilation)
    size = conv_output_size(n, kernel_size, stride, padding, dilation)
    share = f"({n:,} − {span:,} + 2·{padding})/{stride}"
    return f"{f'⌊{share}⌋' if rest else share} + 1 = {size:,}"


def layer_words(row: Row, before: Fields) -> str:
    """What a layer in its place is and costs, with the arithmetic written out; ``before`` is what its inputs see.

    >>> from lecture_lib.models import alexnet
    >>> first = next(alexnet().rows((3, 227, 227)))
    >>> print(layer_words(first, (ONE_PIXEL, ONE_PIXEL)))  # doctest: +NORMALIZE_WHITESPACE
    96 filters of 11×11×3. Output (227 − 11 + 2·0)/4 + 1 = 55. 11·11·3·96 + 96 = 34,944 parameters.
    55·55·34,848 = 105,415,200 multiply-adds. Memory: 96·55·55·4 bytes = 1,161,600. One unit sees 1 + (11 − 1)·1 = 11×11 pixels.
    """
    layer = row.layer
    parts = [
        layer.task(row.input_shape),
        _size(row),
        layer.parameter_words(),
        _work(row),
        _memory(row),
        _sight(row, before),
    ]
    return " ".join(f"{part}." for part in parts if part)


def _size(row: Row) -> str:
    if not hasattr(row.layer, "windows") or len(row.input_shape) != 3:
        return ""
    sides = [
        size_formula(n, window.kernel_size, window.stride, window.padding, window.dilation)
        for n, window in zip(row.input_shape[1:], row.layer.windows(), strict=True)
    ]
    if sides[0] == sides[1]:
        return f"Output {sides[0]}"
    return f"Output {sides[0]} high and {sides[1]} wide"


def _work(row: Row) -> str:
    work = row.layer.multiply_adds(row.input_shape)
    if not work:
        return ""
    if len(row.output_shape) == 3:
        places = math.prod(row.output_shape[1:])
        if work % places == 0:
            return f"{product_words(row.output_shape[1:])}·{work // places:,} = {work:,} multiply-adds"
    return f"{work:,} multiply-adds"


def _memory(row: Row) -> str:
    shape = row.output_shape
    return (
        f"Memory: {product_words((*shape, 4))} bytes = {4 * math.prod(shape):,}"
        if row.layer.makes_volume(row.input_shape)
        else ""
    )


def _sight(row: Row, before: Fields) -> str:
    size = times([each.size for each in row.fields])
    if not hasattr(row.layer, "windows"):
        if row.fields != before:
            return f"One unit sees {size} pixels"
        return ""
    old, window = before[0], row.layer.windows()[0]
    span = window_span(window.kernel_size, window.dilation)
    return f"One unit sees {old.size} + ({span} − 1)·{old.jump} = {size} pixels"


# Volumes


class Volume(NamedTuple):
    """A block of numbers in the diagram of a network."""

    name: str
    shape: tuple[int, int, int]
    """Channels, height, width; a vector has one pixel."""
    parts: int
    """Into how many towers its channels are cut."""
    joined: bool
    """Whether it is made from the volume before; a branch of its own is not."""
    rows: tuple[int, ...]
    """Rows of the network whose output it is: a layer that changes no shape works on the volume of the one before."""

    @property
    def size(self) -> str:
        """Its shape in words; a vector is one number."""
        return times(self.shape) if self.shape[1:] != (1, 1) else f"{self.shape[0]:,}"


def volumes(rows: Sequence[Row], input_shape: Shape) -> list[Volume]:
    """The blocks of numbers that go through a network, its input first.

    A layer with groups cuts what it reads and what it makes into towers, and pooling leaves them apart.

    >>> from lecture_lib.models import alexnet
    >>> found = volumes(list(alexnet().rows((3, 227, 227))), (3, 227, 227))
    >>> [(each.name, each.parts) for each in found[:5]]
    [('input', 1), ('conv1', 2), ('pool1', 2), ('conv2', 2), ('pool2', 2)]
    """
    found = [Volume("input", _as_maps(input_shape), 1, False, ())]
    shape = tuple(input_shape)
    for at, row in enumerate(rows):
        joined = row.input_shape == shape
        shape = row.output_shape
        if not row.layer.makes_volume(row.input_shape):
            found[-1] = found[-1]._replace(rows=(*found[-1].rows, at))
            continue
        groups = getattr(row.layer, "groups", None)
        if groups is None:  # pooling keeps the towers apart; a layer that is wired to everything joins them
            parts = found[-1].parts if hasattr(row.layer, "windows") and joined else 1
        else:
            parts = groups
            if groups > 1:
                _cut_back(found, groups)
        found.append(Volume(row.name, _as_maps(shape), parts, joined, (at,)))
    return found


def _cut_back(found: list[Volume], groups: int) -> None:
    """What a layer with groups reads comes in towers, and so does what was pooled to it; the input stays whole."""
    for at in range(len(found) - 1, 0, -1):
        if found[at].parts > 1:
            return
        found[at] = found[at]._replace(parts=groups)
        if not found[at].joined or found[at].shape[0] != found[at - 1].shape[0]:
            return


def _as_maps(shape: Shape) -> tuple[int, int, int]:
    channels, height, width = (*shape, 1, 1)[:3]
    return channels, height, width


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


# A list that a student edits

KINDS: dict[str, tuple[str, ...]] = {
    kind: layer.listed.numbers for kind, layer in sorted(LISTED.items(), key=lambda each: -len(each[1].listed.numbers))
}
"""Kinds of layer in a list → the numbers each has; ``filters`` are a linear layer's units."""


@dataclass(frozen=True)
class Item:
    """A layer of a list; how many channels or numbers it gets, the layer before it says."""

    kind: str
    filters: int = 16
    kernel_size: int = 3
    stride: int = 1
    padding: int = 0
    groups: int = 1

    def settings(self) -> dict[str, int]:
        """The numbers that its kind has, by name."""
        return {name: getattr(self, name) for name in KINDS[self.kind]}


@dataclass(frozen=True)
class Plan:
    """What a list of items comes to: a network, or how far it goes and why no further."""

    names: tuple[str, ...]
    """A name for each item."""
    layers: dict[str, Layer] = field(repr=False)
    """Those that hold."""
    rows: tuple[Row, ...]
    problem: str
    """Which item breaks which rule; empty where all hold."""
    input_shape: Shape

    @property
    def model(self) -> Sequential:
        """The network.

        Raises:
            ShapeError: the list is not possible, or empty.
        """
        if self.problem:
            raise ShapeError(self.problem)
        return Sequential(self.layers)

    @property
    def code(self) -> str:
        """The layers that hold, as Python."""
        lines = [f"    {name!r}: layers.{layer.code},".replace("'", '"') for name, layer in self.layers.items()]
        note = [f"    # {self.problem}"] if self.problem else []
        start = f"shape = {self.input_shape}\nnet = models.Sequential({{"
        return "\n".join(["from lecture_lib import layers, models", "", start, *lines, *note, "})"])


def plan(items: Sequence[Item], input_shape: Shape) -> Plan:
    """Make layers of ``items``, one after another, as far as they hold.

    Raises:
        TypeError: ``items`` is no list of items, or a size is no integer.
        ShapeError: ``input_shape`` holds no sizes, or a negative one.
        ValueError: an item is of no known kind.

    >>> found = plan([Item("conv", 6, 5, padding=2), Item("max pool", 0, 2, 2), Item("linear", 10)], (1, 28, 28))
    >>> found.names, [row.output_shape for row in found.rows]
    (('conv1', 'pool1', 'fc2'), [(6, 28, 28), (6, 14, 14)])
    >>> found.problem.startswith("layer 3, fc2: ") and "put a Flatten before it" in found.problem
    True
    """
    if not isinstance(items, Sequence) or not all(isinstance(item, Item) for item in items):
        raise TypeError(f"items={shown(items)}: must be a list of architecture.Item")
    if not isinstance(input_shape, Sequence) or len(input_shape) == 0:
        raise ShapeError(f"input_shape={shown(input_shape)}: must be the sizes of a sample, such as (1, 28, 28)")
    for size in input_shape:
        integer("input_shape", size, 0)
    names = _names(items)
    layers: dict[str, Layer] = {}
    rows: list[Row] = []
    shape, fields = tuple(input_shape), (ONE_PIXEL, ONE_PIXEL)
    problem = "" if items else "the list is empty: add a layer"
    if min(shape) < 1:
        problem = f"the input is {times(shape)}: channels and sides must be at least 1"
    for number, (name, item) in enumerate(zip(names, () if problem else items, strict=False), 1):
        try:
            layer = LISTED[item.kind].from_list(shape, **item.settings())
            (row,) = layer.rows(shape, fields, name)
        except ValueError as error:
            problem = f"layer {number}, {name}{_symbol(error)}: {error}{_hint(item, shape)}"
            break
        layers[name], shape, fields = layer, row.output_shape, row.fields
        rows.append(row)
    return Plan(names, layers, tuple(rows), problem, tuple(input_shape))


def _names(items: Sequence[Item]) -> tuple[str, ...]:
    """conv1, relu1, pool1, conv2, …: numbered by the layers with weights, as in AlexNet's table."""
    names: list[str] = []
    weighted = 0
    for item in items:
        listed = LISTED[one_of("kind", item.kind, KINDS)].listed
        weighted += "filters" in listed.numbers
        name = f"{listed.short}{weighted}" if listed.numbered else listed.short
        while name in names:
            name += "b"
        names.append(name)
    return tuple(names)


def _symbol(error: ValueError) -> str:
    """The lecture's letter for the number that an error names first."""
    letters = {"kernel_size": "F", "stride": "S", "padding": "P", "out_channels": "K", "out_features": "K", "groups": "G",
               "n": "N", "in_channels": "C", "in_features": "N"}  # fmt: skip
    name, equals, _ = str(error).partition("=")
    return f", {letters[name]}" if equals and name in letters else ""


def _hint(item: Item, shape: Shape) -> str:
    """What to do where the layer's own words do not say it."""
    if len(shape) == 1 and LISTED[item.kind].takes_maps:
        return "; behind flatten there are no maps: move this layer up, before the flatten, or remove the flatten"
    return ""


def items_of(net: Layer, input_shape: Shape) -> list[Item]:
    """A network as a list of items.

    Raises:
        TypeError: it is no network, or has a layer that lists do not know, or settings that differ along the two axes.

    >>> from lecture_lib.models import lenet5
    >>> items_of(lenet5(), (1, 28, 28))[0]
    Item(kind='conv', filters=6, kernel_size=5, stride=1, padding=2, groups=1)
    """
    check_network("net", net)
    return [_item(row) for row in net.rows(tuple(input_shape))]


def _item(row: Row) -> Item:
    layer = row.layer
    if layer.listed:
        try:
            numbers = layer.numbers()
        except ValueError:
            raise TypeError(f"layer {row.name} is {layer!r}: a list holds square windows only") from None
        if layer.from_list(row.input_shape, **numbers).settings() == layer.settings():  # it has nothing that is lost
            return replace(Item(layer.listed.kind), **numbers)
    raise TypeError(f"layer {row.name} is {layer!r}: a list holds {', '.join(KINDS)} only")
