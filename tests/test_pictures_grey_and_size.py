"""Pictures: grey and size."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lecture_lib import data
from lecture_lib.data import load_photo, resize, to_grey
from lecture_lib.data.photo_input import field_of_crop
from tests.pictures_cases import COLOURS, GREYS, sides

# Grey and size


def test_luma_weights_are_those_of_bt_601():
    primaries = np.eye(3, dtype=np.uint8)[None] * 255
    assert to_grey(primaries).tolist() == [[76, 150, 29]]  # 0.299, 0.587, 0.114 of 255


def test_luma_agrees_with_pillow_to_one_level():
    photo = load_photo("coffee")
    assert np.abs(to_grey(photo).astype(int) - np.asarray(Image.fromarray(photo).convert("L"))).max() <= 1


def test_grey_of_grey_channels_is_that_grey():
    ramp = np.arange(256, dtype=np.uint8)[None]
    assert (to_grey(np.repeat(ramp[..., None], 3, 2)) == ramp).all()


def test_a_grey_picture_passes_through():
    assert to_grey(GREYS) is GREYS


def test_grey_leaves_the_colours_as_they_were():
    before = COLOURS.copy()
    assert to_grey(COLOURS).shape == (5, 7)
    assert (before == COLOURS).all()


@pytest.mark.parametrize("function", [to_grey, lambda image: resize(image, 4)], ids=["to_grey", "resize"])
@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        ([[1, 2]], TypeError, "image is a list: must be a NumPy array"),
        ("cat.png", TypeError, "image is a str"),
        (GREYS / 255, TypeError, "image has dtype float64: must be uint8"),
        (GREYS.astype(int), TypeError, "image has dtype int64|int32: must be uint8"),
        (GREYS > 9, TypeError, "image has dtype bool"),
        (GREYS[0], ValueError, r"image has shape \(7,\): must be \(H, W\) or \(H, W, 3\)"),
        (np.zeros((3, 5, 7), np.uint8), ValueError, r"shape \(3, 5, 7\): must be \(H, W\) or \(H, W, 3\)"),
        (np.zeros((5, 7, 4), np.uint8), ValueError, r"shape \(5, 7, 4\)"),
        (np.zeros((5, 7, 1), np.uint8), ValueError, r"shape \(5, 7, 1\)"),
        (np.zeros((2, 5, 7, 3), np.uint8), ValueError, r"shape \(2, 5, 7, 3\)"),
        (np.zeros((0, 7), np.uint8), ValueError, "must have at least one pixel"),
        (np.zeros((5, 0, 3), np.uint8), ValueError, "must have at least one pixel"),
    ],
)  # fmt: skip
def test_what_is_no_picture_array_is_refused(function, image, error, words):
    with pytest.raises(error, match=words):
        function(image)


@settings(max_examples=100, deadline=None)
@given(sides, sides, st.integers(1, 90), st.booleans())
def test_the_longer_side_is_as_asked_and_the_proportions_stay(height, width, longest, colour):
    shape = (height, width, 3) if colour else (height, width)
    image = np.full(shape, 77, np.uint8)
    result = resize(image, longest)
    assert result.dtype == np.uint8 and result.shape[2:] == image.shape[2:]
    assert max(result.shape[:2]) == longest and min(result.shape[:2]) >= 1
    exact = min(height, width) * longest / max(height, width)
    assert abs(min(result.shape[:2]) - max(exact, 1)) <= 0.5
    assert (result == 77).all()  # and a flat picture stays flat


def test_a_thin_picture_keeps_a_side_of_one_pixel():
    assert resize(np.zeros((1000, 3), np.uint8), 10).shape == (10, 1)


def test_a_picture_at_the_asked_size_keeps_every_pixel_in_a_new_array():
    result = resize(COLOURS, 7)
    assert (result == COLOURS).all()
    assert not np.shares_memory(result, COLOURS) and result.flags.writeable


def test_fine_stripes_become_even_grey_and_no_coarse_stripes():
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))
    small = resize(stripes, 16)
    assert np.abs(small[:, 1:-1] - 127.5).max() <= 1.5  # the outermost columns see half a window


@pytest.mark.parametrize("longest", [13, 40, 100])
def test_an_edge_gets_no_seams(longest):
    edge = np.full((50, 50), 64, np.uint8)
    edge[:, 25:] = 192
    result = resize(edge, longest)
    assert result.min() == 64 and result.max() == 192
    assert (np.diff(result.astype(int)) >= 0).all()


def test_shrinking_a_photo_keeps_its_mean():
    photo = load_photo("camera")[:, :, 0]
    assert abs(resize(photo, 64).mean() - photo.mean()) < 0.5


@pytest.mark.parametrize("view", [np.s_[::-1], np.s_[:, ::2], np.s_[1:, 2:]])
def test_a_slice_is_resized_like_its_copy(view):
    assert (resize(COLOURS[view], 5) == resize(COLOURS[view].copy(), 5)).all()
    assert (to_grey(COLOURS[view]) == to_grey(COLOURS[view].copy())).all()


def test_numpy_integers_are_integers():
    assert resize(COLOURS, np.int64(14)).shape == (10, 14, 3)


@pytest.mark.parametrize("longest", [1.0, "7", None, True, (5, 7)])
def test_a_side_that_is_no_integer_is_a_type_error(longest):
    with pytest.raises(TypeError, match="longest_side=.*must be an integer"):
        resize(COLOURS, longest)


@pytest.mark.parametrize("longest", [0, -5])
def test_a_side_below_one_is_a_value_error(longest):
    with pytest.raises(ValueError, match=f"longest_side={longest}: must be at least 1"):
        resize(COLOURS, longest)


@pytest.mark.parametrize(
    ("longest", "words"),
    [(100_000, "are more than 40,000,000; ask for a smaller side"), (10**30, "must be at most 9,007,199,254,740,992")],
)
def test_a_result_that_would_fill_the_memory_is_refused(longest, words):
    with pytest.raises(ValueError, match=words):
        resize(COLOURS, longest)


# The square in the middle


@pytest.mark.parametrize(
    ("shape", "top", "left"), [((5, 9, 3), 0, 2), ((9, 5), 2, 0), ((4, 7), 0, 1), ((6, 6, 3), 0, 0)]
)
def test_the_square_in_the_middle_leaves_as_much_on_both_sides(shape, top, left):
    picture = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    side = min(shape[:2])
    square = data.centre_square(picture)
    assert square.shape == (side, side, *shape[2:])
    assert np.array_equal(square, picture[top : top + side, left : left + side])
    assert np.shares_memory(square, picture)


def test_only_a_picture_has_a_square_in_the_middle():
    with pytest.raises(TypeError, match="uint8"):
        data.centre_square(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="at least one pixel"):
        data.centre_square(np.zeros((0, 4), np.uint8))


# Photos for networks


def test_a_crop_is_the_middle_of_the_middle_square():
    photo = np.zeros((256, 300, 3), np.uint8)
    photo[:, :, 0] = np.arange(300) % 256
    assert np.array_equal(data.crop_photo(photo, 224), photo[16:240, 38:262])


def test_a_photo_becomes_numbers_around_zero():
    photo = data.load_photo("chelsea")
    x = data.photo_as_input(photo)
    assert x.shape == (1, 3, 224, 224) and x.dtype == np.float32
    assert np.allclose(128 * x[0].transpose(1, 2, 0) + 127, data.crop_photo(photo, 224), atol=1e-4)


@pytest.mark.parametrize(("photo", "side", "error"), [(np.zeros((9, 9), np.uint8), 224, ValueError), (np.zeros((9, 9, 3)), 224, TypeError),
                                                     (np.zeros((9, 9, 3), np.uint8), 257, ValueError), (np.zeros((9, 9, 3), np.uint8), 0, ValueError),
                                                     (np.zeros((9, 9, 3), np.uint8), 22.4, TypeError)])  # fmt: skip
def test_what_is_no_photo_or_no_side_is_refused(photo, side, error):
    with pytest.raises(error):
        data.crop_photo(photo, side)


@pytest.mark.parametrize(("height", "width"), [(256, 256), (171, 256), (256, 171), (1, 256), (256, 1), (2, 3)])
def test_the_crop_lies_in_the_middle_of_any_photo(height, width):
    top, bottom, left, right = field_of_crop(height, width, 224)
    for first, last, side in ((top, bottom, height), (left, right, width)):
        assert 0 <= first <= last < side and abs(first + last - (side - 1)) <= 1
    assert abs((bottom - top) - (right - left)) <= 1
