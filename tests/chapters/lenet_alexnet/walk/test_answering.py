"""What Python answers on a walk to a changed weight and to the wish for a move that breaks the answer."""

import numpy as np
import pytest

from lecture_lib import models, training
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.probes import chances
from tests.chapters.lenet_alexnet.walk.test_network_walk import DRAWN, pad, page_says, points, said, shares

NEGATED = [{"layer": "C3", "what": "scale", "map": 11, "channel": 3, "by": -1}]
MANY = [*NEGATED, {"layer": "C1", "what": "silence", "map": 3}, {"layer": "F6", "what": "weight", "map": 4, "channel": 7, "row": 0, "col": 0, "to": 1.5},
        {"layer": "output", "what": "bias", "map": 8, "to": -2}]  # fmt: skip


def by_hand(changes):
    """The trained LeNet-5 with the changes made by hand."""
    net = models.trained_lenet5()[0]
    for each in changes:
        weight, bias = (getattr(net[each["layer"]], name).value for name in ("weight", "bias"))
        if each["what"] == "scale":
            weight[each["map"], each["channel"]] *= each["by"]
        elif each["what"] == "silence":
            weight[each["map"]], bias[each["map"]] = 0, 0
        elif each["what"] == "weight":
            weight[each["map"], each["channel"]] = each["to"]
        else:
            bias[each["map"]] = each["to"]
    return net


@pytest.mark.parametrize("changes", [NEGATED, MANY])
def test_after_a_change_bars_values_and_weights_are_those_of_the_changed_network_and_the_answer_before_is_kept(changes):
    explorer = pad(DRAWN[9])
    before = shares(explorer)
    explorer.state = {"changes": changes}
    net, x = by_hand(changes), digits_as_input(explorer.array("seen"))
    assert shares(explorer) == pytest.approx(chances(net.forward(x))[0], abs=1e-6)
    assert np.array_equal(explorer.array("before"), before)
    layers = [net[name] for name in ("C1", "C3", "F5", "F6", "output")]
    for name, own in (("weights", "weight"), ("biases", "bias")):
        for packed, layer in zip(explorer.array(name), layers, strict=True):
            assert np.array_equal(packed, layer.value(own))
    explorer.state = {"changes": []}
    assert np.array_equal(shares(explorer), before) and not explorer.array("before").any()
    assert not [name for name in explorer.extra if name.startswith(("weights", "biases"))]


def test_the_accuracy_that_is_said_is_that_of_training_evaluate_on_the_changed_network():
    explorer = pad(DRAWN[9])
    explorer.state = {"changes": MANY}
    assert "test digits" not in said(explorer)
    explorer.state = {"counted": 1}
    images, labels = (each[:1000] for each in load_digits("test"))
    now, then = (
        100 * training.evaluate(net, (images, labels), prepare=digits_as_input).accuracy for net in (by_hand(MANY), by_hand([]))
    )  # fmt: skip
    assert f"It reads {now:.1f} % of 1,000 test digits, {then:.1f} % before." in said(explorer) and now < then
    explorer.state = {"right": 1}
    assert f"It reads {now:.1f} %" in said(explorer)  # what was counted stays true while the digit moves


def test_where_the_answer_stays_both_scores_are_said():
    explorer = pad(DRAWN[9])
    explorer.state = {"changes": NEGATED}
    x = digits_as_input(explorer.array("seen"))
    now, then = (net.forward(x)[0] for net in (by_hand(NEGATED), by_hand([])))
    assert now.argmax() == then.argmax() == 9 and abs(now[9] - then[9]) > 0.01
    assert f" Its score is {now[9]:.2f}, before {then[9]:.2f}." in said(explorer)


def test_who_opens_what_if_has_the_first_accuracy_prepared_and_nothing_is_counted_yet():
    explorer = pad(DRAWN[9])
    walk = explorer.answer.__self__
    explorer.state = {"tool": 2}
    assert walk.accuracy is None
    before = said(explorer)
    explorer.state = {"tool": 1}
    assert walk.accuracy is not None and walk.shares == {} and said(explorer) == before


def test_the_accuracy_is_counted_though_one_walks_on_at_the_same_moment():
    explorer = pad(DRAWN[9])
    explorer.state = {"changes": NEGATED}
    page_says(explorer, counted=1, layer=2, unit=5)
    assert "of 1,000 test digits" in said(explorer)


def test_how_far_a_digit_is_moved_is_said_where_no_slider_shows_it():
    explorer = pad(DRAWN[9], down=-6, rotate=-30)
    (moved,) = [each for each in explorer.sentence if each["text"].startswith("Moved")]
    assert moved["text"] == "Moved: 6 up, turned 30° clockwise. "
    shows = {
        at: {"tool": [at]} in [each.when for each in explorer.parts["controls"] if each.name == "down"]
        for at in range(4)
    }
    assert {at: at not in moved["when"]["tool"] for at in range(4)} == shows
    explorer.press("upright")
    assert "Moved" not in said(explorer)


@pytest.mark.parametrize(
    "junk", [3, [[]], [{"layer": "C9"}], [{**NEGATED[0], "map": 16}], [{**NEGATED[0], "by": "x"}], NEGATED * 101]
)
def test_what_is_no_change_of_this_network_is_refused(junk):
    explorer = pad(DRAWN[9])
    before = shares(explorer)
    page_says(explorer, changes=junk)
    assert explorer.state["changes"] == [] and np.array_equal(shares(explorer), before)


def test_each_move_that_is_said_to_break_the_answer_breaks_it_and_a_step_less_does_not():
    explorer = pad(DRAWN[9])
    assert shares(explorer).argmax() == 9
    explorer.press("find")
    found = explorer.state["broken"]
    assert len(found) == 8 and any(place is not None for *_, place in found)
    for words, slider, place in found:
        if place is None:
            assert "not up to" in words
            continue
        zero = explorer.declared["thicken"].values.index(0) if slider == "thicken" else 0
        explorer.state = {slider: place}
        assert f": {shares(explorer).argmax()} with " in words and shares(explorer).argmax() != 9
        explorer.state = {slider: place - np.sign(place - zero)}
        assert shares(explorer).argmax() == 9
        explorer.state = {slider: zero}


def test_a_new_drawing_empties_the_list_of_moves_and_an_empty_pad_has_none():
    explorer = pad(DRAWN[9])
    explorer.press("find")
    explorer.state = {"strokes": points(DRAWN[1])}
    assert explorer.state["broken"] == []
    explorer.state = {"strokes": []}
    explorer.press("find")
    assert explorer.state["broken"] == [] and explorer.problem == ""


def test_a_change_of_a_network_of_your_own_is_checked_against_that_network():
    explorer = network_walk(models.small_cnn().init(0), digits=1)
    page_says(explorer, changes=NEGATED)
    assert explorer.state["changes"] == []
