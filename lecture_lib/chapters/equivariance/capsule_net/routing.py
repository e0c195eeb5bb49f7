"""Squashing, and routing by agreement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .... import ops
from ....arguments import as_float, shown
from ....shapes import ShapeError, integer

# A capsule's length


@np.errstate(all="ignore")  # from infinite numbers come nan, without a word
def squash(s: np.ndarray, axis: int = -1) -> np.ndarray:
    """Shorten vectors to a length below 1 and keep their direction: |s|² / (1 + |s|²) · s / |s| (the paper, equation 1).

    Args:
        s: vectors along ``axis``, any shape. Zero stays zero.

    Returns:
        The shape of ``s``, float32 or float64 as :func:`lecture_lib.arguments.as_float` has it.

    Raises:
        TypeError: ``s`` does not hold real numbers.
        ShapeError: ``s`` has no axis ``axis``.

    >>> squash(np.array([3, 4]))  # length 5 becomes 25/26
    array([0.57692308, 0.76923077])
    """
    s = as_float("s", s)
    n, beyond = _capped(directions(s, axis)[1])
    return s * (n / (1 + n * n) / beyond)


@np.errstate(all="ignore")  # from infinite numbers come nan, without a word
def squash_backward(grad: np.ndarray, s: np.ndarray, axis: int = -1) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`squash`, given that of its output.

    With n = |s|, f(n) = n / (1 + n²) and e = s / n: f grad + n f'(n) (e · grad) e, where f' = (1 - n²) / (1 + n²)².
    At zero it is zero.

    Args:
        grad: the shape of ``s``.

    Raises:
        TypeError, ShapeError: as :func:`squash`, and if the shapes differ.

    >>> squash_backward(np.array([1, 1]), np.array([1, 0]))  # along s the slope is 2 n / (1 + n²)², across f
    array([0.5, 0.5])
    """
    s = as_float("s", s)
    grad = ops.check_shape("grad", as_float("grad", grad), s.shape, "the shape of s")
    e, n = directions(s, axis)
    n, beyond = _capped(n)
    square = n * n
    along = (e * grad).sum(axis=axis, keepdims=True) * n * (1 - square) / (1 + square) ** 2
    return grad * (n / (1 + square) / beyond) + along / beyond * e


@np.errstate(all="ignore")
def directions(s: np.ndarray, axis: int = -1) -> tuple[np.ndarray, np.ndarray]:
    """The vectors of ``s`` at length 1, zero where they are zero, and their lengths, with 1 in the place of ``axis``."""
    if integer("axis", axis, -s.ndim) >= s.ndim:
        raise ShapeError(f"axis={axis}: s has shape {s.shape}, without such an axis")
    n = np.sqrt((s * s).sum(axis=axis, keepdims=True))
    if ((n > 1e-15) & (n < 1e15)).all():
        return s / n, n
    # Squares may have vanished or be infinite: once more, scaled by powers of two, which change no digit.
    _, power = np.frexp(np.abs(s).max(axis=axis, keepdims=True, initial=0))
    scaled = np.ldexp(s, -power)
    n = np.sqrt((scaled * scaled).sum(axis=axis, keepdims=True))
    return scaled / np.where(n > 0, n, 1), np.ldexp(n, power)


