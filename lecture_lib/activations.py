"""The zoo of activation functions: value, derivative, formula and paper of each, by name.

Symbols::

    x   what the neuron adds up              σ      sigmoid, 1 / (1 + e^-x)
    α   slope left of 0; ELU's depth there   Φ, φ   the normal distribution and its density
    β   Swish's steepness                    w, b   slope and offset of one of Maxout's lines

At a kink the derivative is that of the left side, as in PyTorch: ReLU'(0) = 0, Leaky ReLU'(0) = α.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy.special import expit, ndtr, ndtri

from .arguments import as_float, check_room, one_of, shown
from .shapes import ShapeError, integer

Lines = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Parameter:
    """What shapes an activation beside x: its name in PyTorch, its symbol in LaTeX, its default."""

    name: str
    symbol: str
    default: float | Lines
    low: float
    """With ``high``, the ends of a slider that shows what the parameter does (for Maxout, that of
    each slope and offset); values beyond are allowed."""
    high: float


@dataclass(frozen=True)
class Activation:
    """One activation function, for arrays of any shape, number by number.

    Results have the dtype of x (integers count as float64), its memory layout, and its shape,
    or the one that x and the parameter broadcast to. NaN gives NaN; ±infinity gives the limit
    where there is one. x is never changed.
    """

    name: str
    title: str
    formula: str
    """LaTeX without dollar signs, for MathJax and for Matplotlib."""
    year: int
    paper: str
    parameter: Parameter | None
    _f: Callable = field(repr=False)
    _df: Callable = field(repr=False)
    _df_parameter: Callable | None = field(default=None, repr=False)

    @property
    def short_paper(self) -> str:
        """The paper without initials and without the remarks in brackets, for a table.

        >>> ACTIVATIONS["swish"].short_paper
        'Ramachandran, Zoph & Le, Searching for Activation Functions, arXiv:1710.05941'
        """
        return re.sub(r"\b(?:[A-Z]\.[- ]?)+", "", re.sub(r" \([^)]*\)$", "", self.paper))

    def f(self, x: np.ndarray, parameter: float | np.ndarray | Lines | None = None) -> np.ndarray:
        """The value at x.

        Args:
            x: (...), float32, float64 or integers.
            parameter: a finite number, or an array of them that broadcasts against x; one slope a channel
                of an (N, C, H, W) batch has the shape (C, 1, 1). Maxout takes a sequence of
                (slope, offset) pairs. None means the default.

        Raises:
            TypeError: ``x`` or the parameter does not hold real numbers.
            ValueError: the parameter is not finite, or there is none.
            ShapeError: the parameter does not broadcast against ``x``, or is not pairs where lines are due.

        >>> ACTIVATIONS["leaky_relu"].f([-2, 0, 3]), ACTIVATIONS["leaky_relu"].f([-2, 0, 3], 0.5)
        (array([-0.02,  0.  ,  3.  ]), array([-1.,  0.,  3.]))
        """
        return self._evaluate(self._f, x, parameter)

    def df(self, x: np.ndarray, parameter: float | np.ndarray | Lines | None = None) -> np.ndarray:
        """The derivative at x, that of the left side at a kink; arguments and errors are those of :meth:`f`.

        >>> ACTIVATIONS["leaky_relu"].df([-2, 0, 3])
        array([0.01, 0.01, 1.  ])
        """
        return self._evaluate(self._df, x, parameter)

    @property
    def df_parameter(self) -> Callable[..., np.ndarray] | None:
        """The derivative with respect to the parameter, a function as :meth:`f` is, or None where it is not given.

        Times the gradient at the output, and summed over the axes along which the parameter was broadcast,
        it is the parameter's gradient.

        >>> ACTIVATIONS["prelu"].df_parameter([-2, 0, 3])
        array([-2.,  0.,  0.])
        """
        return self._df_parameter and partial(self._evaluate, self._df_parameter)

    def _evaluate(self, function, x, parameter=None):
        """Check the arguments and apply ``function``."""
        x = as_float("x", x)
        if self.parameter is None:
            if parameter is not None:
                raise ValueError(f"parameter={shown(parameter)}: must be None, because {self.name} has none")
            return function(x)[()]
        name, value = self.parameter.name, self.parameter.default if parameter is None else parameter
        check = _check_lines if name == "lines" else _check_broadcast
        return function(x, check(name, value, x))[()]  # a number for a number


def activation(name: str) -> Activation:
    """Return an activation of :data:`ACTIVATIONS` by its name.

    Raises:
        ValueError: an unknown ``name``; the message lists the known ones.

    >>> activation("relu").f(-1.5), activation("relu").title
    (np.float64(0.0), 'ReLU')
    """
    return ACTIVATIONS[one_of("name", name, ACTIVATIONS)]


def winner(x: np.ndarray, lines: Lines) -> np.ndarray:
    """Which of Maxout's ``lines`` is the highest at x: its index, the first one's where several meet.

    The result has the shape of x; at NaN it is 0. Errors are those of :meth:`Activation.f`.

    >>> winner([-3, 0, 3], [(-1, 0), (1, 0)]).tolist()
    [0, 0, 1]
    """
    x = as_float("x", x)
    return _winner(x, _check_lines("lines", lines, x))[()]


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
    least = np.square(_maxout(x, best) - y).sum() if count > 1 else math.inf
    for _ in range(rounds):
        for line in range(count):
            mine = share == line
            if mine.sum() >= 2:  # a line that wins nowhere stays as it is
                lines[line] = np.polyfit(x[mine], y[mine], 1)
        error = np.square(_maxout(x, lines) - y).sum()
        if error < least:
            best, least = lines.copy(), error
        before, share = share, _winner(x, lines)
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


def _check_finite(name, value, x) -> np.ndarray:
    with np.errstate(over="ignore"):  # too large for float32 is infinite
        array = as_float(name, value).astype(x.dtype)
    if not np.isfinite(array).all():
        raise ValueError(f"{name}={shown(value)}: must be finite as {x.dtype}")
    return array


def _check_broadcast(name, value, x) -> np.ndarray:
    array = _check_finite(name, value, x)
    try:
        np.broadcast_shapes(array.shape, x.shape)
    except ValueError:
        raise ShapeError(
            f"{name} has shape {array.shape}: must broadcast against x, which has shape {x.shape}"
        ) from None
    return array


def _check_lines(name, value, x) -> np.ndarray:
    array = _check_finite(name, value, x)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ShapeError(f"{name}={shown(value)}: must be one or more (slope, offset) pairs")
    return array


def _times(x, factor):
    """``x · factor``, without a warning: 0 · ∞ is 0, too large is ∞.

    0 is the limit, because a factor here is either a constant or falls faster than x grows.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        product = x * factor
    return product if np.all(factor) else np.where((factor == 0) & np.isinf(x), product.dtype.type(0), product)


