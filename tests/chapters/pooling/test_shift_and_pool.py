"""Pooling while the picture moves: what is said is what the maps show."""

import re

import numpy as np
import pytest

from lecture_lib.chapters.pooling.robustness import downsample, relative_change
from lecture_lib.chapters.pooling.shift_and_pool import MOVES, shift_and_pool


def texts(explorer):
    """What is said at each stop of the slider."""
    _, say = explorer.sentence
    assert say["at"] == ["level"]
    return say["text"]


def test_the_finding_names_the_ways_whose_number_is_below_that_of_no_pooling():
    for move in MOVES:
        finding, numbers = (say["text"] for say in shift_and_pool("coffee", move, size=4).sentence)
        assert finding[0] == "Nothing has moved yet. "
        for said, row in zip(finding[1:], numbers[1:], strict=True):
            change = {name: int(share) for name, share in re.findall(r"(not pooled|max|average|stride) (\d+) %", row)}
            for kind in ("max", "average", "stride"):
                assert change[kind] <= change["not pooled"] if kind in said else change[kind] >= change["not pooled"]


@pytest.mark.parametrize("move", ["shift", "bend"])
def test_what_is_said_of_a_moved_photo_is_what_its_maps_show(move):
    explorer = shift_and_pool("chelsea", move, size=4)
    said = texts(explorer)
    assert len(said) == explorer.declared["level"].count() == len(MOVES[move])
    for kind in ("max", "average", "stride", "none"):
        stack = explorer.array(kind)
        assert np.array_equal(stack[0], downsample(explorer.array("none")[0], kind, 4))
        title = "not pooled" if kind == "none" else kind
        assert f"{title} {100 * relative_change(stack[0], stack[6]):.0f} %" in said[6]
        assert f"{title} 0 %" in said[0]


def test_a_shift_by_the_windows_side_moves_the_pooled_maps_by_one_pixel():
    explorer = shift_and_pool(size=4)
    place = list(MOVES["shift"]).index(4)
    for kind in ("max", "average", "stride"):
        before, after = explorer.array(kind)[[0, place]]
        assert np.array_equal(after[:, 1:], before[:, :-1])


def test_what_has_changed_is_the_difference_from_the_photo_at_rest():
    explorer = shift_and_pool(size=8)
    maps = explorer.array("max")
    explorer.state = {"shown": 1}
    assert np.array_equal(explorer.array("max"), maps - maps[0])
    assert explorer.scale("max")[0] == "difference"


def test_bending_instead_of_shifting_keeps_the_slider_and_says_so():
    explorer = shift_and_pool()
    explorer.state = {"level": 5}
    explorer.state = {"move": 1}
    assert explorer.state["level"] == 5
    assert explorer.value("level") == 1.25
    assert explorer.indices["level"]["labels"][5] == "1.25 px"
    assert texts(explorer)[5].startswith("Bent by 1.25 pixels.")
    assert "bent" in explorer.about


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: shift_and_pool("nobody"), "photo='nobody'"),
        (lambda: shift_and_pool(move="turn"), "move='turn': must be one of shift, bend"),
        (lambda: shift_and_pool(size=3), "size=3: must be one of 2, 4, 8"),
        (lambda: shift_and_pool(shown="both"), "shown='both': must be one of maps, change"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
