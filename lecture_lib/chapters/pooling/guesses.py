"""Notebook 04, pooling: the guesses that it asks for, and what is said after them."""

from collections.abc import Callable
from functools import cache

import numpy as np

from ...filters import correlate
from ...ops import avg_pool2d, max_pool2d, max_pool2d_backward
from ...practice import Choice, Guess, Mark, Number
from ...shapes import conv_output_size, dropped_columns
from ...style import number
from .measured import accuracies, saved
from .robustness import KINDS
from .trainings import robustness_race

NUMBERS = ((1, 1, 2, 4), (5, 6, 7, 8), (3, 2, 1, 0), (1, 2, 3, 4))
"""The lecture's example."""
IMAGE = (
    (0, 0, 0, 0, 0, 0),
    (0, 1, 2, 2, 1, 0),
    (0, 2, 4, 4, 2, 0),
    (0, 1, 3, 3, 1, 0),
    (0, 1, 2, 3, 1, 0),
    (0, 0, 1, 1, 0, 0),
)
"""The lecture's image, to be downsampled by stride."""
KERNEL = ((0, 1), (1, -2))


def _p1() -> str:
    before, after = 4 * 128 * 128, 4 * conv_output_size(128, 2, 2) ** 2
    return (
        f"Each window of four gives one number, so a quarter: {after:,} of {before:,}. There are still four maps, "
        "each 64×64. And there is nothing to learn: 0 parameters. A maximum has no weights."
    )


def _p2() -> str:
    x = np.array(NUMBERS, float)[None, None]
    changed = x.copy()
    changed[0, 0, 0, 0] = 5
    largest, mean = ([float(pool(each, 2)[0, 0, 0, 0]) for each in (x, changed)] for pool in (max_pool2d, avg_pool2d))
    rows = " and ".join(str([int(value) for value in row]) for row in max_pool2d(x, 2)[0, 0])
    return (
        f"The output is {rows}. With 5 in the corner, the maximum of its window is {number(largest[1])} as before: "
        f"max pooling does not see the change. The mean does: it goes from {number(mean[0])} to {number(mean[1])}."
    )


def _p3() -> str:
    spots = np.eye(8)[:, None, None]
    pooled = max_pool2d(spots, (1, 4))[:, 0, 0]
    still = int((pooled[1:] == pooled[:-1]).all(axis=1).sum())
    return (
        f"In {still} of the 7 moves nothing changes: the spot stays in its window. In the other one it crosses from one "
        "window to the next, and the whole output changes. So pooling ignores small moves, but not all of them."
    )


def _p3_nets() -> str:
    said = ", ".join(f"{name} {each.mean():.1f} ± {each.std(ddof=1):.1f}" for name, each in _saved_by_two().items())
    return (
        f"Points that each saves against none, in five recorded trainings with the same seeds: {said}. Max and average "
        "save points in all five. What the stride changes is smaller than its spread."
    ).replace("-", "−")


def _p4() -> str:
    out = correlate(np.array(IMAGE), np.array(KERNEL), stride=2)
    m = len(out)
    return (
        f"⌊(6 − 2)/2⌋ + 1 = {m}, so {m}×{m}. In the middle of the top row the window holds 0, 0, 2, 2: "
        f"2·1 − 2·2 = {number(out[0, 1])}."
    )


def _p5() -> str:
    sizes = [conv_output_size(n, f, s) for n, f, s in ((224, 2, 2), (55, 3, 2), (7, 2, 2))]
    return (
        f"{sizes[0]}, {sizes[1]} and {sizes[2]}. The last one does not fit: (7 − 2)/2 + 1 = {(7 - 2) / 2 + 1}, and "
        f"{dropped_columns(7, 2, 2)} column is dropped. The depth stays, and there are 0 parameters in all three."
    )


def _p6() -> str:
    x = np.array(NUMBERS, float)[None, None]
    back = max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2)[0, 0]
    got = int((back > 0).sum())
    return (
        f"{got} of the {back.size}: the four winners. The other {back.size - got} could change a little and the output "
        "would stay as it is, so their gradient is 0. With average pooling all 16 get a share, a quarter each."
    )


def _check() -> str:
    m = conv_output_size(56, 3, 2)
    return (
        f"⌊(56 − 3)/2⌋ + 1 = {m}, so {m}×{m}×64, with 0 parameters. {dropped_columns(56, 3, 2)} row and column at the end "
        f"are dropped. Each of the {m * m * 64:,} windows sends its gradient to one pixel; there are {56 * 56 * 64:,} "
        f"pixels, so at most {100 * m * m / 56**2:.1f} % of them get any."
    )


