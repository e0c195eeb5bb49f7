"""A square slides over an image, and the network says at each place what it still sees."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...arguments import as_float, check_number
from ...layers import Layer, check_network
from ...ops.arrays import one_thread
from ...probes import chances
from ...shapes import ShapeError, covered, integer

BATCH, NUMBERS = 250, 2**18  # most covered images at a time, and numbers in them, so that memory stays small


class Occlusion(NamedTuple):
    """What :func:`occlusion` finds, for R × S places of the square."""

    probabilities: np.ndarray
    """Of each class, (R, S, M)."""
    label: int
    """The right class."""

    @property
    def right(self) -> np.ndarray:
        """Probability of the right class, (R, S)."""
        return self.probabilities[..., self.label]

    @property
    def top(self) -> np.ndarray:
        """The most likely class, integers (R, S)."""
        return self.probabilities.argmax(axis=-1)


def occlusion(net: Layer, x: np.ndarray, label: int, size: int, stride: int = 1, value: float = 0.0) -> Occlusion:
    """The network's answer while a square covers the image (Zeiler & Fergus 2013, arXiv:1311.2901, section 4.2).

    The square lies around pixel 0, ``stride``, 2 ``stride``, … along both axes; what of it lies outside of the image
    covers nothing. So the map of answers lies on the image pixel by pixel, whatever ``size`` is.

    Args:
        net: makes logits of (N, C, H, W).
        x: one sample, (C, H, W).
        label: the right class.
        size: side of the square, in pixels.
        value: what it is filled with, in the numbers of ``x``.

    Raises:
        TypeError: ``x`` does not hold real numbers, or a setting is no number.
        ShapeError: ``x`` has other axes, the square is larger than the image, or ``stride`` is below 1.
        ValueError: ``label`` is no class, or ``value`` is not finite.
        StateError: the network has no weights.

    >>> from lecture_lib.models import mlp
    >>> found = occlusion(mlp([16, 3]).init(0), np.ones((1, 4, 4)), 2, size=2, stride=2)
    >>> found.probabilities.shape, found.right.shape
    ((2, 2, 3), (2, 2))
    """
    check_network("net", net)
    x = as_float("x", x)
    if x.ndim != 3 or x.size == 0:
        raise ShapeError(f"x has shape {x.shape}: must be (C, H, W), one sample")
    height, width = x.shape[1:]
    stride = integer("stride", stride, 1)
    value = check_number("value", value, "finite", math.isfinite)
    if integer("size", size, 1) > min(height, width):
        raise ShapeError(f"size={size}: must be at most {min(height, width)}, the side of the image")
    rows, cols = (len(range(0, side, stride)) for side in (height, width))
    probabilities = np.concatenate(list(covered_answers(net, x, size, stride, value))).reshape(rows, cols, -1)
    if not 0 <= integer("label", label, 0) < probabilities.shape[-1]:
        raise ValueError(f"label={label}: must be from 0 to {probabilities.shape[-1] - 1}")
    return Occlusion(probabilities, label)


def covered_answers(net: Layer, x: np.ndarray, size: int, stride: int, value: float) -> Iterator[np.ndarray]:
    """What :func:`occlusion` puts together, some places of the square after others, row by row: probabilities (n, M)."""
    height, width = x.shape[1:]
    places = [(row, col) for row in range(0, height, stride) for col in range(0, width, stride)]
    at_once = max(1, min(BATCH, NUMBERS // x.size))
    for start in range(0, len(places), at_once):
        batch = np.repeat(x[None], len(places[start : start + at_once]), axis=0)
        for image, (row, col) in zip(batch, places[start : start + at_once], strict=True):
            image[:, slice(*covered(row, size, height)), slice(*covered(col, size, width))] = value
        with one_thread():
            logits = net.forward(batch)
        net.forget()
        yield chances(logits)
