"""What the tests of convolution share."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.signal import correlate

from lecture_lib.ops import batch_last, conv2d, conv2d_loops, conv2d_windows

BOTH = pytest.mark.parametrize("convolve", [conv2d, conv2d_windows, conv2d_loops])
rng = np.random.default_rng(0)


def whole(*shape):
    """Small whole numbers: sums of their products are exact in float32, in whatever order they are added."""
    return rng.integers(-9, 10, shape).astype(float)


def by_scipy(x, weight, bias=None, *, stride=(1, 1), padding=(0, 0), dilation=(1, 1), groups=1):
    """The same layer from scipy.signal: one plane at a time, at stride 1, the holes of the kernel filled with zeros."""
    k, c_group, f_h, f_w = weight.shape
    holed = np.zeros((k, c_group, (f_h - 1) * dilation[0] + 1, (f_w - 1) * dilation[1] + 1))
    holed[:, :, :: dilation[0], :: dilation[1]] = weight
    padded = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))

    def one_map(image, at):
        first = at // (k // groups) * c_group  # the first channel of the filter's group
        planes = zip(image[first : first + c_group], holed[at], strict=True)
        return sum(correlate(pixels, kernel, "valid", "direct") for pixels, kernel in planes)

    maps = np.array([[one_map(image, at) for at in range(k)] for image in padded])[:, :, :: stride[0], :: stride[1]]
    return maps if bias is None else maps + bias[:, None, None]


small = st.integers(1, 3)
pairs = st.tuples(small, small)


@st.composite
def layers(draw):
    """x, weight, bias and settings of a layer whose window fits; both axes are drawn apart."""
    groups, per_group, filters, images = draw(small), draw(small), draw(small), draw(st.integers(1, 2))
    kernel, stride, dilation = draw(st.tuples(st.integers(1, 4), st.integers(1, 4))), draw(pairs), draw(pairs)
    padding = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    fits = [max(1, (f - 1) * d + 1 - 2 * p) for f, d, p in zip(kernel, dilation, padding, strict=True)]
    size = [least + draw(st.integers(0, 4)) for least in fits]
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = numbers.integers(-9, 10, (images, groups * per_group, *size)).astype(float)
    weight = numbers.integers(-9, 10, (groups * filters, per_group, *kernel)).astype(float)
    bias = draw(st.sampled_from([None, numbers.integers(-9, 10, groups * filters).astype(float)]))
    return x, weight, bias, {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


# Every argument counts


CHANGES = [
    ("x", whole(1, 4, 6, 7)), ("weight", whole(4, 2, 2, 3)), ("bias", np.array([0.0, 0, 0, 1])),
    *((name, value) for name in ("stride", "padding", "dilation") for value in (2, (2, 1), (1, 2))),
]  # fmt: skip


GOOD = {"x": np.ones((1, 4, 5, 6)), "weight": np.ones((6, 2, 3, 3)), "bias": np.ones(6), "groups": 2}


def lies_batch_last(out):
    """In memory the axes follow each other as C, H, W, N, without gaps."""
    return out.transpose(1, 2, 3, 0).flags.c_contiguous


VIEWS = {
    "reversed": lambda a: a[..., ::-1, ::-1],
    "transposed": lambda a: np.ascontiguousarray(a.swapaxes(2, 3)).swapaxes(2, 3),
    "every second": lambda a: np.repeat(np.repeat(a, 2, axis=2), 2, axis=3)[:, :, ::2, ::2],
    "channels last": lambda a: np.ascontiguousarray(np.moveaxis(a, 1, 3)).transpose(0, 3, 1, 2),
    "fortran": np.asfortranarray,
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape),
    "batch last": lambda a: np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
}


# The gradients


def backward_by_loops(grad, x, weight, *, stride, padding, dilation, groups):
    """Each product of the forward pass, gone back one at a time."""
    (p_h, p_w), (s_h, s_w), (d_h, d_w) = padding, stride, dilation
    padded = np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    grad_padded, grad_weight = np.zeros_like(padded), np.zeros_like(weight)
    for n, k, i, j in np.ndindex(grad.shape):
        first = k // (len(weight) // groups) * weight.shape[1]
        for c, a, b in np.ndindex(weight.shape[1:]):
            pixel = n, first + c, i * s_h + a * d_h, j * s_w + b * d_w
            grad_padded[pixel] += grad[n, k, i, j] * weight[k, c, a, b]
            grad_weight[k, c, a, b] += grad[n, k, i, j] * padded[pixel]
    return grad_padded[:, :, p_h : p_h + x.shape[2], p_w : p_w + x.shape[3]], grad_weight, grad.sum(axis=(0, 2, 3))


def same(some, others):
    """Each array of one tuple equals its partner, dtype and all."""
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(some, others, strict=True))


def like_the_output(x, weight, **how):
    """Whole numbers in the shape of the output: a gradient that comes back."""
    return np.random.default_rng(x.size).integers(-9, 10, conv2d(x, weight, **how).shape).astype(float)


GRAD = whole(2, 6, 5, 6)
BACKWARD = {"x": whole(2, 4, 5, 6), "weight": whole(6, 2, 3, 3), "groups": 2, "padding": 1}


def taken(compute):
    """What ``compute()`` returns, and the bytes it took at most beside what it returns (NumPy reports to tracemalloc)."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        results = compute()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return results, peak - after, peak - before


