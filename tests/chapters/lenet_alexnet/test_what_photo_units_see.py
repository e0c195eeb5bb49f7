"""What units for photos see: what the explorer holds, against the recording, and the photos themselves."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.photo_units import (
    DEPTHS,
    MOST,
    NINE,
    PHOTO_UNITS,
    RULES,
    UNITS,
    in_photo,
    photos,
    recorded_patch,
)
from lecture_lib.chapters.lenet_alexnet.what_photo_units_see import SHOWN, what_photo_units_see
from lecture_lib.data import photo_names, resize
from lecture_lib.shapes import ShapeError


@pytest.fixture(scope="module")
def seen():
    return what_photo_units_see()


def recorded():
    """Every patch: depth, unit, place among the nine, and what was recorded of it."""
    for (at, unit, place), _ in np.ndenumerate(np.empty((len(DEPTHS), UNITS, NINE))):
        yield at, unit, place, recorded_patch(PHOTO_UNITS.arrays()["patches"][at, unit, place])


def test_nine_patches_of_a_unit_come_strongest_first_and_two_at_most_from_one_photo():
    patches = PHOTO_UNITS.arrays()["patches"]
    assert (np.diff(patches[..., -1]) <= 0).all() and (patches[..., -1] > 0).all()
    for nine in patches.reshape(-1, NINE, patches.shape[-1]):
        assert max(np.unique(nine[:, 0], return_counts=True)[1]) <= MOST


def test_two_patches_of_one_photo_are_not_of_one_place():
    patches, levels = PHOTO_UNITS.arrays()["patches"], list(DEPTHS.values())
    for at, depth in enumerate(levels):
        for nine in patches[at]:
            found = [recorded_patch(each) for each in nine]
            for one in range(NINE):
                for two in range(one):
                    if found[one].square.photo == found[two].square.photo:
                        (row, col, scale), (row2, col2, scale2) = in_photo(found[one]), in_photo(found[two])
                        assert max(abs(row - row2), abs(col - col2)) >= depth.window * max(scale, scale2) / 2


def test_the_frame_on_the_photo_holds_what_the_patch_shows(seen):
    """Its pixels, made as large as the patch, are the patch but for the rounding of its edges."""
    frames, whole = seen.array("frames"), seen.array("photos")
    names, close = photo_names(more=True), []
    for at, depth in enumerate(DEPTHS.values()):
        for unit in range(UNITS):
            for place in range(NINE):
                found = recorded_patch(PHOTO_UNITS.arrays()["patches"][at, unit, place])
                top, bottom, left, right = frames[at, unit, place // 3, place % 3]
                shown = whole[found.square.photo]
                assert 0 <= top <= bottom < shown.shape[0] and 0 <= left <= right < shown.shape[1], names[
                    found.square.photo
                ]
                half = depth.window // 2
                if min(found.row, found.col) < half or max(found.row, found.col) > 223 - half:
                    continue  # a part of it is padding
                patch = seen.array("patches")[at][unit, place].mean(axis=(0, 1))
                close.append(np.abs(shown[top : bottom + 1, left : right + 1].mean(axis=(0, 1)) - patch).max())
    assert len(close) > 100 and np.median(close) < 8 and np.quantile(close, 0.9) < 40


def test_photos_are_shown_whole(seen):
    for shown, photo in zip(seen.array("photos"), photos(), strict=True):
        assert np.array_equal(shown, resize(photo, SHOWN))


def test_a_chip_has_a_word_only_for_a_unit_that_was_chosen_and_the_sentence_says_how_it_was(seen):
    units = PHOTO_UNITS.arrays()["units"].astype(int)
    for at, depth in enumerate(DEPTHS.values()):
        labels, texts = seen.declared["unit"].labels[at], seen.sentence[0]["text"][at]
        assert list(depth.chosen) == units[at, : len(depth.chosen)].tolist()
        for unit, label, text in zip(units[at], labels, texts, strict=True):
            assert text.startswith(f"Map {unit} of {depth.title}, ")
            if unit in depth.chosen:
                assert label == depth.chosen[unit] and f"several of its patches show the same: {label}" in text
            else:
                assert label == f"map {unit}" and text.endswith("drawn at random. ")


def test_what_comes_back_is_what_was_recorded_to_a_scale_that_a_hundredth_goes_beyond(seen):
    arrays = PHOTO_UNITS.arrays()
    for at in range(len(DEPTHS)):
        for shown, rule in zip(seen.array("back")[at], RULES, strict=True):
            assert np.array_equal(shown, arrays[f"{rule}{at}"])
            ends = (np.abs(shown.astype(int) - 128) == 127).reshape(UNITS * NINE, -1).mean(axis=1)
            dead = (shown == 128).reshape(UNITS * NINE, -1).all(axis=1)
            assert (dead | ((ends >= 0.005) & (ends <= 0.02))).all()


def test_a_unit_to_which_nothing_comes_back_is_said_to_be_one(seen):
    arrays, quiet = PHOTO_UNITS.arrays(), 0
    for at in range(len(DEPTHS)):
        for unit, pictures in enumerate(arrays[f"gradient{at}"]):
            said = "nothing comes back to its patches" in seen.sentence[1]["text"][at][unit]
            assert said == (pictures == 128).all()
            quiet += said
    assert quiet == 2


@pytest.mark.parametrize(
    ("setting", "error"),
    [({"depth": "block 3"}, ValueError), ({"rule": "deconvnet"}, ValueError), ({"unit": 8}, ShapeError)],
)
def test_what_photo_units_see_names_a_bad_setting(setting, error):
    with pytest.raises(error, match=str(next(iter(setting.values())))):
        what_photo_units_see(**setting)
