"""Training: fit."""

import inspect
import math

import numpy as np
import pytest

from lecture_lib.layers import (
    StateError,
)
from lecture_lib.models import lenet5, mlp
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from lecture_lib.training import (
    SCHEDULES,
    SGD,
    Adam,
    Record,
    evaluate,
    fit,
    predict,
)
from tests.training_cases import (
    BOTH,
    DATA,
    LABELS,
    N,
    X,
    assert_at_once,
    batches,
    same,
    small,
    trained,
    values,
)

# fit: the same again


@BOTH
def test_the_same_seed_gives_the_same_weights_bit_for_bit_and_another_seed_others(optimiser):
    first = trained(3, optimiser=optimiser)
    assert same(first, trained(3, optimiser=optimiser))
    assert not same(first, trained(4, optimiser=optimiser))


def test_chance_in_prepare_comes_from_the_seed():
    def jitter(batch, rng):
        return batch if rng is None else batch + rng.normal(0, 0.1, batch.shape).astype(np.float32)

    assert same(trained(3, prepare=jitter), trained(3, prepare=jitter))
    assert not same(trained(3, prepare=jitter), trained(3))


@BOTH
@pytest.mark.parametrize("steps", [1, 3, 4])
def test_interrupted_after_some_records_the_model_is_one_trained_that_many_steps(optimiser, steps):
    settings = {"batch_size": 16, "optimiser": optimiser, "schedule": "constant"}
    model = small()
    running = fit(model, DATA, epochs=2, **settings)
    for _ in range(steps):
        record = next(running)
    running.close()
    assert record.step == steps
    reference = small()
    for record in fit(reference, DATA, epochs=5, **settings):  # a longer run: the first steps are the same
        if record.step == steps:
            break
    assert same(values(model), values(reference))
    assert np.isfinite(predict(model, X)).all()
    assert evaluate(model, DATA).confusion.sum() == N


def test_an_interrupted_model_can_be_fitted_on():
    model = small()
    next(fit(model, DATA, epochs=3, lr=0.01))
    before = evaluate(model, DATA).loss
    *_, last = fit(model, DATA, epochs=15, lr=0.01)
    assert last.step == last.steps == 15
    assert evaluate(model, DATA).loss < before


def test_a_model_is_usable_between_two_records_and_looking_changes_nothing():
    looked_at = small()
    for _ in fit(looked_at, DATA, epochs=2, batch_size=16):
        evaluate(looked_at, DATA)
    assert same(values(looked_at), trained())


def test_an_optimiser_made_before_goes_on_with_what_it_remembers():
    once = small()
    adam = Adam(once.parameters(), lr=0.01)
    for _ in range(2):
        for _ in fit(once, DATA, batch_size=N, optimiser=adam):
            pass
    assert adam.steps == 2
    twice = small()
    for _ in range(2):
        for _ in fit(twice, DATA, batch_size=N, lr=0.01):
            pass
    assert not same(values(once), values(twice))


