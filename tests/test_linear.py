"""The fully connected layer, softmax and cross-entropy: by hand, SciPy, PyTorch, central differences; what is refused."""

import re

import numpy as np
import pytest
from hypothesis import given

from lecture_lib.ops import linear, linear_backward
from lecture_lib.shapes import ShapeError
from tests.gradients import central_differences, check_gradient
from tests.linear_cases import INF, LAYER, NAN, layers, rng, whole

# The helper of all tests of gradients


def test_a_right_gradient_passes_and_each_wrong_one_is_found():
    def product(x, y):
        return x * y + x

    x, y = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
    check_gradient(product, lambda grad, x, y: (grad * (y + 1), grad * x), x, y)
    check_gradient(lambda x: float((x**3).sum()), lambda grad, x: grad * 3 * x**2, x)  # a number is a result, too
    wrong = {
        "sign": lambda grad, x, y: (-grad * (y + 1), grad * x),
        "factor": lambda grad, x, y: (grad * (y + 1), 1.001 * grad * x),
        "forgotten term": lambda grad, x, y: (grad * y, grad * x),
        "forgotten gradient": lambda grad, x, y: (grad * (y + 1),),
        "ignored output gradient": lambda grad, x, y: (y + 1, x),
        "summed": lambda grad, x, y: (grad * (y + 1), (grad * x).sum(axis=0)),
        "one entry": lambda grad, x, y: (grad * (y + 1), grad * x + np.eye(2, 3) * 1e-4),
        "NaN": lambda grad, x, y: (grad * (y + 1), grad * x * NAN),
    }
    for backward in wrong.values():
        with pytest.raises(AssertionError):
            check_gradient(product, backward, x, y)


def test_central_differences_find_the_slopes_of_a_cube_and_leave_their_argument_alone():
    at = np.array([[1.0, -2.0], [0.0, 3.0]])
    slopes = central_differences(lambda x: (x**3).sum(), at)
    assert np.allclose(slopes, [[3, 12], [0, 27]], atol=1e-8)
    assert at.tolist() == [[1, -2], [0, 3]]


# The fully connected layer


def test_each_output_is_a_weighted_sum_of_all_inputs():
    x, weight, bias = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[1, 0, -1], [2, 2, 2]]), np.array([10, 100])
    assert linear(x, weight, bias).tolist() == [[1 - 3 + 10, 2 + 4 + 6 + 100], [4 - 6 + 10, 8 + 10 + 12 + 100]]
    assert linear(x, weight).tolist() == [[-2, 12], [-2, 30]]


def test_its_gradients_worked_out_by_hand():
    grad_x, grad_weight, grad_bias = linear_backward(np.array([[1, 10], [2, 0]]), [[3, 4], [5, 6]], [[7, 8], [9, 0]])
    assert grad_x.tolist() == [[7 + 90, 8], [14, 16]]
    assert grad_weight.tolist() == [[3 + 10, 4 + 12], [30, 40]]
    assert grad_bias.tolist() == [3, 10]


@given(layers())
def test_the_layer_in_loops(layer):
    x, weight, bias = layer
    out = linear(x, weight, bias)
    assert out.shape == (len(x), len(weight))
    for n, m in np.ndindex(out.shape):
        assert out[n, m] == bias[m] + sum(weight[m, d] * x[n, d] for d in range(x.shape[1]))


@given(layers())
def test_gradients_are_adjoint_to_the_layer(layer):
    x, weight, bias = layer
    grad = linear(x, weight, bias) - 3
    grad_x, grad_weight, grad_bias = linear_backward(grad, x, weight)
    assert np.vdot(linear(x, weight), grad) == np.vdot(x, grad_x) == np.vdot(weight, grad_weight)
    assert np.array_equal(grad_bias, grad.sum(axis=0))


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 2), (2, 1, 5), (1, 5, 1)])
def test_gradients_are_the_slopes_that_central_differences_find(shape):
    n, d, m = shape
    x, weight, bias = rng.normal(size=(n, d)), rng.normal(size=(m, d)), rng.normal(size=m)
    check_gradient(linear, lambda grad, x, weight, bias: linear_backward(grad, x, weight), x, weight, bias)


