"""What a student calls under "Your turn": check, hints, progress."""

import html
from difflib import get_close_matches

from ..arguments import boolean, checked, one_of
from . import (
    activations_tasks,
    convolution_tasks,
    equivariance_tasks,
    lenet_alexnet_tasks,
    motivation_tasks,
    pooling_tasks,
)
from .checks import Verdict, check_function
from .exercise import Exercise
from .solved import Progress, read, remember

NOTEBOOKS: dict[str, tuple[Exercise, ...]] = {
    "01": motivation_tasks.EXERCISES,
    "02": convolution_tasks.EXERCISES,
    "03": activations_tasks.EXERCISES,
    "04": pooling_tasks.EXERCISES,
    "05": equivariance_tasks.EXERCISES,
    "06": lenet_alexnet_tasks.EXERCISES,
}
"""The exercises of each notebook, by its number."""
EXERCISES = {each.name: each for exercises in NOTEBOOKS.values() for each in exercises}
"""Every exercise, by the name of its function."""


def check(function: object) -> Verdict:
    """Try a function that a student wrote for an exercise; the exercise is the one of the function's name.

    Whatever the function does, this returns a verdict and raises nothing; only a check inside the function that it
    tries is a RuntimeError there, and so a wrong answer.

    >>> def output_size(n, f, s, p):
    ...     ...
    >>> check(output_size)
    ✎ output_size is not written yet. Replace the three dots, then run this cell again.
    """
    name = getattr(function, "__name__", None)
    if not callable(function):
        return Verdict(
            "Give the function itself, without brackets behind its name, such as check(output_size).", "wrong"
        )
    if not isinstance(name, str) or name == "<lambda>":
        return Verdict("check goes by a function's name, and this one has none: write it with def.", "wrong")
    if name not in EXERCISES:
        near = get_close_matches(name, EXERCISES, 1)
        hint = f"Did you mean {near[0]}?" if near else "check goes by a function's name: keep the one of the exercise."
        return Verdict(f"There is no exercise called {name}. {hint}", "wrong")
    verdict = check_function(EXERCISES[name], function)
    if verdict.solved and (problem := remember(name)):
        return Verdict(f"{verdict} {problem}", "right")
    return verdict


class Hints(str):
    """Hints that open one after another, the solution last: text, and in a notebook folds inside folds."""

    __slots__ = ("steps",)

    def __new__(cls, exercise: Exercise, solution: bool = True):
        made = super().__new__(cls, "\n".join([*exercise.hints, *[exercise.source] * solution]))
        made.steps = [(f"Hint {at}", f"<p>{html.escape(words)}</p>") for at, words in enumerate(exercise.hints, 1)]
        if solution:
            made.steps.append(("Solution", f"<pre>{html.escape(exercise.source)}</pre>"))
        return made

    def __repr__(self) -> str:
        return "(hints open in the notebook)"

    def _repr_html_(self) -> str:
        folded = ""
        for title, content in reversed(self.steps):
            inside = f'<div style="padding: 2px 12px">{content}{folded}</div>'
            folded = f'<details><summary style="cursor: pointer"><b>{title}</b></summary>{inside}</details>'
        return f'<div style="margin: 4px 0; padding: 2px 12px; border-left: 4px solid #3b82c4">{folded}</div>'


@checked
def hints(name: str, solution: bool = True) -> Hints:
    """Hints for an exercise, folded; the last fold holds its solution, unless it is not wanted.

    Raises:
        ValueError: there is no exercise of that name.
    """
    return Hints(EXERCISES[one_of("name", name, EXERCISES)], boolean("solution", solution))


@checked
def progress(notebook: str) -> Progress:
    """Which exercises of a notebook are solved, by the notebook's number: "02".

    Raises:
        ValueError: no notebook of that number has exercises.
    """
    return Progress([each.name for each in NOTEBOOKS[one_of("notebook", notebook, NOTEBOOKS)]], *read())
