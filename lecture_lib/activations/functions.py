"""The functions and their slopes, as formulas."""

import math
from functools import reduce

import numpy as np

# SciPy is imported by what needs it: a page with Python fetches it with the first call.


def sigmoid(x):
    from scipy.special import expit

    return expit(x)


def times(x, factor):
    """``x · factor``, without a warning: 0 · ∞ is 0, too large is ∞.

    0 is the limit, because a factor here is either a constant or falls faster than x grows.
    """
    with np.errstate(all="ignore"):
        product = x * factor
    return product if np.all(factor) else np.where((factor == 0) & np.isinf(x), product.dtype.type(0), product)


def keep_nan(slope, x):
    """``slope``, made by comparing, with NaN where x is NaN."""
    slope = np.asarray(slope)
    np.copyto(slope, x, where=np.isnan(x))
    return slope


def relu(x):
    return np.maximum(x, 0)


def relu_slope(x):
    return keep_nan((x > 0).astype(x.dtype), x)  # ``np.heaviside`` is many times slower


def sigmoid_slope(x):
    """σ(x) σ(-x), which keeps its digits where 1 - σ(x) has lost them."""
    return sigmoid(x) * sigmoid(-x)


def tanh_slope(x):
    """1 - tanh²(x) = 4 σ(2x) σ(-2x), for the same reason."""
    return 4 * sigmoid_slope(times(x, 2))


def leaky(x, slope):
    """max(0, x) + α min(0, x) (He et al. 2015, after equation 1). max(αx, x) is the same only while α <= 1."""
    if np.all(slope <= 1):
        return np.maximum(x, times(x, slope))  # half the passes over the array
    return np.maximum(x, 0) + times(np.minimum(x, 0), slope)


def leaky_slope(x, slope):
    right = x > 0
    return keep_nan(right + slope * ~right, x)  # ``np.where`` is many times slower


def leaky_parameter(x, slope):
    """He et al. 2015, equation 3."""
    return np.minimum(x, 0)


def elu(x, alpha):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def elu_slope(x, alpha):
    return np.where(x > 0, x.dtype.type(1), alpha * np.exp(np.minimum(x, 0)))


def elu_parameter(x, alpha):
    return np.expm1(np.minimum(x, 0))


def maxout(x, lines):
    return reduce(np.maximum, (times(x, slope) + offset for slope, offset in lines))


def maxout_slope(x, lines):
    return keep_nan(lines[highest(x, lines), 0], x)


def highest(x, lines):
    # at infinity lines would tie that do not; this far out the order is already the same
    reach = np.finfo(x.dtype).max / 4 / np.maximum(1, np.abs(lines).max())
    x = np.clip(x, -reach, reach)
    index, highest = np.zeros_like(x, dtype=np.intp), x * lines[0, 0] + lines[0, 1]
    for i, (slope, offset) in enumerate(lines[1:], start=1):
        height = x * slope + offset
        index = np.where(height > highest, i, index)
        highest = np.maximum(highest, height)
    return index


def softplus(x):
    """ln(1 + eˣ) with eˣ taken out where it is large. ``np.logaddexp(0, x)`` warns at NaN."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def mish(x):
    return times(x, np.tanh(softplus(x)))


def mish_slope(x):
    gate = np.tanh(softplus(x))
    return gate + times(x, (1 - gate * gate) * sigmoid(x))


def swish(x, beta):
    return times(x, sigmoid(times(x, beta)))


def swish_slope(x, beta):
    z = times(x, beta)
    return sigmoid(z) + times(z, sigmoid_slope(z))


def swish_parameter(x, beta):
    return times(x, times(x, sigmoid_slope(times(x, beta))))  # x² alone may be too large


def normal_share(x):
    """Φ(x), the share of a normal distribution that lies below x."""
    from scipy.special import ndtr

    return ndtr(x)


def gelu(x):
    return times(x, normal_share(x))


def gelu_slope(x):
    """Φ(x) + x φ(x)."""
    density = np.exp(-0.5 * times(x, x)) / math.sqrt(2 * math.pi)
    return normal_share(x) + times(x, density)
