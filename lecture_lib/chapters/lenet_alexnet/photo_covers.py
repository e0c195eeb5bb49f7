"""What the network for photos still says of a photo while a grey square lies on it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ...data import load_photo, photo_as_input
from ...data.photo_input import PHOTO_DEVIATION, PHOTO_MEAN
from ...experiments import Computed
from ...models import PHOTO_NET_INPUT, Sequential, trained_photo_net
from ...ops.arrays import one_thread
from ...probes import chances
from .occlusions import covered_answers

COVERED = ("astronaut", "palace", "camera", "rocket")
"""Shipped photos of which one part decides the answer."""
SIDE = PHOTO_NET_INPUT[-1]
SIZE, STRIDE = 64, 16  # of the square, in pixels of the 224 that the network gets; from one place to the next
PLACES = -(-SIDE // STRIDE)
KINDS = 3  # kinds that are followed
GREY = 128  # of the square; the network takes grey for about 0


class Cover(NamedTuple):
    """What is known of one photo: R × S places of the square, the ``KINDS`` kinds that were most likely without it."""

    kinds: np.ndarray
    """Their numbers, most likely first, (KINDS,)."""
    before: np.ndarray
    """Their probabilities without a square, (KINDS,)."""
    covered: np.ndarray
    """And with it, (R, S, KINDS); NaN where nothing was computed yet."""
    top: np.ndarray
    """Which kind is then the most likely, (R, S); −1 where nothing was computed yet."""
    most: np.ndarray
    """And how likely, (R, S)."""


def uncovered(net: Sequential, photo: np.ndarray) -> Cover:
    """What the network says before anything is covered."""
    with one_thread():
        answer = chances(net.forward(photo_as_input(photo)))[0]
    net.forget()
    kinds, shape = np.argsort(-answer, kind="stable")[:KINDS], (PLACES, PLACES)
    return Cover(
        kinds, answer[kinds], np.full((*shape, KINDS), np.nan, np.float32), np.full(shape, -1), np.full(shape, np.nan)
    )


def cover_steps(net: Sequential, photo: np.ndarray, cover: Cover) -> Iterator[float]:
    """Fill ``cover`` place by place; yields which share of them is done."""
    x, done = photo_as_input(photo)[0], 0
    for answers in covered_answers(net, x, SIZE, STRIDE, (GREY - PHOTO_MEAN) / PHOTO_DEVIATION):
        for answer in answers:
            row, col = divmod(done, PLACES)
            cover.covered[row, col], cover.top[row, col] = answer[cover.kinds], answer.argmax()
            cover.most[row, col] = answer.max()
            done += 1
        yield done / PLACES**2


def cover_photos() -> dict[str, np.ndarray]:
    """What is recorded: of each shipped photo; takes minutes."""
    net, found = trained_photo_net()[0], []
    for name in COVERED:
        photo = load_photo(name)
        found.append(uncovered(net, photo))
        for _ in cover_steps(net, photo, found[-1]):
            pass
    return {name: np.stack([getattr(each, name) for each in found]).astype(np.float32) for name in Cover._fields}


_EACH = (len(COVERED), PLACES, PLACES)
PHOTO_COVERS = Computed(
    "lenet_alexnet_photo_covers", cover_photos,
    {"kinds": (len(COVERED), KINDS), "before": (len(COVERED), KINDS), "covered": (*_EACH, KINDS), "top": _EACH, "most": _EACH},
)  # fmt: skip
"""``make recordings ONLY=photo_covers``."""


def recorded_covers() -> list[Cover]:
    """Of each of :data:`COVERED`."""
    arrays = PHOTO_COVERS.arrays()
    return [
        Cover(
            *(arrays[name][at].astype(int) if name in ("kinds", "top") else arrays[name][at] for name in Cover._fields)
        )
        for at in range(len(COVERED))
    ]
