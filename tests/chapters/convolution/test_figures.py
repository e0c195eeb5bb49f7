"""Figures of notebook 02; what holds for all figures is tried in tests/explore/test_figures.py."""

import numpy as np
import pytest

from lecture_lib.chapters import convolution as chapter

rng = np.random.default_rng(0)
grey, numbers = rng.integers(0, 256, (8, 9), dtype=np.uint8), rng.normal(size=(8, 9))
AXES = {
    "largest fit": lambda **ax: chapter.draw_fit(12, 7, 4, 3, **ax),
    "fit": lambda **ax: chapter.draw_fit(7, 3, 3, 1, **ax),
    "smallest fit": lambda **ax: chapter.draw_fit(1, 1, 1, 0, **ax),
    "growth": lambda **ax: chapter.draw_growth({"3×3": [3, 5, 7], "5×5": [5, 9]}, **ax),
    "growth of one layer": lambda **ax: chapter.draw_growth({"1×1": [1]}, **ax),
}
FIGURES = {
    "kernel table": lambda: chapter.draw_kernel_table(
        {"one": numbers[:3, :3], "5×5": np.ones((5, 5))}, [numbers, grey]
    ),
}


@pytest.mark.parametrize("count", [1, 5, 6, 12])
def test_no_curve_is_left_out(count):
    drawn = chapter.draw_growth({f"stack {at}": [1, 2 + at] for at in range(count)})
    assert len(drawn.lines) == count
    assert len(drawn.get_legend().get_texts()) == count


def test_fit_draws_each_window_and_hatches_what_is_dropped():
    drawn = chapter.draw_fit(7, 3, 3, 0)
    assert drawn.get_title() == "N = 7, F = 3, S = 3, P = 0: windows 2, columns dropped 1"
    assert [text.get_text() for text in drawn.texts][-2:] == ["output 0", "output 1"]
    assert [patch.get_hatch() for patch in drawn.patches[:7]] == [None] * 6 + ["////"]
