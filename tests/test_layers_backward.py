"""Layers: backward."""

import math

import numpy as np
import pytest

from lecture_lib import ops
from lecture_lib.layers import (
    Activation,
    AvgPool2d,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    PartialConv2d,
    PReLU,
    Subsampling,
)
from lecture_lib.models import Sequential
from tests.layers_cases import CASES, TABLE, ready, spread

# First weights


@pytest.mark.parametrize("gain", [1.0, 2.0, 0.5])
@pytest.mark.parametrize(
    ("make", "fan_in"),
    [
        (lambda gain: Conv2d(16, 128, 5, gain=gain), 16 * 25),
        (lambda gain: Conv2d(16, 128, (3, 5), groups=4, gain=gain), 4 * 15),
        (lambda gain: Linear(200, 300, gain=gain), 200),
        (lambda gain: PartialConv2d(32, [(i, (i + 5) % 32) for i in range(32)] * 8, 5, gain=gain), 2 * 25),
    ],
)
def test_the_first_weights_have_variance_gain_over_fan_in_and_the_biases_are_zero(make, fan_in, gain):
    layer = make(gain).init(np.random.default_rng(0))
    weight = layer.weight.value
    spread_of_estimate = math.sqrt(2 / weight.size)
    assert weight.var() == pytest.approx(gain / fan_in, rel=5 * spread_of_estimate)
    assert abs(weight.mean()) < 5 * math.sqrt(gain / fan_in / weight.size)
    assert not layer.bias.value.any()


def test_without_a_gain_it_is_two():
    for make in (lambda **gain: Conv2d(4, 8, 3, **gain), lambda **gain: PartialConv2d(3, TABLE, 3, **gain),
                 lambda **gain: Linear(4, 8, **gain)):  # fmt: skip
        assert make().weight.deviation == make(gain=2.0).weight.deviation != make(gain=1.0).weight.deviation


def test_gain_two_keeps_the_size_of_signals_through_relus_and_gain_one_halves_its_square_each_time():
    x = np.random.default_rng(1).standard_normal((50, 512))  # of seed 0 the weights are made
    for gain, kept in ((2.0, 1.0), (1.0, 0.5**5)):
        stack = [each for _ in range(5) for each in (Linear(512, 512, gain=gain), Activation("relu"))]
        out = Sequential(stack).init(0, np.float64).forward(x)
        assert np.mean(out**2) == pytest.approx(kept * np.mean(x**2), rel=0.25)


def test_weights_decay_and_biases_slopes_and_measured_averages_do_not():
    decays = {
        (type(make()).__name__, name)
        for make, _ in CASES
        for name, parameter in make().state().items()
        if parameter.decays and parameter.learned and "." not in name
    }
    assert decays == {("Conv2d", "weight"), ("PartialConv2d", "weight"), ("Linear", "weight")}


# One by one


def test_a_convolution_counts_as_the_lecture_does():
    layer = Conv2d(3, 10, 5, padding=2)
    assert sum(parameter.size for parameter in layer.parameters().values()) == 760
    assert layer.multiply_adds((3, 32, 32)) == 32 * 32 * 10 * 75
    assert layer.connections((3, 32, 32)) == 32 * 32 * 10 * 76


def test_a_convolution_in_two_towers_has_half_the_weights():
    whole, half = Conv2d(96, 256, 5, padding=2), Conv2d(96, 256, 5, padding=2, groups=2)
    assert (whole.weight.size, half.weight.size) == (614_400, 307_200)
    assert whole.multiply_adds((96, 27, 27)) == 2 * half.multiply_adds((96, 27, 27))


def test_a_convolution_layer_is_the_operation_with_its_own_weights():
    layer = ready(lambda: Conv2d(2, 4, 3, stride=2, padding=1, groups=2))
    x = spread((2, 5, 5))
    expected = ops.conv2d(x, layer.weight.value, layer.bias.value, stride=2, padding=1, groups=2)
    assert np.array_equal(layer.forward(x), expected)


def test_a_partial_convolution_is_a_convolution_with_zeros_where_the_table_has_gaps():
    options = {"stride": (1, 2), "padding": 1, "dilation": (1, 2)}
    part, x = ready(lambda: PartialConv2d(3, TABLE, (2, 3), **options)), spread((3, 4, 6))
    whole = Conv2d(3, 3, (2, 3), **options)
    mask = np.zeros((3, 3), bool)
    whole.weight.value, at = np.zeros(whole.weight.shape), iter(part.weight.value)
    for k, channels in enumerate(TABLE):
        for c in channels:
            whole.weight.value[k, c], mask[k, c] = next(at), True
    whole.bias.value = part.bias.value
    assert part.weight.shape == (6, 2, 3)
    out = part.forward(x)
    assert np.array_equal(out, whole.forward(x))
    grad = spread(out.shape[1:], 2)
    assert np.array_equal(part.backward(grad), whole.backward(grad))
    assert np.array_equal(part.weight.grad, whole.weight.grad[mask])
    assert np.array_equal(part.bias.grad, whole.bias.grad)
    h, w = part.output_shape((3, 4, 6))[1:]
    assert part.multiply_adds((3, 4, 6)) == 6 * 6 * h * w
    assert part.connections((3, 4, 6)) == (6 * 6 + 3) * h * w


