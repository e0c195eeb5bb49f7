"""The call that made an explorer runs again and makes the same one."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution import convolution_lab, does_it_fit, step_through
from lecture_lib.explore import Explorer
from tests.explorers import example, explorers


@pytest.mark.parametrize("name", explorers())
def test_the_call_that_made_an_explorer_makes_it_again(name):
    made, names = example(name), {}
    if made.call:
        exec(made.call, names)  # noqa: S102  what a reader would run
        again = names["explorer"]
        assert (again.state, again.title, again.call) == (made.state, made.title, made.call)


def test_a_call_names_only_what_differs():
    assert does_it_fit().call.endswith("explorer = does_it_fit()")
    assert convolution_lab("coffee", stride=2).call.endswith("explorer = convolution_lab(photo='coffee', stride=2)")


def test_what_cannot_be_written_down_has_no_call():
    assert step_through(np.eye(4), np.ones((2, 2))).call == ""
    assert Explorer("One", "Made by hand.", indices={}).call == ""
