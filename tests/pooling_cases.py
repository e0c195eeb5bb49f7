"""What the tests of pooling share."""

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.ops import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

BOTH = pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
BOTH_BACKWARD = pytest.mark.parametrize("backward", [max_pool2d_backward, avg_pool2d_backward])
EVERY = pytest.mark.parametrize("call", [
    max_pool2d, avg_pool2d,
    lambda x, *how: max_pool2d_backward(np.ones((2, 3, 2, 3)), x, *how),
    lambda x, *how: avg_pool2d_backward(np.ones((2, 3, 2, 3)), x, *how),
], ids=["max_pool2d", "avg_pool2d", "max_pool2d_backward", "avg_pool2d_backward"])  # fmt: skip
LECTURE = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
NAN, INF = np.nan, np.inf
rng = np.random.default_rng(0)


def whole(*shape):
    """Small whole numbers, many of them equal."""
    return rng.integers(-9, 10, shape).astype(float)


def maps(rows):
    """One map of one image."""
    return np.array([[rows]], float)


@st.composite
def pools(draw, values=9):
    """x and the settings of a pooling whose window fits; both axes are drawn apart."""
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    padding = tuple(draw(st.integers(0, f // 2)) for f in kernel)
    stride = draw(st.one_of(st.none(), st.tuples(st.integers(1, 6), st.integers(1, 6))))
    size = [max(1, f - 2 * p) + draw(st.integers(0, 7)) for f, p in zip(kernel, padding, strict=True)]
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = numbers.integers(-values, values + 1, (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *size)).astype(float)
    return x, (kernel, stride, padding)


def windows(x, kernel, stride, padding):
    """(n, c, i, j), and the pixels of the window there that lie inside the picture, in reading order."""
    for n, c in np.ndindex(x.shape[:2]):
        starts = [
            range(-p, size + p - f + 1, s)
            for size, f, s, p in zip(x.shape[2:], kernel, stride or kernel, padding, strict=True)
        ]
        for i, top in enumerate(starts[0]):
            for j, left in enumerate(starts[1]):
                inside = [(n, c, top + a, left + b) for a, b in np.ndindex(kernel)
                          if 0 <= top + a < x.shape[2] and 0 <= left + b < x.shape[3]]  # fmt: skip
                yield (n, c, i, j), inside


def by_loops(choose, x, how):
    """``choose`` of the values inside each window, as a dict from place to number."""
    return {place: choose([x[pixel] for pixel in inside]) for place, inside in windows(x, *how)}


def grad_like(out):
    """Whole numbers in the shape of the output, of both signs."""
    return np.random.default_rng(out.size).integers(-9, 10, out.shape).astype(float)


VIEWS = {
    "batch first": lambda a: a.copy("C"),
    "batch last": lambda a: np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
    "reversed": lambda a: a[..., ::-1, ::-1],
    "every second": lambda a: np.repeat(a, 2, axis=3)[..., ::2],
    "broadcast": lambda a: np.broadcast_to(a[:1, :1], a.shape),
}


# Bad input: the name, the value, the rule

X = whole(2, 3, 4, 6)
WRONG = [
    ((5,), "kernel_size=5", "must fit"),
    (((2, 7),), "kernel_size=7", "must fit"),
    ((0,), "kernel_size=0", "at least 1"),
    (((2, -1),), "kernel_size[1]=-1", "at least 1"),
    (((2, 2, 2),), "kernel_size=(2, 2, 2)", "a pair of integers"),
    ((2, 0), "stride=0", "at least 1"),
    ((2, (1, 0)), "stride[1]=0", "at least 1"),
    ((2, 2, -1), "padding=-1", "at least 0"),
    ((2, 2, 2), "padding=(2, 2)", "at most half of kernel_size=(2, 2)"),
    ((3, 2, 2), "padding=(2, 2)", "at most half of kernel_size=(3, 3)"),
    (((4, 3), 2, 2), "padding=(2, 2)", "at most half of kernel_size=(4, 3)"),
    ((1, 1, 1), "padding=(1, 1)", "at most half of kernel_size=(1, 1)"),
]
