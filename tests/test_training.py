"""Learning: optimisers by hand and beside PyTorch, schedules, and what ``fit`` promises at every record."""

import inspect
import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    Activation,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    Parameter,
    StateError,
)
from lecture_lib.models import Sequential, lenet5, mlp
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.shapes import ShapeError
from lecture_lib.training import (
    SCHEDULES,
    SGD,
    Adam,
    DivergedError,
    Optimiser,
    Record,
    Score,
    evaluate,
    fit,
    predict,
)

BOTH = pytest.mark.parametrize("optimiser", ["adam", "sgd"])
N = 50
_rng = np.random.default_rng(0)
X = _rng.standard_normal((N, 1, 6, 6)).astype(np.float32)
LABELS = (X[:, 0, :3].sum(axis=(1, 2)) > X[:, 0, 3:].sum(axis=(1, 2))).astype(int) + 2 * (X[:, 0, 0, 0] > 0.5)
DATA = X, LABELS


def small(seed=0, dtype=np.float32):
    """A net with everything that leaves something behind: running averages, chance, weights."""
    return Sequential({
        "conv": Conv2d(1, 3, 3, padding=1), "norm": BatchNorm2d(3), "relu": Activation("relu"), "pool": MaxPool2d(2),
        "flatten": Flatten(), "drop": Dropout(0.2), "out": Linear(27, 4),
    }).init(seed, dtype)  # fmt: skip


def values(model):
    return {name: parameter.value.copy() for name, parameter in model.state().items()}


def same(a, b):
    """Bit for bit."""
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def trained(seed=0, steps=None, model=None, **settings):
    """The weights after all steps, or after ``steps`` and then no further."""
    model = model or small()
    for record in fit(model, DATA, seed=seed, **{"epochs": 2, "batch_size": 16, **settings}):
        if record.step == steps:
            break
    return values(model)


def parameter(value, grad, **options):
    made = Parameter(np.shape(value), **options)
    made.value, made.grad = np.array(value, float), np.array(grad, float)
    return made


# Optimisers


def test_a_step_downhill_is_the_gradient_times_the_learning_rate():
    weight = parameter([1.0, -2.0], [0.5, -1.0])
    SGD({"w": weight}, lr=0.1, momentum=0).step()
    assert weight.value == pytest.approx([0.95, -1.9])


def test_momentum_adds_what_is_left_of_the_steps_before():
    weight = parameter([0.0], [1.0])
    sgd = SGD({"w": weight}, lr=1, momentum=0.5)
    places = []
    for _ in range(3):
        sgd.step()
        places.append(weight.value.item())
    assert places == [-1, -2.5, -4.25]  # velocities 1, 1.5, 1.75


def test_sgds_weight_decay_adds_to_the_gradient():
    weight = parameter([2.0], [1.0])
    sgd = SGD({"w": weight}, lr=0.5, momentum=0.5, weight_decay=0.25)
    sgd.step()  # v = 1 + 0.25 · 2 = 1.5
    assert weight.value.item() == 2 - 0.75
    sgd.step()  # v = 0.75 + 1 + 0.25 · 1.25 = 2.0625
    assert weight.value.item() == 1.25 - 2.0625 / 2


def test_adams_first_steps_worked_out_by_hand():
    weight = parameter([1.0], [2.0])
    adam = Adam({"w": weight}, lr=0.1, betas=(0.5, 0.75), eps=0)
    adam.step()  # m = 1, v = 1; corrected 2 and 4
    assert weight.value.item() == pytest.approx(1 - 0.1 * 2 / 2)
    weight.grad = np.array([-1.0])
    adam.step()  # m = 0.5 - 0.5 = 0, so nothing moves
    assert weight.value.item() == pytest.approx(0.9)
    weight.grad = np.array([4.0])
    adam.step()  # m = 2, v = 0.75 + 4; corrected by 7/8 and 37/64
    v = (0.75 * (0.75 * 1 + 0.25 * 1) + 0.25 * 16) / (37 / 64)
    assert weight.value.item() == pytest.approx(0.9 - 0.1 * (2 / (7 / 8)) / math.sqrt(v))


@given(st.floats(1e-5, 1e5), st.sampled_from([-1, 1]))
def test_adams_first_step_is_the_learning_rate_whatever_the_gradients_size(size, sign):
    weight = parameter([0.0], [sign * size])
    Adam({"w": weight}, lr=0.01).step()
    assert weight.value.item() == pytest.approx(-sign * 0.01, rel=2e-3)


