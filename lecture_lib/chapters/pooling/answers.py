"""Notebook 04, pooling: the answers to its "Predict"."""

from collections.abc import Callable

import numpy as np

from ...filters import correlate
from ...ops import avg_pool2d, max_pool2d, max_pool2d_backward
from ...shapes import conv_output_size, dropped_columns
from ...style import number

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


ANSWERS: dict[str, Callable[[], str]] = {
    "P1": _p1, "P2": _p2, "P3": _p3, "P4": _p4, "P5": _p5, "P6": _p6, "P check": _check,
}  # fmt: skip
