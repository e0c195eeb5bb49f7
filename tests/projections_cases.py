"""What the tests of occlusion and of the way back to the pixels share."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.projections import (
    RULES,
)
from lecture_lib.layers import Activation, Conv2d, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.ops import conv2d_loops

rng = np.random.default_rng(0)
X = rng.normal(size=(4, 2, 9, 9))
every_rule = pytest.mark.parametrize("rule", RULES)


def by_hand():
    """A convolution of 2x2 without bias, ReLU, max pooling of 2x2."""
    net = Sequential({"conv": Conv2d(1, 1, 2), "relu": Activation("relu"), "pool": MaxPool2d(2)}).init(0, np.float64)
    net["conv"].weight.value[:] = [[1, -1], [2, 0]]
    return net


TINY = np.array([[0.0, 2, 1, 0, 0], [1, 0, 0, 3, 0], [0, 0, 1, 1, 0], [2, 0, 0, 1, 0], [0, 1, 0, 0, 1]])[None, None]


# Against the definition, one number at a time


def deconvnet_loops(weights, biases, x, channel):
    """Convolutions without padding, each with ReLU and 2x2 max pooling: the definition for one sample (C, H, W)."""
    switches, shapes, maps = [], [], x
    for weight, bias in zip(weights, biases, strict=True):
        maps = np.maximum(0, conv2d_loops(maps[None], weight, bias)[0])
        k, h, w = maps.shape
        pooled, chosen = np.zeros((k, h // 2, w // 2)), {}
        for c, i, j in np.ndindex(pooled.shape):
            window = [(2 * i + a, 2 * j + b) for a in (0, 1) for b in (0, 1)]
            chosen[c, i, j] = max(window, key=lambda place, c=c: maps[c][place])
            pooled[c, i, j] = maps[c][chosen[c, i, j]]
        switches.append(chosen)
        shapes.append(maps.shape)
        maps = pooled
    signal = np.zeros_like(maps)
    best = max(np.ndindex(maps[channel].shape), key=lambda place: maps[channel][place])
    signal[channel][best] = maps[channel][best]
    for weight, chosen, shape in zip(weights[::-1], switches[::-1], shapes[::-1], strict=True):
        unpooled = np.zeros(shape)
        for (c, i, j), place in chosen.items():
            unpooled[c][place] = signal[c, i, j]
        rectified = np.maximum(0, unpooled)
        k, h, w = shape
        _, below, f_h, f_w = weight.shape
        signal = np.zeros((below, h + f_h - 1, w + f_w - 1))
        for c, i, j in np.ndindex(shape):
            signal[:, i : i + f_h, j : j + f_w] += rectified[c, i, j] * weight[c]
    return signal
