"""Pictures of notebook 01, drawn from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np
import pytest

from lecture_lib.chapters import motivation as chapter

tiny_wiring = {"inputs": 3, "units": 2, "lines": [[0, 0, 0], [1, 0, 1], [1, 1, 0], [2, 1, 1]]}
PICTURES = {
    "wires": lambda: chapter.draw_wires({"shared": tiny_wiring, "own": {**tiny_wiring, "lines": [[0, 1, None]]}}),
    "wires of one unit": lambda: chapter.draw_wires({"one": {"inputs": 1, "units": 1, "lines": [[0, 0, 9]]}}, unit=7),
    "shuffled": lambda: chapter.draw_shuffled(np.eye(3), 1 - np.eye(3)),
    "pooled edges": lambda: chapter.draw_pooled_edges(np.eye(8) * 255),
    "LeNet's volumes": lambda: chapter.draw_lenet_volumes(),
    "patches": lambda: chapter.draw_patches({"C1, 0": np.eye(3)}),
    "shift maps": lambda: chapter.draw_shift_maps({"MLP": np.eye(3), "CNN": np.full((3, 3), 0.5)}, [-4, 0, 4]),
    "every shift": lambda: chapter.draw_every_shift(chapter.shift_race()),
    "order": lambda: chapter.draw_order(chapter.shift_race(), chapter.shuffled_race()),
    "shift map of one place": lambda: chapter.draw_shift_maps({"net": np.ones((1, 1))}, [0]),
}


@pytest.mark.parametrize("many", [{"inputs": 3_000_000}, {"units": 2_001}, {"lines": [(0, 0, 0)] * 2_001}])
def test_wires_that_nobody_could_tell_apart_are_not_drawn(many):
    wiring = {"inputs": 3, "units": 2, "lines": [(0, 0, 0)]}
    with pytest.raises(ValueError, match="wirings: 'shared' must have at most 2,000 inputs, units and lines"):
        chapter.draw_wires({"shared": wiring | many})
