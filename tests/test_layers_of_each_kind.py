"""Layers: of each kind."""

import numpy as np
import pytest

from lecture_lib import groups, layers, models, ops
from lecture_lib.chapters.equivariance import capsule_net
from lecture_lib.chapters.lenet_alexnet import architecture
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
    Maxout,
    MaxPool2d,
    Parameter,
    PartialConv2d,
    PReLU,
    ScaledTanh,
    Subsampling,
)
from lecture_lib.models import Concat, Sequential
from lecture_lib.shapes import ONE_PIXEL, ReceptiveField, Window
from tests.layers_cases import CODES, EVERY_LAYER, ready, spread


def test_prelu_starts_as_a_leaky_relu():
    x = spread((2, 3, 3))
    assert np.array_equal(PReLU(start=0.1).init(None, np.float64).forward(x), Activation("leaky_relu", 0.1).forward(x))


def test_of_equal_pieces_maxout_gives_the_first_all_of_the_gradient():
    layer = Maxout(3)
    assert layer.forward(np.array([[2.0, 2, 1, 0, 5, 5]])).tolist() == [[2, 5]]
    assert layer.backward(np.array([[7.0, 9]])).tolist() == [[7, 0, 0, 0, 9, 0]]


def test_maxout_gives_the_gradient_to_the_first_nan_and_an_infinite_one_to_the_winner_alone():
    layer = Maxout(3)
    assert np.isnan(layer.forward(np.array([[5, np.nan, np.nan, 1, 2, 0]]))).tolist() == [[True, False]]
    assert layer.backward(np.array([[7.0, np.inf]])).tolist() == [[0, 7, 0, 0, np.inf, 0]]


def test_maxout_keeps_the_order_in_memory():
    for x in (ops.batch_last(4, 6, 3, 3, np.float32), np.zeros((4, 6, 3, 3), np.float32)):
        x[...] = 1
        layer = Maxout(2)
        out = layer.forward(x)
        assert np.argsort(out.strides).tolist() == np.argsort(x.strides).tolist()
        assert layer.backward(out).strides == x.strides


def test_maxout_compares_neighbouring_channels_pixel_by_pixel():
    x = spread((4, 2, 3))
    assert np.array_equal(Maxout(2).forward(x), np.maximum(x[:, ::2], x[:, 1::2]))


def test_maxout_of_a_layer_and_its_opposite_is_the_absolute_value():
    linear = Linear(1, 2).init(np.random.default_rng(0), np.float64)
    linear.weight.value = np.array([[1.0], [-1.0]])
    assert Sequential([linear, Maxout(2)]).forward(np.array([[-3.0], [2]])).tolist() == [[3], [2]]


def test_scaled_tanh_maps_one_to_one_and_has_its_largest_slope_at_zero():
    layer = ScaledTanh()
    assert layer.forward(np.array([[-1.0, 0, 1]]))[0] == pytest.approx([-1, 0, 1], abs=1e-4)
    assert layer.backward(np.ones((1, 3)))[0].argmax() == 1
    assert np.abs(layer.forward(np.array([[-1e4, 1e4]]))).max() == 1.7159


