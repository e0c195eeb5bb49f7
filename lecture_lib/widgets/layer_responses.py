"""What the layers of a trained network respond to: the patches of test digits that excite a unit most."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from .. import figures
from ..arguments import checked, one_of
from ..data import digits_as_input, load_digits
from ..data.digits import BACKGROUND, STROKE
from ..models import Sequential
from ..probes import Patches, responses, strongest_patches
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, menu, pack, slider

LAYERS = {
    "C1": "C1, first convolution",
    "C3": "C3, second convolution",
    "F6": "F6, fully connected",
    "output": "output",
}
"""Layers of LeNet-5 → what the menu calls them."""
ROWS = 3  # of the mosaic
WIDTH = "256px"  # of a control: three stand side by side on a narrow page, too


@checked
def mosaic(patches: np.ndarray, rows: int = ROWS, gap: int = 1) -> np.ndarray:
    """Patches (K, rows², 1, h, w) of the network's input as one picture for each map, uint8 (K, H, W), grey between.

    >>> mosaic(np.full((2, 9, 1, 5, 5), STROKE)).shape
    (2, 17, 17)
    """
    grey = np.rint(255 * (patches[:, :, 0] - BACKGROUND) / (STROKE - BACKGROUND)).clip(0, 255).astype(np.uint8)
    return np.stack([figures.mosaic(each, rows, gap, 128) for each in grey])


def describe_map(name: str, at: int, found: Patches, labels: Sequence[int], side: int) -> str:
    """What one map of a layer sees and which digits excite it, in words."""
    seen = [int(labels[image]) for image in found.image[at]]
    digit, count = Counter(seen).most_common(1)[0]
    height = found.patches.shape[-1]
    field = (
        f"map {at}: each unit sees {height}×{height} pixels"
        if height <= side
        else f"unit {at}: it sees the whole digit and {(height - side) // 2} pixels of frame"
    )
    return (
        f"{name}, {field}. Its nine strongest patches come from the digits "
        f"{', '.join(map(str, seen))}: {count} of {len(seen)} from a {digit}."
    )


def layer_responses(net: Sequential, layer: str = "C1", *, digits: int = 20, searched: int = 1000) -> Explorer:
    """Explorer of a trained LeNet-5: choose a layer and a map, see its strongest patches and its answer to a digit.

    (After Zeiler & Fergus 2013, arXiv:1311.2901, figure 2, right half.)

    Args:
        net: with the layers of :data:`LAYERS`, for digits of 28 × 28.
        layer: to start with.
        digits: test digits to choose from. searched: test digits among which the patches are found.

    Raises:
        ValueError: an unknown ``layer``.
        ShapeError: there are not so many digits.
    """
    one_of("layer", layer, LAYERS)
    images, labels = load_digits("test")
    for name, count in (("digits", digits), ("searched", searched)):
        if integer(name, count, 1) > len(images):
            raise ShapeError(f"{name}={count}: must be at most {len(images)}")
    found = {
        name: strongest_patches(net, images[:searched], name, count=ROWS * ROWS, prepare=digits_as_input)
        for name in LAYERS
    }
    answers = responses(net, digits_as_input(images[:digits]))
    which = menu("Layer", [(label, name) for name, label in LAYERS.items()], layer, width="296px")
    unit = slider("Map", 0, 0, len(found[layer].patches) - 1, "which map or unit of the layer", WIDTH)
    digit = slider("Digit", 0, 0, digits - 1, "which test digit", WIDTH)
    grid = {"kind": "grid", "share": 1, "size": False}
    view = View(
        panels=[
            {**grid, "array": "patches", "list": "level", "at": ["kernel"], "title": "its nine strongest patches"},
            {**grid, "array": "digits", "at": ["item"], "title": "a digit"},
            {**grid, "array": "answers", "list": "level", "at": ["item", "kernel"], "title": "its answer to the digit"},
        ],
        arrays={
            "patches": [pack(mosaic(each.patches), "image") for each in found.values()],
            "digits": pack(images[:digits], "image"),
            "answers": [_packed(_as_maps(answers[name])) for name in LAYERS],
        },
        texts=[describe_map(name, at, each, labels, images.shape[1])
               for name, each in found.items() for at in range(len(each.patches))],
        readout="unit", height=330, hover=False, counts=[len(each.patches) for each in found.values()],
    )  # fmt: skip
    alt = "Nine patches of handwritten digits that excite one map of a trained network most, a digit, and the map's answer to it."

    def still():
        patches = found[which.value].patches
        at = min(unit.value, len(patches) - 1)
        answer = _as_maps(answers[which.value])[digit.value, at]
        return figures.draw_pictures({
            "its nine strongest patches": mosaic(patches)[at],
            "a digit": images[digit.value], "its answer to the digit": answer,
        }, columns=3, height=3.3)  # fmt: skip

    explorer = Explorer(view, [control_row(which, unit, digit)], alt, still)
    explorer.link(which, "level", "index")
    explorer.link(unit, "kernel")
    explorer.link(unit, "last", "max")
    explorer.link(digit, "item")
    return explorer


def _as_maps(answer: np.ndarray) -> np.ndarray:
    """Answers (N, K, h, w), to one decimal, as they are written in the picture; a unit without a place is a map of one."""
    return (answer if answer.ndim == 4 else answer[..., None, None]).round(1)


def _packed(answer: np.ndarray) -> dict[str, object]:
    """Maps in colours of one scale for a whole layer."""
    most = float(np.abs(answer).max())
    return pack(answer, "map", (-most, most))
