"""Filters: against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from lecture_lib.filters import BORDERS, check_kernel, convolve, correlate, pad_border
from lecture_lib.shapes import ShapeError
from tests.filters_cases import (
    BOTH,
    CROSS,
    SCIPYS_BORDERS,
    WEIGHTS,
    WRONG,
    full,
    images_and_kernels,
    photo,
    rng,
)

# Against SciPy


@given(images_and_kernels())
def test_correlate_is_scipys_correlation(case):
    image, kernel = case
    assert np.array_equal(correlate(image, kernel), signal.correlate2d(image, kernel, mode="valid"))


@given(images_and_kernels())
def test_convolve_is_scipys_convolution(case):
    image, kernel = case
    assert np.array_equal(convolve(image, kernel), signal.convolve2d(image, kernel, mode="valid"))


@pytest.mark.parametrize("border", BORDERS)
@given(case=images_and_kernels(odd_square=True))
def test_borders_are_scipys(border, case):
    image, kernel = case
    out = correlate(image, kernel, padding=len(kernel) // 2, border=border)
    assert np.array_equal(out, ndimage.correlate(image, kernel, mode=SCIPYS_BORDERS[border]))


@pytest.mark.parametrize("border", BORDERS)
def test_stride_leaves_out_places_and_dilation_spreads_the_kernel(border):
    kernel = rng.integers(-9, 10, (2, 3))
    holed = np.zeros((3, 5))
    holed[::2, ::2] = kernel
    out = correlate(photo, kernel, stride=2, padding=3, dilation=2, border=border)
    assert np.array_equal(out, correlate(pad_border(photo, 3, border), holed)[::2, ::2])


def test_a_pixel_is_stamped_upright_by_convolution_and_turned_by_correlation():
    impulse, kernel = np.zeros((5, 5)), np.arange(9).reshape(3, 3)
    impulse[2, 2] = 1
    assert np.array_equal(convolve(impulse, kernel, padding=1)[1:4, 1:4], kernel)
    assert np.array_equal(correlate(impulse, kernel, padding=1)[1:4, 1:4], kernel[::-1, ::-1])


def test_convolution_commutes_and_correlation_does_not():
    a, b = rng.integers(-9, 10, (2, 4, 4))
    assert np.array_equal(full(convolve, a, b), full(convolve, b, a))
    assert not np.array_equal(full(correlate, a, b), full(correlate, b, a))
    assert np.array_equal(full(correlate, a, b), full(correlate, b, a)[::-1, ::-1])


def test_convolution_is_associative_and_correlation_is_not():
    a, b, c = rng.integers(-9, 10, (3, 3, 3))

    def grouped(slide):
        return np.array_equal(
            full(slide, full(slide, a, b), c), slide(full(slide, a, full(slide, b, c)), [[1]], padding=0)
        )

    assert grouped(convolve)
    assert not grouped(correlate)


@BOTH
@given(images_and_kernels(), st.integers(-9, 9), st.integers(-9, 9))
def test_with_a_circular_border_a_rolled_image_gives_a_rolled_result(slide, case, down, right):
    image, kernel = case
    side = max(kernel.shape)

    def around(x):  # the circular border as wide as the kernel, cut to the size of the image
        return slide(x, kernel, padding=side, border="circular")[: x.shape[0], : x.shape[1]]

    assert np.array_equal(around(np.roll(image, (down, right), (0, 1))), np.roll(around(image), (down, right), (0, 1)))


def test_with_zeros_at_the_border_it_does_not():
    moved = correlate(np.roll(photo, 1, axis=1), WEIGHTS["box_blur"], padding=1)
    assert not np.allclose(moved, np.roll(correlate(photo, WEIGHTS["box_blur"], padding=1), 1, axis=1))


@BOTH
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("leading", [(1,), (4,), (2, 3), (2, 1, 3)])
def test_each_leading_index_is_an_image_of_its_own(slide, border, leading):
    stack, kernel = rng.integers(-9, 10, (*leading, 5, 6)), rng.integers(-9, 10, (3, 2))
    out = slide(stack, kernel, stride=2, padding=2, border=border)
    for index in np.ndindex(leading):
        assert np.array_equal(out[index], slide(stack[index], kernel, stride=2, padding=2, border=border))


# Arguments, dtypes, memory


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"image": photo.T},
        {"kernel": [[1, 2], [3, 5]]},
        {"stride": 2},
        {"padding": 2},
        {"dilation": 2},
        {"border": "reflect"},
        {"border": "circular"},
    ],
    ids=lambda change: str([*change.items()][0])[:22],
)
def test_every_argument_changes_the_result(slide, change):
    base = {"image": photo, "kernel": [[1, 2], [3, 4]], "stride": 1, "padding": 1, "dilation": 1, "border": "zero"}
    before, after = slide(**base), slide(**base | change)
    assert before.shape != after.shape or not np.array_equal(before, after)


@BOTH
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize(
    ("image", "kernel", "result"), [("f4", "f4", "f4"), ("f8", "f4", "f8"), ("u1", "f4", "f8"), ("i4", "?", "f8")]
)
def test_float32_stays_and_integers_become_float64(slide, border, image, kernel, result):
    assert slide(np.ones((4, 4), image), np.ones((2, 2), kernel), padding=1, border=border).dtype == result


@BOTH
@pytest.mark.parametrize("border", BORDERS)
def test_inputs_stay_as_they_were_and_may_be_read_only(slide, border):
    image, kernel = photo.copy(), WEIGHTS["emboss"].copy()
    image.flags.writeable = kernel.flags.writeable = False
    out = slide(image, kernel, padding=1, border=border)
    assert out.flags.writeable
    assert np.array_equal(image, photo)
    assert np.array_equal(kernel, WEIGHTS["emboss"])


@BOTH
@pytest.mark.parametrize("border", BORDERS)
def test_nan_and_infinity_are_never_hidden(slide, border):
    image = photo.copy()
    image[4, 5], image[0, 0] = np.nan, np.inf
    out = slide(image, WEIGHTS["box_blur"], padding=1, border=border)
    assert np.isnan(out[3:6, 4:7]).all()
    assert (out[:2, :2] == np.inf).all()
    clean = slide(photo, WEIGHTS["box_blur"], padding=1, border=border)
    assert np.array_equal(out[np.isfinite(out)], clean[np.isfinite(out)])
    assert (~np.isfinite(out)).sum() == 9 + {"zero": 4, "reflect": 4, "circular": 9}[border]


def test_a_mirror_has_the_outermost_pixel_once_and_a_circle_goes_round():
    row = np.array([[1, 2, 3, 4]] * 4)
    assert pad_border(row, 2)[2].tolist() == [0, 0, 1, 2, 3, 4, 0, 0]
    assert pad_border(row, 2, "reflect")[2].tolist() == [3, 2, 1, 2, 3, 4, 3, 2]
    assert pad_border(row, 2, "circular")[2].tolist() == [3, 4, 1, 2, 3, 4, 1, 2]
    assert pad_border(np.array([[1, 2]]), 3, "circular")[3].tolist() == [2, 1, 2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize("border", BORDERS)
def test_no_padding_changes_nothing_at_any_border(border):
    assert np.array_equal(pad_border(photo, 0, border), photo)
    assert np.array_equal(correlate(photo, CROSS, border=border), correlate(photo, CROSS))


def test_a_single_pixel_is_an_image():
    assert correlate([[7]], [[3]]).tolist() == [[21]]
    assert correlate([[7]], np.ones((3, 3)), padding=1, border="circular").tolist() == [[63]]


@BOTH
@pytest.mark.parametrize(("change", "kind", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(slide, change, kind, value, rule):
    with pytest.raises(kind) as error:
        slide(**{"image": np.ones((5, 6)), "kernel": np.ones((2, 2))} | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("image", [np.ones(3), np.float64(1), np.ones((0, 3))], ids=["a row", "a number", "empty"])
def test_a_border_needs_an_image(border, image):
    with pytest.raises(ShapeError, match=r"^image has shape .* must have the axes \(\.\.\., H, W\)"):
        pad_border(image, 1, border)


def test_a_list_has_a_border_too():
    assert pad_border([[1]], 1, "circular").tolist() == [[1] * 3] * 3


def test_check_kernel_gives_floats():
    assert check_kernel([[1, 2]]).dtype == np.float64
    assert check_kernel(np.ones((1, 2), np.float32)).dtype == np.float32
