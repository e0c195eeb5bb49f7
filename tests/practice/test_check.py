"""The check survives whatever a student's function does, and says what that was."""

import functools
import sys
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest

from lecture_lib.chapters import convolution
from lecture_lib.practice import Exercise
from lecture_lib.practice.check import Verdict, check_function
from tests.chapters.found import EXERCISES, written
from tests.practice.halved import CASE, HALVED, halved


def stubborn(x):
    time.sleep(4)  # one call: an exception gets into a thread between two of its lines only


def recursive(x):
    return recursive(x)


def pressed(x):
    raise KeyboardInterrupt


def ragged(x):
    return [[1, 2], [3]]


class Hostile:
    def __array__(self, *args, **kwargs):
        raise SystemError("no array of me")

    def __repr__(self):
        raise OSError("and no words")

    def __eq__(self, other):
        raise ValueError("nor this")

    __hash__ = None


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: 1 / 0, "it raised ZeroDivisionError: division by zero"),
        (lambda x: x[7, 7, 7], "it raised IndexError"),
        (lambda: 3, "it raised TypeError"),
        (lambda x, y: 3, "it raised TypeError"),
        (lambda x: sys.exit(), "it raised SystemExit"),
        (pressed, "it raised KeyboardInterrupt"),
        (lambda x: input("what? "), "it raised RuntimeError: input() is not for this function"),
        (recursive, "it raised RecursionError"),
        (lambda x: print(3), "it gave None. Is there a return at its end?"),
        (lambda x: "half", "it gave text, 'half', which is not an array of shape (2, 3)"),
        (lambda x: (x / 2).tolist(), "not a NumPy array"),
        (lambda x: 3.0, "it gave a single number, expected was an array of shape (2, 3)"),
        (lambda x: ragged(x), "it gave a list, [[1, 2], [3]], which is not"),
        (lambda x: {"a": 1}, "it gave a dictionary"),
        (lambda x: Hostile(), "something that cannot even be written"),
        (lambda x: np.array(["a"]), "It must hold real numbers, int or float."),
        (lambda x: x.astype(complex), "of complex128. It must hold real numbers, int or float."),
        (lambda x: x.T / 2, "it gave shape (3, 2), expected was an array of shape (2, 3)"),
        (lambda x: x * np.nan, "it gave NaN in 6 of 6 places"),
        (lambda x: (x / 2).astype(int), "int64 where fractions are needed"),
        (lambda x: x.__itruediv__(2), "it changed its input x"),
        (lambda x: x[:], "a view of its input x"),
        (lambda x: 2 * x, "Likely: this is twice as much."),
        (lambda x: -x / 2, "Likely: the sign is wrong."),
        (lambda x: x[::-1] / 2, "Likely: the rows stand upside down."),
        (lambda x: x[:, ::-1] / 2, "Likely: left and right are swapped."),
        (lambda x: x[::-1, ::-1] / 2, "Likely: the values stand upside down and left to right"),
        (lambda x: x / 2 + 3, "Likely: every number is off by 3"),
        (lambda x: x * 1.5, "Likely: every number is 3 times what it should be."),
        (lambda x: x / 2 * 1.001, "They look alike, but differ by up to 0.00"),
        (lambda x: np.concatenate([x[:1] / 2, 0 * x[1:]]), "Likely: it is right at the beginning, and only zeros follow"),
        (lambda x: x if x > 0 else -x, "Likely: if, and, or, max() and min() want one number"),
        (lambda x: np.zeros(len(x) / 2), "Likely: a size must be a whole number."),
        (lambda x: x[: len(x) / 2], "Likely: an index must be a whole number."),
        (lambda x: x[len(x)], "Likely: an index goes beyond the end"),
        (lambda x: x + np.ones(7), "Likely: two arrays do not fit."),
        (lambda x: x @ x, "Likely: the shapes do not fit for @."),
        (lambda x: np.ones(x.shape), "the values are wrong."),
        (iter, "which is not an array of shape"),
        (len, "it gave a single number"),
    ],
)  # fmt: skip
def test_a_check_says_what_a_function_did(function, words):
    verdict = check_function(HALVED, function, seconds=2.0)
    assert verdict.kind == "wrong"
    assert words in verdict


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.where(x == 0, 9, x / 2),  # right where nothing is 0: not "1 times too large"
        lambda x: np.full(x.shape, np.inf),
        lambda x: np.where(x == 0, 1, x),
    ],
)
def test_no_mistake_is_named_that_does_not_explain_every_number(function):
    assert "Likely" not in check_function(HALVED, function)


def test_a_general_mistake_explains_every_case_that_is_wrong():
    cases = (np.array([[1.0, 2], [2, 3]]),), (np.array([[4.0, 6], [8, 2]]),)
    verdict = check_function(replace(HALVED, cases=cases), lambda x: x / 2 + (3 if x[0, 0] == 1 else x))
    assert "the values are wrong" in verdict and "Likely" not in verdict


