"""Filters that a network has learned, on the digits it learned them from."""

import numpy as np

from .. import figures
from ..arguments import checked
from ..data import load_digits, load_first_layer
from ..filters import correlate
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, pack, slider, stops

RANDOM = 4  # random filters to compare with


@checked
def learned_filters(digit: int = 7, *, digits: int = 30) -> Explorer:
    """Explorer of a trained layer: choose a test digit and a filter, see the map and every sum in it.

    The last filters are random ones of the same size and spread.

    Args:
        digit: index of the first digit shown. digits: how many to choose from.

    Raises:
        ValueError: ``digit`` is not below ``digits``.
    """
    images, _ = load_digits("test")
    if not 1 <= integer("digits", digits, 1) <= len(images):
        raise ShapeError(f"digits={digits}: must be from 1 to {len(images)}")
    if not 0 <= integer("digit", digit, 0) < digits:
        raise ShapeError(f"digit={digit}: must be from 0 to digits - 1 = {digits - 1}")
    learned = load_first_layer().conv_weight[:, 0].astype(float)
    random = np.random.default_rng(0).normal(scale=learned.std(), size=(RANDOM, *learned.shape[1:]))
    weights = np.concatenate([learned, random]).round(2)  # what is shown is what is used
    names = [f"learned {at}" for at in range(len(learned))] + [f"random {at}" for at in range(RANDOM)]
    which = slider("Digit", digit, 0, digits - 1, "which test digit")
    kernel = stops("Filter", names, names[0], "which filter", "340px")
    view = View(
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "title": "digit", "share": 3, "sign": "→"},
            {"kind": "grid", "array": "weights", "index": "kernel", "title": "filter", "share": 2.6, "sign": "→"},
            {"kind": "grid", "array": "maps", "index": "kernel", "slice": "map", "mark": "cell", "pick": "output", "title": "map", "share": 3},
        ],
        readout="equation", height=330, row=10, col=10,
    )  # fmt: skip
    alt = "Learned filters: a handwritten digit, one filter of a trained network, and the map that the filter makes of the digit."

    def still():
        image = images[which.value]
        maps = np.array([correlate(image, filter_) for filter_ in weights[: len(learned)]])
        return figures.draw_filters_and_maps(weights[: len(learned)], image, maps)

    def update(_=None):
        image = images[which.value]
        view.arrays = {
            "padded": pack(image, "image"),
            "weights": [pack(filter_, "weight") for filter_ in weights],
            "maps": [pack(correlate(image, filter_), "map") for filter_ in weights],
        }

    update()
    which.observe(update, "value")
    explorer = Explorer(view, [control_row(which, kernel)], alt, still)
    explorer.link(kernel, "kernel", "index")
    return explorer
