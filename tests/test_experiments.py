"""Runs that stop and go on beside one ``fit``, the measures by hand, and the theorem of the zigzag."""

import itertools
import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.experiments import (
    Run,
    accuracy_by,
    cost_ratios,
    epochs_to,
    loss_grid,
    loss_rings,
    mean_and_spread,
    running_mean,
    runs,
    weight_path,
)
from lecture_lib.layers import StateError
from lecture_lib.models import mlp, trained_lenet5
from lecture_lib.shapes import ShapeError
from lecture_lib.training import Record, evaluate, fit
from lecture_lib.transforms import translate
from tests.gradients import central_differences

rng = np.random.default_rng(0)
X = rng.normal(size=(50, 6)).astype(np.float32)
LABELS = np.arange(50) % 4
DATA = X, LABELS
NETS = {name: partial(mlp, [6, 8, 4], name) for name in ("relu", "tanh")}


def net(seed=0):
    return mlp([6, 8, 4]).init(seed)


def values(model):
    return {name: array.value.copy() for name, array in model.state().items()}


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


def without_time(records):
    return [record._replace(seconds=0) for record in records]


def with_records(losses, accuracies=None, steps_per_epoch=10):
    """A run to whose records somebody else has given numbers."""
    run = Run("given", net(), DATA, batch_size=50 // steps_per_epoch)
    accuracies = accuracies or [0.0] * len(losses)
    run.records = [Record(i, 0, 1, *pair, 0.1, 0.0) for i, pair in enumerate(zip(losses, accuracies, strict=True), 1)]
    return run


# A run


@pytest.mark.parametrize("stops", [[], [0], [1], [3, 4, 9], [12], [5, 5]])
def test_a_run_that_stops_and_goes_on_is_one_fit(stops):
    settings = {"epochs": 3, "batch_size": 12, "lr": 0.01, "schedule": "cosine"}
    model = net()
    expected = list(fit(model, DATA, seed=3, **settings))
    run, seen = Run("stopped", net(), DATA, seed=3, **settings), []
    for stop in stops:
        seen += itertools.islice(run, stop - len(seen))
        assert len(run.records) == len(seen) == stop and run.finished == (stop == 12)
    seen += run
    assert seen == run.records and without_time(seen) == without_time(expected)
    assert same(values(run.net), values(model))
    assert run.finished and run.problem == "" and list(run) == []
    assert (run.name, run.seed) == ("stopped", 3)


@given(batch_size=st.integers(1, 70), epochs=st.integers(1, 3), samples=st.integers(1, 50))
def test_the_number_of_steps_is_known_before_the_first(batch_size, epochs, samples):
    data = X[:samples], LABELS[:samples]
    run = Run("counted", net(), data, batch_size=batch_size, epochs=epochs)
    assert not run.records and not run.finished
    assert run.steps == next(fit(net(), data, batch_size=batch_size, epochs=epochs)).steps
    assert run.steps == run.steps_per_epoch * epochs


def test_without_settings_the_steps_are_those_of_fits_defaults():
    digits = load_digits("test")
    assert Run("usual", mlp([784, 10]).init(0), digits).steps == 10_000 // 64


def test_the_seconds_do_not_count_what_happens_between_steps(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])

    def prepare(batch, rng):
        clock[0] += 1
        return batch

    run = Run("timed", net(), DATA, batch_size=25, epochs=3, prepare=prepare)
    for _ in run:
        clock[0] += 1000
    assert [record.seconds for record in run.records] == [1, 2, 3, 4, 5, 6]


def test_a_diverged_run_ends_with_its_records_and_says_why():
    run = Run("wild", mlp([6, 8, 8, 4]).init(0), DATA, epochs=20, optimiser="sgd", lr=1e30, batch_size=10)
    records = list(run)
    assert 0 < len(records) < run.steps and run.records == records
    assert run.finished and list(run) == []
    assert run.problem.startswith(f"step {len(records) + 1} of {run.steps}: the loss is ")


