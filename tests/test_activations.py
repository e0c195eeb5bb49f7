"""The activations: hand-worked values, their definitions at 400 digits, each one's theorems, SciPy, PyTorch."""

import math
import re
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, fields
from decimal import Decimal, localcontext
from functools import cache, partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser
from scipy import special

from lecture_lib.activations import ACTIVATIONS, FLAT, Activation, Parameter, activation, fit_lines, landing, winner
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


# Values worked out by hand


@pytest.mark.parametrize(
    ("name", "parameter", "x", "value", "slope"),
    [
        ("sigmoid", None, 0, 1 / 2, 1 / 4),
        ("sigmoid", None, LN3, 3 / 4, 3 / 16),
        ("sigmoid", None, -LN3, 1 / 4, 3 / 16),
        ("tanh", None, 0, 0, 1),
        ("tanh", None, LN2, 3 / 5, 16 / 25),
        ("tanh", None, -LN2, -3 / 5, 16 / 25),
        ("relu", None, 3, 3, 1),
        ("relu", None, -3, 0, 0),
        ("leaky_relu", None, 3, 3, 1),
        ("leaky_relu", None, -3, -0.03, 0.01),
        ("leaky_relu", 0.5, -3, -1.5, 0.5),
        ("prelu", None, -3, -0.75, 0.25),
        ("prelu", 2, -3, -6, 2),
        ("prelu", 2, 3, 3, 1),
        ("prelu", -1, -3, 3, -1),
        ("elu", None, 3, 3, 1),
        ("elu", None, -LN2, -1 / 2, 1 / 2),
        ("elu", 3, -LN2, -3 / 2, 3 / 2),
        ("maxout", None, -3, 1.75, -1),
        ("maxout", None, 0, 0, 0.25),
        ("maxout", None, 3, 2.25, 1),
        ("maxout", [(2, 1)], 3, 7, 2),
        ("softplus", None, 0, LN2, 1 / 2),
        ("softplus", None, LN3, 2 * LN2, 3 / 4),
        ("mish", None, 0, 0, 3 / 5),
        ("mish", None, LN2, 0.8 * LN2, 0.8 + 0.24 * LN2),
        ("swish", None, 0, 0, 1 / 2),
        ("swish", None, LN3, LN3 * 3 / 4, 3 / 4 + LN3 * 3 / 16),
        ("swish", 2, LN2, 0.8 * LN2, 0.8 + 0.32 * LN2),
        ("gelu", None, 0, 0, 1 / 2),
        ("gelu", None, 1, 0.8413447460685429, 0.8413447460685429 + 0.24197072451914337),
        ("gelu", None, -1, 0.8413447460685429 - 1, 1 - 0.8413447460685429 - 0.24197072451914337),
    ],
)
def test_values_and_derivatives_worked_out_by_hand(name, parameter, x, value, slope):
    assert math.isclose(ACTIVATIONS[name].f(x, parameter), value, rel_tol=1e-14, abs_tol=1e-16)
    assert math.isclose(ACTIVATIONS[name].df(x, parameter), slope, rel_tol=1e-14)


def test_derivatives_by_the_parameter_worked_out_by_hand():
    assert prelu.df_parameter([-3, 0, 3]).tolist() == [-3, 0, 0]
    assert np.allclose(elu.df_parameter([-LN2, 0, 3]), [-1 / 2, 0, 0], rtol=1e-15)
    assert np.allclose(swish.df_parameter([-LN3, 0, LN3]), [LN3**2 * 3 / 16, 0, LN3**2 * 3 / 16], rtol=1e-15)
    assert np.isclose(swish.df_parameter(LN2, 2), LN2**2 * 0.16, rtol=1e-15)
    assert {each.name for each in ACTIVATIONS.values() if each.df_parameter} == {"prelu", "elu", "swish"}


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


