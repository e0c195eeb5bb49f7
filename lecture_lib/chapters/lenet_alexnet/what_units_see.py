"""What units of a trained network see: their strongest patches, what of these they answer to, and whole digits."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ... import style
from ...arguments import one_of
from ...data import digits_as_input, load_digits
from ...data.digits import BACKGROUND, STROKE
from ...explore import Axis, Choice, Explorer, Look, Options, Places, Say, Slider, pack
from ...models import Sequential
from ...probes import Patches, strongest_patches
from ...shapes import ShapeError, integer
from .projections import RULES, project_patches

LAYERS = {
    "relu1": "C1, ReLU",
    "relu3": "C3, ReLU",
    "relu6": "F6, ReLU",
    "output": "output",
}
"""Layers of LeNet-5 → what the slider calls them."""
NINE = 9  # patches of a unit


class Seen(NamedTuple):
    """What the explorer shows of one layer: K units with nine patches each."""

    found: Patches
    patches: np.ndarray
    """uint8 (K, 9, h, w), 0 black to 255 white."""
    projections: dict[str, np.ndarray]
    """What :func:`lecture_lib.chapters.lenet_alexnet.deconvnet` makes of them by each of its rules, (K, 9, h, w)."""
    frames: np.ndarray
    """First and last row, first and last column of each patch in its digit, int32 (K, 3, 3, 4)."""


def units_of_layer(net: Sequential, images: np.ndarray, layer: str, rules: Sequence[str] = RULES) -> Seen:
    """The nine strongest patches among ``images`` (N, 28, 28) of every unit of a layer, and their projections.

    Patches larger than a digit lose their frame of padding.
    """
    found = strongest_patches(net, images, layer, count=NINE, prepare=digits_as_input)
    side, width = images.shape[1], found.patches.shape[-1]
    frame = max(0, (width - side) // 2)
    inside = slice(frame, width - frame)
    patches = found.patches[:, :, 0, inside, inside]
    projections = {
        rule: project_patches(net, images, layer, found, rule=rule, prepare=digits_as_input)[:, :, 0, inside, inside]
        for rule in rules
    }
    grey = np.rint(255 * (patches - BACKGROUND) / (STROKE - BACKGROUND)).clip(0, 255).astype(np.uint8)
    top, left, last = found.top + frame, found.left + frame, patches.shape[-1] - 1
    frames = np.stack([top, top + last, left, left + last], axis=-1).reshape(-1, 3, 3, 4)
    return Seen(found, grey, projections, frames.astype(np.int32))


def describe_unit(name: str, at: int, seen: Seen, labels: np.ndarray) -> str:
    """What one unit of a layer answers to, in words."""
    side = seen.patches.shape[-1]
    sees = f"map {at}, its units see {side}×{side} pixels" if side < 28 else f"unit {at} sees the whole digit"
    count = int((seen.found.response[at] > 0).sum())
    if count == 0:
        return f"{name}, {sees}. It answers to none of the digits: a dead unit."
    digits = [int(labels[image]) for image in seen.found.image[at][:count]]
    digit, most = Counter(digits).most_common(1)[0]
    return f"{name}, {sees}. Strongest for the digits {', '.join(map(str, digits))}: {most} of {count} are {digit}."


def what_units_see(
    net: Sequential, layer: str = "relu3", unit: int = 0, rule: str = "deconvnet", *, searched: int = 1000
) -> Explorer:
    """Explorer of a trained LeNet-5: choose layer and unit by sliders, and one of its nine strongest patches by a click.

    (After Zeiler & Fergus 2013, arXiv:1311.2901, figure 2: patches, and beside them their deconvnet projections.)

    Args:
        net: with the layers of :data:`LAYERS`, for digits of 28 × 28.
        layer, unit, rule: to start with; the rules are those of :func:`lecture_lib.chapters.lenet_alexnet.deconvnet`.
        searched: test digits among which the patches are found.

    Raises:
        ValueError: an unknown ``layer`` or ``rule``.
        ShapeError: there are not so many digits or units, or fewer than nine digits.
    """
    one_of("layer", layer, LAYERS)
    one_of("rule", rule, RULES)
    integer("unit", unit, 0)
    images, labels = load_digits("test")
    if not NINE <= integer("searched", searched, 1) <= len(images):
        raise ShapeError(f"searched={searched}: must be from {NINE} to {len(images)}")
    seen = {name: units_of_layer(net, images[:searched], name) for name in LAYERS}
    if unit >= len(seen[layer].patches):
        raise ShapeError(
            f"unit={unit}: must be below {len(seen[layer].patches)}, the number of units of {LAYERS[layer]}"
        )
    digits, index = np.unique(np.concatenate([each.found.image for each in seen.values()]), return_inverse=True)
    index = np.split(index.reshape(-1, 3, 3), np.cumsum([len(each.patches) for each in seen.values()])[:-1])
    numbers = [
        np.stack([labels[each.found.image], each.found.image, each.found.response.round(2)], -1).reshape(-1, 3, 3, 3)
        for each in seen.values()
    ]
    chosen = ("layer", "unit", "row", "col")
    tiles = {"kind": "sheet", "at": ["unit"], "columns": 3, "size": False, "pick": "output"}
    return Explorer(
        "What units see",
        "One unit of a trained network: the pixels that it answers to in its nine strongest patches, the patches, and the "
        "whole digit of one of them, with the part framed that the unit sees.",
        indices={
            "layer": Options(list(LAYERS), layer, labels=list(LAYERS.values())),
            "unit": Places(Axis("image", 0, among="layer"), unit), "rule": Options(RULES, rule),
            "row": Places(3), "col": Places(3),
        },
        controls=[
            Slider("layer", "Layer", "which layer"), Slider("unit", "Unit", "which map or unit of the layer"),
            Choice("rule", "Rule", "what the way back does at a ReLU"),
        ],
        arrays={
            "projections": [[_indices(each.projections[name]) for name in RULES] for each in seen.values()],
            "patches": [pack(each.patches, "image") for each in seen.values()],
            "frames": [pack(each.frames, "index") for each in seen.values()],
            "image": [pack(each.astype(np.int32), "index") for each in index],
            "numbers": [pack(each, "curve") for each in numbers],
            "digits": pack(images[digits], "image"),
        },
        panels=[
            tiles | {"array": "projections", "among": ["layer", "rule"], "title": "back to the pixels"},
            tiles | {"array": "patches", "among": ["layer"], "title": "its nine strongest patches"},
            {"kind": "grid", "array": "digits", "at": [Look("image", *chosen)], "title": "the whole digit", "size": False,
             "field": [Look("frames", *chosen, edge) for edge in range(4)]},
        ],
        sentence=[
            Say([[f"{describe_unit(LAYERS[name], k, each, labels)} " for k in range(len(each.patches))]
                 for name, each in seen.items()], at=["layer", "unit"]),
            Say([[f"Framed: number {3 * row + col + 1}, digit {{label}}" for col in range(3)] for row in range(3)],
                at=["row", "col"], numbers={"label": Look("numbers", *chosen, 0)}, tag="strong"),
            Say(" (number {image} of the test set), answer {answer}.",
                numbers={"image": Look("numbers", *chosen, 1), "answer": Look("numbers", *chosen, 2)}),
        ],
        height=370, hover=False,
    )  # fmt: skip


def _indices(pictures: np.ndarray) -> dict[str, object]:
    """Pictures (..., h, w) with a sign, each in a scale of its own, as places in the colours of "map": a byte a pixel."""
    largest = np.abs(pictures).max(axis=(-2, -1), keepdims=True)
    scaled = pictures / np.where(largest > 0, largest, 1)
    return pack(style.colour_index(scaled, -1, 1).astype(np.uint8), "map", (0, 255))