def test_any_other_error_is_raised_and_ends_the_run_in_words():
    def prepare(batch, rng):
        if rng is not None and len(run.records) == 2:
            raise KeyboardInterrupt
        return batch

    run = Run("broken", net(), DATA, batch_size=10, prepare=prepare)
    with pytest.raises(KeyboardInterrupt):
        list(run)
    assert len(run.records) == 2 and list(run) == []
    assert run.finished and run.problem == "step 3 of 5 was broken off: start anew"


@pytest.mark.parametrize(
    ("settings", "error", "words"),
    [
        ({"epochs": 0}, ShapeError, "epochs=0"), ({"batch_size": 2.0}, TypeError, "batch_size=2.0"),
        ({"schedule": "none"}, ValueError, "schedule='none'"), ({"rate": 1}, TypeError, "rate"),
        ({"data": (X[:0], LABELS[:0])}, ShapeError, "data[0] has shape (0, 6)"),
    ],
)  # fmt: skip
def test_what_fit_refuses_is_refused_at_once(settings, error, words):
    with pytest.raises(error) as caught:
        Run("bad", net(), **{"data": DATA, **settings})
    assert words in str(caught.value)


def test_a_run_without_weights_says_so_at_the_first_step():
    with pytest.raises(StateError, match=r"call init\(rng\)"):
        next(Run("empty", mlp([6, 4]), DATA))


# Curves


@given(st.lists(st.floats(-1e6, 1e6), max_size=30), st.integers(1, 40))
def test_a_running_mean_is_the_mean_of_the_last_values(numbers, window):
    expected = [np.mean(numbers[max(0, i + 1 - window) : i + 1]) for i in range(len(numbers))]
    assert running_mean(numbers, window) == pytest.approx(np.array(expected), rel=1e-9, abs=1e-6)


def test_a_huge_value_is_forgotten_when_it_leaves_the_window():
    assert running_mean([1e30, 1.0, 2.0, 4.0], 2)[2:].tolist() == [1.5, 3]


def test_the_curves_of_a_run_by_hand():
    run = with_records([4, 2, 0, 2], [0, 0.5, 1, 1])
    assert run.loss_curve(2).tolist() == [4, 3, 1, 1]
    assert run.error_curve(2).tolist() == [1, 0.75, 0.25, 0]
    assert run.loss_curve().tolist() == [4, 3, 2, 2] and run.error_curve(1).tolist() == [1, 0.5, 0, 0]
    assert Run("new", net(), DATA).loss_curve().shape == (0,)


def test_epochs_count_when_the_whole_window_is_there():
    accuracies = [1.0, 0.0, 0.5, 1.0, 1.0]
    run = with_records([1] * 5, accuracies, steps_per_epoch=10)
    assert epochs_to(run, 0.25, window=1) == 1 / 10  # the first batch was right by luck
    assert epochs_to(run, 0.25, window=2) == 4 / 10  # the means of two are 1/2, 3/4, 1/4, 0
    assert epochs_to(run, 0.0, window=2) == 5 / 10
    assert epochs_to(run, 0.3, window=5) == 5 / 10
    assert epochs_to(run, 0.29, window=5) == math.inf
    assert epochs_to(run, 1.0, window=6) == math.inf


def test_a_run_that_has_not_begun_has_come_nowhere():
    assert epochs_to(Run("new", net(), DATA), 1.0) == math.inf


# Several runs


def test_every_net_meets_every_seed_and_each_seed_every_net_before_the_next():
    made = runs(NETS, DATA, seeds=(4, 2), epochs=2, batch_size=25)
    assert [(run.name, run.seed) for run in made] == [("relu", 4), ("tanh", 4), ("relu", 2), ("tanh", 2)]
    for run in made:
        assert same(values(run.net), values(NETS[run.name]().init(run.seed)))
    for run in made:
        model = NETS[run.name]().init(run.seed)
        expected = list(fit(model, DATA, seed=run.seed, epochs=2, batch_size=25))
        assert without_time(run) == without_time(expected) and same(values(run.net), values(model))
    assert len({id(run.net) for run in made}) == 4


