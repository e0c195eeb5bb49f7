"""The explorers of notebook 05: what Python computes when a control moves."""

import numpy as np
import pytest

from lecture_lib import capsules, widgets
from lecture_lib.chapters.equivariance.moving import MOVES, REPRESENTATIONS, averagings, commutator, rows_in_place
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.probes import BothWays
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets import averaging, both_ways
from lecture_lib.widgets.capsules import coupling_tiles
from lecture_lib.widgets.representations import CONTROLS
from tests.explorers import array, controls

IMAGES, LABELS = (array[:3] for array in load_digits("test"))


@pytest.fixture(scope="module")
def net():
    return capsules.trained_capsules()[0]


# Representations of a moved photo


def test_a_shift_by_whole_cells_moves_their_means_and_leaves_the_counts_of_greys():
    view = widgets.representations(right=14, down=-3).view
    x, gx = (array(view.arrays[name]) for name in ("x", "gx"))
    assert np.array_equal(gx, np.roll(x, (-3, 14), (0, 1)))
    assert view.bars[-1]["value"] == 0
    assert "Invariant to this g: how many pixels of each grey." in view.text
    assert all(bar["value"] > 1 for bar in view.bars[:-1])


def test_the_sliders_of_the_photo_move_it():
    explorer = widgets.representations()
    assert all(bar["value"] == 0 for bar in explorer.view.bars)
    by_name = controls(explorer)
    by_name["Rotate"].value = 90
    assert np.array_equal(array(explorer.view.arrays["gx"]), np.rot90(array(explorer.view.arrays["x"])))
    by_name["Mirror"].value = True
    assert np.array_equal(array(explorer.view.arrays["gx"]), np.rot90(array(explorer.view.arrays["x"])[:, ::-1]))
    before = array(explorer.view.arrays["gx"])
    for name, value in (("Scale", 1.5), ("Bend", 4), ("Photo", "coffee")):
        by_name[name].value = value
        assert not np.array_equal(array(explorer.view.arrays["gx"]), before)
        before = array(explorer.view.arrays["gx"])


def test_the_arrow_keys_find_the_sliders_stops():
    view = widgets.representations(right=4, down=-1).view
    right, down = (CONTROLS[name][1] for name in ("right", "down"))
    assert (right[view.col], down[view.row]) == (4, -1)
    assert view.extent == [len(down), len(right)]


@pytest.mark.parametrize("settings", [{"right": 0.3}, {"degrees": 7}, {"mirror": "yes"}])
def test_what_is_no_stop_of_a_slider_is_refused(settings):
    with pytest.raises(ValueError, match="must be a stop of its slider"):
        widgets.representations(**settings)


def test_unknown_settings_and_photos_are_refused():
    with pytest.raises(ValueError, match="setting='left'"):
        widgets.representations(left=1)
    with pytest.raises(ValueError, match="photo='me'"):
        widgets.representations("me")


# Both ways round


def test_on_a_ring_it_says_exactly_zero_and_with_zero_padding_that_all_is_at_the_border():
    explorer = widgets.both_ways_round("camera", "filter", "translate", 8)
    assert explorer.view.text == "g: shift to the right, 8 px. The difference is exactly 0: both ways lead to the same."
    assert explorer.view.panels[-1]["title"] == "difference: exactly 0"
    assert not array(explorer.view.arrays["difference"]).any()
    explorer.border.value = "zero"
    assert "all of it is at the border" in explorer.view.text
    columns = np.flatnonzero(array(explorer.view.arrays["difference"]).any(axis=0))
    assert columns.tolist() == [7, 95]


def test_its_pictures_are_the_two_ways_and_their_difference():
    view = widgets.both_ways_round("camera", "pool", "translate", 3).view
    before, after, difference = (array(view.arrays[name]) for name in ("before", "after", "difference"))
    assert before.shape == (48, 48)
    assert np.allclose(before - after, difference, atol=1e-3)
    assert view.arrays["before"]["limit"] == view.arrays["difference"]["limit"]
    assert np.array_equal(array(view.arrays["moved"]), np.roll(array(view.arrays["x"]), 3, 1))


