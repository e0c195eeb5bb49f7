"""Linear: softmax."""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax
from scipy.special import softmax as scipy_softmax

from lecture_lib.ops import check_labels, softmax, softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from tests.gradients import check_gradient
from tests.linear_cases import INF, LABELS, NAN, batches, rng, scores, whole

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