def test_a_net_may_have_settings_of_its_own():
    settings = {"tanh": {"lr": 0.5, "epochs": 3}}
    relu, tanh = runs(NETS, DATA, [0], settings, lr=0.25, epochs=1, batch_size=25)
    assert (relu.steps, tanh.steps) == (2, 6)
    assert next(relu).lr == 0.25 and next(tanh).lr == 0.5
    assert settings == {"tanh": {"lr": 0.5, "epochs": 3}}


def test_two_runs_never_train_one_net():
    one = net()
    with pytest.raises(ValueError, match=r"nets\['b'\] gives a net that another run trains"):
        runs({"a": lambda: one, "b": lambda: one}, DATA, [0])
    with pytest.raises(ValueError, match=r"nets\['a'\] gives a net that another run trains"):
        runs({"a": lambda: one}, DATA, [0, 1])


def test_three_seeds_are_usual():
    assert [run.seed for run in runs({"relu": NETS["relu"]}, DATA)] == [0, 1, 2]


# Mean and spread


@given(
    arrays(np.float64, st.tuples(st.integers(1, 5), st.integers(1, 4)), elements=st.floats(-100, 100)),
    st.integers(-2, 1),
)
def test_mean_and_spread_are_the_textbooks(numbers, axis):
    mean, spread = mean_and_spread(numbers, axis)
    n = numbers.shape[axis]
    assert mean == pytest.approx(numbers.sum(axis) / n, abs=1e-9)
    away = ((numbers - np.expand_dims(mean, axis)) ** 2).sum(axis)
    assert spread == pytest.approx(np.sqrt(away / (n - 1)) if n > 1 else np.zeros(mean.shape), abs=1e-9)


def test_mean_and_spread_by_hand():
    assert [float(each) for each in mean_and_spread([1, 2, 3, 6])] == [3, math.sqrt(14 / 3)]
    mean, spread = mean_and_spread([3.0, math.inf])
    assert mean == math.inf and math.isnan(spread)
    assert mean_and_spread([[1.0, 2]])[1].tolist() == [0, 0]


# Accuracy under a change


def test_the_accuracy_at_each_level_is_that_of_the_changed_data():
    model, (images, labels) = trained_lenet5()[0], load_digits("test")
    images, labels = images[:200], labels[:200]
    shifts = [(0, 0), (5, 0), (0, -8)]
    found = accuracy_by(
        model, (images, labels), lambda images, by: translate(images, *by), shifts, prepare=digits_as_input
    )
    expected = [evaluate(model, (translate(images, *by), labels), prepare=digits_as_input).accuracy for by in shifts]
    assert found.tolist() == expected and found.dtype == np.float64
    assert found[0] > 0.95 > found[1] > found[2]


# Two weights

POSITIVE = arrays(np.float64, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(0.01, 3))
PLACES = arrays(np.float64, 2, elements=st.floats(-5, 5))


@given(POSITIVE, PLACES, PLACES, st.floats(1e-3, 0.2), st.integers(0, 99))
def test_with_positive_inputs_both_weights_grow_or_both_fall(inputs, target, start, lr, seed):
    changes = np.sign(np.diff(weight_path(inputs, target, start, lr, 30, seed), axis=0))
    assert (changes[:, 0] * changes[:, 1] >= 0).all()


@given(st.integers(0, 99))
def test_with_inputs_of_mean_zero_the_weights_change_in_all_four_ways(seed):
    inputs = np.random.default_rng(seed).normal(size=(100, 2))
    inputs -= inputs.mean(axis=0)
    changes = np.sign(np.diff(weight_path(inputs, [1, 1], [-1, 0.5], 0.4, 100, seed), axis=0))
    assert {tuple(change) for change in changes.tolist()} >= {(1, 1), (1, -1), (-1, 1), (-1, -1)}


