"""What naming a photo costs: seconds beside the bare matrix products with as many multiply-adds, and memory beside the weights."""

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np

from lecture_lib import data
from lecture_lib.models import PHOTO_NET_INPUT, efficientnet_lite0, trained_photo_net

from . import engine
from .learning import Row
from .turns import duel, players

Functions = dict[str, Callable[[], object]]


def _photo() -> np.ndarray:
    return data.photo_as_input(data.load_photo("chelsea"))


def ours(_) -> Functions:
    """The network that names photos, one photo."""
    net, x = trained_photo_net()[0], _photo()
    return {"forward": lambda: net.forward(x)}


def product(_) -> Functions:
    """Its convolutions as bare matrix products, one after the other, their operands laid out already."""
    each = [
        engine.product(task)["forward"] for task in engine.tasks_of("photo", efficientnet_lite0(), PHOTO_NET_INPUT, 1)
    ]
    return {"forward": lambda: [run() for run in each]}


def measure() -> Iterator[Row]:
    """Rows to print, as those of :mod:`benchmarks.learning`."""
    with players(ours, product) as pipes:
        mine, bare = duel(pipes, "photo", "forward", seconds=1)
    yield "EfficientNet-Lite0 forward, one photo", "s", mine, 0.2, "at most"
    yield "  as a multiple of its bare matrix products, in turns", "×", mine / bare, 3, "at most"
    yield "  memory beside its weights, most at a time (tracemalloc)", "MB", peak() / 1e6, 100, "at most"


def peak() -> int:
    """Bytes that are in use at most while a photo is named, beside what was there before."""
    net, x = trained_photo_net()[0], _photo()
    tracemalloc.start()
    try:
        net.forward(x)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
