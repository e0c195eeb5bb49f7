"""What the layers of a trained network respond to: the patches of test digits that excite a unit most."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from ... import explore
from ...arguments import one_of
from ...data import digits_as_input, load_digits
from ...data.digits import BACKGROUND, STROKE, numbered
from ...explore import Choice, Explorer, Look, Numbers, Options, Places, Say, Slider, pack
from ...models import Sequential
from ...probes import Patches, responses, strongest_patches
from ...shapes import ShapeError, integer

LAYERS = {
    "C1": "C1, first convolution",
    "C3": "C3, second convolution",
    "F6": "F6, fully connected",
    "output": "output",
}
"""Layers of LeNet-5 → what the menu calls them."""
ROWS = 3  # of the mosaic


def mosaic(patches: np.ndarray, rows: int = ROWS, gap: int = 1) -> np.ndarray:
    """Patches (K, rows², 1, h, w) of the network's input as one picture for each map, uint8 (K, H, W), grey between.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`lecture_lib.explore.mosaic`.

    >>> mosaic(np.full((2, 9, 1, 5, 5), STROKE)).shape
    (2, 17, 17)
    """
    grey = np.rint(255 * (patches[:, :, 0] - BACKGROUND) / (STROKE - BACKGROUND)).clip(0, 255).astype(np.uint8)
    return np.stack([explore.mosaic(each, rows, gap, 128) for each in grey])


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
    counts = np.array([len(each.patches) for each in found.values()], np.int32)
    texts = [
        [describe_map(name, at, each, labels, images.shape[1]) for at in range(len(each.patches))]
        for name, each in found.items()
    ]
    return Explorer(
        "What a layer responds to",
        "Nine patches of handwritten digits that excite one map of a trained network most, a digit, and the map's answer to it.",
        indices={
            "layer": Options(list(LAYERS), layer, labels=list(LAYERS.values())),
            "map": Places(Look("counts", "layer")),
            "digit": Numbers(0, digits - 1),
        },
        controls=[
            Choice("layer", "Layer"),
            Slider("map", "Map", "which map or unit of the layer"),
            Slider("digit", "Digit number", "which test digit"),
        ],
        arrays={
            "counts": pack(counts, "index"),
            "patches": [pack(mosaic(each.patches), "image") for each in found.values()],
            "digits": pack(images[:digits], "image"),
            "answers": [_packed(answers[name]) for name in LAYERS],
        },
        panels=[
            {"kind": "grid", "size": False, "array": "patches", "among": ["layer"], "at": ["map"],
             "title": "its nine strongest patches"},
            {"kind": "grid", "size": False, "array": "digits", "at": ["digit"], "titles": numbered(labels[:digits]), "index": "digit"},
            {"kind": "grid", "size": False, "array": "answers", "among": ["layer"], "at": ["digit", "map"],
             "title": "its answer to the digit"},
        ],
        sentence=Say(texts, at=["layer", "map"]), hover=False,
    )  # fmt: skip


def _packed(answer: np.ndarray) -> dict[str, object]:
    """Answers (N, K, h, w), or (N, K) of units without a place, as they are written in the picture: to one decimal, in
    colours of one scale for the whole layer."""
    answer = (answer if answer.ndim == 4 else answer[..., None, None]).round(1)
    most = float(np.abs(answer).max())
    return pack(answer, "map", (-most, most))
