"""What a function gave is looked at with care: whatever it is, it can be described."""

import sys
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.practice.check import check_function
from lecture_lib.practice.results import apart, describe
from tests.practice.halved import HALVED


class Own(np.ndarray):
    @property
    def shape(self):
        raise OSError("no shape")

    def __array_ufunc__(self, *args, **kwargs):
        raise OSError("no arithmetic")


class SpeechlessError(Exception):
    def __str__(self):
        raise OSError("no words")


class Slow:
    def __repr__(self):
        while True:
            time.sleep(0.01)


def speechless(x):
    raise SpeechlessError


def half_a_character(x):
    print("\ud800")
    raise ValueError("\udfff")


def closing(x):
    sys.stdout.close()
    return x / 2


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: np.broadcast_to(0.0, 10**12), "it gave shape (1000000000000,)"),
        (lambda x: [[0] * 10**4] * 10**4, "it gave a list, [[0, 0, 0, 0"),
        (lambda x: [np.broadcast_to(0.0, 10**9)] * 9, "it gave a list"),
        (lambda x: 10**10000, "it gave a number of thousands of digits"),
        (lambda x: np.ma.masked_array(x / 2, True), "it gave a MaskedArray"),
        (lambda x: (x * 2).view(Own), "Likely: this is twice as much."),
        (lambda x: Slow(), "it was still running after 1 s, so it was stopped. Is there a loop that never ends?\n"),
        (speechless, "it raised SpeechlessError, in line"),
        (half_a_character, "it raised ValueError: \\udfff"),
        (closing, "is right in all 2 cases"),
    ],
)  # fmt: skip
def test_a_check_looks_at_no_result_longer_or_closer_than_it_must(function, words):
    start = time.perf_counter()
    verdict = check_function(HALVED, function, seconds=1.0)
    assert words in verdict
    verdict._repr_html_().encode()
    assert time.perf_counter() - start < 20


def test_the_text_of_a_long_list_is_not_made_whole():
    tracemalloc.start()
    try:
        assert describe([0] * 10**6).startswith("a list, [0, 0")
        assert tracemalloc.get_traced_memory()[1] < 20e6  # the list itself takes 8 MB; its text would take more
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("value", "words"),
    [(3, "3"), (2.5, "2.5"), (True, "True"), ("a", "text, 'a'"), ((1, 2), "a tuple, (1, 2)"), (np.float64(0.5), "0.5"),
     (np.zeros((2, 0)), "an array of shape (2, 0) of float64"), (np.zeros(99), "an array of shape (99,) of float64")],
)  # fmt: skip
def test_values_are_described_in_a_few_words(value, words):
    assert describe(value) == words


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.binary(),
                 st.dictionaries(st.text(), st.integers()), st.tuples(st.integers(), st.floats())))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_no_result_breaks_the_check(value):
    verdict = check_function(HALVED, lambda x: value)
    assert verdict.kind == "wrong"
    assert len(verdict) < 5000
    assert isinstance(verdict._repr_html_(), str)


@pytest.mark.parametrize(
    ("value", "expected", "words"),
    [
        (5, 6, ("5", "6")), (5.0000001, 5, ("5.0000001", "5")), (np.float32(0.1), 0.1, ("0.1 (a float32)", "0.1 (a float)")),
        (5, 5.0, ("5 (an int)", "5 (a float)")), (-5.001, -5, ("−5.001", "−5")), (np.array(5), 5, ("an array of shape (), 5", "5")),
        (np.array([1.001, 2]), np.array([1, 2]), ("an array of shape (2,), [1.001, 2]", "an array of shape (2,), [1, 2]")),
        (np.array([1, 2]), np.array([1.0, 2]), ("an array of shape (2,), [1, 2] (of int64)", "an array of shape (2,), [1, 2] (of float64)")),
        ([[1, 2]], np.array([1, 2]), ("a list, [[1, 2]]", "an array of shape (2,), [1, 2]")), ("5", 5, ("text, '5'", "5")),
    ],
)  # fmt: skip
def test_what_came_back_and_what_was_expected_are_told_apart(value, expected, words):
    assert apart(value, expected) == words


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
@settings(max_examples=200, deadline=None)
def test_two_numbers_that_differ_never_look_alike(one, other):
    came, wanted = apart(one, other)
    assert (came == wanted) == (one == other)


def test_a_check_shows_the_difference_that_makes_a_result_wrong():
    verdict = check_function(HALVED, lambda x: x / 2 + 1e-3)
    lines = dict(line.split(": ", 1) for line in str(verdict).splitlines() if line.startswith(("Came", "Expected")))
    assert len(lines) == 2 and lines["Came back"] != lines["Expected"]
