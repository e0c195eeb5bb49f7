"""What notebook 04 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np

from lecture_lib.chapters.pooling.figures import draw_pooled_maps, draw_pooling, draw_shares, draw_spots

rng = np.random.default_rng(0)
grey = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)[..., 0]
numbers, stack, nothing = rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5)), np.array([[np.nan]])
AXES = {
    "spots": lambda **ax: draw_spots(np.eye(4), {"max": np.eye(4)[:, ::2]}, **ax),
}
FIGURES = {
    "pooling": lambda: draw_pooling(grey[:4, :4], grey[:2, :2], 2, (1, 1)),
    "pooling of negative values with gradients": lambda: draw_pooling(
        np.full((2, 2), -np.inf), -nothing, 2, None, (nothing, numbers[:2, :2])
    ),
    "pooled maps": lambda: draw_pooled_maps(
        {"a": stack[0], "b": stack[1]}, {"max": stack[:2, ::2, ::2], "average": stack[:2, ::2, ::2]}
    ),
    "shares": lambda: draw_shares(numbers, {"max": np.abs(numbers), "average": numbers}),
}