def test_alexnets_normalisation_is_the_papers_formula():
    a = np.random.default_rng(0).uniform(0, 30, (2, 8, 2, 2))
    n, k, alpha, beta = 5, 2, 1e-4, 0.75
    b = np.empty_like(a)
    for i in range(8):
        neighbours = a[:, max(0, i - n // 2) : min(7, i + n // 2) + 1]
        b[:, i] = a[:, i] / (k + alpha * (neighbours**2).sum(axis=1)) ** beta
    net = models.alexnet()
    for name in ("norm1", "norm2"):
        assert np.allclose(net[name].forward(a), b, rtol=1e-12)


def test_batch_normalisation_gives_each_channel_mean_zero_and_variance_one_in_training():
    x = 5 + 3 * np.random.default_rng(0).standard_normal((8, 3, 5, 5))
    layer = BatchNorm2d(3, eps=0).init(None, np.float64)
    out = layer.forward(x, training=True)
    assert np.allclose(out.mean(axis=(0, 2, 3)), 0, atol=1e-12) and np.allclose(out.var(axis=(0, 2, 3)), 1)


def test_running_averages_take_their_share_of_the_newest_batch():
    layer = BatchNorm2d(1, momentum=0.25).init(None, np.float64)
    x = np.array([[[[1.0, 3]]], [[[5, 7]]]])
    layer.forward(x, training=True)
    assert layer.running_mean.value == pytest.approx(0.25 * 4)
    assert layer.running_var.value == pytest.approx(0.75 + 0.25 * 20 / 3)  # unbiased
    before = layer.running_mean.value.copy()
    layer.forward(100 + x)
    assert layer.running_mean.value == before  # measured in training only


def test_a_batch_of_one_number_a_channel_has_no_variance_and_breaks_nothing():
    layer = BatchNorm2d(2).init(None)
    assert not layer.forward(np.ones((1, 2, 1, 1), np.float32), training=True).any()
    assert np.isfinite(layer.running_var.value).all()


def test_batch_normalisation_is_that_of_pytorch_over_many_batches():
    torch = pytest.importorskip("torch")
    ours, theirs = ready(lambda: BatchNorm2d(3, 1e-3, 0.3)), torch.nn.BatchNorm2d(3, 1e-3, 0.3, dtype=torch.float64)
    with torch.no_grad():
        for name, parameter in ours.state().items():
            getattr(theirs, name).copy_(torch.from_numpy(parameter.value))
    for number in range(6):
        training = number not in (2, 5)
        theirs.train(training)
        x = np.random.default_rng(number).normal(number, 2, (4, 3, 3, 2))
        taken = torch.from_numpy(x.copy()).requires_grad_()
        expected = theirs(taken)
        grad = spread((3, 3, 2), number)[[0, 1, 2, 0]]
        theirs.zero_grad()
        expected.backward(torch.from_numpy(grad))
        assert np.allclose(ours.forward(x, training), expected.detach().numpy(), rtol=1e-10)
        assert np.allclose(ours.backward(grad), taken.grad.numpy(), rtol=1e-9, atol=1e-12)
        for name in ("weight", "bias"):
            assert np.allclose(ours.state()[name].grad, getattr(theirs, name).grad.numpy(), rtol=1e-9)
        for name in ("running_mean", "running_var"):
            assert np.allclose(ours.state()[name].value, getattr(theirs, name).numpy(), rtol=1e-12)


def test_dropout_zeroes_a_share_doubles_the_rest_and_does_nothing_afterwards():
    layer, x = Dropout(0.5).init(np.random.default_rng(0)), np.ones((100, 100))
    out = layer.forward(x, training=True)
    assert set(np.unique(out)) == {0, 2} and abs((out == 0).mean() - 0.5) < 0.03
    assert np.array_equal(layer.backward(x), out)  # the same units
    assert not np.array_equal(layer.forward(x, training=True), out)  # others each time
    assert np.array_equal(layer.forward(x), x) and np.array_equal(layer.backward(3 * x), 3 * x)


def test_an_rbf_unit_gives_minus_the_squared_distance_to_its_code():
    layer = RBF(np.array([[1, 0, -1], [2, 2, 2]])).init(None, np.float64)
    x = np.array([[1.0, 0, -1], [0, 0, 0]])
    assert layer.forward(x).tolist() == [[0, -(1 + 4 + 9)], [-2, -12]]
    assert layer.backward(np.array([[1.0, 1], [0, 1]])).tolist() == [[2, 4, 6], [4, 4, 4]]  # -2 (x - code)
    assert layer.parameters() == {} and layer.weight.value.tolist() == [[1, 0, -1], [2, 2, 2]]


def test_rbf_codes_are_given_and_come_from_no_seed():
    one, two = (RBF(CODES).init(np.random.default_rng(seed), np.float64) for seed in (0, 1))
    assert np.array_equal(one.weight.value, CODES) and np.array_equal(two.weight.value, CODES)
    one.weight.value[:] = 0
    assert CODES.any()


def test_a_parameter_knows_its_size_before_it_has_values():
    parameter = Parameter((3, 2, 2), deviation=1.0)
    assert parameter.size == 12 and parameter.value is None and parameter.grad is None
    parameter.init(np.random.default_rng(0), np.float64)
    assert parameter.value.shape == (3, 2, 2) and parameter.value.dtype == np.float64


# Receptive fields


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Conv2d(1, 1, (3, 5), stride=2, padding=(1, 0), dilation=(2, 1)), (ReceptiveField(5, 2, -1), ReceptiveField(5, 2, 0))),
        (PartialConv2d(1, [(0,)], 3), (ReceptiveField(3, 1, 0),) * 2),
        (MaxPool2d(3, 2), (ReceptiveField(3, 2, 0),) * 2),
        (AvgPool2d(2), (ReceptiveField(2, 2, 0),) * 2),
        (Subsampling(1), (ReceptiveField(2, 2, 0),) * 2),
        (GlobalAvgPool2d(), (ReceptiveField(6, 0, 0), ReceptiveField(9, 0, 0))),
        (Flatten(), (ReceptiveField(6, 0, 0), ReceptiveField(9, 0, 0))),
        (Activation("relu"), (ONE_PIXEL, ONE_PIXEL)),
        (BatchNorm2d(1), (ONE_PIXEL, ONE_PIXEL)),
    ],
    ids=lambda value: repr(value) if isinstance(value, Layer) else "",
)  # fmt: skip
def test_what_a_unit_of_each_layer_sees(layer, expected):
    assert layer.receptive_field((ONE_PIXEL, ONE_PIXEL), (1, 6, 9)) == expected


