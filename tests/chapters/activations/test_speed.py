"""Costs beside a clock of the test, and epochs by hand."""

import math

import numpy as np
import pytest

from lecture_lib.chapters.activations.speed import cost_ratios, epochs_to
from lecture_lib.experiments import (
    Run,
)
from lecture_lib.shapes import ShapeError
from tests.experiments_cases import (
    DATA,
    POINT,
    net,
    with_records,
)


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
        (lambda: cost_ratios({"a": abs}, "b", POINT), ValueError, "reference='b': must be one of a"),
        (lambda: cost_ratios({"a": abs}, "a", POINT, 0), ShapeError, "repeats=0"),
    ],
)
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
