"""Transforms: elastic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import transforms
from lecture_lib.shapes import ShapeError
from lecture_lib.transforms import (
    displacement,
    distance,
    elastic,
    illuminate,
    rotate,
    scale,
    shuffle_pixels,
    thicken,
    translate,
    warp,
)
from tests.transforms_cases import CALLS, EVERY, EVERY_KIND, IMAGE, SIZE, pictures

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
