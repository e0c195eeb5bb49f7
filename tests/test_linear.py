"""The fully connected layer, softmax and cross-entropy: by hand, SciPy, PyTorch, central differences; what is refused."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax

from lecture_lib.ops import check_labels, linear, linear_backward, softmax, softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from tests.gradients import central_differences, check_gradient

NAN, INF = np.nan, np.inf
rng = np.random.default_rng(0)
sides = st.integers(1, 6)
scores = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6)


def whole(*shape):
    """Small whole numbers: sums of their products are exact."""
    return rng.integers(-9, 10, shape).astype(float)


@st.composite
def layers(draw):
    """x, weight and bias of a fully connected layer, whole numbers."""
    n, d, m = draw(sides), draw(sides), draw(sides)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return tuple(numbers.integers(-9, 10, shape).astype(float) for shape in ((n, d), (m, d), (m,)))


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


LAYER = {"x": np.ones((2, 3)), "weight": np.ones((4, 3)), "bias": np.ones(4)}


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


# Softmax


def test_two_scores_that_differ_by_log_three_have_odds_of_three_to_one():
    assert np.allclose(softmax([[math.log(3), 0], [5, 5 - math.log(3)]]), [[3 / 4, 1 / 4]] * 2, rtol=1e-15)


@given(scores)
def test_probabilities_sum_to_one(values):
    out = softmax(values)
    assert ((out >= 0) & (out <= 1)).all()
    assert np.isclose(out.sum(), 1, rtol=1e-14)


@given(scores)
def test_the_order_of_scores_is_the_order_of_probabilities(values):
    out = softmax(values)
    assert (np.diff(out[np.argsort(values, kind="stable")]) >= 0).all()


@given(st.lists(st.integers(-30, 30), min_size=1, max_size=6), st.integers(-(10**6), 10**6))
def test_a_shift_of_all_scores_changes_nothing(values, shift):
    assert np.array_equal(softmax(np.array(values) + shift), softmax(values))


@given(scores, st.sampled_from([0.25, 0.5, 1, 2, 8]))
def test_a_temperature_divides_the_scores(values, temperature):
    assert np.array_equal(softmax(values, temperature), softmax(np.array(values) / temperature))


def test_heat_makes_probabilities_alike_and_cold_picks_the_largest():
    z = np.array([1.0, 2, 3])
    largest = [softmax(z, temperature).max() for temperature in (1e-3, 0.5, 1, 2, 1e9)]
    assert largest == sorted(largest, reverse=True)
    assert softmax(z, 1e-3).tolist() == [0, 0, 1]
    assert np.allclose(softmax(z, 1e9), 1 / 3)


@given(st.integers(0, 2**32))
def test_softmax_is_scipys(seed):
    z = np.random.default_rng(seed).normal(scale=50, size=(3, 4, 5))
    assert np.allclose(softmax(z), scipy_softmax(z, axis=-1), rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("huge", [1e4, 1e30, 3e38])
def test_huge_scores_are_taken_silently(dtype, huge):
    assert softmax(np.array([huge, -huge, 0], dtype)).tolist() == [1, 0, 0]
    assert softmax(np.array([huge, huge], dtype)).tolist() == [0.5, 0.5]
    assert softmax(np.array([-huge, -huge], dtype)).tolist() == [0.5, 0.5]
    loss, grad = softmax_cross_entropy(np.array([[huge, -huge], [huge, huge]], dtype), [0, 1])
    assert math.isclose(loss, math.log(2) / 2, rel_tol=1e-6)
    assert grad.tolist() == [[0, 0], [0.25, -0.25]]


def test_a_score_of_minus_infinity_has_no_chance_and_the_others_share():
    assert softmax([0, -INF, 0]).tolist() == [0.5, 0, 0.5]


@pytest.mark.parametrize("row", [[NAN, 0], [INF, 0], [INF, INF], [-INF, -INF]])
def test_scores_without_a_meaning_give_nan_in_their_row_alone(row):
    out = softmax([row, [0, 0]])
    assert np.isnan(out[0]).any()
    assert out[1].tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("kind", "result"), [("f4", "f4"), ("f8", "f8"), ("i4", "f8"), ("?", "f8")])
@pytest.mark.parametrize("temperature", [2, 2.0, np.float64(2), np.float32(2), np.int64(2)])
def test_probabilities_have_the_dtype_of_the_scores(kind, result, temperature):
    assert softmax(np.ones((2, 3), kind), temperature).dtype == result


@pytest.mark.parametrize("value", [0, 0.0, -1, -1e-9, NAN, -INF, np.float32(0)])
def test_a_temperature_is_above_zero(value):
    with pytest.raises(ValueError, match=rf"^temperature={re.escape(repr(value))}: must be a number above 0$"):
        softmax([1, 2], value)


@pytest.mark.parametrize("value", ["1", "hot", None, True, 1j, [1], np.ones(2)], ids=repr)
def test_a_temperature_is_a_number(value):
    with pytest.raises(TypeError, match=r"^temperature=.*: must be a number above 0$"):
        softmax([1, 2], value)


@pytest.mark.parametrize("shape", [(), (0,), (3, 0)])
def test_softmax_needs_a_score(shape):
    with pytest.raises(ShapeError, match="^logits has shape .*: must have at least one score along the last axis"):
        softmax(np.ones(shape))


# Cross-entropy


def test_two_equal_scores_cost_log_two_whichever_is_right():
    for label in (0, 1):
        loss, grad = softmax_cross_entropy([[7, 7]], [label])
        assert math.isclose(loss, math.log(2), rel_tol=1e-15)
        assert grad.tolist() == [[0.5 - (label == 0), 0.5 - (label == 1)]]


def test_the_mean_over_a_batch_by_hand():
    loss, grad = softmax_cross_entropy([[0, 0], [math.log(3), 0]], [1, 0])
    assert math.isclose(loss, (math.log(2) + math.log(4 / 3)) / 2, rel_tol=1e-15)
    assert np.allclose(grad, [[1 / 4, -1 / 4], [-1 / 8, 1 / 8]], rtol=1e-14)


@pytest.mark.parametrize("classes", [1, 2, 10, 1000])
def test_before_training_the_loss_is_the_log_of_the_number_of_classes(classes):
    loss, _ = softmax_cross_entropy(np.zeros((3, classes)), np.zeros(3, int))
    assert math.isclose(loss, math.log(classes), rel_tol=1e-14)


@st.composite
def batches(draw, scale=3):
    """Scores and labels."""
    n, classes = draw(sides), draw(sides)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return numbers.normal(scale=scale, size=(n, classes)), numbers.integers(0, classes, n)


@given(batches(scale=30))
def test_the_loss_is_scipys_log_softmax(batch):
    logits, labels = batch
    loss, _ = softmax_cross_entropy(logits, labels)
    assert type(loss) is float
    assert np.isclose(loss, -log_softmax(logits, axis=1)[np.arange(len(labels)), labels].mean(), rtol=1e-12, atol=1e-14)


@given(batches())
def test_its_gradient_is_the_slope_that_central_differences_find(batch):
    logits, labels = batch
    check_gradient(
        lambda logits: softmax_cross_entropy(logits, labels)[0],
        lambda grad, logits: grad * softmax_cross_entropy(logits, labels)[1],
        logits,
    )


@given(batches())
def test_each_row_of_the_gradient_sums_to_zero_and_only_the_label_is_pushed_up(batch):
    logits, labels = batch
    _, grad = softmax_cross_entropy(logits, labels)
    n = len(labels)
    assert np.allclose(grad.sum(axis=1), 0, atol=1e-15)
    assert (grad[np.arange(n), labels] <= 0).all()
    assert np.allclose(grad, (softmax(logits) - np.eye(logits.shape[1])[labels]) / n, atol=1e-15)


def test_pytorch_finds_the_same_loss_and_the_same_gradient():
    torch = pytest.importorskip("torch")
    for n, classes in ((1, 2), (5, 10), (3, 1)):
        logits, labels = rng.normal(scale=10, size=(n, classes)), rng.integers(0, classes, n)
        tensor = torch.tensor(logits, requires_grad=True)
        expected = torch.nn.functional.cross_entropy(tensor, torch.tensor(labels))
        expected.backward()
        loss, grad = softmax_cross_entropy(logits, labels)
        assert math.isclose(loss, expected.item(), rel_tol=1e-12, abs_tol=1e-14)
        assert np.allclose(grad, tensor.grad.numpy(), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("kind", "result"), [("f4", "f4"), ("f8", "f8"), ("i4", "f8")])
def test_the_gradient_has_the_dtype_of_the_scores(kind, result):
    assert softmax_cross_entropy(np.ones((2, 3), kind), [0, 1])[1].dtype == result


def test_a_loss_may_be_infinite_or_nan_without_a_warning():
    assert softmax_cross_entropy([[0, -INF]], [1])[0] == INF
    assert math.isnan(softmax_cross_entropy([[NAN, 0]], [1])[0])
    assert math.isnan(softmax_cross_entropy([[INF, 0]], [0])[0])


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.uint64])
def test_labels_may_be_any_integers(kind):
    logits, labels = whole(3, 4), np.array([3, 0, 2])
    loss, grad = softmax_cross_entropy(logits, labels.astype(kind))
    assert loss == softmax_cross_entropy(logits, labels)[0]
    assert np.array_equal(grad, softmax_cross_entropy(logits, labels.tolist())[1])


LABELS = pytest.mark.parametrize(
    "check",
    [lambda labels: softmax_cross_entropy(np.zeros((2, 3)), labels), lambda labels: check_labels(labels, 2, 3)],
    ids=["softmax_cross_entropy", "check_labels"],
)


@LABELS
@pytest.mark.parametrize(
    "labels", [[0.0, 1.0], [True, False], ["0", "1"], [None, 0], [0, 1j], [], [[0], [0, 1]], {}], ids=repr
)
def test_labels_are_integers(check, labels):
    with pytest.raises(TypeError, match="^labels.*: must .*integers"):
        check(labels)


@LABELS
@pytest.mark.parametrize(("labels", "wrong"), [([0, 3], 3), ([-1, 0], -1), ([2, 99], 99), (np.uint8([0, 255]), 255)])
def test_labels_are_classes(check, labels, wrong):
    with pytest.raises(ValueError, match=f"^labels holds {wrong}: must be from 0 to 2, because there are 3 classes"):
        check(labels)


@LABELS
@pytest.mark.parametrize("labels", [[0], [0, 1, 2], [[0], [1]], [[0, 1]], 0, np.zeros(0, int)], ids=repr)
def test_there_is_one_label_a_sample(check, labels):
    with pytest.raises(ShapeError, match=r"^labels has shape .*: must be \(2,\), one label a sample"):
        check(labels)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0), (3,), (), (2, 3, 1)])
def test_a_batch_of_scores_has_two_axes_and_is_not_empty(shape):
    with pytest.raises(ShapeError, match=r"^logits has shape .*: must have the axes \(N, M\), none of them empty"):
        softmax_cross_entropy(np.zeros(shape), np.zeros(shape[:1], int))


def test_checked_labels_are_an_array():
    assert check_labels([2, 0], 2, 3).tolist() == [2, 0]
    assert check_labels(np.zeros(0, int), 0, 3).size == 0
