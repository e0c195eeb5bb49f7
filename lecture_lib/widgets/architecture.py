"""Architecture: any network as volumes to scale and as a table, laid beside another one, and a list of layers to edit."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import ipywidgets

from .. import figures
from ..arguments import checked, one_of, shown
from ..chapters.lenet_alexnet.architecture import (
    KINDS,
    Count,
    Item,
    Plan,
    compare,
    count,
    items_of,
    layer_words,
    plan,
    size_formula,
    volumes,
)
from ..layers import Layer, Row, Shape
from ..models import ALEXNET_INPUT, Sequential, alexnet, lenet5
from ..shapes import ONE_PIXEL, ShapeError, times
from .view import Explorer, View, control_row, menu

MODELS: dict[str, tuple[Callable[[], Layer], Shape]] = {
    "LeNet-5, 1998": (lambda: lenet5("1998"), (1, 32, 32)),
    "LeNet-5, modern": (lenet5, (1, 28, 28)),
    "AlexNet, two towers": (lambda: alexnet("two_towers"), ALEXNET_INPUT["two_towers"]),
    "AlexNet, one tower": (lambda: alexnet("one_tower"), ALEXNET_INPUT["one_tower"]),
    "AlexNet, torchvision": (lambda: alexnet("torchvision"), ALEXNET_INPUT["torchvision"]),
}
"""Name → how to make the network, and its input."""
OWN_NETWORK = "your network"
HEADS = ["layer", "kind", "output", "parameters", "multiply-adds", "activations", "sees"]
MEASURES = ["parameters", "multiply-adds", "memory"]
"""What a share may be a share of, in the order of :class:`lecture_lib.chapters.lenet_alexnet.architecture.Count`."""
SIDES = {
    "linear": "sides to one linear scale, depth by the square root of the channels",
    "square root": "sides by their square root, depth by the square root of the channels",
}
MOST_LAYERS = 40


# What the browser draws


def network_sheet(name: str, rows: Sequence[Row], input_shape: Shape) -> dict[str, object]:
    """A network's volumes and its table as texts and shares, ready for the browser and for the still picture."""
    counts = [count(row) for row in rows]
    total = Count(*map(sum, zip(*counts, strict=True))) if counts else Count(0, 0, 0)
    found = volumes(rows, input_shape)
    sheet_rows = [_sheet_row(["input", "", times(input_shape), "", "", "", ""], Count(0, 0, 0), total, 0)]
    words = ["What the network takes: channels × height × width."]
    before = (ONE_PIXEL, ONE_PIXEL)
    for at, (row, each) in enumerate(zip(rows, counts, strict=True)):
        cells = [row.name, _kind(row), times(row.output_shape), *(f"{number:,}" for number in each[:2])]
        cells += [f"{each.activation_bytes:,} B", times([field.size for field in row.fields])]
        volume = next(number for number, one in enumerate(found) if at in one.rows)
        sheet_rows.append(_sheet_row(cells, each, total, volume))
        words.append(layer_words(row, before))
        before = row.fields
    return {
        "name": name, "heads": HEADS, "scales": list(SIDES.values()), "measures": [f"share of {measure}" for measure in MEASURES],
        "rows": sheet_rows, "words": words, "against": [], "volumes": [_volume(each, rows, counts, total) for each in found],
        "total": ["total", "", "", f"{total[0]:,}", f"{total[1]:,}", f"{total[2]:,} B", ""],
    }  # fmt: skip


def _sheet_row(cells: list[str], each: Count, total: Count, volume: int) -> dict[str, object]:
    shares = _shares(each, total)
    percents = ["" if not share else "<0.1 %" if share < 0.0005 else f"{100 * share:.1f} %" for share in shares]
    return {"cells": cells, "shares": shares, "percents": percents, "volume": volume, "state": ""}


def _shares(each: Count, total: Count) -> list[float]:
    return [part / whole if whole else 0.0 for part, whole in zip(each, total, strict=True)]


