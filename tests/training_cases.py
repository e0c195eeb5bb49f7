"""What the tests of training share."""

from functools import partial

import numpy as np
import pytest

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    Activation,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Parameter,
)
from lecture_lib.models import Sequential, lenet5
from lecture_lib.training import (
    fit,
)

BOTH = pytest.mark.parametrize("optimiser", ["adam", "sgd"])
N = 50
_rng = np.random.default_rng(0)
X = _rng.standard_normal((N, 1, 6, 6)).astype(np.float32)
LABELS = (X[:, 0, :3].sum(axis=(1, 2)) > X[:, 0, 3:].sum(axis=(1, 2))).astype(int) + 2 * (X[:, 0, 0, 0] > 0.5)
DATA = X, LABELS


def small(seed=0, dtype=np.float32):
    """A net with everything that leaves something behind: running averages, chance, weights."""
    return Sequential({
        "conv": Conv2d(1, 3, 3, padding=1), "norm": BatchNorm2d(3), "relu": Activation("relu"), "pool": MaxPool2d(2),
        "flatten": Flatten(), "drop": Dropout(0.2), "out": Linear(27, 4),
    }).init(seed, dtype)  # fmt: skip


def values(model):
    return {name: parameter.value.copy() for name, parameter in model.state().items()}


def same(a, b):
    """Bit for bit."""
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def trained(seed=0, steps=None, model=None, **settings):
    """The weights after all steps, or after ``steps`` and then no further."""
    model = model or small()
    for record in fit(model, DATA, seed=seed, **{"epochs": 2, "batch_size": 16, **settings}):
        if record.step == steps:
            break
    return values(model)


def parameter(value, grad, **options):
    made = Parameter(np.shape(value), **options)
    made.value, made.grad = np.array(value, float), np.array(grad, float)
    return made


def batches(steps, batch_size=16, seed=0):
    """The samples of each step, by a model that remembers what it is given."""
    seen = []

    def note(batch, rng):
        if rng is not None:
            seen.append(batch[:, 0, 0, 0].copy())
        return batch

    trained(seed, steps, batch_size=batch_size, prepare=note, epochs=4)
    return seen


# fit: what it refuses, at once


def assert_at_once(error, words, data=DATA, model=None, **settings):
    """The call itself raises, before anything is asked of it, and the model stays as it was."""
    model = model or small()
    before = values(model)
    with pytest.raises(error) as caught:
        fit(model, data, **settings)
    assert words in str(caught.value)
    assert same(values(model), before)


class Interrupting(Layer):
    """Stops the third pass: the notebook's stop button may hit anywhere."""

    def __init__(self, where):
        self.where, self.passes = where, 0

    def forward(self, x, training=False):
        self.passes += 1
        if self.passes == 3 and self.where == "forward":
            raise KeyboardInterrupt
        return x

    def backward(self, grad, input_grad=True):
        if self.passes == 3 and self.where == "backward":
            raise KeyboardInterrupt
        return grad


def with_huge_rate(variant, optimiser, lr):
    """A LeNet and its training on 60 digits, three steps an epoch."""
    images, labels = load_digits("train")
    model, prepare = lenet5(variant).init(0), partial(digits_as_input, side=28 if variant == "modern" else 32)
    how = {"epochs": 5, "batch_size": 20, "optimiser": optimiser, "lr": lr, "prepare": prepare}
    return model, fit(model, (images[:60], labels[:60]), **how)


class Fixed(Layer):
    """Gives what it gets: the samples are the logits."""

    def forward(self, x, training=False):
        return x
