"""Both ways round: the two pictures, their difference, and what is said of it."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance.both_ways_round import SIDE, both_ways_round, describe, level_text, size_text
from lecture_lib.chapters.equivariance.moving import MOVES, REPRESENTATIONS
from lecture_lib.chapters.equivariance.ways import BothWays


def text(explorer):
    return "".join(each["text"] for each in explorer.sentence)


def moved(explorer):
    """The moved picture, below the one at rest."""
    return explorer.array("pictures")[-SIDE:]


def whole_is_of_use(explorer):
    """Whether the control for half places is there."""
    control = next(each for each in explorer.controls if each["name"] == "whole")
    return all(explorer.state[name] in values for name, values in control["when"].items())


def test_on_a_ring_it_says_exactly_zero_and_with_zero_padding_that_all_is_at_the_border():
    explorer = both_ways_round("camera", "filter", "translate", 8)
    assert text(explorer) == "The difference is exactly 0: both ways lead to the same. g: shift to the right, 8 px."
    assert explorer.panels[-1]["title"] == "difference: exactly 0"
    assert not explorer.array("difference").any()
    explorer.state = {"border": 0}
    assert explorer.value("border") == "zero"
    assert "all of it is at the border" in text(explorer)
    columns = np.flatnonzero(explorer.array("difference").any(axis=0))
    assert columns.tolist() == [7, 95]


def test_its_pictures_are_the_two_ways_and_their_difference():
    explorer = both_ways_round("camera", "pool", "translate", 3)
    before, after, difference = (explorer.array(name) for name in ("before", "after", "difference"))
    assert before.shape == (48, 48)
    assert np.allclose(before - after, difference, atol=1e-3)
    assert explorer.scale("before")[1] == explorer.scale("difference")[1]
    assert np.array_equal(moved(explorer), np.roll(explorer.array("pictures")[:SIDE], 3, 1))


def test_turned_copies_are_tiles_and_the_difference_is_rounding_at_most():
    explorer = both_ways_round("camera", "turned", "rotate", 90)
    assert explorer.array("before").shape == (196, 196)
    assert explorer.panels[-1]["title"] == "difference: exactly 0"
    assert "nothing but rounding" in text(both_ways_round("camera", "p4", "rotate", 90))


def test_each_move_has_its_stops_and_starts_where_something_can_be_seen():
    explorer = both_ways_round()
    for at, (move, each) in enumerate(MOVES.items()):
        explorer.state = {"move": at}
        assert explorer.value(move) == each.start
        index = explorer.declared[move]
        stops = index.values if move == "reflect" else np.linspace(index.low, index.high, index.count())
        assert np.allclose(stops, each.levels, atol=1e-12)
        assert explorer.arrows == [None, move]
        shown = [each["name"] for each in explorer.controls if each["when"] == {"move": [at]}]
        assert shown == [move]
        assert not whole_is_of_use(explorer)
        assert f"g: {each.label}, {level_text(move, each.start)}." in text(explorer)


def test_a_move_keeps_its_place_while_others_are_looked_at():
    explorer = both_ways_round("camera", "filter", "translate", 8)
    before = moved(explorer)
    explorer.state = {"move": 2, "scale": 0.55}
    assert "scale, 0.55 ×" in text(explorer)
    explorer.state = {"move": 0}
    assert np.array_equal(moved(explorer), before)


def test_half_a_place_can_go_to_the_nearest_one():
    explorer = both_ways_round("camera", "pool", "translate", 3)
    before = explorer.array("after")
    explorer.state = {"whole": 1}
    assert not np.array_equal(explorer.array("after"), before)
    assert whole_is_of_use(explorer)
    explorer.state = {"move": list(MOVES).index("rotate")}
    assert not whole_is_of_use(explorer)


@pytest.mark.parametrize("representation", REPRESENTATIONS)
def test_every_representation_draws_a_still_picture(representation):
    explorer = both_ways_round("coffee", representation, "rotate", 45)
    assert "image/png" in explorer._repr_mimebundle_()[0]


def test_without_python_nothing_lives():
    explorer = both_ways_round()
    assert not explorer.moves and not explorer.lives and explorer.needs_python


def test_settings_that_do_not_exist_are_refused():
    for settings, words in (
        ({"picture": "me"}, "picture"), ({"representation": "eye"}, "representation"), ({"move": "fly"}, "move"),
        ({"border": "reflect"}, "border"), ({"level": 0.3}, "level=0.3"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            both_ways_round(**settings)


def test_the_size_of_a_difference_in_words():
    one = np.ones((1, 9, 9))
    frame = np.zeros((1, 9, 9))
    frame[0, :, 1] = 1
    assert describe(BothWays(one, one), 2)[0] == "The difference is exactly 0"
    assert describe(BothWays(one, one - frame), 2)[1].endswith("farther than 2 places inside there is none.")
    assert "; 11 % of the places differ" in describe(BothWays(one, one - frame), 1)[1]
    assert size_text(BothWays(one, one * (1 + 2e-15))) == "2·10⁻¹⁵"
    assert size_text(BothWays(one, one / 2)) == "50 %"
