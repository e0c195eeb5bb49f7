"""Looking at a function that a student wrote: right, or what was tried, what came back, and the likeliest mistake."""

import copy
import dis
import html
import inspect
import reprlib
import time
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import NamedTuple

import numpy as np

from ..style import number
from .exercise import Exercise
from .sandbox import MOST_PRINTED, SECONDS, call

MOST_SHOWN = 50  # numbers of an array that are written out
MOST_WRITTEN = 300  # characters of anything else
MOST_NUMBERS = 10_000_000  # of a list that becomes an array; no exercise has as many
MOST_AXES = 64  # of an array of NumPy
WRONG = "the values are wrong."
ERRORS = {
    "truth value of an array": "if, and, or, max() and min() want one number, and got an array. NumPy has np.where, .max() and .min().",
    "only 0-dimensional arrays": "one number is wanted there, and there is an array. Has it more axes than you thought?",
    "cannot be interpreted as an integer": "a size must be a whole number. / gives a fraction, // a whole number.",
    "slice indices must be integers": "an index must be a whole number. / gives a fraction, // a whole number.",
    "only integers, slices": "an index must be a whole number. / gives a fraction, // a whole number.",
    "is out of bounds for axis": "an index goes beyond the end of an array. Which one is largest, and how long is that axis?",
    "broadcast": "two arrays do not fit. Print the shapes of both: which one is not what you thought?",
    "mismatch in its core dimension": "the shapes do not fit for @. Print both: the last axis left of @ must be as long as the one to sum over right of it.",
}
"""What an error of Python or NumPy says that is often met, and what it means."""


class Verdict(str):
    """What a check says: text, and in a notebook a box of its own."""

    __slots__ = ("kind",)

    COLOURS = {"open": "#6b7280", "wrong": "#d9730d", "right": "#2e8b57"}
    SIGNS = {"open": "✎", "wrong": "✗", "right": "✓"}

    def __new__(cls, words: str, kind: str):
        made = super().__new__(cls, words.encode(errors="backslashreplace").decode())  # half characters cannot be sent
        made.kind = kind
        return made

    @property
    def solved(self) -> bool:
        """Whether the function was right in every case."""
        return self.kind == "right"

    def __repr__(self) -> str:
        return f"{self.SIGNS[self.kind]} {self}"

    def _repr_html_(self) -> str:
        look = (
            f"margin: 4px 0; padding: 6px 12px; border-left: 4px solid {self.COLOURS[self.kind]}; white-space: pre-wrap"
        )
        return f'<div role="status" style="{look}"><b>{self.SIGNS[self.kind]}</b> {html.escape(self)}</div>'


@np.errstate(all="ignore")  # whatever a student has set
def check_function(exercise: Exercise, function: object, seconds: float = SECONDS) -> Verdict:
    """Try ``function`` on every case of ``exercise``. It may do what it likes: this returns a verdict.

    Args:
        function: what the student wrote.
        seconds: the longest that one case may take.
    """
    name = exercise.name
    if not callable(function):
        return Verdict(
            f"{name} is {describe(function)}, not a function. Give the function itself, without brackets behind its name.",
            "wrong",
        )
    if _unwritten(function):
        return Verdict(f"{name} is not written yet. Replace the three dots, then run this cell again.", "open")
    attempts = []
    for case in exercise.cases:
        attempts.append(Attempt(exercise, function, case, seconds))
        if not attempts[-1].outcome.ended:
            break  # the other cases would take as long
    if not any(attempt.problem for attempt in attempts) and exercise.bench:
        attempts.append(Attempt(exercise, function, exercise.bench, seconds))
        if not attempts[-1].outcome.ended:  # slow is not wrong
            return Verdict(_right(exercise) + f" In a larger one {attempts[-1].problem}", "right")
    wrong = [attempt for attempt in attempts if attempt.problem]
    if not wrong:
        return Verdict(_praise(exercise, function), "right")
    return Verdict("\n".join(_complaint(exercise, attempts, wrong[0])), "wrong")


