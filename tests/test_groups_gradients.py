"""Groups: gradients."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import ops
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.groups import GroupPool, P4Conv, P4Lift, P4MConv, P4MLift, transform_image
from lecture_lib.layers import Activation, Conv2d, GlobalAvgPool2d, Linear, Maxout
from lecture_lib.models import Sequential
from lecture_lib.shapes import ONE_PIXEL, ShapeError
from lecture_lib.training import fit, predict
from tests import test_layers
from tests.groups_cases import (
    CASES,
    EVERY_CONVOLUTION,
    HELD,
    NEEDS_WEIGHTS,
    SETTINGS,
    layers,
    public_layers,
    sides,
    small,
)

# Gradients


@given(layers())
def test_backward_is_the_adjoint_of_forward_in_the_input_and_in_the_parameters(drawn):
    layer, x = drawn
    out, nothing = layer.forward(x), layer.forward(np.zeros_like(x))
    grad = np.random.default_rng(1).normal(size=out.shape)
    layer.forward(x)
    grad_x = layer.backward(grad)
    assert np.vdot(out - nothing, grad) == pytest.approx(np.vdot(x, grad_x), 1e-10, 1e-10)
    by_parameters = sum(np.vdot(each.value, each.grad) for each in layer.parameters().values())
    assert np.vdot(out, grad) == pytest.approx(by_parameters, 1e-10, 1e-10)


def test_no_layer_is_left_out_here():
    assert {type(make()) for make, _ in CASES} == {each for each, *_ in SETTINGS} == public_layers()
    assert len(HELD) >= 11


@pytest.mark.parametrize("theorem", HELD, ids=lambda theorem: theorem.__name__.removeprefix("test_"))
@pytest.mark.parametrize(("make", "shape"), CASES, ids=[f"{make()!r} on {shape}" for make, shape in CASES])
def test_what_every_layer_holds(theorem, make, shape):
    given = {"make": make, "shape": shape, "training": True, "dtype": np.float32}
    if theorem is not NEEDS_WEIGHTS or make().state():
        theorem(**{name: given[name] for name in inspect.signature(theorem).parameters})


@pytest.mark.parametrize(("kind", "usual", "shape", "changes"), SETTINGS, ids=[each.__name__ for each, *_ in SETTINGS])
def test_every_setting_changes_the_result(kind, usual, shape, changes):
    test_layers.test_every_setting_changes_the_result(kind, usual, shape, changes)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (P4Lift(3, 10, 5), "P4Lift(in_channels=3, out_channels=10, kernel_size=(5, 5))"),
        (
            P4MConv(4, 8, 3, stride=2, padding=1, dilation=3),
            "P4MConv(in_channels=4, out_channels=8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(3, 3))",
        ),
        (GroupPool(4), "GroupPool(order=4, kind='max')"),
    ],
)
def test_a_layer_says_what_it_was_made_with(layer, text):
    assert repr(layer) == text and text.startswith(layer.kind)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (P4Lift(3, 2, 3), (4, 8, 8), "(3, H, W) a sample, 1 a channel"),
        (P4Conv(3, 2, 3), (3, 8, 8), "(12, H, W) a sample, 4 a channel"),
        (P4MLift(1, 2, 3), (8, 8), "(1, H, W)"),
        (P4MConv(1, 2, 3), (4, 8, 8), "(8, H, W) a sample, 8 a channel"),
        (GroupPool(4), (6, 2, 2), "multiple of 4 maps, not 6"),
    ],
)
def test_a_wrong_shape_is_refused_by_name(layer, shape, words):
    test_layers.test_a_wrong_shape_is_refused_by_name(layer, shape, words)


@EVERY_CONVOLUTION
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"in_channels": 0}, ShapeError, "in_channels=0"),
        ({"in_channels": 1.5}, TypeError, "in_channels=1.5"),
        ({"out_channels": 0}, ShapeError, "out_channels=0"),
        ({"kernel_size": 0}, ShapeError, "kernel_size=0"),
        ({"kernel_size": (3, 2)}, ShapeError, "kernel_size=(3, 2): must be the same along both axes"),
        ({"stride": (1, 2)}, ShapeError, "stride=(1, 2): must be the same along both axes"),
        ({"padding": (1, 0)}, ShapeError, "padding=(1, 0): must be the same along both axes"),
        ({"dilation": (2, 1)}, ShapeError, "dilation=(2, 1): must be the same along both axes"),
        ({"padding": -1}, ShapeError, "padding=-1"),
        ({"gain": -1.0}, ValueError, "gain=-1.0"),
    ],
    ids=str,
)
def test_a_wrong_setting_of_a_convolution_is_named(kind, change, error, words):
    with pytest.raises(error) as caught:
        kind(**{"in_channels": 1, "out_channels": 1, "kernel_size": 3} | change)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: GroupPool(0), ShapeError, "order=0"),
        (lambda: GroupPool(4.0), TypeError, "order=4.0"),
        (lambda: GroupPool(4, "sum"), ValueError, "kind='sum': must be one of max, mean"),
    ],
)
def test_a_wrong_setting_of_pooling_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


# Counts


@pytest.mark.parametrize(("lift", "conv", "order"), [(P4Lift, P4Conv, 4), (P4MLift, P4MConv, 8)], ids=["p4", "p4m"])
def test_weights_are_shared_over_the_group_and_multiply_adds_are_not(lift, conv, order):
    plain = Conv2d(3, 10, 5, padding=2)
    layer = lift(3, 10, 5, padding=2)
    assert [p.size for p in layer.parameters().values()] == [p.size for p in plain.parameters().values()] == [750, 10]
    assert layer.multiply_adds((3, 32, 32)) == order * plain.multiply_adds((3, 32, 32))
    assert layer.connections((3, 32, 32)) == order * plain.connections((3, 32, 32))

    layer, plain = conv(6, 16, 5, stride=2), Conv2d(6 * order, 16 * order, 5, stride=2)
    shape = 6 * order, 14, 15
    assert sum(p.size for p in layer.parameters().values()) == 16 * 6 * order * 25 + 16
    assert layer.weight.size * order == plain.weight.size
    assert layer.output_shape(shape) == plain.output_shape(shape)
    assert layer.multiply_adds(shape) == plain.multiply_adds(shape)
    assert layer.connections(shape) == plain.connections(shape)
    fields = ONE_PIXEL, ONE_PIXEL
    assert layer.receptive_field(fields, shape) == plain.receptive_field(fields, shape)


@EVERY_CONVOLUTION
@pytest.mark.parametrize("gain", [2.0, 0.5])
def test_the_first_weights_have_variance_gain_over_fan_in_and_the_biases_are_zero(kind, gain):
    layer = kind(8, 64, 5, gain=gain).init(np.random.default_rng(0))
    fan_in = 8 * 25 * (1 if kind.lifts else kind.group.order)
    assert layer.weight.value.var() == pytest.approx(gain / fan_in, rel=5 * math.sqrt(2 / layer.weight.size))
    assert not layer.bias.value.any() and layer.weight.decays and not layer.bias.decays


# Pooling over the group


def test_group_pooling_by_hand():
    x = np.array([[1.0, 5, 4, 3, 0, -1, 2, 0]]).reshape(1, 8, 1, 1)
    assert GroupPool(4).forward(x).ravel().tolist() == [5, 2]
    assert GroupPool(4, "mean").forward(x).ravel().tolist() == [3.25, 0.25]
    assert GroupPool(8).forward(x).ravel().tolist() == [5]


@given(small, st.integers(1, 8), sides)
def test_group_pooling_is_maxout_of_neighbours_or_their_mean(channels, order, side):
    numbers = np.random.default_rng(side)
    x = numbers.integers(-2, 3, (2, channels * order, side, side)).astype(float)  # with equal ones
    grad = numbers.normal(size=(2, channels, side, side))
    ours, maxout = GroupPool(order), Maxout(order)
    assert np.array_equal(ours.forward(x), maxout.forward(x))
    assert np.array_equal(ours.backward(grad), maxout.backward(grad))
    mean = GroupPool(order, "mean")
    assert np.allclose(mean.forward(x), x.reshape(2, channels, order, side, side).mean(axis=2))
    assert np.allclose(mean.backward(grad), np.repeat(grad / order, order, axis=1))


def test_group_pooling_leaves_the_batch_last_in_memory():
    x = ops.batch_last(4, 8, 3, 3, np.float32)
    x[...] = 1
    for kind in ("max", "mean"):
        assert GroupPool(4, kind).forward(x).transpose(1, 2, 3, 0).flags.c_contiguous


# Training


@pytest.mark.parametrize(("lift", "conv", "order"), [(P4Lift, P4Conv, 4), (P4MLift, P4MConv, 8)], ids=["p4", "p4m"])
def test_a_net_of_these_layers_learns_digits_and_stays_invariant(lift, conv, order):
    images, labels = load_digits("train")
    x, labels = digits_as_input(images[:200]), labels[:200]  # 28 pixels, then 13, 6 and 1: none is dropped
    net = Sequential([
        lift(1, 4, 4, stride=2), Activation("relu"), conv(4, 8, 3, stride=2), Activation("relu"),
        conv(8, 16, 6), Activation("relu"), GroupPool(order), GlobalAvgPool2d(), Linear(16, 10),
    ]).init(0)  # fmt: skip
    losses = [record.loss for record in fit(net, (x, labels), epochs=5, batch_size=20, lr=0.005)]
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])
    logits = predict(net, x)
    for g in range(order):
        assert np.allclose(predict(net, transform_image(x, g)), logits, 1e-3, 1e-4)
