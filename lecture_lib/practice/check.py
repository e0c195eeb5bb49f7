"""Looking at a function that a student wrote: right, or what was tried, what came back, and the likeliest mistake."""

import ast
import html
import inspect
import textwrap
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from types import FunctionType

import numpy as np

from .. import style
from .attempt import WRONG, Attempt
from .exercise import Exercise
from .mistakes import likeliest
from .results import MOST_SHOWN, MOST_WRITTEN, apart, describe, numbers
from .sandbox import SECONDS, Outcome, call


class Verdict(str):
    """What a check says: text, and in a notebook a box of its own."""

    __slots__ = ("kind",)

    COLOURS = {"open": style.GREY, "wrong": style.ORANGE, "right": style.GREEN}
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
        sign = (
            "" if self.kind == "open" else f' style="color: {self.COLOURS[self.kind]}; font-size: 120%; line-height: 1"'
        )
        return f'<div role="status" style="{look}"><b{sign}>{self.SIGNS[self.kind]}</b> {html.escape(self)}</div>'


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
    return judged(exercise, partial(call, function), seconds)


def judged(exercise: Exercise, call: Callable[..., Outcome], seconds: float) -> Verdict:
    """The verdict on a function that ``call`` tries, as :func:`.sandbox.call` does, here or in another process.

    What it gives is compared here.
    """
    attempts = []
    for case in exercise.cases:
        attempts.append(Attempt(exercise, call, case, seconds))
        if not attempts[-1].outcome.ended:
            break  # the other cases would take as long
    if not any(attempt.problem for attempt in attempts) and exercise.large:
        attempts.append(Attempt(exercise, call, exercise.large, seconds))
        if not attempts[-1].outcome.ended:  # slow is not wrong
            return Verdict(f"{_praise(exercise)} In a larger one {attempts[-1].problem}", "right")
    wrong = sorted((each for each in attempts if each.problem), key=lambda each: bool(each.manners))  # values first
    if not wrong:
        return Verdict(_praise(exercise), "right")
    return Verdict("\n".join(_complaint(exercise, attempts, wrong[0])), "wrong")


def _unwritten(function: Callable) -> bool:
    """Whether nothing stands in a function but a docstring, dots, ``pass`` or ``return None``."""
    if type(function) is not FunctionType:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the cell has given them already
            [made] = ast.parse(textwrap.dedent(inspect.getsource(function.__code__))).body
    except Exception:  # noqa: BLE001  there is no source, or half a line of it: what the function gives will show
        return False
    return isinstance(made, ast.FunctionDef) and all(map(_does_nothing, made.body))


def _does_nothing(line: ast.stmt) -> bool:
    match line:
        case ast.Pass() | ast.Expr(ast.Constant()) | ast.Return(None | ast.Constant(None)):
            return True
    return False


def _complaint(exercise: Exercise, attempts: Sequence[Attempt], wrong: Attempt) -> list[str]:
    """What was tried, what came back, what was expected, and the likeliest mistake."""
    lines = [f"{exercise.name}: {wrong.problem}", f"Tried: {wrong.text()}"]
    if wrong.outcome.ended and not wrong.outcome.error and wrong.value is not None:
        if exercise.judge:
            lines.append(f"Came back: {describe(wrong.value)}")
        else:
            came, wanted = apart(wrong.value, wrong.expected)
            lines += [f"Came back: {came}", f"Expected: {wanted}", *_first_difference(wrong)]
    if words := likeliest(exercise, attempts, wrong):
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
    came, wanted = apart(value[at], expected[at])
    return [f"{off.sum()} of {off.size} numbers differ, first at {list(at)}: {came} instead of {wanted}"]


def _praise(exercise: Exercise) -> str:
    return f"{exercise.name} is right in all {len(exercise.cases)} cases. {exercise.understood}".rstrip()
