"""Values as large or as small as a float holds: no warning, whatever np.seterr says, and the right numbers."""

import numpy as np
import pytest

from lecture_lib import ops
from lecture_lib.activations import ACTIVATIONS
from lecture_lib.layers import BatchNorm2d, PReLU, Subsampling
from lecture_lib.models import mlp
from lecture_lib.probes import gradient_norms
from tests.layers_cases import BOTH_DTYPES, BOTH_MODES, EVERY, ready, spread

LARGEST = np.finfo(np.float32).max


def sizes(dtype):
    limits = np.finfo(dtype)
    return [0, limits.tiny, 1e-30, 30, 1e18, limits.max / 4, limits.max, np.inf, np.nan]


@EVERY
@BOTH_MODES
@BOTH_DTYPES
def test_no_layer_warns_whatever_it_gets(make, shape, training, dtype):
    layer = ready(make, dtype)
    for size in sizes(dtype):
        with np.errstate(all="ignore"):
            x = (spread(shape) / 1.7).astype(dtype) * dtype(size)
        with np.errstate(all="raise"):
            out = layer.forward(x, training=training)
            for grad in (1, sizes(dtype)[-3]):
                layer.backward(np.full(out.shape, grad, dtype))


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
@BOTH_DTYPES
def test_no_activation_warns_whatever_it_gets(activation, dtype):
    x = np.array([sign * size for size in sizes(dtype) for sign in (1, -1)], dtype)
    with np.errstate(all="raise"):
        for function in (activation.f, activation.df, activation.df_parameter or activation.f):
            function(x)


@BOTH_DTYPES
@pytest.mark.parametrize("temperature", [1e-300, 1e-46, 1e-30, 1, 1e46, 1e300])
def test_softmax_at_any_temperature_stays_a_share_of_one(dtype, temperature):
    with np.errstate(all="raise"):
        shares = ops.softmax(np.array([1, 2, 2], dtype), temperature)
    assert shares.dtype == dtype
    wanted = [0, 0.5, 0.5] if temperature < 1e-20 else [1 / 3] * 3 if temperature > 1e20 else shares
    np.testing.assert_allclose(shares, wanted, rtol=1e-6)


def test_sums_whose_parts_are_too_large_and_cancel_are_right():
    """A product of float32 beyond its largest value is no infinity that the next one cannot take back."""
    prelu, sub = PReLU(2), Subsampling(2, 1)
    x = np.full((2, 2, 1, 1), -LARGEST / 2)
    grad = np.array([8, -8, -8, 10], np.float32).reshape(2, 2, 1, 1)
    for layer in (prelu, sub):
        layer.init(np.random.default_rng(0), np.float32)
        layer.forward(x)
        layer.backward(grad)
        np.testing.assert_array_equal(layer.weight.grad, np.float32([0, -LARGEST]))
        assert layer.weight.grad.dtype == np.float32


def test_a_gradient_that_has_nearly_vanished_is_measured_without_a_warning():
    net = mlp([4, *[8] * 200, 3], "sigmoid").init(0)
    with np.errstate(all="raise"):
        norms = list(gradient_norms(net, np.ones((2, 4)), np.array([0, 1])).values())
    assert norms == sorted(norms) and norms[0] < 1e-100 < norms[-1]


@BOTH_DTYPES
@pytest.mark.parametrize("share", [1 / 4, 1 / 2, 1])
def test_an_average_of_values_near_the_largest_lies_between_them(dtype, share):
    x = np.full((2, 3, 8, 8), np.finfo(dtype).max * dtype(share), dtype)
    x[1] *= -1
    x[0, 0, 0, 0], x[0, 1, 0, 0] = np.inf, np.nan
    x[0, 2, 0] = 1
    with np.errstate(all="raise"):
        windows, whole = ops.avg_pool2d(x, 2), ops.global_avg_pool2d(x)
        middle = ops.avg_pool2d(x, 3, 2, 1)
    assert windows.dtype == whole.dtype == middle.dtype == dtype
    assert windows[0, 0, 0, 0] == whole[0, 0] == np.inf and np.isnan([windows[0, 1, 0, 0], whole[0, 1]]).all()
    wide = np.array([x[0, 2, 2, 2]], dtype)
    for out in (windows, middle):
        np.testing.assert_allclose(out[1], np.full_like(out[1], -wide[0]), rtol=1e-6)
        np.testing.assert_allclose(out[0, 2, 1:], np.full_like(out[0, 2, 1:], wide[0]), rtol=1e-6)
    np.testing.assert_allclose(windows[0, 2, 0], wide[0] / 2)
    np.testing.assert_allclose(whole[1], -wide[0])
    np.testing.assert_allclose(whole[0, 2], wide[0] / 8 * 7)


@pytest.mark.parametrize("size", [1e15, 1e20, 1e30, LARGEST / 4])
def test_a_batch_is_normalised_in_float32_however_large_it_is(size):
    """Against the same batch in float64, whose squares fit, gradients too."""
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(8, 3, 4, 4)) / 8 * size).astype(np.float32)
    grad, weight, bias = rng.normal(size=x.shape).astype(np.float32), np.float32([1, 2, -3]), np.float32([0, 1, 2])
    with np.errstate(all="raise"):
        out, used = ops.batch_norm(x, weight, bias)
        grads = ops.batch_norm_backward(grad, x, weight, used)
    wanted, measured = ops.batch_norm(x.astype(float), weight, bias)
    assert out.dtype == np.float32 and all(each.dtype == np.float32 for each in grads)
    np.testing.assert_allclose(out, wanted, atol=1e-5)
    for found, true in zip(grads, ops.batch_norm_backward(grad, x.astype(float), weight, measured), strict=True):
        np.testing.assert_allclose(found, true, rtol=1e-4, atol=1e-5 * np.abs(true).max())
    layer = BatchNorm2d(3)
    layer.init(rng, np.float32)
    np.testing.assert_allclose(
        layer.forward(x, training=True), (wanted - bias[:, None, None]) / weight[:, None, None], atol=1e-5
    )
    assert layer.running_var.value.dtype == np.float32


def test_a_variance_beyond_the_largest_float_gives_nan_and_no_number_that_looks_right():
    x = np.full((2, 2, 1, 1), 1.0)
    x[:, 0, 0, 0] = 1e200, -1e200
    with np.errstate(all="raise"):
        out, _ = ops.batch_norm(x, np.ones(2), np.ones(2))
    assert np.isnan(out[:, 0]).all() and (out[:, 1] == 1).all()
