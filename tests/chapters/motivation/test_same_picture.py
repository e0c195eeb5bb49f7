"""The same picture, changed: distances of pixels against NumPy."""

import numpy as np
import pytest

from lecture_lib import data
from lecture_lib.chapters.motivation.same_picture import change_picture, same_picture, square_photo
from lecture_lib.explore.still import draw_panels


def bars(explorer):
    return explorer.panels[2]["bars"]


def words(explorer):
    return explorer.sentence[0]["text"]


def test_a_picture_that_is_not_changed_has_no_distance_from_itself():
    explorer = same_picture("coffee")
    assert bars(explorer)[0]["value"] == 0
    assert explorer.array("changed").tolist() == explorer.array("original").tolist()
    assert "every other photo is still farther away" in words(explorer)


def test_the_bars_are_distances_of_pixels():
    explorer = same_picture("astronaut", right=12)
    astronaut = square_photo("astronaut").astype(float)
    moved = np.concatenate([np.repeat(astronaut[..., :1], 12, axis=2), astronaut[..., :-12]], axis=2)
    expected = {"its changed self": moved} | {
        name: square_photo(name).astype(float) for name in data.photo_names() if name != "astronaut"
    }
    for bar in bars(explorer):
        assert np.isclose(bar["value"], np.sqrt(((astronaut - expected[bar["label"]]) ** 2).mean()))
    assert "are nearer to astronaut than it is to itself" in words(explorer)


def test_one_nearer_photo_is_and_several_are():
    assert "1 of 5 other photos is nearer to chelsea" in words(same_picture("chelsea", offset=50))


@pytest.mark.parametrize("name", ["right", "down", "bend", "offset", "contrast", "slope"])
def test_every_slider_changes_the_picture_and_its_distance(name):
    explorer = same_picture("brick")
    before = explorer.arrays["changed"]["data"]
    explorer.state = {name: explorer.declared[name].high}
    assert explorer.arrays["changed"]["data"] != before
    assert bars(explorer)[0]["value"] > 1


def test_contrast_turns_about_mid_grey():
    grey = np.array([[[0, 100, 255]]], np.uint8)
    assert change_picture(grey, contrast=50).tolist() == [[[64, 114, 191]]]
    assert change_picture(grey, contrast=200).tolist() == [[[0, 72, 255]]]  # 2·100 − 127.5, and the ends clipped


@pytest.mark.parametrize(
    ("setting", "words"), [({"tilt": 1}, "tilt"), ({"right": 33}, "right=33"), ({"bend": -1}, "bend=-1")]
)
def test_the_same_picture_names_a_setting_that_it_has_not(setting, words):
    with pytest.raises(ValueError, match=words):
        same_picture(**setting)


def test_all_of_it_is_computed_by_python():
    explorer = same_picture()
    assert not explorer.moves and not explorer.lives and explorer.needs_python


def test_every_part_of_the_still_picture_has_its_title():
    drawn = draw_panels(same_picture())
    assert [ax.get_title() for ax in drawn.axes] == [
        "photo", "the same, changed: drag it", "distance from the photo",
    ]  # fmt: skip
