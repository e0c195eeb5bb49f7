"""A digit moved about, and what trained networks say to it at each place."""

from collections.abc import Mapping

import numpy as np

from ...arguments import shown
from ...explore import Explorer, Numbers, Say, Slider, pack
from ...layers import Layer
from ...ops import check_labels, softmax
from ...shapes import ShapeError, integer
from ...training import Prepare, predict
from ...transforms import translate

CLASSES = 10
MOST_REACH = 28
"""A digit has 28 pixels."""


def shifted_verdicts(net: Layer, images: np.ndarray, reach: int, prepare: Prepare | None = None) -> np.ndarray:
    """The net's probabilities for ``images`` (D, H, W), moved by -``reach`` to ``reach`` pixels along both axes.

    Returns:
        float32 (D, 2 reach + 1, 2 reach + 1, classes), the shift down before the shift to the right.
    """
    shifts = range(-reach, reach + 1)
    moved = np.stack([translate(images, down, right) for down in shifts for right in shifts], axis=1)
    logits = predict(net, moved.reshape(-1, *images.shape[1:]), prepare=prepare)
    return softmax(logits).reshape(len(images), len(shifts), len(shifts), -1).astype(np.float32)


def shifted_digit(
    nets: Mapping[str, Layer],
    images: np.ndarray,
    labels: np.ndarray,
    *,
    reach: int = 8,
    prepare: Prepare | None = None,
    right: int = 0,
    down: int = 0,
) -> Explorer:
    """Explorer of shifts: drag a digit, or move it by arrow keys or sliders, and every network's verdict follows.

    Every verdict is computed before the explorer opens, so that it follows at once.

    Args:
        nets: trained networks by name, at most three.
        images: digits (D, H, W), uint8, with room to move; what leaves the picture is lost.
        labels: which digits they are, (D,).
        reach: how far they may be moved, in pixels.
        prepare: makes the networks' input of a batch of images, as in :func:`lecture_lib.training.fit`.
        right, down: by how much the first picture is moved.

    Raises:
        ShapeError: ``images`` has another shape, ``nets`` is empty or too many, a shift is beyond ``reach``,
            or that beyond :data:`MOST_REACH`.
        ValueError: labels do not fit.
    """
    images, reach = np.asarray(images), integer("reach", reach, 1)
    if reach > MOST_REACH:
        raise ShapeError(f"reach={shown(reach)}: must be at most {MOST_REACH}: every shift is computed beforehand")
    if images.ndim != 3 or images.size == 0 or images.dtype != np.uint8:
        raise ShapeError(f"images has shape {images.shape} and dtype {images.dtype}: must be (D, H, W), uint8")
    if not 1 <= len(nets) <= 3:
        raise ShapeError(f"nets holds {len(nets)} networks: must be 1 to 3, to be seen side by side")
    labels = check_labels(labels, len(images), CLASSES)
    verdicts = [shifted_verdicts(net, images, reach, prepare) for net in nets.values()]
    return Explorer(
        "A digit, moved",
        f"A handwritten digit that can be moved, and how likely each class is to {' and '.join(nets)}, as bars.",
        indices={
            "digit": Numbers(0, len(images) - 1), "right": Numbers(-reach, reach, right), "down": Numbers(-reach, reach, down),
        },
        arrows=("down", "right"),
        controls=[
            Slider("digit", "Digit", "which test digit"),
            Slider("right", "Right", "pixels to the right; negative is left"),
            Slider("down", "Down", "pixels down; negative is up"),
        ],
        arrays={
            "digits": pack(np.pad(images, [(0, 0), (reach, reach), (reach, reach)]), "image"),
            "labels": pack(labels.astype(np.int32), "index"),
        } | {f"net {at}": pack(each, "curve") for at, each in enumerate(verdicts)},
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "slice": "pan", "reach": reach, "pick": "pan",
             "title": "what the networks see", "size": False},
        ] + [
            {"kind": "columns", "array": f"net {at}", "at": ["digit", "down", "right"], "marked": "labels", "most": 1,
             "title": name}
            for at, name in enumerate(nets)
        ],
        sentence=[
            Say("Moved by {right} to the right and {down} down. ", tag="b"), Say(kind="verdicts"),
        ], height=320,
    )  # fmt: skip
