"""Notebook 02: the key of every quiz against what is computed or counted here."""

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from lecture_lib.chapters import convolution as chapter
from lecture_lib.data import load_photo, resize, to_grey
from lecture_lib.filters import KERNELS, correlate
from lecture_lib.layers import Conv2d
from lecture_lib.ops import conv2d
from tests.chapters.found import answer_to, feedback


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_turned_kernel(rng):
    photo, kernel = rng.integers(0, 256, (20, 30)).astype(float), KERNELS["sobel_x"].weights
    scipy, layer = convolve2d(photo, kernel, "valid"), conv2d(photo[None, None], kernel[None, None])[0, 0]
    assert np.array_equal(scipy, -layer)
    assert not np.array_equal(scipy, layer)
    assert not np.allclose(scipy, layer[::-1, ::-1])
    assert not np.allclose(scipy, correlate2d(photo, KERNELS["sobel_y"].weights, "valid"))
    assert answer_to(chapter.TURNED_KERNEL) == "They have opposite signs"
    blur = KERNELS["box_blur"].weights
    assert np.allclose(convolve2d(photo, blur, "valid"), correlate2d(photo, blur, "valid"))


def test_one_by_one(rng):
    x, weight = rng.normal(size=(64, 28, 28)), rng.normal(size=(16, 64, 1, 1))
    y = conv2d(x[None], weight)[0]
    assert y.shape == (16, 28, 28)
    assert np.allclose(y, np.einsum("kc,cij->kij", weight[:, :, 0, 0], x))
    other = x.copy()
    other[:, 3, 7] += 1
    changed = (conv2d(other[None], weight)[0] != y).any(axis=0)
    assert np.argwhere(changed).tolist() == [[3, 7]]  # every pixel by itself
    quiz = chapter.ONE_BY_ONE
    assert answer_to(quiz) == "It mixes the channels of each pixel, and makes 16 of 64"
    assert f"{weight.size:,} weights" in feedback(quiz, answer_to(quiz))
    assert f"{x.size * y.size:,} weights" in feedback(quiz, "It connects every pixel")


def test_a_size_with_a_rest():
    starts = [start for start in range(0, 10, 2) if start + 3 <= 10]
    quiz = chapter.SIZE_WITH_A_REST
    assert answer_to(quiz) == f"{len(starts)}×{len(starts)}"
    assert [option.text for option in quiz.options] == ["8×8", "5×5", "4.5×4.5", "4×4", "3×3"]
    assert starts == [0, 2, 4, 6]
    assert "at pixels 0, 2, 4 and 6. 1 row and 1 column at the end" in feedback(quiz, "4×4")  # row 9


def test_a_parameter_count():
    layer = Conv2d(6, 16, 5).init(np.random.default_rng(0))
    held = sum(np.asarray(each.value).size for each in layer.parameters().values())
    quiz = chapter.PARAMETER_COUNT
    assert answer_to(quiz) == f"{held:,}" == "2,416"
    # a bias for each channel; one in all; none; flat filters
    others = [16 * 6 * (25 + 1), 16 * 6 * 25 + 1, 16 * 6 * 25, 16 * (25 + 1)]
    assert [option.text for option in quiz.options if not option.right] == [f"{each:,}" for each in others]


def test_what_a_unit_sees(rng):
    x, kernels = rng.normal(size=(1, 1, 15, 15)), rng.normal(size=(2, 1, 1, 3, 3))

    def middle(image):
        return conv2d(conv2d(image, kernels[0], stride=2), kernels[1])[0, 0, 2, 2]

    seen = np.zeros((15, 15), bool)
    for place in np.ndindex(seen.shape):
        changed = x.copy()
        changed[0, 0][place] += 1
        seen[place] = middle(changed) != middle(x)
    rows, cols = seen.any(axis=1).sum(), seen.any(axis=0).sum()
    assert answer_to(chapter.WHAT_A_UNIT_SEES) == f"{rows}×{cols} pixels" == "7×7 pixels"


def test_a_kernel_that_moves_a_photo_down(rng):
    image = rng.integers(1, 256, (8, 9)).astype(float)
    below, above, left = (np.zeros((3, 3)) for _ in range(3))
    below[2, 1] = above[0, 1] = left[1, 0] = 1
    assert np.array_equal(correlate(image, above), image[:-2, 1:-1])  # the row that was one higher
    assert np.array_equal(correlate(image, below), image[2:, 1:-1])
    assert np.array_equal(correlate(image, left), image[1:-1, :-2])
    assert answer_to(chapter.MOVE_DOWN) == "A single 1 above the middle"


