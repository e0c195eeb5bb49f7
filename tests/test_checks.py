"""The check survives whatever a student's function does, and says what that was."""

import builtins
import functools
import json
import signal
import sys
import threading
import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib.exercises import EXERCISES, sandbox, solved, turn
from lecture_lib.exercises.checks import Verdict, check_function, describe
from lecture_lib.exercises.exercise import Exercise, Mistake
from lecture_lib.exercises.solved import Progress


def halved(x):
    return x / 2


CASE = np.array([[2.0, -4, 6], [0, 1, 3]])
HALVED = Exercise(
    halved, "Half of every number of an array.", ((CASE,), (np.arange(6.0).reshape(3, 2),)),
    (Mistake("this is twice as much.", lambda x: x * 2),), ("Divide.",),
)  # fmt: skip


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv(solved.VARIABLE, str(tmp_path / "progress.json"))
    monkeypatch.setattr(sandbox, "PATIENCE", 0.5)


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


def test_what_a_function_prints_is_kept_short_and_not_shown(capsys):
    def chatty(x):
        for _ in range(10_000):
            print("hello" * 100)
        sys.stderr.write("and that")
        return 0 * x

    verdict = check_function(HALVED, chatty)
    assert "It printed: hellohello" in verdict
    assert len(verdict) < 2000
    assert capsys.readouterr() == ("", "")


def test_print_and_input_work_again_after_a_check(capsys):
    before = input
    check_function(HALVED, lambda x: input())
    print("here")
    assert capsys.readouterr().out == "here\n"
    assert __builtins__["input"] is before if isinstance(__builtins__, dict) else __builtins__.input is before


def test_warnings_of_a_function_stay_inside(recwarn):
    check_function(HALVED, lambda x: x / np.zeros(3))
    assert not recwarn.list


@pytest.mark.parametrize("thing", [3, None, "halved", CASE, [halved]])
def test_the_result_instead_of_the_function_is_told_apart(thing):
    assert "not a function" in check_function(HALVED, thing)
    assert "without brackets" in turn.check(thing)


def test_a_right_function_is_praised_and_its_speed_compared():
    fast = Exercise(halved, "Half.", ((CASE,),), (), (), library=lambda x: x / 2, bench=(np.ones((300, 300)),))
    slow = check_function(fast, lambda x: np.array([[each / 2 for each in row] for row in x]))
    assert slow.solved
    assert "times as long as the library" in slow


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.binary(),
                 st.dictionaries(st.text(), st.integers()), st.tuples(st.integers(), st.floats())))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_no_result_breaks_the_check(value):
    verdict = check_function(HALVED, lambda x: value)
    assert verdict.kind == "wrong"
    assert len(verdict) < 5000
    assert isinstance(verdict._repr_html_(), str)