ORDERS = pytest.mark.parametrize("order", ["batch first", "batch last"])


def ones(shape, order):
    """Ones in float32, in C order or with the batch last in memory."""
    array = np.empty(shape, np.float32) if order == "batch first" else batch_last(*shape, np.float32)
    array.fill(1)
    return array


HUNGRY = {  # each has one part that is large beside the columns
    "few weights, many filters": ((64, 1, 48, 48), (64, 1, 1, 1), {}),
    "a stride past most pixels": ((64, 2, 128, 128), (4, 2, 1, 1), {"stride": 8}),
    "windows with wide holes": ((16, 4, 64, 64), (4, 4, 2, 2), {"dilation": 24}),
    "each channel alone": ((64, 16, 32, 32), (16, 1, 3, 3), {"groups": 16, "padding": 1}),
    "much padding": ((64, 8, 8, 8), (8, 8, 2, 2), {"padding": 12}),
    "ordinary": ((64, 8, 32, 32), (16, 8, 3, 3), {"padding": 1}),
}


# Bad input: the name, the value, the rule

WRONG = [
    ({"weight": np.ones((6, 2, 6, 3))}, "kernel_size=6", "must fit"),
    ({"weight": np.ones((6, 2, 3, 7))}, "kernel_size=7", "must fit"),
    ({"weight": np.ones((6, 2, 8, 3)), "padding": 1}, "padding=1", "must fit"),
    ({"dilation": 3}, "dilation=3", "must fit"),
    ({"stride": 0}, "stride=0", "at least 1"),
    ({"stride": -1}, "stride=-1", "at least 1"),
    ({"stride": (1, 0)}, "stride[1]=0", "at least 1"),
    ({"stride": (1, 2, 3)}, "stride=(1, 2, 3)", "one integer or a pair"),
    ({"padding": -1}, "padding=-1", "at least 0"),
    ({"padding": (-2, 0)}, "padding[0]=-2", "at least 0"),
    ({"dilation": 0}, "dilation=0", "at least 1"),
    ({"groups": 0}, "groups=0", "at least 1"),
    ({"groups": -2}, "groups=-2", "at least 1"),
    ({"groups": 3}, "groups=3", "must divide in_channels=4"),
    ({"groups": 4}, "groups=4", "must divide out_channels=6"),
    ({"groups": 1}, "weight has shape (6, 2, 3, 3)", "must have 4 channels"),
    ({"weight": np.ones((6, 3, 3, 3))}, "weight has shape (6, 3, 3, 3)", "must have 2 channels"),
    ({"x": np.ones((1, 6, 5, 6))}, "x has shape (1, 6, 5, 6)", "must have 3 channels"),
    ({"bias": np.ones(5)}, "bias has shape (5,)", "must be (6,)"),
    ({"bias": np.ones((6, 1))}, "bias has shape (6, 1)", "must be (6,)"),
    ({"bias": 1.0}, "bias has shape ()", "must be (6,)"),
    ({"x": np.ones((4, 5, 6))}, "x has shape (4, 5, 6)", "must have the axes (N, C, H, W)"),
    ({"x": 1.0}, "x has shape ()", "must have the axes (N, C, H, W)"),
    ({"weight": np.ones((3, 3))}, "weight has shape (3, 3)", "must have the axes (K, C/groups, F_h, F_w)"),
    *(({"x": np.ones(shape)}, "x has shape", "none of them empty")
      for shape in ((0, 4, 5, 6), (1, 0, 5, 6), (1, 4, 0, 6), (1, 4, 5, 0))),
    *(({"weight": np.ones(shape)}, "weight has shape", "none of them empty")
      for shape in ((0, 2, 3, 3), (6, 0, 3, 3), (6, 2, 0, 3), (6, 2, 3, 0))),
]  # fmt: skip


BACKWARD_WRONG = [
    *(({"grad": np.ones(shape)}, f"grad has shape {shape}", "must be (2, 6, 5, 6), the shape of the output")
      for shape in ((2, 6, 5, 5), (1, 6, 5, 6), (2, 1, 1, 1), (6, 5, 6), (), (0, 6, 5, 6))),
    ({"x": np.ones((2, 3, 5, 6))}, "groups=2", "must divide in_channels=3"),
    ({"x": np.ones((2, 6, 5, 6))}, "weight has shape (6, 2, 3, 3)", "must have 3 channels"),
    ({"x": np.ones((4, 5, 6))}, "x has shape (4, 5, 6)", "must have the axes (N, C, H, W)"),
    ({"x": np.ones((0, 4, 5, 6))}, "x has shape (0, 4, 5, 6)", "none of them empty"),
    ({"weight": np.ones((6, 2, 3))}, "weight has shape (6, 2, 3)", "must have the axes (K, C/groups, F_h, F_w)"),
    ({"stride": 0}, "stride=0", "at least 1"),
    ({"padding": 2}, "grad has shape (2, 6, 5, 6)", "must be (2, 6, 7, 8)"),
    ({"dilation": 9}, "dilation=9", "must fit"),
]  # fmt: skip
