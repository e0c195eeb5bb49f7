"""What a first layer costs: dense against convolution, for images of every size."""

import numpy as np

from ...arguments import shown
from ...explore import Explorer, Numbers, Options, Say, Slider, pack
from ...shapes import ShapeError, integer
from . import wiring

SIDES = tuple(range(16, 401, 8))
DETECTORS = (1, 2, 5, 10, 20, 50, 64, 100, 200, 500, 1000, 2000)
CURVES = {"dense": "fully connected", "shared": "convolution"}
"""Field of ``wiring.FirstLayer`` → what its curve is called."""


def describe_first_layer(side: int, channels: int, detectors: int, kernel_size: int) -> tuple[str, str]:
    """How many times fewer weights the convolution has, and the weights and biases of both layers, in words.

    >>> describe_first_layer(200, 3, 1000, 5)[0]
    'The convolution has 1,600 times fewer weights. '
    """
    cost = wiring.first_layer(side, channels, detectors, kernel_size)
    ratio, biases = cost.dense / cost.shared, _count(detectors, "bias", "es")
    return (
        f"The convolution has {ratio:,.{0 if ratio >= 10 else 1}f} times fewer weights. ",
        f"Fully connected: {side}·{side}·{channels}·{detectors:,} = {_count(cost.dense, 'weight')}. "
        f"Convolution: {kernel_size}·{kernel_size}·{channels}·{detectors:,} = {_count(cost.shared, 'weight')}. "
        f"On top of them, each has {biases}.",
    )


def _count(number: int, what: str, ending: str = "s") -> str:
    return f"{number:,} {what}" + (ending if number != 1 else "")


def _counted(channels: int, detectors: int, kernel_size: int) -> dict[str, object]:
    """The curves over all sides, and a sentence for each."""
    costs = [wiring.first_layer(side, channels, detectors, kernel_size) for side in SIDES]
    curves = {name: np.array([getattr(cost, name) for cost in costs], float) for name in CURVES}
    arrays = {"sides": np.array(SIDES, np.int32)} | curves
    texts = zip(*(describe_first_layer(side, channels, detectors, kernel_size) for side in SIDES), strict=True)
    return {
        "arrays": {name: pack(each, "curve") for name, each in arrays.items()},
        "sentence": [Say(each, at=["side"], tag=tag) for each, tag in zip(texts, ("b", "span"), strict=True)],
    }


def _answer(explorer: Explorer, names: set[str]) -> None:
    explorer.update(**_counted(*(explorer.value(name) for name in ("channels", "detectors", "kernel_size"))))


def first_layer(side: int = 200, channels: int = 3, detectors: int = 1000, kernel_size: int = 5) -> Explorer:
    """Explorer of a first layer's weights: image side, channels, units or filters, side of a filter.

    Args:
        side: one of :data:`SIDES`. channels: 1 to 4. detectors: one of :data:`DETECTORS`. kernel_size: 1 to 15.

    Raises:
        ShapeError: a setting is none of those. TypeError: it is no number.

    >>> first_layer().state
    {'side': 23, 'channels': 3, 'detectors': 10, 'kernel_size': 5}
    """
    for name, value, stops in (("side", side, SIDES), ("detectors", detectors, DETECTORS)):
        if integer(name, value, 1) not in stops:
            raise ShapeError(f"{name}={shown(value)}: must be one of {', '.join(map(str, stops))}")
    indices = {
        "side": Options(SIDES, side), "channels": Numbers(1, 4, channels, python=True),
        "detectors": Options(DETECTORS, detectors, python=True), "kernel_size": Numbers(1, 15, kernel_size, python=True),
    }  # fmt: skip
    empty = pack(np.zeros(0), "curve")
    explorer = Explorer(
        "First layer",
        "Weights of a first layer against the side of the image, on a logarithmic scale: the fully connected layer's rise with "
        "the image, the convolution's stay level.",
        indices=indices,
        arrows=(None, "side"),
        controls=[
            Slider("side", "Image side", "side of the image in pixels"),
            Slider("channels", "Channels", "1 grey, 3 red, green and blue"),
            Slider("detectors", "Units or filters", "units of the fully connected layer, filters of the convolution"),
            Slider("kernel_size", "Filter side", "side of a filter in pixels"),
        ],
        arrays=dict.fromkeys(["sides", *CURVES], empty),
        panels=[{
            "kind": "plot", "title": "weights of the first layer", "cursor": "side", "log": "y",
            "traces": [
                {"label": label, "colour": at, "dash": at, "x": "sides", "y": name}
                for at, (name, label) in enumerate(CURVES.items())
            ],
            "xlabel": "side of the image, pixels", "ylabel": "weights", "x": [SIDES[0], SIDES[-1]], "y": [1, 1e10],
        }],
        hover=False, answer=_answer,
    )  # fmt: skip
    _answer(explorer, set())
    return explorer
