"""Exercises with several right answers: what is said of any numbers at all."""

import numpy as np
import pytest

from tests.chapters.found import EXERCISES

STRANGE = [0, -1, 255, 1e300, -1e300, np.inf, -np.inf, np.nan, 2**62, 0.5]


@pytest.mark.parametrize("name", ["choose_stride_and_padding", "design_kernel"])
@pytest.mark.parametrize("number", STRANGE)
@pytest.mark.parametrize("dtype", [float, np.float32, int, np.uint8, bool])
def test_a_judge_has_words_for_any_numbers(name, number, dtype):
    exercise = EXERCISES[name]
    for case in exercise.cases:
        with np.errstate(all="ignore"):
            result = np.full(np.shape(exercise.solution(*case)), number).astype(dtype)
            said = exercise.judge(result, *case)
        assert isinstance(said, str)
        if name == "design_kernel":  # no kernel of equal numbers finds edges
            assert said


def test_a_judge_finds_nothing_wrong_with_the_solution():
    for exercise in EXERCISES.values():
        if exercise.judge:
            for case in exercise.cases:
                assert exercise.judge(np.asarray(exercise.solution(*case)), *case) == ""
