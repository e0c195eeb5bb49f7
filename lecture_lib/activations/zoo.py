"""The activations by name, each with its formula and its paper."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import numpy as np

from ..arguments import as_float, one_of, shown
from ..shapes import ShapeError
from . import functions

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

    @np.errstate(all="ignore")  # what is too large is infinite, what is too small is 0
    def _evaluate(self, function, x, parameter=None):
        """Check the arguments and apply ``function``."""
        x = as_float("x", x)
        if self.parameter is None:
            if parameter is not None:
                raise ValueError(f"parameter={shown(parameter)}: must be None, because {self.name} has none")
            return function(x)[()]
        name, value = self.parameter.name, self.parameter.default if parameter is None else parameter
        check = check_lines if name == "lines" else _check_broadcast
        return function(x, check(name, value, x))[()]  # a number for a number


def activation(name: str) -> Activation:
    """Return an activation of :data:`ACTIVATIONS` by its name.

    Raises:
        ValueError: an unknown ``name``; the message lists the known ones.

    >>> activation("relu").f(-1.5), activation("relu").title
    (np.float64(0.0), 'ReLU')
    """
    return ACTIVATIONS[one_of("name", name, ACTIVATIONS)]


@np.errstate(all="ignore")
def winner(x: np.ndarray, lines: Lines) -> np.ndarray:
    """Which of Maxout's ``lines`` is the highest at x: its index, the first one's where several meet.

    The result has the shape of x; at NaN it is 0. Errors are those of :meth:`Activation.f`.

    >>> winner([-3, 0, 3], [(-1, 0), (1, 0)]).tolist()
    [0, 0, 1]
    """
    x = as_float("x", x)
    return functions.highest(x, check_lines("lines", lines, x))[()]


def _check_finite(name, value, x) -> np.ndarray:
    array = as_float(name, value).astype(x.dtype)  # too large for float32 is infinite
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


def check_lines(name, value, x) -> np.ndarray:
    array = _check_finite(name, value, x)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise ShapeError(f"{name}={shown(value)}: must be one or more (slope, offset) pairs")
    return array


_ZOO = (
    Activation(
        "sigmoid", "Sigmoid", r"\frac{1}{1 + e^{-x}}", 1986,
        "D. E. Rumelhart, G. E. Hinton & R. J. Williams, Learning representations by back-propagating errors, "
        "Nature 323, 533–536 (the curve itself: P.-F. Verhulst 1838)",
        None, functions.sigmoid, functions.sigmoid_slope,
    ),
    Activation(
        "tanh", "Tanh", r"\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}", 1998,
        "Y. LeCun, L. Bottou, G. B. Orr & K.-R. Müller, Efficient BackProp, Neural Networks: Tricks of the Trade, "
        "LNCS 1524, 9–50 (section 4.4; the advice goes back to Y. LeCun, I. Kanter & S. A. Solla 1991, NIPS 3)",
        None, np.tanh, functions.tanh_slope,
    ),
    Activation(
        "relu", "ReLU", r"\max(0, x)", 2010,
        "V. Nair & G. E. Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, ICML "
        "(the function itself: K. Fukushima 1969, and his Cognitron of 1975)",
        None, functions.relu, functions.relu_slope,
    ),
    Activation(
        "leaky_relu", "Leaky ReLU", r"\max(0, x) + \alpha \min(0, x)", 2013,
        "A. L. Maas, A. Y. Hannun & A. Y. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, "
        "ICML Workshop on Deep Learning for Audio, Speech and Language Processing",
        Parameter("negative_slope", r"\alpha", 0.01, 0.0, 1.0), functions.leaky, functions.leaky_slope,
    ),
    Activation(
        "prelu", "PReLU", r"\max(0, x) + \alpha \min(0, x)", 2015,
        "K. He, X. Zhang, S. Ren & J. Sun, Delving Deep into Rectifiers: Surpassing Human-Level Performance on "
        "ImageNet Classification, ICCV, arXiv:1502.01852",
        Parameter("weight", r"\alpha", 0.25, -1.0, 2.0), functions.leaky, functions.leaky_slope, functions.leaky_parameter,
    ),
    Activation(
        "elu", "ELU", r"\max(0, x) + \alpha (e^{\min(0, x)} - 1)", 2016,
        "D.-A. Clevert, T. Unterthiner & S. Hochreiter, Fast and Accurate Deep Network Learning by Exponential "
        "Linear Units (ELUs), ICLR, arXiv:1511.07289",
        Parameter("alpha", r"\alpha", 1.0, 0.0, 3.0), functions.elu, functions.elu_slope, functions.elu_parameter,
    ),
    Activation(
        "maxout", "Maxout", r"\max_{i}(w_{i} x + b_{i})", 2013,
        "I. J. Goodfellow, D. Warde-Farley, M. Mirza, A. Courville & Y. Bengio, Maxout Networks, ICML, "
        "arXiv:1302.4389",
        # three lines that meet at -1 and at 1
        Parameter("lines", "w_{i}, b_{i}", ((-1.0, -1.25), (0.25, 0.0), (1.0, -0.75)), -2.0, 2.0),
        functions.maxout, functions.maxout_slope,
    ),
    Activation(
        "softplus", "Softplus", r"\ln(1 + e^{x})", 2001,
        "C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau & R. Garcia, Incorporating Second-Order Functional Knowledge "
        "for Better Option Pricing, NIPS 13 (in deep networks: X. Glorot, A. Bordes & Y. Bengio 2011, AISTATS)",
        None, functions.softplus, functions.sigmoid,
    ),
    Activation(
        "mish", "Mish", r"x \tanh(\ln(1 + e^{x}))", 2019,
        "D. Misra, Mish: A Self Regularized Non-Monotonic Activation Function, arXiv:1908.08681",
        None, functions.mish, functions.mish_slope,
    ),
    Activation(
        "swish", "Swish", r"\frac{x}{1 + e^{-\beta x}}", 2017,
        "P. Ramachandran, B. Zoph & Q. V. Le, Searching for Activation Functions, arXiv:1710.05941 "
        "(PyTorch's SiLU is β = 1)",
        Parameter("beta", r"\beta", 1.0, 0.0, 10.0), functions.swish, functions.swish_slope, functions.swish_parameter,
    ),
    Activation(
        "gelu", "GELU", r"\frac{x}{2} (1 + \mathrm{erf}(\frac{x}{\sqrt{2}}))", 2016,
        "D. Hendrycks & K. Gimpel, Gaussian Error Linear Units (GELUs), arXiv:1606.08415",
        None, functions.gelu, functions.gelu_slope,
    ),
)  # fmt: skip

ACTIVATIONS: Mapping[str, Activation] = MappingProxyType({each.name: each for each in _ZOO})
"""The activations by name, in the lecture's order; softplus stands before Mish, which is made of it."""
