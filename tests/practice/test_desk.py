"""What a student calls: the exercise is found by its name, and a verdict comes whatever happens."""

import functools
import sys
import threading

import numpy as np
import pytest

from lecture_lib.chapters import activations, convolution, pooling
from lecture_lib.practice import sandbox
from tests.chapters.found import CHAPTERS, EXERCISES, HOME


@pytest.mark.parametrize(
    ("name", "words"), [("output_siez", "Did you mean output_size?"), ("zzz", "keep the one of the exercise")]
)
def test_an_unknown_function_is_answered_with_the_nearest_exercise(name, words):
    def function(n):
        return n

    function.__name__ = name
    assert words in convolution.check(function)
    with pytest.raises(ValueError, match="must be one of"):
        convolution.hints(name)


def test_a_check_inside_the_function_that_it_tries_says_so_at_once():
    def softplus(x):
        return activations.check(softplus)

    def pool_size(n, f, s):
        pooling.check(pool_size)
        return (n - f) // s + 1

    threads = set(threading.enumerate())
    for check, function in ((activations.check, softplus), (pooling.check, pool_size)):
        verdict = check(function)
        assert verdict.kind == "wrong"
        assert "check(…) stands inside the function that it tries: move it out, to the left margin" in verdict
    assert set(threading.enumerate()) <= threads  # one of an earlier test may end meanwhile
    assert sys.stdout is not None and not isinstance(sys.stdout, sandbox._Paper)


def test_a_student_who_made_errors_of_warnings_of_numpy_is_checked_all_the_same():
    with np.errstate(all="raise"):
        assert all(
            CHAPTERS[HOME[name]].check(EXERCISES[name].solution).solved
            for name in ("softmax", "leaky_relu", "softplus", "cross_entropy")
        )


class Riddle:
    """Answers to == by leaving."""

    def __eq__(self, other):
        raise SystemExit


@pytest.mark.parametrize("put", [lambda: np.array([1, 2]), Riddle], ids=["array", "riddle"])
def test_what_a_function_puts_into_its_list_is_seen_and_not_asked(put):
    def receptive_field(kernel_sizes, strides):
        field, jump = 1, 1
        for f, s in zip(kernel_sizes, strides, strict=True):
            field, jump = field + (f - 1) * jump, jump * s
        strides[0] = put()
        return field

    assert "it changed its input strides" in convolution.check(receptive_field)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda n: n, "this one has none: write it with def"),
        (functools.partial(max, 1), "this one has none: write it with def"),
    ],
)
def test_a_function_without_a_name_is_asked_for_one(function, words):
    assert words in convolution.check(function)


@pytest.mark.parametrize(
    ("value", "words"),
    [(10**30, "which is far too large"), (2.5, "2.5"), (np.array(3.0), "Came back: an array of shape (), 3")],
)
def test_a_number_of_another_kind_is_told_from_a_wrong_one(value, words):
    def pool_size(n, f, s):
        return value if (n, f, s) == (4, 2, 2) else (n - f) // s + 1

    assert words in pooling.check(pool_size)


class Secretive:
    def __getattr__(self, name):
        raise OSError("nothing is said")

    def __call__(self, x):
        return x


class Name(str):
    def __hash__(self):
        raise OSError("no hash")


def test_an_object_that_answers_no_question_is_asked_for_a_name():
    assert "this one has none: write it with def" in convolution.check(Secretive())
    named = Secretive()
    named.__name__ = Name("pad")
    assert "this one has none: write it with def" in convolution.check(named)
