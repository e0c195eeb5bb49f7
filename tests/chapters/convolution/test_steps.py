"""The records of a sliding window: the slides' sums, and each part against the window it came from."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d

from lecture_lib.chapters.convolution.steps import ConvStep, conv_steps
from lecture_lib.shapes import ShapeError

LECTURE_IMAGE = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [0, 1, 2, 2, 1, 0],
        [0, 2, 4, 4, 2, 0],
        [0, 1, 3, 3, 1, 0],
        [0, 1, 2, 3, 1, 0],
        [0, 0, 1, 1, 0, 0],
    ]
)
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def test_the_first_two_sums_are_those_on_the_slides():
    first, second, *_ = conv_steps(LECTURE_IMAGE, LAPLACIAN)
    assert first.equation == "(0×0) + (0×1) + (0×0) + (0×1) + (1×−4) + (2×1) + (0×0) + (2×1) + (4×0) = 0"
    assert second.equation == "(0×0) + (0×1) + (0×0) + (1×1) + (2×−4) + (2×1) + (2×0) + (4×1) + (4×0) = −1"


def test_the_sixteen_totals_are_the_lectures_result():
    totals = [step.total for step in conv_steps(LECTURE_IMAGE, LAPLACIAN)]
    assert totals == [0, -1, -1, 0, -2, -5, -5, -2, 2, -2, -1, 2, -1, 0, -5, 0]


def test_the_lectures_slip_is_worked_out():
    slip = list(conv_steps(LECTURE_IMAGE, LAPLACIAN))[11]
    assert (slip.row, slip.col) == (2, 3)
    assert slip.equation == "(4×0) + (2×1) + (0×0) + (3×1) + (1×−4) + (0×1) + (3×0) + (1×1) + (0×0) = 2"


def test_steps_go_row_by_row():
    places = [(step.row, step.col) for step in conv_steps(np.ones((4, 5)), np.ones((3, 3)))]
    assert places == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


@given(st.integers(1, 3), st.integers(0, 2), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_each_step_holds_its_window_its_products_and_their_sum(stride, padding, dilation, height, width):
    numbers = np.random.default_rng(stride + 10 * padding + 100 * dilation)
    image, kernel = numbers.integers(-9, 10, (7, 8)), numbers.integers(-9, 10, (height, width))
    padded = np.pad(image, padding)
    holed = np.zeros(((height - 1) * dilation + 1, (width - 1) * dilation + 1))
    holed[::dilation, ::dilation] = kernel
    expected = correlate2d(padded, holed, mode="valid")[::stride, ::stride]
    steps = list(conv_steps(image, kernel, stride=stride, padding=padding, dilation=dilation))
    assert np.array_equal([step.total for step in steps], expected.ravel())
    for step in steps:
        pixels = [
            [padded[step.row * stride + a * dilation, step.col * stride + b * dilation] for b in range(width)]
            for a in range(height)
        ]
        assert np.array_equal(step.window, pixels)
        assert np.array_equal(step.kernel, kernel)
        assert np.array_equal(step.products, np.multiply(pixels, kernel))
        assert step.products.sum() == step.total == expected[step.row, step.col]


@pytest.mark.parametrize(
    "change", [{"image": LECTURE_IMAGE.T + 1}, {"kernel": -LAPLACIAN}, {"stride": 2}, {"padding": 1}, {"dilation": 2}]
)
def test_every_argument_changes_the_steps(change):
    base = {"image": LECTURE_IMAGE, "kernel": LAPLACIAN}
    assert [s.equation for s in conv_steps(**base)] != [s.equation for s in conv_steps(**base | change)]


def test_bytes_are_multiplied_without_overflow():
    step = next(conv_steps(np.full((1, 2), 200, np.uint8), np.full((1, 2), 200, np.uint8)))
    assert step.equation == "(200×200) + (200×200) = 80000"


def test_small_numpy_integers_do_not_overflow():
    steps = list(conv_steps(np.arange(300).reshape(300, 1), [[1]], stride=np.uint8(2)))
    assert [step.window.item() for step in steps] == list(range(0, 300, 2))


def test_nan_is_written_out():
    step = next(conv_steps([[np.nan, np.inf]], [[1, -2]]))
    assert step.equation == "(NaN×1) + (∞×−2) = NaN"


def test_lists_are_arrays():
    assert next(conv_steps([[1, 2]], [[3, 4]])).equation == "(1×3) + (2×4) = 11"


def test_a_step_is_frozen_and_the_image_stays_as_it_was():
    image = LECTURE_IMAGE.copy()
    step = next(conv_steps(image, LAPLACIAN))
    with pytest.raises(FrozenInstanceError):
        step.total = 1.0
    assert isinstance(step, ConvStep)
    assert not np.shares_memory(step.window, image)


WRONG = [
    ({"kernel": np.ones((3, 7))}, ShapeError, "kernel_size=7", "must fit"),
    ({"kernel": np.ones(3)}, ShapeError, "kernel has shape (3,)", "must have the axes (F_h, F_w)"),
    ({"kernel": [["a"]]}, TypeError, "kernel has dtype", "must hold"),
    ({"image": np.ones((2, 6, 6))}, ShapeError, "image has shape (2, 6, 6)", "must have the axes (H, W)"),
    ({"image": np.ones((6, 0))}, ShapeError, "image has shape (6, 0)", "empty"),
    ({"stride": 0}, ShapeError, "stride=0", "at least 1"),
    ({"stride": (1, 2)}, TypeError, "stride=(1, 2)", "must be an integer"),
    ({"padding": -1}, ShapeError, "padding=-1", "at least 0"),
    ({"dilation": 0}, ShapeError, "dilation=0", "at least 1"),
]


@pytest.mark.parametrize(("change", "kind", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(change, kind, value, rule):
    with pytest.raises(kind) as error:
        next(conv_steps(**{"image": LECTURE_IMAGE, "kernel": LAPLACIAN} | change))
    assert value in str(error.value)
    assert rule in str(error.value)