def test_a_single_whole_number_is_a_wrong_value_not_an_array_cut_off():
    def middle(x):
        return x.mean()

    exercise = replace(HALVED, solution=middle, cases=((np.array([1.0, 2]),),), mistakes=())
    verdict = check_function(exercise, lambda x: len(x))
    assert "the values are wrong" in verdict and "cut off" not in verdict


def test_a_complaint_shows_what_was_tried_what_came_back_and_what_was_expected():
    verdict = check_function(HALVED, lambda x: x * 2)
    assert verdict.splitlines() == [
        "halved: the values are wrong.",
        "Tried: x = an array of shape (2, 3), [[2, −4, 6], [0, 1, 3]]",
        "Came back: an array of shape (2, 3), [[4, −8, 12], [0, 2, 6]]",
        "Expected: an array of shape (2, 3), [[1, −2, 3], [0, 0.5, 1.5]]",
        "Likely: this is twice as much.",
    ]


def test_a_large_array_is_compared_where_it_differs_first():
    large = Exercise(halved, "Half.", ((np.arange(100.0).reshape(10, 10),),), (), ())

    def nearly(x):
        out = x / 2
        out[3, 4] = 7
        out[9, 9] = 0
        return out

    assert "2 of 100 numbers differ, first at [3, 4]: 7 instead of 17" in check_function(large, nearly)


def test_a_function_that_never_ends_is_stopped_and_the_other_cases_are_spared():
    calls = []

    def endless(x):
        calls.append(1)
        while True:
            pass

    start = time.perf_counter()
    verdict = check_function(HALVED, endless, seconds=0.3)
    assert "it was still running after 0.3 s" in verdict
    assert "restart" not in verdict
    assert len(calls) == 1
    assert time.perf_counter() - start < 5


def test_a_function_that_holds_on_to_its_thread_is_left_there_and_said_so():
    verdict = check_function(HALVED, stubborn, seconds=0.2)
    assert "It could not even be stopped: restart the kernel." in verdict


@pytest.mark.parametrize("thing", [3, None, "halved", CASE, [halved]])
def test_the_result_instead_of_the_function_is_told_apart(thing):
    assert "not a function" in check_function(HALVED, thing)
    assert "without brackets" in convolution.check(thing)


def test_a_right_function_is_praised_and_its_speed_compared():
    fast = Exercise(halved, "Half.", ((CASE,),), (), (), library=lambda x: x / 2, bench=(np.ones((300, 300)),))
    slow = check_function(fast, lambda x: np.array([[each / 2 for each in row] for row in x]))
    assert slow.solved
    assert "times as long as the library" in slow


def test_a_verdict_is_text_and_never_markup():
    page = check_function(HALVED, lambda x: "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'role="status"' in page


def test_a_verdict_is_known_by_a_sign_and_not_by_colour_alone():
    assert [repr(Verdict("words", kind))[0] for kind in ("open", "wrong", "right")] == ["✎", "✗", "✓"]


def test_what_is_right_in_small_cases_only_is_not_praised():
    def softplus(x):
        return None if x.size > 50 else np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))

    assert "it gave None" in check_function(EXERCISES["softplus"], softplus)


def test_what_takes_too_long_in_a_large_case_is_right_and_hears_of_it():
    def softplus(x):
        time.sleep(9 * (x.size > 50))
        return np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))

    verdict = check_function(EXERCISES["softplus"], softplus, seconds=0.3)
    assert verdict.solved
    assert "In a larger one it was still running after 0.3 s" in verdict


def test_a_function_that_prints_for_ever_is_told_so():
    def pool_size(n, f, s):
        while True:
            print("still here")

    assert "or a print inside a long one?" in check_function(EXERCISES["pool_size"], pool_size, seconds=0.5)


def documented(x):
    """Half of every number."""


def passing(x): pass  # fmt: skip  # noqa: E704


def returning_none(x):
    return None


with warnings.catch_warnings(action="ignore"):
    BACKSLASH = written('def halved(x):\n    """Not \\d."""\n    return')["halved"]


@pytest.mark.parametrize("function", [documented, passing, returning_none, BACKSLASH])
def test_a_function_in_which_nothing_stands_is_not_written_yet(function, recwarn):
    assert check_function(HALVED, function).kind == "open"
    assert not recwarn.list


def half_written(x):
    half = x / 2  # noqa: F841  no return


def nested(x):
    def inner(x): ...

    return inner(x)


def without_source(source):
    names = {}
    exec(source, names)  # noqa: S102
    return names["halved"]


@pytest.mark.parametrize(
    "function",
    [
        half_written, nested, lambda x: None, functools.partial(documented),
        without_source("def halved(x): return None"), without_source("halved = [lambda x: None][0]"),
    ],
)  # fmt: skip
def test_a_function_that_does_something_or_has_no_source_is_tried_and_gives_none(function):
    verdict = check_function(HALVED, function)
    assert verdict.kind == "wrong"
    assert "it gave None. Is there a return at its end?" in verdict


def test_a_function_that_wraps_itself_is_no_riddle():
    def halved(x):
        return x / 2

    halved.__wrapped__ = halved
    assert check_function(HALVED, halved).solved
