"""Runs that stop and go on beside one ``fit``, the measures by hand, and the theorem of the zigzag."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lecture_lib.data import load_digits
from lecture_lib.experiments import (
    Run,
    epochs_to,
    mean_and_spread,
    running_mean,
)
from lecture_lib.layers import StateError
from lecture_lib.models import mlp
from lecture_lib.shapes import ShapeError
from lecture_lib.training import fit
from tests.experiments_cases import (
    DATA,
    LABELS,
    X,
    net,
    same,
    values,
    with_records,
    without_time,
)

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


# Epochs to an error


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


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: epochs_to(with_records([1]), 25), ValueError, "error=25: must be a number from 0 to 1"),
        (lambda: epochs_to(with_records([1]), "1"), TypeError, "error='1'"),
        (lambda: epochs_to(with_records([1]), 0.25, 0), ShapeError, "window=0"),
    ],
)
def test_an_error_or_a_window_that_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
