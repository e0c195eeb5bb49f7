"""What the tests of groups share."""

import inspect

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib import groups
from lecture_lib.groups import GROUPS, GroupPool, P4Conv, P4Lift, P4MConv, P4MLift, transform_image, transform_maps
from lecture_lib.layers import Layer
from tests import test_layers

CONVOLUTIONS = [P4Lift, P4Conv, P4MLift, P4MConv]
EVERY_CONVOLUTION = pytest.mark.parametrize("kind", CONVOLUTIONS)
EVERY_GROUP = pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
rng = np.random.default_rng(0)


def move(element, z):
    """Where an element takes a point of the plane, as a complex number: mirrored left and right, then turned."""
    k, mirrored = element % 4, element >= 4
    return 1j**k * (-np.conj(z) if mirrored else z)


def product(g, h, group):
    """Which element does h, then g: the one that takes a point without symmetry to the same place."""
    at = move(g, move(h, 1 + 2j))
    return next(each for each in range(group.order) if move(each, 1 + 2j) == at)


def inverse(g, group):
    return next(each for each in range(group.order) if product(each, g, group) == 0)


def points(h, w):
    """Each pixel (i, j) with its place in the plane, as seen from the centre."""
    return {(i, j): (j - (w - 1) / 2) + 1j * ((h - 1) / 2 - i) for i, j in np.ndindex(h, w)}


def pixel(z, h, w):
    """The pixel at a place of the plane."""
    return round((h - 1) / 2 - z.imag), round(z.real + (w - 1) / 2)


# Actions

sides = st.integers(1, 5)


# Layers by the paper's sums


def by_the_paper(layer, x):
    """Equations 10 and 11 of Cohen & Welling 2016 at stride 1 without padding, one product at a time."""
    group, order, side = layer.group, layer.group.order, layer.kernel_size[0]
    seen = 1 if layer.lifts else order
    psi = layer.weight.value.reshape(layer.out_channels, -1, seen, side, side)
    f = x.reshape(len(x), -1, seen, *x.shape[2:])
    h, w = (n - side + 1 for n in x.shape[2:])
    out = np.zeros((len(x), layer.out_channels, order, h, w))
    for k, g in np.ndindex(layer.out_channels, order):
        back = inverse(g, group)
        for (a, b), y in points(side, side).items():
            u, v = pixel(move(back, y), side, side)  # ψ(g⁻¹ y)
            for i, j, c, e in np.ndindex(h, w, f.shape[1], seen):
                of = 0 if layer.lifts else product(back, e, group)  # ψ(g⁻¹ h)
                out[:, k, g, i, j] += f[:, c, e, i + a, j + b] * psi[k, c, of, u, v]
        out[:, k, g] += layer.bias.value[k]
    return out.reshape(len(x), -1, h, w)


# Equivariance


def error(layer, x, group):
    """The largest difference of φ(g x) and M_g φ(x) over all g, as a share of the largest number."""
    takes_maps = isinstance(layer, P4Conv | P4MConv)
    found, out = [], layer.forward(x)
    for g in range(group.order):
        before = layer.forward(transform_maps(x, g, group.name) if takes_maps else transform_image(x, g))
        after = transform_maps(out, g, group.name)
        assert before.shape == after.shape
        found.append(np.abs(before - after).max() / np.abs(out).max())
    return max(found)


small = st.integers(1, 3)


@st.composite
def layers(draw, strides=small):
    """A group convolution with weights and an input whose last pixel its windows reach."""
    kind, side, stride = draw(st.sampled_from(CONVOLUTIONS)), draw(st.integers(1, 4)), draw(strides)
    padding, dilation = draw(st.integers(0, 2)), draw(st.integers(1, 2))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    layer = kind(draw(small), draw(small), side, stride=stride, padding=padding, dilation=dilation)
    layer.init(numbers, np.float64)
    layer.bias.value = numbers.normal(size=layer.bias.shape)
    span = dilation * (side - 1) + 1 - 2 * padding
    least = -(-max(0, 1 - span) // stride)
    h, w = (span + stride * (least + draw(st.integers(0, 3))) for _ in range(2))
    return layer, numbers.normal(size=(2, layer.weight.shape[1], h, w))


# What all layers hold, on these

CASES = [
    (lambda: P4Lift(2, 2, 3), (2, 4, 5)),
    (lambda: P4Lift(1, 2, 2, stride=2, padding=1, dilation=2), (1, 4, 3)),
    (lambda: P4Conv(2, 2, 2), (8, 3, 4)),
    (lambda: P4Conv(1, 2, 3, stride=2, padding=1), (4, 4, 3)),
    (lambda: P4MLift(2, 1, 3), (2, 4, 3)),
    (lambda: P4MConv(1, 2, 2), (8, 3, 2)),
    (lambda: P4MConv(1, 1, 3, stride=2, padding=2, dilation=2), (8, 3, 3)),
    (lambda: GroupPool(4), (8, 2, 3)),
    (lambda: GroupPool(8, "mean"), (16, 2, 1)),
    (lambda: GroupPool(2), (6,)),
]
HELD = [
    each
    for name, each in vars(test_layers).items()
    if name.startswith("test_") and {"make", "shape"} <= {*inspect.signature(each).parameters} <= {"make", "shape", "training", "dtype"}
]  # fmt: skip
NEEDS_WEIGHTS = test_layers.test_forward_before_init_is_answered_in_words


def public_layers():
    return {
        each
        for name, each in vars(groups).items()
        if inspect.isclass(each) and issubclass(each, Layer) and each.__module__ == groups.__name__ and name[0] != "_"
    }


OPTIONS = {"out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1, "dilation": 2, "gain": 1.0}
SETTINGS = [
    *[
        (kind, {"in_channels": 2, "out_channels": 3, "kernel_size": 3}, (2 * seen, 7, 7),
         {"in_channels": (3, (3 * seen, 7, 7)), **OPTIONS})
        for kind, seen in ((P4Lift, 1), (P4Conv, 4), (P4MLift, 1), (P4MConv, 8))
    ],
    (GroupPool, {"order": 4}, (8, 2, 2), {"order": 2, "kind": "mean"}),
]  # fmt: skip
