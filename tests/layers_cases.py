"""What the tests of layers share."""

import importlib
import inspect
import math
import pkgutil

import numpy as np
import pytest

from lecture_lib import layers, models
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.layers import (
    RBF,
    Activation,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    LocalResponseNorm,
    Maxout,
    MaxPool2d,
    PartialConv2d,
    PReLU,
    ReLU6,
    ScaledTanh,
    Subsampling,
    ZeroPad2d,
)
from lecture_lib.models import Concat, Residual, Sequential

TABLE = [(0, 1), (2,), (0, 1, 2)]
CODES = np.array([[1.0, -1, 1], [-1, -1, 0.5]])

CASES = [
    (lambda: Conv2d(2, 3, 3), (2, 5, 5)),
    (lambda: Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2), (2, 5, 4)),
    (lambda: PartialConv2d(3, TABLE, 3), (3, 4, 5)),
    (lambda: PartialConv2d(3, TABLE, (2, 3), stride=(2, 1), padding=1, dilation=(1, 2)), (3, 4, 5)),
    (lambda: MaxPool2d(2), (2, 4, 5)),
    (lambda: MaxPool2d(3, 2, 1), (2, 5, 4)),
    (lambda: AvgPool2d(2), (2, 4, 5)),
    (lambda: AvgPool2d((3, 2), 1, (1, 0)), (2, 5, 4)),
    (lambda: Subsampling(2), (2, 4, 5)),
    (lambda: Subsampling(2, (2, 3)), (2, 4, 6)),
    (lambda: GlobalAvgPool2d(), (3, 2, 4)),
    (lambda: Flatten(), (2, 3, 2)),
    (lambda: Flatten(), (6,)),
    (lambda: Linear(5, 4), (5,)),
    *[(lambda name=name: Activation(name), (2, 3, 2)) for name in ACTIVATIONS],
    (lambda: Activation("leaky_relu", 0.3), (4,)),
    (lambda: PReLU(), (2, 3, 2)),
    (lambda: PReLU(3), (3, 2, 2)),
    (lambda: PReLU(3, 1.5), (3,)),
    (lambda: Maxout(2), (4, 2, 3)),
    (lambda: Maxout(3), (6,)),
    (lambda: ScaledTanh(), (2, 3, 2)),
    (lambda: ReLU6(), (2, 3, 2)),
    (lambda: ZeroPad2d((0, 1, 2, 3)), (2, 3, 2)),
    (lambda: ZeroPad2d(1), (2, 3, 2)),
    (lambda: Residual([Conv2d(2, 4, 3, padding=1), ReLU6(), Conv2d(4, 2, 1)]), (2, 3, 4)),
    (lambda: LocalResponseNorm(), (6, 2, 2)),
    (lambda: LocalResponseNorm(2, 0.5, 1.25, 2.0), (4, 2, 2)),
    (lambda: BatchNorm2d(3), (3, 2, 2)),
    (lambda: BatchNorm2d(2, 0.5, 0.7), (2, 3, 2)),
    (lambda: Dropout(0.4), (3, 2, 2)),
    (lambda: RBF(CODES), (3,)),
    (lambda: Sequential([Conv2d(2, 4, 3), BatchNorm2d(4), PReLU(4), Maxout(2), Flatten(), Linear(8, 3)]), (2, 4, 4)),
    (lambda: Concat({"one": Conv2d(2, 1, 1), "pool": MaxPool2d(3, 1, 1), "wide": Subsampling(2, 1)}), (2, 3, 3)),
]  # fmt: skip
NAMES = [f"{make()!r} on {'x'.join(map(str, shape))}" for make, shape in CASES]
EVERY = pytest.mark.parametrize(("make", "shape"), CASES, ids=NAMES)
BOTH_MODES = pytest.mark.parametrize("training", [False, True], ids=["afterwards", "in training"])
WITH_STATE = pytest.mark.parametrize("make", [make for make, _ in CASES if make().state()])
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def spread(shape, seed=0):
    """A batch of three without equal numbers or zeros: no step of a central difference crosses a kink."""
    values = np.linspace(-1.5, 1.7, 3 * math.prod(shape))
    return np.random.default_rng(seed).permutation(values).reshape(3, *shape)


def ready(make, dtype=np.float64):
    """The layer with weights, running averages that say something, and nothing left to chance."""
    layer = make().init(np.random.default_rng(1), dtype)
    for number, parameter in enumerate(layer.state().values()):
        parameter.value += np.random.default_rng(number).uniform(0.1, 0.6, parameter.shape).astype(dtype)
    return layer


def run(layer, x, training):
    """``forward``, with the same chance each time."""
    if isinstance(layer, Dropout):
        layer.rng = np.random.default_rng(7)
    return layer.forward(x, training)


def gradients(layer):
    return {name: parameter.grad for name, parameter in layer.parameters().items()}


