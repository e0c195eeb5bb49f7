"""Volumes: one convolution layer's input, filter and output drawn to scale, and what the layer costs."""

from .. import figures
from ..arguments import checked, one_of
from ..shapes import ShapeError, conv_cost, conv_output_size
from .view import OWN, Explorer, View, control_row, menu, muted, slider

PRESETS: dict[str, tuple[int, int, int, int, int, int, int]] = {
    "one 5×5×3 filter (lecture)": (32, 32, 3, 1, 5, 1, 0),
    "six 5×5 filters (lecture)": (32, 32, 3, 6, 5, 1, 0),
    "ten 5×5 filters, padding 2 (lecture)": (32, 32, 3, 10, 5, 1, 2),
    "7×7 input, 3×3, stride 2 (lecture)": (7, 7, 1, 1, 3, 2, 0),
    "LeNet-5, layer C1": (32, 32, 1, 6, 5, 1, 0),
    "AlexNet, layer 1": (227, 227, 3, 96, 11, 4, 0),
}
"""Name → W, H, D, K, F, S, P."""
_FIELDS = (
    ("W", "width", 1, 256), ("H", "height", 1, 256), ("D", "depth", 1, 512), ("K", "filters", 1, 512),
    ("F", "kernel", 1, 15), ("S", "stride", 1, 8), ("P", "padding", 0, 7),
)  # fmt: skip


def describe_layer(w: int, h: int, d: int, k: int, f: int, s: int, p: int) -> tuple[list[dict], str]:
    """The boxes to draw, and one line of counts, for a layer of ``k`` filters on a w × h × d volume.

    Raises:
        ShapeError: the window does not fit, or a count is out of range.

    >>> describe_layer(32, 32, 3, 10, 5, 1, 2)[1].split(". ")[1]
    'Each filter has 5·5·3 = 75 weights and 1 bias'
    """
    out_w, out_h = conv_output_size(w, f, s, p), conv_output_size(h, f, s, p)
    cost = conv_cost(d, k, f, (out_h, out_w))
    text = (
        f"Output {out_w}×{out_h}×{k}. Each filter has {f}·{f}·{d} = {f * f * d} weights and 1 bias. "
        f"Weights {cost.weights:,} + biases {cost.biases:,} = {cost.parameters:,} parameters. "
        f"Multiply-adds: {out_w}·{out_h}·{cost.weights:,} = {cost.multiply_adds:,}."
    )
    boxes = [
        {"w": w, "h": h, "d": d, "role": "map", "label": "input", "size": f"{w}×{h}×{d}",
         "window": {"stride": s, "padding": p, "size": f}},
        {"w": f, "h": f, "d": d, "role": "weight", "label": "filter" if k == 1 else f"{k} filters", "size": f"{f}×{f}×{d}"},
        {"w": out_w, "h": out_h, "d": k, "role": "map", "label": "output", "size": f"{out_w}×{out_h}×{k}"},
    ]  # fmt: skip
    return boxes, text


@checked
def volumes(preset: str = "ten 5×5 filters, padding 2 (lecture)") -> Explorer:
    """Explorer of one layer's volumes: W, H, D, K, F, S, P in; sizes, weights, biases, multiply-adds out.

    Raises:
        ValueError: ``preset`` is no name in :data:`PRESETS`.
    """
    one_of("preset", preset, PRESETS)
    fields = [
        slider(f"{symbol} {name}", start, lowest, highest, f"{lowest} to {highest}", width="300px")
        for (symbol, name, lowest, highest), start in zip(_FIELDS, PRESETS[preset], strict=True)
    ]
    presets = menu("Example", [*PRESETS, OWN], preset, width="400px")
    view = View(
        panels=[{"kind": "boxes", "title": "all to one scale; the window that makes the chosen output value is marked",
                 "share": 1, "pick": "output", "size": False}],
        readout="text", height=310,
    )  # fmt: skip
    alt = "Volumes: the input, one filter and the output of a convolution layer as boxes drawn to one scale."
    explorer = Explorer(
        view, [control_row(presets), control_row(*fields)], alt,
        lambda: figures.draw_volumes(describe_layer(*(field.value for field in fields))[0]),
    )  # fmt: skip

    def update(change=None):
        if change is not None:
            presets.value = OWN
        try:
            boxes, text = describe_layer(*(field.value for field in fields))
        except ShapeError:
            w, h, f, p = (fields[at].value for at in (0, 1, 4, 6))
            view.problem = (
                f"F = {f} does not fit into W + 2P = {w + 2 * p} or H + 2P = {h + 2 * p}. "
                "Make F smaller or P larger. The picture shows the last setting that fits."
            )
        else:
            with view.hold_sync():
                view.problem, view.boxes, view.text = "", boxes, text

    def choose(change):
        if change.new == OWN:
            return
        with muted(update, fields):
            for field, number in zip(fields, PRESETS[change.new], strict=True):
                field.value = number
        update()

    update()
    for field in fields:
        field.observe(update, "value")
    presets.observe(choose, "value")
    return explorer
