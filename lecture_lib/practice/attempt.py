"""One case of an exercise, tried on a student's function: what is wrong with how it ended and with what it gave."""

import copy
import inspect
from collections.abc import Callable

import numpy as np

from . import sandbox
from .exercise import Exercise
from .results import Thing, close, cut_off, describe, numbers, taken, wanted
from .sandbox import MOST_PRINTED, Outcome

WRONG = "the values are wrong."
LAZY = {"a generator", "a map", "a filter", "a zip"}


class Attempt:
    """One case tried: what came back, what was expected, and what is wrong with it.

    Args:
        call: tries the function, as :func:`.sandbox.call` does, from its arguments on.
    """

    def __init__(self, exercise: Exercise, call: Callable[..., Outcome], case: tuple, seconds: float):
        self.case, self.tolerance, self.judge = case, exercise.tolerance, exercise.judge
        self.arguments = list(inspect.signature(exercise.solution).parameters)
        self.expected = exercise.solution(*copy.deepcopy(case))
        [
            np.full(np.shape(self.expected), np.nan) for _ in range(8)
        ]  # what np.ndarray(shape) gets of NumPy's used memory
        self.outcome = call(copy.deepcopy(case), seconds, taken)
        self.value = self.outcome.value
        self.problem = self._ending(seconds) or self._unwritten(call, seconds) or self._kind() or self._values()
        self.manners = "" if self.problem else self._manners()
        self.problem = self.problem or self.manners

    def _ending(self, seconds: float) -> str:
        """What is wrong with how it ended."""
        if self.outcome.error:
            return f"it raised {self.outcome.error}."
        if not self.outcome.ended:
            stuck = (
                "" if self.outcome.stopped or sandbox.ALONE else " It could not even be stopped: restart the kernel."
            )
            printing = ", or a print inside a long one" if len(self.outcome.printed) >= MOST_PRINTED else ""
            return (f"it was still running after {seconds:g} s, so it was stopped. "
                    f"Is there a loop that never ends{printing}?{stuck}")  # fmt: skip
        if self.value is None:
            return "it gave None. Is there a return at its end?"
        return ""

    def _unwritten(self, call: Callable[..., Outcome], seconds: float) -> str:
        """Whether the result is another one when memory that nobody has written to holds something else."""
        if not self.outcome.unwritten or close(self.value, self.expected, self.tolerance):
            return ""
        again = call(copy.deepcopy(self.case), seconds, taken, filling=0)
        otherwise = numbers(again.value)
        if otherwise is None or close(self.value, otherwise, 0):
            return ""
        return ("part of its result was never written: np.empty(…) gives memory that holds anything. "
                "Begin with np.zeros(…), or write to every place.")  # fmt: skip

    def _kind(self) -> str:
        """What is wrong with the kind of what came back: text, rows of different length, a wrong shape, NaN."""
        want, array = np.asarray(self.expected), numbers(self.value)
        if array is None:
            return self._no_numbers(want)
        if array.shape != want.shape:
            shape = "a single number" if array.ndim == 0 else f"shape {array.shape}"
            return f"it gave {shape}, expected was {wanted(want)}."
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
        if isinstance(self.value, Thing) and self.value.kind in LAZY:
            return (f"it gave {self.value.kind}, which has worked out nothing yet. "
                    "Put list(…) around it, or write return where there is a yield.")  # fmt: skip
        return f"it gave {describe(self.value)}, which is not {wanted(want)}."

    def _manners(self) -> str:
        """Whether it left its arguments alone."""
        for at, name in enumerate(self.arguments):
            if at in self.outcome.changed:
                return f"it changed its input {name}. Whoever called it still needs that: work on {name}.copy()."
            if at in self.outcome.views:
                return (f"it gave a view of its input {name}: whoever changes the result changes the input, too. "
                        "Return a new array.")  # fmt: skip
        return ""

    def _values(self) -> str:
        if self.judge:
            return self.judge(numbers(self.value), *copy.deepcopy(self.case))
        return "" if close(self.value, self.expected, self.tolerance) else WRONG

    def text(self) -> str:
        """The call as it was tried."""
        parts = (f"{name} = {describe(value)}" for name, value in zip(self.arguments, self.case, strict=True))
        return "; ".join(parts)
