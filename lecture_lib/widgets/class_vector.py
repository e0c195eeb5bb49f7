"""From a class vector to probabilities: logits, their exponentials, softmax with a temperature, cross-entropy."""

from collections.abc import Sequence

import numpy as np

from .. import figures, style
from ..arguments import as_float, checked
from ..ops import check_labels, softmax, softmax_cross_entropy
from ..shapes import ShapeError
from .view import Explorer, View, control_row, pack, slider, stops

TEMPERATURES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Stops of the slider."""


def tempered_loss(logits: np.ndarray, label: int, temperature: float) -> float:
    """Cross-entropy of the right class for scores (M,) divided by a temperature; finite for every temperature.

    >>> round(tempered_loss(np.array([0.0, 300.0]), 0, 0.1), 6)
    3000.0
    """
    return softmax_cross_entropy(np.asarray(logits, float)[None] / temperature, np.array([label]))[0]


@checked
def class_vector(
    logits: np.ndarray,
    images: np.ndarray,
    labels: Sequence[int],
    *,
    temperatures: Sequence[float] = TEMPERATURES,
) -> Explorer:
    """Explorer of softmax: a digit's class vector, its exponentials and its probabilities, at a temperature to choose.

    Args:
        logits: a network's class vectors, (D, 10). images: the digits, uint8 (D, H, W). labels: which they are, (D,).
        temperatures: to choose from, 1 among them.

    Raises:
        ShapeError: arrays do not fit to each other.
        ValueError: labels do not fit, a temperature is not above 0, or 1 is not among them.
    """
    logits, images = as_float("logits", logits).astype(float), np.asarray(images)
    if logits.ndim != 2 or images.ndim != 3 or len(logits) != len(images) or logits.size == 0:
        raise ShapeError(f"logits {logits.shape} and images {images.shape}: must be (D, M) and (D, H, W), D at least 1")
    if 1 not in temperatures:
        raise ValueError(f"temperatures={tuple(temperatures)}: must hold 1")
    labels = check_labels(labels, *logits.shape)
    chances = np.stack([softmax(logits, each) for each in temperatures], axis=1)  # (D, T, M)
    powers = chances / chances.max(axis=-1, keepdims=True)  # exp((z - max z) / T)
    losses = np.array(
        [[tempered_loss(z, label, t) for t in temperatures] for z, label in zip(logits, labels, strict=True)]
    )
    top = chances.argmax(axis=-1)
    right = np.take_along_axis(chances, labels[:, None, None].astype(int), axis=-1)[..., 0]
    numbers = np.stack(
        [np.broadcast_to(labels[:, None], top.shape), 100 * right, losses, top, 100 * chances.max(axis=-1)], -1
    )
    which = slider("Digit", 0, 0, len(images) - 1, "which digit")
    warm = stops("T", [(style.number(each), each) for each in temperatures], 1.0, "temperature")
    scores = {"kind": "scores", "share": 1.15, "size": False}
    view = View(
        panels=[
            {"kind": "grid", "array": "digits", "index": "row", "title": "digit", "share": 0.75, "size": False, "sign": "→"},
            {**scores, "array": "logits", "at": ["row"], "title": "class vector z", "sign": "→"},
            {**scores, "array": "powers", "at": ["row", "col"], "most": 1, "title": "exp((z − max) / T)", "sign": "→"},
            {**scores, "array": "chances", "at": ["row", "col"], "most": 1, "title": "divided by their sum"},
        ],
        arrays={
            "digits": pack(images, "image"), "labels": pack(labels.astype(np.int32), "index"),
            "logits": pack(logits, "curve"), "powers": pack(powers, "curve"), "chances": pack(chances, "curve"),
            "numbers": pack(numbers, "curve"),
        },
        texts=["Right class {0}: p = {1} %, cross-entropy −ln p = {2}. Most likely: {3} with {4} %.",
               *(_describe(each) for each in temperatures)],
        readout="classes", height=330, hover=False, extent=[len(images), len(temperatures)],
    )  # fmt: skip
    alt = (
        "A handwritten digit, its class vector of ten numbers, their exponentials and the probabilities of the ten classes, "
        "each as bars, at a temperature that can be chosen."
    )

    def still():
        item, level = which.value, warm.index
        vectors = {"class vector z": logits[item], "exp((z − max) / T)": powers[item, level],
                   f"p, T = {style.number(warm.value)}": chances[item, level]}  # fmt: skip
        return figures.draw_class_vector(images[item], vectors, labels[item])

    explorer = Explorer(view, [control_row(which, warm)], alt, still)
    explorer.link(which, "row")
    explorer.link(warm, "col", "index")
    return explorer


def _describe(temperature: float) -> str:
    """What a temperature does."""
    says = f"T = {style.number(temperature)}: "
    if temperature == 1:
        return says + "softmax as the net was trained with it."
    if temperature < 1:
        return says + "differences of the class vector grow, the largest gets more."
    return says + "differences of the class vector shrink, the classes become more alike."
