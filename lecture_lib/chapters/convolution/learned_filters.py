"""Filters that a network has learned, on the digits it learned them from."""

import numpy as np

from ...data import load_digits, load_first_layer
from ...explore import Explorer, Numbers, Options, Places, Say, Slide, Slider, pack
from ...filters import correlate
from ...shapes import ShapeError, integer

RANDOM = 4  # random filters to compare with


def learned_filters(digit: int = 7, *, digits: int = 30) -> Explorer:
    """Explorer of a trained layer: choose a test digit and a filter, see the map and every sum in it.

    The last filters are random ones of the same size and spread.

    Args:
        digit: index of the first digit shown. digits: how many to choose from.

    Raises:
        ShapeError: ``digit`` is not below ``digits``, or there are not so many.

    >>> learned_filters(3).state
    {'digit': 3, 'filter': 0, 'row': 10, 'col': 10}
    """
    images, _ = load_digits("test")
    if not 1 <= integer("digits", digits, 1) <= len(images):
        raise ShapeError(f"digits={digits}: must be from 1 to {len(images)}")
    if integer("digit", digit, 0) >= digits:
        raise ShapeError(f"digit={digit}: must be from 0 to digits - 1 = {digits - 1}")
    learned = load_first_layer().conv_weight[:, 0].astype(float)
    random = np.random.default_rng(0).normal(scale=learned.std(), size=(RANDOM, *learned.shape[1:]))
    weights = np.concatenate([learned, random]).round(2)  # what is shown is what is used
    names = [f"learned {at}" for at in range(len(learned))] + [f"random {at}" for at in range(RANDOM)]

    def arrays(image):
        return {
            "padded": pack(image, "image"), "weights": [pack(each, "weight") for each in weights],
            "maps": [pack(correlate(image, each), "map") for each in weights],
        }  # fmt: skip

    return Explorer(
        "Learned filters",
        "Learned filters: a handwritten digit, one filter of a trained network, and the map that the filter makes of the digit.",
        indices={
            "digit": Numbers(0, digits - 1, digit, python=True), "filter": Options(names),
            "row": Places("rows", 10), "col": Places("cols", 10),
        },
        slide=Slide(kernel="filter"),
        controls=[Slider("digit", "Digit", "which test digit"), Slider("filter", "Filter", "which filter")],
        arrays=arrays(images[digit]),
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "title": "digit",
             "share": 3, "sign": "→"},
            {"kind": "grid", "array": "weights", "among": ["filter"], "title": "filter", "share": 2.6, "sign": "→"},
            {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "title": "map", "share": 3},
        ],
        sentence=Say(kind="equation"),
        answer=lambda explorer, _: explorer.update(arrays=arrays(images[explorer.state["digit"]])),
    )  # fmt: skip