@given(POSITIVE, PLACES, PLACES)
def test_each_step_goes_down_the_slope_of_one_inputs_loss(inputs, target, start):
    path = weight_path(inputs, target, start, 0.1, 5, seed=1)
    assert path.shape == (6, 2) and np.array_equal(path[0], start)
    order = np.random.default_rng(1).integers(len(inputs), size=5)
    for before, after, each in zip(path, path[1:], order, strict=False):

        def loss(weights, x=inputs[each]):
            return ((weights - target) @ x) ** 2 / 2

        assert (before - after) / 0.1 == pytest.approx(central_differences(loss, before), rel=1e-5, abs=1e-5)


def test_the_path_ends_at_the_target_if_the_steps_are_small_enough():
    inputs = np.random.default_rng(0).uniform(0, 1, (50, 2))
    assert weight_path(inputs, [1, -1], [-1, 1], 0.5, 3000)[-1] == pytest.approx([1, -1], abs=1e-6)
    assert np.array_equal(weight_path(inputs, [1, -1], [1, -1], 0.5, 9), np.tile([1, -1], (10, 1)))
    assert weight_path(inputs, [1, -1], [-1, 1], 0.5, 0).tolist() == [[-1, 1]]


def test_the_seed_decides_the_order():
    inputs = np.random.default_rng(0).uniform(0, 1, (50, 2))
    one, again, other = (weight_path(inputs, [1, -1], [0, 0], 0.5, 9, seed) for seed in (0, 0, 1))
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_a_path_that_flies_away_does_so_without_a_warning():
    assert not np.isfinite(weight_path([[100.0, 100.0]], [0, 0], [1, 1], 1.0, 500)[-1]).any()


@given(POSITIVE, PLACES)
def test_the_grid_holds_the_mean_loss_of_each_pair_of_weights(inputs, target):
    w1, w2 = [-2.0, 0.5, 3.0], [1.0, -1.0]
    grid = loss_grid(inputs, target, w1, w2)
    for (i, b), (j, a) in itertools.product(enumerate(w2), enumerate(w1)):
        expected = np.mean([(a * x - target[0] * x + b * y - target[1] * y) ** 2 / 2 for x, y in inputs])
        assert grid[i, j] == pytest.approx(expected, abs=1e-9)
    assert grid.shape == (2, 3)


@given(POSITIVE, PLACES)
def test_on_a_ring_the_mean_loss_is_the_rings(inputs, target):
    inputs = np.concatenate([inputs, [[1.0, 0.0], [0.0, 1.0]]])  # two directions at least
    rings = loss_rings(inputs, target, [0.1, 2.0], points=7)
    assert rings.shape == (2, 7, 2) and rings[:, 0] == pytest.approx(rings[:, -1])
    for ring, loss in zip(rings, (0.1, 2.0), strict=True):
        for w1, w2 in ring:
            assert loss_grid(inputs, target, [w1], [w2]).item() == pytest.approx(loss, rel=1e-6)


# Time


def test_rings_do_not_depend_on_the_unit_of_the_inputs():
    inputs = np.array([[2.0, 0.5], [0, 1]])
    for unit in (1e-8, 1e8):
        assert np.allclose(loss_rings(inputs * unit, [0, 0], [unit**2]), loss_rings(inputs, [0, 0], [1]))


def test_costs_are_ratios_to_the_reference():
    calls = []
    functions = {name: lambda x, name=name: calls.append((name, x)) for name in "abc"}
    x = np.ones(3)
    ratios = cost_ratios(functions, "b", x, repeats=4)
    assert list(ratios) == ["a", "b", "c"] and ratios["b"] == 1
    assert all(type(ratio) is float and ratio > 0 for ratio in ratios.values())
    assert [name for name, _ in calls] == list("abc") * 5 and all(given is x for _, given in calls)


def test_twice_the_time_is_the_ratio_two(monkeypatch):
    clock = [0]
    monkeypatch.setattr("time.perf_counter_ns", lambda: clock[0])

    def takes(*nanoseconds):
        times = iter(nanoseconds)

        def function(x):
            clock[0] += next(times)

        return function

    functions = {"relu": takes(900, 30, 20, 50), "tanh": takes(41, 50, 60, 70), "nothing": takes(0, 0, 0, 0)}
    assert cost_ratios(functions, "relu", None, repeats=3) == {"relu": 1, "tanh": 41 / 20, "nothing": 1 / 20}


