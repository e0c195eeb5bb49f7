"""A moved photo, and how much four representations of it change."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance.representations import representations
from lecture_lib.data import photo_names
from lecture_lib.shapes import ShapeError


def bars(explorer):
    return explorer.panels[-1]["bars"]


def test_a_shift_by_whole_cells_moves_their_means_and_leaves_the_counts_of_greys():
    explorer = representations(right=14, down=-3)
    assert np.array_equal(explorer.array("gx"), np.roll(explorer.array("x"), (-3, 14), (0, 1)))
    assert bars(explorer)[-1]["value"] == 0
    assert explorer.sentence[0]["text"] == "Exactly as before: how many of each grey."
    assert all(bar["value"] > 1 for bar in bars(explorer)[:-1])


def test_by_one_pixel_the_edges_change_much_and_the_averaged_edges_and_the_counts_of_greys_hardly():
    pixels, edges, averaged, counts = (bar["value"] for bar in bars(representations(right=1)))
    assert edges > pixels > 25
    assert averaged < 10 and counts == 0


def test_a_turn_by_90_degrees_changes_all_but_the_counts_of_greys():
    *changed, counts = (bar["value"] for bar in bars(representations(degrees=90)))
    assert min(changed) > 10 and counts == 0
    assert bars(representations(degrees=30))[-1]["value"] > 10


def test_the_sliders_of_the_photo_move_it():
    explorer = representations()
    assert all(bar["value"] == 0 for bar in bars(explorer))
    explorer.state = {"degrees": 90}
    assert np.array_equal(explorer.array("gx"), np.rot90(explorer.array("x")))
    explorer.state = {"mirror": 1}
    assert np.array_equal(explorer.array("gx"), np.rot90(explorer.array("x")[:, ::-1]))
    before = explorer.array("gx")
    for name, value in (("factor", 1.5), ("bend", 4), ("photo", photo_names().index("coffee"))):
        explorer.state = {name: value}
        assert not np.array_equal(explorer.array("gx"), before)
        before = explorer.array("gx")


def test_the_arrow_keys_move_the_photo_and_need_python():
    explorer = representations(right=4, down=-1)
    assert explorer.arrows == ["down", "right"]
    assert (explorer.state["right"], explorer.state["down"]) == (4, -1)
    assert not explorer.moves and not explorer.lives


def test_the_sentence_names_what_has_changed_most_and_least():
    explorer = representations(degrees=30)
    changes = {bar["label"]: bar["value"] for bar in bars(explorer)}
    most, least = max(changes, key=changes.get), min(changes, key=changes.get)
    assert explorer.sentence[0]["text"] == f"Most has changed: {most}, by {changes[most]:.0f} %."
    assert explorer.sentence[1]["text"] == f" Least: {least}, by {changes[least]:.0f} %."


@pytest.mark.parametrize("settings", [{"right": 0.3}, {"degrees": 7}, {"down": 41}])
def test_what_is_no_stop_of_a_slider_is_refused(settings):
    ((name, value),) = settings.items()
    with pytest.raises(ShapeError, match=f"{name}={value}: must be"):
        representations(**settings)


def test_what_is_no_setting_at_all_is_refused():
    with pytest.raises(TypeError, match="mirror='yes'"):
        representations(mirror="yes")
    with pytest.raises(TypeError, match="left"):
        representations(left=1)
    with pytest.raises(ValueError, match="photo='me'"):
        representations("me")
