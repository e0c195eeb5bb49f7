"""The records of a pooling: the slides' numbers, and each part against the window it came from."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.chapters.pooling.steps import PoolStep, pool_steps
from lecture_lib.ops import avg_pool2d, avg_pool2d_backward, max_pool2d, max_pool2d_backward
from lecture_lib.shapes import ShapeError

LECTURE_NUMBERS = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])


def test_the_four_maxima_are_the_lectures_result_and_name_their_winners():
    steps = list(pool_steps(LECTURE_NUMBERS))
    assert [step.equation for step in steps] == [
        "max(1, 1, 5, 6) = 6", "max(2, 4, 7, 8) = 8", "max(3, 2, 1, 2) = 3", "max(1, 0, 3, 4) = 4",
    ]  # fmt: skip
    assert [step.winner for step in steps] == [(1, 1), (1, 3), (2, 0), (3, 3)]


def test_the_four_means_are_written_as_sums_and_nobody_wins():
    steps = list(pool_steps(LECTURE_NUMBERS, "average"))
    assert [step.value for step in steps] == [3.25, 5.25, 2, 2]
    assert steps[0].equation == "(1 + 1 + 5 + 6)/4 = 3.25"
    assert [step.winner for step in steps] == [None] * 4


@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.sampled_from(["max", "average"]))
def test_the_shares_of_all_windows_add_up_to_the_gradient_of_the_library(size, stride, padded, kind):
    numbers = np.random.default_rng(size + 10 * stride)
    image, padding = numbers.integers(-3, 4, (7, 6)), size // 2 if padded else 0  # few values: many ties
    steps = list(pool_steps(image, kind, size, stride=stride, padding=padding))
    forward, backward = (max_pool2d, max_pool2d_backward) if kind == "max" else (avg_pool2d, avg_pool2d_backward)
    out = forward(image[None, None], size, stride, padding)[0, 0]
    grad = numbers.normal(size=out.shape)
    back = np.zeros(image.shape)
    for step in steps:
        rows, cols = step.window.shape
        place = slice(step.top, step.top + rows), slice(step.left, step.left + cols)
        assert np.array_equal(image[place], step.window)
        assert step.value == out[step.row, step.col]
        if kind == "max":
            assert image[step.winner] == step.window.max()
        back[place] += step.share(grad[step.row, step.col])
    assert len(steps) == out.size
    assert np.allclose(back, backward(grad[None, None], image[None, None], size, stride, padding)[0, 0])


def test_of_equal_pixels_the_first_wins_and_with_nan_the_first_of_the_window():
    assert next(pool_steps(np.ones((2, 2)))).winner == (0, 0)
    assert next(pool_steps([[1, 3], [3, 0]])).winner == (0, 1)
    step = next(pool_steps([[1, np.nan], [3, 0]]))
    assert step.winner == (0, 0)
    assert step.equation == "max(1, NaN, 3, 0) = NaN"


def test_a_window_that_hangs_over_the_border_holds_what_is_inside():
    first, *_, last = pool_steps([[-1, -2], [-3, -4]], "average", 2, stride=2, padding=1)
    assert (first.window.tolist(), first.value, (first.top, first.left)) == ([[-1]], -1, (0, 0))
    assert (last.window.tolist(), last.value, (last.top, last.left)) == ([[-4]], -4, (1, 1))


def test_a_pool_step_is_frozen_and_the_image_stays_as_it_was():
    image = LECTURE_NUMBERS.copy()
    step = next(pool_steps(image))
    with pytest.raises(FrozenInstanceError):
        step.value = 1.0
    assert isinstance(step, PoolStep)
    assert not np.shares_memory(step.window, image)


@pytest.mark.parametrize(
    ("change", "kind", "value", "rule"),
    [
        ({"kind": "min"}, ValueError, "kind='min'", "must be one of max, average"),
        ({"kernel_size": 5}, ShapeError, "kernel_size=5", "must fit"),
        ({"kernel_size": (2, 2)}, TypeError, "kernel_size=(2, 2)", "must be an integer"),
        ({"stride": 0}, ShapeError, "stride=0", "at least 1"),
        ({"padding": 2}, ShapeError, "padding=(2, 2)", "at most half"),
        ({"image": np.ones(4)}, ShapeError, "image has shape (4,)", "must have the axes (H, W)"),
    ],
)
def test_a_broken_rule_of_pooling_is_named_with_its_value(change, kind, value, rule):
    with pytest.raises(kind) as error:
        next(pool_steps(**{"image": LECTURE_NUMBERS} | change))
    assert value in str(error.value)
    assert rule in str(error.value)
