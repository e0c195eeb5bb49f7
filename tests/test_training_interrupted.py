"""Training: interrupted."""

import math
from functools import partial

import numpy as np
import pytest

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    StateError,
)
from lecture_lib.models import Sequential, lenet5, mlp
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from lecture_lib.training import (
    SGD,
    Adam,
    DivergedError,
    Optimiser,
    Score,
    evaluate,
    fit,
    predict,
)
from tests.training_cases import (
    BOTH,
    DATA,
    LABELS,
    Fixed,
    Interrupting,
    N,
    X,
    same,
    small,
    trained,
    values,
    with_huge_rate,
)

# Learning


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits("train")
    return images[:400], labels[:400]


# fit: interruptions and divergence


def test_stopping_inside_prepare_leaves_a_usable_model():
    calls = 0

    def prepare(batch, rng):
        nonlocal calls
        calls += rng is not None
        if calls == 4:
            raise KeyboardInterrupt
        return batch

    model = small()
    with pytest.raises(KeyboardInterrupt):
        list(fit(model, DATA, epochs=2, batch_size=16, prepare=prepare))
    assert same(values(model), trained(steps=3))
    list(fit(model, DATA))
    assert np.isfinite(evaluate(model, DATA).loss)


@pytest.mark.parametrize("where", ["forward", "backward"])
def test_stopping_inside_a_pass_leaves_the_weights_of_the_last_record(where):
    model, weights = mlp([36, 8, 4]).init(0), None
    stopping = Sequential({"net": model, "stop": Interrupting(where)})
    with pytest.raises(KeyboardInterrupt):
        for _ in fit(stopping, DATA, epochs=4, batch_size=16):
            weights = values(model)
    assert same(values(model), weights)
    list(fit(stopping, DATA))
    assert np.isfinite(evaluate(stopping, DATA).loss)


@BOTH
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_broken_data_are_answered_in_words_and_the_model_stays_as_it_was(optimiser, value):
    x = X.copy()
    x[7, 0, 2, 2] = value
    model, weights = small(), None
    with pytest.raises(DivergedError) as caught:
        for _ in fit(model, (x, LABELS), epochs=2, batch_size=5, optimiser=optimiser):
            weights = values(model)
    assert weights is None or same(values(model), weights)
    assert all(np.isfinite(each).all() for each in values(model).values())
    for words in (
        "of 20: the loss is",
        "training has diverged",
        "learning rate below",
        "NaN or huge values in the data",
    ):
        assert words in str(caught.value)
    assert np.isfinite(evaluate(model, DATA).loss)  # still usable


@pytest.mark.parametrize(
    ("variant", "optimiser", "lr"),
    [
        ("modern", "adam", 1e6), ("modern", "adam", 1e30), ("modern", "adam", 1e300),
        ("modern", "sgd", 1e4), ("modern", "sgd", 1e30), ("modern", "sgd", 1e300),
        ("1998", "adam", 1e300), ("1998", "sgd", 1e300),
    ],
)  # fmt: skip
def test_a_diverging_training_ends_in_words_without_a_warning_and_with_the_last_records_weights(variant, optimiser, lr):
    model, training = with_huge_rate(variant, optimiser, lr)
    records, weights = [], None
    with pytest.raises(DivergedError) as caught:
        for record in training:
            records.append(record)
            weights = values(model)
    assert str(caught.value).startswith(f"step {len(records) + 1} of 15: the loss is ")
    assert f"try a learning rate below {lr:g}" in str(caught.value)
    assert records and all(math.isfinite(record.loss) for record in records)
    assert all(np.array_equal(value, weights[name], equal_nan=True) for name, value in values(model).items())


@BOTH
@pytest.mark.parametrize("lr", [1e6, 1e30])
def test_a_net_that_squashes_survives_a_huge_learning_rate_without_a_warning(optimiser, lr):
    model, training = with_huge_rate("1998", optimiser, lr)
    assert all(math.isfinite(record.loss) for record in training)
    assert all(np.isfinite(value).all() for value in values(model).values())


@pytest.mark.parametrize(("variant", "side", "optimiser"), [
    ("modern", 28, "adam"), ("modern", 28, "sgd"), ("1998", 32, "adam"),
])  # fmt: skip
def test_both_lenets_learn_some_hundred_digits_in_a_few_epochs(digits, variant, side, optimiser):
    model, prepare = lenet5(variant).init(0), partial(digits_as_input, side=side)
    before = evaluate(model, digits, prepare=prepare)
    lr = 3e-3 if optimiser == "adam" else 0.02
    records = list(
        fit(model, digits, epochs=8, batch_size=20, optimiser=optimiser, lr=lr, schedule="one_cycle", prepare=prepare)
    )
    score = evaluate(model, digits, prepare=prepare)
    assert before.accuracy < 0.4 and score.accuracy > 0.9
    assert score.loss < before.loss and records[-1].step == 160


