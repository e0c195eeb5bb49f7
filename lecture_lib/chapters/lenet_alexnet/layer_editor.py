"""A list of layers to edit: shapes, counts, diagram and errors follow at once."""

from dataclasses import astuple, replace

import numpy as np

from ...arguments import one_of
from ...explore import Choice, Code, Explorer, Free, Look, Number, Numbers, Options, Places, Press, Toggle, pack
from ...layers import Shape
from ...models import ALEXNET_INPUT, Sequential, alexnet, lenet5
from .architecture import KINDS, Item, Plan, items_of, plan
from .sheets import LOOK, LOOK_CONTROLS, drawn, network_sheet, no_volume, words_of_rows

MOST_LAYERS = 40
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
NEW = {
    "conv": Item("conv", 16, 3, 1, 1), "max pool": Item("max pool", 0, 2, 2), "average pool": Item("average pool", 0, 2, 2),
    "linear": Item("linear", 10),
}  # fmt: skip
"""What a new layer of a kind begins with; others have no numbers."""
FIELDS = {
    "filters": ("K", "number of filters, or of a linear layer's units", 1_000_000),
    "kernel_size": ("F", "side of the window", 1000),
    "stride": ("S", "step of the window", 1000),
    "padding": ("P", "rows and columns of zeros on each side", 1000),
    "groups": ("G", "groups: 2 cut the layer into two towers", 1000),
}
"""Number of a layer → symbol, what it says, its largest value."""
_PLACES = list(range(1, MOST_LAYERS + 1))  # rows that are layers


def _refuse_layers(value: object) -> str:
    right = isinstance(value, list) and len(value) <= MOST_LAYERS and all(
        isinstance(each, list) and len(each) == 6 and isinstance(each[0], str) and each[0] in KINDS
        and all(_is_size(number, most) for number, (*_, most) in zip(each[1:], FIELDS.values(), strict=True)) for each in value
    )  # fmt: skip
    return "" if right else f"must be at most {MOST_LAYERS} layers, each [kind, K, F, S, P, G]"


def _refuse_input(value: object) -> str:
    right = isinstance(value, list) and len(value) == 3 and all(
        _is_size(number, most) for number, most in zip(value, (1_000_000, 1000, 1000), strict=True)
    )  # fmt: skip
    return "" if right else "must be [channels, height, width]"


