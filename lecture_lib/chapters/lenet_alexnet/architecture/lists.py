"""Lists of layers that a student edits."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ....arguments import one_of, shown
from ....layers import LISTED, Layer, Row, Shape, check_network
from ....models import Sequential
from ....shapes import ONE_PIXEL, ShapeError, integer, times

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
