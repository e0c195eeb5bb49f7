"""What the tests of experiments share."""

from functools import partial

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lecture_lib.experiments import (
    Run,
)
from lecture_lib.models import mlp
from lecture_lib.training import Record

rng = np.random.default_rng(0)
X = rng.normal(size=(50, 6)).astype(np.float32)
LABELS = np.arange(50) % 4
DATA = X, LABELS
NETS = {name: partial(mlp, [6, 8, 4], name) for name in ("relu", "tanh")}


def net(seed=0):
    return mlp([6, 8, 4]).init(seed)


def values(model):
    return {name: array.value.copy() for name, array in model.state().items()}


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def without_time(records):
    return [record._replace(seconds=0) for record in records]


def with_records(losses, accuracies=None, steps_per_epoch=10):
    """A run to whose records somebody else has given numbers."""
    run = Run("given", net(), DATA, batch_size=50 // steps_per_epoch)
    accuracies = accuracies or [0.0] * len(losses)
    run.records = [Record(i, 0, 1, *pair, 0.1, 0.0) for i, pair in enumerate(zip(losses, accuracies, strict=True), 1)]
    return run


# Two weights

POSITIVE = arrays(np.float64, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(0.01, 3))
PLACES = arrays(np.float64, 2, elements=st.floats(-5, 5))


# What is refused

POINT = np.ones((1, 2))
