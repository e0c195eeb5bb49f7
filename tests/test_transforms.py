"""Transforms beside loops, SciPy and numbers by hand; what all of them hold; what they refuse."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from lecture_lib import transforms
from lecture_lib.transforms import (
    BORDERS,
    elastic,
    illuminate,
    reflect,
    rotate,
    scale,
    thicken,
    translate,
    warp,
)
from tests.transforms_cases import (
    CALLS,
    EVERY,
    EVERY_BORDER,
    EVERY_KIND,
    FIELD,
    MOVES,
    OTHERS,
    SCIPYS_BORDERS,
    SIZE,
    moved_by_loops,
    pictures,
)

# All of them


def test_every_transform_is_here():
    of_images = {
        function for _, function in inspect.getmembers(transforms, inspect.isfunction)
        if function.__module__ == transforms.__name__ and next(iter(inspect.signature(function).parameters)) == "images"
    }  # fmt: skip
    assert {function for function in of_images if not function.__name__.startswith("_")} == set(CALLS)


@EVERY
def test_a_photo_with_its_colours_last_is_refused_and_each_colour_alone_is_an_image(transform):
    photo = pictures(20, 24, 3, kind=np.uint8)
    with pytest.raises(ValueError, match=r"a photo with its colours last.*np.moveaxis\(photo, 2, 0\)"):
        transform(photo, **CALLS[transform])


@EVERY
@EVERY_KIND
def test_shape_and_dtype_stay_and_the_result_is_a_new_array(transform, kind):
    for shape in [SIZE, (3, *SIZE), (2, 1, *SIZE)]:
        images = pictures(*shape, kind=kind)
        before = images.copy()
        images.flags.writeable = False
        changed = transform(images, **CALLS[transform])
        assert changed.shape == shape and changed.dtype == kind
        assert changed.flags.writeable and not np.shares_memory(changed, images)
        assert np.array_equal(images, before) and not np.array_equal(changed, images)


@EVERY
def test_other_integers_count_as_float64(transform):
    images = pictures(*SIZE, kind=np.int32)
    changed = transform(images, **CALLS[transform])
    assert changed.dtype == np.float64
    assert np.array_equal(changed, transform(images.astype(np.float64), **CALLS[transform]))
    assert np.array_equal(changed, transform(images.tolist(), **CALLS[transform]))


@pytest.mark.parametrize("transform", [each for each in CALLS if each is not elastic], ids=lambda each: each.__name__)
def test_a_pile_of_images_is_transformed_one_by_one(transform):
    images = pictures(2, 3, *SIZE)
    changed = transform(images, **CALLS[transform])
    for place in np.ndindex(2, 3):
        assert np.array_equal(changed[place], transform(images[place], **CALLS[transform]))


@pytest.mark.parametrize(
    ("transform", "name"), [(each, name) for each in CALLS for name in CALLS[each]], ids=lambda each: getattr(each, "__name__", each)
)  # fmt: skip
def test_every_setting_matters(transform, name):
    images = pictures(*SIZE)
    changed = transform(images, **CALLS[transform] | {name: OTHERS[name]})
    assert not np.array_equal(changed, transform(images, **CALLS[transform]))
    assert {name for name in inspect.signature(transform).parameters if name != "images"} == set(CALLS[transform])


@EVERY_KIND
@pytest.mark.parametrize(
    "nothing",
    [
        lambda images: translate(images, 0, 0), lambda images: warp(images, np.zeros((2, *SIZE))),
        lambda images: rotate(images, 0), lambda images: rotate(images, -720), lambda images: scale(images, 1),
        lambda images: reflect(reflect(images)), lambda images: elastic(images, 0, 0), illuminate,
        lambda images: rotate(rotate(images, 180), 180), lambda images: thicken(images, 0),
    ],
)  # fmt: skip
def test_doing_nothing_changes_nothing(kind, nothing):
    images = pictures(2, *SIZE, kind=kind)
    assert np.array_equal(nothing(images), images)


@EVERY_KIND
@pytest.mark.parametrize("transform", [translate, warp, rotate, scale, elastic], ids=lambda each: each.__name__)
def test_an_even_picture_stays_even_if_it_goes_on_past_its_border(transform, kind):
    images = np.full((2, *SIZE), 200, kind)
    changed = transform(images, **CALLS[transform] | {"border": "nearest"})
    assert changed == pytest.approx(images, rel=1e-6)


def test_bytes_are_rounded_not_cut_off():
    assert translate(np.array([[1, 2, 5]], np.uint8), 0, -0.25).tolist() == [[1, 3, 4]]  # 1.25, 2.75, 3.75
    assert illuminate(np.array([[100]], np.uint8), gain=0.999).item() == 100


@EVERY_BORDER
@given(h=st.integers(1, 6), w=st.integers(1, 6), dy=MOVES, dx=MOVES, kind=st.sampled_from(["u1", "f4", "f8"]))
def test_whole_pixels_move_exactly(border, h, w, dy, dx, kind):
    image = pictures(h, w, kind=kind)
    expected = moved_by_loops(image, dy, dx, border)
    assert np.array_equal(translate(image, dy, dx, border), expected)
    assert np.array_equal(translate(image, float(dy), np.float32(dx), border), expected)


@given(dy=MOVES, dx=MOVES)
def test_a_circular_move_can_be_undone(dy, dx):
    images = pictures(2, *SIZE)
    moved = translate(images, dy, dx, "circular")
    assert np.array_equal(moved, np.roll(images, (dy, dx), (1, 2)))
    assert np.array_equal(translate(moved, -dy, -dx, "circular"), images)


@EVERY_BORDER
@given(dy=MOVES, dx=MOVES, fy=st.floats(0, 1), fx=st.floats(0, 1))
def test_between_pixels_the_value_is_a_mean_of_four_whole_moves(border, dy, dx, fy, fx):
    image = pictures(*SIZE)
    expected = sum(
        (fy if a else 1 - fy) * (fx if b else 1 - fx) * translate(image, dy + a, dx + b, border)
        for a in (0, 1) for b in (0, 1)
    )  # fmt: skip
    assert translate(image, dy + fy, dx + fx, border) == pytest.approx(expected, abs=1e-9)


@EVERY_BORDER
def test_a_fraction_moves_as_scipy_does(border):
    image = pictures(*SIZE)
    expected = ndimage.shift(image, (1.25, -2.5), order=1, mode=SCIPYS_BORDERS[border])
    assert translate(image, 1.25, -2.5, border) == pytest.approx(expected)


@pytest.mark.parametrize("far", [10**30, -(10**30), 1e300])
def test_a_move_may_be_longer_than_any_picture(far):
    image = pictures(*SIZE)
    assert not translate(image, far, 0).any()
    assert translate(image, 0, far, "nearest").std(axis=1) == pytest.approx(0, abs=1e-9)
    assert translate(image, far, 0, "circular").sum() == pytest.approx(image.sum())


# Warps


@given(dy=st.integers(-4, 4), dx=st.integers(-4, 4), border=st.sampled_from(list(BORDERS)))
def test_a_constant_field_is_a_move_the_other_way(dy, dx, border):
    images, field = pictures(2, *SIZE), np.empty((2, *SIZE))
    field[0], field[1] = dy, dx
    assert warp(images, field, border) == pytest.approx(translate(images, -dy, -dx, border))


def test_a_ramp_is_interpolated_exactly():
    y, x = np.indices(SIZE).astype(float)
    inside = FIELD.clip(-0.9, 0.9)
    bent = warp(10 + 2 * y - 3 * x, inside)
    expected = 10 + 2 * (y + inside[0]) - 3 * (x + inside[1])
    assert bent[1:-1, 1:-1] == pytest.approx(expected[1:-1, 1:-1])


@EVERY_BORDER
@given(seed=st.integers(0, 10**6), far=st.sampled_from([0.3, 2, 30, 1000]), whole=st.booleans())
def test_a_warp_is_scipys(border, seed, far, whole):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=rng.integers(1, 12, 2))
    field = far * rng.normal(size=(2, *image.shape))
    field = np.rint(2 * field) / 2 if whole else field  # often on a pixel, or just between two
    places = np.indices(image.shape) + field
    expected = ndimage.map_coordinates(image, places, np.float64, order=1, mode=SCIPYS_BORDERS[border])
    assert warp(image, field, border) == pytest.approx(expected, abs=1e-10)


# Turns, sizes, mirrors


@pytest.mark.parametrize("quarters", range(-5, 6))
def test_quarter_turns_of_a_square_are_exact(quarters):
    images = pictures(2, 6, 6, kind=np.uint8)
    assert np.array_equal(rotate(images, 90 * quarters), np.rot90(images, quarters, axes=(1, 2)))


def test_half_a_turn_is_exact_on_any_shape():
    images = pictures(2, *SIZE)
    assert np.array_equal(rotate(images, 180), images[:, ::-1, ::-1])
    assert np.array_equal(rotate(images, 540), rotate(images, -180))


@EVERY_BORDER
@pytest.mark.parametrize("shape", [SIZE, (8, 8)])
@given(degrees=st.floats(-400, 400))
def test_a_turn_is_scipys(border, shape, degrees):
    image = ndimage.gaussian_filter(pictures(*shape), 1)
    expected = ndimage.rotate(image, degrees, reshape=False, order=1, mode=SCIPYS_BORDERS[border])
    if abs(degrees % 90 - 45) < 44.99:  # exact turns differ from interpolated ones at the border, by rounding
        assert rotate(image, degrees, border) == pytest.approx(expected, abs=1e-6)


def test_a_quarter_turn_keeps_the_size_of_an_oblong_image():
    image = pictures(*SIZE)
    turned = rotate(image, 90)
    assert turned[:, 1:-1] == pytest.approx(np.rot90(image[:, 1:-1]))
    assert turned[:, [0, -1]] == pytest.approx(0)


def test_a_turn_is_anticlockwise():
    image = np.zeros((9, 9))
    image[4, 8] = 1  # to the right
    assert np.unravel_index(rotate(image, 45).argmax(), (9, 9)) == (1, 7)  # up and to the right


def test_almost_a_quarter_turn_is_almost_the_exact_one():
    image = pictures(8, 8)
    assert rotate(image, 90 - 1e-9) == pytest.approx(rotate(image, 90), abs=1e-3)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 3])
def test_scaling_moves_every_point_away_from_the_centre_by_the_factor(factor):
    y, x = np.indices(SIZE) - np.array([3.0, 4.0]).reshape(2, 1, 1)
    inside = (abs(y / factor) <= 3) & (abs(x / factor) <= 4)
    assert scale(2 * y - 3 * x, factor)[inside] == pytest.approx((2 * y - 3 * x)[inside] / factor)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 3])
@EVERY_BORDER
def test_scaling_is_scipys_affine_transform(factor, border):
    image, centre = pictures(*SIZE), np.array([3.0, 4.0])
    expected = ndimage.affine_transform(
        image, np.eye(2) / factor, centre - centre / factor, order=1, mode=SCIPYS_BORDERS[border]
    )
    assert scale(image, factor, border) == pytest.approx(expected)


def test_a_mirror_swaps_left_and_right():
    assert reflect(np.array([[[1.0, 2], [3, 4]]])).tolist() == [[[2, 1], [4, 3]]]