def test_turned_copies_are_tiles_and_the_difference_is_rounding_at_most():
    view = widgets.both_ways_round("camera", "turned", "rotate", 90).view
    assert array(view.arrays["before"]).shape == (194, 194, 3)
    assert view.panels[-1]["title"] == "difference: exactly 0"
    view = widgets.both_ways_round("camera", "p4", "rotate", 90).view
    assert "nothing but rounding" in view.text


def test_another_move_has_other_stops_and_starts_where_something_can_be_seen():
    explorer = widgets.both_ways_round()
    for move, each in MOVES.items():
        explorer.move.value = move
        assert explorer.level.value == each.start
        assert [value for _, value in explorer.level.options] == list(each.levels)
        assert explorer.view.extent == [1, len(each.levels)]
        assert explorer.view.col == explorer.level.index
        assert explorer.whole.disabled == (move != "translate")
        assert each.label in explorer.view.text


def test_lenet_asks_for_a_digit_and_keeps_the_last_picture_until_it_gets_one():
    explorer = widgets.both_ways_round()
    before = explorer.view.arrays
    explorer.representation.value = "F6"
    assert explorer.view.problem == "LeNet-5 reads digits of 28×28 pixels: choose a digit as picture."
    assert explorer.view.arrays is before
    explorer.picture.value = "digit 2"
    assert explorer.view.problem == ""
    assert array(explorer.view.arrays["before"]).shape == (7, 12)
    assert "asks for invariance" in explorer.view.text


