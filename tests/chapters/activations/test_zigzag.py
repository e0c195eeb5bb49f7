"""The way of two weights: paths against the experiment, words about every move."""

import numpy as np
import pytest

from lecture_lib.chapters.activations.neuron import weight_path
from lecture_lib.chapters.activations.zigzag import RATES, START, STEPS, TARGET, _words, zigzag

AROUND_ZERO = np.random.default_rng(0).normal(size=(50, 2))
INPUTS = {"positive": np.abs(AROUND_ZERO), "around zero": AROUND_ZERO}
EXAMPLES = {"zigzag": lambda: zigzag({"around zero": AROUND_ZERO[:9]})}


def test_the_paths_are_those_of_the_chosen_learning_rate():
    explorer = zigzag(INPUTS)
    for at, lr in enumerate(RATES):
        explorer.state = {"rate": at}
        for number, each in enumerate(INPUTS.values()):
            path = weight_path(each, TARGET, START, lr, STEPS)
            drawn = [explorer.array(f"{name} {number}") for name in ("w1", "w2")]
            assert np.allclose(np.transpose(drawn), path, rtol=1e-5, atol=1e-5)


def test_with_positive_inputs_the_words_never_say_that_one_grows_and_one_falls():
    texts = zigzag(INPUTS).sentence[0]["text"]
    positive, both = [text.split("Around zero")[0] for text in texts], " ".join(texts)
    assert len(texts) == STEPS + 1
    assert not any("one grows, one falls" in text for text in positive)
    assert "one grows, one falls" in both


def test_a_move_too_small_for_two_digits_is_said_to_be_hardly_one():
    path, texts = np.array([[0, 0], [0.004, 0.004], [0.004, 0.1]]), {}
    for step in (1, 2):
        texts[step] = _words({"inputs": path}, step)
    assert texts[1] == "Step 1. Inputs: hardly moves; 1.41 from the best."  # (1 - 0.004, -1 - 0.004)
    assert "changed by (0, 0.1)" in texts[2]


def test_weights_that_fly_away_are_reported_and_a_smaller_rate_brings_them_back():
    explorer = zigzag({"large": 5 * AROUND_ZERO}, lr=0.8)
    assert "Choose a smaller learning rate" in explorer.problem
    mild = zigzag({"large": 2 * AROUND_ZERO}, lr=0.8)
    assert "fly away" in mild.problem
    mild.state = {"rate": 0}
    assert zigzag({"large": 2 * AROUND_ZERO}, lr=0.05).problem == mild.problem == ""
    explorer._repr_mimebundle_()  # the still of such a path can be drawn


@pytest.mark.parametrize("wrong", [{"inputs": INPUTS, "lr": 0.3}, {"inputs": {}}])
def test_the_zigzag_names_what_it_cannot_draw(wrong):
    with pytest.raises(ValueError, match="must"):
        zigzag(**wrong)


def test_both_axes_have_one_unit_in_the_still_picture_too():
    drawn = zigzag(INPUTS).still()
    assert [ax.get_aspect() for ax in drawn.axes] == [1, 1]
    assert [len(ax.lines[0].get_xdata()) for ax in drawn.axes] == [STEPS + 1] * 2  # the whole way


def test_steps_live_without_python():
    explorer = zigzag(INPUTS)
    assert (explorer.lives, explorer.needs_python) == (("the steps", "Step"), ("Learning rate",))
