"""The smallest move that changes an answer: what a loop over every step of every slider finds, too."""

import subprocess
import sys

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.breaking import MOVES, THICKEN, WAYS, Break, moved, smallest_moves
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.ops import softmax
from lecture_lib.transforms import rotate, thicken, translate

NET = models.trained_lenet5()[0]
IMAGES = load_digits("test")[0]


def answer(picture):
    scores = NET.forward(digits_as_input(picture[None]))[0]
    return int(scores.argmax()), softmax(scores).max()


def by_loop(picture, change, values):
    """The first value at which something else is read, one picture at a time."""
    first, _ = answer(picture)
    for by in values:
        picture_there = change(picture, by)
        if picture_there.any() and answer(picture_there)[0] != first:
            return by, *answer(picture_there)
    return None, None, None


LOOPS = {
    "right": (lambda x, by: translate(x, 0, by), range(1, 15)),
    "left": (lambda x, by: translate(x, 0, by), range(-1, -15, -1)),
    "down": (lambda x, by: translate(x, by, 0), range(1, 15)),
    "up": (lambda x, by: translate(x, by, 0), range(-1, -15, -1)),
    "anticlockwise": (rotate, range(1, 181)),
    "clockwise": (rotate, range(-1, -181, -1)),
    "thicker": (thicken, (0.25, 0.5, 0.75, 1, 1.5, 2, 3)),
    "thinner": (thicken, (-0.25, -0.5, -0.75, -1, -1.5)),
}


@pytest.mark.parametrize("number", [0, 1, 3, 8, 9, 33, 115])
def test_the_smallest_move_of_each_way_is_what_a_loop_over_all_steps_finds(number):
    found = smallest_moves(NET, IMAGES[number])
    assert [each.way for each in found] == list(LOOPS) == list(WAYS)
    for each in found:
        by, digit, share = by_loop(IMAGES[number], *LOOPS[each.way])
        assert (each.by, each.answer) == (by, digit)
        assert each.share == (None if share is None else pytest.approx(share, abs=1e-5))


def test_some_ways_alone_break_where_they_do_among_all():
    ways = ("up", "right", "clockwise")
    found = {each.way: (each.by, each.answer) for each in smallest_moves(NET, IMAGES[0])}
    assert [(each.by, each.answer) for each in smallest_moves(NET, IMAGES[0], ways)] == [found[way] for way in ways]


def test_the_guess_before_the_walk_needs_neither_scipy_nor_matplotlib():
    """It stands on a page's first screen, where they would have to come before it lives."""
    code = "import sys; from lecture_lib.chapters.lenet_alexnet import guess; guess('N'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"matplotlib", "scipy"} & set(loaded)


def test_a_digit_of_which_nothing_is_left_has_no_answer_that_changes():
    edge = np.zeros((28, 28), np.uint8)
    edge[8:20, 27] = 255  # one step to the right, or thinner, and it is gone
    found = {each.way: each for each in smallest_moves(NET, edge)}
    assert not moved(edge, right=1).any() and not moved(edge, thicken=-1).any()
    assert found["right"].by is None
    assert found["thinner"].by == by_loop(edge, *LOOPS["thinner"])[0]
    assert all(each.by is None for each in smallest_moves(NET, np.zeros((28, 28), np.uint8)))


def test_the_first_test_digit_breaks_where_it_has_always_broken():
    said = [each.words() for each in smallest_moves(NET, IMAGES[0])]
    assert said == [
        "8 pixels right: 5 with 87 %", "left: not up to 14 pixels", "8 pixels down: 5 with 92 %", "6 pixels up: 1 with 97 %",
        "43° anticlockwise: 1 with 46 %", "35° clockwise: 2 with 48 %",
        "thicker: not up to 3 pixels", "thinner: not up to 1.5 pixels",
    ]  # fmt: skip


def test_the_sliders_lead_to_what_the_list_says():
    explorer = network_walk(digits=20)
    picture = explorer.array("digits")[3]
    explorer.state = {"digit": 3}
    for each in smallest_moves(NET, picture):
        if each.by is None:
            continue
        at = THICKEN.index(each.by) if each.slider == "thicken" else each.by
        zero = dict.fromkeys(MOVES, 0) | {"thicken": THICKEN.index(0)}
        explorer.state = zero | {each.slider: at}
        assert np.argmax(explorer.array("classes")) == each.answer
        assert explorer.array("classes").max() == pytest.approx(each.share, abs=1e-5)


def test_moves_together_are_thickened_then_turned_then_shifted():
    picture = IMAGES[5]
    both = moved(picture, right=2, down=-3, rotate=20, thicken=0.5)
    assert np.array_equal(both, translate(rotate(thicken(picture, 0.5), 20), -3, 2))
    assert np.array_equal(moved(picture), picture)


def test_words_for_one_pixel_and_for_a_nearly_sure_answer():
    assert Break("up", "down", -1, 7, 0.9999, -14).words() == "1 pixel up: 7 with > 99 %"
    assert Break("thinner", "thicken", -0.25, 7, 0.5, -1.5).words() == "0.25 pixel thinner: 7 with 50 %"
    assert Break("clockwise", "rotate", None, None, None, -180).words() == "clockwise: not up to 180°"
