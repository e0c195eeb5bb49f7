"""Where inputs land in an activation, and the lines that meet a function closely."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...activations import activation
from ...activations.functions import highest, maxout
from ...arguments import as_float, check_room, shown
from ...shapes import ShapeError, integer


def fit_lines(x: np.ndarray, y: np.ndarray, count: int, rounds: int = 60) -> np.ndarray:
    """``count`` lines whose upper envelope lies close to the points (x, y): (slope, offset) pairs, float64 (count, 2).

    Each line is fitted to the points where it is the highest, and then asked again where that is, until
    nothing changes (Magnani & Boyd 2009, "Convex piecewise-linear fitting", section 3). The best round
    counts. An envelope is convex, so that only convex functions can be met closely.

    Args:
        x: (N,), increasing, N at least 2 ``count``.
        y: (N,).
        count: how many lines, at least 1.

    Raises:
        TypeError: an array does not hold real numbers, or a count is no integer.
        ShapeError: ``x`` and ``y`` are not (N,), or N is too small.
        ValueError: a number is infinite or NaN, or ``x`` does not increase.

    >>> fit_lines([-2, -1, 1, 2], [2, 1, 1, 2], 2).round(6) + 0.0
    array([[-1.,  0.],
           [ 1.,  0.]])
    """
    x, y = as_float("x", x).astype(np.float64), as_float("y", y).astype(np.float64)
    count, rounds = integer("count", count, 1), integer("rounds", rounds, 1)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2 * count:
        raise ShapeError(f"x has shape {x.shape} and y {y.shape}: must be (N,), N at least 2·count = {2 * count}")
    for name, values in (("x", x), ("y", y)):
        if not np.isfinite(values).all():
            raise ValueError(f"{name}={shown(values)}: must hold finite numbers only")
    if (np.diff(x) <= 0).any():
        raise ValueError(f"x={shown(x)}: must increase from number to number")
    share = np.arange(len(x)) * count // len(x)  # at first the same number of points each
    lines = np.zeros((count, 2))
    fewer = fit_lines(x, y, count - 1, rounds) if count > 1 else lines
    best = np.concatenate([fewer, fewer[-1:]])[:count]  # one line more is never worse
    least = np.square(maxout(x, best) - y).sum() if count > 1 else math.inf
    for _ in range(rounds):
        for line in range(count):
            mine = share == line
            if mine.sum() >= 2:  # a line that wins nowhere stays as it is
                lines[line] = np.polyfit(x[mine], y[mine], 1)
        error = np.square(maxout(x, lines) - y).sum()
        if error < least:
            best, least = lines.copy(), error
        before, share = share, highest(x, lines)
        if np.array_equal(before, share):
            break
    return best


class Landing(NamedTuple):
    """Where normally distributed inputs land, and what they let through, from :func:`landing`."""

    shares: np.ndarray
    """Share of the inputs in each bin, (P, M, S, B); the bins at the ends also hold all beyond."""
    size: np.ndarray
    """Root mean square of the slope, (P, M, S): what a gradient's size is multiplied by."""
    flat: np.ndarray
    """Share of the inputs at which the slope is smaller than :data:`FLAT`, (P, M, S)."""


FLAT = 0.01
"""A slope below this passes hardly any gradient."""


def landing(
    name: str, means: Sequence[float], spreads: Sequence[float], edges: Sequence[float],
    parameters: Sequence[float | None] = (None,), samples: int = 600,
) -> Landing:  # fmt: skip
    """What an activation makes of pre-activations that are distributed normally, without chance.

    ``samples`` inputs stand at the middles of as many intervals of equal probability.

    Args:
        name: of :data:`ACTIVATIONS`.
        means, spreads: M means and S standard deviations.
        edges: of B equal bins, increasing, (B + 1,).
        parameters: P values of the activation's parameter; None is the default.

    Raises:
        ValueError: an unknown ``name``, or ``edges`` are not equal steps upwards.
        TypeError, ShapeError: as :meth:`Activation.f`.

    >>> found = landing("relu", [0], [1], [-1, 0, 1])  # half of the inputs are negative, and become 0
    >>> found.shares[0, 0, 0].tolist(), found.flat.item(), found.size.round(3).item()
    ([0.0, 1.0], 0.5, 0.707)
    """
    each, edges = activation(name), as_float("edges", edges)
    bins = len(edges) - 1
    if edges.ndim != 1 or bins < 1 or not (steps := np.diff(edges)).min() > 0 or not np.allclose(steps, steps[0]):
        raise ValueError(f"edges={shown(edges)}: must go up in equal steps")
    means, spreads = as_float("means", means), as_float("spreads", spreads)
    check_room(f"samples={shown(samples)}", integer("samples", samples, 1), means.size, spreads.size)
    from scipy.special import ndtri

    middles = ndtri((np.arange(samples) + 0.5) / samples)
    x = means[:, None, None] + spreads[:, None] * middles  # (M, S, samples)
    first_bin = np.arange(x[..., 0].size).reshape(*x.shape[:2], 1) * bins
    shares, size, flat = [], [], []
    for parameter in parameters:
        y, slope = each.f(x, parameter), each.df(x, parameter)
        at = np.floor((y - edges[0]) / steps[0]).clip(0, bins - 1).astype(int) + first_bin
        counts = np.bincount(at.ravel(), minlength=x[..., 0].size * bins)
        shares.append(counts.reshape(*x.shape[:2], bins) / samples)
        size.append(np.sqrt(np.square(slope).mean(axis=-1)))
        flat.append((np.abs(slope) < FLAT).mean(axis=-1))
    return Landing(np.array(shares), np.array(size), np.array(flat))
