"""How much pooled maps change: numbers worked out by hand, SciPy's maximum, and what must hold for every picture."""

import numpy as np
import pytest
from scipy import ndimage

from lecture_lib import transforms
from lecture_lib.chapters.pooling import robustness
from lecture_lib.chapters.pooling.robustness import KINDS, changes, downsample, feature_maps, relative_change
from lecture_lib.data import load_photo, resize, to_grey
from lecture_lib.filters import KERNELS
from lecture_lib.shapes import ShapeError

EDGES = [KERNELS["sobel_x"].weights, KERNELS["sobel_y"].weights]


@pytest.fixture(scope="module")
def photo():
    return resize(to_grey(load_photo("coffee")), 60).astype(float)


def test_feature_maps_are_correlations_without_their_negative_values(photo):
    for map_, kernel in zip(feature_maps(photo, EDGES), EDGES, strict=True):
        inside = ndimage.correlate(photo, kernel)[1:-1, 1:-1]
        assert np.allclose(map_, np.where(inside > 0, inside, 0))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_downsampling_keeps_the_largest_the_mean_or_the_first_of_each_window(size):
    maps = np.random.default_rng(size).normal(size=(2, 3, 7, 9))
    rows, cols = 7 // size, 9 // size
    blocks = maps[..., : rows * size, : cols * size].reshape(2, 3, rows, size, cols, size)
    assert np.array_equal(downsample(maps, "max", size), blocks.max(axis=(3, 5)))
    assert np.allclose(downsample(maps, "average", size), blocks.mean(axis=(3, 5)))
    assert np.array_equal(downsample(maps, "stride", size), blocks[:, :, :, 0, :, 0])
    assert np.array_equal(downsample(maps, "none", size), maps)


def test_the_relative_change_is_a_ratio_of_lengths():
    assert relative_change(np.array([[3, 4]]), np.array([[3, 4]])) == 0
    assert relative_change([3, 4], [0, 0]) == 1
    assert relative_change([0, 10], [10, 0]) == pytest.approx(2**0.5)
    assert relative_change([-6.0, 8], [-60, 80]) == pytest.approx(9)


def test_changes_are_measured_for_each_image_and_level(photo):
    images, levels = [photo, photo[:, ::-1]], [0, 1, 2]
    found = changes(images, lambda image, by: np.roll(image, by, 1), levels, EDGES, [2, 4], border=3)
    assert set(found) == set(KINDS)
    for kind, each in found.items():
        assert each.shape == (2, 2, 3)
        assert (each[..., 0] == 0).all()
        before, after = (
            downsample(feature_maps(np.roll(photo, by, 1), EDGES)[:, 3:-3, 3:-3], kind, 2) for by in (0, 2)
        )
        assert each[0, 0, 2] == pytest.approx(np.linalg.norm(after - before) / np.linalg.norm(before))


def test_pooling_by_maximum_and_mean_changes_less_than_none_and_a_stride_no_less(photo):
    found = changes([photo], lambda image, by: transforms.translate(image, 0, by, "nearest"), [1], EDGES, [4], border=4)
    most, mean, stride, none = (found[kind].item() for kind in ("max", "average", "stride", "none"))
    assert max(most, mean) < 0.8 * none
    assert stride > 0.8 * none


def test_a_move_by_the_stride_moves_the_pooled_map_by_one(photo):
    maps = feature_maps(photo, EDGES)
    for kind in ("max", "average", "stride"):
        before, after = (downsample(each, kind, 4) for each in (maps, np.roll(maps, 4, axis=-1)))
        assert np.array_equal(after[..., 1:], before[..., :-1])


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (
            lambda: downsample(np.ones((4, 4)), "min", 2),
            ValueError,
            "kind='min': must be one of max, average, stride, none",
        ),
        (lambda: downsample(np.ones((4, 3)), "max", 4), ShapeError, "with sides of at least size=4"),
        (lambda: downsample(np.ones(4), "max", 2), ShapeError, "maps has shape \\(4,\\)"),
        (lambda: downsample(np.ones((4, 4)), "max", 2.0), TypeError, "size=2.0"),
        (lambda: relative_change([1, 2], [1]), ShapeError, "after has shape \\(1,\\): must be \\(2,\\)"),
        (lambda: relative_change([0, 0], [1, 1]), ValueError, "before is zero everywhere"),
        (
            lambda: changes([np.ones((9, 9))], lambda image, by: image, [0], EDGES, [2], border=-1),
            ShapeError,
            "border=-1",
        ),
    ],
)
def test_a_broken_rule_is_named_with_its_value(call, kind, words):
    with pytest.raises(kind, match=words):
        call()


def test_every_kind_says_what_it_keeps():
    assert list(robustness.KINDS) == ["max", "average", "stride", "none"]
    assert all(KINDS.values())
