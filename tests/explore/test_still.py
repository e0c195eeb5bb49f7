"""Still pictures: drawn from the declaration as the living ones are."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from lecture_lib.explore import Explorer, pack
from lecture_lib.explore.still import draw_panels


def drawn(side, **panel):
    """The axes of a grid of ``side`` × ``side`` cells beside another one."""
    array = pack(np.arange(side**2.0).reshape(side, side), "image")
    panels = [{"kind": "grid", "array": "a", "title": "cells"} | panel, {"kind": "grid", "array": "a"}]
    return draw_panels(Explorer("Cells", "Some cells.", indices={}, arrays={"a": array}, panels=panels)).axes[0]


@pytest.mark.parametrize(("side", "numbers"), [(4, 16), (10, 100), (40, 0)])
def test_numbers_stand_in_cells_that_are_large_enough(side, numbers):
    ax = drawn(side)
    assert len(ax.texts) == numbers
    assert ax.get_title() == "cells"


def test_a_frame_is_there_where_it_is_declared():
    assert drawn(40, frame=True).spines["top"].get_visible()
    assert not drawn(40).spines["top"].get_visible()


def test_a_long_title_is_no_wider_than_its_panel():
    ax = drawn(40, title="a title that says more than there is room for, in letters of the usual size")
    renderer = FigureCanvasAgg(ax.figure).get_renderer()
    assert ax.title.get_window_extent(renderer).width < 1.05 * ax.bbox.width
    assert drawn(40).title.get_fontsize() > ax.title.get_fontsize()


@pytest.mark.parametrize("what", ["cell", ""])
def test_what_is_marked_can_depend_on_an_index(what):
    panel = {"kind": "grid", "array": "a", "marks": ["", what], "index": 1, "row": 2, "col": 3}
    explorer = Explorer("Cells", "Some cells.", indices={}, arrays={"a": pack(np.eye(4), "image")}, panels=[panel])
    marks = [patch.get_bbox().bounds for patch in draw_panels(explorer).axes[0].patches]
    assert marks == [(3, 2, 1, 1)] * 2 * (what == "cell")
