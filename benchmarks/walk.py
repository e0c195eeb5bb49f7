"""What the network walk asks Python for: an answer, the accuracy after a change, the smallest moves."""

import time
from collections.abc import Callable, Iterator
from itertools import count, cycle

import numpy as np

from lecture_lib.chapters.lenet_alexnet.walk.breaking import smallest_moves
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.chapters.lenet_alexnet.walk.what_if import Accuracy, changed
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.models import trained_lenet5
from lecture_lib.probes import responses

from .latency import Latency

DIGITS = 1000


def measure() -> Iterator[Latency]:
    """The trained LeNet-5 and official test digits."""
    net, (images, labels) = trained_lenet5()[0], load_digits("test")
    found, pixels = stages(net), digits_as_input(images[:1])
    yield _timed("one digit: what every layer answers", 40, lambda: responses(net, pixels), 50)
    value = count()
    change = {"what": "bias", "map": 0}
    yield _timed(
        "a change, and one digit's answer after it", 40,
        lambda: changed(net, [change | {"layer": "C1", "to": next(value) / 100}]).forward(pixels), 50,
    )  # fmt: skip
    accuracy = Accuracy(net, images[:DIGITS], labels[:DIGITS])
    for layer in (stage.name for stage in found if stage.layer.state()):
        yield _timed(
            f"accuracy on {DIGITS:,} digits, {layer} changed", 1000,
            lambda layer=layer: accuracy([change | {"layer": layer, "to": next(value) / 100}]), 9,
        )  # fmt: skip
    digits = cycle(images[:20])
    yield _timed("the smallest move of each slider that breaks it", 1000, lambda: smallest_moves(net, next(digits)), 20)


def _timed(what: str, bound: int, act: Callable[[], object], times: int) -> Latency:
    act()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append(1e3 * (time.perf_counter() - start))
    return Latency(what, *np.percentile(found, [50, 95]), bound)
