"""Pictures of notebook 03, drawn from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np
import pytest

from lecture_lib.chapters import activations as chapter

numbers = np.random.default_rng(0).normal(size=(8, 9))
PICTURES = {
    "curves": lambda: chapter.draw_curves(numbers[0], {"one": numbers[1], "two": numbers[2]}, title="a title"),
    "ten curves": lambda: chapter.draw_curves([0, 1], {str(at): [at, 1] for at in range(10)}),
    "costs": lambda: chapter.draw_costs({"ReLU": 1.0, "Mish": 24.6}, "times"),
    "race": lambda: chapter.draw_race({"sigmoid": [5.3, np.inf], "ReLU": [2.0, 2.5], "tanh": [np.inf]}, 6),
    "race of one": lambda: chapter.draw_race({"ReLU": [2.0]}, 2.0, title="a title"),
    "two layers": lambda: chapter.draw_two_layers(),
    "two formulas": lambda: chapter.draw_max_and_prelu(1.5),
    "dips": lambda: chapter.draw_dips(("gelu",)),
    "epochs": lambda: chapter.draw_epochs(chapter.activation_race()),
    "epochs of two races": lambda: chapter.draw_epochs(chapter.activation_race(), chapter.raw_race()),
    "zoo": lambda: chapter.draw_zoo(numbers[0], {str(at): (numbers[at], numbers[at + 1]) for at in range(5)}),
    "zoo of one": lambda: chapter.draw_zoo(numbers[0], {"one": (numbers[1], np.full(9, np.nan))}),
}


def test_a_cost_that_is_no_number_is_named():
    with pytest.raises(TypeError, match="Mish=.*must be a number"):
        chapter.draw_costs({"ReLU": 1, "Mish": iter([2])})