@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_every_representation_draws_a_still_picture(representation):
    explorer = widgets.both_ways_round("digit 0", representation, "rotate", 45)
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_settings_that_do_not_exist_are_refused():
    for settings, words in (
        ({"picture": "me"}, "picture"), ({"representation": "eye"}, "representation"), ({"move": "fly"}, "move"),
        ({"border": "reflect"}, "border"), ({"level": 0.3}, "level=0.3"), ({"representation": "C1"}, "picture='camera'"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            widgets.both_ways_round(**settings)


def test_the_size_of_a_difference_in_words():
    one = np.ones((1, 9, 9))
    frame = np.zeros((1, 9, 9))
    frame[0, :, 1] = 1
    assert both_ways.describe(BothWays(one, one), 2).startswith("The difference is exactly 0")
    assert both_ways.describe(BothWays(one, one - frame), 2).endswith("farther than 2 places inside there is none.")
    assert "; 11 % of the places differ" in both_ways.describe(BothWays(one, one - frame), 1)
    assert both_ways.size_text(BothWays(one, one * (1 + 2e-15))) == "2·10⁻¹⁵"
    assert both_ways.size_text(BothWays(one, one / 2)) == "50 %"


# Averaging


@pytest.mark.parametrize("group", averagings())
def test_the_last_step_of_averaging_is_equivariant_and_the_words_say_so(group):
    view = widgets.average_matrix(group).view
    errors = array(view.arrays["error"])
    each = averagings()[group]
    assert len(view.texts) == len(view.arrays["matrix"]) == len(each.inputs) == len(errors)
    assert errors[-1] < 1e-10 < errors[-2]
    assert "Not equivariant yet" in view.texts[-2]
    assert "Both ways round agree" in view.texts[-1]
    matrices = averaging._stack(group, 0)[0]
    assert np.allclose(
        errors, 100 * commutator(matrices, *(m[list(each.generators)] for m in (each.inputs, each.outputs)))
    )


def test_another_group_begins_at_its_first_move():
    explorer = widgets.average_matrix("row", count=12)
    by_name = controls(explorer)
    assert explorer.view.col == by_name["Moves"].index == by_name["Play"].value == 11
    by_name["Group"].value = "turns"
    assert explorer.view.col == by_name["Moves"].index == by_name["Play"].value == 0
    assert by_name["Moves"].value == 1
    assert len(by_name["Moves"].options) == 100
    assert by_name["Play"].max == 99


def test_the_rows_of_a_convolution_are_equal_tiles():
    rows = array(widgets.average_matrix("picture").view.arrays["rows"][-1])
    assert rows.shape == (29, 29)
    tile = rows[:5, :5]
    assert np.isfinite(tile).all()
    for top in range(0, 29, 6):
        for left in range(0, 29, 6):
            assert np.allclose(rows[top : top + 5, left : left + 5], tile, atol=1e-5)


def test_averaging_over_more_moves_than_there_are_is_refused():
    with pytest.raises(ShapeError, match="count=13: must be at most 12"):
        widgets.average_matrix("row", count=13)
    with pytest.raises(ValueError, match="group='p5'"):
        widgets.average_matrix("p5")


# Capsules


def test_routing_shows_the_couplings_and_lengths_of_every_iteration(net):
    view = widgets.routing(net, IMAGES, LABELS, iterations=3).view
    votes = net.votes(digits_as_input(IMAGES))
    steps = list(capsules.routing_steps(votes[1:2], 3))
    lengths = array(view.arrays["lengths"])
    assert lengths.shape == (3, 3, 10)
    for at, step in enumerate(steps):
        assert np.allclose(lengths[1, at], np.linalg.norm(step.v[0], axis=1), atol=1e-5)
        assert np.allclose(
            array(view.arrays["couplings"])[1, at], coupling_tiles(step.couplings[0], 6), atol=1e-5, equal_nan=True
        )
    assert len(view.texts) == 9
    assert "every capsule shares its vote out evenly, 10 %" in view.texts[3]
    assert view.texts[5].endswith(f"The digit is a {LABELS[1]}.")
    assert view.extent == [3, 3]


def test_coupling_tiles_have_a_column_for_each_class_and_a_row_for_each_type():
    couplings = np.zeros((2 * 4, 3))  # two types of 2×2 places, three classes
    couplings[4 + 1, 2] = 1  # second type, upper right place, to the last class
    tiles = coupling_tiles(couplings, 2)
    assert tiles.shape == (5, 8)
    assert np.argwhere(tiles == 1).tolist() == [[3, 7]]
    assert np.isnan(tiles[2]).all() and np.isnan(tiles[:, 2]).all()


def test_changing_a_number_of_a_capsule_shows_what_the_decoder_paints(net):
    view = widgets.capsule_numbers(net, IMAGES, LABELS, dimension=5).view
    painted, changes = (array(view.arrays[name]) for name in ("painted", "changes"))
    assert painted.shape == changes.shape == (3, 16, 11, 28, 28)
    v = net["encoder"].forward(digits_as_input(IMAGES))
    v[:, :, 5] += 0.25
    expected = net.reconstruct(v, LABELS)
    assert np.abs(painted[:, 5, -1] / 255 - expected).max() < 0.003
    assert not changes[:, :, 5].any()
    assert view.row == 5


def test_too_many_digits_or_other_pictures_are_refused(net):
    for make in (widgets.routing, widgets.capsule_numbers):
        with pytest.raises(ShapeError, match="at most 24"):
            make(net, np.zeros((25, 28, 28), np.uint8), [0] * 25)
        with pytest.raises(ShapeError, match="must be"):
            make(net, IMAGES.astype(float), LABELS)
        with pytest.raises(ValueError, match="label"):
            make(net, IMAGES, [1, 2, 10])
    with pytest.raises(ShapeError, match="iterations"):
        widgets.routing(net, IMAGES, LABELS, iterations=0)


@pytest.mark.parametrize("group", ["turns", "lift"])
def test_after_all_shifts_and_no_turn_the_sentence_says_it_is_a_convolution_of_each_map(group):
    texts = widgets.average_matrix(group).view.texts
    assert [at + 1 for at, text in enumerate(texts) if "all shifts are in" in text] == [25]
    matrix = averaging._stack(group, 0)[0][24]
    for rows in rows_in_place(matrix, (5, 5)).reshape(-1, 25, 25):
        assert np.allclose(rows, rows[0])
