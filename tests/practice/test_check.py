"""The check survives whatever a student's function does, and says what that was."""

import functools
import sys
import time
import warnings
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

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


def two_that_add_up(total):
    return 0, total


ADDED = Exercise(
    two_that_add_up, "Two numbers whose sum is total.", ((5,), (7,)), (), (),
    judge=lambda result, total: "" if result.sum() == total else f"their sum is {result.sum()}, not {total}.",
)  # fmt: skip


@pytest.mark.parametrize("function", [lambda t: (2, t - 2), lambda t: [t, 0], lambda t: np.array([t / 2, t / 2])])
def test_where_several_answers_are_right_each_of_them_is(function):
    assert check_function(ADDED, function).solved


@pytest.mark.parametrize(
    ("function", "lines"),
    [
        (lambda t: (0, 2 * t), ["their sum is 10, not 5.", "Tried: total = 5", "Came back: a tuple, (0, 10)"]),
        (lambda t: (0, 5), ["their sum is 5, not 7.", "Tried: total = 7", "Came back: a tuple, (0, 5)"]),
    ],
)
def test_where_several_answers_are_right_the_judge_says_what_is_wrong_and_none_is_given_away(function, lines):
    first, *more = check_function(ADDED, function).splitlines()
    assert [first, *more[:2]] == ["two_that_add_up: " + lines[0], *lines[1:]]
    assert not any(line.startswith(("Expected", "Likely")) for line in more)


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


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x / 2).tolist(), lambda x: tuple((x / 2).tolist()), lambda x: list(x / 2), lambda x: (x / 2).astype(np.float32),
    ],
)  # fmt: skip
def test_right_numbers_are_right_in_any_form(function):
    assert check_function(HALVED, function).solved


@pytest.mark.parametrize("make", [float, int, np.int64, np.float32, np.uint8, np.array, lambda n: np.array(float(n))])
def test_a_right_whole_number_is_right_in_any_form(make):
    assert check_function(EXERCISES["pool_size"], lambda n, f, s: make((n - f) // s + 1)).solved


def test_a_count_is_exact_however_large():
    exercise = Exercise(lambda n: n * n, "Square.", ((30_000,),), (), ())
    assert check_function(exercise, lambda n: n * n).solved
    assert not check_function(exercise, lambda n: n * n + 1).solved


def test_a_right_function_hears_what_its_author_has_understood():
    praise = check_function(replace(HALVED, understood="Your function halves."), halved)
    assert praise == "halved is right in all 2 cases. Your function halves."
    assert check_function(HALVED, halved) == "halved is right in all 2 cases."


def in_place(x):
    x /= 2
    return x if x.shape == (2, 3) else x + 1


def test_a_wrong_value_is_said_before_manners():
    both = check_function(HALVED, in_place)
    assert both.startswith("halved: the values are wrong.") and "every number is off by 1" in both
    assert "it changed its input x" in check_function(HALVED, lambda x: x.__itruediv__(2))


def test_a_view_of_the_input_is_told_apart_from_a_new_array():
    copied = replace(HALVED, solution=lambda x: x.copy())
    assert "a view of its input x" in check_function(copied, lambda x: x[:])
    assert check_function(copied, lambda x: x[:] + 0).solved


def test_numbers_that_do_not_fit_into_bytes_are_named():
    cases = ((np.array([[9, 200], [1, 128]], np.uint8),),)
    light = replace(HALVED, mistakes=(), solution=lambda x: x.astype(float) * 2, cases=cases)
    assert "does not fit into its integer type" in check_function(light, lambda x: x + x)


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


def test_fractions_and_decimals_are_numbers_and_a_list_of_numpys_is_written_without_its_types():
    one = replace(HALVED, solution=lambda x: 0.5, mistakes=())
    assert check_function(one, lambda x: Fraction(1, 2)).solved
    assert check_function(one, lambda x: Decimal("0.5")).solved
    assert "Came back: a list, [2, 1]" in check_function(one, lambda x: [np.float64(2), np.float64(1)])


@pytest.mark.parametrize("name", ["zeros", "asarray", "allclose", "isclose", "abs"])
def test_who_changes_numpy_changes_no_verdict_on_the_cases_that_follow(name):
    def halved(x):
        setattr(np, name, lambda *_, **__: True)
        return 0

    before = getattr(np, name)
    assert check_function(HALVED, halved).kind == "wrong"
    assert getattr(np, name) is before


def test_what_is_far_too_large_for_bytes_is_not_said_to_begin_anew_in_them():
    infinite = replace(HALVED, mistakes=(), solution=lambda x: x / 2)
    assert "begins anew" not in check_function(infinite, lambda x: np.where(x > 1, 1.8e308, x / 2))


def test_one_wrong_number_at_the_end_is_no_loop_that_ends_too_early():
    line = replace(HALVED, mistakes=(), solution=lambda x: np.array([1.0, 2, 3]))
    assert "does a loop end" not in check_function(line, lambda x: np.array([1.0, 2, 0]))
    assert "does a loop end" in check_function(line, lambda x: np.array([1.0, 0, 0]))


@pytest.mark.parametrize(
    "lazy", [lambda x: (each / 2 for each in x), lambda x: map(float, x.flat), lambda x: filter(None, x.flat)]
)
def test_what_gives_its_numbers_one_by_one_is_asked_to_be_a_list(lazy):
    verdict = check_function(HALVED, lazy)
    assert "Put list(…) around it" in verdict and "object" not in verdict.splitlines()[0]
