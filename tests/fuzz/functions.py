"""A student's functions: whatever one gives, a verdict comes of it, and praise only for what is right."""

import copy

import numpy as np

from lecture_lib.practice.check import check_function
from tests.chapters.found import EXERCISES
from tests.fuzz.cases import Case
from tests.fuzz.hostile import hostile


def function_case(rng: np.random.Generator) -> Case:
    """A function that is right, but that what it gives is often changed on the way."""
    exercise = list(EXERCISES.values())[rng.integers(len(EXERCISES))]
    seed, share = int(rng.integers(2**32)), rng.random()

    def run() -> None:
        chance, alike = np.random.default_rng(seed), []

        def function(*arguments):
            right = exercise.solution(*copy.deepcopy(arguments))
            given = hostile(chance, right) if chance.random() < share else right
            alike.append(_alike(given, right))
            return given

        verdict = check_function(exercise, function, seconds=2)
        if not exercise.judge:  # else another answer may be right, too
            assert verdict.solved <= all(alike), f"praised: {verdict}"  # noqa: S101
        verdict._repr_html_().encode()

    return Case(f"{exercise.name}, changed with seed {seed} in {share:.0%}", run, ())


def _alike(given: object, right: object) -> bool:
    """Whether two results are of one shape and hold nearly the same numbers."""
    if isinstance(given, dict | str) or np.shape(given) != np.shape(right):
        return False
    return np.allclose(np.asarray(given, float), np.asarray(right, float), rtol=1e-4, atol=1e-4, equal_nan=True)