# What is refused

POINT = np.ones((1, 2))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: running_mean([[1.0]]), ShapeError, "values has shape (1, 1)"),
        (lambda: running_mean(["a"]), TypeError, "values has dtype"),
        (lambda: running_mean([1.0], 0), ShapeError, "window=0: must be at least 1"),
        (lambda: Run("new", net(), DATA).loss_curve(0), ShapeError, "window=0"),
        (lambda: runs({}, DATA), ValueError, "nets is empty"),
        (lambda: runs(NETS, DATA, ()), ValueError, "seeds is empty"),
        (lambda: runs(NETS, DATA, settings={"elu": {}}), ValueError, "settings='elu': must be one of relu, tanh"),
        (lambda: runs(NETS, DATA, lr=-1), ValueError, "lr=-1"),
        (lambda: mean_and_spread([]), ShapeError, "values has shape (0,): must have at least one value along axis=0"),
        (lambda: mean_and_spread([1.0], 1), ShapeError, "along axis=1"),
        (lambda: mean_and_spread(["a"]), TypeError, "values has dtype"),
        (lambda: mean_and_spread([1.0], None), TypeError, "axis=None (NoneType): must be an integer"),
        (lambda: mean_and_spread([1.0], -2), ShapeError, "axis=-2"),
        (lambda: epochs_to(with_records([1]), 25), ValueError, "error=25: must be a number from 0 to 1"),
        (lambda: epochs_to(with_records([1]), "1"), TypeError, "error='1'"),
        (lambda: epochs_to(with_records([1]), 0.25, 0), ShapeError, "window=0"),
        (lambda: weight_path([[1, 2, 3]], [0, 0], [0, 0], 0.1, 1), ShapeError, "inputs has shape (1, 3)"),
        (lambda: weight_path(POINT, [0], [0, 0], 0.1, 1), ShapeError, "target has shape (1,): must be (2,)"),
        (lambda: weight_path(POINT, [0, 0], [[0, 0]], 0.1, 1), ShapeError, "start has shape (1, 2)"),
        (lambda: weight_path(POINT, [0, 0], [0, 0], 0, 1), ValueError, "lr=0: must be a number above 0"),
        (lambda: weight_path(POINT, [0, 0], [0, 0], 0.1, -1), ShapeError, "steps=-1"),
        (lambda: loss_grid(POINT[:0], [0, 0], [0], [0]), ShapeError, "inputs has shape (0, 2)"),
        (lambda: loss_grid(POINT, [0, 0], [0], [[0]]), ShapeError, "w2 has shape (1, 1)"),
        (lambda: loss_rings(POINT, [0, 0], [1]), ValueError, "inputs lie on one line through 0"),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [0]), ValueError, "losses=[0.0]: must be above 0"),
        (
            lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [np.inf]),
            ValueError,
            "losses=[inf]: must be above 0, and finite",
        ),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], 1), ShapeError, "losses has shape (): must have one axis"),
        (lambda: loss_rings([[1, 0], [0, np.nan]], [0, 0], [1]), ValueError, "inputs holds NaN or infinity"),
        (lambda: loss_rings([[0, 0], [0, 0]], [0, 0], [1]), ValueError, "inputs lie on one line through 0"),
        (lambda: loss_rings([[1, 0], [0, 1]], [0, 0], [1], 1), ShapeError, "points=1"),
        (lambda: cost_ratios({"a": abs}, "b", POINT), ValueError, "reference='b': must be one of a"),
        (lambda: cost_ratios({"a": abs}, "a", POINT, 0), ShapeError, "repeats=0"),
    ],
)
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


def test_rings_of_more_points_than_memory_are_refused_before_they_are_made():
    with pytest.raises(ValueError, match="points=5000000000: makes 10,000,000,000 numbers"):
        loss_rings([[2, 0], [0, 2]], target=[1, 1], losses=[1], points=5_000_000_000)
