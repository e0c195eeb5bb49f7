"""Pooling and its gradients against loops, SciPy, PyTorch and central differences; what it refuses, in which words."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.ndimage import maximum_filter, uniform_filter

from lecture_lib.layers import MaxPool2d
from lecture_lib.ops import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.pooling_cases import (
    BOTH,
    BOTH_BACKWARD,
    INF,
    LECTURE,
    by_loops,
    grad_like,
    maps,
    pools,
    whole,
    windows,
)

# The same numbers


def test_the_lectures_example():
    assert max_pool2d(LECTURE, 2, 2)[0, 0].tolist() == [[6, 8], [3, 4]]
    assert max_pool2d(LECTURE, 2)[0, 0].tolist() == [[6, 8], [3, 4]]
    assert avg_pool2d(LECTURE, 2)[0, 0].tolist() == [[13 / 4, 21 / 4], [2, 2]]
    assert global_avg_pool2d(LECTURE).tolist() == [[50 / 16]]


@given(pools())
def test_each_output_is_of_its_window_pixel_by_pixel(case):
    x, how = case
    for pool, choose in ((max_pool2d, max), (avg_pool2d, lambda values: sum(values) / len(values))):
        out = pool(x, *how)
        expected = by_loops(choose, x, how)
        assert out.size == len(expected)
        assert all(out[place] == value for place, value in expected.items())


@given(pools())
def test_scipy_finds_the_same_maxima_and_averages(case):
    x, (kernel, stride, padding) = case
    border = [(0, 0), (0, 0), *((p, p) for p in padding)]
    picked = (..., *(slice(f // 2, f // 2 + size + 2 * p - f + 1, s) for f, size, p, s in
                     zip(kernel, x.shape[2:], padding, stride or kernel, strict=True)))  # fmt: skip
    maxima = maximum_filter(np.pad(x, border, constant_values=-INF), (1, 1, *kernel))[picked]
    assert np.array_equal(max_pool2d(x, kernel, stride, padding), maxima)
    sums = uniform_filter(np.pad(x, border), (1, 1, *kernel))[picked]
    inside = uniform_filter(np.pad(np.ones_like(x), border), (1, 1, *kernel))[picked]
    assert np.allclose(avg_pool2d(x, kernel, stride, padding), sums / inside, rtol=1e-12, atol=1e-12)


@given(pools())
@settings(max_examples=60)
def test_pytorch_pools_the_same_and_sends_the_same_back(case):
    torch = pytest.importorskip("torch")
    x, (kernel, stride, padding) = case
    pairs = [
        (torch.nn.functional.max_pool2d, {}, max_pool2d, max_pool2d_backward),
        (torch.nn.functional.avg_pool2d, {"count_include_pad": False}, avg_pool2d, avg_pool2d_backward),
    ]
    for theirs, option, pool, backward in pairs:
        tensor = torch.tensor(x, requires_grad=True)
        out = theirs(tensor, kernel, stride, padding, **option)
        grad = grad_like(out.detach().numpy())
        out.backward(torch.tensor(grad))
        assert np.allclose(pool(x, kernel, stride, padding), out.detach().numpy(), rtol=1e-14, atol=0)
        assert np.allclose(backward(grad, x, kernel, stride, padding), tensor.grad.numpy(), rtol=1e-12, atol=1e-12)


def test_overlapping_windows_three_wide_two_apart():
    x = maps(np.arange(25).reshape(5, 5))
    assert max_pool2d(x, 3, 2)[0, 0].tolist() == [[12, 14], [22, 24]]
    assert avg_pool2d(x, 3, 2)[0, 0].tolist() == [[6, 8], [16, 18]]
    assert max_pool2d(np.ones((1, 1, 55, 55)), 3, 2).shape == (1, 1, 27, 27)  # AlexNet's


def test_a_stride_beyond_the_window_leaves_pixels_out():
    x = maps([[1, 2, 90, 3, 4, 90, 5]])
    assert max_pool2d(x, (1, 2), (1, 3)).tolist() == [[[[2, 4]]]]
    assert avg_pool2d(x, (1, 2), (1, 3)).tolist() == [[[[1.5, 3.5]]]]
    grad = maps([[10, 20]])
    assert max_pool2d_backward(grad, x, (1, 2), (1, 3)).tolist() == [[[[0, 10, 0, 0, 20, 0, 0]]]]
    assert avg_pool2d_backward(grad, x, (1, 2), (1, 3)).tolist() == [[[[5, 5, 0, 10, 10, 0, 0]]]]


def test_a_pair_is_vertical_then_horizontal():
    x = maps(np.arange(24).reshape(4, 6))
    assert max_pool2d(x, (2, 3))[0, 0].tolist() == [[8, 11], [20, 23]]
    assert max_pool2d(x, (1, 1), (3, 5))[0, 0].tolist() == [[0, 5], [18, 23]]
    assert max_pool2d(x, (2, 1), (2, 6), (1, 0))[0, 0].tolist() == [[0], [12], [18]]
    assert avg_pool2d(x, (4, 1))[0, 0].tolist() == [[9, 10, 11, 12, 13, 14]]


@BOTH
def test_one_number_means_the_same_on_both_axes(pool):
    x = whole(2, 3, 9, 8)
    assert np.array_equal(pool(x, 3, 2, 1), pool(x, (3, 3), [2, 2], np.array([1, 1])))


@BOTH
def test_no_stride_means_windows_side_by_side(pool):
    x = whole(2, 3, 7, 9)
    assert np.array_equal(pool(x, (2, 3)), pool(x, (2, 3), (2, 3)))


@BOTH
def test_a_window_of_one_pixel_changes_nothing(pool):
    x = whole(2, 3, 4, 5)
    assert np.array_equal(pool(x, 1), x)


def test_a_window_as_large_as_the_map_is_global_pooling():
    x = whole(2, 3, 4, 8)
    assert np.array_equal(avg_pool2d(x, (4, 8))[:, :, 0, 0], global_avg_pool2d(x))
    assert np.array_equal(max_pool2d(x, (4, 8))[:, :, 0, 0], x.max(axis=(2, 3)))


# Padding is empty


@given(pools())
def test_padding_never_wins_a_maximum(case):
    x, how = case
    out = max_pool2d(-1 - abs(x), *how)
    assert (out < 0).all()
    assert np.isfinite(out).all()


@given(pools())
def test_padding_does_not_count_in_an_average(case):
    x, how = case
    assert (avg_pool2d(np.full_like(x, 7), *how) == 7).all()


def test_padding_by_hand():
    x = maps([[-1, -2, -3]])
    assert max_pool2d(x, (1, 2), 1, (0, 1)).tolist() == [[[[-1, -1, -2, -3]]]]
    assert avg_pool2d(x, (1, 2), 1, (0, 1)).tolist() == [[[[-1, -1.5, -2.5, -3]]]]
    grad = maps([[1, 10, 100, 1000]])
    assert max_pool2d_backward(grad, x, (1, 2), 1, (0, 1)).tolist() == [[[[11, 100, 1000]]]]
    assert avg_pool2d_backward(grad, x, (1, 2), 1, (0, 1)).tolist() == [[[[1 + 5, 5 + 50, 50 + 1000]]]]


def test_a_map_smaller_than_its_padding_still_pools():
    assert max_pool2d(maps([[-5]]), 4, 1, 2).tolist() == [[[[-5, -5], [-5, -5]]]]
    assert avg_pool2d(maps([[-5]]), 4, 1, 2).tolist() == [[[[-5, -5], [-5, -5]]]]
    assert max_pool2d_backward(np.ones((1, 1, 2, 2)), maps([[-5]]), 4, 1, 2).item() == 4
    assert avg_pool2d_backward(np.ones((1, 1, 2, 2)), maps([[-5]]), 4, 1, 2).item() == 4


# The gradients


@given(pools())
def test_of_equal_pixels_the_first_gets_the_gradient_and_windows_add_up(case):
    x, how = case
    grad = grad_like(max_pool2d(x, *how))
    expected = np.zeros_like(x)
    for place, inside in windows(x, *how):
        expected[max(inside, key=lambda pixel: x[pixel])] += grad[place]  # max keeps the first
    assert np.array_equal(max_pool2d_backward(grad, x, *how), expected)


@given(pools(values=0))
def test_on_a_flat_map_the_first_pixel_of_each_window_gets_everything(case):
    x, how = case
    grad = grad_like(max_pool2d(x, *how))
    expected = np.zeros_like(x)
    for place, inside in windows(x, *how):
        expected[inside[0]] += grad[place]
    assert np.array_equal(max_pool2d_backward(grad, x, *how), expected)


@BOTH_BACKWARD
@given(pools())
@settings(max_examples=60)
def test_no_gradient_is_lost_and_none_is_made(backward, case):
    x, how = case
    grad = grad_like(max_pool2d(x, *how))
    assert np.allclose(backward(grad, x, *how).sum(axis=(2, 3)), grad.sum(axis=(2, 3)), rtol=0, atol=1e-9)


@given(pools())
def test_the_gradient_of_averages_is_adjoint_to_averaging(case):
    x, how = case
    out = avg_pool2d(x, *how)
    grad = grad_like(out)
    assert np.isclose(np.vdot(out, grad), np.vdot(x, avg_pool2d_backward(grad, x, *how)), rtol=1e-12, atol=1e-9)


@given(pools())
@settings(max_examples=60)
def test_a_maximum_times_its_gradient_is_the_winning_pixel_times_its_own(case):
    x, how = case
    out = max_pool2d(x, *how)
    grad = grad_like(out)
    assert np.vdot(out, grad) == np.vdot(x, max_pool2d_backward(grad, x, *how))


@pytest.mark.parametrize("seed", range(8))
def test_gradients_are_the_slopes_that_central_differences_find(seed):
    numbers = np.random.default_rng(seed)
    kernel = numbers.integers(1, 4, 2)
    how = tuple(kernel), tuple(numbers.integers(1, 4, 2)), tuple(numbers.integers(0, kernel // 2 + 1))
    x = numbers.permutation(2 * 2 * 5 * 6).reshape(
        2, 2, 5, 6
    )  # no two are equal, so that a small step changes no winner
    check_gradient(lambda x: max_pool2d(x, *how), lambda grad, x: max_pool2d_backward(grad, x, *how), x)
    check_gradient(lambda x: avg_pool2d(x, *how), lambda grad, x: avg_pool2d_backward(grad, x, *how), x)


def test_the_gradient_of_global_averages_is_an_equal_share():
    x = whole(2, 3, 4, 5)
    check_gradient(global_avg_pool2d, global_avg_pool2d_backward, x)
    grad_x = global_avg_pool2d_backward(np.full((2, 3), 40), x)
    assert np.array_equal(grad_x, np.full(x.shape, 2.0))


def test_a_pixel_that_wins_four_windows_gets_all_four():
    x = maps([[0, 0, 0], [0, 5, 0], [0, 0, 0]])
    grad_x = max_pool2d_backward(maps([[1, 2], [4, 8]]), x, 2, 1)
    assert grad_x[0, 0].tolist() == [[0, 0, 0], [0, 15, 0], [0, 0, 0]]


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d, lambda x, f, **torch: MaxPool2d(f, **torch).forward(x)])
def test_ceil_mode_is_answered_with_what_to_do_and_that_gives_what_it_would(pool):
    x = np.arange(25.0).reshape(1, 1, 5, 5)
    with pytest.raises(ShapeError, match="ceil_mode=True: must be False.*np.pad\\(x, .*'edge'\\)"):
        pool(x, 2, ceil_mode=True)
    assert pool(x, 2, ceil_mode=False).shape == (1, 1, 2, 2)
    enlarged = max_pool2d(np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)), "edge"), 2)
    np.testing.assert_array_equal(enlarged[0, 0], [[6, 8, 9], [16, 18, 19], [21, 23, 24]])
