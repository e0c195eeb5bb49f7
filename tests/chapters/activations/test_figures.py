"""Pictures of notebook 03, drawn from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np
import pytest

from lecture_lib.chapters import activations as chapter

numbers = np.random.default_rng(0).normal(size=(8, 9))
AXES = {
    "curves": lambda **ax: chapter.draw_curves(
        numbers[0], {"one": numbers[1], "two": numbers[2]}, title="a title", **ax
    ),
    "ten curves": lambda **ax: chapter.draw_curves([0, 1], {str(at): [at, 1] for at in range(10)}, **ax),
    "costs": lambda **ax: chapter.draw_costs({"ReLU": 1.0, "Mish": 24.6}, "times", **ax),
    "race": lambda **ax: chapter.draw_race({"sigmoid": [5.3, np.inf], "ReLU": [2.0, 2.5], "tanh": [np.inf]}, 6, **ax),
    "race of one": lambda **ax: chapter.draw_race({"ReLU": [2.0]}, 2.0, title="a title", **ax),
}
FIGURES = {
    "zoo": lambda: chapter.draw_zoo(numbers[0], {str(at): (numbers[at], numbers[at + 1]) for at in range(5)}),
    "zoo of one": lambda: chapter.draw_zoo(numbers[0], {"one": (numbers[1], np.full(9, np.nan))}),
}


def test_a_cost_that_is_no_number_is_named():
    with pytest.raises(TypeError, match="Mish=.*must be a number"):
        chapter.draw_costs({"ReLU": 1, "Mish": iter([2])})
