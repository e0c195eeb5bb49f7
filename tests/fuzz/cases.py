"""One hostile case: what is tried, which errors may come of it, and what counts as a failure."""

import contextlib
import gc
import io
import linecache
import math
import signal
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

import lecture_lib

SECONDS = 10.0
"""A case that takes longer has failed."""
MEMORY = 1_500_000_000
"""A case that takes more bytes beyond what the process has fails with MemoryError, where the system can limit it."""
PACKAGE = Path(lecture_lib.__file__).parent


class Case(NamedTuple):
    """Something to try."""

    words: str
    """What it does, as it would be typed."""
    run: Callable[[], object]
    allowed: tuple[type[BaseException], ...] = (ValueError, TypeError)
    """Errors that the documentation promises."""


class TooSlow(BaseException):  # noqa: N818  no library may catch it
    """The time of a case is up."""


@contextlib.contextmanager
def limits() -> Iterator[None]:
    """Warnings are errors, memory is bounded where the system can do that, and what is written goes with a folder."""
    try:
        import resource
    except ImportError:  # Windows
        resource = None
    used = _address_space()
    if resource and used:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, hard))
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        if resource and used:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    """Bytes of address space this process has, 0 where the system does not say."""
    try:
        return 4096 * int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Raise :class:`TooSlow` when the time is up; only the main thread of a POSIX system can."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_):
        raise TooSlow

    usual = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, usual)


def failure(case: Case) -> str:
    """What is wrong with the way a case ended, or nothing. Call it inside :func:`limits`."""
    start = time.perf_counter()
    try:
        with _alarm(SECONDS), contextlib.redirect_stdout(io.StringIO()):
            case.run()
    except TooSlow:
        return f"took longer than {SECONDS:g} s"
    except case.allowed as error:
        return "" if _is_callers(error) else _not_in_words(error)
    except Exception as error:  # noqa: BLE001  which one it is decides
        gc.collect()
        if _is_callers(error):
            return ""
        return f"{_name(error)}: {_short(error)} {_place(error)}"
    seconds = time.perf_counter() - start
    return "" if seconds < SECONDS else f"took {seconds:.0f} s"


def _is_callers(error: BaseException) -> bool:
    """Whether it comes from a function of the caller's, which is one of an example."""
    return any(each.tb_frame.f_code.co_filename == "<example>" for each in _frames(error))


def _not_in_words(error: BaseException) -> str:
    """What is wrong with an error of an allowed kind: raised by accident, or without words."""
    if not str(error):
        return f"{_name(error)} without a word {_place(error)}"
    if len(str(error)) > 5000:
        return f"{_name(error)} with {len(str(error)):,} characters {_place(error)}"
    last = _frames(error)[-1]
    file = last.tb_frame.f_code.co_filename
    if Path(file).is_relative_to(PACKAGE) and linecache.getline(file, last.tb_lineno).lstrip().startswith("raise"):
        return ""
    return f"{_name(error)} that the library did not raise itself: {_short(error)} {_place(error)}"


def _frames(error: BaseException) -> list:
    found, at = [], error.__traceback__
    while at:
        found.append(at)
        at = at.tb_next
    return found


def _place(error: BaseException) -> str:
    """The line of the library that it passed last."""
    own = [each for each in _frames(error) if Path(each.tb_frame.f_code.co_filename).is_relative_to(PACKAGE)]
    if not own:
        return "(outside of the library)"
    code = own[-1].tb_frame.f_code
    return f"(lecture_lib/{Path(code.co_filename).relative_to(PACKAGE)}:{own[-1].tb_lineno})"


def _name(error: BaseException) -> str:
    return type(error).__name__


def _short(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return words if len(words) < 160 else words[:157] + "…"


class Failure(NamedTuple):
    """A case that failed."""

    number: int
    words: str
    problem: str


def try_cases(make: Callable[[np.random.Generator], Case], count: int, seed: int) -> Iterator[Failure | None]:
    """Run ``count`` cases; case ``n`` depends on the seed and ``n`` alone, so that each can be run again by itself."""
    with limits():
        for number in range(count):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # making a hostile file is not the library's
                case = make(np.random.default_rng([seed, number]))
            problem = failure(case)
            yield Failure(number, case.words, problem) if problem else None


def share(done: int, count: int) -> int:
    """Percent done, rounded down."""
    return math.floor(100 * done / count)
