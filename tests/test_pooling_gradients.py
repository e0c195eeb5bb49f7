"""Pooling: gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.ops import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from lecture_lib.shapes import ShapeError
from tests.pooling_cases import (
    BOTH,
    BOTH_BACKWARD,
    EVERY,
    INF,
    NAN,
    VIEWS,
    WRONG,
    X,
    grad_like,
    maps,
    pools,
    whole,
    windows,
)

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


def test_a_gradient_that_grows_too_large_becomes_infinity_without_a_warning_and_a_mean_does_not():
    x = np.full((1, 1, 2, 2), 3e38, np.float32)
    assert avg_pool2d(x, 2).item() == global_avg_pool2d(x).item() == x[0, 0, 0, 0]
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
