"""Volumes: one convolution layer's input, filter and output drawn to scale, and what the layer costs."""

import numpy as np

from ...arguments import one_of
from ...explore import OWN, Choice, Explorer, Look, Numbers, Options, Places, Slider, pack
from ...shapes import ShapeError, conv_cost, conv_output_size

PRESETS: dict[str, tuple[int, int, int, int, int, int, int]] = {
    "one 5×5×3 filter (lecture)": (32, 32, 3, 1, 5, 1, 0),
    "six 5×5 filters (lecture)": (32, 32, 3, 6, 5, 1, 0),
    "ten 5×5 filters, padding 2 (lecture)": (32, 32, 3, 10, 5, 1, 2),
    "7×7 input, 3×3, stride 2 (lecture)": (7, 7, 1, 1, 3, 2, 0),
    "LeNet-5, layer C1": (32, 32, 1, 6, 5, 1, 0),
    "AlexNet, layer 1": (227, 227, 3, 96, 11, 4, 0),
}
"""Name → W, H, D, K, F, S, P."""
_SHORT = ["one 5×5×3", "six 5×5×3", "ten, padding 2", "7×7, stride 2", "LeNet-5, C1", "AlexNet, 1"]  # their chips
_FIELDS = {
    "width": ("W", 1, 256), "height": ("H", 1, 256), "depth": ("D", 1, 512), "filters": ("K", 1, 512),
    "kernel": ("F", 1, 15), "stride": ("S", 1, 8), "padding": ("P", 0, 7),
}  # fmt: skip


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


def _shown(*setting: int) -> dict[str, object]:
    """What the explorer shows of a layer: picture, sentence, and how many output values there are to choose from."""
    boxes, text = describe_layer(*setting)
    panel = {
        "kind": "boxes", "boxes": boxes, "pick": "output", "size": False,
        "title": "all to one scale; the window that makes the chosen output value is marked",
    }  # fmt: skip
    size = np.array([boxes[-1]["h"], boxes[-1]["w"]], np.int32)
    return {"panels": [panel], "sentence": text, "arrays": {"output": pack(size, "index")}}


def _answer(explorer: Explorer, names: set[str]) -> None:
    if "example" in names and explorer.value("example") != OWN:
        state = dict(zip(_FIELDS, PRESETS[explorer.value("example")], strict=True))
    else:
        state = {name: explorer.state[name] for name in _FIELDS} | {"example": len(PRESETS)}
    try:
        shown = _shown(*(state[name] for name in _FIELDS))
    except ShapeError:
        f, w, h = state["kernel"], *(state[side] + 2 * state["padding"] for side in ("width", "height"))
        problem = f"F = {f} does not fit into W + 2P = {w} or H + 2P = {h}. Make F smaller or P larger. "
        explorer.update(problem=f"{problem}The picture shows the last setting that fits.", state=state)
    else:
        explorer.update(problem="", state=state, **shown)


def volumes(preset: str = "ten 5×5 filters, padding 2 (lecture)") -> Explorer:
    """Explorer of one layer's volumes: W, H, D, K, F, S, P in; sizes, weights, biases, multiply-adds out.

    Raises:
        ValueError: ``preset`` is no name in :data:`PRESETS`.

    >>> volumes("LeNet-5, layer C1").state["filters"]
    6
    """
    setting = PRESETS[one_of("preset", preset, PRESETS)]
    return Explorer(
        "Volumes",
        "Volumes: the input, one filter and the output of a convolution layer as boxes drawn to one scale.",
        indices={
            "example": Options([*PRESETS, OWN], preset, labels=[*_SHORT, OWN], python=True),
            **{name: Numbers(lowest, highest, start, python=True)
               for (name, (_, lowest, highest)), start in zip(_FIELDS.items(), setting, strict=True)},
            "row": Places(Look("output", 0)), "col": Places(Look("output", 1)),
        },
        controls=[
            Choice("example", "Example"),
            *(Slider(name, f"{symbol} {name}", f"{lowest} to {highest}") for name, (symbol, lowest, highest) in _FIELDS.items()),
        ],
        answer=_answer, **_shown(*setting),
    )  # fmt: skip