@EVERY
def test_the_formula_that_is_printed_is_the_one_that_is_computed(each):
    x = np.linspace(-6, 6, 101)
    for parameter in settings_of(each.name):
        names = {"x": x, "max": largest, "min": np.minimum, "exp": np.exp, "ln": np.log, "sqrt": np.sqrt}
        names |= {"erf": special.erf, "tanh": np.tanh}
        if each.name == "maxout":
            names["w"], names["b"] = np.array(parameter or LINES).T[:, :, None]
        elif each.parameter:
            names[each.parameter.symbol.strip("\\")] = parameter or each.parameter.default
        printed = eval(as_python(each.formula), {"__builtins__": {}}, names)  # noqa: S307 - our own constants
        assert np.allclose(each.f(x, parameter), printed, rtol=1e-12, atol=1e-14)


@EVERY
def test_formula_and_symbol_can_be_drawn(each):
    draw = MathTextParser("path").parse
    assert draw(f"${each.formula}$").width > 0
    if each.parameter:
        assert draw(f"${each.parameter.symbol}$").width > 0


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


@BOTH_DTYPES
@EVERY
def test_values_and_derivatives_are_those_of_the_definition_far_into_the_tails(each, dtype):
    x = [
        size * sign for size in (2**-20, 0.125, 0.625, 1.5, 2.75, 4, 8, 13, 20, 30, 80, 200, 10000) for sign in (1, -1)
    ]
    if each.name == "gelu":
        x = [number for number in x if abs(number) <= 30]
    digits, smallest = (2e-5, 1e-34) if dtype == np.float32 else (2e-13, 1e-300)
    for parameter in settings_of(each.name):
        value = each.parameter and exactly(each.parameter.default if parameter is None else parameter, dtype)
        expected = zip(*(truth(each.name, number, value) for number in x), strict=True)
        for function, column in zip(functions(each), expected, strict=False):
            # relative even where the result is tiny, but for the sums of Mish', Swish' and GELU' that pass through 0
            passing = (np.abs(x) > 0.1) & (np.abs(x) < 5)
            floor = np.where(passing, digits / 100, smallest)
            error = np.abs(function(np.array(x, dtype), parameter).astype(float) - column)
            assert (error <= digits * np.abs(column) + floor).all()


# Derivatives against central differences


def central(f, x, h=1e-5):
    return (f(x + h) - f(x - h)) / (2 * h)


@EVERY
@given(x=st.floats(-40, 40))
def test_df_is_the_central_difference_of_f(each, x):
    for parameter in settings_of(each.name):
        if all(abs(x - kink) > 1e-4 for kink in KINKS.get(each.name, [])):
            difference = central(lambda x: each.f(x, parameter), x)  # noqa: B023 - called at once
            assert np.isclose(each.df(x, parameter), difference, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["prelu", "elu", "swish"])
