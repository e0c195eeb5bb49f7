"""A digit that is dragged: what is shown at each place is what the trained network answers there."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance.measures import LAYERS
from lecture_lib.chapters.equivariance.moved_digit import DIGITS, REACH, moved_digit
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.models import trained_lenet5
from lecture_lib.ops import softmax
from lecture_lib.probes import responses
from lecture_lib.shapes import ShapeError


@pytest.fixture(scope="module")
def explorer():
    return moved_digit()


@pytest.mark.parametrize(("digit", "down", "right"), [(0, 0, 2), (3, -5, 7), (DIGITS - 1, REACH, -REACH)])
def test_each_place_shows_what_the_network_answers_to_the_moved_digit(explorer, digit, down, right):
    net, image = trained_lenet5()[0], load_digits("test")[0][digit]
    moved = np.pad(image, REACH)[REACH - down :, REACH - right :][:28, :28]
    still, found = (responses(net, digits_as_input(each[None])) for each in (image, moved))
    at = digit, down + REACH, right + REACH
    expected = [np.linalg.norm(found[name] - still[name]) / np.linalg.norm(still[name]) for name in LAYERS]
    assert np.allclose(explorer.array("changes")[at], expected, atol=1e-4)
    assert np.allclose(explorer.array("verdicts")[at], softmax(found["output"])[0], atol=1e-5)


def test_at_rest_nothing_has_changed_and_the_words_judge_every_answer(explorer):
    assert not explorer.array("changes")[:, REACH, REACH].any()
    named, labels = explorer.array("verdicts").argmax(axis=-1), explorer.array("labels")
    for at, said in np.ndenumerate(explorer.array("said")):
        words = explorer.sentence[0]["text"][said]
        assert f"a {named[at]}" in words and ("right ✓" in words) == (named[at] == labels[at[0]])


def test_it_lives_without_python_and_stays_within_reach():
    explorer = moved_digit(right=3, down=-1)
    assert not explorer.needs_python and (explorer.value("right"), explorer.value("down")) == (3, -1)
    with pytest.raises(ShapeError, match="right=8"):
        moved_digit(right=8)


def test_near_its_place_every_digit_is_read_right_and_in_the_corners_most_are_not(explorer):
    right = explorer.array("verdicts").argmax(axis=-1) == explorer.array("labels")[:, None, None]
    assert right[:, REACH - 2 : REACH + 3, REACH - 2 : REACH + 3].all()
    assert (right[:, :: 2 * REACH, :: 2 * REACH].sum(axis=(1, 2)) < 2).all()
