"""Calling a function that somebody is still writing: it may raise, never end, print for ever, or leave for home."""

import builtins
import contextlib
import ctypes
import io
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

SECONDS = 5.0
PATIENCE = 2.0  # seconds to wait for code that was told to stop
MOST_PRINTED = 2000  # characters that are kept


_THREAD = threading.local()


class _TimeIsUp(BaseException):
    """Raised inside code that runs too long; ``except Exception`` does not hold it up."""


class Outcome(NamedTuple):
    """What became of a call."""

    value: object = None
    error: str = ""
    """The error's kind, words and line, or nothing."""
    printed: str = ""
    seconds: float = 0.0
    """On the clock."""
    ended: bool = True
    """Whether it ended by itself."""
    stopped: bool = True
    """Whether it could be stopped, where it did not end by itself."""


class _Paper(io.StringIO):
    """Keeps the beginning of what is printed, and lets go of the rest."""

    room = MOST_PRINTED

    def write(self, text: str) -> int:
        if self.room > 0:
            self.room -= super().write(text[: self.room])
        return len(text)

    def close(self) -> None:
        """Stay open: what was printed is read after the call."""


def _no_input(*_):
    raise RuntimeError("input() is not for this function: it gets all it needs as arguments")


def _described(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    own = [frame for frame in frames if "site-packages" not in frame.filename and "/lib/python" not in frame.filename]
    line = f", in the line “{own[-1].line}”" if own and own[-1].line else ""
    try:
        words = " ".join(str(error).split())
    except Exception:  # noqa: BLE001  an error of the student's own may fail to say what it is
        words = ""
    return f"{type(error).__name__}{': ' + words[:300] if words else ''}{line}"


def call(
    function: Callable,
    arguments: Sequence[object],
    seconds: float = SECONDS,
    look: Callable[[object], object] | None = None,
) -> Outcome:
    """Call ``function`` with ``arguments`` in a thread of its own, and wait no longer than ``seconds``.

    What it prints is kept, not shown; warnings of NumPy are not shown either. Code that runs longer is
    stopped between two of its lines; a single call that takes for ever cannot be.

    Args:
        look: makes the outcome's value of what came back, in the same thread and time: an object of the student's
            may take for ever to become an array or text.

    Raises:
        RuntimeError: it is called by a function that another call of it runs; that would go on for ever.

    >>> call(lambda x: 1 / x, [0]).error.partition(":")[0]
    'ZeroDivisionError'
    >>> call(max, [3, 4]).value
    4
    """
    if getattr(_THREAD, "calls", False):
        raise RuntimeError("check(…) stands inside the function that it tries: move it out, to the left margin")
    paper, found, done = _Paper(), {}, threading.Event()

    def work():
        _THREAD.calls = True
        with contextlib.suppress(_TimeIsUp):  # it may come a moment too late
            attempt()
        done.set()

    def attempt():
        start = time.perf_counter()
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value = function(*arguments)
                found["value"] = look(value) if look else value
        except _TimeIsUp:
            found["late"] = True
        except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt are the student's, too
            found["error"] = _described(error)
        found["seconds"] = time.perf_counter() - start

    thread = threading.Thread(target=work, daemon=True)
    asking, builtins.input = builtins.input, _no_input
    try:
        with contextlib.redirect_stdout(paper), contextlib.redirect_stderr(paper):
            try:
                try:
                    thread.start()
                except RuntimeError as error:  # there are too many
                    found["error"] = _described(error)
                    done.set()
                done.wait(seconds)  # not join: interrupted, Python 3.11 takes a running thread for dead (gh-90882)
            finally:  # the ■ button stops the student's code, too
                stopped = _stop(thread, done)
    finally:
        builtins.input = asking
    ended = stopped and "late" not in found
    return Outcome(
        found.get("value"), found.get("error", ""), paper.getvalue(), found.get("seconds", seconds), ended, stopped
    )


def _stop(thread: threading.Thread, done: threading.Event) -> bool:
    """Raise an exception inside a thread until it is done; whether it is."""
    until = time.perf_counter() + PATIENCE
    while not done.is_set() and time.perf_counter() < until:
        ident = ctypes.c_ulong(thread.ident or 0)  # it has none if ■ was faster than its start
        reached = ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_TimeIsUp))
        if thread.ident and not reached:  # it has ended without a word
            done.set()
        done.wait(0.1)
    if done.is_set() and thread.ident:
        thread.join(PATIENCE)
    return done.is_set()