def test_the_shape_of_filters(rng):
    weight = Conv2d(3, 6, 5).init(rng).parameters()["weight"].value
    quiz = chapter.FILTERS_SHAPE
    assert answer_to(quiz) == str(weight.shape)
    assert f"{weight.size} weights" in feedback(quiz, answer_to(quiz))
    assert str(conv2d(rng.normal(size=(1, 3, 32, 32)), weight)[0].shape) in [option.text for option in quiz.options]


def test_no_equal_padding_keeps_the_size_for_an_even_filter():
    sizes = [len(range(7 + 2 * p - 4 + 1)) for p in range(3)]
    assert sizes == [4, 6, 8]
    quiz = chapter.EVEN_FILTER
    assert answer_to(quiz).startswith("None")
    assert "0, 2 or 4: 4×4, 6×6, 8×8." in feedback(quiz, answer_to(quiz))
    for text, size in (("0", 4), ("1", 6), ("2", 8)):
        assert f"the output is {size}×{size}" in next(each.feedback for each in quiz.options if each.text == text)


def test_twice_as_many_filters(rng):
    counts = []
    for channels, filters in ((16, 32), (16, 64), (32, 64)):
        layer = Conv2d(channels, filters, 3, padding=1).init(rng)
        held = sum(each.value.size for each in layer.parameters().values())
        counts.append((held, layer.multiply_adds((channels, 20, 20))))
    quiz = chapter.DOUBLED_FILTERS
    (held, adds), (more, more_adds), (most, _) = counts
    assert (more, more_adds) == (2 * held, 2 * adds)
    assert answer_to(quiz) == "The depth of the output, the parameters and the multiply-adds"
    assert f"{held:,} parameters become {more:,}, {adds:,} multiply-adds become {more_adds:,}." in feedback(
        quiz, answer_to(quiz)
    )
    assert f"nearly so, {most:,}" in feedback(quiz, "Nothing") and abs(most / held - 4) < 0.05


@pytest.fixture(scope="module")
def photo():
    return resize(to_grey(load_photo("camera")), 64).astype(float)


def slide(photo, name):
    return correlate(photo, KERNELS[name].weights, padding=1, border="circular")


def likeness(a, b):
    return np.corrcoef(a.ravel(), b.ravel())[0, 1]


def test_the_box_is_the_polls_kernel():
    assert np.array_equal(KERNELS["box_blur"].weights, np.full((3, 3), 1 / 9))


def test_the_box_blurs(photo):
    blurred = slide(photo, "box_blur")
    assert blurred.var() < photo.var()
    assert np.isclose(blurred.mean(), photo.mean())
    assert abs(np.diff(blurred)).sum() < abs(np.diff(photo)).sum()


def test_the_box_does_not_sharpen(photo):
    assert slide(photo, "sharpen").var() > photo.var() > slide(photo, "box_blur").var()


def test_the_box_does_not_shift():
    impulse = np.zeros((9, 9))
    impulse[4, 4] = 1
    centre = [float((slide(impulse, "box_blur") * axis).sum()) for axis in np.mgrid[:9, :9]]
    assert np.allclose(centre, [4, 4])
    assert np.array_equal(slide(impulse, "shift_left"), np.roll(impulse, -1, axis=1))


def test_the_box_does_not_rotate(photo):
    blurred = slide(photo, "box_blur")
    assert likeness(blurred, photo) > 0.9 > max(likeness(blurred, np.rot90(photo, turns)) for turns in (1, 2, 3))


def test_a_kernel_moves_every_bright_pixel_alike_and_a_turn_does_not():
    kernel = np.random.default_rng(0).normal(size=(3, 3))
    moved, turned = [], []
    for at in ((3, 2), (6, 7)):
        impulse = np.zeros((10, 10))
        impulse[at] = 1
        moved.append(correlate(impulse, kernel, padding=1)[at[0] - 1 : at[0] + 2, at[1] - 1 : at[1] + 2])
        turned.append(np.argwhere(np.rot90(impulse, -1))[0] - at)
    assert np.array_equal(*moved)
    assert not np.array_equal(*turned)


def test_the_box_does_something_to_a_photo_and_nothing_to_a_single_colour(photo):
    assert not np.allclose(slide(photo, "box_blur"), photo)
    assert np.allclose(slide(np.full((5, 5), 7.0), "box_blur"), 7)


def test_the_key_says_blur_and_nothing_else():
    assert [(option.text, option.right) for option in chapter.BOX_BLUR.options] == [
        ("Sharpen the image", False),
        ("Blur the image", True),
        ("Shift the image left", False),
        ("Rotate the image clockwise", False),
        ("Nothing", False),
    ]
