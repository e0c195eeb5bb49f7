"""A check in a process of its own: whatever the function does to Python, the notebook goes on."""

import ctypes
import faulthandler
import multiprocessing
import os
import re
import signal
import sys
import threading
import time
import warnings
from pathlib import Path

import pytest

from lecture_lib.chapters import pooling
from lecture_lib.practice import child, sandbox
from lecture_lib.practice.check import Verdict
from lecture_lib.practice.child import in_a_child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a check runs in the notebook's own process")


class LeavingError(Exception):
    def __str__(self):
        os._exit(3)


def leave():
    raise LeavingError


@pytest.fixture
def sizes(monkeypatch):
    """Check what stands for pool_size, soon."""
    monkeypatch.setattr(sandbox, "SECONDS", 0.5)
    monkeypatch.setattr(child.in_a_child, "__defaults__", (0.7,))

    def check(does):
        def pool_size(n, f, s):
            return does() or (n - f) // s + 1

        return pooling.check(pool_size)

    return check


@pytest.mark.parametrize(
    "does",
    [
        lambda: sum(range(10**10)), lambda: re.match("(a+)+$", "a" * 40 + "b"), lambda: pow(7, 10**9),
        lambda: ctypes.PyDLL(None).sleep(60),
    ],
    ids=["sum", "re", "pow", "sleep"],
)  # fmt: skip
def test_a_call_that_keeps_the_interpreter_is_given_up_soon_and_said_so(does, sizes):
    start = time.perf_counter()
    verdict = sizes(does)
    assert verdict.kind == "wrong"
    assert "in one call that nobody can stop" in verdict and "Your notebook goes on" in verdict
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize(
    "does",
    [lambda: os._exit(1), lambda: faulthandler.disable() or ctypes.string_at(0), leave],
    ids=["exit", "crash", "text"],
)
def test_what_ends_python_ends_the_check_alone(does, sizes):
    assert "it ended Python itself" in sizes(does)


def test_what_is_right_is_right_in_a_child_and_a_problem_is_said_in_the_same_words(sizes):
    assert sizes(lambda: None).solved
    assert "it raised ZeroDivisionError" in sizes(lambda: 1 // 0)


def children():
    """The processes that this one has started and not yet waited for; a browser of other tests may be among them."""
    tasks = Path("/proc/self/task").iterdir()
    return {pid for task in tasks for pid in (task / "children").read_text().split()}


def test_every_child_is_gone_afterwards_and_nothing_stays_open(sizes):
    # a thread of a test before this one may end meanwhile
    files, threads, processes = len(os.listdir("/proc/self/fd")), set(threading.enumerate()), children()
    for does in (lambda: None, lambda: os._exit(1), lambda: sum(range(10**10))):
        sizes(does)
    assert (len(os.listdir("/proc/self/fd")), children()) == (files, processes)
    assert set(threading.enumerate()) <= threads


def test_nothing_that_a_function_changes_outside_reaches_the_notebook(sizes):
    seen = []
    assert sizes(lambda: seen.append(1)).solved
    assert seen == []


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_the_child_too():
    before = children()
    here = os.getpid()

    def is_interrupted():
        os.kill(here, signal.SIGINT)
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        in_a_child("it", is_interrupted)
    assert children() == before


def test_a_child_that_nobody_hears_ends():
    hear, say = multiprocessing.Pipe(duplex=False)
    with warnings.catch_warnings(action="ignore"):
        made = os.fork()
    if not made:
        hear.close()
        child._answer(lambda: time.sleep(60), say)
    say.close()
    hear.recv_bytes()
    hear.close()
    assert os.waitstatus_to_exitcode(os.waitpid(made, 0)[1]) == 1


def no_room():
    raise BlockingIOError("Resource temporarily unavailable")


@pytest.mark.parametrize(("where", "name", "value"), [(sys, "platform", "win32"), (os, "fork", no_room)])
def test_where_no_child_can_be_made_the_check_runs_here(monkeypatch, where, name, value):
    monkeypatch.setattr(where, name, value)
    here = []
    assert in_a_child("it", lambda: here.append(1) or Verdict("words", "right")).solved
    assert here == [1]
