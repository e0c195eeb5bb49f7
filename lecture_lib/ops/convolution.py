"""Convolution of (N, C, H, W) arrays, and its gradients: functions, no state.

Symbols, as the lecture and PyTorch have them::

    N  images in the batch      C  input channels       K  filters
    H, W  height and width      F_h, F_w  kernel size   G  groups
    H', W'  height and width of the output

How is it fast? Each window becomes a column of numbers, so that one matrix product
does all windows of all images (Chellapilla, Puri & Simard 2006, "High performance
convolutional neural networks for document processing"). The product runs at the
machine's limit already; what is left is copying. So the batch lies last in memory,
which makes every copy a long one, and columns are made tile by tile, which keeps
them in the cache.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from ..arguments import boolean, check_room, shown
from ..shapes import ShapeError, check_groups, conv_output_size, integer, pair, window_span
from .arrays import IntOrPair, as_float, batch_last, check_axes, check_shape, to_last

MEMORY_LIMIT = 64 * 2**20
"""Bytes that a convolution takes at most beside its inputs and results, whatever the batch."""
_TILE = 24 * 2**20  # bytes of a tile's columns: more would leave the last cache, fewer would starve the product


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
    places: np.ndarray
    """Where a tile keeps each column of the padded input: those a stride apart lie side by side, to be copied at once."""


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
    check_shape("bias", bias, (len(weight),), "one number a filter")
    stride, dilation = pair("stride", stride, 1), pair("dilation", dilation, 1)
    padding = pair("padding", padding, 0)
    size = [
        conv_output_size(*each) for each in zip(x.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True)
    ]
    dtype = np.result_type(x, weight, bias)
    padded = [side + 2 * pad for side, pad in zip(x.shape[2:], padding, strict=True)]
    check_room(f"padding={shown(padding)}", *x.shape[:2], *padded)
    check_room(f"padding={shown(padding)}, stride={shown(stride)}", x.shape[0], weight.shape[0], *size)
    stride = tuple(min(step, side) for step, side in zip(stride, padded, strict=True))  # no number beyond 64 bits
    return _Layout(x.astype(dtype, copy=False), weight.astype(dtype, copy=False), bias.astype(dtype, copy=False),
                   stride, padding, dilation, groups, tuple(size), _places(x.shape[3] + 2 * padding[1], stride[1]))  # fmt: skip


def _places(width: int, stride: int) -> np.ndarray:
    """The place of each column when those of the same remainder by ``stride`` lie together, (width,)."""
    places = np.empty(width, int)
    places[np.argsort(np.arange(width) % stride, kind="stable")] = np.arange(width)
    return places


class _Tile(NamedTuple):
    """Some rows of the output, for some images of the batch."""

    rows: slice
    images: slice


def _tiles(layout: _Layout, memory_limit: int) -> Iterator[_Tile]:
    """Cut the output into tiles whose columns fit the cache: by rows, and if one row is too much, by images."""
    (n, c, _, w), (k, _, f_h, f_w), (h, w_out) = layout.x.shape, layout.weight.shape, layout.output_size
    # Bytes for one row of one image: of its columns; and of all there is at a time, which is two tiles' columns (the
    # last one's go when the next one's are made), the input rows, and the result or the gradient in up to four copies.
    columns = c * f_h * f_w * w_out * layout.x.itemsize
    seen = max(layout.stride[0], window_span(f_h, layout.dilation[0])) * (w + 2 * layout.padding[1])
    everything = 2 * columns + (c * seen + 4 * k * w_out) * layout.x.itemsize
    room = min(_TILE // columns, integer("memory_limit", memory_limit, 1) // everything)
    rows = max(1, min(h, room // n))
    images = max(1, min(n, room // rows))
    for i, m in product(range(0, h, rows), range(0, n, images)):
        yield _Tile(slice(i, min(h, i + rows)), slice(m, min(n, m + images)))


def _padded_rows(layout: _Layout, tile: _Tile) -> np.ndarray:
    """The rows of the padded input that a tile sees, (C, rows, W + 2p, n)."""
    x = to_last(layout.x)[..., tile.images]
    (c, h, w, n), (s, _), (p_h, p_w) = x.shape, layout.stride, layout.padding
    top = tile.rows.start * s - p_h
    bottom = (tile.rows.stop - 1) * s - p_h + window_span(layout.weight.shape[2], layout.dilation[0])
    inside = slice(min(h, max(0, top)), max(0, min(h, bottom)))
    if layout.padding == (0, 0) and layout.stride[1] == 1 and x.flags.c_contiguous:
        return x[:, inside]
    padded = np.zeros((c, bottom - top, w + 2 * p_w, n), x.dtype)
    columns = slice(p_w, p_w + w) if layout.stride[1] == 1 else layout.places[p_w : p_w + w]
    padded[:, inside.start - top : inside.stop - top, columns] = x[:, inside]
    return padded


def _taps(layout: _Layout, padded: np.ndarray, rows: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """For each weight (a, b) of a filter: what it meets of the padded input, (C, rows, W', n), a view."""
    (s, _), (d_h, d_w), w = layout.stride, layout.dilation, layout.output_size[1]
    for a, b in np.ndindex(layout.weight.shape[2:]):
        top, left = a * d_h, layout.places[b * d_w]
        yield a, b, padded[:, top : top + (rows - 1) * s + 1 : s, left : left + w]


def _columns(layout: _Layout, tile: _Tile) -> np.ndarray:
    """One column for each window of a tile: (C, F_h, F_w, rows, W', n)."""
    rows, n = tile.rows.stop - tile.rows.start, tile.images.stop - tile.images.start
    shape = layout.x.shape[1], *layout.weight.shape[2:], rows, layout.output_size[1], n
    columns = np.empty(shape, layout.x.dtype)
    for a, b, met in _taps(layout, _padded_rows(layout, tile), rows):
        columns[:, a, b] = met
    return columns


def conv2d(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray | None = None,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    memory_limit: int = MEMORY_LIMIT,
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
        memory_limit: bytes to take at most beside ``x`` and the result, whatever the batch; one row
            of one image is the smallest piece.

    Returns:
        (N, K, H', W'), in memory the batch lies last; float32 if every array is float32,
        float64 if one is float64. Integers count as float64. NaN and infinity pass through.

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
    n, k, g = len(layout.x), len(layout.weight), layout.groups
    out = batch_last(n, k, *layout.output_size, layout.x.dtype)
    weight = layout.weight.reshape(g, k // g, -1)
    for tile in _tiles(layout, memory_limit):
        columns = _columns(layout, tile).reshape(g, weight.shape[2], -1)  # (G, C/G F_h F_w, rows W' n)
        target = to_last(out)[:, tile.rows, :, tile.images]  # (K, rows, W', n)
        in_place = target.reshape(g, k // g, -1) if target.shape[3] == n else None  # whole rows lie together: a view
        with np.errstate(invalid="ignore", over="ignore"):  # NaN and infinity in, NaN and infinity out
            result = np.matmul(weight, columns, out=in_place).reshape(target.shape)
            np.add(result, layout.bias[:, None, None, None], out=target)
    return out


def conv2d_backward(
    grad: np.ndarray,
    x: np.ndarray,
    weight: np.ndarray,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    groups: int = 1,
    input_grad: bool = True,
    memory_limit: int = MEMORY_LIMIT,
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    """Gradients of a loss with respect to the input, the weights and the biases of :func:`conv2d`.

    Each weight's gradient sums what it met times what came back:
    grad_weight[k, c, a, b] = sum over n, i, j of grad[n, k, i, j] · padded[n, c, i s + a d, j s + b d],
    and each pixel gets back from every window it was in
    (Goodfellow, Bengio & Courville 2016, Deep Learning, equations 9.11 and 9.13).
    As matrices: out = W X gives grad_W = grad Xᵀ and grad_X = Wᵀ grad.

    Args:
        grad: gradient of the loss with respect to the output, (N, K, H', W').
        x, weight, stride, padding, dilation, groups, memory_limit: as given to :func:`conv2d`.
        input_grad: False leaves out the gradient of ``x``, which a network's first layer does not need.

    Returns:
        grad_x (N, C, H, W) or None, grad_weight like ``weight``, grad_bias (K,). No argument is changed.

    Raises:
        TypeError, ShapeError: as :func:`conv2d`, and if ``grad`` does not have the output's shape.

    >>> x, weight = np.arange(9.0).reshape(1, 1, 3, 3), np.ones((1, 1, 2, 2))
    >>> grad_x, grad_weight, grad_bias = conv2d_backward(np.ones((1, 1, 2, 2)), x, weight)
    >>> grad_x[0, 0], grad_weight[0, 0], grad_bias
    (array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]]), array([[ 8., 12.],
           [20., 24.]]), array([4.]))
    """
    layout, input_grad = _layout(x, weight, None, stride, padding, dilation, groups), boolean("input_grad", input_grad)
    (n, c, h, w), k, g, (p_h, p_w) = layout.x.shape, len(layout.weight), layout.groups, layout.padding
    grad = check_shape("grad", as_float("grad", grad), (n, k, *layout.output_size), "the shape of the output")
    weight = layout.weight.reshape(g, k // g, -1)
    grad_weight, grad_bias = np.zeros((g, weight.shape[2], k // g), weight.dtype), np.zeros((g, k // g), weight.dtype)
    grad_x = np.zeros((c, h + 2 * p_h, w + 2 * p_w, n), weight.dtype) if input_grad else None
    for tile in _tiles(layout, memory_limit):
        columns = _columns(layout, tile)
        flat = columns.reshape(g, weight.shape[2], -1)  # (G, C/G F_h F_w, rows W' n)
        back = to_last(grad)[:, tile.rows, :, tile.images].reshape(g, k // g, -1)
        back = back.astype(weight.dtype, copy=False)  # (G, K/G, rows W' n)
        with np.errstate(invalid="ignore", over="ignore"):
            grad_weight += flat @ back.transpose(0, 2, 1)  # the long side first: BLAS likes it better
            grad_bias += back.sum(2)
            if input_grad:
                np.matmul(weight.transpose(0, 2, 1), back, out=flat)  # the columns are used up: their gradients
                below = grad_x[:, tile.rows.start * layout.stride[0] :, :, tile.images]
                for a, b, met in _taps(layout, below, columns.shape[3]):
                    met += columns[:, a, b]
    if input_grad:
        for row in grad_x.reshape(-1, *grad_x.shape[2:]) if layout.stride[1] > 1 else ():
            row[...] = row[layout.places]  # the columns in their order again
        grad_x = grad_x[:, p_h : p_h + h, p_w : p_w + w].transpose(3, 0, 1, 2)
    return grad_x, grad_weight.transpose(0, 2, 1).reshape(layout.weight.shape), grad_bias.ravel()


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

    Same arguments, result and errors as :func:`conv2d`, but it has no ``memory_limit`` and the batch lies first.

    >>> x = np.arange(9).reshape(1, 1, 3, 3)
    >>> conv2d_loops(x, np.ones((1, 1, 3, 3)))
    array([[[[36.]]]])
    """
    layout = _layout(x, weight, bias, stride, padding, dilation, groups)
    (p_h, p_w), (s_h, s_w), (d_h, d_w) = layout.padding, layout.stride, layout.dilation
    padded, weight = np.pad(layout.x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w))), layout.weight
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
