"""Polls as explorers: counts of hands, and what a deck's presses show."""

import pytest

from lecture_lib.chapters import convolution
from lecture_lib.practice import vote

EXAMPLES = {"vote": lambda: vote(convolution.BOX_BLUR)}
RIGHT = [each.right for each in convolution.BOX_BLUR.options].index(True)


def test_a_poll_lives_without_python_and_shows_counts_then_the_right_answer():
    poll = vote(convolution.BOX_BLUR)
    assert poll.moves and poll.needs_python == ()
    assert [each["state"] for each in poll.presses[1:]] == [{"counted": 1}, {"answer": RIGHT}]
    assert poll.state == {"answer": None, "counts": [0] * 5, "phones": [0] * 5, "counted": 0}


@pytest.mark.parametrize("counts", [[1, 2], *([1, 2, 3, 4, each] for each in (-1, 1000, 0.5, True)), "12345", None])
def test_what_is_no_count_for_each_answer_is_refused(counts):
    poll = vote(convolution.BOX_BLUR)
    with pytest.raises(TypeError, match="must be a list of 5 numbers from 0 to 999"):
        poll.state = {"counts": counts}
    poll.set_state({"_state": poll.state | {"counts": counts}})
    assert poll.state["counts"] == [0] * 5