def _kind(row: Row) -> str:
    """The layer's kind with its window."""
    if not hasattr(row.layer, "windows"):
        return row.layer.kind
    vertical, horizontal = row.layer.windows()
    step = f", stride {vertical.stride}" if vertical.stride > 1 else ""
    return f"{row.layer.kind} {vertical.kernel_size}×{horizontal.kernel_size}{step}"


def _volume(volume, rows: Sequence[Row], counts: Sequence[Count], total: Count) -> dict[str, object]:
    mine = Count(*map(sum, zip(*(counts[at] for at in volume.rows), strict=True))) if volume.rows else Count(0, 0, 0)
    shares = _shares(mine, total)
    percents = ["" if not share else "<1 %" if share < 0.005 else f"{100 * share:.0f} %" for share in shares]
    layer = rows[volume.rows[0]].layer if volume.rows and volume.name != "input" else None
    return {
        "name": volume.name, "size": volume.size, "parts": min(volume.parts, 4), "joined": volume.joined,
        **dict(zip("chw", volume.shape, strict=True)), "row": volume.rows[0] + 1 if layer else 0,
        # towers stay apart where filters see their own group only, and where each map is pooled by itself
        "apart": getattr(layer, "groups", 2 if hasattr(layer, "windows") else 1) > 1, "shares": shares, "percents": percents,
    }  # fmt: skip


# Two networks beside each other


def comparison(name: str, net: Layer, shape: Shape, other_name: str, other: Layer, other_shape: Shape) -> dict:
    """What sets a network apart from another one, for each row of its table, in all, and in words."""
    rows, its_rows = list(net.rows(shape)), list(other.rows(other_shape))
    mine, its = (Count(*map(sum, zip(*map(count, each), strict=True))) for each in (rows, its_rows))
    blank = {
        "total": [_signed(number) for number in mine - its],
        "cells": [["", "", ""] for _ in range(len(rows) + 1)],
        "because": [""] * (len(rows) + 1),
    }
    if name == other_name:
        return blank | {"words": ["This is the same network."] * 3}
    in_all = [
        f"{name} has {_more(ours - theirs, measure)} {other_name}, {ours:,} against {theirs:,}"
        for measure, ours, theirs in zip(MEASURES, mine, its, strict=True)
    ]
    try:
        found = compare(net, shape, other, other_shape)
    except ShapeError:
        apart = "The two are too different to be laid side by side layer by layer."
        return blank | {"words": [f"{each}. {apart}" for each in in_all]}
    at = {row.name: number for number, row in enumerate(rows, 1)}
    for each in found:
        blank["cells"][at[each.layer]] = [_signed(number) for number in each.more]
        if each.because:
            blank["because"][at[each.layer]] = f" Compared with {each.other}: {'; '.join(each.because)}."
    blank["because"][0] = _inputs(rows[0], its_rows[0])
    blank["because"][1] += blank["because"][0]
    return blank | {"words": [f"{each}{_where(found, at)}." for at, each in enumerate(in_all)]}


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else ""


def _more(difference: int, measure: str) -> str:
    unit = "bytes of activations" if measure == "memory" else measure
    if not difference:
        return f"as many {unit} as"
    return f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} {unit} than"


def _where(found, measure: int) -> str:
    places = [f"{each.layer} {_signed(each.more[measure])}" for each in found if each.more[measure]]
    return f": {', '.join(places)}" if places else ""


def _inputs(row: Row, twin: Row) -> str:
    """Inputs of different size that give maps of one size, or not."""
    if row.input_shape == twin.input_shape or not all(hasattr(each.layer, "windows") for each in (row, twin)):
        return ""
    sizes = []
    for each in (row, twin):
        window = each.layer.windows()[0]
        sizes.append(size_formula(each.input_shape[1], window.kernel_size, window.stride, window.padding))
    same = "the same maps" if row.output_shape[1:] == twin.output_shape[1:] else "other maps"
    return f" The inputs differ, and {same} come out: {sizes[0]} here, {sizes[1]} there."


# The explorer


def _panel(part: float) -> dict[str, object]:
    return {"kind": "network", "title": "", "share": 1, "size": False, "part": part}  # fmt: skip


def _share_menu() -> ipywidgets.Dropdown:
    return _narrow(menu("Share of", MEASURES, MEASURES[0], "what the bars are shares of", "210px"), "64px")