@given(x=st.floats(-40, 40), parameter=st.floats(-2, 4))
def test_df_parameter_is_the_central_difference_by_the_parameter(name, x, parameter):
    each = ACTIVATIONS[name]
    difference = central(partial(each.f, x), parameter)
    assert np.isclose(each.df_parameter(x, parameter), difference, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", KINKS)
def test_at_a_kink_the_derivative_is_that_of_the_left_side(name):
    each = ACTIVATIONS[name]
    kinks = np.array([-1, 1]) if name == "maxout" else np.zeros(1)
    assert np.allclose(each.df(kinks), each.df(kinks - 1e-12), rtol=1e-11)
    assert name == "elu" or not np.isclose(each.df(kinks), each.df(kinks + 1e-12)).any()


def test_at_0_relu_has_slope_0_and_leaky_relu_its_own():
    zeros = np.array([0.0, -0.0])
    assert relu.df(zeros).tolist() == [0, 0]
    assert leaky_relu.df(zeros).tolist() == [0.01, 0.01]
    assert prelu.df(zeros, 3).tolist() == [3, 3]
    assert elu.df(zeros, 2).tolist() == [2, 2]
    assert prelu.df_parameter(zeros).tolist() == [0, 0]


# Identities and bounds


def test_sigmoid_is_scipys_expit():
    assert np.array_equal(sigmoid.f(line), special.expit(line))
    assert np.allclose(sigmoid.f(line), 1 / (1 + np.exp(-line)), rtol=1e-14)
    assert np.allclose(sigmoid.df(line), sigmoid.f(line) * (1 - sigmoid.f(line)), rtol=0, atol=1e-15)


def test_sigmoid_is_a_tanh_moved_and_stretched():
    assert np.allclose(sigmoid.f(line), (1 + tanh.f(line / 2)) / 2, atol=1e-15)


def test_softplus_is_scipys_log_of_expit_and_its_derivative_is_sigmoid():
    assert np.allclose(softplus.f(line), -special.log_expit(-line), rtol=1e-14)
    assert np.allclose(softplus.f(line[line <= 0]), np.log1p(np.exp(line[line <= 0])), rtol=1e-14)
    assert np.array_equal(softplus.df(line), sigmoid.f(line))


def test_softplus_less_its_mirror_image_is_x():
    assert np.allclose(softplus.f(line) - softplus.f(-line), line, atol=1e-14)


def test_gelu_is_scipys_erf():
    assert np.allclose(gelu.f(line), line / 2 * special.erfc(-line / math.sqrt(2)), rtol=1e-12)


def test_gelu_is_almost_swish_at_beta_1702():  # Hendrycks & Gimpel 2016, section 2
    assert np.abs(gelu.f(line) - swish.f(line, 1.702)).max() < 0.0204


def test_mish_and_swish_are_x_times_a_gate():
    assert np.allclose(mish.f(line), line * np.tanh(softplus.f(line)), rtol=1e-15)
    assert np.allclose(swish.f(line, 2), line * sigmoid.f(2 * line), rtol=1e-15)


def test_swish_lies_between_a_line_and_relu():
    assert np.array_equal(swish.f(line, 0), line / 2)
    assert np.allclose(swish.f(line, 1e4), relu.f(line), atol=1e-3)


def test_prelu_is_max_of_two_lines_only_up_to_slope_1():
    for slope in (-2, 0, 0.25, 1):
        assert np.array_equal(prelu.f(line, slope), np.maximum(slope * line, line))
    for slope in (1.01, 3):
        assert np.array_equal(prelu.f(line, slope), np.minimum(slope * line, line))
        assert not np.allclose(prelu.f(line, slope), np.maximum(slope * line, line))


def test_prelu_is_leaky_relu_and_slope_0_is_relu_and_slope_1_is_nothing():
    assert np.array_equal(prelu.f(line, 0.3), leaky_relu.f(line, 0.3))
    for each in (leaky_relu, prelu):
        assert np.array_equal(each.f(line, 0), relu.f(line))
        assert np.array_equal(each.df(line, 0), relu.df(line))
        assert np.array_equal(each.f(line, 1), line)
    assert np.array_equal(elu.f(line, 0), relu.f(line))


def test_maxout_can_be_relu_leaky_relu_and_the_absolute_value():
    assert np.array_equal(maxout.f(line, [(0, 0), (1, 0)]), relu.f(line))
    assert np.array_equal(maxout.df(line, [(0, 0), (1, 0)]), relu.df(line))
    assert np.array_equal(maxout.f(line, [(0.01, 0), (1, 0)]), leaky_relu.f(line))
    assert np.array_equal(maxout.f(line, [(-1, 0), (1, 0)]), np.abs(line))


MONOTONE = ["sigmoid", "tanh", "relu", "leaky_relu", "prelu", "elu", "softplus"]
CONVEX = ["relu", "leaky_relu", "prelu", "elu", "maxout", "softplus"]


@pytest.mark.parametrize("name", NAMES)
def test_the_classical_ones_never_fall_and_maxout_and_the_gated_ones_do(name):
    f, df = ACTIVATIONS[name].f(line), ACTIVATIONS[name].df(line)
    assert (name in MONOTONE) == (np.diff(f) >= 0).all() == (df >= 0).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_rectifiers_softplus_and_maxout_are_convex_and_the_others_are_not(name):
    f, df = ACTIVATIONS[name].f(line), ACTIVATIONS[name].df(line)
    assert (name in CONVEX) == (np.diff(f, 2) >= -1e-13).all() == (np.diff(df) >= -1e-15).all()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("sigmoid", 0, 1), ("tanh", -1, 1), ("relu", 0, 30), ("elu", -1, 30), ("softplus", 0, 30.001)],
)
def test_values_stay_in_their_range(name, low, high):
    f = ACTIVATIONS[name].f(line)
    assert low <= f.min() < low + 1e-9
    assert high - 1e-3 < f.max() <= high


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("sigmoid", 0, 1 / 4), ("tanh", 0, 1), ("relu", 0, 1), ("leaky_relu", 0.01, 1), ("prelu", 0.25, 1),
     ("elu", 0, 1), ("softplus", 0, 1), ("mish", -0.1125, 1.0885), ("swish", -0.0998, 1.0998),
     ("gelu", -0.1289, 1.1289)],
)  # fmt: skip
def test_derivatives_stay_in_their_range_and_reach_its_ends(name, low, high):
    df = ACTIVATIONS[name].df(line)
    assert np.isclose(df.min(), low, atol=5e-5)
    assert np.isclose(df.max(), high, atol=5e-5)


