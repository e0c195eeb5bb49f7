"""Lines fitted to a function beside regression lines, and where inputs land beside random ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.chapters.activations.landing import FLAT, fit_lines, landing
from lecture_lib.shapes import ShapeError
from tests.activations_cases import (
    EVERY,
    maxout,
    regression_line,
)


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


@pytest.mark.parametrize(
    ("name", "x", "y"), [("x", [-2, -1, 1, np.nan], [2, 1, 1, 2]), ("y", [-2, -1, 1, 2], [2, 1, np.inf, 2])]
)
def test_no_line_is_fitted_to_what_is_not_finite(name, x, y):
    with pytest.raises(ValueError, match=f"{name}=.*must hold finite numbers only"):
        fit_lines(x, y, 2)


def test_lines_are_fitted_from_left_to_right_only():
    with pytest.raises(ValueError, match="x=.*must increase from number to number"):
        fit_lines([-2, -1, 1, -2], [2, 1, 1, 2], 2)


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