def _keep_nan(slope, x):
    """``slope``, made by comparing, with NaN where x is NaN."""
    slope = np.asarray(slope)
    np.copyto(slope, x, where=np.isnan(x))
    return slope


def _relu(x):
    return np.maximum(x, 0)


def _relu_slope(x):
    return _keep_nan((x > 0).astype(x.dtype), x)  # ``np.heaviside`` takes ten times as long


def _sigmoid_slope(x):
    """σ(x) σ(-x), which keeps its digits where 1 - σ(x) has lost them."""
    return expit(x) * expit(-x)


def _tanh_slope(x):
    """1 - tanh²(x) = 4 σ(2x) σ(-2x), for the same reason."""
    return 4 * _sigmoid_slope(_times(x, 2))


def _leaky(x, slope):
    """max(0, x) + α min(0, x) (He et al. 2015, after equation 1). max(αx, x) is the same only while α <= 1."""
    if np.all(slope <= 1):
        return np.maximum(x, _times(x, slope))  # half the passes over the array
    return np.maximum(x, 0) + _times(np.minimum(x, 0), slope)


def _leaky_slope(x, slope):
    right = x > 0
    return _keep_nan(right + slope * ~right, x)  # ``np.where`` takes five times as long


def _leaky_parameter(x, slope):
    """He et al. 2015, equation 3."""
    return np.minimum(x, 0)


def _elu(x, alpha):
    return np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))


def _elu_slope(x, alpha):
    return np.where(x > 0, x.dtype.type(1), alpha * np.exp(np.minimum(x, 0)))


def _elu_parameter(x, alpha):
    return np.expm1(np.minimum(x, 0))


def _maxout(x, lines):
    return reduce(np.maximum, (_times(x, slope) + offset for slope, offset in lines))


def _maxout_slope(x, lines):
    return _keep_nan(lines[_winner(x, lines), 0], x)


def _winner(x, lines):
    # at infinity lines would tie that do not; this far out the order is already the same
    reach = np.finfo(x.dtype).max / 4 / np.maximum(1, np.abs(lines).max())
    x = np.clip(x, -reach, reach)
    index, highest = np.zeros_like(x, dtype=np.intp), x * lines[0, 0] + lines[0, 1]
    for i, (slope, offset) in enumerate(lines[1:], start=1):
        height = x * slope + offset
        index = np.where(height > highest, i, index)
        highest = np.maximum(highest, height)
    return index