def test_adams_weight_decay_shrinks_the_weight_and_leaves_the_step_alone():
    weight = parameter([2.0], [3.0])
    Adam({"w": weight}, lr=0.1, weight_decay=0.5).step()
    assert weight.value.item() == pytest.approx(2 * (1 - 0.1 * 0.5) - 0.1)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_weight_decay_pulls_weights_and_leaves_biases_alone(kind):
    net = small()
    for each in net.parameters().values():
        each.value += 0.5
        each.grad = np.zeros_like(each.value)
    before = values(net)
    kind(net.parameters(), lr=0.1, weight_decay=0.5).step()
    after = values(net)
    changed = {name for name in before if not np.array_equal(before[name], after[name])}
    assert changed == {"conv.weight", "out.weight"}
    assert all(np.allclose(after[name], 0.95 * before[name]) for name in changed)


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("scale", [0.0, 0.5])
def test_the_scale_of_a_step_scales_the_learning_rate_and_the_decay(kind, scale):
    one, two = (parameter([2.0], [1.0]) for _ in range(2))
    kind({"w": one}, lr=0.2, weight_decay=0.1).step(scale)
    kind({"w": two}, lr=0.2 * scale, weight_decay=0.1).step()
    assert one.value == two.value


@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
@pytest.mark.parametrize(
    ("ours", "theirs", "options"),
    [
        (SGD, "SGD", {"lr": 0.05, "momentum": 0.0}),
        (SGD, "SGD", {"lr": 0.05, "momentum": 0.9}),
        (Adam, "AdamW", {"lr": 0.05}),
        (Adam, "AdamW", {"lr": 0.01, "betas": (0.7, 0.95), "eps": 1e-3}),
    ],
)
def test_twenty_steps_are_those_of_pytorch(ours, theirs, options, weight_decay):
    torch = pytest.importorskip("torch")
    numbers = np.random.default_rng(1)
    weight, bias = parameter(numbers.standard_normal((3, 2)), 0), parameter(numbers.standard_normal(3), 0, decays=False)
    tensors = [torch.tensor(each.value.copy(), requires_grad=True) for each in (weight, bias)]
    mine = ours({"weight": weight, "bias": bias}, weight_decay=weight_decay, **options)
    groups = [{"params": tensors[:1], "weight_decay": weight_decay}, {"params": tensors[1:], "weight_decay": 0.0}]
    other = getattr(torch.optim, theirs)(groups, **options)
    for _ in range(20):
        for each, tensor in zip((weight, bias), tensors, strict=True):
            each.grad = numbers.standard_normal(each.shape) + each.value
            tensor.grad = torch.from_numpy(each.grad.copy())
        mine.step()
        other.step()
        for each, tensor in zip((weight, bias), tensors, strict=True):
            np.testing.assert_allclose(each.value, tensor.detach().numpy(), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_step_changes_no_gradient_and_keeps_float32(kind):
    net = small()
    for each in net.parameters().values():
        each.grad = np.full_like(each.value, 0.5)
        each.grad.flags.writeable = False
    optimiser = kind(net.parameters(), lr=0.1, weight_decay=0.1)
    for _ in range(3):
        optimiser.step(0.5)
    assert {each.value.dtype for each in net.parameters().values()} == {np.dtype(np.float32)}
    assert {each.dtype for each in optimiser.memory.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("kind", "changes"), [
    (SGD, {"lr": 0.2, "momentum": 0.5, "weight_decay": 0.1}),
    (Adam, {"lr": 0.2, "betas": (0.5, 0.9), "eps": 0.1, "weight_decay": 0.1}),
])  # fmt: skip
def test_every_setting_of_an_optimiser_changes_the_steps(kind, changes):
    def path(**settings):
        weight = parameter([1.0], [0.0])
        optimiser = kind({"w": weight}, **settings)
        for grad in (1.0, 3.0, -1.0):
            weight.grad = np.array([grad])
            optimiser.step()
        return weight.value.item()

    assert set(changes) | {"parameters"} == set(inspect.signature(kind).parameters)
    base = path()
    assert path() == base
    assert all(path(**{name: value}) != base for name, value in changes.items())
    if kind is Adam:  # each of the two
        assert len({base, path(betas=(0.5, 0.999)), path(betas=(0.9, 0.9))}) == 3


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: SGD({}, lr=-1), ValueError, "lr=-1: must be at least 0, and finite"),
        (lambda: SGD({}, lr=math.nan), ValueError, "lr=nan"),
        (lambda: Adam({}, lr=math.inf), ValueError, "lr=inf"),
        (lambda: Adam({}, lr="fast"), TypeError, "lr='fast' (str): must be a number"),
        (lambda: SGD({}, lr=True), TypeError, "lr=True"),
        (lambda: SGD({}, momentum=1), ValueError, "momentum=1: must be at least 0 and below 1"),
        (lambda: SGD({}, weight_decay=-0.1), ValueError, "weight_decay=-0.1"),
        (lambda: Adam({}, betas=(1, 0.9)), ValueError, "betas[0]=1"),
        (lambda: Adam({}, betas=(0.9, -1)), ValueError, "betas[1]=-1"),
        (lambda: Adam({}, eps=-1), ValueError, "eps=-1"),
    ],
)
def test_a_wrong_setting_of_an_optimiser_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_a_step_without_gradients_is_answered_in_words(kind):
    for net in (mlp([2, 2]), mlp([2, 2]).init(0)):
        with pytest.raises(StateError, match=r"parameter fc1\.weight has no gradient: call init, forward and backward"):
            kind(net.parameters()).step()


