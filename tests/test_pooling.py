"""Pooling and its gradients against loops, SciPy, PyTorch and central differences; what it refuses, in which words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import maximum_filter, uniform_filter

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

BOTH = pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
BOTH_BACKWARD = pytest.mark.parametrize("backward", [max_pool2d_backward, avg_pool2d_backward])
EVERY = pytest.mark.parametrize("call", [
    max_pool2d, avg_pool2d,
    lambda x, *how: max_pool2d_backward(np.ones((2, 3, 2, 3)), x, *how),
    lambda x, *how: avg_pool2d_backward(np.ones((2, 3, 2, 3)), x, *how),
], ids=["max_pool2d", "avg_pool2d", "max_pool2d_backward", "avg_pool2d_backward"])  # fmt: skip
LECTURE = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])
NAN, INF = np.nan, np.inf
rng = np.random.default_rng(0)


def whole(*shape):
    """Small whole numbers, many of them equal."""
    return rng.integers(-9, 10, shape).astype(float)


def maps(rows):
    """One map of one image."""
    return np.array([[rows]], float)


@st.composite
def pools(draw, values=9):
    """x and the settings of a pooling whose window fits; both axes are drawn apart."""
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    padding = tuple(draw(st.integers(0, f // 2)) for f in kernel)
    stride = draw(st.one_of(st.none(), st.tuples(st.integers(1, 6), st.integers(1, 6))))
    size = [max(1, f - 2 * p) + draw(st.integers(0, 7)) for f, p in zip(kernel, padding, strict=True)]
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = numbers.integers(-values, values + 1, (draw(st.integers(1, 3)), draw(st.integers(1, 3)), *size)).astype(float)
    return x, (kernel, stride, padding)


def windows(x, kernel, stride, padding):
    """(n, c, i, j), and the pixels of the window there that lie inside the picture, in reading order."""
    for n, c in np.ndindex(x.shape[:2]):
        starts = [
            range(-p, size + p - f + 1, s)
            for size, f, s, p in zip(x.shape[2:], kernel, stride or kernel, padding, strict=True)
        ]
        for i, top in enumerate(starts[0]):
            for j, left in enumerate(starts[1]):
                inside = [(n, c, top + a, left + b) for a, b in np.ndindex(kernel)
                          if 0 <= top + a < x.shape[2] and 0 <= left + b < x.shape[3]]  # fmt: skip
                yield (n, c, i, j), inside


def by_loops(choose, x, how):
    """``choose`` of the values inside each window, as a dict from place to number."""
    return {place: choose([x[pixel] for pixel in inside]) for place, inside in windows(x, *how)}


def grad_like(out):
    """Whole numbers in the shape of the output, of both signs."""
    return np.random.default_rng(out.size).integers(-9, 10, out.shape).astype(float)


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


# NaN and infinity


@BOTH
@given(pools(), st.data())
@settings(max_examples=60)
def test_nan_reaches_exactly_the_windows_that_hold_it(pool, case, data):
    x, how = case
    clean = pool(x, *how)
    place = tuple(data.draw(st.integers(0, side - 1)) for side in x.shape)
    x[place] = NAN
    out = pool(x, *how)
    for at, inside in windows(x, *how):
        assert np.isnan(out[at]) if place in inside else out[at] == clean[at]


def test_minus_infinity_is_a_value_as_any_other():
    x = np.full((1, 1, 3, 3), -INF)
    assert (max_pool2d(x, 2, 1, 1) == -INF).all()
    assert (avg_pool2d(x, 2, 1, 1) == -INF).all()
    assert max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2, 1)[0, 0].tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]
    x[0, 0, 1, 1] = -1e300
    assert (max_pool2d(x, 2, 1) == -1e300).all()
    assert max_pool2d_backward(np.ones((1, 1, 2, 2)), x, 2, 1)[0, 0].tolist() == [[0, 0, 0], [0, 4, 0], [0, 0, 0]]


def test_infinity_wins_and_opposite_infinities_have_no_mean():
    x = maps([[INF, 1, -INF, INF]])
    assert max_pool2d(x, (1, 2)).tolist() == [[[[INF, INF]]]]
    assert avg_pool2d(x, (1, 2))[0, 0, 0, 0] == INF
    assert np.isnan(avg_pool2d(x, (1, 2))[0, 0, 0, 1])
    assert np.isnan(global_avg_pool2d(x)).all()


def test_sums_that_grow_too_large_become_infinity_without_a_warning():
    x = np.full((1, 1, 2, 2), 3e38, np.float32)
    assert avg_pool2d(x, 2).item() == global_avg_pool2d(x).item() == INF
    assert max_pool2d_backward(x, np.float32(maps([[0, 0, 0], [0, 1, 0], [0, 0, 0]])), 2, 1)[0, 0, 1, 1] == INF


def test_the_first_pixel_answers_for_a_window_with_nan():
    x = maps([[1, NAN, 5, 6]])
    assert max_pool2d_backward(maps([[10, 20]]), x, (1, 2)).tolist() == [[[[10, 0, 0, 20]]]]
    assert max_pool2d_backward(maps([[10, 20]]), np.full((1, 1, 1, 4), NAN), (1, 2)).tolist() == [[[[10, 0, 20, 0]]]]


@BOTH_BACKWARD
@pytest.mark.parametrize("value", [NAN, INF, -INF])
def test_a_gradient_that_is_not_finite_stays_in_its_window(backward, value):
    grad_x = backward(maps([[value, 2]]), maps([[1, 3, 5, 4]]), (1, 2))
    assert not np.isfinite(grad_x[0, 0, 0, 1])
    assert np.isfinite(grad_x[0, 0, 0, 2:]).all()


# Dtypes and memory


@BOTH
@pytest.mark.parametrize(("kind", "result"), [("f4", "f4"), ("f8", "f8"), ("i8", "f8"), ("u1", "f8"), ("?", "f8")])
def test_floats_keep_their_dtype_and_integers_become_float64(pool, kind, result):
    x = np.ones((1, 2, 4, 4), kind)
    assert pool(x, 2).dtype == pool(x, 2, 1, 1).dtype == global_avg_pool2d(x).dtype == result


@pytest.mark.parametrize(
    ("grad", "x", "result"),
    [("f4", "f4", "f4"), ("f4", "f8", "f8"), ("f8", "f4", "f8"), ("i4", "f4", "f8"), ("f4", "u1", "f8")],
)
def test_gradients_have_the_wider_dtype(grad, x, result):
    grad, x = np.ones((1, 2, 2, 2), grad), np.ones((1, 2, 4, 4), x)
    gradients = (
        max_pool2d_backward(grad, x, 2),
        avg_pool2d_backward(grad, x, 2),
        global_avg_pool2d_backward(grad[:, :, 0, 0], x),
    )
    assert [each.dtype for each in gradients] == [result] * 3


def test_bytes_do_not_overflow():
    assert avg_pool2d(np.full((1, 1, 2, 2), 255, np.uint8), 2).item() == 255
    assert max_pool2d(np.full((1, 1, 2, 2), -128, np.int8), 2, 1, 1).max() == -128


VIEWS = {
    "batch first": lambda a: a.copy("C"),
    "batch last": lambda a: np.ascontiguousarray(a.transpose(1, 2, 3, 0)).transpose(3, 0, 1, 2),
    "reversed": lambda a: a[..., ::-1, ::-1],
    "every second": lambda a: np.repeat(a, 2, axis=3)[..., ::2],
    "broadcast": lambda a: np.broadcast_to(a[:1, :1], a.shape),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_results_lie_batch_last_however_the_arguments_lie(view):
    x = view(whole(2, 3, 6, 7))
    for pool, backward in ((max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)):
        out = pool(x, 3, 2, 1)
        grad = view(grad_like(out))
        grad_x = backward(grad, x, 3, 2, 1)
        assert np.array_equal(out, pool(x.copy("C"), 3, 2, 1))
        assert np.array_equal(grad_x, backward(grad.copy("C"), x.copy("C"), 3, 2, 1))
        assert all(each.transpose(1, 2, 3, 0).flags.c_contiguous for each in (out, grad_x))
    shared = global_avg_pool2d_backward(global_avg_pool2d(x), x)
    assert shared.transpose(1, 2, 3, 0).flags.c_contiguous


@BOTH
@pytest.mark.parametrize("how", [(1,), (2,), (3, 2, 1)])
def test_the_result_is_writable_and_shares_no_memory(pool, how):
    x = whole(2, 3, 5, 6)
    out = pool(x, *how)
    assert out.flags.writeable
    assert not np.shares_memory(out, x)


def test_only_the_shape_and_dtype_of_x_matter_to_the_gradient_of_averages():
    grad, x = whole(2, 3, 3, 4), whole(2, 3, 5, 7)
    for other in (x + 1, np.full_like(x, NAN)):
        assert np.array_equal(avg_pool2d_backward(grad, x, 3, 2, 1), avg_pool2d_backward(grad, other, 3, 2, 1))
        assert np.array_equal(
            global_avg_pool2d_backward(grad[..., 0, 0], x), global_avg_pool2d_backward(grad[..., 0, 0], other)
        )


# Every argument counts


@BOTH
@pytest.mark.parametrize("how", [(2, 2, 1), (4, 2, 1), (3, 1, 1), (3, 3, 1), (3, 2, 0), ((3, 2), 2, 1), (3, (2, 1), 1)])
def test_every_setting_changes_the_result(pool, how):
    x = np.arange(72.0).reshape(1, 1, 8, 9) ** 2
    before, after = pool(x, 3, 2, 1), pool(x, *how)
    assert before.shape != after.shape or not np.array_equal(before, after)


# Bad input: the name, the value, the rule

X = whole(2, 3, 4, 6)
WRONG = [
    ((5,), "kernel_size=5", "must fit"),
    (((2, 7),), "kernel_size=7", "must fit"),
    ((0,), "kernel_size=0", "at least 1"),
    (((2, -1),), "kernel_size[1]=-1", "at least 1"),
    (((2, 2, 2),), "kernel_size=(2, 2, 2)", "a pair of integers"),
    ((2, 0), "stride=0", "at least 1"),
    ((2, (1, 0)), "stride[1]=0", "at least 1"),
    ((2, 2, -1), "padding=-1", "at least 0"),
    ((2, 2, 2), "padding=(2, 2)", "at most half of kernel_size=(2, 2)"),
    ((3, 2, 2), "padding=(2, 2)", "at most half of kernel_size=(3, 3)"),
    (((4, 3), 2, 2), "padding=(2, 2)", "at most half of kernel_size=(4, 3)"),
    ((1, 1, 1), "padding=(1, 1)", "at most half of kernel_size=(1, 1)"),
]


@EVERY
@pytest.mark.parametrize(("how", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(call, how, value, rule):
    with pytest.raises(ShapeError) as error:
        call(X, *how)
    assert value in str(error.value)
    assert rule in str(error.value)


@EVERY
@pytest.mark.parametrize("name", ["kernel_size", "stride", "padding"])
@pytest.mark.parametrize("value", [1.0, True, "1", np.float32(1)], ids=repr)
def test_a_setting_that_is_no_integer_is_refused_by_name(call, name, value):
    settings = {"kernel_size": 2, "stride": 2, "padding": 0} | {name: value}
    with pytest.raises(TypeError, match="must be an integer") as error:
        call(X, *settings.values())
    assert f"{name}={value!r}" in str(error.value)


@BOTH_BACKWARD
@pytest.mark.parametrize("shape", [(2, 3, 2, 2), (1, 3, 2, 3), (2, 1, 2, 3), (2, 3, 4, 6), (2, 3), (), (0, 3, 2, 3)])
def test_a_gradient_of_another_shape_is_refused_by_name(backward, shape):
    with pytest.raises(ShapeError) as error:
        backward(np.ones(shape), X, 2)
    assert str(error.value) == f"grad has shape {shape}: must be (2, 3, 2, 3), the shape of the output"


@pytest.mark.parametrize("shape", [(2, 1), (3, 2), (2,), (2, 3, 1, 1), ()])
def test_a_gradient_of_another_shape_than_the_global_averages_is_refused_by_name(shape):
    with pytest.raises(ShapeError) as error:
        global_avg_pool2d_backward(np.ones(shape), X)
    assert str(error.value) == f"grad has shape {shape}: must be (2, 3), the shape of the output"