def _capped(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths up to 10⁹, where 1 + n² is n² in any dtype, and how many times longer they were: n⁴ has room in float32."""
    return np.minimum(n, 1e9), np.maximum(n / 1e9, 1)


# Routing by agreement


@dataclass(frozen=True, eq=False)
class RoutingStep:
    """One iteration of routing by agreement (the paper, procedure 1); leading axes are those of ``u_hat``."""

    iteration: int
    """1 for the first."""
    u_hat: np.ndarray
    """(..., I, J, D): the votes, the same in every iteration."""
    logits: np.ndarray
    """b, (..., I, J): zeros at first, then the sum of all agreements so far."""
    couplings: np.ndarray
    """c, (..., I, J): the softmax of the logits over J, how i shares out its vote."""
    s: np.ndarray
    """(..., J, D): the votes for j, weighted by the couplings and added."""
    v: np.ndarray
    """(..., J, D): s, squashed."""

    @cached_property
    def agreement(self) -> np.ndarray:
        """û · v, (..., I, J): what this iteration adds to the logits."""
        return _dot(self.u_hat, self.v)


MOST_ITERATIONS = 1000
"""Of routing; three are usual."""


def routing_steps(u_hat: np.ndarray, iterations: int = 3) -> Iterator[RoutingStep]:
    """Route by agreement, one record an iteration (the paper, procedure 1).

    Args:
        u_hat: votes, (..., I, J, D); leading axes, such as a batch, are routed each by itself.
        iterations: at least 1.

    Raises:
        TypeError: ``u_hat`` does not hold real numbers, or ``iterations`` is no integer.
        ShapeError: ``u_hat`` has fewer than three axes or an empty one, or ``iterations`` is below 1.

    >>> u_hat = np.array([[[2.0], [1.0]], [[2.0], [-1.0]]])  # two agree about capsule 0, and disagree about capsule 1
    >>> [step.couplings.round(2).tolist() for step in routing_steps(u_hat, 2)]
    [[[0.5, 0.5], [0.5, 0.5]], [[0.83, 0.17], [0.83, 0.17]]]
    """
    u_hat, iterations = as_float("u_hat", u_hat), integer("iterations", iterations, 1)
    if u_hat.ndim < 3 or u_hat.size == 0:
        raise ShapeError(f"u_hat has shape {u_hat.shape}: must have the axes (..., I, J, D), none of them empty")
    if iterations > MOST_ITERATIONS:
        raise ShapeError(f"iterations={shown(iterations)}: must be at most {MOST_ITERATIONS}")
    return _routing(u_hat, iterations)


def _routing(u_hat: np.ndarray, iterations: int) -> Iterator[RoutingStep]:
    step = None
    for iteration in range(1, iterations + 1):
        with np.errstate(all="ignore"):  # from infinite numbers come nan, without a word
            logits = step.logits + step.agreement if step else np.zeros(u_hat.shape[:-1], u_hat.dtype)
            couplings = ops.softmax(logits)
            s = _weighted(couplings, u_hat)
            step = RoutingStep(iteration, u_hat, logits, couplings, s, squash(s))
        yield step


def route(u_hat: np.ndarray, iterations: int = 3) -> np.ndarray:
    """The capsules v that the votes lead to, (..., J, D): those of the last of :func:`routing_steps`.

    Arguments and errors are those of :func:`routing_steps`.

    >>> route(np.array([[[2.0], [1.0]], [[2.0], [-1.0]]]), 2).round(2)  # the first takes both, the other is nothing
    array([[0.92],
           [0.  ]])
    """
    *_, last = routing_steps(u_hat, iterations)
    return last.v


@np.errstate(all="ignore")  # from infinite numbers come nan, without a word
def route_backward(grad: np.ndarray, steps: Sequence[RoutingStep]) -> np.ndarray:
    """Gradient of a loss with respect to the votes, given that of :func:`route`'s result.

    It is exact: it goes back through every iteration and softmax, since the couplings came from the votes, too.
    Many programs take the couplings for constants: that is less to compute, and another gradient.

    Args:
        grad: (..., J, D).
        steps: all records of :func:`routing_steps`, in their order.

    Returns:
        (..., I, J, D).

    Raises:
        TypeError: ``grad`` does not hold real numbers.
        ShapeError: it has not the shape of the capsules.

    >>> steps = list(routing_steps(np.array([[[2.0]], [[2.0]]])))  # one capsule above: nothing to choose
    >>> route_backward(np.array([[1.0]]), steps).ravel().round(4)  # the slope of squash at 2 + 2: 8/17²
    array([0.0277, 0.0277])
    """
    if not len(steps):
        raise ValueError("steps is empty: must hold all records of routing_steps")
    u_hat = steps[-1].u_hat
    grad = ops.check_shape("grad", as_float("grad", grad), steps[-1].v.shape, "the shape of the capsules v")
    grad_logits = np.zeros((), u_hat.dtype)
    parts = []  # pairs (I, J) and (J, D): the gradient is the sum of their products
    for step, before in zip(reversed(steps), [*reversed(steps[:-1]), None], strict=True):
        grad_s = squash_backward(grad, step.s)
        parts.append((step.couplings, grad_s))  # s = Σ c û
        if before:
            grad_c = _dot(u_hat, grad_s)
            mean = (step.couplings * grad_c).sum(axis=-1, keepdims=True)
            grad_logits = grad_logits + step.couplings * (grad_c - mean)  # c = softmax(b)
            parts.append((grad_logits, before.v))  # b = b before + û · v before
            grad = _weighted(grad_logits, u_hat)
    weights, vectors = (np.stack(each, axis=-2) for each in zip(*parts, strict=True))  # (..., I, K, J), (..., J, K, D)
    return (np.moveaxis(weights, -1, -3) @ vectors).swapaxes(-3, -2)


def _weighted(weights: np.ndarray, u_hat: np.ndarray) -> np.ndarray:
    """Σ over i of weights (..., I, J) times votes (..., I, J, D): (..., J, D)."""
    return (weights.swapaxes(-2, -1)[..., None, :] @ u_hat.swapaxes(-3, -2))[..., 0, :]


def _dot(u_hat: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Each vote (..., I, J, D) times the capsule (..., J, D) it is for: (..., I, J)."""
    return (u_hat.swapaxes(-3, -2) @ v[..., None])[..., 0].swapaxes(-2, -1)
