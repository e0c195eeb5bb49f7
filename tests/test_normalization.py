"""Local response and batch normalisation, dropout: by hand, in loops, PyTorch, central differences; what is refused."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.ops import (
    BatchStatistics,
    batch_norm,
    batch_norm_backward,
    local_response_norm,
    local_response_norm_backward,
)
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.normalization_cases import (
    BAD_NUMBERS,
    INF,
    KRIZHEVSKY,
    NAN,
    NORM,
    RESPONSE,
    SHAPES,
    STRONG,
    channel_axes,
    rng,
    seeds,
)

# Local response normalisation


def test_krizhevskys_numbers_by_hand():
    x = np.zeros((1, 7, 1, 1))
    x[0, :, 0, 0] = [10, 20, 30, 40, 50, 60, 70]
    out = local_response_norm(x, **KRIZHEVSKY)[0, :, 0, 0]
    squares = [
        100 + 400 + 900,
        100 + 400 + 900 + 1600,
        5500,
        9000,
        13500,
        3600 + 2500 + 1600 + 4900,
        2500 + 3600 + 4900,
    ]
    assert np.allclose(out, [10 * i / (2 + 1e-4 * total) ** 0.75 for i, total in enumerate(squares, 1)], rtol=1e-14)


@given(seeds, st.integers(1, 9), st.integers(1, 6))
def test_each_value_is_divided_by_what_its_neighbours_have(seed, size, channels):
    x = np.random.default_rng(seed).normal(size=(2, channels, 2, 1))
    out = local_response_norm(x, size, **STRONG)
    for n, c, i, j in np.ndindex(x.shape):
        near = [x[n, other, i, j] for other in range(c - size // 2, c + (size - 1) // 2 + 1) if 0 <= other < channels]
        assert np.isclose(out[n, c, i, j], x[n, c, i, j] / (0.7 + 2 / size * np.square(near).sum()) ** 0.6, rtol=1e-13)


def test_an_even_size_has_one_more_channel_before_than_after():
    x = np.zeros((1, 5, 1, 1))
    x[0, 2] = 1
    for size, touched in ((1, [2]), (2, [2, 3]), (3, [1, 2, 3]), (4, [1, 2, 3, 4]), (5, [0, 1, 2, 3, 4])):
        changed = local_response_norm(x + 1, size) - local_response_norm(np.ones_like(x), size)
        assert np.flatnonzero(changed).tolist() == touched


@pytest.mark.parametrize("settings", [{"alpha": 0, "k": 1}, {"beta": 0}])
def test_without_strength_it_changes_nothing(settings):
    x = rng.normal(size=(2, 6, 3, 3))
    assert np.array_equal(local_response_norm(x, **settings), x)
    assert np.array_equal(local_response_norm_backward(x, x, **settings), x)


@pytest.mark.parametrize("name", ["size", "alpha", "beta", "k"])
def test_every_setting_of_the_response_norm_counts(name):
    x = rng.normal(size=(1, 6, 2, 2))
    settings = {"size": 3, **STRONG}
    changed = settings | {name: settings[name] + 1}
    assert not np.allclose(local_response_norm(x, **settings), local_response_norm(x, **changed))
    assert not np.allclose(
        local_response_norm_backward(x, x, **settings), local_response_norm_backward(x, x, **changed)
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 11])
def test_the_gradient_of_the_response_norm_is_the_slope_that_central_differences_find(size):
    check_gradient(
        lambda x: local_response_norm(x, size, **STRONG),
        lambda grad, x: local_response_norm_backward(grad, x, size, **STRONG),
        rng.normal(size=(2, 5, 1, 2)),
    )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 8])
def test_pytorch_normalises_responses_the_same_and_sends_the_same_back(size):
    torch = pytest.importorskip("torch")
    for settings in ({}, STRONG, {"k": 2.0, "alpha": 5e-4}):
        x, grad = rng.normal(scale=5, size=(2, 6, 3, 2)), rng.normal(size=(2, 6, 3, 2))
        tensor = torch.tensor(x, requires_grad=True)
        out = torch.nn.functional.local_response_norm(tensor, size, **settings)
        out.backward(torch.tensor(grad))
        assert np.allclose(local_response_norm(x, size, **settings), out.detach().numpy(), rtol=1e-12)
        gradient = local_response_norm_backward(grad, x, size, **settings)
        assert np.allclose(gradient, tensor.grad.numpy(), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("kind", "result"), [("f4", "f4"), ("f8", "f8"), ("i4", "f8")])
@pytest.mark.parametrize("number", [float, np.float64, np.float32])
def test_the_response_norm_keeps_the_dtype_whatever_that_of_its_settings(kind, result, number):
    x, settings = np.ones((1, 3, 2, 2), kind), {name: number(value) for name, value in STRONG.items()}
    assert local_response_norm(x, **settings).dtype == result
    assert local_response_norm_backward(x, x, **settings).dtype == result


@RESPONSE
@pytest.mark.parametrize("name", ["alpha", "beta", "k"])
def test_settings_of_the_response_norm_are_finite_numbers(call, name):
    x = np.ones((1, 3, 2, 2))
    for value in (NAN, INF, -INF):
        with pytest.raises(ValueError, match=rf"^{name}={value}: must be a number that is finite$"):
            call(x, **{name: value})
    for value in BAD_NUMBERS:
        with pytest.raises(TypeError, match=rf"^{name}=.*: must be a number that is finite$"):
            call(x, **{name: value})


@RESPONSE
def test_the_size_of_the_response_norm_is_a_whole_number_of_channels(call):
    x = np.ones((1, 3, 2, 2))
    for value in (0, -1):
        with pytest.raises(ShapeError, match=f"^size={value}: must be at least 1"):
            call(x, size=value)
    for value in (5.0, "5", None, True):
        with pytest.raises(TypeError, match="^size=.*: must be an integer"):
            call(x, size=value)


@SHAPES
def test_each_channel_has_mean_zero_and_variance_one(shape):
    x = rng.normal(size=shape) * 3 + np.arange(shape[1]).reshape(-1, *[1] * (len(shape) - 2)) * 10
    out, measured = batch_norm(x, np.ones(shape[1]), np.zeros(shape[1]), eps=0)
    assert out.shape == shape
    assert np.allclose(out.mean(axis=channel_axes(x)), 0, atol=1e-12)
    assert np.allclose(out.var(axis=channel_axes(x)), 1, rtol=1e-12)
    assert np.allclose(measured.mean, x.mean(axis=channel_axes(x)), rtol=1e-12)
    assert np.allclose(measured.variance, x.var(axis=channel_axes(x)), rtol=1e-12)
    assert measured.count == x.size // shape[1]


def test_two_values_become_minus_one_and_one_then_scale_and_offset():
    x = np.array([[10.0, 1], [14.0, 1]])
    out, measured = batch_norm(x, np.array([5, 7]), np.array([100, -3]))
    assert [*map(list, measured[:2])] == [[12, 1], [4, 0]]
    assert np.allclose(out, [[100 - 5 * 2 / np.sqrt(4 + 1e-5), -3], [100 + 5 * 2 / np.sqrt(4 + 1e-5), -3]], rtol=1e-14)


@SHAPES
def test_given_statistics_are_used_and_returned(shape):
    x, weight, bias = rng.normal(size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[1])
    given = BatchStatistics(rng.normal(size=shape[1]), rng.random(shape[1]), 7)
    out, used = batch_norm(x, weight, bias, given)
    assert used is given
    by_channel = np.moveaxis(x, 1, -1)
    expected = (by_channel - given.mean) / np.sqrt(given.variance + 1e-5) * weight + bias
    assert np.allclose(out, np.moveaxis(expected, -1, 1), rtol=1e-10, atol=1e-12)


@SHAPES
def test_what_was_measured_gives_the_same_when_it_is_given(shape):
    x, weight, bias = rng.normal(size=shape), rng.normal(size=shape[1]), rng.normal(size=shape[1])
    out, measured = batch_norm(x, weight, bias)
    assert np.array_equal(out, batch_norm(x, weight, bias, measured)[0])


def test_a_shift_and_a_scale_of_a_channel_change_nothing():
    x = rng.normal(size=(5, 2, 3, 3))
    out, _ = batch_norm(x, np.ones(2), np.zeros(2), eps=0)
    moved, _ = batch_norm(x * np.array([4, 9])[:, None, None] + 100, np.ones(2), np.zeros(2), eps=0)
    assert np.allclose(out, moved, atol=1e-11)


@SHAPES
@pytest.mark.parametrize("eps", [1e-5, 0.3])
def test_gradients_of_batch_normalisation_are_the_slopes_that_central_differences_find(shape, eps):
    def forward(x, weight, bias):
        return batch_norm(x, weight, bias, eps=eps)[0]

    def backward(grad, x, weight, bias):
        return batch_norm_backward(grad, x, weight, batch_norm(x, weight, bias, eps=eps)[1], eps)

    x = rng.normal(size=shape) + np.arange(shape[0]).reshape(
        -1, *[1] * (len(shape) - 1)
    )  # no channel is nearly constant
    check_gradient(forward, backward, x, rng.normal(size=shape[1]), rng.normal(size=shape[1]))


@SHAPES
def test_the_inputs_gradient_knows_neither_of_a_shift_nor_of_a_scale(shape):
    x, grad, weight = rng.normal(size=shape), rng.normal(size=shape), rng.normal(size=shape[1])
    grad_x, grad_weight, grad_bias = batch_norm_backward(grad, x, weight, batch_norm(x, weight, weight, eps=0)[1], 0)
    assert np.allclose(grad_x.sum(axis=channel_axes(x)), 0, atol=1e-10)
    assert np.allclose((grad_x * x).sum(axis=channel_axes(x)), 0, atol=1e-10)
    assert np.allclose(grad_bias, grad.sum(axis=channel_axes(x)))
    assert grad_weight.shape == grad_bias.shape == weight.shape


@SHAPES
def test_pytorch_normalises_batches_the_same_and_sends_the_same_back(shape):
    torch = pytest.importorskip("torch")
    x, grad, weight, bias = (
        rng.normal(size=shape),
        rng.normal(size=shape),
        rng.normal(size=shape[1]),
        rng.normal(size=shape[1]),
    )
    theirs = [torch.tensor(each, requires_grad=True) for each in (x, weight, bias)]
    out = torch.nn.functional.batch_norm(theirs[0], None, None, *theirs[1:], training=True, eps=1e-3)
    out.backward(torch.tensor(grad))
    ours, measured = batch_norm(x, weight, bias, eps=1e-3)
    assert np.allclose(ours, out.detach().numpy(), rtol=1e-9, atol=1e-11)
    for gradient, tensor in zip(batch_norm_backward(grad, x, weight, measured, 1e-3), theirs, strict=True):
        assert np.allclose(gradient, tensor.grad.numpy(), rtol=1e-8, atol=1e-10)
    mean, variance = rng.normal(size=shape[1]), rng.random(shape[1])
    running = torch.tensor(mean), torch.tensor(variance)
    out = torch.nn.functional.batch_norm(theirs[0], *running, *theirs[1:], training=False, eps=1e-3)
    ours, _ = batch_norm(x, weight, bias, BatchStatistics(mean, variance, 1), 1e-3)
    assert np.allclose(ours, out.detach().numpy(), rtol=1e-9, atol=1e-11)


def test_a_constant_channel_becomes_its_offset():
    out, _ = batch_norm(np.full((4, 2, 3, 3), 5.0), np.array([3, 4]), np.array([-1, 1]))
    assert np.allclose(out[:, 0], -1)
    assert np.allclose(out[:, 1], 1)


@pytest.mark.parametrize(("kind", "result"), [("f4", "f4"), ("f8", "f8")])
@pytest.mark.parametrize("number", [float, np.float64])
def test_batch_normalisation_keeps_the_dtype_whatever_that_of_eps(kind, result, number):
    x, ones = rng.normal(size=(4, 3, 2, 2)).astype(kind), np.ones(3, kind)
    out, measured = batch_norm(x, ones, ones, eps=number(1e-5))
    assert out.dtype == measured.mean.dtype == measured.variance.dtype == result
    assert [each.dtype for each in batch_norm_backward(out, x, ones, measured, number(1e-5))] == [result] * 3


def test_integers_are_normalised_as_float64():
    out, _ = batch_norm(np.array([[1], [3]]), [1], [0], eps=0)
    assert out.tolist() == [[-1], [1]]
    assert out.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        *(({"x": np.ones(shape)}, f"x has shape {shape}: must have the axes (N, C) or (N, C, H, W), none of them empty")
          for shape in ((3,), (), (4, 3, 2), (1, 4, 3, 2, 2), (0, 3), (4, 3, 0, 2))),
        ({"weight": np.ones(4)}, "weight has shape (4,): must be (3,), one number a channel"),
        ({"weight": 1.0}, "weight has shape (): must be (3,), one number a channel"),
        ({"bias": np.ones((3, 1))}, "bias has shape (3, 1): must be (3,), one number a channel"),
        ({"statistics": BatchStatistics(np.ones(1), np.ones(3), 4)},
         "statistics.mean has shape (1,): must be (3,), one number a channel"),
        ({"statistics": BatchStatistics(np.ones(3), np.ones(4), 4)},
         "statistics.variance has shape (4,): must be (3,), one number a channel"),
    ],
)  # fmt: skip
def test_a_batch_norm_that_does_not_fit_is_refused_by_name(change, message):
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        batch_norm(**NORM | change)
    if "bias" not in change:
        arguments = NORM | change
        del arguments["bias"]
        with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
            batch_norm_backward(np.ones((4, 3)), **arguments)


def test_eps_is_a_finite_number_of_at_least_zero():
    calls = (
        lambda eps: batch_norm(**NORM, eps=eps),
        lambda eps: batch_norm_backward(  # noqa: E731
            NORM["x"], NORM["x"], NORM["weight"], NORM["statistics"], eps
        ),
    )
    for call in calls:
        for value in (-1e-5, NAN, INF):
            with pytest.raises(ValueError, match=f"^eps={value}: must be a number of at least 0$"):
                call(value)
        for value in BAD_NUMBERS:
            with pytest.raises(TypeError, match="^eps=.*: must be a number of at least 0$"):
                call(value)