def test_a_net_in_float64_learns_in_float64():
    model = small(dtype=np.float64)
    list(fit(model, (X.astype(np.float64), LABELS)))
    assert {value.dtype for value in values(model).values()} == {np.dtype(np.float64)}


def test_bytes_become_numbers_without_any_prepare():
    data = load_digits("train")[0][:20], load_digits("train")[1][:20]
    model = mlp([784, 10], gain=1e-4).init(0)
    list(fit(model, data, epochs=2, lr=1e-4))
    assert np.isfinite(evaluate(model, data).loss)


# predict and evaluate


@pytest.mark.parametrize("batch_size", [1, 7, 49, 50, 1000])
def test_predicting_in_batches_is_predicting_at_once(batch_size):
    model = small()
    list(fit(model, DATA))
    assert np.allclose(predict(model, X, batch_size=batch_size), model.forward(X), rtol=1e-5, atol=1e-6)
    one, all_at_once = evaluate(model, DATA, batch_size=batch_size), evaluate(model, DATA)
    assert one.loss == pytest.approx(all_at_once.loss, rel=1e-5) and one.accuracy == all_at_once.accuracy


def test_predicting_leaves_nothing_to_chance_and_the_model_as_it_is():
    def prepare(batch, rng):
        assert rng is None
        return 2 * batch

    model = small()
    before = values(model)
    first = predict(model, X, prepare=prepare)
    assert np.array_equal(first, predict(model, X, prepare=prepare)) and same(values(model), before)
    assert np.array_equal(first, model.forward(2 * X))
    evaluate(model, DATA, prepare=prepare)
    assert same(values(model), before)


def test_the_confusion_counts_who_was_called_what():
    logits = np.array([[2.0, 1, 0], [0, 2, 1], [0, 2, 1], [3, 0, 1], [1, 2, 9]])
    score = evaluate(Fixed(), (logits, np.array([0, 1, 2, 1, 2])), batch_size=2)
    assert type(score) is Score
    assert score.confusion.tolist() == [[1, 0, 0], [1, 1, 0], [0, 1, 1]]  # rows: the class; columns: what it was called
    assert score.accuracy == 0.6
    assert score.loss == softmax_cross_entropy(logits, np.array([0, 1, 2, 1, 2]))[0]


def test_the_largest_logit_wins_however_small_its_lead():
    logits = np.array([[0.0, 1e-30], [1.0, np.nextafter(1, 2)]])
    assert evaluate(Fixed(), (logits, np.array([1, 1]))).accuracy == 1


def test_the_confusion_adds_up_and_its_diagonal_is_the_accuracy():
    model = small()
    list(fit(model, DATA, epochs=3))
    score = evaluate(model, DATA)
    assert score.confusion.shape == (4, 4) and score.confusion.dtype.kind == "i"
    assert score.confusion.sum() == N and score.confusion.trace() / N == pytest.approx(score.accuracy)
    assert score.confusion.sum(axis=1).tolist() == np.bincount(LABELS, minlength=4).tolist()
    assert score.confusion.sum(axis=0).tolist() == np.bincount(predict(model, X).argmax(axis=1), minlength=4).tolist()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: predict(small(), X[:0]), ShapeError, "samples has shape (0, 1, 6, 6)"),
        (lambda: predict(small(), np.zeros(3)), ShapeError, "samples has shape (3,)"),
        (lambda: predict(small(), X, batch_size=0), ShapeError, "batch_size=0"),
        (lambda: predict(small(), X, batch_size=2.0), TypeError, "batch_size=2.0"),
        (lambda: predict(small(), X.astype(str)), TypeError, "dtype"),
        (lambda: predict(mlp([36, 2]), X), StateError, "call init(rng)"),
        (lambda: evaluate(small(), (X, LABELS[:-1])), ShapeError, "labels has shape (49,)"),
        (lambda: evaluate(small(), (X, LABELS + 1)), ValueError, "because there are 4 classes"),
        (lambda: evaluate(small(), (X, LABELS - 1)), ValueError, "labels holds -1"),
        (lambda: evaluate(small(), (X, LABELS.astype(float))), TypeError, "labels has dtype float64"),
    ],
)
def test_what_predict_and_evaluate_refuse_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def test_an_optimiser_is_one_of_two():
    assert set(Optimiser.__subclasses__()) == {SGD, Adam}


def test_a_diverged_training_is_a_value_error():
    assert issubclass(DivergedError, ValueError)