@BOTH
def test_an_optimiser_by_name_is_the_one_made_with_the_same_settings(optimiser):
    model = small()
    kind = {"adam": Adam, "sgd": SGD}[optimiser]
    made = kind(model.parameters(), lr=0.02, weight_decay=0.1)
    by_name = trained(optimiser=optimiser, lr=0.02, weight_decay=0.1)
    assert same(trained(model=model, optimiser=made), by_name)
    usual = inspect.signature(kind).parameters["lr"].default
    assert same(trained(optimiser=optimiser), trained(optimiser=optimiser, lr=usual))


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 3}, {"batch_size": 10}, {"optimiser": "sgd"}, {"lr": 0.1}, {"weight_decay": 0.5},
        {"schedule": "cosine"}, {"schedule": lambda done: 0.5}, {"prepare": lambda batch, rng: 2 * batch}, {"seed": 1},
        {"loss": lambda logits, labels: (float((logits**2).mean()), 2 * logits / logits.size)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_every_setting_of_fit_changes_the_weights(change):
    assert not same(trained(), trained(**change))


# fit: its records


def test_records_count_steps_and_epochs():
    records = list(fit(small(), DATA, epochs=3, batch_size=16))  # 3 batches an epoch, 2 samples left over
    assert all(type(record) is Record for record in records)
    assert [record.step for record in records] == list(range(1, 10))
    assert {record.steps for record in records} == {9}
    assert [record.epoch for record in records] == [1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_seconds_grow_and_what_is_left_shrinks_to_nothing():
    records = list(fit(small(), DATA, epochs=2, batch_size=10))
    seconds = [record.seconds for record in records]
    assert seconds[0] > 0 and all(a < b for a, b in zip(seconds, seconds[1:], strict=False))
    assert records[-1].seconds_left == 0 and Record(2, 8, 1, 1.0, 0.5, 0.1, 3.0).seconds_left == 9


def test_a_records_text_says_how_far_and_how_well():
    text = Record(3, 12, 1, 0.25, 0.5, 0.1, 1.0).text()
    assert text == "step 3 of 12, loss 0.2500, 50.0 % right, 3 s left"


def test_the_first_records_loss_and_accuracy_are_of_its_batch_before_the_step():
    (first,) = batches(1)
    chosen = [int(np.flatnonzero(X[:, 0, 0, 0] == value)[0]) for value in first]
    model, record = small(), next(fit(small(), DATA, batch_size=16))
    logits = model.forward(X[chosen], training=True)
    loss, _ = softmax_cross_entropy(logits, LABELS[chosen])
    assert record.loss == loss and type(record.loss) is float
    assert record.accuracy == np.mean(logits.argmax(axis=1) == LABELS[chosen]) and type(record.accuracy) is float


def test_an_epoch_shows_each_sample_at_most_once_in_a_new_order_each_time():
    seen = batches(None)
    assert [len(batch) for batch in seen] == [16] * 12
    epochs = [np.concatenate(seen[start : start + 3]) for start in range(0, 12, 3)]
    assert all(len(np.unique(epoch)) == 48 for epoch in epochs)
    assert not any(np.array_equal(epochs[0], other) for other in epochs[1:])
    assert not all(np.array_equal(a, b) for a, b in zip(seen, batches(None, seed=1), strict=True))


def test_what_is_left_over_is_not_always_the_same():
    left = [set(X[:, 0, 0, 0]) - set(np.concatenate(batches(None)[start : start + 3])) for start in range(0, 12, 3)]
    assert all(len(each) == 2 for each in left) and len(set().union(*left)) > 2


def test_a_batch_larger_than_the_data_is_all_of_them():
    seen = batches(None, batch_size=1000)
    assert [len(batch) for batch in seen] == [N] * 4
    assert all(np.array_equal(np.sort(batch), np.sort(X[:, 0, 0, 0])) for batch in seen)


def test_one_sample_is_enough():
    (record,) = fit(mlp([36, 2]).init(0), (X[:1], np.array([1])))
    assert (record.step, record.steps, record.epoch) == (1, 1, 1)


@pytest.mark.parametrize("name", SCHEDULES)
def test_the_learning_rate_of_a_record_is_the_schedules(name):
    records = list(fit(small(), DATA, epochs=4, batch_size=25, lr=0.1, schedule=name))
    assert [record.lr for record in records] == pytest.approx([0.1 * SCHEDULES[name](k / 8) for k in range(8)])


def test_at_a_learning_rate_of_zero_no_weight_moves():
    model = small()
    before = values(model)
    list(fit(model, DATA, schedule=lambda done: 0.0))
    after = values(model)
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {
        "norm.running_mean", "norm.running_var",
    }  # fmt: skip


def test_a_step_is_the_optimisers_step_by_the_gradient_of_the_batch():
    x, labels = X[:8], LABELS[:8]
    model, reference = mlp([36, 4]).init(0, np.float64), mlp([36, 4]).init(0, np.float64)
    next(fit(model, (x.astype(float), labels), batch_size=8, optimiser="sgd", lr=0.1))
    logits = reference.forward(x.astype(float))
    _, grad = softmax_cross_entropy(logits, labels)
    reference["fc1"].weight.value -= 0.1 * grad.T @ x.reshape(8, -1)
    reference["fc1"].bias.value -= 0.1 * grad.sum(axis=0)
    for name, value in values(reference).items():
        assert np.allclose(values(model)[name], value, rtol=1e-12, atol=1e-14)


def test_fit_prints_nothing_and_draws_nothing(capsys):
    list(fit(small(), DATA))
    predict(small(), X)
    evaluate(small(), DATA)
    assert capsys.readouterr() == ("", "")


# fit: what it leaves alone


def test_the_data_are_not_changed():
    x, labels = X.copy(), LABELS.copy()
    x.flags.writeable = labels.flags.writeable = False
    list(fit(small(), (x, labels), prepare=lambda batch, rng: np.multiply(batch, 2, out=batch) if rng else batch))
    evaluate(small(), (x, labels))
    assert np.array_equal(x, X) and np.array_equal(labels, LABELS)


def test_nothing_happens_before_the_first_record_is_asked_for():
    model = small()
    before = values(model)
    running = fit(model, DATA, batch_size=16)
    assert same(values(model), before) and all(each.grad is None for each in model.parameters().values())
    next(running)
    assert not same(values(model), before)


def test_labels_may_be_of_any_integer_type_and_data_lists():
    first = trained()
    for labels in (LABELS.astype(np.uint8), LABELS.astype(np.int16), LABELS.tolist()):
        model = small()
        list(fit(model, (X, labels), epochs=2, batch_size=16))
        assert same(values(model), first)


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"epochs": 0}, ShapeError, "epochs=0: must be at least 1"),
        ({"epochs": 1.5}, TypeError, "epochs=1.5"),
        ({"loss": "hinge"}, TypeError, "loss='hinge': must be a function"),
        ({"schedule": 0.1}, TypeError, "schedule=0.1: must be a function"),
        ({"prepare": 255}, TypeError, "prepare=255: must be a function"),
        ({"batch_size": 0}, ShapeError, "batch_size=0: must be at least 1"),
        ({"batch_size": "all"}, TypeError, "batch_size='all'"),
        ({"optimiser": "adamw"}, ValueError, "optimiser='adamw': must be one of adam, sgd"),
        ({"lr": -0.1}, ValueError, "lr=-0.1"),
        ({"lr": math.nan}, ValueError, "lr=nan"),
        ({"lr": "0.1"}, TypeError, "lr='0.1'"),
        ({"weight_decay": -1}, ValueError, "weight_decay=-1"),
        ({"schedule": "sine"}, ValueError, "schedule='sine': must be one of constant, step, linear, cosine, one_cycle"),
        ({"optimiser": Adam({}), "lr": 0.1}, ValueError, "an optimiser that is made already has its own"),
        ({"optimiser": Adam({}), "weight_decay": 0.1}, ValueError, "an optimiser that is made already has its own"),
    ],
)
def test_a_wrong_setting_is_named_at_once(settings, error, words):
    assert_at_once(error, words, **settings)


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        (LABELS.astype(float), TypeError, "labels has dtype float64: must hold integers"),
        (LABELS.astype(bool), TypeError, "labels has dtype bool"),
        (LABELS.astype(str), TypeError, "labels has dtype"),
        (LABELS[:-1], ShapeError, "labels has shape (49,): must be (50,)"),
        (np.append(LABELS, 0), ShapeError, "labels has shape (51,)"),
        (np.eye(4, dtype=int)[LABELS], ShapeError, "labels has shape (50, 4)"),
        ([[0], [1, 2]], TypeError, "labels: must be an array of integers"),
        (LABELS - 1, ValueError, "labels holds -1: must be from 0 to 3, because there are 4 classes"),
        (np.append(LABELS[:-1], 4), ValueError, "labels holds 4: must be from 0 to 3, because there are 4 classes"),
    ],
)
def test_wrong_labels_are_named_at_once(labels, error, words):
    assert_at_once(error, words, (X, labels))


@pytest.mark.parametrize(
    ("samples", "error", "words"),
    [
        (X[:0], ShapeError, "data[0] has shape (0, 1, 6, 6): must be samples (N, ...), at least one"),
        (np.zeros(N), ShapeError, "data[0] has shape (50,)"),
        (np.float32(1), ShapeError, "data[0] has shape ()"),
        (X.astype(str), TypeError, "data[0] has dtype"),
        (X.astype(complex), TypeError, "data[0] has dtype complex128"),
        (X[:, 0], ShapeError, "layer conv"),
        (X[:, :, :4], ShapeError, "layer out: Linear"),
    ],
)
def test_wrong_samples_are_named_at_once(samples, error, words):
    assert_at_once(error, words, (samples, LABELS))


def test_a_model_without_weights_is_answered_in_words():
    with pytest.raises(StateError, match=r"call init\(rng\), or load weights"):
        next(fit(lenet5(), (np.zeros((2, 1, 28, 28)), np.array([0, 1]))))


def test_an_optimiser_of_another_model_is_answered_in_words():
    with pytest.raises(StateError, match="parameter conv.weight has no gradient"):
        next(fit(small(), DATA, optimiser=Adam(small().parameters())))
