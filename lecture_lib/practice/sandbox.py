"""Calling a function that somebody is still writing: it may raise, never end, print for ever, or leave for home."""

import builtins
import contextlib
import copy
import ctypes
import functools
import io
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .results import same

SECONDS = 5.0
PATIENCE = 2.0  # seconds to wait for code that was told to stop
MOST_PRINTED = 2000  # characters that are kept
NOT_THE_STUDENTS = (str(Path(__file__).parents[1]), sysconfig.get_path("stdlib"), "<frozen")
"""How the files begin in which no line is the student's own."""


ALONE = False
"""Whether this process is there for one check alone."""

WITHOUT_THREADS: Callable[[float, type[BaseException]], contextlib.AbstractContextManager] | None = None
"""Raises an error in a ``with`` block that takes longer than so many seconds; a page with Python, which has no threads, gives it."""

_THREAD = threading.local()


class _TimeIsUp(BaseException):
    """Raised inside code that runs too long; ``except Exception`` does not hold it up."""


class Outcome(NamedTuple):
    """What became of a call."""

    value: object = None
    error: str = ""
    """The error's kind, words and line, or nothing."""
    printed: str = ""
    ended: bool = True
    """Whether it ended by itself."""
    stopped: bool = True
    """Whether it could be stopped, where it did not end by itself."""
    unwritten: bool = False
    """Whether it asked for memory that holds anything."""
    changed: Sequence[int] = ()
    """Places of the arguments that are not what they were."""
    views: Sequence[int] = ()
    """Places of the arguments that share memory with the value."""


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


@contextlib.contextmanager
def _as_they_are(*modules):
    """Afterwards every name of these modules is again what it is now: whoever writes np.zeros = … breaks no check."""
    before = [dict(vars(module)) for module in modules]
    try:
        yield
    finally:
        for module, names in zip(modules, before, strict=True):
            vars(module).update(names)


@contextlib.contextmanager
def _loud_memory(filling: float):
    """Meanwhile np.empty and np.empty_like give a student's thread memory full of ``filling``; yields what they gave.

    Left to itself, that memory often holds the right result of the call before.
    """
    given, real = [], {name: getattr(np, name) for name in ("empty", "empty_like")}

    def loud(make):
        @functools.wraps(make)
        def made(*args, **kwargs):
            array = make(*args, **kwargs)
            if getattr(_THREAD, "calls", False) and array.dtype.kind in "biufc":
                given.append(array.shape)
                array[...] = filling if array.dtype.kind in "fc" or not np.isnan(filling) else 77
            return array

        return made

    for name, make in real.items():
        setattr(np, name, loud(make))
    try:
        yield given
    finally:
        for name, make in real.items():
            setattr(np, name, make)


def _described(error: BaseException) -> str:
    own = [
        frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(NOT_THE_STUDENTS)
    ]
    own = [frame for frame in own if "site-packages" not in frame.filename]
    where = f", in line {own[-1].lineno}{f': “{own[-1].line}”' if own[-1].line else ''}" if own else ""
    try:
        words = " ".join(str(error).split())
    except _TimeIsUp:
        raise
    except BaseException:  # noqa: BLE001  an error of the student's own may fail to say what it is, or leave
        words = ""
    return f"{type(error).__name__}{': ' + words[:300] if words else ''}{where}"


def call(
    function: Callable,
    arguments: Sequence[object],
    seconds: float = SECONDS,
    look: Callable[[object], object] | None = None,
    filling: float = np.nan,
) -> Outcome:
    """Call ``function`` with ``arguments`` in a thread of its own, and wait no longer than ``seconds``.

    What it prints is kept, not shown; warnings of NumPy are not shown either. Code that runs longer is
    stopped between two of its lines; a single call that takes for ever cannot be (see :mod:`.child`).

    Args:
        look: makes the outcome's value of what came back, in the same thread and time: an object of the student's
            may take for ever to become an array or text.
        filling: what memory holds that nobody has written to; for NaN, whole numbers are 77.

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
    before = copy.deepcopy(arguments)

    def work():
        _THREAD.calls = True
        with contextlib.suppress(_TimeIsUp):  # it may come a moment too late
            attempt()
        _THREAD.calls = False
        done.set()

    def attempt():
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value = function(*arguments)
                found["value"] = value = look(value) if look else value
                pairs = list(enumerate(zip(arguments, before, strict=True)))
                found["changed"] = [at for at, (now, was) in pairs if not same(now, was)]
                found["views"] = [at for at, (now, _) in pairs if _share(now, value)]
        except _TimeIsUp:
            found["late"] = True
        except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt are the student's, too
            found.update(late=True, error=f"{type(error).__name__}, whose own text does not come to an end")
            found["error"] = _described(error)
            del found["late"]

    thread = threading.Thread(target=work, daemon=True)
    with _as_they_are(np, np.linalg, builtins, threading):
        builtins.input = _no_input
        with contextlib.redirect_stdout(paper), contextlib.redirect_stderr(paper), _loud_memory(filling) as given:
            try:
                try:
                    thread.start()
                except RuntimeError:  # there are too many, or none at all, as in a page: then here
                    limit = WITHOUT_THREADS(seconds, _TimeIsUp) if WITHOUT_THREADS else contextlib.nullcontext()
                    with contextlib.suppress(_TimeIsUp), limit:
                        work()
                done.wait(seconds)  # not join: interrupted, Python 3.11 takes a running thread for dead (gh-90882)
            finally:  # the ■ button stops the student's code, too
                stopped = _stop(thread, done)
    ended = stopped and "late" not in found
    manners = found.get("changed", ()), found.get("views", ())
    return Outcome(found.get("value"), found.get("error", ""), paper.getvalue(), ended, stopped, bool(given), *manners)


def _share(one: object, other: object) -> bool:
    """Whether two arrays share memory."""
    return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and np.may_share_memory(one, other)


def _stop(thread: threading.Thread, done: threading.Event) -> bool:
    """Raise an exception inside a thread until it is done; whether it is."""
    for _ in range(int(PATIENCE / 0.1)):  # not by a clock: a student's may stand still
        if done.is_set():
            break
        ident = ctypes.c_ulong(thread.ident or 0)  # it has none if ■ was faster than its start
        reached = ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, ctypes.py_object(_TimeIsUp))
        if thread.ident and not reached:  # it has ended without a word
            done.set()
        done.wait(0.1)
    if done.is_set() and thread.ident:
        thread.join(PATIENCE)
    return done.is_set()
