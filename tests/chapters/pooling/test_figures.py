"""What notebook 04 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np

from lecture_lib.chapters.pooling.figures import (
    draw_pooled_maps,
    draw_shares,
    draw_smaller,
    draw_spots,
)

rng = np.random.default_rng(0)
grey = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)[..., 0]
numbers, stack, nothing = rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5)), np.array([[np.nan]])
PICTURES = {
    "spots": lambda: draw_spots(np.eye(4), {"max": np.eye(4)[:, ::2]}),
    "smaller": lambda: draw_smaller({"wall": grey, "rings": grey}),
    "pooled maps": lambda: draw_pooled_maps(
        {"a": stack[0], "b": stack[1]}, {"max": stack[:2, ::2, ::2], "average": stack[:2, ::2, ::2]}
    ),
    "shares": lambda: draw_shares(numbers, {"max": np.abs(numbers), "average": numbers}),
}
