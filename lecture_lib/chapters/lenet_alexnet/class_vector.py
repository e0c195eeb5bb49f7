"""From a class vector to probabilities: logits, their exponentials, softmax with a temperature, cross-entropy."""

from collections.abc import Sequence

import numpy as np

from ... import style
from ...arguments import as_float
from ...data.digits import numbered
from ...explore import Explorer, Look, Numbers, Options, Say, Slider, pack
from ...ops import check_labels, softmax, softmax_cross_entropy
from ...shapes import ShapeError

TEMPERATURES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
"""Stops of the slider."""
_ANSWER = "Right class {label}: p = {right} %, cross-entropy −ln p = {loss}. Most likely: {top} with {most} %."


def tempered_loss(logits: np.ndarray, label: int, temperature: float) -> float:
    """Cross-entropy of the right class for scores (M,) divided by a temperature; finite for every temperature.

    >>> round(tempered_loss(np.array([0.0, 300.0]), 0, 0.1), 6)
    3000.0
    """
    return softmax_cross_entropy(np.asarray(logits, float)[None] / temperature, np.array([label]))[0]


def class_vector(
    logits: np.ndarray, images: np.ndarray, labels: Sequence[int], *, temperatures: Sequence[float] = TEMPERATURES
) -> Explorer:
    """Explorer of softmax: a digit's class vector, its exponentials and its probabilities, at a temperature to choose.

    Args:
        logits: a network's class vectors, (D, 10). images: the digits, uint8 (D, H, W). labels: which they are, (D,).
        temperatures: to choose from, 1 among them.

    Raises:
        ShapeError: arrays do not fit to each other.
        ValueError: labels do not fit, a temperature is not above 0, or 1 is not among them.

    >>> class_vector(np.eye(10), np.zeros((10, 2, 2), np.uint8), range(10)).state["digit"]
    0
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
    names = ("label", "right", "loss", "top", "most")
    columns = {"kind": "columns", "marked": "labels", "share": 1.15}
    tempered = columns | {"at": ["digit", "temperature"], "most": 1, "brief": 2}
    return Explorer(
        "Class vector",
        "A handwritten digit, its class vector of ten numbers, their exponentials and the probabilities of the ten classes, "
        "each as bars, at a temperature that can be chosen.",
        indices={"digit": Numbers(0, len(images) - 1), "temperature": Options(list(temperatures), 1)},
        controls=[Slider("digit", "Digit number", "which of the digits"), Slider("temperature", "Temperature T", "what the scores are divided by")],
        arrays={
            "digits": pack(images, "image"), "labels": pack(labels.astype(np.int32), "index"),
            "logits": pack(logits, "curve"), "powers": pack(powers, "curve"), "chances": pack(chances, "curve"),
            "numbers": pack(numbers, "curve"),
        },
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "titles": numbered(labels), "index": "digit", "share": 0.6, "size": False, "sign": "→"},
            columns | {"array": "logits", "at": ["digit"], "brief": 1, "title": "class vector z", "sign": "→"},
            tempered | {"array": "powers", "title": "exp((z − max) / T)", "sign": "→"},
            tempered | {"array": "chances", "title": "divided by their sum"},
        ],
        sentence=[
            Say([f"{_describe(each)} " for each in temperatures], at=["temperature"], tag="b"),
            Say(_ANSWER, numbers={name: Look("numbers", "digit", "temperature", at) for at, name in enumerate(names)}),
        ],
        arrows=("digit", "temperature"), hover=False,
    )  # fmt: skip


def _describe(temperature: float) -> str:
    """What a temperature does."""
    says = f"T = {style.number(temperature)}: "
    if temperature == 1:
        return says + "softmax as the net was trained with it."
    if temperature < 1:
        return says + "differences of the class vector grow, the largest gets more."
    return says + "differences of the class vector shrink, the classes become more alike."