@given(layers())
def test_without_the_inputs_gradient_the_others_are_the_same(layer):
    x, weight, bias = layer
    grad = linear(x, weight, bias)
    nothing, *others = linear_backward(grad, x, weight, input_grad=False)
    assert nothing is None
    assert all(np.array_equal(a, b) for a, b in zip(others, linear_backward(grad, x, weight)[1:], strict=True))


def test_pytorch_finds_the_same_outputs_and_the_same_gradients():
    torch = pytest.importorskip("torch")
    for n, d, m in ((1, 1, 1), (5, 7, 3), (2, 30, 4)):
        x, weight, bias, grad = whole(n, d), whole(m, d), whole(m), whole(n, m)
        theirs = [torch.tensor(each, requires_grad=True) for each in (x, weight, bias)]
        out = torch.nn.functional.linear(*theirs)
        out.backward(torch.tensor(grad))
        assert np.array_equal(linear(x, weight, bias), out.detach().numpy())
        for ours, tensor in zip(linear_backward(grad, x, weight), theirs, strict=True):
            assert np.array_equal(ours, tensor.grad.numpy())


def test_the_result_lies_batch_last():
    assert linear(whole(4, 3), whole(2, 3)).T.flags.c_contiguous


@pytest.mark.parametrize(
    ("x", "weight", "bias", "result"),
    [
        ("f4", "f4", "f4", "f4"),
        ("f4", "f4", None, "f4"),
        ("f4", "f8", None, "f8"),
        ("f4", "f4", "f8", "f8"),
        ("i1", "?", "u8", "f8"),
    ],
)
def test_float32_stays_and_everything_else_becomes_float64(x, weight, bias, result):
    x, weight, bias = np.ones((2, 3), x), np.ones((4, 3), weight), None if bias is None else np.ones(4, bias)
    out = linear(x, weight, bias)
    assert out.dtype == result
    if bias is None:
        assert [each.dtype for each in linear_backward(out, x, weight)] == [result] * 3


def test_nan_and_infinity_pass_through_without_a_warning():
    assert np.isnan(linear([[INF, -INF], [1, NAN], [1, 1]], [[1, 1]])).ravel().tolist() == [True, True, False]
    assert linear(np.float32([[3e38, 3e38]]), np.float32([[1, 1]])).item() == INF
    grad_x, grad_weight, _ = linear_backward([[INF], [1]], [[0, 1], [1, 1]], [[0, 2]])
    assert np.isnan(grad_x).tolist() == [[True, False], [False, False]]
    assert np.isnan(grad_weight).tolist() == [[True, False]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.ones(3)}, "x has shape (3,): must have the axes (N, D), none of them empty"),
        ({"x": np.ones((2, 3, 1, 1))}, "x has shape (2, 3, 1, 1): must have the axes (N, D), none of them empty"),
        ({"x": np.ones((0, 3))}, "x has shape (0, 3): must have the axes (N, D), none of them empty"),
        ({"x": np.ones((2, 5))}, "weight has shape (4, 3): must have 5 columns, because x has shape (2, 5)"),
        ({"weight": np.ones((3, 4))}, "weight has shape (3, 4): must have 3 columns, because x has shape (2, 3)"),
        ({"weight": np.ones(3)}, "weight has shape (3,): must have the axes (M, D), none of them empty"),
        ({"weight": np.ones((0, 3))}, "weight has shape (0, 3): must have the axes (M, D), none of them empty"),
        ({"bias": np.ones(3)}, "bias has shape (3,): must be (4,), one number an output"),
        ({"bias": np.ones((4, 1))}, "bias has shape (4, 1): must be (4,), one number an output"),
        ({"bias": 0.0}, "bias has shape (): must be (4,), one number an output"),
    ],
)
def test_a_layer_that_does_not_fit_is_refused_by_name(change, message):
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
        linear(**LAYER | change)
    if "bias" not in change:
        with pytest.raises(ShapeError, match=f"^{re.escape(message)}$"):
            linear_backward(np.ones((2, 4)), **{"x": LAYER["x"], "weight": LAYER["weight"]} | change)


@pytest.mark.parametrize("shape", [(2, 3), (4, 2), (1, 4), (2, 1), (4,), ()])
def test_a_gradient_of_another_shape_than_the_output_is_refused_by_name(shape):
    with pytest.raises(ShapeError, match=r"^grad has shape .*: must be \(2, 4\), the shape of the output$"):
        linear_backward(np.ones(shape), LAYER["x"], LAYER["weight"])
