"""One linear neuron with two weights: its way downhill, and the hill."""

import math
from collections.abc import Sequence

import numpy as np

from ...arguments import as_float, check_number, check_room, generator, shown
from ...shapes import ShapeError, integer

MOST_STEPS = 100_000
"""Of :func:`weight_path`: as many take a second."""


def _neuron(inputs: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    inputs, target = as_float("inputs", inputs), as_float("target", target)
    if inputs.ndim != 2 or inputs.shape[1] != 2 or len(inputs) == 0:
        raise ShapeError(f"inputs has shape {inputs.shape}: must be (N, 2), at least one")
    if target.shape != (2,):
        raise ShapeError(f"target has shape {target.shape}: must be (2,)")
    return inputs, target


def weight_path(
    inputs: np.ndarray, target: np.ndarray, start: np.ndarray, lr: float, steps: int, seed: int = 0
) -> np.ndarray:
    """The way of a linear neuron's two weights in stochastic gradient descent, float64 (steps + 1, 2).

    Each step takes one random input x. The neuron's error is δ = (w - ``target``)·x, its loss δ²/2, and the
    weights change by -η δ x. If all inputs are positive, both weights grow or both fall, so that the way to
    a target elsewhere is a zigzag (LeCun, Bottou, Orr & Müller 1998, "Efficient BackProp", section 4.3).
    A learning rate that is too large ends in infinity and NaN.

    Args:
        inputs: (N, 2).
        target: the weights that make no error, (2,).
        start: the first weights, (2,).
        lr: η.

    Raises:
        TypeError: an array does not hold real numbers, ``lr`` is no number or ``steps`` no integer.
        ShapeError: an array has another shape, or ``steps`` is negative.
        ValueError: ``lr`` is not above 0 and finite.

    >>> weight_path([[1, 2]], target=[0, 0], start=[1, 0], lr=0.25, steps=2)
    array([[ 1.    ,  0.    ],
           [ 0.75  , -0.5   ],
           [ 0.8125, -0.375 ]])
    """
    inputs, target = _neuron(inputs, target)
    start = as_float("start", start)
    if start.shape != (2,):
        raise ShapeError(f"start has shape {start.shape}: must be (2,)")
    lr = check_number("lr", lr, "above 0 that is finite", lambda lr: 0 < lr < math.inf)
    if integer("steps", steps, 0) > MOST_STEPS:
        raise ShapeError(f"steps={shown(steps)}: must be at most {MOST_STEPS:,}")
    path = np.empty((steps + 1, 2))
    path[0] = start
    with np.errstate(over="ignore", invalid="ignore"):
        for step, each in enumerate(generator("seed", seed).integers(len(inputs), size=steps)):
            x = inputs[each]
            path[step + 1] = path[step] - lr * ((path[step] - target) @ x) * x
    return path


def loss_rings(inputs: np.ndarray, target: np.ndarray, losses: Sequence[float], points: int = 90) -> np.ndarray:
    """The weights at which :func:`weight_path`'s neuron has each of some mean losses: ellipses, float64 (L, points, 2).

    Each ring is closed: its last point is its first.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: ``inputs`` is not (N, 2), ``target`` not (2,), ``losses`` has not one axis, or ``points`` is below 2.
        ValueError: a loss is not above 0 or not finite, ``inputs`` holds NaN or infinity, there are too many points,
            or all inputs lie on one line through 0: then the rings are open.

    >>> loss_rings([[2, 0], [0, 2]], target=[1, 1], losses=[1], points=5).round(6)[0, :2]
    array([[2., 1.],
           [1., 2.]])
    """
    inputs, target = _neuron(inputs, target)
    losses = as_float("losses", losses)
    if losses.ndim != 1:
        raise ShapeError(f"losses has shape {losses.shape}: must have one axis")
    if not ((losses > 0) & np.isfinite(losses)).all():
        raise ValueError(f"losses={shown(losses.tolist())}: must be above 0, and finite")
    if not np.isfinite(inputs).all():
        raise ValueError("inputs holds NaN or infinity: must hold finite numbers")
    strengths, directions = np.linalg.eigh(inputs.T @ inputs / len(inputs))
    if strengths[0] <= 1e-12 * strengths[1]:
        raise ValueError("inputs lie on one line through 0: must have two directions")
    check_room(f"points={shown(points)}", integer("points", points, 2), len(losses), 2)
    angle = np.linspace(0, 2 * np.pi, points)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)  # (points, 2)
    ring = circle @ (directions / np.sqrt(strengths) @ directions.T)
    return target + np.sqrt(2 * losses)[:, None, None] * ring