def _changed(pool: Callable) -> str:
    x = np.array(NUMBERS, float)[None, None]
    other = x.copy()
    other[0, 0, 0, 0] = 5
    return "stays" if np.array_equal(pool(x, 2), pool(other, 2)) else "changes"


def _moves_unseen() -> int:
    pooled = max_pool2d(np.eye(8)[:, None, None], (1, 4))[:, 0, 0]
    return int((pooled[1:] == pooled[:-1]).all(axis=1).sum())


@cache
def _saved_by_two() -> dict[str, np.ndarray]:
    return {name: each[:, 1] for name, each in saved(accuracies([robustness_race()], "shift", (0, 2))).items()}


def _winners() -> list[list[int]]:
    x = np.array(NUMBERS, float)[None, None]
    return np.argwhere(max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2)[0, 0] > 0).tolist()


GUESSES = {
    "P1": Guess(
        "We pool 4 maps of 128×128 with 2×2 windows, side by side. Which share of the numbers is left? How many maps are "
        "there? How many parameters does the layer have?",
        (Number("Left", "%", low=0, high=100), Number("Maps"), Number(unit="parameters")),
        lambda: (100 * conv_output_size(128, 2, 2) ** 2 / 128**2, 4, 0),
        _p1,
    ),
    "P2": Guess(
        "What stands in the lower left of the output? Then somebody changes the 1 in the upper left corner of the image into "
        "a 5. What happens to the upper left of the output, with the maximum and with the mean?",
        (
            Number("Lower left"), Choice(("changes", "stays"), "The maximum"), Choice(("changes", "stays"), "The mean"),
        ),
        lambda: (
            max_pool2d(np.array(NUMBERS, float)[None, None], 2)[0, 0, 1, 0], _changed(max_pool2d), _changed(avg_pool2d),
        ),
        _p2,
    ),
    "P3": Guess(
        "A bright spot stands at one of 8 places in a row. It moves from the first to the last, one pixel at a time: 7 moves. "
        "We use max pooling with two windows of 4. In how many of the moves does the output stay the same?",
        Number(unit="moves", low=0, high=7),
        _moves_unseen,
        _p3,
    ),
    "P3 nets": Guess(
        "Four networks have learned digits in the middle. One pools by maximum, one by average, one takes a stride, one does "
        "nothing of these. Now new digits stand 2 pixels further to the right, and each network loses accuracy. Two lose "
        "less than the one that does nothing. Which of the three does not?",
        Choice(tuple(kind for kind in KINDS if kind != "none")),
        lambda: next(name for name, each in _saved_by_two().items() if each.min() <= 0),
        _p3_nets,
    ),
    "P4": Guess(
        "How wide is the output? What stands in the middle of its top row?",
        (Number("Width"), Number("In the middle")),
        lambda: (conv_output_size(6, 2, 2), correlate(np.array(IMAGE), np.array(KERNEL), stride=2)[0, 1]),
        _p4,
    ),
    "P5": Guess(
        "How wide is the output for side 224 with F = 2, S = 2; for side 55 with F = 3, S = 2; for side 7 with F = 2, S = 2?",
        (Number("224, F = 2"), Number("55, F = 3"), Number("7, F = 2")),
        lambda: tuple(conv_output_size(n, f, 2) for n, f in ((224, 2), (55, 3), (7, 2))),
        _p5,
    ),
    "P6": Guess(
        "Max pooling of the 4×4 example from P2. Each of the four outputs gets the gradient 1. Mark an input that gets a "
        "gradient that is not 0. How many of the 16 do? And with average pooling?",
        (Mark(NUMBERS), Number("Max pooling", "inputs", low=0, high=16), Number("Average pooling", "inputs", low=0, high=16)),
        lambda: (_winners(), len(_winners()), 16),
        _p6,
    ),
    "P check": Guess(
        "A 56×56×64 volume, max pooling with F = 3, S = 2. Work out the output's shape, the parameters, how many rows at the end "
        "are dropped, and the largest share of pixels that can get a gradient.",
        (
            Number("Width and height"), Number("Depth"), Number(unit="parameters"), Number("Dropped", "rows"),
            Number("Share", "%", low=0, high=100, near=0.02),
        ),
        lambda: (
            conv_output_size(56, 3, 2), 64, 0, dropped_columns(56, 3, 2), round(100 * conv_output_size(56, 3, 2) ** 2 / 56**2, 1),
        ),
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
