"""The activations: hand-worked values, their definitions at 400 digits, each one's theorems, SciPy, PyTorch."""

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser
from scipy import special

from lecture_lib.activations import ACTIVATIONS
from tests.activations_cases import (
    BOTH_DTYPES,
    CONVEX,
    EVERY,
    KINKS,
    LINES,
    LN2,
    LN3,
    MONOTONE,
    NAMES,
    as_python,
    central,
    elu,
    exactly,
    functions,
    gelu,
    largest,
    leaky_relu,
    line,
    maxout,
    mish,
    prelu,
    relu,
    settings_of,
    sigmoid,
    softplus,
    swish,
    tanh,
    truth,
)

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
