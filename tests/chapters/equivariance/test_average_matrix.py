"""A matrix averaged over more and more moves, until it is a convolution."""

import numpy as np
import pytest

from lecture_lib.chapters.equivariance.average_matrix import _stack, average_matrix
from lecture_lib.chapters.equivariance.moving import averagings, commutator, rows_in_place
from lecture_lib.shapes import ShapeError

GROUPS = list(averagings())


def texts(explorer):
    """What is said after each move."""
    assert all(say["at"] == [f"{explorer.value('group')}_moves"] for say in explorer.sentence)
    return list(map("".join, zip(*(say["text"] for say in explorer.sentence), strict=True)))


@pytest.mark.parametrize("group", GROUPS)
def test_the_last_step_of_averaging_is_equivariant_and_the_words_say_so(group):
    explorer = average_matrix(group)
    errors, said = explorer.array("error"), texts(explorer)
    each = averagings()[group]
    assert len(said) == len(explorer.array("matrix")) == len(each.inputs) == len(errors)
    assert errors[-1] < 1e-10 < errors[-2]
    assert "Not equivariant yet" in said[-2]
    assert "both ways round agree" in said[-1]
    matrices = _stack(group, 0)[0]
    assert np.allclose(
        errors, 100 * commutator(matrices, *(m[list(each.generators)] for m in (each.inputs, each.outputs)))
    )


def test_another_group_begins_at_its_first_move_and_the_first_one_keeps_its_place():
    explorer = average_matrix("row", count=12)
    assert explorer.state["row_moves"] == 12
    explorer.state = {"group": GROUPS.index("turns")}
    assert explorer.arrows == [None, "turns_moves"]
    assert explorer.panels[0]["among"] == ["turns_moves"]
    assert explorer.state["turns_moves"] == 1
    assert explorer.declared["turns_moves"].count() == 100
    here = [each["kind"] for each in explorer.controls if each["when"] == {"group": [GROUPS.index("turns")]}]
    assert here == ["play", "slider"]
    explorer.state = {"group": GROUPS.index("row")}
    assert explorer.state["row_moves"] == 12


def test_the_moves_live_without_python():
    explorer = average_matrix()
    assert explorer.lives == ("the moves", "Moves")
    assert explorer.needs_python == ("Group",)


def test_the_rows_of_a_convolution_are_equal_tiles():
    rows = average_matrix("picture").array("rows")[-1]
    assert rows.shape == (29, 29)
    tile = rows[:5, :5]
    assert np.isfinite(tile).all()
    for top in range(0, 29, 6):
        for left in range(0, 29, 6):
            assert np.allclose(rows[top : top + 5, left : left + 5], tile, atol=1e-5)


@pytest.mark.parametrize("group", ["turns", "lift"])
def test_after_all_shifts_and_no_turn_the_sentence_says_it_is_a_convolution_of_each_map(group):
    said = texts(average_matrix(group))
    assert [at + 1 for at, text in enumerate(said) if "All shifts are in" in text] == [25]
    matrix = _stack(group, 0)[0][24]
    for rows in rows_in_place(matrix, (5, 5)).reshape(-1, 25, 25):
        assert np.allclose(rows, rows[0])


def test_averaging_over_more_moves_than_there_are_is_refused():
    with pytest.raises(ShapeError, match="count=13: must be at most 12"):
        average_matrix("row", count=13)
    with pytest.raises(ValueError, match="group='p5'"):
        average_matrix("p5")