def _sides_menu() -> ipywidgets.Dropdown:
    return _narrow(menu("Sides", list(SIDES), "linear", "scale of the volumes' sides", "170px"), "46px")


def _narrow(control: ipywidgets.Widget, width: str) -> ipywidgets.Widget:
    control.style.description_width = width
    return control


@checked
def architecture(model: str | Layer = "AlexNet, two towers", input_shape: Shape | None = None) -> Explorer:
    """Explorer of networks: volumes to scale, a table with shares as bars, each layer's arithmetic, and comparisons.

    Args:
        model: a name in :data:`MODELS`, or a network of your own; it comes first in the menu.
        input_shape: of one sample, for a network of your own.

    Raises:
        ValueError: an unknown name.
        TypeError: ``model`` is no network, or ``input_shape`` is missing or not needed.
        ShapeError: the network cannot take this input.
    """
    nets = {name: (make(), shape) for name, (make, shape) in MODELS.items()}
    if isinstance(model, str):
        one_of("model", model, MODELS)
        if input_shape is not None:
            raise TypeError(f"input_shape={shown(input_shape)}: {shown(model)} has its own")
    elif not isinstance(model, Layer):
        raise TypeError(f"model is a {type(model).__name__}: must be a name, or a network")
    elif input_shape is None:
        raise TypeError("input_shape is missing: say the shape of one sample, such as (1, 28, 28)")
    else:
        nets = {OWN_NETWORK: (model, tuple(input_shape))} | nets
    sheets = [network_sheet(name, list(net.rows(shape)), shape) for name, (net, shape) in nets.items()]
    for sheet, (name, (net, shape)) in zip(sheets, nets.items(), strict=True):
        sheet["against"] = [comparison(name, net, shape, other, *nets[other]) for other in nets]
    names = list(nets)
    which = _narrow(menu("Network", names, model if isinstance(model, str) else OWN_NETWORK, width="250px"), "62px")
    other = _narrow(menu("Compare with", ["nothing", *names], "nothing", width="290px"), "104px")
    share, sides = _share_menu(), _sides_menu()
    view = View(panels=[_panel(0.5)], networks=sheets, readout="network", height=416, hover=False, row=1)
    alt = (
        "A network as a row of boxes, one for each volume of numbers, drawn to scale; below it a table of its layers with "
        "output, parameters, multiply-adds, memory, receptive field and each layer's share of the total as a bar."
    )

    def still():
        return figures.draw_architecture(sheets[which.index], share.index, root=sides.index == 1)

    explorer = Explorer(view, [control_row(which, other, share, sides)], alt, still)
    explorer.link(which, "level", "index")
    explorer.link(other, "kernel", "index")
    explorer.link(share, "item", "index")
    explorer.link(sides, "margin", "index")
    return explorer


# The editor

STARTS: dict[str, tuple[tuple[Item, ...], Shape]] = {
    "LeNet-5": (tuple(items_of(lenet5(), (1, 28, 28))), (1, 28, 28)),
    "AlexNet, two towers": (tuple(items_of(alexnet(), ALEXNET_INPUT["two_towers"])), ALEXNET_INPUT["two_towers"]),
    "VGG-like": (
        tuple(
            item
            for filters in (32, 64, 128)
            for item in (*(Item("conv", filters, 3, 1, 1), Item("ReLU")) * 2, Item("max pool", 0, 2, 2))
        )
        + (Item("flatten"), Item("linear", 256), Item("ReLU"), Item("linear", 10)),
        (3, 64, 64),
    ),
}
"""Lists to start from: items, and the input."""
_NEW = {
    "conv": Item("conv", 16, 3, 1, 1), "max pool": Item("max pool", 0, 2, 2), "average pool": Item("average pool", 0, 2, 2),
    "linear": Item("linear", 10),
}  # fmt: skip
_FIELDS = {
    "filters": ("K", "number of filters, or of a linear layer's units", 1_000_000),
    "kernel_size": ("F", "side of the window", 1000),
    "stride": ("S", "step of the window", 1000),
    "padding": ("P", "rows and columns of zeros on each side", 1000),
    "groups": ("G", "groups: 2 cut the layer into two towers", 1000),
}
_INPUT_FIELDS = {"filters": ("C", "channels of the input"), "kernel_size": ("N", "side of the input in pixels")}


