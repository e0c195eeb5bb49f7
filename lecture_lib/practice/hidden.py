"""Cases for marks that no student has seen: drawn by a seed, from what each exercise says of its cases."""

import copy
from dataclasses import replace
from zlib import crc32

import numpy as np

from .check import Verdict, check_function
from .child import in_a_child
from .desk import Desk
from .exercise import Exercise
from .results import same

CASES = 6
TRIES = 100  # a case of ones alone is the same however it is shuffled


def with_hidden_cases(exercise: Exercise, seed: int) -> Exercise:
    """The exercise with other cases than those that a student sees, the same for the same seed.

    Raises:
        ValueError: its cases hold no array that could be shuffled, and it draws none itself.
    """
    rng, found = np.random.default_rng([seed, crc32(exercise.name.encode())]), []
    for at in range(TRIES):
        case = exercise.drawn(rng) if exercise.drawn else _shuffled(exercise.cases[at % len(exercise.cases)], rng)
        if not any(same(case, other) for other in (*exercise.cases, *found)):
            found.append(case)
        if len(found) == CASES:
            return replace(exercise, cases=tuple(found), large=None)
    raise ValueError(f"{exercise.name}: only {len(found)} hidden cases of {CASES}; give it drawn=, which draws a case")


def _shuffled(case: tuple, rng: np.random.Generator) -> tuple:
    """A case in which the numbers of each array stand in another order: as large, of one type, as far apart as before."""
    return tuple(
        rng.permuted(each.ravel()).reshape(each.shape) if isinstance(each, np.ndarray) else copy.copy(each)
        for each in case
    )


def check_hidden(desk: Desk, function: object, seed: int) -> Verdict:
    """What a check says of the hidden cases: for nbgrader's hidden tests.

    Args:
        desk: of the notebook whose exercise has the function's name.
    """
    exercise = with_hidden_cases(desk.by_name[function.__name__], seed)
    return in_a_child(exercise.name, lambda: check_function(exercise, function))
