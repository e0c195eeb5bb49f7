"""Costs beside a clock of the test."""

import numpy as np
import pytest

from lecture_lib.chapters.activations.speed import cost_ratios
from lecture_lib.shapes import ShapeError
from tests.experiments_cases import POINT


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


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: cost_ratios({"a": abs}, "b", POINT), ValueError, "reference='b': must be one of a"),
        (lambda: cost_ratios({"a": abs}, "a", POINT, 0), ShapeError, "repeats=0"),
    ],
)
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
