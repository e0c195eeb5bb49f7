"""Normalization: dropout."""

import numpy as np
import pytest

from lecture_lib.ops import (
    batch_norm_backward,
    dropout,
    dropout_backward,
    local_response_norm_backward,
)
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.normalization_cases import BAD_NUMBERS, INF, NAN, NORM, rng

# Dropout


@pytest.mark.parametrize("p", [0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_each_value_is_dropped_or_divided_by_the_share_that_stays(p, dtype):
    x = rng.normal(size=(50, 40)).astype(dtype)
    out, factor = dropout(x, p, np.random.default_rng(1))
    assert np.array_equal(np.unique(factor), np.array([0, 1], dtype) / dtype(1 - p))
    assert np.array_equal(out, x * factor)
    assert out.dtype == factor.dtype == dtype


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_the_mean_stays_and_the_share_p_is_dropped(p):
    n = 200_000
    out, factor = dropout(np.ones(n), p, np.random.default_rng(2))
    deviation = np.sqrt(p * (1 - p) / n)
    assert abs((factor == 0).mean() - p) < 5 * deviation
    assert abs(out.mean() - 1) < 5 * deviation / (1 - p)


def test_dropping_nothing_changes_nothing():
    x = rng.normal(size=(3, 4, 5, 6))
    for p in (0, 0.0, np.float64(0)):
        out, factor = dropout(x, p, np.random.default_rng(3))
        assert np.array_equal(out, x)
        assert (factor == 1).all()
        assert not np.shares_memory(out, x)


def test_chance_may_fall_on_zero_and_drops_nothing_even_so():
    class Zeros:
        random = staticmethod(np.zeros)  # the least that a generator draws

    assert dropout(np.ones(3), 0, Zeros())[0].tolist() == [1, 1, 1]


def test_the_same_seed_drops_the_same_and_another_does_not():
    x = np.ones((10, 10))
    first, again, other = (dropout(x, 0.5, np.random.default_rng(seed))[0] for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_each_call_drops_anew():
    numbers = np.random.default_rng(6)
    assert not np.array_equal(dropout(np.ones(100), 0.5, numbers)[0], dropout(np.ones(100), 0.5, numbers)[0])


@pytest.mark.parametrize("shape", [(), (1,), (0,), (2, 3), (2, 3, 4, 5)])
def test_dropout_takes_any_shape(shape):
    out, factor = dropout(np.ones(shape), 0.5, np.random.default_rng(7))
    assert np.shape(out) == np.shape(factor) == shape
    assert dropout_backward(np.ones(shape), factor).shape == shape


def test_the_gradient_goes_where_the_value_went():
    x = rng.normal(size=(4, 5))
    _, factor = dropout(x, 0.4, np.random.default_rng(8))
    check_gradient(
        lambda x: dropout(x, 0.4, np.random.default_rng(8))[0], lambda grad, x: dropout_backward(grad, factor), x
    )


def test_dropped_integers_are_float64():
    out, factor = dropout(np.arange(5), 0.5, np.random.default_rng(9))
    assert out.dtype == factor.dtype == np.float64


@pytest.mark.parametrize("p", [1, 1.0, -0.1, 2, NAN, INF])
def test_p_is_a_probability_below_one(p):
    with pytest.raises(ValueError, match=rf"^p={p}: must be a number from 0 to below 1$"):
        dropout(np.ones(3), p, np.random.default_rng(0))


@pytest.mark.parametrize("p", BAD_NUMBERS, ids=repr)
def test_p_is_a_number(p):
    with pytest.raises(TypeError, match=r"^p=.*: must be a number from 0 to below 1$"):
        dropout(np.ones(3), p, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("backward", "shape"),
    [
        (lambda grad: local_response_norm_backward(grad, np.ones((1, 3, 2, 2))), (1, 3, 2, 2)),
        (lambda grad: batch_norm_backward(grad, np.ones((4, 3)), np.ones(3), NORM["statistics"]), (4, 3)),
        (lambda grad: dropout_backward(grad, np.ones((2, 3))), (2, 3)),
    ],
)
def test_a_gradient_of_another_shape_than_the_output_is_refused_by_name(backward, shape):
    for wrong in ((), (1,), shape[::-1][:-1], (*shape, 1), tuple(side + 1 for side in shape)):
        with pytest.raises(ShapeError) as error:
            backward(np.ones(wrong))
        assert str(error.value) == f"grad has shape {wrong}: must be {shape}, the shape of the output"


def test_gradients_of_infinite_and_of_no_size_come_without_a_warning():
    assert np.isnan(dropout_backward(np.array([np.inf, 3.0]), np.array([0.0, 2.0]))[0])
    one = np.ones((1, 1, 1, 1))
    assert not np.isfinite(local_response_norm_backward(one, 3 * one, alpha=0, k=0)).any()
