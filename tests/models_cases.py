"""What the tests of models share."""

import inspect
import math

import numpy as np
import pytest

from lecture_lib import layers as layers_module
from lecture_lib.chapters.convolution.blocks import inception, inception_branch, nin_block
from lecture_lib.layers import (
    Activation,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
)
from lecture_lib.models import (
    ALEXNET_INPUT,
    Sequential,
    alexnet,
    lenet5,
    mlp,
    small_cnn,
)

VARIANTS = pytest.mark.parametrize("variant", ALEXNET_INPUT)
NETS = {
    "lenet5 1998": (lambda: lenet5("1998"), (1, 32, 32)),
    "lenet5 modern": (lenet5, (1, 28, 28)),
    **{f"alexnet {variant}": (lambda v=variant: alexnet(v), shape) for variant, shape in ALEXNET_INPUT.items()},
    "nin_block": (lambda: nin_block(3, 8, 5, stride=2, padding=1), (3, 20, 20)),
    "inception": (lambda: inception(192, 64, 96, 128, 16, 32, 32), (192, 28, 28)),
    "mlp": (lambda: mlp([784, 100, 10]), (1, 28, 28)),
    "small_cnn": (small_cnn, (1, 28, 28)),
}
EVERY_NET = pytest.mark.parametrize(("make", "shape"), NETS.values(), ids=NETS)
SMALL = {name: case for name, case in NETS.items() if math.prod(case[1]) < 10_000}
SMALL_NETS = pytest.mark.parametrize(("make", "shape"), SMALL.values(), ids=SMALL)


def column(table, field, names=None):
    """One column of a summary, of the named layers, or of those with weights."""
    return [getattr(row, field) for row in table.rows if (row.layer in names if names else row.parameters)]


SEEING = ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]


TORCHVISION = {
    "features.0.weight": (64, 3, 11, 11), "features.0.bias": (64,),
    "features.3.weight": (192, 64, 5, 5), "features.3.bias": (192,),
    "features.6.weight": (384, 192, 3, 3), "features.6.bias": (384,),
    "features.8.weight": (256, 384, 3, 3), "features.8.bias": (256,),
    "features.10.weight": (256, 256, 3, 3), "features.10.bias": (256,),
    "classifier.1.weight": (4096, 9216), "classifier.1.bias": (4096,),
    "classifier.4.weight": (4096, 4096), "classifier.4.bias": (4096,),
    "classifier.6.weight": (1000, 4096), "classifier.6.bias": (1000,),
}  # fmt: skip


# GoogLeNet and NiN, as published

# Szegedy et al. 2014, table 1: input, #1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj, output.
GOOGLENET = {
    "3a": (28, 192, 64, 96, 128, 16, 32, 32, 256), "3b": (28, 256, 128, 128, 192, 32, 96, 64, 480),
    "4a": (14, 480, 192, 96, 208, 16, 48, 64, 512), "4b": (14, 512, 160, 112, 224, 24, 64, 64, 512),
    "4c": (14, 512, 128, 128, 256, 24, 64, 64, 512), "4d": (14, 512, 112, 144, 288, 32, 64, 64, 528),
    "4e": (14, 528, 256, 160, 320, 32, 128, 128, 832), "5a": (7, 832, 256, 160, 320, 32, 128, 128, 832),
    "5b": (7, 832, 384, 192, 384, 48, 128, 128, 1024),
}  # fmt: skip


class Recorder(Layer):
    """Writes down what is asked of it."""

    def __init__(self, name, log, learns=False):
        self.name, self.log = name, log
        self.weight = layers_module.Parameter((1,)) if learns else None

    def state(self):
        return {"weight": self.weight} if self.weight else {}

    def forward(self, x, training=False):
        self.log.append(("forward", self.name, training))
        return x

    def backward(self, grad, input_grad=True):
        self.log.append(("backward", self.name, input_grad))
        return grad if input_grad else None


def recorded(learning, **how):
    log = []
    net = Sequential({name: Recorder(name, log, name in learning) for name in "abcd"})
    net.forward(np.ones((1, 1)), training=True)
    assert log == [("forward", name, True) for name in "abcd"]
    log.clear()
    return net.backward(np.ones((1, 1)), **how), log


CHANGES = {
    small_cnn: ({"channels": (4, 4), "side": 8}, {"channels": (4,), "classes": 3, "pooling": "average",
                "activation": "tanh", "global_pooling": True, "side": 12, "in_channels": 2}),
    mlp: ({"sizes": [4, 3, 2]}, {"sizes": [4, 2], "activation": "tanh", "gain": 1.0}),
    nin_block: ({"in_channels": 2, "out_channels": 3, "kernel_size": 3},
                {"in_channels": 3, "out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1}),
    inception_branch: ({"in_channels": 2, "reduced": 2, "out_channels": 3, "kernel_size": 3},
                       {"in_channels": 3, "reduced": None, "out_channels": 4, "kernel_size": 5}),
    inception: (dict.fromkeys(inspect.signature(inception).parameters, 2),
                dict.fromkeys(inspect.signature(inception).parameters, 3)),
    lenet5: ({}, {"variant": "1998"}),
    alexnet: ({}, {"variant": "one_tower"}),
}  # fmt: skip


def look(net):
    """What a net is, told by its layers and its first weights."""
    shapes = [parameter.shape for parameter in net.state().values()]
    if sum(parameter.size for parameter in net.parameters().values()) < 100_000:
        net.init(0)
    firsts = [parameter.value is not None and parameter.value.ravel()[0] for parameter in net.state().values()]

    def names(layer):
        inside = getattr(layer, "layers", {})
        return [(key, repr(each), names(each)) for key, each in inside.items()]

    return names(net), shapes, firsts


# Weight files


def small_net():
    """Nested as torchvision's AlexNet, and with running averages."""
    return Sequential({
        "features": Sequential([Conv2d(2, 4, 3), BatchNorm2d(4), Activation("relu"), MaxPool2d(2)]),
        "flatten": Flatten(), "classifier": Sequential([Dropout(0.5), Linear(16, 3)]),
    })  # fmt: skip


X = np.random.default_rng(0).random((3, 2, 6, 6), np.float32)


def small_arrays(dtype=np.float32):
    numbers = np.random.default_rng(5)
    return {name: (0.5 + numbers.random(each.shape)).astype(dtype) for name, each in small_net().state().items()}


def foreign(arrays):
    """What may be wrong with a file: its arrays, and what the error says."""
    first = "features.0.weight"
    return {
        "another net": ({"a": np.ones(2, np.float32)}, "missing: 'features.0.weight'"),
        "one too few": ({k: v for k, v in arrays.items() if k != first}, "missing: 'features.0.weight'"),
        "one too many": (arrays | {"head.weight": np.ones(1, np.float32)}, "not needed: 'head.weight'"),
        "a wrong shape": (arrays | {"classifier.1.bias": np.ones(4, np.float32)}, "must be (3,)"),
        "turned over": (arrays | {"classifier.1.weight": arrays["classifier.1.weight"].T.copy()}, "must be (3, 16)"),
        "integers": (arrays | {"classifier.1.bias": np.ones(3, np.int64)}, "dtype"),
        "NaN": (arrays | {"classifier.1.bias": np.full(3, np.nan, np.float32)}, "NaN or infinity"),
    }


def torch_lenet(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    ).double()  # fmt: skip
