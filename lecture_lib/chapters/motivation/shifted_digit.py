"""A digit moved about, and what trained networks say to it at each place."""

from collections.abc import Mapping

import numpy as np

from ...arguments import shown
from ...explore import Choice, Explorer, Numbers, Options, Play, Say, Slider, pack
from ...layers import Layer
from ...ops import check_labels
from ...probes import chances
from ...shapes import ShapeError, integer
from ...training import Prepare, predict
from ...transforms import translate

CLASSES = 10
MOST_NETS = 3
"""More could not be seen side by side."""
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
    return chances(logits).reshape(len(images), len(shifts), len(shifts), -1)


def shifted_digit(
    nets: Mapping[str, Layer],
    images: np.ndarray,
    labels: np.ndarray,
    *,
    reach: int = 8,
    prepare: Prepare | None = None,
    digit: int = 0,
    right: int = 0,
    down: int = 0,
    height: int = 404,
    known: Mapping[str, np.ndarray] | None = None,
) -> Explorer:
    """Explorer of shifts: drag a digit, or move it by arrow keys or sliders, and every network's verdict follows.

    Every verdict is computed before the explorer opens, so that it follows at once.

    Args:
        nets: trained networks by name, at most three.
        images: digits (D, H, W), uint8, with room to move; what leaves the picture is lost.
        labels: which digits they are, (D,).
        reach: how far they may be moved, in pixels.
        prepare: makes the networks' input of a batch of images, as in :func:`lecture_lib.training.fit`.
        digit: which of them stands there at first. right, down: by how much it is moved. height: of the pictures, in pixels.
        known: name → what :func:`shifted_verdicts` gave for these digits before; it is not computed again.

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
    if not 1 <= len(nets) <= MOST_NETS:
        raise ShapeError(f"nets holds {len(nets)} networks: must be 1 to {MOST_NETS}, to be seen side by side")
    labels = check_labels(labels, len(images), CLASSES)
    known = known or {}
    verdicts = [
        known[name] if name in known else shifted_verdicts(net, images, reach, prepare) for name, net in nets.items()
    ]
    return Explorer(
        "A digit, moved",
        f"A handwritten digit that can be moved, and bars that say how likely each class is. {', '.join(nets)}.",
        indices={
            "digit": Options(range(len(images)), digit, [str(label) for label in labels]), "right": Numbers(-reach, reach, right), "down": Numbers(-reach, reach, down),
        },
        arrows=("down", "right"),
        controls=[
            Choice("digit", "Which digit", "by what it is"),
            Play("right", interval=250, group="Move"),
            Slider("right", "right", "pixels to the right; negative is left", group="Move"),
            Slider("down", "down", "pixels down; negative is up", group="Move"),
        ],
        arrays={
            "digits": pack(np.pad(images, [(0, 0), (reach, reach), (reach, reach)]), "image"),
            "labels": pack(labels.astype(np.int32), "index"),
        } | {f"net {at}": pack(each, "curve") for at, each in enumerate(verdicts)},
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "slice": "pan", "reach": reach, "pick": "pan",
             "title": "drag the digit", "size": False},
        ] + [
            {"kind": "columns", "array": f"net {at}", "at": ["digit", "down", "right"], "marked": "labels", "most": 1,
             "title": name}
            for at, name in enumerate(nets)
        ],
        sentence=[
            Say("Moved by {right} to the right and {down} down. ", tag="b"), Say(kind="verdicts"),
        ],
        height=height,
    )  # fmt: skip
