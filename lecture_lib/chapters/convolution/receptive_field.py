"""Receptive field: a stack of layers that a student edits, and what one unit sees of the input."""

from collections.abc import Sequence

import numpy as np

from ...arguments import one_of
from ...data import load_photo, resize, to_grey
from ...explore import OWN, Axis, Choice, Explorer, Free, Look, Numbers, Options, Places, Rows, Say, Slider, pack
from ...shapes import ShapeError, Window, integer, receptive_fields, trace_back

MOST_LAYERS = 6
_KINDS = ("conv", "pool")
STACKS: dict[str, tuple[tuple[str, int, int, int], ...]] = {
    "three 3×3 layers": (("conv", 3, 1, 1),) * 3,
    "one 7×7 layer": (("conv", 7, 1, 3),),
    "conv, pool, conv, pool": (("conv", 3, 1, 1), ("pool", 2, 2, 0)) * 2,
    "LeNet-5, C1 to S4": (("conv", 5, 1, 0), ("pool", 2, 2, 0)) * 2,
    "five strided layers": (("conv", 3, 2, 1),) * 5,
}
"""Name → layers from the input up: kind, kernel size, stride, padding."""
_SHORT = ["three 3×3", "one 7×7", "conv and pool", "LeNet-5", "five strided"]  # their chips stand in one row
_TABLE = Rows(
    "layers", "Layer", columns={"kind": Options(_KINDS), "F": Numbers(1, 11), "S": Numbers(1, 4), "P": Numbers(0, 5)}
)
_NEW = [0, 3, 1, 1]


def trace_table(stack: Sequence[Window], n: int) -> tuple[list[int], list[np.ndarray]]:
    """Sides of all maps from the input up, and for each of them what its units see below.

    The second list holds int32 arrays (units, layers below + 1, 2): first and last index.

    Raises:
        ShapeError: a window does not fit; the message names the layer.

    >>> sizes, seen = trace_table([Window(3), Window(2, stride=2)], 8)
    >>> sizes, seen[2][1].tolist()
    ([8, 6, 3], [[2, 5], [2, 3], [1, 1]])
    """
    sizes = [n]
    for level, window in enumerate(stack, 1):
        try:
            sizes.append(window.output_size(sizes[-1]))
        except ShapeError as error:
            raise ShapeError(f"layer {level}: {error}") from None
    seen = [
        np.array([trace_back(stack[:level], unit) for unit in range(size)], np.int32)
        for level, size in enumerate(sizes)
    ]
    return sizes, seen


def _rows(stack: str) -> list[list[int]]:
    """A stack as the table of layers holds it."""
    return [[_KINDS.index(kind), *sizes] for kind, *sizes in STACKS[stack]]


def _describe(rows: Sequence[Sequence[int]], sizes: Sequence[int], seen: Sequence[np.ndarray]) -> list[dict]:
    """The layers as the picture draws them, from the input up."""
    margin = int(max(0, *(-each[:, 0, 0].min() for each in seen)))
    layers = [
        {"size": sizes[0], "label": f"input, {sizes[0]} wide", "seen": 1, "jump": 1, "start": 0, "margin": margin}
    ]
    fields = receptive_fields([Window(*row[1:]) for row in rows])
    for level, ((kind, f, s, _), size, field) in enumerate(zip(rows, sizes[1:], fields, strict=True), 1):
        label = f"{level} {_KINDS[kind]} {f}×{f}" + (f" stride {s}" if s > 1 else "") + f", {size} wide"
        layers.append({"size": size, "label": label, "seen": field.size, "jump": field.jump, "start": field.start})
    return layers