def test_what_a_unit_sees_is_where_its_gradient_reaches():
    net = Sequential({
        "a": Conv2d(1, 2, 3, stride=2), "p": AvgPool2d(2),
        "c": Concat([Conv2d(2, 1, 1), Conv2d(2, 1, (5, 3), padding=(2, 1))]), "b": Conv2d(2, 1, 3),
    })  # fmt: skip
    net.init(0, np.float64)
    for parameter in net.parameters().values():
        parameter.value = np.abs(parameter.value) + 0.1  # nothing cancels
    shape, unit = (1, 40, 38), (1, 2)
    out = net.forward(np.ones((1, *shape)))
    grad = np.zeros_like(out)
    grad[0, 0, *unit] = 1
    reached = np.nonzero(net.backward(grad)[0, 0])
    for field, pixels, at in zip(net.receptive_field((ONE_PIXEL, ONE_PIXEL), shape), reached, unit, strict=True):
        first = field.start + at * field.jump
        assert (pixels.min(), pixels.max()) == (max(0, first), first + field.size - 1)


def test_behind_flatten_a_unit_sees_all_that_its_maps_saw_together():
    net = Sequential([Conv2d(1, 2, 3), Flatten(), Linear(2 * 4 * 6, 3), Activation("relu")])
    vertical, horizontal = net.receptive_field((ONE_PIXEL, ONE_PIXEL), (1, 6, 8))
    assert (vertical.size, horizontal.size) == (6, 8)


def test_a_kernel_larger_than_a_c_long_is_counted_all_the_same():
    layer = layers.PartialConv2d(3, [(0, 1), (2,)], 5_000_000_000)
    assert layer.weight.size == 3 * 5_000_000_000**2


@pytest.mark.parametrize("small", [np.int8, np.uint8, np.int32])
def test_an_integer_of_numpy_makes_the_layer_that_pythons_makes(small):
    for ours, its in (
        (layers.Conv2d(16, 32, 5, groups=2), layers.Conv2d(small(16), small(32), small(5), groups=small(2))),
        (layers.Linear(100, 120), layers.Linear(small(100), small(120))),
        (layers.PartialConv2d(3, [(0, 1), (2,)], 15), layers.PartialConv2d(small(3), [(0, 1), (2,)], small(15))),
        (groups.P4Conv(16, 20, 5), groups.P4Conv(small(16), small(20), small(5))),
        (capsule_net.PrimaryCaps(16, 6, 8, 5), capsule_net.PrimaryCaps(small(16), small(6), small(8), small(5))),
    ):
        sizes = [{name: (each.size, each.deviation) for name, each in one.parameters().items()} for one in (ours, its)]
        assert sizes[0] == sizes[1]
    assert layers.Flatten().output_shape(tuple(np.array([16, 5, 5], small))) == (400,)
    mlp = models.mlp([784, 30, small(10)])
    assert models.summary(mlp, (1, 28, 28)).total_parameters == 785 * 30 + 31 * 10
    assert Window(small(3), small(100), small(100)).seen_by(small(100), small(100)) == (9900, 9902)
    assert architecture.size_formula(small(127), small(11), small(4), small(100)).endswith("= 80")


def test_a_layer_with_weights_that_does_not_state_its_multiply_adds_fails():
    class Scale(layers.Layer):
        def state(self):
            return {"weight": layers.Parameter((1,))}

    with pytest.raises(NotImplementedError, match="Scale has weights: its class must state multiply_adds"):
        models.summary(Sequential([Scale()]), (3,))


@pytest.mark.parametrize("kind", [each for each in EVERY_LAYER if each is not layers.Layer])
def test_every_layer_with_weights_states_its_multiply_adds_and_says_what_it_is_in_its_own_words(kind):
    assert kind.state is layers.Layer.state or kind.multiply_adds is not layers.Layer.multiply_adds
    assert kind.listed is None or kind.task is not layers.Layer.task


def test_a_layer_that_is_like_another_does_not_stand_in_lists_as_that_one():
    assert layers.Conv2d.listed.kind == "conv" and layers.PartialConv2d.listed is None
    assert layers.Subsampling.listed is None
