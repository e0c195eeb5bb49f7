"""How alike patches are by their edges: what is like what, and a part of what was recorded computed again."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.photo_likeness import COUNT, PHOTO_LIKENESS, edges, likeness, patch_likeness
from lecture_lib.chapters.lenet_alexnet.photo_units import (
    DEPTHS,
    PHOTO_UNITS,
    cut_patch,
    cut_square,
    recorded_patch,
)
from lecture_lib.data.photo_input import PHOTO_MEAN

WAVE = np.sin(np.arange(24) * 0.9)[:, None, None] * np.ones((24, 24, 3))


def test_stripes_are_like_themselves_brighter_moved_or_inverted_and_not_like_stripes_across():
    moved = np.roll(WAVE, 1, axis=0)
    assert likeness([WAVE, 2 * WAVE + 5]) == pytest.approx(1) == likeness([WAVE, 9 - WAVE])
    assert likeness([WAVE, moved]) > 0.9 > 0 > likeness([WAVE, WAVE.transpose(1, 0, 2)])


def test_a_patch_without_edges_is_like_none():
    assert not edges(np.full((11, 11, 3), 9)).any()
    assert likeness([np.full((11, 11, 3), 9), WAVE]) == 0


def test_likeness_is_the_mean_over_pairs():
    some = [WAVE, np.roll(WAVE, 2, axis=1) + np.random.default_rng(0).normal(size=WAVE.shape), WAVE.transpose(1, 0, 2)]
    pairs = [np.corrcoef(edges(some[i]), edges(some[j]))[0, 1] for i in range(3) for j in range(i)]
    assert likeness(some) == pytest.approx(np.mean(pairs))


def test_of_chosen_maps_it_is_that_of_the_patches_that_the_explorer_shows():
    patches = PHOTO_UNITS.arrays()["patches"]
    for at, depth in enumerate(DEPTHS.values()):
        for k in range(len(depth.chosen)):
            nine = [recorded_patch(each) for each in patches[at, k]]
            shown = [cut_patch(cut_square(each.square), each, depth.window, PHOTO_MEAN) for each in nine]
            assert PHOTO_LIKENESS.arrays()["chosen"][at, k] == pytest.approx(likeness(shown), abs=1e-6)


def test_every_depth_has_as_many_maps_drawn_as_patches_from_anywhere():
    for depth, groups in zip(DEPTHS.values(), patch_likeness().values(), strict=True):
        assert [len(each) for each in groups.values()] == [len(depth.chosen), COUNT, COUNT]
        assert all((np.abs(each) <= 1).all() for each in groups.values())