def _shown(rows: Sequence[Sequence[int]], n: int, photo: np.ndarray) -> dict[str, object]:
    """What the explorer shows of a stack on an input of side n: arrays, panels, sentence.

    Raises:
        ShapeError: as :func:`trace_table`.
    """
    sizes, seen = trace_table([Window(*row[1:]) for row in rows], n)
    layers = _describe(rows, sizes, seen)
    field = np.zeros((len(rows), max(sizes[1:]), 2), np.int32)  # first and last pixel that a unit sees
    for level, each in enumerate(seen[1:]):
        field[level, : len(each)] = each[:, 0]
    outside = (field < 0).any(axis=2) | (field >= n).any(axis=2)
    top, bottom, left, right = (Look("field", "layer", axis, end) for axis in ("row", "col") for end in (0, 1))
    padding = " Indices outside the input lie in the padding (yellow cells)."
    return {
        "arrays": {
            "spans": [pack(each, "index") for each in seen[1:]], "input": pack(resize(photo, n), "image"),
            "field": pack(field, "index"), "outside": pack(outside.astype(np.int32), "index"),
        },
        "panels": [
            {"kind": "pyramid", "spans": "spans", "layers": layers, "layer": "layer", "title": "the stack from the side",
             "share": 3, "size": False},
            {"kind": "grid", "array": "input", "field": [top, bottom, left, right], "title": "the unit's field in the input",
             "share": 1.5, "size": False, "numbers": False},
        ],
        "sentence": [
            Say([f"{each['label']}: unit [{{row}}, {{col}}] " for each in layers[1:]], at=["layer"], tag="b"),
            Say("sees input rows {top} to {bottom} and columns {left} to {right}, ",
                numbers={"top": top, "bottom": bottom, "left": left, "right": right}),
            Say([f"a field of {each['seen']} × {each['seen']} pixels" for each in layers[1:]], at=["layer"], tag="strong"),
            Say([f"; neighbouring units are {each['jump']} pixel{'s' * (each['jump'] > 1)} apart." for each in layers[1:]], at=["layer"]),
            Say([["", padding], [padding, padding]], at=[Look("outside", "layer", axis) for axis in ("row", "col")]),
        ],
    }  # fmt: skip


def receptive_field(stack: str = "conv, pool, conv, pool", *, n: int = 32, photo: str = "camera") -> Explorer:
    """Explorer of receptive fields: edit a stack of conv and pool layers, choose a unit, see its field in the input.

    Args:
        stack: a name in :data:`STACKS`, to start with.
        n: side of the input, 8 to 64.
        photo: what the input shows; a name from :func:`lecture_lib.data.photo_names`.

    Raises:
        ValueError: an unknown stack or photo.
        ShapeError: a window of the stack does not fit, or n is out of range.

    >>> receptive_field("three 3×3 layers").state["layer"]
    2
    """
    rows = _rows(one_of("stack", stack, STACKS))
    if not 8 <= integer("n", n, 8) <= 64:
        raise ShapeError(f"n={n}: must be from 8 to 64")
    grey = to_grey(load_photo(photo))
    grey = grey[: min(grey.shape), : min(grey.shape)]

    def answer(explorer: Explorer, names: set[str]) -> None:
        state, rows = {}, explorer.state["layers"]
        if "stack" in names and explorer.value("stack") != OWN:
            rows = _rows(explorer.value("stack"))
        elif names & {"layers", "count"}:
            state["stack"] = len(STACKS)
            if "layers" not in names:
                rows = (rows + [_NEW] * MOST_LAYERS)[: explorer.state["count"]]
        state |= {"layers": rows, "count": len(rows)}
        try:
            shown = _shown(rows, explorer.state["n"], grey)
        except ShapeError as error:
            explorer.update(problem=f"{error}. The picture still shows the last stack that fits.", state=state)
            return
        if "layers" not in names and names & {"stack", "count"}:
            state["layer"] = len(rows) - 1  # a stack that has grown shows its new layer
        explorer.update(problem="", state=state, **shown)

    shown = _shown(rows, n, grey)
    middle = shown["panels"][0]["layers"][-1]["size"] // 2
    return Explorer(
        "Receptive field",
        "Receptive field: a stack of layers from the side with the cells that one unit sees, "
        "and a photo with everything outside the unit's field darkened.",
        indices={
            "stack": Options([*STACKS, OWN], stack, labels=[*_SHORT, OWN], python=True), "n": Numbers(8, 64, n, python=True),
            "count": Numbers(1, MOST_LAYERS, len(rows), python=True),
            "layer": Places(Axis("field", 0), len(rows) - 1, low=1),
            "layers": Free(rows, check=lambda value: _TABLE.refuse(value, MOST_LAYERS)),
            "row": Places(Axis("spans", 0, among="layer"), middle), "col": Places(Axis("spans", 0, among="layer"), middle),
        },
        controls=[
            Choice("stack", "Stack"), Slider("n", "N  input", "side of the input in pixels"),
            Slider("count", "Layers", "how many layers the stack has"),
            Slider("layer", "Unit in layer", "layer of the chosen unit"), _TABLE,
        ],
        hover=False, answer=answer, **shown,
    )  # fmt: skip
