"""How well and how fast LeNet-5 learns, and what AlexNet costs."""

import os
import time
from collections.abc import Iterator
from functools import partial
from statistics import median

import numpy as np

from lecture_lib import data
from lecture_lib.chapters.lenet_alexnet import film, trainings
from lecture_lib.models import ALEXNET_INPUT, alexnet, lenet5, summary
from lecture_lib.training import evaluate, fit
from tools.train_digits import RECIPE

Row = tuple[str, str, float, float, str]
"""What, unit, value, bound, and whether the value must be at most or at least the bound."""


def measure() -> Iterator[Row]:
    """Rows to print; the whole database only if the variable MNIST says where it is."""
    yield from _trained("20,000 shipped digits", data.load_digits("train"), data.load_digits("test"), 4, 15, 98.5)
    if path := os.environ.get("MNIST"):
        whole = data.load_mnist(path)
        train, test = (whole.train_images, whole.train_labels), (whole.test_images, whole.test_labels)
        yield from _trained("60,000 digits", train, test, 6, 60, 99.2)
    yield from _filmed()
    yield from _alexnet()


def _filmed() -> Iterator[Row]:
    """The training of notebook 06, with the pictures of its film."""
    test, lesson = data.load_digits("test"), trainings.lenet_training()
    picture = film(lesson, data.digits_as_input(test[0][:1])[0, 0])
    start = time.perf_counter()
    picture.press("train")
    took = time.perf_counter() - start
    yield "LeNet-5 live, as in notebook 06, its film included", "s", took, 15, "at most"
    score = evaluate(lesson.runs[0].net, test, prepare=data.digits_as_input)
    yield "  right of the 10,000 official test digits", "%", 100 * score.accuracy, 98.5, "at least"


def _trained(what, train, test, epochs, seconds, accuracy) -> Iterator[Row]:
    net = lenet5().init(0)
    prepare = partial(data.digits_as_input, shift=1)
    start = time.perf_counter()
    for _ in fit(net, train, epochs=epochs, prepare=prepare, seed=0, **RECIPE):
        pass
    took = time.perf_counter() - start
    score = evaluate(net, test, prepare=data.digits_as_input)
    yield f"LeNet-5 on {what}, {epochs} epochs", "s", took, seconds, "at most"
    yield "  right of the 10,000 official test digits", "%", 100 * score.accuracy, accuracy, "at least"


def _alexnet() -> Iterator[Row]:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        summary(alexnet(), ALEXNET_INPUT["two_towers"])
        times.append(time.perf_counter() - start)
    yield "AlexNet's table, no weights made", "ms", 1e3 * median(times), 10, "at most"
    net = alexnet().init(0)
    x = np.random.default_rng(0).random((1, *ALEXNET_INPUT["two_towers"]), np.float32)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        net.forward(x)
        times.append(time.perf_counter() - start)
    yield "AlexNet forward, one picture of 227x227x3", "s", median(times), 0.5, "at most"
