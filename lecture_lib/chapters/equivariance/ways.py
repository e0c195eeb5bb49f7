"""What becomes of a representation when the picture moves: two ways round, and their difference."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ...arguments import as_array, as_float, check_room, function
from ...shapes import ShapeError


class BothWays(NamedTuple):
    """What :func:`equivariance_error` compares."""

    moved_before: np.ndarray
    """φ(g x): first the picture moves, then it is represented."""
    moved_after: np.ndarray
    """M_g φ(x): first it is represented, then the representation moves."""

    @property
    def difference(self) -> np.ndarray:
        """φ(g x) - M_g φ(x), of the shape of both."""
        return self.moved_before - self.moved_after

    @property
    def error(self) -> float:
        """‖φ(g x) - M_g φ(x)‖ / ‖φ(g x)‖: 0 if φ is equivariant; infinity if only φ(g x) is zero everywhere."""
        apart, size = (float(np.linalg.norm(each)) for each in (self.difference, self.moved_before))
        return apart / size if size else (np.inf if apart else 0.0)


@np.errstate(all="ignore")  # from infinite numbers come nan, without a word
def equivariance_error(
    phi: Callable[[np.ndarray], np.ndarray],
    g: Callable[[np.ndarray], np.ndarray],
    m_g: Callable[[np.ndarray], np.ndarray],
    x: np.ndarray,
) -> BothWays:
    """Go both ways round: move and represent, represent and move (the lecture: φ(g x) ≈ M_g φ(x)).

    Args:
        phi: the representation φ.
        g: moves pictures. m_g: moves representations; the identity asks whether φ is invariant.
        x: what φ and g take.

    Raises:
        TypeError: a result does not hold real numbers.
        ShapeError: the two results differ in shape.

    >>> def differences(x):
    ...     return np.roll(x, -1) - x
    >>> def shift(x):
    ...     return np.roll(x, 1)
    >>> equivariance_error(differences, shift, shift, np.array([1, 4, 9, 16])).error
    0.0
    >>> equivariance_error(np.sum, shift, lambda total: total, np.array([1, 4, 9, 16])).error  # a sum is invariant
    0.0
    """
    phi, g, m_g = function("phi", phi), function("g", g), function("m_g", m_g)
    check_room("x", np.size(x))
    moved = as_array("g(x)", g(x))
    check_room(f"g(x) has shape {moved.shape}", moved.size)
    before, after = as_float("phi(g(x))", phi(moved)), as_float("m_g(phi(x))", m_g(phi(x)))
    if before.shape != after.shape:
        raise ShapeError(f"m_g(phi(x)) has shape {after.shape}: must be {before.shape}, the shape of phi(g(x))")
    return BothWays(before, after)
