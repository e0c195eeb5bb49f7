"""Convolution of (N, C, H, W) arrays, in three steps from the definition to the fast one, and its gradients.

Symbols, as the lecture and PyTorch have them::

    N  images in the batch      C  input channels       K  filters
    H, W  height and width      F_h, F_w  kernel size   G  groups
    H', W'  height and width of the output
    s, p, d  stride, padding, dilation
"""

from itertools import product

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..arguments import boolean
from ..shapes import window_span
from .arrays import IntOrPair, as_float, batch_last, check_shape, to_last
from .tiling import MEMORY_LIMIT, columns_of, layout_of, taps, tiles


def conv2d_loops(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, *, stride: IntOrPair = 1,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, groups: int = 1,
) -> np.ndarray:  # fmt: skip
    """The definition, one multiply-add at a time: to read, not to run on photos.

    out[n, k, i, j] = bias[k] + sum over c, a, b of
    weight[k, c, a, b] · padded[n, c, i s + a d, j s + b d]
    (Goodfellow, Bengio & Courville 2016, Deep Learning, equation 9.6, with
    stride, zero padding, dilation and groups as in PyTorch's ``conv2d``).

    Same arguments, result and errors as :func:`conv2d`, but it has no ``memory_limit`` and the batch lies first.

    >>> x = np.arange(9).reshape(1, 1, 3, 3)
    >>> conv2d_loops(x, np.ones((1, 1, 3, 3)))
    array([[[[36.]]]])
    """
    layout = layout_of(x, weight, bias, stride, padding, dilation, groups)
    (p_h, p_w), (s_h, s_w), (d_h, d_w) = layout.padding, layout.stride, layout.dilation
    padded, weight = np.pad(layout.x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w))), layout.weight
    (k_all, c_all, f_h, f_w), (h, w) = weight.shape, layout.output_size
    out = np.empty((len(padded), k_all, h, w), padded.dtype)
    for n, k, i, j in product(range(len(padded)), range(k_all), range(h), range(w)):
        total = layout.bias[k]
        first = k // (k_all // layout.groups) * c_all  # the first channel of this filter's group
        for c, a, b in product(range(c_all), range(f_h), range(f_w)):
            total += weight[k, c, a, b] * padded[n, first + c, i * s_h + a * d_h, j * s_w + b * d_w]
        out[n, k, i, j] = total
    return out


def conv2d_windows(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, *, stride: IntOrPair = 1,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, groups: int = 1,
) -> np.ndarray:  # fmt: skip
    """All windows of the images as one array, a view, and each filter times each window: :func:`conv2d_loops` in NumPy.

    Arguments, result and errors are those of :func:`conv2d_loops`.

    >>> x = np.arange(16).reshape(1, 1, 4, 4)
    >>> conv2d_windows(x, np.ones((1, 1, 2, 2)), stride=2)[0, 0]
    array([[10., 18.],
           [42., 50.]])
    """
    of = layout_of(x, weight, bias, stride, padding, dilation, groups)
    (p_h, p_w), (s_h, s_w), (d_h, d_w) = of.padding, of.stride, of.dilation
    padded = np.pad(of.x, ((0, 0), (0, 0), (p_h, p_h), (p_w, p_w)))
    span = window_span(of.weight.shape[2], d_h), window_span(of.weight.shape[3], d_w)
    windows = sliding_window_view(padded, span, axis=(2, 3))
    windows = windows[:, :, ::s_h, ::s_w, ::d_h, ::d_w]  # (N, C, H', W', F_h, F_w)
    parts = zip(np.split(windows, of.groups, axis=1), np.split(of.weight, of.groups), strict=True)
    maps = [np.einsum("ncijab,kcab->nkij", seen, filters) for seen, filters in parts]
    return np.concatenate(maps, axis=1) + of.bias[:, None, None]


def conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, *, stride: IntOrPair = 1,
    padding: IntOrPair = 0, dilation: IntOrPair = 1, groups: int = 1, memory_limit: int = MEMORY_LIMIT,
) -> np.ndarray:  # fmt: skip
    """Cross-correlate a batch of images with a bank of filters, as a layer does: :func:`conv2d_loops`, fast.

    Each window becomes a column of numbers, so that one matrix product does all windows of all images
    (Chellapilla, Puri & Simard 2006, "High performance convolutional neural networks for document processing").
    The columns are made tile by tile, as ``tiling.py`` says.

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
    layout = layout_of(x, weight, bias, stride, padding, dilation, groups)
    n, k, g = len(layout.x), len(layout.weight), layout.groups
    out = batch_last(n, k, *layout.output_size, layout.x.dtype)
    weight = layout.weight.reshape(g, k // g, -1)
    for tile in tiles(layout, memory_limit):
        columns = columns_of(layout, tile).reshape(g, weight.shape[2], -1)  # (G, C/G F_h F_w, rows W' n)
        target = to_last(out)[:, tile.rows, :, tile.images]  # (K, rows, W', n)
        in_place = target.reshape(g, k // g, -1) if target.shape[3] == n else None  # whole rows lie together: a view
        result = np.matmul(weight, columns, out=in_place).reshape(target.shape)
        np.add(result, layout.bias[:, None, None, None], out=target)
    return out


def conv2d_backward(
    grad: np.ndarray, x: np.ndarray, weight: np.ndarray, *, stride: IntOrPair = 1, padding: IntOrPair = 0,
    dilation: IntOrPair = 1, groups: int = 1, input_grad: bool = True, memory_limit: int = MEMORY_LIMIT,
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:  # fmt: skip
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
    layout = layout_of(x, weight, None, stride, padding, dilation, groups)
    boolean("input_grad", input_grad)
    (n, c, h, w), k, g, (p_h, p_w) = layout.x.shape, len(layout.weight), layout.groups, layout.padding
    grad = check_shape("grad", as_float("grad", grad), (n, k, *layout.output_size), "the shape of the output")
    weight = layout.weight.reshape(g, k // g, -1)
    grad_weight, grad_bias = np.zeros((g, weight.shape[2], k // g), weight.dtype), np.zeros((g, k // g), weight.dtype)
    grad_x = np.zeros((c, h + 2 * p_h, w + 2 * p_w, n), weight.dtype) if input_grad else None
    for tile in tiles(layout, memory_limit):
        columns = columns_of(layout, tile)
        flat = columns.reshape(g, weight.shape[2], -1)  # (G, C/G F_h F_w, rows W' n)
        back = to_last(grad)[:, tile.rows, :, tile.images].reshape(g, k // g, -1)
        back = back.astype(weight.dtype, copy=False)  # (G, K/G, rows W' n)
        grad_weight += flat @ back.transpose(0, 2, 1)  # the long side first: BLAS likes it better
        grad_bias += back.sum(2)
        if input_grad:
            np.matmul(weight.transpose(0, 2, 1), back, out=flat)  # the columns are used up: their gradients
            below = grad_x[:, tile.rows.start * layout.stride[0] :, :, tile.images]
            for a, b, met in taps(layout, below, columns.shape[3]):
                met += columns[:, a, b]
    if input_grad:
        for row in grad_x.reshape(-1, *grad_x.shape[2:]) if layout.stride[1] > 1 else ():
            row[...] = row[layout.places]  # the columns in their order again
        grad_x = grad_x[:, p_h : p_h + h, p_w : p_w + w].transpose(3, 0, 1, 2)
    return grad_x, grad_weight.transpose(0, 2, 1).reshape(layout.weight.shape), grad_bias.ravel()
