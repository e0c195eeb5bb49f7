"""Figures of notebook 02; what holds for all figures is tried in tests/explore/test_figures.py."""

import numpy as np
import pytest

from lecture_lib.chapters import convolution as chapter

rng = np.random.default_rng(0)
grey, numbers = rng.integers(0, 256, (8, 9), dtype=np.uint8), rng.normal(size=(8, 9))
PICTURES = {
    "growth": lambda: chapter.draw_growth({"3×3": [3, 5, 7], "5×5": [5, 9]}),
    "growth of one layer": lambda: chapter.draw_growth({"1×1": [1]}),
    "blurred": lambda: chapter.draw_blurred({"photo": grey, "1×": numbers}),
    "wanted": lambda: chapter.draw_wanted(grey),
    "stamps": lambda: chapter.draw_stamps({"one": numbers, "other": numbers}),
    "stack": lambda: chapter.draw_stack(numbers[None]),
    "borders": lambda: chapter.draw_borders({"zero": numbers, "reflect": numbers}),
    "layer": lambda: chapter.draw_layer(chapter.describe_layer(8, 8, 3, 4, 3, 1, 0)[0]),
    "mean": lambda: chapter.draw_mean(numbers, 3),
    "kernel table": lambda: chapter.draw_kernel_table(
        {"one": numbers[:3, :3], "5×5": np.ones((5, 5))}, [numbers, grey]
    ),
}


@pytest.mark.parametrize("count", [1, 5, 6, 12])
def test_no_curve_is_left_out(count):
    drawn = chapter.draw_growth({f"stack {at}": [1, 2 + at] for at in range(count)}).figure.axes[0]
    assert len(drawn.lines) == count
    assert len(drawn.get_legend().get_texts()) == count


def test_the_wanted_picture_is_white_where_it_gets_brighter_to_the_right_and_blue_where_it_gets_darker():
    ramp = np.tile([0, 0, 0, 50, 100, 100, 100, 0, 0, 0], (5, 1)).astype(np.uint8)
    drawn = chapter.draw_wanted(ramp, strength=1).figure.axes[1].images[0].get_array()
    assert drawn.shape[:2] == (3, 8)
    red, blue = (drawn[1, :, channel].astype(int) for channel in (0, 2))
    assert (red[[1, 2]] > 0).all() and (red[[1, 2]] == blue[[1, 2]]).all()  # grey to white
    assert (blue[[5, 6]] > red[[5, 6]]).all()
    assert not drawn[1, [0, 4, 7], :3].any()
