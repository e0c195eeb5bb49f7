"""What the tests of activations share."""

import math
import re
from decimal import Decimal, localcontext
from functools import cache

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.activations import ACTIVATIONS
from lecture_lib.shapes import ShapeError

NAMES = ["sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "maxout", "softplus", "mish", "swish", "gelu"]
EVERY = pytest.mark.parametrize("each", ACTIVATIONS.values(), ids=NAMES)
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])
WITH_NUMBER = [name for name in NAMES if ACTIVATIONS[name].parameter and name != "maxout"]
LN2, LN3, INF = math.log(2), math.log(3), math.inf
LINES = ACTIVATIONS["maxout"].parameter.default
ANOTHER = {"leaky_relu": 0.3, "prelu": 1.75, "elu": 2.5, "swish": 3.0, "maxout": ((-2, 1), (0.5, 0))}
KINKS = {"relu": [0], "leaky_relu": [0], "prelu": [0], "elu": [0], "maxout": [-1, 0, 0.4, 1]}  # ANOTHER's too

sigmoid, tanh, relu, leaky_relu, prelu, elu, maxout, softplus, mish, swish, gelu = ACTIVATIONS.values()
rng = np.random.default_rng(0)
line = np.linspace(-30, 30, 6001)


def functions(each):
    """f, df and, where there is one, df_parameter."""
    return [function for function in (each.f, each.df, each.df_parameter) if function]


def settings_of(name):
    """The default parameter and, where there is a parameter, another one."""
    return [None, *([ANOTHER[name]] if name in ANOTHER else [])]


# The printed formula is what is computed


def as_python(formula):
    """The formulas' LaTeX as a Python expression."""
    for latex, python in (
        (r"e\^\{([^{}]*)\}", r"exp(\1)"),
        (r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)"),
        (r"\\mathrm\{(\w+)\}", r"\1"),
        (r"_\{i\}", ""),
        (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1) / (\2))"),
        (r"\\", ""),
        (r"(?<=[\w)]) (?=[\w(])", " * "),
    ):
        formula = re.sub(latex, python, formula)
    return formula


def largest(*values):
    return np.maximum(*values) if len(values) == 2 else values[0].max(axis=0)


# Against the definitions at 400 digits


def area(x):
    """√(2π) (Φ(x) - 1/2) = φ(x) / φ(0) · (x + x³/3 + x⁵/(3·5) + ...)."""
    term = total = x
    k = 1
    while abs(term) > Decimal("1e-400"):
        k += 2
        term *= x * x / k
        total += term
    return total * (-x * x / 2).exp()


@cache
def half():
    return area(Decimal(45))  # √(2π) / 2 to 400 digits


def squashed(x):
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


def bent(x, a):
    return x if x > 0 else a * x


DEFINITIONS = {
    "sigmoid": lambda x, _: 1 / (1 + (-x).exp()),
    "tanh": lambda x, _: squashed(x),
    "relu": lambda x, _: bent(x, 0),
    "leaky_relu": bent,
    "prelu": bent,
    "elu": lambda x, a: x if x > 0 else a * (x.exp() - 1),
    "maxout": lambda x, lines: max(w * x + b for w, b in lines),
    "softplus": lambda x, _: (1 + x.exp()).ln(),
    "mish": lambda x, _: x * squashed((1 + x.exp()).ln()),
    "swish": lambda x, b: x / (1 + (-b * x).exp()),
    "gelu": lambda x, _: x * (1 + area(x) / half()) / 2,
}


def exactly(numbers, dtype):
    """The numbers that ``numbers`` become in a dtype, as decimals."""
    return tuple(exactly(each, dtype) for each in numbers) if np.ndim(numbers) else Decimal(float(dtype(numbers)))