def _is_size(value: object, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


class LayerEditor(Explorer):
    """See :func:`layer_editor`. ``plan``, ``model`` and ``code`` are those of the list as it stands."""

    def __init__(self, start: str):
        hidden = {name: [at for at, kind in enumerate(KINDS) if name in KINDS[kind]] for name in FIELDS}
        sheet, state = _shown(*STARTS[start], row=1)
        super().__init__(
            "Layer editor",
            "A list of layers to edit: the network as a row of boxes to scale; below each its layers, its share of the total as "
            "a bar, and its parameters, multiply-adds, memory and receptive field.",
            indices=_indices(start, state),
            controls=[
                Choice("start", "Start from"), *LOOK_CONTROLS, Toggle("as_python", "Python", "show the list as Python code"),
                Choice("kind", "Layer", "kind of the chosen layer", when={"kind": list(range(len(KINDS)))}),
                Number("channels", "C", "channels of the input", when={"row": [0]}),
                Number("side", "N", "side of the input in pixels", when={"row": [0]}),
                *(Number(name, symbol, tip, when={"kind": hidden[name]}) for name, (symbol, tip, _) in FIELDS.items()),
                Press("up", "Up", "move the chosen layer one place up, towards the input", when={"row": _PLACES[1:]}, why="it is the first"),
                Press("down", "Down", "move the chosen layer one place down, towards the output", when={"last": [0]}, why="it is the last"),
                Press("remove", "Remove", "take the chosen layer away", when={"row": _PLACES}, why="the input stays"),
                Choice("new", "New", "kind of a layer to add"), Press("add", "Add", "put a new layer behind the chosen one"),
                Code("code", "Python", when={"as_python": [1]}),
            ],
            arrows=("row", None), height=460, hover=False, answer=LayerEditor._answer, **_parts(sheet),
        )  # fmt: skip

    @property
    def items(self) -> list[Item]:
        """The layers of the list."""
        return [Item(*each) for each in self.state["layers"]]

    @property
    def input_shape(self) -> Shape:
        """What the network takes: (channels, height, width)."""
        return tuple(self.state["input"])

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

    def _answer(self, names: set[str]) -> None:
        items, shape, problem = self.items, self.input_shape, ""
        row = min(self.state["row"], len(items))  # 0 is the input, 1 the first layer
        if "start" in names and "layers" not in names:  # with the layers it is an undo
            (items, shape), row = STARTS[self.value("start")], 1
        elif "add" in names and len(items) >= MOST_LAYERS:
            problem = f"The list has {len(items)} layers: at most {MOST_LAYERS}. Remove one first."
        elif "add" in names:
            items.insert(row, NEW.get(self.value("new"), Item(self.value("new"))))
            row += 1
        elif "remove" in names and row:
            del items[row - 1]
            row = min(row, len(items))
        elif "remove" in names:
            problem = "The input stays: choose a layer to remove."
        elif names & {"up", "down"}:
            other = row + (1 if "down" in names else -1)
            if row and 1 <= other <= len(items):
                items[row - 1], items[other - 1] = items[other - 1], items[row - 1]
                row = other
        elif not names & {"layers", "input", "row"}:
            shape = self._edit(names, items, shape, row)
        sheet, state = _shown(items, shape, row)
        indices = {"indices": _indices(self.value("start"))} if "start" in names else {}
        self.update(
            **_parts(sheet),
            **indices,
            problem=problem or sheet["problem"],
            state=state,
        )

    def _edit(self, names: set[str], items: list[Item], shape: Shape, row: int) -> Shape:
        """Take what a hand has changed of the chosen row; gives the input."""
        if not row:
            return (self.state["channels"], *[self.state["side"]] * 2) if names & {"channels", "side"} else shape
        if "kind" in names and self.state["kind"] is not None:
            items[row - 1] = NEW.get(self.value("kind"), Item(self.value("kind")))
        else:
            changed = {name: self.state[name] for name in KINDS[items[row - 1].kind] if name in names}
            items[row - 1] = replace(items[row - 1], **changed)
        return shape


def _indices(start: str, state: dict[str, object] | None = None) -> dict[str, object]:
    """What can be chosen, as it is when the list begins with ``start``."""
    first = state or _shown(*STARTS[start], row=1)[1]
    return {
        "start": Options(list(STARTS), start, python=True), **LOOK,
        "input": Free(first["input"], check=_refuse_input), "layers": Free(first["layers"], check=_refuse_layers),
        "row": Places(Look("rows", 0), 1, python="also"), "last": Numbers(0, 1),
        "kind": Options(list(KINDS), list(KINDS)[first["kind"]], python=True, none=True),
        "channels": Numbers(0, 1_000_000, first["channels"], python=True), "side": Numbers(0, 1000, first["side"], python=True),
        **{name: Numbers(0, most, first[name], python=True) for name, (*_, most) in FIELDS.items()},
        "new": Options(list(KINDS), "conv", python=True),  # it is of use only with "Add"
        "as_python": Numbers(0, 1, python="also"),
        "code": Free(first["code"], python=False, check=lambda value: "" if isinstance(value, str) else "must be a text"),
    }  # fmt: skip


def _shown(items: list[Item], shape: Shape, row: int) -> tuple[dict[str, object], dict[str, object]]:
    """The sheet of a list as far as it holds, with its problem, and where the explorer stands at a row of it."""
    found = plan(items, shape)
    sheet = network_sheet("list", found.rows, shape)
    for name in list(found.names)[len(found.rows) :]:
        at = len(sheet["rows"])
        bad = at == len(found.rows) + 1
        sheet["rows"].append({"name": name, "state": "bad" if bad else "after"})
        sheet["volumes"].append(no_volume(at, "✗" if bad else "?"))
        sheet["words"].append("Not possible: the line above says why." if bad else "It waits for the layer before it.")
    sheet["problem"] = f"{found.problem[0].upper()}{found.problem[1:]}" if found.problem else ""
    if found.problem:
        sheet["total"] = sheet["total"].replace("total", "so far")
    if found.problem and items:
        sheet["problem"] += ". The picture shows what holds up to that layer."
    chosen = items[row - 1] if row else Item("conv", 0, 0, 0)
    return sheet, {
        "input": list(shape), "layers": [list(astuple(item)) for item in items], "row": row, "last": int(row in (0, len(items))),
        "kind": list(KINDS).index(chosen.kind) if row else None, "channels": shape[0], "side": shape[1],
        **{name: getattr(chosen, name) for name in FIELDS}, "code": found.code,
    }  # fmt: skip


def _parts(sheet: dict[str, object]) -> dict[str, object]:
    """What the explorer shows of a sheet."""
    shown = {name: value for name, value in drawn(sheet).items() if name != "problem"}
    panel = {
        "kind": "network",
        "title": "",
        "networks": [shown],
        "measure": "measure",
        "sides": "sides",
        "row": "row",
    }
    return {
        "panels": [panel], "arrays": {"rows": pack(np.array([len(sheet["rows"])], np.int32), "index")},
        "sentence": words_of_rows([sheet], [0, "row"]),
    }  # fmt: skip


def layer_editor(start: str = "LeNet-5") -> LayerEditor:
    """Explorer in which a student edits a list of layers, and sees shapes, counts, diagram and errors at once.

    Its ``model`` is the network of the list, its ``code`` the list as Python.

    Args:
        start: a name in :data:`STARTS`.

    Raises:
        ValueError: an unknown ``start``.

    >>> layer_editor().model.output_shape((1, 28, 28))
    (10,)
    """
    return LayerEditor(one_of("start", start, STARTS))