def test_a_filter_does_not_see_a_channel_that_its_row_does_not_name():
    layer, x = ready(lambda: PartialConv2d(3, TABLE, 3)), spread((3, 3, 3))
    before = layer.forward(x)
    x[:, 1] += 5
    assert (np.any(layer.forward(x) != before, axis=(0, 2, 3)) == [True, False, True]).all()


def test_max_pooling_takes_the_lectures_maxima_and_sends_the_gradient_to_them():
    x = np.array([[[[1.0, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
    layer = MaxPool2d(2)
    assert layer.forward(x)[0, 0].tolist() == [[6, 8], [3, 4]]
    back = layer.backward(np.array([[[[1.0, 2], [3, 4]]]]))[0, 0]
    assert back.tolist() == [[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4]]


def test_average_pooling_means_by_hand():
    assert AvgPool2d(2).forward(np.array([[[[1.0, 2], [3, 6]]]])).item() == 3
    assert AvgPool2d(2, 2, 1).forward(np.array([[[[1.0, 2], [3, 6]]]]))[0, 0].tolist() == [[1, 2], [3, 6]]


def test_subsampling_is_a_mean_times_a_number_plus_a_number():
    layer = Subsampling(2).init(None)
    layer.weight.value, layer.bias.value = np.array([2.0, -1]), np.array([0.5, 0])
    x = np.array([[[[1.0, 2], [3, 6]], [[4, 4], [4, 8]]]])
    assert layer.forward(x)[0].tolist() == [[[6.5]], [[-5]]]
    layer.backward(np.ones((1, 2, 1, 1)))
    assert layer.weight.grad.tolist() == [3, 5] and layer.bias.grad.tolist() == [1, 1]


def test_subsampling_starts_as_the_mean():
    x = spread((2, 4, 4))
    assert np.array_equal(Subsampling(2).init(None).forward(x), AvgPool2d(2).forward(x))


def test_subsampling_counts_as_the_paper_does():
    s2, s4 = Subsampling(6), Subsampling(16)
    assert [sum(p.size for p in layer.parameters().values()) for layer in (s2, s4)] == [12, 32]
    assert (s2.connections((6, 28, 28)), s4.connections((16, 10, 10))) == (5_880, 2_000)
    assert s2.multiply_adds((6, 28, 28)) == 6 * 14 * 14


def test_global_average_pooling_and_flattening_by_hand():
    x = np.arange(12.0).reshape(1, 3, 2, 2)
    assert GlobalAvgPool2d().forward(x).tolist() == [[1.5, 5.5, 9.5]]
    assert Flatten().forward(x).tolist() == [list(range(12))]


def test_flattening_is_undone_by_its_backward():
    layer, x = Flatten(), spread((2, 3, 4))
    assert np.array_equal(layer.backward(layer.forward(x)), x)
    assert np.array_equal(layer.forward(x), x.reshape(3, -1))


def test_flattening_copies_nothing_where_the_batch_lies_last():
    x = ops.batch_last(4, 2, 3, 3, np.float32)
    assert np.shares_memory(Flatten().forward(x), x)


def test_prelu_by_hand():
    layer = PReLU(2).init(None, np.float64)
    layer.weight.value = np.array([0.5, -2.0])
    x = np.array([[[[-2.0, 3]], [[-1, 4]]], [[[-4, -6]], [[5, 0]]]])  # (2, 2, 1, 2)
    assert layer.forward(x).ravel().tolist() == [-1, 3, 2, 4, -2, -3, 5, 0]
    back = layer.backward(np.array([[[[1.0, 1]], [[1, 1]]], [[[10, 100]], [[1, 1]]]]))
    assert layer.weight.grad.tolist() == [-2 - 40 - 600, -1]  # equation 9: the negative inputs, each times its gradient
    assert back.ravel().tolist() == [0.5, 1, -2, 1, 5, 50, 1, -2]  # at 0 the slope of the left side


def test_prelu_with_one_slope_for_all_sums_over_all():
    one, two = PReLU().init(None, np.float64), PReLU(2).init(None, np.float64)
    x = spread((2, 3, 3))
    assert np.array_equal(one.forward(x), two.forward(x))
    assert np.allclose(one.backward(np.ones_like(x)), two.backward(np.ones_like(x)))
    assert one.weight.grad.shape == (1,) and one.weight.grad[0] == pytest.approx(two.weight.grad.sum())
