"""Convolution: memory and gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.ops import MEMORY_LIMIT, conv2d, conv2d_backward
from lecture_lib.shapes import ShapeError
from tests.convolution_cases import (
    BACKWARD,
    BACKWARD_WRONG,
    BOTH,
    GOOD,
    GRAD,
    HUNGRY,
    ORDERS,
    VIEWS,
    WRONG,
    backward_by_loops,
    by_scipy,
    layers,
    lies_batch_last,
    like_the_output,
    ones,
    same,
    taken,
    whole,
)
from tests.gradients import check_gradient

pytestmark = pytest.mark.usefixtures("loud")

# Memory


@BOTH
def test_inputs_stay_as_they_were_and_may_be_read_only(convolve):
    frozen = {name: value.copy() for name, value in GOOD.items() if name != "groups"}
    for array in frozen.values():
        array.flags.writeable = False
    expected = convolve(**GOOD, padding=1)
    out = convolve(**frozen, groups=2, padding=1)
    assert np.array_equal(out, expected)
    assert all(np.array_equal(array, GOOD[name]) for name, array in frozen.items())


@BOTH
@pytest.mark.parametrize("kernel", [1, 3])
def test_the_result_lies_batch_last_is_writable_and_shares_no_memory(convolve, kernel):
    x, weight, bias = whole(2, 3, 4, 5), whole(4, 3, kernel, kernel), whole(4)
    out = convolve(x, weight, bias, padding=kernel // 2)
    assert lies_batch_last(out) if convolve is conv2d else out.flags.c_contiguous
    assert out.flags.writeable
    assert not any(np.shares_memory(out, array) for array in (x, weight, bias))


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_only_the_numbers_count_not_how_they_lie_in_memory(view):
    x, weight = view(whole(2, 3, 5, 6)), view(whole(4, 3, 2, 3))
    out = conv2d(x, weight, padding=1, stride=(1, 2))
    assert lies_batch_last(out)
    assert np.array_equal(out, conv2d(x.copy("C"), weight.copy("C"), padding=1, stride=(1, 2)))


@given(layers())
def test_gradients_are_adjoint_to_the_layer(layer):
    x, weight, _, how = layer
    out, grad = conv2d(x, weight, **how), like_the_output(x, weight, **how)
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, x, weight, **how)
    assert np.vdot(out, grad) == np.vdot(x, grad_x) == np.vdot(weight, grad_weight)
    assert np.array_equal(grad_bias, grad.sum(axis=(0, 2, 3)))
    assert grad_x.shape == x.shape
    assert grad_weight.shape == weight.shape


@given(layers())
@settings(max_examples=50)
def test_the_gradients_and_those_of_the_loops_agree(layer):
    x, weight, _, how = layer
    grad = like_the_output(x, weight, **how)
    assert same(conv2d_backward(grad, x, weight, **how), backward_by_loops(grad, x, weight, **how))


@pytest.mark.parametrize("seed", range(12))
def test_gradients_are_the_slopes_that_central_differences_find(seed):
    numbers = np.random.default_rng(seed)
    names = ("stride", "padding", "dilation")
    how = {name: tuple(numbers.integers(name != "padding", 3, 2).tolist()) for name in names}
    how["groups"] = groups = 1 + seed % 2
    kernel = numbers.integers(1, 4, 2)
    size = np.maximum(1, (kernel - 1) * how["dilation"] + 1 - 2 * np.array(how["padding"])) + numbers.integers(0, 3, 2)
    x = numbers.normal(size=(2, 2 * groups, *size))
    weight = numbers.normal(size=(numbers.integers(1, 3) * groups, 2, *kernel))
    check_gradient(
        lambda x, weight, bias: conv2d(x, weight, bias, **how),
        lambda grad, x, weight, bias: conv2d_backward(grad, x, weight, **how),
        x, weight, numbers.normal(size=len(weight)),
    )  # fmt: skip


def test_gradients_worked_out_by_hand():
    x, weight = np.array([[[[1, 2, 3], [4, 5, 6]]]]), np.array([[[[10, 20]]]])  # two windows side by side, two rows
    grad_x, grad_weight, grad_bias = conv2d_backward(np.array([[[[1, 2], [0, -1]]]]), x, weight)
    assert grad_x.tolist() == [[[[10, 20 + 2 * 10, 2 * 20], [0, -10, -20]]]]
    assert grad_weight.tolist() == [[[[1 * 1 + 2 * 2 - 5, 1 * 2 + 2 * 3 - 6]]]]
    assert grad_bias.tolist() == [1 + 2 + 0 - 1]


def test_pixels_that_no_window_meets_get_nothing_back():
    grad_x, _, _ = conv2d_backward(np.ones((1, 1, 2, 2)), np.ones((1, 1, 6, 7)), np.ones((1, 1, 2, 2)), stride=3)
    assert grad_x[0, 0].tolist() == [[1, 1, 0, 1, 1, 0, 0]] * 2 + [[0] * 7] + [[1, 1, 0, 1, 1, 0, 0]] * 2 + [[0] * 7]


def test_a_window_in_the_padding_alone_teaches_its_weights_nothing():
    grad = np.zeros((1, 1, 5, 5))
    grad[..., 0, :] = 7
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1)), padding=2)
    assert (grad_x.item(), grad_weight.item(), grad_bias.item()) == (0, 0, 35)


@given(layers())
@settings(max_examples=40)
def test_without_the_inputs_gradient_the_others_are_the_same(layer):
    x, weight, _, how = layer
    grad = like_the_output(x, weight, **how)
    nothing, *others = conv2d_backward(grad, x, weight, **how, input_grad=False)
    assert nothing is None
    assert same(others, conv2d_backward(grad, x, weight, **how)[1:])


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("name", ["grad", "x", "weight"])
def test_gradients_see_only_the_numbers_not_how_they_lie_in_memory(view, name):
    arguments = {"grad": GRAD, **BACKWARD}
    looked = view(arguments[name])
    expected = conv2d_backward(**arguments | {name: looked.copy("C")})
    assert same(conv2d_backward(**arguments | {name: looked}), expected)


@pytest.mark.parametrize("view", [*VIEWS.values(), np.copy], ids=[*VIEWS, "plain"])
@pytest.mark.parametrize("writeable", [True, False])
def test_gradients_change_no_argument(view, writeable):
    arrays = {
        name: view(array.copy())
        for name, array in {"grad": GRAD, **BACKWARD}.items()
        if name in ("x", "weight", "grad")
    }
    if not writeable:
        for array in arrays.values():
            array.flags.writeable = False
    before = {name: array.copy() for name, array in arrays.items()}
    results = conv2d_backward(**arrays, groups=2, padding=1)
    assert all(np.array_equal(array, before[name]) for name, array in arrays.items())
    assert not any(np.shares_memory(result, array) for result in results for array in arrays.values())
    assert all(result.flags.writeable for result in results)


@pytest.mark.parametrize(
    ("grad", "x", "weight", "result"),
    [("f4", "f4", "f4", "f4"), ("f8", "f8", "f8", "f8"), ("f4", "f8", "f4", "f8"), ("f4", "f4", "f8", "f8"),
     ("i4", "f4", "f4", "f4"), ("f8", "f4", "f4", "f4"), ("f4", "i4", "f4", "f8"), ("?", "u1", "i8", "f8")],
)  # fmt: skip
def test_gradients_have_the_dtype_the_layer_computes_in(grad, x, weight, result):
    arrays = np.ones((1, 2, 2, 2), grad), np.ones((1, 1, 3, 3), x), np.ones((2, 1, 2, 2), weight)
    assert [each.dtype for each in conv2d_backward(*arrays)] == [result] * 3


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_comes_through_without_a_warning(value):
    grad = GRAD.copy()
    grad[0, 1, 2, 3] = value
    grad_x, grad_weight, grad_bias = conv2d_backward(grad, **BACKWARD)
    assert np.isfinite(grad_x[1]).all()
    assert not np.isfinite(grad_x[0, :2, 1:4, 2:5]).any()
    assert np.isfinite(grad_x[0, 2:]).all()
    assert np.isfinite(grad_bias).tolist() == np.isfinite(grad_weight).all(axis=(1, 2, 3)).tolist() == [
        True, False, True, True, True, True,
    ]  # fmt: skip


@given(layers())
@settings(max_examples=60)
def test_pytorch_finds_the_same_maps_and_the_same_gradients(layer):
    torch = pytest.importorskip("torch")
    x, weight, bias, how = layer
    grad = like_the_output(x, weight, **how)
    theirs = [
        torch.tensor(array, requires_grad=True)
        for array in (x, weight, np.zeros(len(weight)) if bias is None else bias)
    ]
    out = torch.nn.functional.conv2d(*theirs, **how)
    out.backward(torch.tensor(grad))
    assert np.array_equal(conv2d(x, weight, bias, **how), out.detach().numpy())
    assert same(conv2d_backward(grad, x, weight, **how), [each.grad.numpy() for each in theirs])


# The limit of memory


@given(layers(), st.integers(1, 20_000))
def test_results_are_the_same_whatever_the_memory_limit(layer, limit):
    x, weight, bias, how = layer
    grad = like_the_output(x, weight, **how)
    out, gradients = conv2d(x, weight, bias, **how), conv2d_backward(grad, x, weight, **how)
    for few in (1, limit):  # 1: one row of one image at a time; the others split rows, or rows and images
        assert np.array_equal(conv2d(x, weight, bias, **how, memory_limit=few), out)
        assert same(conv2d_backward(grad, x, weight, **how, memory_limit=few), gradients)


@pytest.mark.parametrize("limit", [1, 3_000, 10_000, 30_000, 100_000, 10**6, 10**12])
def test_rows_and_images_may_be_split_anywhere(limit):
    x, weight = whole(7, 2, 9, 8), whole(4, 2, 3, 3)
    grad = whole(7, 4, 5, 4)
    for given_x in (x, VIEWS["batch last"](x)):
        how = {"stride": 2, "padding": 1, "memory_limit": limit}
        assert np.array_equal(conv2d(given_x, weight, **how), by_scipy(x, weight, stride=(2, 2), padding=(1, 1)))
        expected = backward_by_loops(grad, x, weight, stride=(2, 2), padding=(1, 1), dilation=(1, 1), groups=1)
        assert same(conv2d_backward(grad, given_x, weight, **how), expected)


@pytest.mark.parametrize("padding", range(10))
def test_rows_of_padding_alone_may_be_a_tile_of_their_own(padding):
    x, weight = whole(1, 1, 2, 3), whole(1, 1, 2, 2)
    expected = by_scipy(x, weight, padding=(padding, 1))
    assert np.array_equal(conv2d(x, weight, padding=(padding, 1), memory_limit=1), expected)


@ORDERS
def test_a_large_batch_takes_less_than_64_megabytes_beside_its_arrays(order):
    x, weight = ones((256, 16, 32, 32), order), np.ones((32, 16, 3, 3), np.float32)
    out, _, most = taken(lambda: conv2d(x, weight, padding=1))
    assert most - out.nbytes < MEMORY_LIMIT == 64 * 2**20
    assert out[255, 31, 31, 30] == 16 * 6
    grad = ones(out.shape, order)
    del out
    gradients, _, most = taken(lambda: conv2d_backward(grad, x, weight, padding=1))
    assert most - sum(each.nbytes for each in gradients) < MEMORY_LIMIT
    assert gradients[0][255, 15, 31, 30] == 32 * 6


@ORDERS
@pytest.mark.parametrize("name", HUNGRY)
def test_the_memory_limit_holds_for_every_kind_of_layer(name, order):
    shape, filters, how = HUNGRY[name]
    limit = 2**20
    x, weight = ones(shape, order), np.ones(filters, np.float32)
    out, beside, _ = taken(lambda: conv2d(x, weight, **how, memory_limit=limit))
    slack = 20_000  # Python's own objects
    assert beside < limit + slack
    for kind in (np.float32, np.float64):  # of another dtype, it is copied piece by piece
        grad = ones(out.shape, order).astype(kind, copy=False)
        _, beside, _ = taken(lambda grad=grad: conv2d_backward(grad, x, weight, **how, memory_limit=limit))
        assert beside < limit + slack


@pytest.mark.parametrize(
    "call", [lambda **how: conv2d(**GOOD, **how), lambda **how: conv2d_backward(GRAD, **BACKWARD, **how)]
)
def test_a_memory_limit_is_a_number_of_bytes(call):
    for value in (0, -1):
        with pytest.raises(ShapeError, match=f"^memory_limit={value}: must be at least 1"):
            call(memory_limit=value)
    for value in (1e6, "64 MB", None, True):
        with pytest.raises(TypeError, match="^memory_limit=.*must be an integer"):
            call(memory_limit=value)


@BOTH
@pytest.mark.parametrize(("change", "value", "rule"), WRONG)
def test_a_broken_rule_is_named_with_its_value(convolve, change, value, rule):
    with pytest.raises(ShapeError) as error:
        convolve(**GOOD | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@BOTH
@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "groups"])
@pytest.mark.parametrize("value", [1.0, True, "1", None, np.float32(1)], ids=repr)
def test_a_setting_that_is_no_integer_is_refused_by_name(convolve, name, value):
    with pytest.raises(TypeError, match="must be an integer") as error:
        convolve(**GOOD | {name: value})
    assert f"{name}={value!r}" in str(error.value)


@pytest.mark.parametrize(("change", "value", "rule"), BACKWARD_WRONG)
def test_the_gradients_name_a_broken_rule_with_its_value(change, value, rule):
    with pytest.raises(ShapeError) as error:
        conv2d_backward(**{"grad": GRAD} | BACKWARD | change)
    assert value in str(error.value)
    assert rule in str(error.value)


@pytest.mark.parametrize("name", ["grad", "x", "weight"])
@pytest.mark.parametrize("value", ["text", {}, [[1, 2], [3]], np.ones((2, 6, 5, 6), complex)], ids=str)
def test_the_gradients_refuse_what_is_no_array_of_numbers_by_name(name, value):
    with pytest.raises(TypeError, match=f"^{name}.*must"):
        conv2d_backward(**{"grad": GRAD} | BACKWARD | {name: value})


@BOTH
def test_settings_go_by_name_only(convolve):
    with pytest.raises(TypeError, match="positional"):
        convolve(GOOD["x"], GOOD["weight"], None, 2)