def test_sigmoids_steepest_slope_is_a_quarter_at_0_and_tanhs_is_1():
    for each, steepest in ((sigmoid, 1 / 4), (tanh, 1)):
        assert each.df(line).max() == each.df(0.0) == steepest
        assert line[each.df(line).argmax()] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "x", "value"), [("mish", -1.1924, -0.30884), ("swish", -1.2785, -0.27846), ("gelu", -0.7518, -0.16997)]
)
def test_the_gated_ones_have_one_dip(name, x, value):
    each, fine = ACTIVATIONS[name], np.linspace(-5, 5, 100_001)
    assert np.isclose(fine[each.f(fine).argmin()], x, atol=1e-4)
    assert np.isclose(each.f(fine).min(), value, atol=1e-5)
    assert (np.diff(np.sign(each.df(fine))) != 0).sum() == 1


@given(x=st.floats(-1e4, 1e4))
def test_tanh_is_odd_and_sigmoid_is_symmetric_about_one_half(x):
    assert tanh.f(-x) == -tanh.f(x)
    assert np.isclose(sigmoid.f(x) + sigmoid.f(-x), 1, rtol=1e-15)
    for each in (sigmoid, tanh):
        assert each.df(x) == each.df(-x)


# Maxout's lines

whole_lines = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=6)


@given(whole_lines, st.lists(st.integers(-50, 50), min_size=1))
def test_the_winner_is_the_first_of_the_highest_lines(lines, x):
    slopes, offsets = np.array(lines).T[:, :, None]
    heights = slopes * x + offsets
    first = heights.argmax(axis=0)
    assert np.array_equal(winner(x, lines), first)
    assert np.array_equal(maxout.f(x, lines), heights.max(axis=0))
    assert np.array_equal(maxout.df(x, lines), slopes[first, 0])


@BOTH_DTYPES
@given(whole_lines)
def test_far_out_the_steepest_line_wins(dtype, lines):
    slopes = [slope for slope, _ in lines]
    far = np.array([-INF, np.finfo(dtype).min, np.finfo(dtype).max, INF], dtype)
    assert maxout.df(far, lines).tolist() == [min(slopes)] * 2 + [max(slopes)] * 2
    assert np.array_equal(np.array(slopes)[winner(far, lines)], maxout.df(far, lines))


def test_the_winner_has_the_shape_of_x():
    assert winner(np.zeros((2, 3)), LINES).tolist() == [[1] * 3] * 2
    assert winner(2, LINES) == 2
    assert type(winner(2, LINES)) is np.intp
    assert winner(np.nan, LINES) == 0


def test_maxouts_default_lines_meet_at_minus_1_and_1():
    assert winner([-1.01, -1, -0.99, 0.99, 1, 1.01], LINES).tolist() == [0, 0, 1, 1, 1, 2]


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


@BOTH_DTYPES
@EVERY
def test_infinity_gives_the_limit(each, dtype):
    ends = np.array([-INF, INF], dtype)
    expected = np.array(AT_INFINITY[each.name], dtype)
    assert np.array_equal([*each.f(ends), *each.df(ends)], expected)


@pytest.mark.parametrize("size", [1e4, 1e30])
@BOTH_DTYPES
@EVERY
def test_large_numbers_have_the_limits_of_infinity(each, dtype, size):
    x = np.array([-size, size], dtype)
    lowest, highest, *slopes = AT_INFINITY[each.name]
    for value, limit, at, slope in zip(each.f(x), (lowest, highest), x, slopes, strict=True):
        expected = slope * at if math.isinf(limit) else limit
        assert value == pytest.approx(expected, rel=1e-6 if size == 1e30 else 2e-4, abs=1e-30)
    assert np.array_equal(each.df(x), np.array(slopes, dtype))


