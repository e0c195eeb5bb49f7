"""Drawings become digits as MNIST's: beside the official ones, by hand, and what must not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.data import as_mnist, draw_strokes, fit_box, load_digits
from lecture_lib.data.drawings import BOX, CENTRE, SIDE

POINTS = st.tuples(st.integers(20, 79), st.integers(20, 79))
DRAWINGS = st.lists(st.lists(POINTS, min_size=1, max_size=6), min_size=1, max_size=4).map(
    lambda strokes: draw_strokes(strokes, side=100, pen=7)
)


def centre_of_mass(picture):
    return [picture.sum(axis=axis) @ np.arange(SIDE) / picture.sum() for axis in (1, 0)]


# Beside MNIST itself


def test_official_test_digits_come_out_as_they_are():
    images = load_digits("test")[0]
    same = sum(np.array_equal(as_mnist(image), image) for image in images)
    assert same == sum(max(np.ptp(np.argwhere(image), axis=0)) + 1 == BOX for image in images) == 9997


def test_an_official_digit_in_a_large_drawing_is_found_again():
    digit = load_digits("test")[0][3]
    drawing = np.zeros((400, 500), np.uint8)
    drawing[100:380, 20:300] = np.kron(digit, np.ones((10, 10), np.uint8))
    assert np.array_equal(as_mnist(drawing), digit)


# By hand


def test_a_box_is_a_mean_over_areas():
    drawing = np.array([[255, 255, 0], [255, 0, 255], [0, 0, 255]], np.uint8)
    # 3 pixels to 2: each new one covers 1 1/2, so the shares of a window are 4/9, 2/9, 2/9 and 1/9
    expected = np.array([[4 + 2 + 2, 2 + 2], [2, 4 + 2]]) * 255 / 9
    assert np.array_equal(fit_box(drawing, 2), np.rint(expected).astype(np.uint8))


@pytest.mark.parametrize(
    ("shape", "box"), [((40, 40), (20, 20)), ((40, 10), (20, 5)), ((7, 300), (1, 20)), ((1, 1), (20, 20)), ((3, 2), (20, 13))]
)  # fmt: skip
def test_the_longer_side_becomes_20_and_the_proportions_stay(shape, box):
    assert fit_box(np.pad(np.full(shape, 255, np.uint8), 3)).shape == box


def test_a_box_keeps_the_share_of_ink():
    rng = np.random.default_rng(0)
    drawing = rng.integers(1, 256, (60, 45), dtype=np.uint8)
    assert fit_box(drawing).mean() == pytest.approx(drawing.mean(), abs=0.5)


def test_a_square_lies_with_its_middle_nearest_to_the_centre():
    picture = as_mnist(np.full((20, 20), 255, np.uint8))
    rows = np.flatnonzero(picture.any(axis=1))
    assert (rows[0], rows[-1]) == (4, 23)  # its middle is 9.5, so 4.5 pixels of room: rounded to an even number


def test_a_heavy_corner_does_not_push_the_box_out_of_the_picture():
    drawing = np.zeros((200, 200), np.uint8)
    drawing[:, 0] = drawing[0] = 1
    drawing[150:, 150:] = 255
    assert np.array_equal(as_mnist(drawing)[:20, :20], fit_box(drawing))  # at 17.5 the mass would be: 3 rows too far


def test_a_stroke_is_as_wide_as_its_pen():
    drawing = draw_strokes([[(50, 20), (50, 80)]], side=100, pen=9)
    assert set(np.unique(drawing)) == {0, 255}
    assert (drawing[50] > 0).sum() == 9
    assert drawing[15].sum() == 0 and drawing[17, 50] == 255  # round ends reach half a pen further


def test_a_point_is_a_round_dot():
    dot = draw_strokes([[(20, 20)]], side=41, pen=11)
    assert (dot > 0).sum() == pytest.approx(np.pi * 5.5**2, rel=0.1)
    assert np.array_equal(dot[:41, :41], dot[:41, :41].T)


def test_nothing_drawn_is_black_and_what_lies_outside_is_lost():
    assert not draw_strokes([]).any()
    assert not draw_strokes([[(-100, -100), (-50, 1e9)]]).any()


# What must not matter, and what must


@given(DRAWINGS, st.integers(-16, 16), st.integers(-16, 16))
def test_where_the_digit_stands_does_not_matter(drawing, dy, dx):
    assert np.array_equal(as_mnist(np.roll(drawing, (dy, dx), (0, 1))), as_mnist(drawing))


@given(DRAWINGS, st.integers(2, 4))
def test_how_large_the_drawing_is_does_not_matter(drawing, times):
    larger = np.kron(drawing, np.ones((times, times), np.uint8))
    assert np.abs(fit_box(larger).astype(int) - fit_box(drawing)).max() <= 1


@given(DRAWINGS)
def test_a_digit_fits_the_box_and_has_its_centre_of_mass_where_mnist_has_it(drawing):
    picture = as_mnist(drawing)
    rows, cols = (np.flatnonzero(picture.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(cols)) + 1 <= BOX
    for at, inked in zip(centre_of_mass(picture), (rows, cols), strict=True):
        assert abs(at - CENTRE) <= 0.5 + 1e-9 or inked[0] == 0 or inked[-1] == SIDE - 1


@given(DRAWINGS)
def test_a_digit_made_once_more_stays_nearly_as_it_is(drawing):
    once = as_mnist(drawing)
    if max(np.ptp(np.argwhere(once), axis=0)) + 1 == BOX:  # faint ink at an edge may have been rounded away
        assert np.array_equal(as_mnist(once), once)


@given(DRAWINGS)
def test_rows_and_columns_are_treated_alike(drawing):
    assert np.abs(as_mnist(drawing.T.copy()).T.astype(int) - as_mnist(drawing)).max() <= 1


def test_a_drawing_stays_as_it_was_and_may_be_read_only():
    drawing = draw_strokes([[(30, 30), (60, 90)]])
    before = drawing.copy()
    drawing.flags.writeable = False
    assert as_mnist(drawing).flags.writeable
    assert np.array_equal(drawing, before)


# What is refused


@pytest.mark.parametrize("function", [as_mnist, fit_box])
@pytest.mark.parametrize(
    ("drawing", "error", "words"),
    [
        (np.zeros((5, 5), np.uint8), ValueError, "at least one pixel above 0"),
        (np.ones((5, 5, 3), np.uint8), ValueError, "must be .H, W."), (np.ones((0, 5), np.uint8), ValueError, "at least one"),
        (np.ones((5, 5)), TypeError, "drawing is float64: must be an array of uint8"), ([[1]], TypeError, "drawing is list"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused_by_name(function, drawing, error, words):
    with pytest.raises(error, match=words):
        function(drawing)


@pytest.mark.parametrize(
    "stroke", [[], [1, 2], [(1, 2, 3)], [(np.nan, 1)], [(1, np.inf)], "line", [(1, 2), (3,)], None]
)
def test_what_is_no_stroke_is_refused_with_its_place(stroke):
    with pytest.raises(ValueError, match=r"strokes\[1\]: must be a list of points"):
        draw_strokes([[(1, 1)], stroke])


@pytest.mark.parametrize(("name", "value"), [("side", 0), ("pen", 0), ("pen", -1)])
def test_sizes_below_1_are_refused(name, value):
    with pytest.raises(ValueError, match=f"{name}={value}"):
        draw_strokes([], **{name: value})