def _unwritten(function: Callable) -> bool:
    """Whether nothing stands in a function but a docstring, dots, ``pass`` or ``return None``."""
    if not isinstance(function, FunctionType):
        return False
    steps = [step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP")]
    names = [step.opname for step in steps]
    return names in (["RETURN_CONST"], ["LOAD_CONST", "RETURN_VALUE"]) and steps[0].argval is None


class Attempt:
    """One case tried: what came back, what was expected, and what is wrong with it."""

    def __init__(self, exercise: Exercise, function: Callable, case: tuple, seconds: float):
        self.case, self.tolerance = case, exercise.tolerance
        self.arguments = list(inspect.signature(exercise.solution).parameters)
        self.expected = exercise.solution(*copy.deepcopy(case))
        self.given = copy.deepcopy(case)
        self.outcome = call(function, self.given, seconds, taken)
        self.value = self.outcome.value
        self.problem = self._ending(seconds) or self._kind() or self._manners() or self._values()

    def _ending(self, seconds: float) -> str:
        """What is wrong with how it ended."""
        if not self.outcome.ended:
            stuck = "" if self.outcome.stopped else " It could not even be stopped: restart the kernel."
            printing = ", or a print inside a long one" if len(self.outcome.printed) >= MOST_PRINTED else ""
            return (f"it was still running after {seconds:g} s, so it was stopped. "
                    f"Is there a loop that never ends{printing}?{stuck}")  # fmt: skip
        if self.outcome.error:
            return f"it raised {self.outcome.error}."
        if self.value is None:
            return "it gave None. Is there a return at its end?"
        return ""

    def _kind(self) -> str:
        """What is wrong with the kind of what came back: text, rows of different length, a wrong shape, NaN."""
        want, array = np.asarray(self.expected), numbers(self.value)
        if array is None:
            return self._no_numbers(want)
        if array.shape != want.shape:
            shape = "a single number" if array.ndim == 0 else f"shape {array.shape}"
            return f"it gave {shape}, expected was {_wanted(want)}."
        if want.ndim and not isinstance(self.value, np.ndarray):
            return f"it gave {_kind_of(self.value)}, not a NumPy array. np.array(…) makes one of it."
        if array.dtype.kind == "f" and np.isnan(array).any() and not np.isnan(want.astype(float)).any():
            return f"it gave NaN in {np.isnan(array).sum()} of {array.size} places. Is something divided by 0, or never filled in?"
        if want.ndim and want.dtype.kind == "f" and array.dtype.kind != "f" and _cut_off(array, want):
            return (f"it gave {array.dtype} where fractions are needed: they were cut off. "
                    "An array of zeros like an integer array holds integers; ask for dtype=float.")  # fmt: skip
        return ""

    def _no_numbers(self, want: np.ndarray) -> str:
        """What is wrong with something that is no array of real numbers."""
        if type(self.value) is int:
            return f"it gave {describe(self.value)}, which is far too large."
        if isinstance(self.value, np.ndarray | np.generic):
            return f"it gave {describe(self.value)}. It must hold real numbers, int or float."
        return f"it gave {describe(self.value)}, which is not {_wanted(want)}."

    def _manners(self) -> str:
        """Whether it left its arguments alone."""
        for name, now, was in zip(self.arguments, self.given, self.case, strict=True):
            if not same(now, was):
                return f"it changed its input {name}. Whoever called it still needs that: work on {name}.copy()."
            if (
                isinstance(now, np.ndarray)
                and isinstance(self.value, np.ndarray)
                and np.may_share_memory(now, self.value)
            ):
                return (f"it gave a view of its input {name}: whoever changes the result changes the input, too. "
                        "Return a new array.")  # fmt: skip
        return ""

    def _values(self) -> str:
        if not close(self.value, self.expected, self.tolerance):
            return WRONG
        if isinstance(self.expected, int) and numbers(self.value).dtype.kind == "f":
            return (f"it gave {float(numbers(self.value))!r}, but this must be a whole number, an int. "
                    "Division with // gives one, and int(…) makes one.")  # fmt: skip
        return ""

    def text(self) -> str:
        """The call as it was tried."""
        parts = (f"{name} = {describe(value)}" for name, value in zip(self.arguments, self.case, strict=True))
        return "; ".join(parts)


class Thing(NamedTuple):
    """A result that is neither a number nor an array, with all that a check asks of it."""

    kind: str
    written: str
    array: np.ndarray | None
    """Its numbers, where it holds some."""


def taken(value: object) -> object:
    """A result as a check can look at it again and again without calling any of its author's code."""
    if value is None or type(value) in (bool, int, float) or isinstance(value, np.generic):
        return value
    if isinstance(value, np.ndarray) and not np.ma.is_masked(value):  # masked places hold anything
        return np.ndarray.view(value, np.ndarray)  # a class of its own may have its own idea of shape or ==
    return Thing(_kind_of(value), _written(value), None if np.ma.is_masked(value) else numbers(value))


def numbers(value: object) -> np.ndarray | None:
    """A result as an array of real numbers, or None where it is none, or a list of more than :data:`MOST_NUMBERS`."""
    if isinstance(value, Thing):
        return value.array
    if _length(value) > MOST_NUMBERS:
        return None
    try:
        array = np.asarray(value)
    except Exception:  # noqa: BLE001  what a student's object does when it becomes an array is anybody's guess
        return None
    return array if array.dtype.kind in "biuf" else None


def _length(value: object) -> int:
    """How many numbers lists in lists hold, if all are as long as the first."""
    length = 1
    for _ in range(MOST_AXES):
        if type(value) not in (list, tuple) or not value:
            break
        length, value = length * len(value), value[0]
    return length * value.size if isinstance(value, np.ndarray) and length > 1 else length


def close(value: object, expected: object, tolerance: float) -> bool:
    """Whether two results are of one shape, and no number is further off than a share of the largest."""
    value, expected = numbers(value), np.asarray(expected)
    if value is None or value.shape != expected.shape:
        return False
    largest = np.abs(expected.astype(float)).max(initial=0.0, where=np.isfinite(expected.astype(float)))
    return bool(np.allclose(value, expected, rtol=0, atol=tolerance * max(largest, 1e-12), equal_nan=True))


def same(now: object, was: object) -> bool:
    """Whether an argument is what it was."""
    if type(now) is not type(was):  # and so nothing of a student's own is asked whether it is equal
        return False
    if isinstance(was, np.ndarray):
        return now.dtype == was.dtype and np.array_equal(now, was, equal_nan=True)
    if isinstance(was, list | tuple):
        return len(now) == len(was) and all(map(same, now, was))
    return bool(now == was)


def _cut_off(value: np.ndarray, want: np.ndarray) -> bool:
    """Whether whole numbers are what is left of the fractions that are wanted."""
    return not np.array_equal(value, want) and any(np.array_equal(value, cut(want)) for cut in (np.trunc, np.floor))


def describe(value: object) -> str:
    """A value in a few words, arrays with their shape: small ones whole.

    >>> describe(np.eye(2, dtype=int)), describe("seven")
    ('an array of shape (2, 2), [[1, 0], [0, 1]]', "text, 'seven'")
    """
    if isinstance(value, np.ndarray):
        whole = (
            f", {rows(value)}" if 0 < value.size <= MOST_SHOWN and value.dtype.kind in "biuf" else f" of {value.dtype}"
        )
        return f"an array of shape {value.shape}{whole}"
    if isinstance(value, bool | np.bool_ | int | float | np.number):
        return number(value) if isinstance(value, float | np.floating) else _whole(value)
    return f"{_kind_of(value)}, {_written(value)}"


def _whole(value: object) -> str:
    try:
        return str(value)
    except ValueError:  # Python writes no integers of more than 4300 digits
        return "a number of thousands of digits"


class _Shorthand(reprlib.Repr):
    """Writes only the beginning of long lists; what an object says of itself is cut afterwards."""

    def __init__(self):
        super().__init__()
        for name in ("maxlist", "maxtuple", "maxdict", "maxset", "maxfrozenset", "maxdeque", "maxarray"):
            setattr(self, name, MOST_SHOWN)
        self.maxstring = self.maxlong = self.maxother = MOST_WRITTEN

    def repr_instance(self, x: object, level: int) -> str:
        return repr(x)[:MOST_WRITTEN]


def _written(value: object) -> str:
    """The beginning of what ``repr`` gives, but never an error."""
    if isinstance(value, Thing):
        return value.written
    try:
        return _Shorthand().repr(value)[:MOST_WRITTEN]
    except Exception:  # noqa: BLE001  as above
        return "something that cannot even be written"


def _kind_of(value: object) -> str:
    if isinstance(value, Thing):
        return value.kind
    called = {str: "text", list: "a list", tuple: "a tuple", dict: "a dictionary"}.get(type(value))
    return called or f"a {type(value).__name__}"


def rows(array: np.ndarray) -> str:
    """The numbers of an array, as lists are written."""
    if array.ndim == 0:
        return number(float(array))
    return f"[{', '.join(rows(each) for each in array)}]"


def _wanted(want: np.ndarray) -> str:
    return "a number" if want.ndim == 0 else f"an array of shape {want.shape}"


def _complaint(exercise: Exercise, attempts: Sequence[Attempt], wrong: Attempt) -> list[str]:
    """What was tried, what came back, what was expected, and the likeliest mistake."""
    lines = [f"{exercise.name}: {wrong.problem}", f"Tried: {wrong.text()}"]
    if wrong.outcome.ended and not wrong.outcome.error and wrong.value is not None:
        lines += [f"Came back: {describe(wrong.value)}", f"Expected: {describe(wrong.expected)}"]
        lines += _first_difference(wrong)
    if words := _likeliest(exercise, attempts, wrong):
        lines.append(f"Likely: {words}")
    right = sum(not attempt.problem for attempt in attempts)
    if right:
        lines.append(f"({right} of {len(exercise.cases)} cases {'was' if right == 1 else 'were'} right.)")
    if wrong.outcome.printed:
        lines.append(f"It printed: {wrong.outcome.printed[:MOST_WRITTEN].rstrip()}")
    return lines


def _first_difference(wrong: Attempt) -> list[str]:
    """Where large arrays differ first and in how many places, or by how much if nobody can see it."""
    value, expected = numbers(wrong.value), np.asarray(wrong.expected)
    if value is None or value.shape != expected.shape:
        return []
    if expected.size <= MOST_SHOWN:
        if wrong.problem == WRONG and describe(wrong.value) == describe(wrong.expected):
            return [f"They look alike, but differ by up to {np.abs(value - expected).max():.1g}: is a number rounded?"]
        return []
    largest = np.abs(expected).max()
    off = ~np.isclose(value, expected, rtol=0, atol=wrong.tolerance * largest, equal_nan=True)
    if not off.any():
        return []
    at = tuple(int(i) for i in np.argwhere(off)[0])
    return [
        f"{off.sum()} of {off.size} numbers differ, first at {list(at)}: {number(float(value[at]))} instead of "
        f"{number(float(expected[at]))}"
    ]


def _likeliest(exercise: Exercise, attempts: Sequence[Attempt], wrong: Attempt) -> str:
    """The first mistake with a name that gives what the student's function gives, in all cases."""
    for mistake in exercise.mistakes:
        if all(_explains(exercise, mistake.wrong, attempt) for attempt in attempts):
            return mistake.words
    if wrong.outcome.error:
        return next((words for says, words in ERRORS.items() if says in wrong.outcome.error), "")
    rules = [_general(attempt, exercise.tolerance) for attempt in attempts if attempt.problem]
    return next((words for rule, words in rules[0].items() if all(rule in each for each in rules)), "")


def _explains(exercise: Exercise, mistaken: Callable, attempt: Attempt) -> bool:
    """Whether a mistake gives the same as the student's function: the same values, or an error where that raised one."""
    theirs = call(mistaken, copy.deepcopy(attempt.case))
    if theirs.error or attempt.outcome.error or not attempt.outcome.ended:
        return theirs.error.partition(":")[0] == attempt.outcome.error.partition(":")[0] and attempt.outcome.ended
    return close(attempt.value, theirs.value, exercise.tolerance)


@np.errstate(all="ignore")  # infinity minus infinity
def _general(attempt: Attempt, tolerance: float) -> dict[str, str]:
    """Mistakes that are the same in every exercise and explain this attempt, with their words."""
    value, expected, found = numbers(attempt.value), np.asarray(attempt.expected, float), {}
    if value is None or close(value, expected, tolerance):
        return {}
    turned = {
        "rows and columns are swapped: the values are those of the transposed map.": lambda e: e.swapaxes(-1, -2),
        "the values stand upside down and left to right, as after a turn by 180°.": lambda e: e[..., ::-1, ::-1],
        "the rows stand upside down.": lambda e: e[..., ::-1, :],
        "left and right are swapped.": lambda e: e[..., ::-1],
    }
    for words, turn in turned.items():
        if expected.ndim >= (1 if "left and right are" in words else 2) and close(value, turn(expected), tolerance):
            found[words] = words
    if value.shape != expected.shape:
        return found
    value = value.astype(float)  # not before: of another shape it may be of any size
    if close(-value, expected, tolerance):
        found["sign"] = "the sign is wrong."
    written = np.flatnonzero(value)
    if value.size > 1 and written.size and written[-1] < value.size - 1:
        begun = written[-1] + 1
        if close(value.flat[:begun], expected.flat[:begun], tolerance):
            found["begun"] = (
                "it is right at the beginning, and only zeros follow: does a loop end too early, or a return stand inside it?"
            )
    if np.ptp(value - expected) <= tolerance * max(1.0, np.abs(expected).max(initial=0)) and value.size > 1:
        off = number(float((value - expected).flat[0]))
        found["offset"] = f"every number is off by {off}: is something added too often, or left out?"
    some = expected != 0
    if value.size > 1 and some.any():
        factor = (value[some] / expected[some])[0]
        if factor and abs(factor - 1) > 0.01 and close(value, factor * expected, tolerance):  # 0 must be 0
            found["factor"] = f"every number is {number(float(factor))} times what it should be."
    return found


def _right(exercise: Exercise) -> str:
    return f"{exercise.name} is right in all {len(exercise.cases)} cases."


def _praise(exercise: Exercise, function: Callable) -> str:
    case = exercise.bench or exercise.cases[-1]
    yours, ours = (_fastest(each, case) for each in (function, exercise.library or exercise.solution))
    who = "the library" if exercise.library else "the solution under the hints"
    ratio = yours / ours
    verdict = f"{ratio:.0f} times as long as" if ratio >= 1.5 else "about as long as" if ratio > 0.67 else "less than"
    which = "On the last of them" if exercise.bench is None else "In a larger one"
    return f"{_right(exercise)} {which} it took {_time(yours)}, {verdict} {who} with {_time(ours)}."


def _fastest(function: Callable, case: tuple, times: int = 3) -> float:
    """Seconds of the fastest of a few calls."""
    found = []
    for _ in range(times):
        given = copy.deepcopy(case)
        start = time.perf_counter()
        outcome = call(function, given)
        found.append(outcome.seconds or time.perf_counter() - start)
        if found[-1] > 1:  # nobody wants to wait for a more exact number
            break
    return min(found)


def _time(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-4 else f"{seconds * 1e6:.3g} µs"
