"""The pieces of images to which each map of a layer answers most."""

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..arguments import one_of
from ..layers import Fields, Layer, Shape
from ..shapes import ShapeError, integer
from ..training import Prepare, preparing
from .answers import forward, layers_of


class Patches(NamedTuple):
    """What :func:`strongest_patches` finds: K maps, each with its ``count`` strongest images, strongest first."""

    patches: np.ndarray
    """(K, count, C, h, w): what the unit sees of the network's input; zeros where that is padding."""
    image: np.ndarray
    """Index of the image, integers (K, count), as all that follow."""
    row: np.ndarray
    """Place of the unit in its map."""
    col: np.ndarray
    top: np.ndarray
    """First pixel of the patch in the image; negative in the padding."""
    left: np.ndarray
    response: np.ndarray
    """What the unit answers, (K, count)."""


BYTES = 2**26
"""How much the largest output of a layer may take for one batch, so that memory stays small."""


def strongest_patches(
    net: Layer,
    images: np.ndarray,
    layer: str,
    channel: int | None = None,
    count: int = 9,
    *,
    prepare: Prepare | None = None,
) -> Patches:
    """The images to which each map of a layer answers most, cut to what the unit with the strongest answer sees.

    One place an image (Zeiler & Fergus 2013, arXiv:1311.2901, figure 2). Of equal answers the first image
    and the first place count.

    Args:
        images: (N, ...), what ``prepare`` makes the network's input (N, C, H, W) from, as in
            :func:`lecture_lib.training.fit`; without it, that input itself.
        layer: name of any layer; units of a vector are maps of one place, which see the whole image.
        channel: one map, or None for all.
        count: how many images a map.

    Raises:
        ValueError: there is no such layer.
        ShapeError: the input is not (N, C, H, W), ``channel`` is no map, or ``count`` is more than there are images.
        TypeError, StateError: as :func:`responses`.

    >>> from lecture_lib.models import small_cnn
    >>> found = strongest_patches(small_cnn().init(0), np.eye(28)[None, None], "conv2", count=1)
    >>> found.patches.shape  # 16 maps, a grey image, 8 x 8 pixels seen
    (16, 1, 1, 8, 8)
    """
    images = np.asarray(images)
    if not 1 <= integer("count", count, 1) <= (len(images) if images.ndim else 0):
        raise ShapeError(f"count={count}: must be at most the number of images, images has shape {images.shape}")
    prepare = preparing("images", prepare)
    shape = np.shape(prepare(images[:1], None))[1:]
    if len(shape) != 3:
        raise ShapeError(f"images become samples of shape {shape}: must be (C, H, W)")
    found = layers_of(net, shape)
    fields = found[one_of("layer", layer, found)][2]
    size = at_once(found, layer)
    batches = (prepare(images[i : i + size], None) for i in range(0, len(images), size))
    response, place, width = _peaks(net, batches, layer)
    maps = np.arange(response.shape[1])
    if channel is not None:
        if integer("channel", channel, 0) >= len(maps):
            raise ShapeError(f"channel={channel}: must be below {len(maps)}, the number of maps of {layer}")
        maps = maps[[channel]]
    image = np.argsort(-response[:, maps], axis=0, kind="stable")[:count].T
    row, col = np.divmod(place[image, maps[:, None]], width)
    top, left = (field.start + field.jump * at for field, at in zip(fields, (row, col), strict=True))
    patches = [cut(prepare(images[each], None), fields, top[k], left[k]) for k, each in enumerate(image)]
    return Patches(np.stack(patches), image, row, col, top, left, response[image, maps[:, None]])


def at_once(found: dict[str, tuple[Layer, Shape, Fields]], layer: str) -> int:
    """How many samples may go to ``layer`` together."""
    sizes = [math.prod(found[name][1]) for name in itertools.takewhile(lambda name: name != layer, found)]
    return max(1, BYTES // (8 * max([*sizes, math.prod(found[layer][1])])))


def _peaks(net: Layer, batches: Iterator[np.ndarray], layer: str) -> tuple[np.ndarray, np.ndarray, int]:
    """The strongest answer of each map to each image, and its place, both (N, K); the maps' width."""
    response, place = [], []
    for batch in batches:
        out = next(out for name, out in forward(net, batch) if name == layer)
        flat = out.reshape(*out.shape[:2], -1)
        response.append(flat.max(axis=2))
        place.append(flat.argmax(axis=2))
    return np.concatenate(response), np.concatenate(place), out.shape[3] if out.ndim == 4 else 1


def cut(x: np.ndarray, fields: Fields, top: np.ndarray, left: np.ndarray) -> np.ndarray:
    """From each sample of (N, C, H, W) the window that begins at ``top`` and ``left``, with zeros around the image."""
    sides, size = x.shape[2:], tuple(field.size for field in fields)
    starts = top, left
    margin = [
        (max(0, -start.min()), max(0, start.max() + length - side))
        for start, length, side in zip(starts, size, sides, strict=True)
    ]
    padded = np.pad(x, [(0, 0), (0, 0), *margin])
    top, left = (start + before for start, (before, _) in zip(starts, margin, strict=True))
    return sliding_window_view(padded, size, axis=(2, 3))[np.arange(len(x)), :, top, left]
