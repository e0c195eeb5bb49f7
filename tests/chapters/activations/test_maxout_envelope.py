"""Maxout's envelope: the highest line everywhere, lines fitted and moved by hand, an undo of that."""

import numpy as np
import pytest

from lecture_lib.chapters.activations.maxout_envelope import OWN, TARGETS, X, maxout_envelope
from lecture_lib.shapes import ShapeError
from tests.explore.test_explorer import page_says


def words(explorer):
    """What is said of each line, and of all of them."""
    *_, formulas, apart = explorer.sentence
    return [text.split(" gives")[0] for text in formulas["text"]], apart["text"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_envelope_is_the_highest_line_everywhere(target, count):
    explorer = maxout_envelope(target, count)
    lines, envelope, winner = (explorer.array(name) for name in ("lines", "envelope", "winner"))
    assert lines.shape == (count, len(X))
    assert np.allclose(envelope, lines.max(axis=0), atol=1e-6)
    assert np.allclose(lines[winner, np.arange(len(X))], envelope, atol=1e-6)


@pytest.mark.parametrize("target", ["|x|", "ReLU", "Leaky ReLU, α = 0.25"])
def test_two_lines_are_enough_for_what_is_made_of_two_lines(target):
    assert "0 away where it is worst" in words(maxout_envelope(target, 2))[1]


def test_a_line_moved_by_hand_stays_where_the_hand_put_it():
    explorer = maxout_envelope("|x|", 2)
    explorer.state = {"line": 1}
    assert explorer.state["slope"] == 1.0  # where the fitted line is
    explorer.state = {"offset": -1.0}
    assert explorer.value("target") == OWN
    assert words(explorer)[0][1] == "1·x − 1"
    assert np.allclose(explorer.array("lines")[1], X - 1)
    explorer.state = {"target": list(TARGETS).index("ReLU")}
    assert "From ReLU the envelope is 0 away" in words(explorer)[1]


def test_what_the_browser_says_again_is_not_taken_for_a_move():
    explorer = maxout_envelope("x²", 3)
    line = words(explorer)[0][0]
    page_says(explorer, slope=explorer.state["slope"])
    assert (explorer.value("target"), words(explorer)[0][0]) == ("x²", line)
    assert not explorer.declared["slope"].refuse(explorer.state["slope"])  # it stands on one of the slider's steps


def test_fewer_lines_leave_no_line_chosen_that_is_gone():
    explorer = maxout_envelope("x²", 5)
    explorer.state = {"line": 4}
    explorer.state = {"count": 2}
    assert explorer.state["line"] + 1 == explorer.array("counts")[explorer.state["count"] - 1] == 2
    explorer.state = {"slope": 0.5}
    assert words(explorer)[0][1].startswith("0.5·x")


def test_an_undo_brings_the_lines_back_that_a_hand_had_made():
    explorer = maxout_envelope("|x|", 2)
    explorer.state = {"slope": -0.3}
    moved = explorer.state
    explorer.state = {"target": list(TARGETS).index("x²"), "count": 4}
    assert len(explorer.state["lines"]) == 4
    page_says(explorer, **moved)
    assert explorer.state == moved
    assert words(explorer)[0][0] == "−0.3·x + 0"


def test_choosing_your_own_keeps_the_lines_that_there_are():
    explorer = maxout_envelope("ELU", 3)
    lines = explorer.state["lines"]
    explorer.state = {"target": len(TARGETS)}
    assert (explorer.value("target"), explorer.state["lines"]) == (OWN, lines)
    assert "From ELU" in words(explorer)[1]
    explorer.state = {"count": 2}
    assert explorer.value("target") == "ELU"


@pytest.mark.parametrize(
    "lines", [[], [[1]], [[1, 2, 3]], [["1", 2]], [[1, float("nan")]], [[0, 0]] * 6, "lines", [1, 2]]
)
def test_what_are_no_lines_is_refused(lines):
    with pytest.raises(TypeError, match="must be a list of 1 to 5 lines"):
        maxout_envelope().state = {"lines": lines}


def test_the_envelope_names_what_it_cannot_draw():
    with pytest.raises(ValueError, match="target='cosine': must be one of"):
        maxout_envelope("cosine")
    with pytest.raises(ShapeError, match="count=6: must be from 1 to 5"):
        maxout_envelope(count=6)


def test_only_the_cursor_lives_without_python():
    explorer = maxout_envelope()
    assert explorer.lives == () and explorer.moves
