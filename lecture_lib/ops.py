"""Operations on batches of images, (N, C, H, W) arrays: functions, no state.

Symbols, as the lecture and PyTorch have them::

    N  images in the batch      C  input channels       K  filters
    H, W  height and width      F_h, F_w  kernel size   G  groups
"""

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .shapes import ShapeError, check_groups, conv_output_size, pair

IntOrPair = int | tuple[int, int]


class _Layout(NamedTuple):
    """A checked convolution: its arrays in one dtype, its settings as pairs."""

    x: np.ndarray
    weight: np.ndarray
    bias: np.ndarray
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]
    groups: int
    output_size: tuple[int, int]


def as_float(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array`` as float32 or float64: floats stay, integers and bools become float64.

    Raises:
        TypeError: the entries are not real numbers, or not float32 or float64 when they are floats.

    >>> as_float("x", np.array([1, 2])).dtype, as_float("x", np.float32([1, 2])).dtype
    (dtype('float64'), dtype('float32'))
    """
    try:
        array = np.asarray(array)
    except ValueError:
        raise TypeError(f"{name}: must be an array of numbers with rows of equal length") from None
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    native = array.dtype.newbyteorder("=")
    if native not in (np.float32, np.float64):
        raise TypeError(f"{name} has dtype {array.dtype}: must hold integers, float32 or float64")
    return array.astype(native, copy=False)


def check_axes(name: str, array: np.ndarray, axes: str) -> np.ndarray:
    """Return ``array`` if it has the named ``axes``, such as "H, W", and none of them is empty.

    Raises:
        ShapeError: another number of axes, or an empty one.
    """
    if array.ndim != len(axes.split(", ")) or array.size == 0:
        raise ShapeError(f"{name} has shape {array.shape}: must have the axes ({axes}), none of them empty")
    return array


def _layout(x, weight, bias, stride, padding, dilation, groups) -> _Layout:
    """Check every argument of a convolution against the rules in :func:`conv2d`."""
    x = check_axes("x", as_float("x", x), "N, C, H, W")
    weight = check_axes("weight", as_float("weight", weight), "K, C/groups, F_h, F_w")
    bias = np.zeros(len(weight), weight.dtype) if bias is None else as_float("bias", bias)
    groups = check_groups(x.shape[1], len(weight), groups)
    if weight.shape[1] * groups != x.shape[1]:
        raise ShapeError(
            f"weight has shape {weight.shape}: with groups={groups} each filter must have "
            f"{x.shape[1] // groups} channels, because x has {x.shape[1]} (x has shape {x.shape})"
        )
    if bias.shape != (len(weight),):
        raise ShapeError(f"bias has shape {bias.shape}: must be ({len(weight)},), one number a filter")
    stride, dilation = pair("stride", stride, 1), pair("dilation", dilation, 1)
    padding = pair("padding", padding, 0)
    size = [
        conv_output_size(*each) for each in zip(x.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True)
    ]
    dtype = np.result_type(x, weight, bias)
    return _Layout(x.astype(dtype, copy=False), weight.astype(dtype, copy=False), bias.astype(dtype, copy=False),
                   stride, padding, dilation, groups, tuple(size))  # fmt: skip


def _pad(x: np.ndarray, padding: tuple[int, int]) -> np.ndarray:
    """Put zeros around the last two axes."""
    p_h, p_w = padding
    return np.pad(x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w))) if p_h or p_w else x


def conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """Cross-correlate a batch of images with a bank of filters, as a layer does.

    out[n, k, i, j] = bias[k] + sum over c, a, b of
    weight[k, c, a, b] · padded[n, c, i s + a d, j s + b d]
    (Goodfellow, Bengio & Courville 2016, Deep Learning, equation 9.6, with
    stride, zero padding, dilation and groups as in PyTorch's ``conv2d``).

    Args:
        x: images, (N, C, H, W).
        weight: filters, (K, C / groups, F_h, F_w).
        bias: one number a filter, (K,); None means zeros.
        stride: step between windows, in pixels; int or (vertical, horizontal).
        padding: rows and columns of zeros on each side; int or pair.
        dilation: step inside a window, in pixels; int or pair.
        groups: filters of one group see only that group's channels.

    Returns:
        (N, K, H', W'); float32 if every array is float32, float64 if one is
        float64. Integers count as float64. NaN and infinity pass through.

    Raises:
        TypeError: an array does not hold real numbers, or a setting is not an integer.
        ShapeError: an array has the wrong axes or an empty one, channels and groups
            do not match, a setting is out of range, or the window does not fit.

    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> conv2d(x, np.ones((1, 1, 2, 2)), stride=2)[0, 0]
    array([[10., 18.],
           [42., 50.]])
    """
    layout = _layout(x, weight, bias, stride, padding, dilation, groups)
    x, weight, (s_h, s_w), (d_h, d_w) = layout.x, layout.weight, layout.stride, layout.dilation
    (n, c), (k, _, f_h, f_w), (h, w) = x.shape[:2], weight.shape, layout.output_size
    groups = layout.groups
    span = d_h * (f_h - 1) + 1, d_w * (f_w - 1) + 1
    windows = sliding_window_view(_pad(x, layout.padding), span, axis=(2, 3))
    windows = windows[:, :, ::s_h, ::s_w, ::d_h, ::d_w]  # (N, C, H', W', F_h, F_w), no copy yet
    windows = windows.reshape(n, groups, c // groups, h, w, f_h, f_w)
    columns = windows.transpose(1, 2, 5, 6, 0, 3, 4).reshape(groups, -1, n * h * w)
    with np.errstate(invalid="ignore", over="ignore"):  # NaN and infinity in, NaN and infinity out
        out = weight.reshape(groups, k // groups, -1) @ columns  # (G, K/G, N H' W')
        out = out.reshape(k, n, h, w).transpose(1, 0, 2, 3) + layout.bias[:, None, None]
    return np.ascontiguousarray(out)


def conv2d_loops(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> np.ndarray:
    """The definition of :func:`conv2d`, one multiply-add at a time: to read, not to run on photos.

    Same arguments, result and errors as :func:`conv2d`.

    >>> x = np.arange(9).reshape(1, 1, 3, 3)
    >>> conv2d_loops(x, np.ones((1, 1, 3, 3)))
    array([[[[36.]]]])
    """
    layout = _layout(x, weight, bias, stride, padding, dilation, groups)
    padded, weight, (s_h, s_w), (d_h, d_w) = (
        _pad(layout.x, layout.padding),
        layout.weight,
        layout.stride,
        layout.dilation,
    )
    (k_all, c_all, f_h, f_w), (h, w) = weight.shape, layout.output_size
    out = np.empty((len(padded), k_all, h, w), padded.dtype)
    with np.errstate(invalid="ignore", over="ignore"):
        for n, k, i, j in product(range(len(padded)), range(k_all), range(h), range(w)):
            total = layout.bias[k]
            first = k // (k_all // layout.groups) * c_all  # the first channel of this filter's group
            for c, a, b in product(range(c_all), range(f_h), range(f_w)):
                total += weight[k, c, a, b] * padded[n, first + c, i * s_h + a * d_h, j * s_w + b * d_w]
            out[n, k, i, j] = total
    return out