def public_layers():
    """The layers that these packages define, wherever in them; those of groups have a file of their own."""
    for package in (layers, models):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for name, each in vars(importlib.import_module(found.name)).items():
                if inspect.isclass(each) and issubclass(each, Layer) and each.__module__ == found.name:
                    whole = hasattr(package, name) or not each.__subclasses__()  # not what others are made of
                    if whole and not name.startswith("_") and each is not Layer:
                        yield each


# Settings: none is accepted and ignored

SETTINGS = [
    (Conv2d, {"in_channels": 4, "out_channels": 6, "kernel_size": 3}, (4, 7, 7),
     {"in_channels": (2, (2, 7, 7)), "out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1, "dilation": 2,
      "groups": 2, "gain": 1.0}),
    (PartialConv2d, {"in_channels": 3, "table": TABLE, "kernel_size": 3}, (3, 7, 7),
     {"in_channels": (4, (4, 7, 7)), "table": [(0, 1), (1,), (0, 1, 2)], "kernel_size": 2, "stride": 2, "padding": 1,
      "dilation": 2, "gain": 1.0}),
    (MaxPool2d, {"kernel_size": 2}, (2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1}),
    (AvgPool2d, {"kernel_size": 2}, (2, 6, 6), {"kernel_size": 3, "stride": 1, "padding": 1}),
    (Subsampling, {"channels": 2}, (2, 6, 6), {"channels": (3, (3, 6, 6)), "kernel_size": 3}),
    (Linear, {"in_features": 4, "out_features": 3}, (4,),
     {"in_features": (5, (5,)), "out_features": 2, "gain": 1.0}),
    (Activation, {"name": "leaky_relu"}, (4,), {"name": "tanh", "parameter": 0.5}),
    (PReLU, {}, (3, 2, 2), {"channels": 3, "start": 0.5}),
    (Maxout, {}, (6,), {"pieces": 3}),
    (LocalResponseNorm, {}, (6, 2, 2), {"size": 3, "alpha": 0.5, "beta": 0.5, "k": 2.0}),
    (BatchNorm2d, {"num_features": 2}, (2, 3, 3), {"num_features": (3, (3, 3, 3)), "eps": 0.5, "momentum": 0.5}),
    (Dropout, {}, (3, 2, 2), {"p": 0.2}),
    (RBF, {"codes": CODES}, (3,), {"codes": 2 * CODES}),
    (GlobalAvgPool2d, {}, (2, 3, 3), {}),
    (Flatten, {}, (2, 3, 3), {}),
    (ScaledTanh, {}, (4,), {}),
    (ReLU6, {}, (4,), {}),
    (ZeroPad2d, {"padding": 1}, (2, 3, 3), {"padding": [1, 2, 0, 1]}),
    (Residual, {"layers": [ScaledTanh()]}, (4,), {"layers": [ScaledTanh(), ScaledTanh()]}),
    (Sequential, {"layers": [ScaledTanh()]}, (4,), {"layers": [ScaledTanh(), ScaledTanh()]}),
    (Concat, {"layers": [ScaledTanh()]}, (4,), {"layers": [ScaledTanh(), ScaledTanh()]}),
]  # fmt: skip


def result(layer, shape):
    """All that can be seen of a layer from outside: its arrays, and what it makes in training and afterwards."""
    layer.init(np.random.default_rng(0))
    x = spread(shape).astype(np.float32)
    outs = [layer.forward(x, True), layer.forward(x)]
    return [*(parameter.value for parameter in layer.state().values()), *outs]


# Shapes that are refused

WRONG = [
    (Conv2d(3, 2, 3), (4, 8, 8), "(3, H, W)"),
    (Conv2d(3, 2, 3), (8, 8), "(3, H, W)"),
    (PartialConv2d(3, TABLE, 3), (2, 8, 8), "(3, H, W)"),
    (MaxPool2d(2), (8,), "(C, H, W)"),
    (AvgPool2d(2), (8,), "(C, H, W)"),
    (Subsampling(3), (4, 8, 8), "(3, H, W)"),
    (Subsampling(1), (4, 8, 8), "(1, H, W)"),
    (GlobalAvgPool2d(), (8,), "(C, H, W)"),
    (Linear(4, 2), (5,), "(4,)"),
    (Linear(4, 2), (1, 2, 2), "put a Flatten before it"),
    (PReLU(3), (4, 2, 2), "3 channels, not 4"),
    (Maxout(2), (3, 2, 2), "multiple of 2 channels, not 3"),
    (LocalResponseNorm(), (8,), "(C, H, W)"),
    (BatchNorm2d(3), (4, 2, 2), "(3, H, W)"),
    (BatchNorm2d(3), (3,), "(3, H, W)"),
    (ZeroPad2d(1), (8,), "(C, H, W)"),
    (Residual([Conv2d(2, 3, 1)]), (2, 4, 4), "must keep the shape"),
    (RBF(CODES), (4,), "(3,)"),
    (RBF(CODES[:, :1]), (4,), "(1,)"),
]


EVERY_LAYER = [each for each in vars(layers).values() if isinstance(each, type) and issubclass(each, layers.Layer)]
