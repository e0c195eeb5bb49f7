"""What a first layer costs: dense against convolution, for images of every size."""

import numpy as np

from .. import figures
from ..arguments import shown
from ..chapters.motivation import wiring
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, pack, slider, stops

SIDES = tuple(range(16, 401, 8))
DETECTORS = (1, 2, 5, 10, 20, 50, 64, 100, 200, 500, 1000, 2000)
MOST_CHANNELS, MOST_KERNEL = 4, 15
WIDTH = "256px"  # of a control: four stand side by side on a slide
CURVES = {
    "dense": "dense: K units",
    "shared": "convolution: K filters",
    "local": "as much output, local",
    "dense_maps": "as much output, dense",
}
"""Field of ``wiring.FirstLayer`` → what its curve is called."""


def describe_first_layer(side: int, channels: int, detectors: int, kernel_size: int) -> str:
    """Weights, biases, memory and work of both layers in words.

    >>> describe_first_layer(200, 3, 1000, 5).split(". ")[0]
    'Dense: 200·200·3·1,000 = 120,000,000 weights and 1,000 biases'
    """
    cost = wiring.first_layer(side, channels, detectors, kernel_size)
    m, biases = side - kernel_size + 1, _count(detectors, "bias", "es")
    work = (
        "just as much" if cost.multiply_adds == cost.dense else f"{cost.multiply_adds / cost.dense:,.1f} times as much"
    )
    return (
        f"Dense: {side}·{side}·{channels}·{detectors:,} = {_count(cost.dense, 'weight')} and {biases}. "
        f"Convolution: {kernel_size}·{kernel_size}·{channels}·{detectors:,} = {_count(cost.shared, 'weight')} and {biases}, "
        f"{cost.dense / cost.shared:,.0f} times fewer. It makes {m}·{m}·{detectors:,} = {_count(cost.values, 'number')}, so its work is {work}."
    )


def _count(number: int, what: str, ending: str = "s") -> str:
    return f"{number:,} {what}" + (ending if number != 1 else "")


def first_layer(side: int = 200, channels: int = 3, detectors: int = 1000, kernel_size: int = 5) -> Explorer:
    """Explorer of a first layer's weights: image side, channels, units or filters K, kernel F.

    Args:
        side: one of :data:`SIDES`. channels: 1 to 4. detectors: one of :data:`DETECTORS`. kernel_size: 1 to 15.

    Raises:
        ShapeError: a setting is none of those.
    """
    for name, value, stops_of in (("side", side, SIDES), ("detectors", detectors, DETECTORS)):
        if integer(name, value, 1) not in stops_of:
            raise ShapeError(f"{name}={shown(value)}: must be one of {', '.join(map(str, stops_of))}")
    sides = stops("Image side", SIDES, side, "side of the image in pixels", WIDTH)
    depth = slider("Channels", channels, 1, MOST_CHANNELS, "1 grey, 3 red, green and blue", WIDTH)
    count = stops("K", DETECTORS, detectors, "units of the dense layer, filters of the convolution", WIDTH)
    window = slider("F  kernel", kernel_size, 1, MOST_KERNEL, "side of a filter in pixels", WIDTH)
    panel = {
        "kind": "plot", "title": "weights of the first layer", "share": 1, "size": False, "cursor": True, "log": "y",
        "traces": [
            {"label": label, "colour": at, "dash": at, "x": "sides", "y": name}
            for at, (name, label) in enumerate(CURVES.items())
        ],
        "xlabel": "side of the image, pixels", "ylabel": "weights", "x": [SIDES[0], SIDES[-1]], "y": [1, 1e15],
    }  # fmt: skip
    view = View(panels=[panel], readout="steps", height=350, hover=False, stepped=True, col=sides.index)
    alt = (
        "Weights of a first layer against the side of the image, on a logarithmic scale. Both dense layers and the local one "
        "rise with the image, the convolution stays level, far below them."
    )

    def settings():
        return depth.value, count.value, window.value

    def table():
        costs = [wiring.first_layer(each, *settings()) for each in SIDES]
        return {name: np.array([getattr(cost, name) for cost in costs], float) for name in CURVES}

    explorer = Explorer(
        view, [control_row(sides, depth, count, window)], alt,
        lambda: figures.draw_plots([panel], {"sides": np.array(SIDES)} | table()),
    )  # fmt: skip

    def update(_=None):
        arrays = {"sides": np.array(SIDES, np.int32)} | table()
        with view.hold_sync():
            view.arrays = {name: pack(each, "curve") for name, each in arrays.items()}
            view.texts = [describe_first_layer(each, *settings()) for each in SIDES]

    update()
    for control in (depth, count, window):
        control.observe(update, "value")
    explorer.link(sides, "step", "index")  # the browser keeps the cursor's column at the step
    return explorer
