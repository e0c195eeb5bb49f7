"""The likeliest mistake behind a wrong result: one that the exercise names, an error often met, or one met everywhere."""

import copy
from collections.abc import Callable, Sequence

import numpy as np

from ..style import number
from .attempt import Attempt
from .exercise import Exercise
from .results import close, cut_off, numbers
from .sandbox import call

ERRORS = {
    "truth value of an array": "if, and, or, max() and min() want one number, and got an array. NumPy has np.where, .max() and .min().",
    "only 0-dimensional arrays": "one number is wanted there, and there is an array. Has it more axes than you thought?",
    "cannot be interpreted as an integer": "a size must be a whole number. / gives a fraction, // a whole number.",
    "slice indices must be integers": "an index must be a whole number. / gives a fraction, // a whole number.",
    "only integers, slices": "an index must be a whole number. / gives a fraction, // a whole number.",
    "Cannot cast ufunc": "an array of integers cannot take fractions: s = s * … makes a new array, s *= … writes into the old one.",
    "is out of bounds for axis": "an index goes beyond the end of an array. Which one is largest, and how long is that axis?",
    "broadcast": "two arrays do not fit. Print the shapes of both: which one is not what you thought?",
    "mismatch in its core dimension": "the shapes do not fit for @. Print both: the last axis left of @ must be as long as the one to sum over right of it.",
}
"""What an error of Python or NumPy says that is often met, and what it means."""


def likeliest(exercise: Exercise, attempts: Sequence[Attempt], wrong: Attempt) -> str:
    """The first mistake with a name that gives what the student's function gives, in all cases."""
    for mistake in exercise.mistakes:
        if all(_explains(exercise, mistake.wrong, attempt) for attempt in attempts):
            return mistake.words
    if wrong.outcome.error:
        return next((words for says, words in ERRORS.items() if says in wrong.outcome.error), "")
    if exercise.judge:  # its own words say more, and the solution is one right answer of several
        return ""
    rules = [_general(attempt, exercise.tolerance) for attempt in attempts if attempt.problem and not attempt.manners]
    return next((words for rule, words in rules[0].items() if all(rule in each for each in rules)), "") if rules else ""


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
    if value.shape != expected.shape or (value.dtype.kind != "f" and cut_off(value, expected)):
        return found
    value = value.astype(float)  # not before: of another shape it may be of any size
    rounds = (value - expected) / 256
    if rounds.any() and (abs(rounds) < 1e9).all() and close(rounds, np.round(rounds), tolerance):
        found["round"] = (
            "a number does not fit into its integer type and begins anew, as above 255 or below 0 in uint8: use .astype(float) first."
        )
    if close(-value, expected, tolerance):
        found["sign"] = "the sign is wrong."
    written = np.flatnonzero(value)
    if value.size > 1 and written.size and written[-1] < value.size - 1:
        begun = written[-1] + 1
        if expected.flat[begun:].nonzero()[0].size > 1 and close(value.flat[:begun], expected.flat[:begun], tolerance):
            found["begun"] = (
                "it is right at the beginning, and only zeros follow: does a loop end too early, or a return stand inside it?"
            )
    if np.ptp(value - expected) <= tolerance * max(1.0, np.abs(expected).max(initial=0)) and value.size > 1:
        off = number(float((value - expected).flat[0]))
        found["offset"] = f"every number is off by {off}: is something added too often, or left out?"
    some = expected != 0
    if some.sum() > 1:
        factor = (value[some] / expected[some])[0]
        if factor and abs(factor - 1) > 0.01 and close(value, factor * expected, tolerance):  # 0 must be 0
            found["factor"] = f"every number is {number(float(factor))} times what it should be."
    return found
