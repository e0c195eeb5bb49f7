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
from tests.practice.halved import HALVED


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


def test_the_line_that_raised_is_named():
    def wrong(x):
        return x.no_such_thing

    assert "in the line “return x.no_such_thing”" in sandbox.call(wrong, [3]).error


def test_without_a_thread_to_run_it_in_a_function_is_no_riddle(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert sandbox.call(max, [3, 4]).error.startswith("RuntimeError: can't start new thread")


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
