"""Activations: slopes."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.activations import ACTIVATIONS, winner
from tests.activations_cases import (
    ANOTHER,
    AT_INFINITY,
    BOTH_DTYPES,
    EVERY,
    INF,
    LINES,
    WITH_NUMBER,
    functions,
    line,
    maxout,
    rng,
    settings_of,
    sigmoid,
    swish,
    tanh,
    whole_lines,
)


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