# Schedules


@pytest.mark.parametrize(
    ("name", "at_start", "halfway", "at_end"),
    [
        ("constant", 1, 1, 1),
        ("step", 1, 0.1, 0.001),
        ("linear", 1, 0.5, 0),
        ("cosine", 1, 0.5, 0),
        ("one_cycle", 0, 0.75, 0),
    ],
)
def test_a_schedule_begins_and_ends_as_its_name_says(name, at_start, halfway, at_end):
    found = [SCHEDULES[name](done) for done in (0.0, 0.5, 1.0)]
    assert found == pytest.approx([at_start, halfway, at_end])


def test_every_schedule_is_known_here():
    assert list(SCHEDULES) == ["constant", "step", "linear", "cosine", "one_cycle"]


@pytest.mark.parametrize("name", SCHEDULES)
@given(st.floats(0, 1))
def test_a_schedule_never_leaves_zero_to_one(name, done):
    assert 0 <= SCHEDULES[name](done) <= 1


def test_one_cycle_rises_for_a_quarter_then_falls_and_the_others_never_rise():
    line = np.linspace(0, 1, 101)
    for name, schedule in SCHEDULES.items():
        steps = np.diff([schedule(done) for done in line])
        assert (steps[: 25 if name == "one_cycle" else 0] > 0).all()
        assert (steps[25 if name == "one_cycle" else 0 :] <= 0).all()


def test_the_step_schedule_divides_by_ten_after_each_third():
    assert [SCHEDULES["step"](done) for done in (0.33, 0.34, 0.66, 0.67)] == pytest.approx([1, 0.1, 0.1, 0.01])


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


def batches(steps, batch_size=16, seed=0):
    """The samples of each step, by a model that remembers what it is given."""
    seen = []

    def note(batch, rng):
        if rng is not None:
            seen.append(batch[:, 0, 0, 0].copy())
        return batch

    trained(seed, steps, batch_size=batch_size, prepare=note, epochs=4)
    return seen


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


# fit: what it refuses, at once


def assert_at_once(error, words, data=DATA, model=None, **settings):
    """The call itself raises, before anything is asked of it, and the model stays as it was."""
    model = model or small()
    before = values(model)
    with pytest.raises(error) as caught:
        fit(model, data, **settings)
    assert words in str(caught.value)
    assert same(values(model), before)


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


class Interrupting(Layer):
    """Stops the third pass: the notebook's stop button may hit anywhere."""

    def __init__(self, where):
        self.where, self.passes = where, 0

    def forward(self, x, training=False):
        self.passes += 1
        if self.passes == 3 and self.where == "forward":
            raise KeyboardInterrupt
        return x

    def backward(self, grad, input_grad=True):
        if self.passes == 3 and self.where == "backward":
            raise KeyboardInterrupt
        return grad


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


def with_huge_rate(variant, optimiser, lr):
    """A LeNet and its training on 60 digits, three steps an epoch."""
    images, labels = load_digits("train")
    model, prepare = lenet5(variant).init(0), partial(digits_as_input, side=28 if variant == "modern" else 32)
    how = {"epochs": 5, "batch_size": 20, "optimiser": optimiser, "lr": lr, "prepare": prepare}
    return model, fit(model, (images[:60], labels[:60]), **how)


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


# Learning


@pytest.fixture(scope="module")
def digits():
    images, labels = load_digits("train")
    return images[:400], labels[:400]


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


class Fixed(Layer):
    """Gives what it gets: the samples are the logits."""

    def forward(self, x, training=False):
        return x


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