@BOTH_DTYPES
@EVERY
@given(data=st.data())
def test_every_number_is_taken_in_silence_whatever_the_parameter(each, dtype, data):
    width = np.dtype(dtype).itemsize * 8
    x = np.array([data.draw(st.floats(width=width)), data.draw(st.floats(width=width))], dtype)
    parameter = None
    if each.name in WITH_NUMBER:
        parameter = data.draw(st.sampled_from([None, 0, -0.5, 0.01, 1, 1.5, 10]))
    elif each.parameter:
        parameter = data.draw(st.sampled_from([None, ((0, 0), (1, 0)), ((0, 3),), ((-9, 2), (9, 1), (9, 2))]))
    for function in functions(each):
        result = function(x, parameter)
        assert np.array_equal(np.isnan(result), np.isnan(x))


@pytest.mark.parametrize("name", WITH_NUMBER)
def test_a_parameter_of_0_does_not_make_nan_of_infinity(name):
    ends = [0, 1, INF] if name != "swish" else [-INF, 0.5, INF]
    assert ACTIVATIONS[name].f([-INF, 1, INF], 0).tolist() == ends
    assert ACTIVATIONS[name].f([-INF, 1, INF], [0, 0.5, 0])[[0, 2]].tolist() == ends[::2]


def test_a_level_line_is_level_at_infinity():
    assert maxout.f([-INF, INF], [(0, 5)]).tolist() == [5, 5]


@EVERY
def test_nan_gives_nan_and_leaves_its_neighbours_alone(each):
    x = np.array([-1.5, np.nan, 2.5, np.nan, 0.0])
    for function in functions(each):
        assert np.isnan(function(x)).tolist() == [False, True, False, True, False]
        assert np.array_equal(function(x)[::2], function(x[::2]))
        assert np.isnan(function(np.nan))


# Dtypes, shapes, memory


@pytest.mark.parametrize(
    ("given_", "kept"), [("f4", "f4"), ("f8", "f8"), (">f4", "f4"), ("i4", "f8"), ("u1", "f8"), ("?", "f8")]
)
@EVERY
def test_float32_stays_and_integers_become_float64(each, given_, kept):
    for parameter in settings_of(each.name):
        for function in functions(each):
            for x in (np.ones(3, given_), np.ones((), given_), np.zeros((0, 2), given_)):
                assert function(x, parameter).dtype == np.dtype(kept)
                assert function(x, parameter).shape == x.shape


@pytest.mark.parametrize("name", WITH_NUMBER)
def test_the_parameters_dtype_does_not_matter(name):
    each, x = ACTIVATIONS[name], np.float32([-1.5, 2])
    for function in functions(each):
        for parameter in (2, 2.0, np.float64(2), np.float32(2), np.full(2, 2.0), [2, 2]):
            assert function(x, parameter).dtype == np.float32
            assert np.array_equal(function(x, parameter), function(x, 2))


@EVERY
def test_a_number_gives_a_number(each):
    for parameter in settings_of(each.name):
        for function in functions(each):
            assert type(function(-1.5, parameter)) is np.float64
            assert type(function(np.float32(-1.5), parameter)) is np.float32
            assert function(-1.5, parameter) == function([-1.5], parameter)[0]


@EVERY
def test_each_number_is_taken_on_its_own(each):
    x = rng.normal(size=(2, 3, 4, 5)) * 3
    for function in functions(each):
        out = function(x)
        assert out.shape == x.shape
        assert all(out[index] == function(x[index]) for index in np.ndindex(x.shape[:2] + (1, 1)))


@EVERY
def test_the_memory_layout_of_x_is_kept(each):
    x = rng.normal(size=(2, 3, 4, 5)).transpose(0, 2, 3, 1)
    for parameter in settings_of(each.name):
        for function in functions(each):
            assert function(x, parameter).strides == x.strides
            assert np.array_equal(function(x, parameter), function(np.ascontiguousarray(x), parameter))
    assert winner(x, LINES).strides == x.strides