def _softplus(x):
    """ln(1 + eˣ) with eˣ taken out where it is large. ``np.logaddexp(0, x)`` warns at NaN."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def _mish(x):
    return _times(x, np.tanh(_softplus(x)))


def _mish_slope(x):
    gate = np.tanh(_softplus(x))
    return gate + _times(x, (1 - gate * gate) * expit(x))


def _swish(x, beta):
    return _times(x, expit(_times(x, beta)))


def _swish_slope(x, beta):
    z = _times(x, beta)
    return expit(z) + _times(z, _sigmoid_slope(z))


def _swish_parameter(x, beta):
    return _times(x, _times(x, _sigmoid_slope(_times(x, beta))))  # x² alone may be too large


def _gelu(x):
    return _times(x, ndtr(x))


def _gelu_slope(x):
    """Φ(x) + x φ(x)."""
    density = np.exp(-0.5 * _times(x, x)) / math.sqrt(2 * math.pi)
    return ndtr(x) + _times(x, density)


_ZOO = (
    Activation(
        "sigmoid", "Sigmoid", r"\frac{1}{1 + e^{-x}}", 1986,
        "D. E. Rumelhart, G. E. Hinton & R. J. Williams, Learning representations by back-propagating errors, "
        "Nature 323, 533–536 (the curve itself: P.-F. Verhulst 1838)",
        None, expit, _sigmoid_slope,
    ),
    Activation(
        "tanh", "Tanh", r"\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}", 1998,
        "Y. LeCun, L. Bottou, G. B. Orr & K.-R. Müller, Efficient BackProp, Neural Networks: Tricks of the Trade, "
        "LNCS 1524, 9–50 (section 4.4; the advice goes back to Y. LeCun, I. Kanter & S. A. Solla 1991, NIPS 3)",
        None, np.tanh, _tanh_slope,
    ),
    Activation(
        "relu", "ReLU", r"\max(0, x)", 2010,
        "V. Nair & G. E. Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML "
        "(the function itself: K. Fukushima 1969, and his Cognitron of 1975)",
        None, _relu, _relu_slope,
    ),
    Activation(
        "leaky_relu", "Leaky ReLU", r"\max(0, x) + \alpha \min(0, x)", 2013,
        "A. L. Maas, A. Y. Hannun & A. Y. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, "
        "ICML Workshop on Deep Learning for Audio, Speech and Language Processing",
        Parameter("negative_slope", r"\alpha", 0.01, 0.0, 1.0), _leaky, _leaky_slope,
    ),
    Activation(
        "prelu", "PReLU", r"\max(0, x) + \alpha \min(0, x)", 2015,
        "K. He, X. Zhang, S. Ren & J. Sun, Delving Deep into Rectifiers: Surpassing Human-Level Performance on "
        "ImageNet Classification, ICCV, arXiv:1502.01852",
        Parameter("weight", r"\alpha", 0.25, -1.0, 2.0), _leaky, _leaky_slope, _leaky_parameter,
    ),
    Activation(
        "elu", "ELU", r"\max(0, x) + \alpha (e^{\min(0, x)} - 1)", 2016,
        "D.-A. Clevert, T. Unterthiner & S. Hochreiter, Fast and Accurate Deep Network Learning by Exponential "
        "Linear Units (ELUs), ICLR, arXiv:1511.07289",
        Parameter("alpha", r"\alpha", 1.0, 0.0, 3.0), _elu, _elu_slope, _elu_parameter,
    ),
    Activation(
        "maxout", "Maxout", r"\max_{i}(w_{i} x + b_{i})", 2013,
        "I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville & Y. Bengio, Maxout Networks, ICML, "
        "arXiv:1302.4389",
        # three lines that meet at -1 and at 1
        Parameter("lines", "w_{i}, b_{i}", ((-1.0, -1.25), (0.25, 0.0), (1.0, -0.75)), -2.0, 2.0),
        _maxout, _maxout_slope,
    ),
    Activation(
        "softplus", "Softplus", r"\ln(1 + e^{x})", 2001,
        "C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau & R. Garcia, Incorporating Second-Order Functional Knowledge "
        "for Better Option Pricing, NIPS 13 (in deep networks: X. Glorot, A. Bordes & Y. Bengio 2011, AISTATS)",
        None, _softplus, expit,
    ),
    Activation(
        "mish", "Mish", r"x \tanh(\ln(1 + e^{x}))", 2019,
        "D. Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv:1908.08681",
        None, _mish, _mish_slope,
    ),
    Activation(
        "swish", "Swish", r"\frac{x}{1 + e^{-\beta x}}", 2017,
        "P. Ramachandran, B. Zoph & Q. V. Le, Searching for Activation Functions, arXiv:1710.05941 "
        "(PyTorch's SiLU is β = 1)",
        Parameter("beta", r"\beta", 1.0, 0.0, 10.0), _swish, _swish_slope, _swish_parameter,
    ),
    Activation(
        "gelu", "GELU", r"\frac{x}{2} (1 + \mathrm{erf}(\frac{x}{\sqrt{2}}))", 2016,
        "D. Hendrycks & K. Gimpel, Gaussian Error Linear Units (GELUs), arXiv:1606.08415",
        None, _gelu, _gelu_slope,
    ),
)  # fmt: skip

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({each.name: each for each in _ZOO})
"""The activations by name, in the lecture's order; softplus stands before Mish, which is made of it."""
