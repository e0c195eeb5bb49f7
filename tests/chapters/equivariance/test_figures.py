"""What notebook 05 draws of its own, from ordinary and odd arrays; ``tests/explore/test_figures.py`` tries each of them."""

import numpy as np

from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.equivariance.figures import (
    draw_matrices,
    draw_perturbed,
    draw_square,
    draw_stacks,
    draw_votes,
)

rng = np.random.default_rng(0)
grey = rng.integers(0, 256, (8, 9, 3), dtype=np.uint8)[..., 0]
numbers, stack, nothing = rng.normal(size=(8, 9)), rng.normal(size=(3, 4, 5)), np.array([[np.nan]])
broken = np.array([[np.nan, np.inf, 0], [-np.inf, -1e-9, 123456.7]])
AXES = {}
FIGURES = {
    "square": lambda: draw_square(grey, grey.T, numbers, numbers.T, nothing),
    "stacks": lambda: draw_stacks({"φ(x)": stack, "φ(g x)": stack[::-1]}, ["a", "b", "c"]),
    "stack of one filter": lambda: draw_stacks({"one": [nothing]}, ["a"], "weight", height=1),
    "matrices": lambda: draw_matrices({"at first": numbers, "in the end": broken}),
    "votes": lambda: draw_votes(
        list(capsule_net.routing_steps(np.arange(12.0).reshape(3, 2, 2), 2)), ["house", "boat"]
    ),
    "votes of nothing": lambda: draw_votes(list(capsule_net.routing_steps(np.zeros((1, 1, 2)), 1)), ["house"]),
    "perturbed": lambda: draw_perturbed(np.abs(stack[None]), ["number 4"], [-0.25, 0, 0.25]),
}