class LayerEditor(Explorer):
    """See :func:`layer_editor`."""

    def __init__(self, start: str):
        self.start = _narrow(menu("Start from", list(STARTS), start, width="250px"), "76px")
        self.reset = _button("Reset", "take the list as it was at the start")
        self.show_code = ipywidgets.ToggleButton(False, description="Python", tooltip="show the list as Python code")
        self.show_code.layout.width = "80px"
        share, sides = _share_menu(), _sides_menu()
        self.kind = _narrow(menu("Layer", list(KINDS), "conv", "kind of the chosen layer", "150px"), "40px")
        self.fields = {
            name: ipywidgets.BoundedIntText(
                0, min=0, max=most, description=symbol, tooltip=tip,
                layout={"width": "104px" if name == "filters" else "66px"}, style={"description_width": "14px"},
            )
            for name, (symbol, tip, most) in _FIELDS.items()
        }  # fmt: skip
        self.up = _button("Up", "move the chosen layer one place up, towards the input", "44px")
        self.down = _button("Down", "move the chosen layer one place down, towards the output", "58px")
        self.remove = _button("Remove", "take the chosen layer away", "78px")
        self.new = _narrow(menu("New", list(KINDS), "conv", "kind of a layer to add", "156px"), "32px")
        self.add = _button("Add", "put a new layer behind the chosen one", "50px")
        self.text = ipywidgets.Textarea(
            description="Python", disabled=False, rows=6, layout={"width": "98%", "display": "none"}
        )
        view = View(panels=[_panel(0.43)], readout="network", height=364, hover=False, row=1)
        alt = (
            "A list of layers to edit: the network as a row of boxes to scale, and a table of its layers with output, "
            "parameters, multiply-adds, memory, receptive field and share of the total."
        )
        settings = control_row(self.kind, *self.fields.values(), self.up, self.down, self.remove, self.new, self.add)
        top = control_row(self.start, self.reset, share, sides, self.show_code)
        super().__init__(view, [top, settings, self.text], alt, self._draw_still)
        self._share, self._sides = share, sides
        self.link(share, "item", "index")
        self.link(sides, "margin", "index")
        self._take_start()
        for control in (self.kind, *self.fields.values()):
            control.observe(self._edit, "value")
        view.observe(self._show_chosen, "row")
        self.start.observe(self._take_start, "value")
        self.show_code.observe(self._show_code, "value")
        self.reset.on_click(self._take_start)
        self.add.on_click(self._add)
        self.remove.on_click(self._remove)
        self.up.on_click(lambda _: self._move(-1))
        self.down.on_click(lambda _: self._move(1))

    @property
    def plan(self) -> Plan:
        """What the list comes to as it stands now."""
        return plan(self.items, self.input_shape)

    @property
    def model(self) -> Sequential:
        """The network of the list, without weights yet.

        Raises:
            ShapeError: the list is not possible; the message says why.
        """
        return self.plan.model

    @property
    def code(self) -> str:
        """The list as Python."""
        return self.plan.code

    def _take_start(self, _=None) -> None:
        items, self.input_shape = STARTS[self.start.value]
        self.items = list(items)
        self._update(row=1)

    def _chosen(self) -> int:
        """The chosen row: 0 is the input, 1 the first layer."""
        return min(max(0, self.view.row or 0), len(self.items))

    def _add(self, _) -> None:
        if len(self.items) >= MOST_LAYERS:
            self.view.problem = f"The list has {len(self.items)} layers: at most {MOST_LAYERS}. Remove one first."
            return
        at = self._chosen()
        self.items.insert(at, _NEW.get(self.new.value, Item(self.new.value)))
        self._update(row=at + 1)

    def _remove(self, _) -> None:
        at = self._chosen()
        if at == 0:
            self.view.problem = "The input stays: choose a layer to remove."
            return
        del self.items[at - 1]
        self._update(row=min(at, len(self.items)))

    def _move(self, step: int) -> None:
        at = self._chosen()
        if at == 0 or not 1 <= at + step <= len(self.items):
            return
        self.items[at - 1], self.items[at - 1 + step] = self.items[at - 1 + step], self.items[at - 1]
        self._update(row=at + step)

    def _edit(self, change) -> None:
        """A field or the kind of the chosen layer was changed by hand."""
        if self._writing:
            return
        at = self._chosen()
        numbers = {name: control.value for name, control in self.fields.items()}
        if at == 0:
            channels, *sides = self.input_shape
            sides = [numbers["kernel_size"]] * len(sides)
            self.input_shape = (numbers["filters"], *sides)
        elif change.owner is self.kind:
            self.items[at - 1] = _NEW.get(self.kind.value, Item(self.kind.value))
        else:
            has = KINDS[self.items[at - 1].kind]
            self.items[at - 1] = replace(self.items[at - 1], **{name: numbers[name] for name in has})
        self._update()

    def _update(self, row: int | None = None) -> None:
        found = self.plan
        sheet = network_sheet("list", found.rows, self.input_shape)
        for number, (name, item) in enumerate(zip(found.names, self.items, strict=True)):
            if number < len(found.rows):
                continue
            state = "bad" if number == len(found.rows) else "after"
            blank = _sheet_row(
                [name, _describe(item), "✗" if state == "bad" else "?", "", "", "", ""],
                Count(0, 0, 0),
                Count(0, 0, 0),
                -1,
            )
            sheet["rows"].append(blank | {"state": state})
            sheet["words"].append(
                "Not possible: the line above says why." if state == "bad" else "It waits for the layer before it."
            )
        if found.problem:
            sheet["total"][0] = "so far"
        problem = f"{found.problem[0].upper()}{found.problem[1:]}" if found.problem else ""
        if problem and self.items:
            problem += ". The picture shows what holds up to that layer."
        with self.view.hold_sync():
            self.view.problem, self.view.networks = problem, [sheet]
            if row is not None:
                self.view.row = row
        self.text.value = found.code
        self._show_chosen()

    def _show_chosen(self, _=None) -> None:
        """Write the chosen layer's settings into the fields."""
        at = self._chosen()
        item = self.items[at - 1] if at else None
        self._writing = True
        try:
            if item is None:
                shown = {"filters": self.input_shape[0], "kernel_size": self.input_shape[1]}
            else:
                shown, self.kind.value = item.settings(), item.kind
            for name, control in self.fields.items():
                symbol, tip = _FIELDS[name][:2] if item else _INPUT_FIELDS.get(name, _FIELDS[name][:2])
                control.description, control.tooltip = symbol, tip
                control.layout.visibility = "visible" if name in shown else "hidden"
                if name in shown:
                    control.value = shown[name]
            self.kind.layout.visibility = "visible" if item else "hidden"
        finally:
            self._writing = False
        self.up.disabled = at <= 1
        self.down.disabled = at == 0 or at == len(self.items)
        self.remove.disabled = at == 0

    def _show_code(self, change) -> None:
        self.text.layout.display = "flex" if change.new else "none"
        self.view.height = 264 if change.new else 364

    def _draw_still(self):
        return figures.draw_architecture(self.view.networks[0], self._share.index, root=self._sides.index == 1)


def _button(label: str, tip: str, width: str = "76px") -> ipywidgets.Button:
    return ipywidgets.Button(description=label, tooltip=tip, layout={"width": width})


def _describe(item: Item) -> str:
    window = f" {item.kernel_size}×{item.kernel_size}" if "kernel_size" in KINDS[item.kind] else ""
    return f"{item.kind}{window}"


@checked
def layer_editor(start: str = "LeNet-5") -> LayerEditor:
    """Explorer in which a student edits a list of layers, and sees shapes, counts, diagram and errors at once.

    Its ``model`` is the network of the list, its ``code`` the list as Python.

    Args:
        start: a name in :data:`STARTS`.

    Raises:
        ValueError: an unknown ``start``.
    """
    return LayerEditor(one_of("start", start, STARTS))
