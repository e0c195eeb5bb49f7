"""Transforms beside loops, SciPy and numbers by hand; what all of them hold; what they refuse."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from lecture_lib import transforms
from lecture_lib.shapes import ShapeError
from lecture_lib.transforms import (
    BORDERS,
    displacement,
    distance,
    elastic,
    illuminate,
    reflect,
    rotate,
    scale,
    shuffle_pixels,
    thicken,
    translate,
    warp,
)

SIZE = 7, 9
FIELD = np.random.default_rng(1).normal(size=(2, *SIZE))
CALLS = {  # every transform of images, with settings under which something happens
    translate: {"dy": 1.0, "dx": -2.5, "border": "zero"},
    warp: {"field": FIELD, "border": "zero"},
    rotate: {"degrees": 30.0, "border": "zero"},
    scale: {"factor": 0.8, "border": "zero"},
    reflect: {},
    elastic: {"strength": 2.0, "rng": 0, "smoothness": 2.0, "border": "zero"},
    illuminate: {"gain": 1.5, "offset": 3.0, "slope": (2.0, 5.0)},
    shuffle_pixels: {"seed": 0},
    thicken: {"by": 1.5},
}
OTHERS = {"dy": -1.0, "dx": 1.25, "border": "nearest", "field": -FIELD, "degrees": 90.5, "factor": 1.3, "strength": 1.0,
          "rng": 1, "smoothness": 3.0, "gain": 0.5, "offset": -3.0, "slope": (2.0, 4.0), "seed": 1, "by": -0.5}  # fmt: skip
EVERY = pytest.mark.parametrize("transform", CALLS, ids=lambda function: function.__name__)
EVERY_BORDER = pytest.mark.parametrize("border", BORDERS)
EVERY_KIND = pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
MOVES = st.integers(-12, 12)


def pictures(*shape, kind=np.float64, seed=0):
    return np.random.default_rng(seed).uniform(0, 255, shape).astype(kind)


# All of them


def test_every_transform_is_here():
    of_images = {
        function for _, function in inspect.getmembers(transforms, inspect.isfunction)
        if function.__module__ == transforms.__name__ and next(iter(inspect.signature(function).parameters)) == "images"
    }  # fmt: skip
    assert {function for function in of_images if not function.__name__.startswith("_")} == set(CALLS)


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


# Moves


def moved_by_loops(image, dy, dx, border):
    h, w = image.shape
    out = np.zeros_like(image)
    for i in range(h):
        for j in range(w):
            y, x = i - dy, j - dx
            if border == "circular":
                out[i, j] = image[y % h, x % w]
            elif border == "nearest":
                out[i, j] = image[min(max(y, 0), h - 1), min(max(x, 0), w - 1)]
            elif 0 <= y < h and 0 <= x < w:
                out[i, j] = image[y, x]
    return out


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
    expected = ndimage.shift(image, (1.25, -2.5), order=1, mode=BORDERS[border])
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
    expected = ndimage.rotate(image, degrees, reshape=False, order=1, mode=BORDERS[border])
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
        image, np.eye(2) / factor, centre - centre / factor, order=1, mode=BORDERS[border]
    )
    assert scale(image, factor, border) == pytest.approx(expected)


def test_a_mirror_swaps_left_and_right():
    assert reflect(np.array([[[1.0, 2], [3, 4]]])).tolist() == [[[2, 1], [4, 3]]]


# Elastic


@given(
    seed=st.integers(0, 1000), strength=st.floats(0, 20), smoothness=st.floats(0, 20),
    h=st.integers(1, 30), w=st.integers(1, 30),
)  # fmt: skip
def test_strength_is_the_root_mean_square_distance(seed, strength, smoothness, h, w):
    field = displacement((h, w), strength, seed, smoothness)
    assert field.shape == (2, h, w) and field.dtype == np.float64
    assert np.sqrt(np.mean(field[0] ** 2 + field[1] ** 2)) == pytest.approx(strength)


def test_one_seed_gives_one_form():
    field = displacement((28, 28), 1.0, 7)
    assert displacement((28, 28), 2.5, 7) == pytest.approx(2.5 * field)
    assert np.array_equal(displacement((28, 28), 1.0, np.random.default_rng(7)), field)
    assert not np.allclose(displacement((28, 28), 1.0, 8), field)


def test_fields_have_no_usual_direction_and_their_components_nothing_in_common():
    fields = np.stack([displacement((8, 8), 1.0, seed, 2.0) for seed in range(400)])
    assert np.abs(fields.mean(axis=(0, 2, 3))).max() < 0.1
    assert abs(np.mean(fields[:, 0] * fields[:, 1])) < 0.05
    assert (fields[:, 0] ** 2).mean() == pytest.approx(0.5, abs=0.05)


def test_the_smoother_the_field_the_less_neighbours_differ():
    steps = [np.abs(np.diff(displacement((28, 28), 1.0, 0, smoothness))).mean() for smoothness in (0, 1, 2, 4, 8, 1000)]
    assert all(later < earlier for earlier, later in zip(steps, steps[1:], strict=False))
    assert steps[-1] < 1e-6  # "close to constant, with a random direction" (Simard et al. 2003, section 2)


def test_each_image_gets_a_field_of_its_own():
    image = pictures(28, 28)
    rng = np.random.default_rng(3)
    fields = [displacement((28, 28), 2.0, rng, 5.0) for _ in range(2)]
    bent = elastic(np.stack([image, image]), 2.0, 3, 5.0)
    assert np.array_equal(bent, [warp(image, field) for field in fields])
    assert not np.array_equal(*bent)


def test_a_seed_stands_for_its_generator_and_a_generator_goes_on():
    images, rng = pictures(2, 9, 9), np.random.default_rng(5)
    assert np.array_equal(elastic(images, 1.0, 5), elastic(images, 1.0, rng))
    assert not np.array_equal(elastic(images, 1.0, 5), elastic(images, 1.0, rng))


# Light


def test_light_by_hand():
    images = np.array([[0.0, 100], [200, 100]])
    assert illuminate(images, 0.5, 10).tolist() == [[10, 60], [110, 60]]
    assert illuminate(images, slope=(20, 0)).tolist() == [[-10, 90], [210, 110]]
    assert illuminate(images, slope=(0, 20)).tolist() == [[-10, 110], [190, 110]]
    assert illuminate(images.astype(np.uint8), 2, -50).tolist() == [[0, 150], [255, 150]]


@given(gain=st.floats(-3, 3), offset=st.floats(-99, 99), down=st.floats(-99, 99), right=st.floats(-99, 99))
def test_the_ramp_rises_by_its_slope_and_adds_up_to_nothing(gain, offset, down, right):
    images = pictures(2, *SIZE)
    ramp = illuminate(images, gain, offset, (down, right)) - gain * images - offset
    assert ramp[0] == pytest.approx(ramp[1], abs=1e-9)
    assert ramp[0].mean() == pytest.approx(0, abs=1e-9)
    assert ramp[0, -1] - ramp[0, 0] == pytest.approx(np.full(9, down), abs=1e-9)
    assert ramp[0, :, -1] - ramp[0, :, 0] == pytest.approx(np.full(7, right), abs=1e-9)


def test_a_single_row_has_no_slope_downwards():
    assert illuminate(np.zeros((1, 3)), slope=(9, 2)).tolist() == [[-1, 0, 1]]


# Shuffled pixels


@pytest.mark.parametrize("radius", [1, 2, 3])
def test_thickening_takes_the_brightest_of_a_disc_and_thinning_the_darkest(radius):
    image = pictures(*SIZE)
    thick, thin = thicken(image, radius), thicken(image, -radius)
    for i, j in np.ndindex(SIZE):
        disc = [
            image[a, b] for a, b in np.ndindex(SIZE) if (a - i) ** 2 + (b - j) ** 2 <= radius**2
        ]  # fmt: skip
        assert (thick[i, j], thin[i, j]) == (max(disc), min(disc))


@given(st.floats(-3, 3), st.floats(0, 2))
def test_thicker_is_brighter_everywhere(by, more):
    image = pictures(*SIZE)
    assert (thicken(image, by + more) >= thicken(image, by) - 1e-9).all()


def test_thinning_is_thickening_of_the_negative():
    image = pictures(*SIZE)
    assert np.allclose(thicken(-image, -1.25), -thicken(image, 1.25))


def test_a_disc_larger_than_any_picture_leaves_the_brightest_pixel():
    image = pictures(*SIZE)
    assert (thicken(image, 1e9) == image.max()).all()


@EVERY_KIND
def test_shuffling_moves_every_pixel_to_one_place_in_all_images(kind):
    images = np.arange(2 * 63).reshape(2, *SIZE).astype(kind)
    shuffled = shuffle_pixels(images, 4)
    assert np.array_equal(shuffled[1], shuffled[0] + 63)
    assert sorted(shuffled[0].flat) == list(range(63))
    assert np.array_equal(shuffle_pixels(images[1:], 4), shuffled[1:])


def test_weighted_sums_do_not_notice_if_the_weights_are_shuffled_alike():
    images, weights = pictures(5, 63), pictures(3, 63, seed=1)
    shuffled, alike = (shuffle_pixels(array.reshape(-1, *SIZE), 9).reshape(-1, 63) for array in (images, weights))
    assert shuffled @ alike.T == pytest.approx(images @ weights.T)


# What is refused


@EVERY
@pytest.mark.parametrize(
    ("images", "error", "words"),
    [
        (np.zeros(3), ShapeError, "images has shape (3,)"),
        (np.zeros((0, *SIZE)), ShapeError, "images has shape (0, 7, 9)"),
        (np.zeros((3, 0)), ShapeError, "images has shape (3, 0)"),
        (np.zeros(SIZE, complex), TypeError, "images has dtype complex128"),
        ([["a"]], TypeError, "images has dtype <U1"),
        ([[1, 2], [3]], TypeError, "images"),
    ],
)
def test_what_is_no_image_is_refused_by_name(transform, images, error, words):
    with pytest.raises(error) as caught:
        transform(images, **CALLS[transform])
    assert words in str(caught.value)


IMAGE = np.zeros(SIZE)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: translate(IMAGE, np.nan, 0), ValueError, "dy=nan: must be a number that is finite"),
        (lambda: translate(IMAGE, 0, "1"), TypeError, "dx='1'"),
        (
            lambda: translate(IMAGE, 0, 0, "mirror"),
            ValueError,
            "border='mirror': must be one of zero, circular, nearest",
        ),
        (lambda: translate(IMAGE, 0.5, 0, "mirror"), ValueError, "border='mirror'"),
        (lambda: warp(IMAGE, np.zeros((2, 9, 7))), ShapeError, "field has shape (2, 9, 7): must be (2, 7, 9)"),
        (lambda: warp(IMAGE, np.full((2, *SIZE), np.inf)), ValueError, "field holds NaN or infinity"),
        (lambda: warp(IMAGE, np.zeros((2, *SIZE)), None), ValueError, "border=None"),
        (lambda: rotate(IMAGE, np.inf), ValueError, "degrees=inf"),
        (lambda: rotate(IMAGE, 0, "mirror"), ValueError, "border='mirror'"),
        (lambda: scale(IMAGE, 0), ValueError, "factor=0: must be a number above 0"),
        (lambda: scale(IMAGE, np.inf), ValueError, "factor=inf"),
        (lambda: scale(IMAGE, True), TypeError, "factor=True"),
        (lambda: displacement((0, 3), 1.0, 0), ShapeError, "shape[0]=0: must be at least 1"),
        (lambda: displacement((2, 3, 4), 1.0, 0), ShapeError, "shape=(2, 3, 4)"),
        (lambda: displacement(SIZE, -1.0, 0), ValueError, "strength=-1.0: must be a number of at least 0"),
        (lambda: displacement(SIZE, 1.0, 0, np.nan), ValueError, "smoothness=nan"),
        (lambda: elastic(IMAGE, np.inf, 0), ValueError, "strength=inf"),
        (lambda: elastic(IMAGE, 1, 0, border="mirror"), ValueError, "border='mirror'"),
        (lambda: illuminate(IMAGE, gain=np.nan), ValueError, "gain=nan"),
        (lambda: illuminate(IMAGE, offset="1"), TypeError, "offset='1'"),
        (lambda: illuminate(IMAGE, slope=3), ShapeError, "slope=3: must be a pair"),
        (lambda: illuminate(IMAGE, slope=(0, np.inf)), ValueError, "slope[1]=inf"),
    ],
)
def test_a_setting_that_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def test_the_distance_is_the_root_mean_square_of_the_differences():
    one, other = np.array([[1, 2], [250, 0]], np.uint8), np.array([[4, 2], [250, 4]], np.uint8)
    assert distance(one, other) == distance(other, one) == 2.5  # (9 + 0 + 0 + 16) / 4 = 6.25; uint8 does not wrap
    assert distance(one, one) == 0


def test_the_distance_of_images_of_two_shapes_is_refused():
    with pytest.raises(ShapeError, match=r"one has shape \(2, 3\) and other \(3, 2\)"):
        distance(np.zeros((2, 3)), np.zeros((3, 2)))
    with pytest.raises(TypeError, match="images"):
        distance(np.array([["a"]]), np.zeros((1, 1)))


def test_a_field_too_large_for_memory_is_refused_before_it_is_made():
    with pytest.raises(ValueError, match=r"shape=\[28, 28000000\]: makes 1,568,000,000 numbers"):
        transforms.displacement([28, 28_000_000], 1.5, rng=0)
