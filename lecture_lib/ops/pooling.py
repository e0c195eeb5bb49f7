"""Pooling of (N, C, H, W) arrays, and its gradients: one number for each window of each map.

An output's side is floor((W + 2p - F) / s) + 1, as a convolution's; there is nothing to learn.
Padding is empty: it never wins a maximum, and averages are of what is inside the picture
(PyTorch's ``count_include_pad=False``).
"""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..shapes import ShapeError, conv_output_size, floor_only, pair
from .arrays import IntOrPair, as_float, batch_last, check_axes, check_shape, to_last


class _Layout(NamedTuple):
    """A checked pooling: its input and its settings as pairs."""

    x: np.ndarray
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    output_size: tuple[int, int]


def _layout(x, kernel_size, stride, padding, ceil_mode=False) -> _Layout:
    """Check every argument of a pooling; ``stride=None`` means windows side by side."""
    floor_only(ceil_mode)
    x = check_axes("x", as_float("x", x), "N, C, H, W")
    kernel_size = pair("kernel_size", kernel_size, 1)
    stride = kernel_size if stride is None else pair("stride", stride, 1)
    padding = pair("padding", padding, 0)
    if any(2 * p > f for p, f in zip(padding, kernel_size, strict=True)):
        raise ShapeError(
            f"padding={padding}: must be at most half of kernel_size={kernel_size}, or a window would hold padding alone"
        )
    size = [conv_output_size(*each) for each in zip(x.shape[2:], kernel_size, stride, padding, strict=True)]
    return _Layout(x, kernel_size, stride, padding, tuple(size))