def test_a_verdict_is_text_and_never_markup():
    page = check_function(HALVED, lambda x: "<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert 'role="status"' in page


def test_a_verdict_is_known_by_a_sign_and_not_by_colour_alone():
    assert [repr(Verdict("words", kind))[0] for kind in ("open", "wrong", "right")] == ["✎", "✗", "✓"]


@pytest.mark.parametrize(
    ("value", "words"),
    [(3, "3"), (2.5, "2.5"), (True, "True"), ("a", "text, 'a'"), ((1, 2), "a tuple, (1, 2)"), (np.float64(0.5), "0.5"),
     (np.zeros((2, 0)), "an array of shape (2, 0) of float64"), (np.zeros(99), "an array of shape (99,) of float64")],
)  # fmt: skip
def test_values_are_described_in_a_few_words(value, words):
    assert describe(value) == words


# Sandbox


def test_a_stopped_call_leaves_no_thread_behind():
    before = set(threading.enumerate())
    outcome = sandbox.call(lambda: [0 for _ in iter(int, 1)], [], seconds=0.2)
    assert (outcome.ended, outcome.stopped) == (False, True)
    assert set(threading.enumerate()) <= before


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("after", [0.05, 0.2])
def test_an_interrupt_ends_the_students_code_and_leaves_everything_as_it_was(after):
    steps = []

    def counting(x):
        while True:
            steps.append(1)
            time.sleep(0.001)

    before = sys.stdout, sys.stderr, builtins.input
    press = threading.Timer(after, signal.raise_signal, [signal.SIGINT])
    press.start()
    with pytest.raises(KeyboardInterrupt):
        check_function(HALVED, counting)
    press.join()
    assert (sys.stdout, sys.stderr, builtins.input) == before
    reached = len(steps)
    time.sleep(0.1)
    assert len(steps) == reached > 0


def test_the_line_that_raised_is_named():
    def wrong(x):
        return x.no_such_thing

    assert "in the line “return x.no_such_thing”" in sandbox.call(wrong, [3]).error


# Progress


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
        (speechless, "it raised SpeechlessError, in the line"),
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


def test_progress_is_remembered_over_checks_and_counts_only_this_notebooks(tmp_path):
    assert turn.progress("02").startswith("Solved: 0 of 6. ○ output_size")
    assert turn.check(turn.EXERCISES["output_size"].solution).solved
    assert turn.progress("02").startswith("Solved: 1 of 6. ✓ output_size ○ conv_parameters")
    assert '<progress value="1" max="6"' in turn.progress("02")._repr_html_()
    solved.progress_file().unlink()
    assert turn.progress("02").startswith("Solved: 0 of 6.")


def test_the_progress_file_lies_beside_the_notebooks_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(solved.VARIABLE)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert solved.progress_file() == tmp_path / solved.FILE
    monkeypatch.chdir(tmp_path)
    assert solved.progress_file() == tmp_path / solved.FILE


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": 1}', b"\xff\xfe", b"[" * 99_999, b"x" * 200_000])
def test_a_damaged_progress_file_is_said_and_nothing_is_lost(content):
    solved.progress_file().write_bytes(content)
    said = turn.progress("02")
    assert said.startswith("Solved: 0 of 6.")
    assert "Delete it to start anew." in said
    verdict = turn.check(turn.EXERCISES["output_size"].solution)
    assert verdict.solved
    assert "Delete it to start anew." in verdict
    assert solved.progress_file().read_bytes() == content


def test_a_folder_that_is_not_there_skips_progress_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv(solved.VARIABLE, str(tmp_path / "nowhere" / "progress.json"))
    verdict = turn.check(turn.EXERCISES["output_size"].solution)
    assert verdict.solved
    assert "does not keep your progress" in verdict


def test_progress_of_an_unknown_notebook_names_the_known_ones():
    with pytest.raises(ValueError, match="notebook='2': must be one of .*02"):
        turn.progress("2")


def test_progress_is_text_and_never_markup():
    assert "<b>" not in Progress(["<b>"], set())._repr_html_()


@pytest.mark.parametrize(
    ("name", "words"), [("output_siez", "Did you mean output_size?"), ("zzz", "keep the one of the exercise")]
)
def test_an_unknown_function_is_answered_with_the_nearest_exercise(name, words):
    def function(n):
        return n

    function.__name__ = name
    assert words in turn.check(function)
    with pytest.raises(ValueError, match="must be one of"):
        turn.hints(name)


def test_a_check_inside_the_function_that_it_tries_says_so_at_once():
    def softplus(x):
        return turn.check(softplus)

    def pool_size(n, f, s):
        turn.check(pool_size)
        return (n - f) // s + 1

    threads = threading.active_count()
    for function in (softplus, pool_size):
        verdict = turn.check(function)
        assert verdict.kind == "wrong"
        assert "check(…) stands inside the function that it tries: move it out, to the left margin" in verdict
    assert threading.active_count() == threads
    assert sys.stdout is not None and not isinstance(sys.stdout, sandbox._Paper)


def test_without_a_thread_to_run_it_in_a_function_is_no_riddle(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert sandbox.call(max, [3, 4]).error.startswith("RuntimeError: can't start new thread")


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


def test_a_student_who_made_errors_of_warnings_of_numpy_is_checked_all_the_same():
    with np.errstate(all="raise"):
        assert all(
            turn.check(EXERCISES[name].solution).solved for name in ("softmax", "elu", "softplus", "cross_entropy")
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

    assert "it changed its input strides" in turn.check(receptive_field)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda n: n, "this one has none: write it with def"),
        (functools.partial(max, 1), "this one has none: write it with def"),
    ],
)
def test_a_function_without_a_name_is_asked_for_one(function, words):
    assert words in turn.check(function)


@pytest.mark.parametrize(
    ("value", "words"),
    [(10**30, "which is far too large"), (2.0, "must be a whole number, an int"), (np.array(2.0), "an int")],
)
def test_a_number_of_another_kind_is_told_from_a_wrong_one(value, words):
    def pool_size(n, f, s):
        return value if (n, f, s) == (4, 2, 2) else (n - f) // s + 1

    assert words in turn.check(pool_size)


def test_a_function_that_prints_for_ever_is_told_so():
    def pool_size(n, f, s):
        while True:
            print("still here")

    assert "or a print inside a long one?" in check_function(EXERCISES["pool_size"], pool_size, seconds=0.5)


def test_a_folder_that_is_gone_keeps_no_progress_and_no_check_from_its_verdict(tmp_path, monkeypatch):
    monkeypatch.delenv(solved.VARIABLE, raising=False)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert solved.read() == (set(), "")
    assert "does not keep your progress" in solved.remember("pad")


def test_names_that_are_none_are_dropped_from_the_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.json"
    monkeypatch.setenv(solved.VARIABLE, str(file))
    file.write_text(json.dumps({"\ud800": "solved", "<b>": "solved", "pad": "solved"}))
    assert solved.remember("correlate") == ""
    assert solved.read() == ({"pad", "correlate"}, "")
