"""Receptive field: a stack of layers that a student edits, and what one unit sees of the input."""

from collections.abc import Sequence

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked, one_of
from ..data import load_photo, resize, to_grey
from ..shapes import ShapeError, Window, receptive_fields, trace_back
from .view import OWN, Explorer, View, control_row, menu, pack, slider

MOST_LAYERS = 6
STACKS: dict[str, tuple[tuple[str, int, int, int], ...]] = {
    "three 3×3 layers": (("conv", 3, 1, 1),) * 3,
    "one 7×7 layer": (("conv", 7, 1, 3),),
    "conv, pool, conv, pool": (("conv", 3, 1, 1), ("pool", 2, 2, 0)) * 2,
    "LeNet-5, C1 to S4": (("conv", 5, 1, 0), ("pool", 2, 2, 0)) * 2,
    "five strided layers": (("conv", 3, 2, 1),) * 5,
}
"""Name → layers from the input up: kind, kernel size, stride, padding."""


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


class ReceptiveFieldExplorer(Explorer):
    """See :func:`receptive_field`."""

    def __init__(self, stack: str, n: int, photo: str):
        self.presets = menu("Stack", [*STACKS, OWN], stack)
        self.n = slider("N  input", n, 8, 64, "side of the input in pixels")
        self.count = slider("Layers", len(STACKS[stack]), 1, MOST_LAYERS, "how many layers the stack has")
        self.layer = slider("Unit in layer", len(STACKS[stack]), 1, len(STACKS[stack]), "layer of the chosen unit")
        self.rows = [self._row(level) for level in range(1, MOST_LAYERS + 1)]
        self.table = ipywidgets.GridBox(
            self.rows,
            layout={
                "grid_template_columns": "repeat(auto-fill, 374px)",
                "grid_gap": "0 8px",
                "flex": "1 1 374px",
                "align_content": "flex-start",
            },
        )
        self.photo = to_grey(load_photo(photo))
        side = min(self.photo.shape)
        self.photo = self.photo[:side, :side]
        view = View(
            panels=[
                {"kind": "pyramid", "title": "the stack from the side", "share": 3, "size": False, "pick": "layer"},
                {"kind": "grid", "array": "input", "mark": "field", "title": "the unit's field in the input", "share": 1.5, "size": False},
            ],
            readout="field", hover=False, height=330,
        )  # fmt: skip
        controls = control_row(
            ipywidgets.VBox([self.presets, self.n, self.count, self.layer], layout={"width": "310px"}),
            self.table,
        )
        alt = (
            "Receptive field: a stack of layers from the side with the cells that one unit sees, "
            "and a photo with everything outside the unit's field darkened."
        )
        super().__init__(view, [controls], alt, self._draw_still)
        self._write_stack(STACKS[stack])
        self._update()
        if view.problem:  # there is no stack yet that could stay in the picture
            raise ShapeError(view.problem)
        self.link(self.layer, "layer")
        view.row = view.col = view.layers[-1]["size"] // 2
        for control in (self.n, self.count, *(each for row in self.rows for each in row.children)):
            control.observe(self._update, "value")
        self.presets.observe(self._on_preset, "value")

    @staticmethod
    def _row(level: int) -> ipywidgets.HBox:
        def box(symbol, name, lowest, highest):
            return ipywidgets.BoundedIntText(
                lowest, min=lowest, max=highest, description=symbol, tooltip=f"{name} of layer {level}",
                layout={"width": "88px"}, style={"description_width": "16px"},
            )  # fmt: skip

        kind = menu(f"{level}", ["conv", "pool"], "conv", f"kind of layer {level}", "100px")
        kind.style.description_width = "16px"
        return ipywidgets.HBox(
            [kind, box("F", "kernel size", 1, 11), box("S", "stride", 1, 4), box("P", "padding", 0, 5)]
        )

    def stack(self) -> list[Window]:
        """The layers as the controls stand now."""
        rows = self.rows[: self.count.value]
        return [Window(*(control.value for control in row.children[1:])) for row in rows]

    def _write_stack(self, layers) -> None:
        self._writing = True
        self.count.value = len(layers)
        for row, layer in zip(self.rows, layers, strict=False):
            for control, value in zip(row.children, layer, strict=True):
                control.value = value
        self._writing = False

    def _on_preset(self, change) -> None:
        if change.new == OWN:
            return
        self._write_stack(STACKS[change.new])
        self._update()
        self.layer.value = self.layer.max

    def _update(self, change=None) -> None:
        if self._writing:
            return
        if change is not None and change.owner is not self.n:
            self.presets.value = OWN
        stack, n = self.stack(), self.n.value
        for at, row in enumerate(self.rows):  # hidden, not taken away: the browser keeps a part of what is taken away
            row.layout.display = None if at < len(stack) else "none"
        try:
            sizes, seen = trace_table(stack, n)
        except ShapeError as error:
            self.view.problem = f"{error}. The picture still shows the last stack that fits."
            return
        at_top = change is not None and change.owner is self.count
        with self.view.hold_sync():
            self.view.problem = ""
            self.view.layers = self._describe(sizes, seen)
            self.view.arrays = {
                "spans": [pack(each, "index") for each in seen],
                "input": pack(resize(self.photo, n), "image"),
            }
        self.layer.max = len(stack)
        if at_top:
            self.layer.value = len(stack)

    def _describe(self, sizes, seen) -> list[dict]:
        fields = receptive_fields(self.stack())
        below = {"size": sizes[0], "label": f"input, {sizes[0]} wide", "field": "its own pixel", "apart": "."}
        layers = [{**below, "seen": 1, "jump": 1, "start": 0}]
        for level, (size, field, row) in enumerate(zip(sizes[1:], fields, self.rows, strict=False), 1):
            f, s, _ = (control.value for control in row.children[1:])
            layers.append({
                "size": size, "seen": field.size, "jump": field.jump, "start": field.start,
                "label": f"{level} {row.children[0].value} {f}×{f}" + (f" stride {s}" if s > 1 else "") + f", {size}",
                "field": f"a field of {field.size} × {field.size} pixels",
                "apart": f"; neighbouring units are {field.jump} apart.",
            })  # fmt: skip
        layers[0]["margin"] = int(max(0, *(-each[:, 0, 0].min() for each in seen)))
        return layers

    def _draw_still(self):
        return figures.draw_receptive_field(self.stack(), self.n.value, resize(self.photo, self.n.value))


@checked
def receptive_field(stack: str = "conv, pool, conv, pool", *, n: int = 32, photo: str = "camera") -> Explorer:
    """Explorer of receptive fields: edit a stack of conv and pool layers, choose a unit, see its field in the input.

    Args:
        stack: a name in :data:`STACKS`, to start with.
        n: side of the input, 8 to 64.
        photo: what the input shows; a name from :func:`lecture_lib.data.photo_names`.

    Raises:
        ValueError: an unknown stack or photo.
    """
    one_of("stack", stack, STACKS)
    return ReceptiveFieldExplorer(stack, n, photo)
