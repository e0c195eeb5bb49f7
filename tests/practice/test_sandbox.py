"""Calling a function that somebody is still writing leaves everything as it was."""

import builtins
import signal
import sys
import threading
import time

import numpy as np
import pytest

from lecture_lib.practice import sandbox
from lecture_lib.practice.check import check_function
from tests.chapters.found import written
from tests.practice.halved import CASE, HALVED


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
        press.start()  # not before: on a busy machine the code may begin late
        while True:
            steps.append(1)
            time.sleep(0.001)

    before = sys.stdout, sys.stderr, builtins.input
    press = threading.Timer(after, signal.raise_signal, [signal.SIGINT])
    with pytest.raises(KeyboardInterrupt):
        check_function(HALVED, counting)
    press.join()
    assert (sys.stdout, sys.stderr, builtins.input) == before
    reached = len(steps)
    time.sleep(0.1)
    assert len(steps) == reached > 0


def test_the_line_that_raised_is_named_with_its_number():
    function = written("def wrong(x):\n    y = 2 * x\n    return x.no_such_thing\n")["wrong"]
    assert sandbox.call(function, [3]).error.endswith(", in line 3: “return x.no_such_thing”")


@pytest.mark.parametrize(
    "raises",
    ["np.zeros(3).reshape(2)", "math.sqrt(-1)", "json.loads('x')", "ops.conv2d(3, 3)", "filters.correlate(1, 2)"],
)
def test_the_line_is_the_students_own_and_not_one_of_a_library(raises):
    head = "import json, math\nimport numpy as np\nfrom lecture_lib import filters, ops\ndef f():\n"
    assert sandbox.call(written(f"{head}    return {raises}\n")["f"], []).error.endswith(
        f", in line 5: “return {raises}”"
    )


@pytest.mark.parametrize(
    ("coding", "text"), [("utf-8", "“s = 'ä'; return 1 / 0”"), ("cp1252", "“s = 'ä'; return 1 / 0”")]
)
def test_the_line_of_a_file_is_quoted_in_whatever_coding_it_is_written(coding, text, tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes(f"# -*- coding: {coding} -*-\ndef f():\n    s = 'ä'; return 1 / 0\n".encode(coding))
    names = {}
    exec(compile(path.read_bytes(), str(path), "exec"), names)  # noqa: S102
    assert sandbox.call(names["f"], []).error.endswith(f", in line 3: {text}")


def test_a_line_that_cannot_be_read_has_its_number_all_the_same(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes("# ä\ndef f(): 1 / 0".encode("cp1252"))
    names = {}
    exec(compile("# ä\ndef f(): 1 / 0", str(path), "exec"), names)  # noqa: S102
    assert sandbox.call(names["f"], []).error.endswith("by zero, in line 2")


class EndlessError(Exception):
    def __str__(self):
        while True:
            pass


class LeavingError(Exception):
    def __str__(self):
        sys.exit()


def test_an_error_whose_own_text_loops_or_leaves_is_named_within_the_limit():
    def endless(x):
        raise EndlessError

    def leaving(x):
        raise LeavingError

    start = time.perf_counter()
    assert "it raised EndlessError, whose own text does not come to an end." in check_function(
        HALVED, endless, seconds=0.3
    )
    assert "it raised LeavingError, in line" in check_function(HALVED, leaving, seconds=5)
    assert time.perf_counter() - start < 4


def test_without_a_thread_as_in_a_browser_a_function_is_called_all_the_same(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert sandbox.call(max, [3, 4]).value == 4
    assert sandbox.call(lambda x: 1 / x, [0]).error.startswith("ZeroDivisionError")
    assert sandbox.call(max, [3, 4]).ended


def test_print_and_input_work_again_after_a_check(capsys):
    before = input
    check_function(HALVED, lambda x: input())
    print("here")
    assert capsys.readouterr().out == "here\n"
    assert __builtins__["input"] is before if isinstance(__builtins__, dict) else __builtins__.input is before


def test_warnings_of_a_function_stay_inside(recwarn):
    check_function(HALVED, lambda x: x / np.zeros(3))
    assert not recwarn.list


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


def some_rows(make):
    def function(x):
        out = make(x)
        out[0] = x[0] / 2
        return out

    return function


@pytest.mark.parametrize(
    "make",
    [
        lambda x: np.empty(x.shape), lambda x: np.empty(x.shape, np.float32), lambda x: np.empty_like(x),
        lambda x: np.empty(x.shape, int), lambda x: np.empty(x.shape, np.uint8),
    ],
)  # fmt: skip
def test_memory_never_written_is_seen_even_where_it_holds_the_right_result(make):
    left = CASE / 2
    del left  # what the next array of this shape would find
    function = some_rows(make)
    assert "np.empty(…) gives memory that holds anything" in check_function(HALVED, function)
    assert "np.empty(…) gives memory that holds anything" in check_function(HALVED, lambda x: function(x).tolist())
    assert "or never filled in?" in check_function(HALVED, some_rows(lambda x: np.ndarray(x.shape)))


def test_memory_written_everywhere_is_right_and_afterwards_it_is_as_ever():
    before = np.empty, np.empty_like

    def filled(x):
        out = np.empty_like(x)
        out[...] = x / 2
        return out

    assert check_function(HALVED, filled).solved
    assert "Likely: this is twice as much." in check_function(HALVED, lambda x: filled(4 * x))
    assert (np.empty, np.empty_like) == before


def test_a_module_that_keeps_the_loud_memory_has_it_in_a_check_alone():
    kept = []
    sandbox.call(lambda: kept.append(np.empty), [])
    seven = np.full(1000, 7.0)
    del seven
    assert not np.isnan(kept[0](1000)).all()


def test_a_clock_that_stands_still_neither_makes_an_error_nor_waits_for_ever(monkeypatch):
    monkeypatch.setattr(time, "perf_counter", lambda: 5.0)
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    assert check_function(HALVED, lambda x: x / 2).solved
    assert not sandbox.call(time.sleep, [2], seconds=0.1).stopped