@EVERY
def test_x_stays_as_it_was_and_the_result_is_new(each):
    x = rng.normal(size=(3, 4))
    before = x.copy()
    x.flags.writeable = False
    for parameter in (*settings_of(each.name), [(1, 0)] if each is maxout else None):
        for function in functions(each):
            out = function(x, parameter)
            assert out.flags.writeable
            assert not np.shares_memory(out, x)
    assert np.array_equal(x, before)


@pytest.mark.parametrize("slopes", [[0.1, 0.5, 0.9], [0.5, 1.5, -1]], ids=["up to 1", "beyond 1"])
@pytest.mark.parametrize("name", WITH_NUMBER)
def test_each_channel_can_have_a_parameter_of_its_own(name, slopes):
    each, x = ACTIVATIONS[name], rng.normal(size=(2, 3, 4, 4))
    for function in functions(each):
        out = function(x, np.array(slopes)[:, None, None])
        for channel, slope in enumerate(slopes):
            assert np.array_equal(out[:, channel], function(x[:, channel], slope))


@pytest.mark.parametrize("name", WITH_NUMBER)
def test_a_column_of_parameters_gives_a_family_of_curves(name):
    each, column = ACTIVATIONS[name], np.array([[0.1], [0.7], [2]])
    for function in (each.f, each.df):
        assert np.array_equal(function(line, column), [function(line, value) for value in column[:, 0]])


@EVERY
def test_every_argument_changes_the_result(each):
    x, another = np.linspace(-3, 3, 30), ANOTHER.get(each.name)
    for function in functions(each):
        assert not np.allclose(function(x), function(x + 3))
    if each.parameter:
        for function in (each.f, each.df):
            assert not np.allclose(function(x), function(x, another))
            assert np.array_equal(function(x), function(x, each.parameter.default))


def test_swishs_derivative_by_beta_depends_on_beta_and_the_winner_on_the_lines():
    assert not np.allclose(swish.df_parameter(line), swish.df_parameter(line, 3))
    assert not np.array_equal(winner(line, LINES), winner(line, ANOTHER["maxout"]))


# The records


def test_the_zoo_is_in_the_lectures_order_and_read_only():
    assert isinstance(ACTIVATIONS, Mapping)
    assert list(ACTIVATIONS) == NAMES == [each.name for each in ACTIVATIONS.values()]
    with pytest.raises(TypeError):
        ACTIVATIONS["relu"] = tanh
    with pytest.raises(FrozenInstanceError):
        relu.name = "tanh"
    with pytest.raises(FrozenInstanceError):
        swish.parameter.default = 2
    with pytest.raises(KeyError, match="relu6"):
        ACTIVATIONS["relu6"]


@EVERY
def test_every_record_is_complete(each):
    assert {"name", "title", "formula", "year", "paper", "parameter"} <= {field.name for field in fields(Activation)}
    assert type(each.year) is int
    assert 1980 < each.year < 2025
    assert each.title.lower().replace(" ", "_") == each.name
    assert all(text and text == text.strip() for text in (each.title, each.formula, each.paper))
    assert "$" not in each.formula


@pytest.mark.parametrize(
    ("name", "year", "author", "place"),
    [
        ("sigmoid", 1986, "Rumelhart", "Nature 323"),
        ("tanh", 1998, "LeCun", "Efficient BackProp"),
        ("relu", 2010, "Nair", "ICML"),
        ("leaky_relu", 2013, "Maas,", "Acoustic"),
        ("prelu", 2015, "He,", "arXiv:1502.01852"),
        ("elu", 2016, "Clevert", "arXiv:1511.07289"),
        ("maxout", 2013, "Goodfellow", "arXiv:1302.4389"),
        ("softplus", 2001, "Dugas", "NIPS"),
        ("mish", 2019, "Misra", "arXiv:1908.08681"),
        ("swish", 2017, "Ramachandran", "arXiv:1710.05941"),
        ("gelu", 2016, "Hendrycks", "arXiv:1606.08415"),
    ],
)
def test_each_has_its_own_paper(name, year, author, place):
    each = ACTIVATIONS[name]
    assert each.year == year
    assert author in each.paper
    assert place in each.paper


