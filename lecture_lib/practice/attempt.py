"""One case of an exercise, tried on a student's function: what is wrong with how it ended and with what it gave."""

import copy
import inspect
from collections.abc import Callable

import numpy as np

from .exercise import Exercise
from .results import close, cut_off, describe, kind_of, numbers, same, taken, wanted
from .sandbox import MOST_PRINTED, call

WRONG = "the values are wrong."


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
            return f"it gave {shape}, expected was {wanted(want)}."
        if want.ndim and not isinstance(self.value, np.ndarray):
            return f"it gave {kind_of(self.value)}, not a NumPy array. np.array(…) makes one of it."
        if array.dtype.kind == "f" and np.isnan(array).any() and not np.isnan(want.astype(float)).any():
            return f"it gave NaN in {np.isnan(array).sum()} of {array.size} places. Is something divided by 0, or never filled in?"
        if want.ndim and want.dtype.kind == "f" and array.dtype.kind != "f" and cut_off(array, want):
            return (f"it gave {array.dtype} where fractions are needed: they were cut off. "
                    "An array of zeros like an integer array holds integers; ask for dtype=float.")  # fmt: skip
        return ""

    def _no_numbers(self, want: np.ndarray) -> str:
        """What is wrong with something that is no array of real numbers."""
        if type(self.value) is int:
            return f"it gave {describe(self.value)}, which is far too large."
        if isinstance(self.value, np.ndarray | np.generic):
            return f"it gave {describe(self.value)}. It must hold real numbers, int or float."
        return f"it gave {describe(self.value)}, which is not {wanted(want)}."

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
