"""Local response normalisation, batch normalisation and dropout, each with its gradient."""

from math import inf, isfinite
from typing import NamedTuple

import numpy as np

from ..arguments import check_number
from ..shapes import ShapeError, integer
from .arrays import as_float, check_axes, check_shape


def _sums_of_neighbours(x: np.ndarray, size: int) -> np.ndarray:
    """For each channel the sum over it and its neighbours, ``size`` channels in all: (size - 1) // 2 after it."""
    after = (size - 1) // 2
    out = np.zeros_like(x)
    channels = x.shape[1]
    most = x.shape[1] - 1  # no channel has neighbours further away
    for shift in range(-min(size - 1 - after, most), min(after, most) + 1):
        low, high = max(0, -shift), min(channels, channels - shift)
        if low < high:
            out[:, low:high] += x[:, low + shift : high + shift]
    return out


def _check_response_norm(x, size, alpha, beta, k) -> tuple[np.ndarray, int, float, float, float]:
    x, size = check_axes("x", as_float("x", x), "N, C, H, W"), integer("size", size, 1)
    numbers = {"alpha": alpha, "beta": beta, "k": k}.items()
    return x, size, *(check_number(name, value, "that is finite", isfinite) for name, value in numbers)


def local_response_norm(
    x: np.ndarray, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> np.ndarray:
    """Divide each value by what its neighbours in other maps have at the same place.

    b = a / (k + alpha / size · sum over the ``size`` nearest channels of a²)^beta
    (Krizhevsky, Sutskever & Hinton 2012, section 3.3, where alpha stands without the
    division by n; their k = 2, n = 5, alpha = 1e-4 are here alpha = 5e-4. PyTorch's
    ``local_response_norm`` divides, too.)

    Args:
        x: maps, (N, C, H, W).
        size: channels that are summed, the own one included.
        alpha, beta, k: see the formula.

    Returns:
        (N, C, H, W) of ``x``'s dtype.

    Raises:
        TypeError: ``x`` does not hold real numbers, ``size`` is no integer, or a setting no number.
        ShapeError: ``x`` has the wrong axes or an empty one, or ``size`` is below 1.
        ValueError: a setting is not finite.

    >>> local_response_norm(np.full((1, 1, 1, 1), 3.0), size=1, alpha=1, beta=0.5, k=0)  # 3 / (9)^0.5
    array([[[[1.]]]])
    """
    x, size, alpha, beta, k = _check_response_norm(x, size, alpha, beta, k)
    return x * (k + alpha / size * _sums_of_neighbours(x * x, size)) ** -beta


def local_response_norm_backward(
    grad: np.ndarray, x: np.ndarray, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`local_response_norm`.

    With d the bracket: grad_x = grad · d^-beta - 2 alpha beta / size · x · sum over those
    channels that have this one as a neighbour of grad · x · d^(-beta - 1).

    Raises:
        TypeError, ShapeError, ValueError: as :func:`local_response_norm`, and if ``grad`` has another shape than ``x``.

    >>> local_response_norm_backward(np.ones((1, 1, 1, 1)), np.full((1, 1, 1, 1), 3.0), alpha=0, k=1)
    array([[[[1.]]]])
    """
    x, size, alpha, beta, k = _check_response_norm(x, size, alpha, beta, k)
    grad = check_shape("grad", as_float("grad", grad), x.shape, "the shape of the output")
    bracket = k + alpha / size * _sums_of_neighbours(x * x, size)
    # Who has me as a neighbour? The same window, looked at from the other end.
    felt = _sums_of_neighbours((grad * x * bracket ** (-beta - 1))[:, ::-1], size)[:, ::-1]
    return grad * bracket**-beta - 2 * alpha * beta / size * x * felt


class BatchStatistics(NamedTuple):
    """What a batch normalisation measured: what its backward and its running averages need."""

    mean: np.ndarray
    """(C,)"""
    variance: np.ndarray
    """(C,), divided by the count"""
    count: int
    """Values a channel."""


def _per_channel(x: np.ndarray, values: np.ndarray) -> np.ndarray:
    """``values`` (C,) in a shape that meets the channels of (N, C) or (N, C, H, W)."""
    return values.reshape(-1, *[1] * (x.ndim - 2))


def _check_batch_norm(x, weight, bias, statistics, eps) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    x, eps = as_float("x", x), check_number("eps", eps, "of at least 0", lambda eps: 0 <= eps < inf)
    if x.ndim not in (2, 4) or x.size == 0:
        raise ShapeError(f"x has shape {x.shape}: must have the axes (N, C) or (N, C, H, W), none of them empty")

    def per_channel(name, array):
        return check_shape(name, as_float(name, array), (x.shape[1],), "one number a channel")

    if statistics is not None:
        if not isinstance(statistics, BatchStatistics):
            raise TypeError(f"statistics is a {type(statistics).__name__}: must be BatchStatistics")
        for name in ("mean", "variance"):
            per_channel(f"statistics.{name}", getattr(statistics, name))
    return x, per_channel("weight", weight), per_channel("bias", bias), eps


def batch_norm(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, statistics: BatchStatistics | None = None, eps: float = 1e-5
) -> tuple[np.ndarray, BatchStatistics]:
    """Give each channel mean 0 and variance 1 over the batch, then a learned scale and offset.

    out = weight · (x - mean) / sqrt(variance + eps) + bias
    (Ioffe & Szegedy 2015, arXiv:1502.03167, algorithm 1).

    Args:
        x: (N, C) or (N, C, H, W).
        weight, bias: (C,), the learned scale and offset.
        statistics: mean and variance to use; None measures them in this batch, as in training, in float64 where float32
            is too small for the variance. A channel whose variance is infinite comes out as NaN.
        eps: keeps a constant channel from dividing by zero.

    Returns:
        The result, like ``x``, and the statistics that were used.

    Raises:
        TypeError: an array does not hold real numbers, or ``eps`` is no number.
        ShapeError: ``x`` has the wrong axes or an empty one, or a size does not match.
        ValueError: ``eps`` is below 0 or not finite, or 0 beside a constant channel.

    >>> batch_norm(np.array([[1.0], [3.0]]), np.ones(1), np.zeros(1), eps=0)[0]
    array([[-1.],
           [ 1.]])
    """
    x, weight, bias, eps = _check_batch_norm(x, weight, bias, statistics, eps)
    if statistics is None:
        statistics = _measured(x)
        if x.dtype == np.float32 and not np.isfinite(statistics.variance).all():
            statistics = _measured(x.astype(np.float64))  # the square of each float32 fits there
    if not (statistics.variance + eps).all():
        raise ValueError(f"eps={eps}: must be above 0, since a channel is constant")
    scale = weight / _deviation(statistics, eps)
    offset = bias - scale * statistics.mean
    out = x * _per_channel(x, scale) + _per_channel(x, offset)
    return out.astype(np.result_type(x, weight, bias), copy=False), statistics


def _measured(x: np.ndarray) -> BatchStatistics:
    axes = (0, *range(2, x.ndim))
    mean = x.mean(axis=axes)
    return BatchStatistics(mean, np.square(x - _per_channel(x, mean)).mean(axis=axes), x.size // x.shape[1])


def _deviation(statistics: BatchStatistics, eps: float) -> np.ndarray:
    """What a channel is divided by; NaN, and not infinity, where the variance is too large for a float: 0 would look right."""
    variance = statistics.variance
    return np.sqrt(np.where(np.isinf(variance), np.nan, variance) + eps).astype(variance.dtype, copy=False)


def batch_norm_backward(
    grad: np.ndarray, x: np.ndarray, weight: np.ndarray, statistics: BatchStatistics, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a loss with respect to the input, the scale and the offset of :func:`batch_norm`.

    Mean and variance depend on every value of the channel, so each value's gradient loses what
    they take: grad_x = weight / sd · (grad - mean(grad) - x̂ mean(grad x̂))
    (Ioffe & Szegedy 2015, section 3, its equations joined).

    Args:
        grad: gradient with respect to the output, like ``x``.
        x, weight, eps: as given to :func:`batch_norm`, which measured ``statistics`` in this batch.

    Returns:
        grad_x like ``x``, grad_weight (C,), grad_bias (C,). No argument is changed.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`batch_norm`, and if ``grad`` has another shape than ``x``.

    >>> x = np.array([[1.0], [3.0]])
    >>> _, measured = batch_norm(x, np.ones(1), np.zeros(1), eps=0)
    >>> batch_norm_backward(np.array([[1.0], [1.0]]), x, np.ones(1), measured, eps=0)[0]  # a shift changes nothing
    array([[0.],
           [0.]])
    """
    x, weight, _, eps = _check_batch_norm(x, weight, weight, statistics, eps)
    grad = check_shape("grad", as_float("grad", grad), x.shape, "the shape of the output")
    axes = (0, *range(2, x.ndim))
    deviation = _deviation(statistics, eps)
    normal = (x - _per_channel(x, statistics.mean)) / _per_channel(x, deviation)
    grad_weight, grad_bias = (grad * normal).sum(axis=axes), grad.sum(axis=axes)
    shared = _per_channel(x, grad_bias / statistics.count) + normal * _per_channel(x, grad_weight / statistics.count)
    grad_x, dtype = _per_channel(x, weight / deviation) * (grad - shared), np.result_type(grad, x, weight)
    return grad_x.astype(dtype, copy=False), grad_weight.astype(dtype, copy=False), grad_bias


def check_probability(p: float) -> float:
    """Return ``p`` if dropout can take it: from 0 to below 1.

    Raises:
        TypeError: it is no number.
        ValueError: it is out of range.
    """
    return check_number("p", p, "from 0 to below 1", lambda p: 0 <= p < 1)


def dropout(x: np.ndarray, p: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Set each value to zero with probability ``p``, and divide the others by 1 - p, so that the mean stays.

    (Srivastava et al. 2014, JMLR 15, section 4, with the scaling done in training, as its section 10 describes.)

    Args:
        x: any shape.
        p: probability from 0 to below 1.
        rng: where the chance comes from.

    Returns:
        The result, and the factor of each value, both like ``x``; the gradient is grad · factor.

    Raises:
        TypeError: ``x`` does not hold real numbers, or ``p`` is no number.
        ValueError: ``p`` is out of range.

    >>> dropout(np.ones(4), 0.5, np.random.default_rng(0))[0]
    array([2., 2., 2., 0.])
    """
    x, p = as_float("x", x), check_probability(p)
    factor = (rng.random(x.shape, np.float32) >= p).astype(x.dtype)
    factor /= 1 - p
    return x * factor, factor


def dropout_backward(grad: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`dropout`, given the factor it returned.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: the shapes differ.

    >>> dropout_backward(np.array([3.0, 3.0]), np.array([0.0, 2.0]))
    array([0., 6.])
    """
    grad, factor = as_float("grad", grad), as_float("factor", factor)
    return check_shape("grad", grad, factor.shape, "the shape of the output") * factor