def test_parameters_are_called_as_in_pytorch():
    found = {
        each.name: (each.parameter.name, each.parameter.default) for each in ACTIVATIONS.values() if each.parameter
    }
    assert found == {
        "leaky_relu": ("negative_slope", 0.01),
        "prelu": ("weight", 0.25),
        "elu": ("alpha", 1.0),
        "maxout": ("lines", LINES),
        "swish": ("beta", 1.0),
    }
    for each in ACTIVATIONS.values():
        if each.parameter:
            assert isinstance(each.parameter, Parameter)
            assert each.parameter.low <= np.min(each.parameter.default)
            assert np.max(each.parameter.default) <= each.parameter.high


def test_activation_finds_by_name():
    assert all(activation(name) is each for name, each in ACTIVATIONS.items())
    for name in ("relu6", None, 3, ["relu"]):
        with pytest.raises(ValueError, match=r"^name=.*: must be one of sigmoid, tanh, relu, .*, gelu$"):
            activation(name)


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


@pytest.mark.parametrize(("name", "x", "parameter", "kind", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(name, x, parameter, kind, value, rule):
    each = ACTIVATIONS[name]
    for function in [*functions(each), *([partial(winner)] if parameter is not None and each is maxout else [])]:
        with pytest.raises(kind) as error:
            function(x, parameter)
        assert value in str(error.value)
        assert rule in str(error.value)


def test_winner_needs_numbers():
    with pytest.raises(TypeError, match="^x has dtype"):
        winner("text", LINES)


# Against PyTorch


@BOTH_DTYPES
@EVERY
def test_values_and_gradients_are_pytorchs(each, dtype):
    torch = pytest.importorskip("torch")
    F = torch.nn.functional
    theirs = {
        "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu, "leaky_relu": F.leaky_relu, "prelu": F.prelu,
        "elu": F.elu, "softplus": F.softplus, "mish": F.mish, "gelu": F.gelu,
        "swish": lambda x, beta=1.0: x * torch.sigmoid(beta * x),
        "maxout": lambda x, lines=LINES: torch.stack([w * x + b for w, b in lines]).max(dim=0).values,
    }[each.name]  # fmt: skip
    numbers = np.concatenate([[0.0, -0.0], rng.normal(size=200) * 4, [-80, 80, -12, 12]]).astype(dtype)
    for parameter in settings_of(each.name):
        settings, weight = [] if parameter is None else [parameter], None
        if each.df_parameter and each is not elu:  # PyTorch's α of ELU is no tensor
            weight = torch.tensor([parameter or each.parameter.default], dtype=torch.tensor(numbers).dtype)
            settings = [weight.requires_grad_()]
        x = torch.tensor(numbers, requires_grad=True)
        y = theirs(x, *settings)
        y.sum().backward()
        close = partial(np.allclose, rtol=1e-4, atol=2e-6) if dtype == np.float32 else partial(np.allclose, atol=1e-12)
        # F.softplus goes over to x at 20, where it leaves out 2e-9
        slack = {"atol": 3e-9} if each is softplus and dtype == np.float64 else {}
        assert close(each.f(numbers, parameter), y.detach().numpy(), **slack)
        assert close(each.df(numbers, parameter), x.grad.numpy(), **slack)
        if weight is not None:
            assert close(each.df_parameter(numbers, parameter).sum(), weight.grad.item())


def test_swish_at_beta_1_is_pytorchs_silu():
    torch = pytest.importorskip("torch")
    assert np.allclose(swish.f(line), torch.nn.functional.silu(torch.tensor(line)).numpy(), rtol=1e-12)


# Lines fitted to a function


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("lines", [[(-1, 0), (1, 0)], [(0, 0), (1, 0)], [(0.25, 0), (1, 0)]])
def test_a_function_made_of_two_lines_is_found_again(lines, count):
    x = np.linspace(-2, 2, 81)
    found = fit_lines(x, maxout.f(x, lines), count)
    assert found.shape == (count, 2)
    assert np.allclose(maxout.f(x, found), maxout.f(x, lines), atol=1e-9)


def test_one_line_is_the_regression_line():
    x = np.array([0.0, 1.0, 2.0, 4.0])
    y = np.array([1.0, 0.0, 2.0, 7.0])
    assert fit_lines(x, y, 1) == pytest.approx(np.array([regression_line(x, y)]))


def regression_line(x, y):
    """Slope and offset as the textbook has them: covariance by variance, through the means."""
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    return slope, y.mean() - slope * x.mean()


@given(st.integers(0, 50))
def test_a_line_more_is_never_worse(seed):
    x = np.linspace(-2, 2, 41)
    y = np.random.default_rng(seed).normal(size=41).cumsum()
    errors = [np.square(maxout.f(x, fit_lines(x, y, count)) - y).sum() for count in (1, 2, 3, 4)]
    assert all(more <= less + 1e-9 for less, more in zip(errors, errors[1:], strict=False))


def test_six_lines_meet_the_parabola_closely_and_the_best_lines_are_a_quarter_of_a_gap_away():
    # the best chord-and-tangent roof of k lines over [-2, 2] is (4/k)²/8 away where it is worst (least squares: a bit more)
    x = np.linspace(-2, 2, 401)
    assert np.abs(maxout.f(x, fit_lines(x, x**2, 6)) - x**2).max() < 2 * (4 / 6) ** 2 / 8


@pytest.mark.parametrize(
    ("x", "y", "count", "error", "words"),
    [
        ([0, 1, 2], [0, 1, 2], 2, ShapeError, "N at least 2·count = 4"),
        ([0, 1], [0, 1, 2], 1, ShapeError, "x has shape (2,) and y (3,)"),
        ([0, 1], [0, 1], 0, ShapeError, "count=0"),
        (["a", "b"], [0, 1], 1, TypeError, "x has dtype"),
    ],
)
def test_what_no_line_can_be_fitted_to_is_named(x, y, count, error, words):
    with pytest.raises(error) as caught:
        fit_lines(x, y, count)
    assert words in str(caught.value)


# Where inputs land


@EVERY
def test_the_landing_agrees_with_random_inputs(each):
    draws = np.random.default_rng(0).normal(0.5, 1.5, 200_000)
    edges = np.linspace(-2, 4, 13)
    found = landing(each.name, [0, 0.5], [1.5], edges)
    inside = np.clip(each.f(draws), -2, 3.999999)
    expected = np.histogram(inside, edges)[0] / len(draws)
    assert found.shares[0, 1, 0] == pytest.approx(expected, abs=0.01)
    assert found.size[0, 1, 0] == pytest.approx(np.sqrt(np.mean(each.df(draws) ** 2)), rel=0.03)
    assert found.flat[0, 1, 0] == pytest.approx(np.mean(np.abs(each.df(draws)) < FLAT), abs=0.01)


def test_each_parameter_has_a_landing_of_its_own():
    found = landing("leaky_relu", [-50], [1], [-2, -1, 0, 1], [0.0, 0.03, 0.5])
    # 0; about -50·0.03 = -1.5; about -25, which the first bin holds, too
    assert found.shares[:, 0, 0].tolist() == [[0, 0, 1], [1, 0, 0], [1, 0, 0]]
    assert found.size[:, 0, 0] == pytest.approx([0, 0.03, 0.5])
    assert found.flat[:, 0, 0].tolist() == [1, 0, 0]


@pytest.mark.parametrize("edges", [[0, 1, 3], [1, 0], [0], [[0, 1]]])
def test_bins_of_different_width_are_refused(edges):
    with pytest.raises(ValueError, match="must go up in equal steps"):
        landing("relu", [0], [1], edges)


def test_more_samples_than_memory_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match="samples=600000000000: makes 600,000,000,000 numbers"):
        landing("relu", [0], [1], [-1, 0, 1], samples=600_000_000_000)


@pytest.mark.parametrize(
    ("name", "x", "y"), [("x", [-2, -1, 1, np.nan], [2, 1, 1, 2]), ("y", [-2, -1, 1, 2], [2, 1, np.inf, 2])]
)
def test_no_line_is_fitted_to_what_is_not_finite(name, x, y):
    with pytest.raises(ValueError, match=f"{name}=.*must hold finite numbers only"):
        fit_lines(x, y, 2)


def test_lines_are_fitted_from_left_to_right_only():
    with pytest.raises(ValueError, match="x=.*must increase from number to number"):
        fit_lines([-2, -1, 1, -2], [2, 1, 1, 2], 2)
