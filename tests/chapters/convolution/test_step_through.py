"""Step through: what is refused at its door, and what lives without Python."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.step_through import step_through

EXAMPLES = {"step_through": lambda: step_through(np.arange(16).reshape(4, 4), np.ones((3, 3)))}


def test_all_of_it_lives_without_python():
    explorer = EXAMPLES["step_through"]()
    assert explorer.lives == ("the steps", "Place")
    assert explorer.needs_python == ()
    assert explorer.moves


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: step_through(np.zeros((40, 40)), np.eye(3)), "must be at most 12 on a side"),
        (lambda: step_through(np.eye(4), np.eye(3), interval=0), "interval=0: must be at least 20"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
