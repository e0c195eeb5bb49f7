"""What units of a trained network see: their strongest patches, what of these they answer to, and whole digits."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .. import figures, style
from ..arguments import one_of
from ..data import digits_as_input, load_digits
from ..data.digits import BACKGROUND, STROKE
from ..models import Sequential
from ..probes import RULES, Patches, project_patches, strongest_patches
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, menu, pack, slider, stops

LAYERS = {
    "relu1": "C1, ReLU",
    "relu3": "C3, ReLU",
    "relu6": "F6, ReLU",
    "output": "output",
}
"""Layers of LeNet-5 → what the slider calls them."""
NINE = 9  # patches of a unit
WIDTH = "256px"  # of a control: three stand side by side on a narrow page, too


class Seen(NamedTuple):
    """What the explorer shows of one layer: K units with nine patches each."""

    found: Patches
    patches: np.ndarray
    """uint8 (K, 9, h, w), 0 black to 255 white."""
    projections: dict[str, np.ndarray]
    """What :func:`lecture_lib.probes.deconvnet` makes of them by each of its rules, (K, 9, h, w)."""
    frames: np.ndarray
    """First row, first column and side of each patch in its digit, int32 (K, 9, 3)."""


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
    frames = np.stack([found.top + frame, found.left + frame, np.full_like(found.top, patches.shape[-1])], axis=-1)
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
        layer, unit, rule: to start with; the rules are those of :func:`lecture_lib.probes.deconvnet`.
        searched: test digits among which the patches are found.

    Raises:
        ValueError: an unknown ``layer`` or ``rule``.
        ShapeError: there are not so many digits or units, or fewer than nine digits.
    """
    one_of("layer", layer, LAYERS)
    one_of("rule", rule, RULES)
    images, labels = load_digits("test")
    if not NINE <= integer("searched", searched, 1) <= len(images):
        raise ShapeError(f"searched={searched}: must be from {NINE} to {len(images)}")
    seen = {name: units_of_layer(net, images[:searched], name) for name in LAYERS}
    digits, index = np.unique(np.concatenate([each.found.image for each in seen.values()]), return_inverse=True)
    index = np.split(index.reshape(-1, NINE), np.cumsum([len(each.patches) for each in seen.values()])[:-1])
    numbers = [
        np.stack([labels[each.found.image], each.found.image, each.found.response.round(2)], axis=-1)
        for each in seen.values()
    ]
    which = stops("Layer", [(label, name) for name, label in LAYERS.items()], layer, "which layer", WIDTH)
    at = slider("Unit", unit, 0, len(seen[layer].patches) - 1, "which map or unit of the layer", WIDTH)
    way = menu("Rule", RULES, rule, "what the way back does at a ReLU", WIDTH)
    tiles = {"kind": "sheet", "at": ["kernel"], "columns": 3, "share": 1, "size": False, "pick": "output"}
    view = View(
        panels=[
            {**tiles, "array": "projections", "title": "back to the pixels"},
            {**tiles, "array": "patches", "title": "its nine strongest patches"},
            {"kind": "seen", "title": "the whole digit", "share": 1, "size": False},
        ],
        arrays={
            "projections": [[_indices(each.projections[name]) for name in RULES] for each in seen.values()],
            "patches": [pack(each.patches, "image") for each in seen.values()],
            "frames": [pack(each.frames, "index") for each in seen.values()],
            "image": [pack(each.astype(np.int32), "index") for each in index],
            "numbers": [pack(each, "curve") for each in numbers],
            "digits": pack(images[digits], "image"),
        },
        texts=[describe_unit(LAYERS[name], k, each, labels) for name, each in seen.items() for k in range(len(each.patches))],
        readout="units", extent=[3, 3], height=370, hover=False, counts=[len(each.patches) for each in seen.values()],
    )  # fmt: skip
    alt = (
        "One unit of a trained network: the pixels that it answers to in its nine strongest patches, the patches, and the "
        "whole digit of one of them, with the part framed that the unit sees."
    )

    def still():
        shown = seen[which.value]
        last = len(shown.patches) - 1
        return figures.draw_units(
            {"": [(f"{LAYERS[which.value]}, {k}", shown.projections[way.value][k], shown.patches[k])
                  for k in sorted({min(at.value, last), *range(min(3, last + 1))})[:3]]}
        )  # fmt: skip

    explorer = Explorer(view, [control_row(which, at, way)], alt, still)
    explorer.link(which, "level", "index")
    explorer.link(at, "kernel")
    explorer.link(at, "last", "max")
    explorer.link(way, "item", "index")
    return explorer


def _indices(pictures: np.ndarray) -> dict[str, object]:
    """Pictures (..., h, w) with a sign, each in a scale of its own, as places in the colours of "map": a byte a pixel."""
    largest = np.abs(pictures).max(axis=(-2, -1), keepdims=True)
    scaled = pictures / np.where(largest > 0, largest, 1)
    return pack(style.colour_index(scaled, -1, 1).astype(np.uint8), "map", (0, 255))