def _axis(offset: int, n: int, m: int, stride: int, padding: int) -> tuple[slice, slice]:
    """Which of ``m`` windows have their pixel number ``offset`` inside the picture, and where it lies there."""
    first = max(0, -((offset - padding) // stride))  # the first window for which i s + offset - p is at least 0
    last = min(m - 1, (n - 1 + padding - offset) // stride)
    start = first * stride + offset - padding
    return slice(first, last + 1), slice(start, start + max(0, last - first) * stride + 1, stride)


def _taps(layout: _Layout) -> Iterator[tuple[tuple, tuple]]:
    """For each pixel (a, b) of a window: the outputs that have it, and where it lies in the input.

    Both index arrays in the memory's order (C, H, W, N).
    """
    (h, w), (m_h, m_w) = layout.x.shape[2:], layout.output_size
    for a, b in np.ndindex(layout.kernel_size):
        rows, pixel_rows = _axis(a, h, m_h, layout.stride[0], layout.padding[0])
        columns, pixel_columns = _axis(b, w, m_w, layout.stride[1], layout.padding[1])
        if rows.stop > rows.start and columns.stop > columns.start:
            yield (slice(None), rows, columns), (slice(None), pixel_rows, pixel_columns)


def _empty(layout: _Layout) -> np.ndarray:
    return batch_last(*layout.x.shape[:2], *layout.output_size, layout.x.dtype)


def max_pool2d(
    x: np.ndarray, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0, ceil_mode: bool = False
) -> np.ndarray:  # fmt: skip
    """The largest value of each window of each map.

    out[n, c, i, j] = max over a, b of x[n, c, i s + a - p, j s + b - p]
    (Goodfellow, Bengio & Courville 2016, Deep Learning, section 9.3; overlapping
    windows, s < F, as in Krizhevsky, Sutskever & Hinton 2012, section 3.4).

    Args:
        x: maps, (N, C, H, W).
        kernel_size: side of the window in pixels; int or (vertical, horizontal).
        stride: step between windows; None means ``kernel_size``.
        padding: empty rows and columns on each side, at most half the window; never a maximum.
        ceil_mode: False, as :func:`lecture_lib.shapes.floor_only` says.

    Returns:
        (N, C, H', W') of ``x``'s dtype; integers count as float64. A window with NaN gives NaN.

    Raises:
        TypeError: ``x`` does not hold real numbers, or a setting is not an integer.
        ShapeError: ``x`` has the wrong axes or an empty one, or a setting breaks a rule.

    >>> x = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    >>> max_pool2d(x, 2)[0, 0]  # the lecture's example
    array([[6., 8.],
           [3., 4.]])
    """
    layout = _layout(x, kernel_size, stride, padding, ceil_mode)
    out = _empty(layout)
    target, source = to_last(out), to_last(layout.x)
    if layout.padding != (0, 0):
        target.fill(-np.inf)
    for number, (outputs, pixels) in enumerate(_taps(layout)):
        if number == 0 and layout.padding == (0, 0):
            target[...] = source[pixels]
        else:
            np.maximum(target[outputs], source[pixels], out=target[outputs])
    return out


def max_pool2d_backward(
    grad: np.ndarray, x: np.ndarray, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0,
    *, out: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Gradient of a loss with respect to the input of :func:`max_pool2d`.

    Each output's gradient goes back to the pixel that won; a pixel that won several
    windows gets the sum, and of equal pixels the first in reading order gets it all
    (in a window with NaN nothing is larger than anything: its first pixel gets it).

    Args:
        grad: gradient with respect to the output, (N, C, H', W').
        x, kernel_size, stride, padding: as given to :func:`max_pool2d`.
        out: what that gave back, if it is at hand; None computes it again.

    Returns:
        (N, C, H, W), of the wider dtype of ``grad`` and ``x``. No argument is changed.

    Raises:
        TypeError, ShapeError: as :func:`max_pool2d`, and if ``grad`` does not have the output's shape.

    >>> x = np.array([[[[1, 2], [3, 3]]]])
    >>> max_pool2d_backward(np.array([[[[5]]]]), x, 2)[0, 0]
    array([[0., 0.],
           [5., 0.]])
    """
    layout = _layout(x, kernel_size, stride, padding)
    grad = _checked_grad(grad, layout)
    if out is None:
        out = max_pool2d(layout.x, layout.kernel_size, layout.stride, layout.padding)
    out = check_shape("out", as_float("out", out), grad.shape, "the shape of the output")
    out, back, source = to_last(out), to_last(grad), to_last(layout.x)
    dtype = np.result_type(grad, layout.x)
    grad_x = batch_last(*layout.x.shape, dtype)
    target = to_last(grad_x)
    target.fill(0)
    apart = all(s >= f for s, f in zip(layout.stride, layout.kernel_size, strict=True))  # no pixel in two windows
    waiting = np.ones(out.shape, bool)  # outputs whose winner is not found yet
    for outputs, pixels in _taps(layout):
        won = source[pixels] < out[outputs]
        np.greater(waiting[outputs], won, out=won)  # waiting, and not less: so NaN ends the wait, too
        if apart:
            np.multiply(back[outputs], won, out=target[pixels])
        else:
            target[pixels] += back[outputs] * won
        waiting[outputs] ^= won
    return grad_x


def _checked_grad(grad: np.ndarray, layout: _Layout) -> np.ndarray:
    shape = *layout.x.shape[:2], *layout.output_size
    return check_shape("grad", as_float("grad", grad), shape, "the shape of the output")


def _counts(layout: _Layout) -> np.ndarray:
    """How many pixels of each window lie inside the picture, (H', W', 1)."""
    counts = np.zeros((1, *layout.output_size, 1), layout.x.dtype)
    for outputs, _ in _taps(layout):
        counts[outputs] += 1
    return counts


def avg_pool2d(
    x: np.ndarray, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0, ceil_mode: bool = False
) -> np.ndarray:  # fmt: skip
    """The mean of each window of each map, over the pixels inside the picture.

    Same arguments, result and errors as :func:`max_pool2d`.

    >>> avg_pool2d(np.array([[[[1, 2, 3, 4]]]]), (1, 2))
    array([[[[1.5, 3.5]]]])
    """
    layout = _layout(x, kernel_size, stride, padding, ceil_mode)

    def means(x: np.ndarray) -> np.ndarray:
        out = _empty(layout)
        target, source = to_last(out), to_last(x)
        target.fill(0)
        for outputs, pixels in _taps(layout):
            target[outputs] += source[pixels]
        target /= _counts(layout)
        return out

    return _in_range(means, layout.x, math.prod(layout.kernel_size))


def _in_range(means: Callable[[np.ndarray], np.ndarray], x: np.ndarray, terms: int) -> np.ndarray:
    """``means(x)``, also where a sum of so many ``terms`` is beyond the largest float and the mean is not."""
    out = means(x)
    beyond = np.isinf(out)
    if beyond.any():
        smaller = np.asarray(2.0 ** -terms.bit_length(), x.dtype)  # a power of two rounds nothing
        out[beyond] = (means(x * smaller) / smaller)[beyond]
    return out


def avg_pool2d_backward(
    grad: np.ndarray, x: np.ndarray, kernel_size: IntOrPair, stride: IntOrPair | None = None, padding: IntOrPair = 0
) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`avg_pool2d`: each pixel gets its share.

    Same arguments, result and errors as :func:`max_pool2d_backward`; of ``x`` only the shape and dtype matter.

    >>> avg_pool2d_backward(np.array([[[[6, 2]]]]), np.zeros((1, 1, 1, 4)), (1, 2))
    array([[[[3., 3., 1., 1.]]]])
    """
    layout = _layout(x, kernel_size, stride, padding)
    grad = _checked_grad(grad, layout)
    grad_x = batch_last(*layout.x.shape, np.result_type(grad, layout.x))
    target = to_last(grad_x)
    target.fill(0)
    share = to_last(grad) / _counts(layout)
    for outputs, pixels in _taps(layout):
        target[pixels] += share[outputs]
    return grad_x


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """The mean of each map, (N, C) (Lin, Chen & Yan 2014, "Network in network", section 3.2).

    Raises:
        TypeError: ``x`` does not hold real numbers.
        ShapeError: ``x`` has the wrong axes or an empty one.

    >>> global_avg_pool2d(np.array([[[[1, 2], [3, 6]]]]))
    array([[3.]])
    """
    x = check_axes("x", as_float("x", x), "N, C, H, W")
    return _in_range(lambda x: x.mean(axis=(2, 3)), x, x.shape[2] * x.shape[3])


def global_avg_pool2d_backward(grad: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`global_avg_pool2d`: an equal share for each pixel.

    Args:
        grad: gradient with respect to the output, (N, C).
        x: the input, (N, C, H, W); only its shape and dtype matter.

    Raises:
        TypeError, ShapeError: as :func:`global_avg_pool2d`, and if ``grad`` does not have the output's shape.

    >>> global_avg_pool2d_backward(np.array([[8]]), np.zeros((1, 1, 2, 2)))
    array([[[[2., 2.],
             [2., 2.]]]])
    """
    x = check_axes("x", as_float("x", x), "N, C, H, W")
    grad = check_shape("grad", as_float("grad", grad), x.shape[:2], "the shape of the output")
    grad_x = batch_last(*x.shape, np.result_type(grad, x))
    grad_x[...] = (grad / (x.shape[2] * x.shape[3]))[:, :, None, None]
    return grad_x