@cache
def truth(name, x, parameter):
    """Value, derivative and derivative by the parameter, correct to 100 digits and then rounded."""
    f, h = DEFINITIONS[name], Decimal("1e-60")
    with localcontext() as context:
        context.prec = 400
        x = Decimal(x)
        slope = (f(x + h, parameter) - f(x - h, parameter)) / (2 * h)
        by_parameter = None
        if isinstance(parameter, Decimal):
            by_parameter = (f(x, parameter + h) - f(x, parameter - h)) / (2 * h)
        return [None if each is None else float(each) for each in (f(x, parameter), slope, by_parameter)]


# Derivatives against central differences


def central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


MONOTONE = ["sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "softplus"]
CONVEX = ["relu", "leaky_relu", "prelu", "elu", "maxout", "softplus"]


# Maxout's lines

whole_lines = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=6)


# Extremes: silent (a warning is an error here), and right

AT_INFINITY = {  # f(-∞), f(∞), df(-∞), df(∞)
    "sigmoid": (0, 1, 0, 0),
    "tanh": (-1, 1, 0, 0),
    "relu": (0, INF, 0, 1),
    "leaky_relu": (-INF, INF, 0.01, 1),
    "prelu": (-INF, INF, 0.25, 1),
    "elu": (-1, INF, 0, 1),
    "maxout": (INF, INF, -1, 1),
    "softplus": (0, INF, 0, 1),
    "mish": (0, INF, 0, 1),
    "swish": (0, INF, 0, 1),
    "gelu": (0, INF, 0, 1),
}


# Errors: the name, the value, the rule

WRONG = [
    *(("relu", x, None, TypeError, "x has dtype", "must hold integers, float32 or float64")
      for x in ("text", ["1", "2"], [None], np.array([1], object), 1j, np.float16([1]), {})),
    ("relu", [[1, 2], [3]], None, TypeError, "x:", "rows of equal length"),
    ("relu", 1, 0.5, ValueError, "parameter=0.5", "must be None, because relu has none"),
    ("sigmoid", 1, [(1, 2)], ValueError, "parameter=[(1, 2)]", "must be None, because sigmoid has none"),
    ("leaky_relu", 1, "0.1", TypeError, "negative_slope has dtype <U3", "must hold integers, float32 or float64"),
    ("leaky_relu", 1, np.nan, ValueError, "negative_slope=nan", "must be finite"),
    ("leaky_relu", np.float32(1), 1e300, ValueError, "negative_slope=1e+300", "must be finite as float32"),
    ("prelu", np.ones((2, 3)), [0.1, 0.2], ShapeError, "weight has shape (2,)", "which has shape (2, 3)"),
    ("prelu", 1, [[1, 2], [3]], TypeError, "weight:", "rows of equal length"),
    ("prelu", 1, [0.1, INF], ValueError, "weight=[0.1, inf]", "must be finite"),
    ("elu", 1, object(), TypeError, "alpha has dtype object", "must hold integers"),
    ("swish", 1, -INF, ValueError, "beta=-inf", "must be finite"),
    ("swish", 1, 1j, TypeError, "beta has dtype complex128", "must hold integers"),
    ("maxout", 1, [], ShapeError, "lines=[]", "must be one or more (slope, offset) pairs"),
    ("maxout", 1, np.ones((0, 2)), ShapeError, "lines=an array of shape (0, 2)", "must be one or more (slope, offset) pairs"),
    ("maxout", 1, 0.5, ShapeError, "lines=0.5", "must be one or more (slope, offset) pairs"),
    ("maxout", 1, (1, 2), ShapeError, "lines=(1, 2)", "must be one or more (slope, offset) pairs"),
    ("maxout", 1, [(1, 2, 3)], ShapeError, "lines=[(1, 2, 3)]", "must be one or more (slope, offset) pairs"),
    ("maxout", 1, [(1, 2), (3,)], TypeError, "lines:", "rows of equal length"),
    ("maxout", 1, [(1, np.nan)], ValueError, "lines=[(1, nan)]", "must be finite"),
    ("maxout", 1, "lines", TypeError, "lines has dtype <U5", "must hold integers"),
]  # fmt: skip


def regression_line(x, y):
    """Slope and offset as the textbook has them: covariance by variance, through the means."""
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return slope, y.mean() - slope * x.mean()
