"""How a convolution's arguments are checked, and how its output is cut into tiles that fit the cache.

Nobody needs this to know what a convolution is: see ``convolution.py``. There is the list of symbols, too.

The matrix product of :func:`lecture_lib.ops.conv2d` runs at the machine's limit already; what is left is copying. So the
batch lies last in memory, which makes every copy a long one, and columns are made tile by tile, which keeps them in the
cache.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from ..arguments import check_room, shown
from ..shapes import ShapeError, check_groups, conv_output_size, integer, pair, window_span
from .arrays import as_float, check_axes, check_shape, to_last

MEMORY_LIMIT = 64 * 2**20
"""Bytes that a convolution takes at most beside its inputs and results, whatever the batch."""
_TILE = 24 * 2**20  # bytes of a tile's columns: more would leave the last cache, fewer would starve the product


class Layout(NamedTuple):
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


def layout_of(x, weight, bias, stride, padding, dilation, groups) -> Layout:
    """Check every argument of a convolution against the rules in :func:`lecture_lib.ops.conv2d`."""
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
    return Layout(x.astype(dtype, copy=False), weight.astype(dtype, copy=False), bias.astype(dtype, copy=False),
                   stride, padding, dilation, groups, tuple(size), _places(x.shape[3] + 2 * padding[1], stride[1]))  # fmt: skip


def _places(width: int, stride: int) -> np.ndarray:
    """The place of each column when those of the same remainder by ``stride`` lie together, (width,)."""
    places = np.empty(width, int)
    places[np.argsort(np.arange(width) % stride, kind="stable")] = np.arange(width)
    return places


class Tile(NamedTuple):
    """Some rows of the output, for some images of the batch."""

    rows: slice
    images: slice


def tiles(layout: Layout, memory_limit: int) -> Iterator[Tile]:
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
        yield Tile(slice(i, min(h, i + rows)), slice(m, min(n, m + images)))


def _padded_rows(layout: Layout, tile: Tile) -> np.ndarray:
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


def taps(layout: Layout, padded: np.ndarray, rows: int) -> Iterator[tuple[int, int, np.ndarray]]:
    """For each weight (a, b) of a filter: what it meets of the padded input, (C, rows, W', n), a view."""
    (s, _), (d_h, d_w), w = layout.stride, layout.dilation, layout.output_size[1]
    for a, b in np.ndindex(layout.weight.shape[2:]):
        top, left = a * d_h, layout.places[b * d_w]
        yield a, b, padded[:, top : top + (rows - 1) * s + 1 : s, left : left + w]


def columns_of(layout: Layout, tile: Tile) -> np.ndarray:
    """One column for each window of a tile: (C, F_h, F_w, rows, W', n)."""
    rows, n = tile.rows.stop - tile.rows.start, tile.images.stop - tile.images.start
    shape = layout.x.shape[1], *layout.weight.shape[2:], rows, layout.output_size[1], n
    columns = np.empty(shape, layout.x.dtype)
    for a, b, met in taps(layout, _padded_rows(layout, tile), rows):
        columns[:, a, b] = met
    return columns
