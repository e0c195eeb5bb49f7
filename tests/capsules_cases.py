"""What the tests of capsules share."""

import math

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lecture_lib.chapters.equivariance.capsule_net import (
    CapsuleNet,
    DigitCaps,
    PrimaryCaps,
)

VECTORS = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6))
VOTES = arrays(np.float64, array_shapes(min_dims=3, max_dims=4, max_side=4), elements=st.floats(-5, 5))
BOTH_DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def some(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def lengths(vectors):
    return np.linalg.norm(vectors, axis=-1)


# Routing


def route_loops(u_hat, iterations):
    """Procedure 1 of the paper, one number at a time; couplings and capsules of every iteration."""
    count, above, size = len(u_hat), len(u_hat[0]), len(u_hat[0][0])
    b = [[0.0] * above for _ in range(count)]
    found = []
    for _ in range(iterations):
        c = [[math.exp(b[i][j]) / sum(math.exp(b[i][k]) for k in range(above)) for j in range(above)] for i in range(count)]  # fmt: skip
        s = [[sum(c[i][j] * u_hat[i][j][d] for i in range(count)) for d in range(size)] for j in range(above)]
        v = []
        for each in s:
            square = sum(number**2 for number in each)
            v.append([square / (1 + square) * number / math.sqrt(square) for number in each])
        for i in range(count):
            for j in range(above):
                b[i][j] += sum(u_hat[i][j][d] * v[j][d] for d in range(size))
        found.append((c, s, v, [list(row) for row in b]))
    return found


# Layers

LAYERS = [
    (lambda: PrimaryCaps(2, 2, 3, 2), (2, 3, 4)),
    (lambda: PrimaryCaps(1, 3, 2, (2, 3), stride=2, padding=1), (1, 4, 4)),
    (lambda: DigitCaps(4, 3, 2, 5), (4, 3)),
    (lambda: DigitCaps(12, 2, 3, 4, iterations=2), (2, 2, 3, 2)),
]
EVERY = pytest.mark.parametrize(("make", "shape"), LAYERS, ids=[repr(make()) for make, _ in LAYERS])


def ready(make, dtype=np.float64):
    layer = make().init(np.random.default_rng(1), dtype)
    for parameter in layer.state().values():
        parameter.value += some(*parameter.shape, seed=2).astype(dtype) / 4
    return layer


def result(layer, shape):
    """Its weights, and what it makes of a batch; of a net, the loss, too."""
    layer.init(np.random.default_rng(0))
    out = layer.forward(some(2, *shape).astype(np.float32))
    loss = [np.array(layer.loss(out, [0, 1])[0])] if isinstance(layer, CapsuleNet) else []
    return [*(parameter.value for parameter in layer.state().values()), out, *loss]


# The network


def tiny(seed=0, dtype=np.float64):
    return CapsuleNet(2, 1, 3, (4, 5), classes=3, side=19).init(seed, dtype)
