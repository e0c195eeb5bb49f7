"""Marks for one notebook. The values that a student's functions gave are compared here, with results that no student can reach."""

import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lecture_lib.practice import Exercise
from lecture_lib.practice.check import Verdict, judged
from lecture_lib.practice.hidden import with_hidden_cases
from lecture_lib.practice.recorded import record, recorded

from ..assignment import POINTS
from ..make_exercises import EXERCISES
from .room import GoneError, Room, Visit
from .submission import Submission, UnreadableError, read

SHOWN, HIDDEN = POINTS["shown"], POINTS["hidden"]
"""Points of an exercise: for the cases that its check shows, and for others."""
SECONDS = 3.0
"""For one call."""
EXERCISE, BUDGET = 20.0, 90.0
"""For one exercise, and for one notebook."""


@dataclass(frozen=True)
class Mark:
    """What one exercise is worth, and why."""

    exercise: str
    shown: str
    """What the check says of the cases that students see."""
    hidden: str
    """What it says of the others."""
    points: int
    most: int = SHOWN + HIDDEN
    words: tuple[str, ...] = ()
    """What else went wrong: cells with errors."""


@dataclass(frozen=True)
class Result:
    """The marks of one notebook."""

    student: str
    chapter: str = ""
    marks: tuple[Mark, ...] = field(default=())
    problem: str = ""
    """Why there are none."""

    @property
    def points(self) -> int:
        """All that it is worth."""
        return sum(mark.points for mark in self.marks)

    @property
    def most(self) -> int:
        """All that it could be worth."""
        return sum(mark.most for mark in self.marks)


@cache
def _cases(name: str, seed: int) -> tuple[Exercise, Exercise]:
    """An exercise with the shown and with the hidden cases; what comes out of each is computed once for all students."""
    exercise = EXERCISES[name]
    names = vars(__import__(exercise.solution.__module__, fromlist=["EXERCISES"]))
    return tuple(recorded(record(each), names) for each in (exercise, with_hidden_cases(exercise, seed)))


def grade(student: str, path: Path, room: Room, seed: int) -> Result:
    """The marks of the notebook in a file, whatever is in it."""
    try:
        submission = read(path)
    except UnreadableError as error:
        return Result(student, problem=str(error))
    deadline, skip = time.monotonic() + BUDGET, []
    marks = tuple(_mark(submission, name, room, seed, deadline, skip) for name in submission.exercises)
    return Result(student, submission.chapter, marks)


def _mark(submission: Submission, name: str, room: Room, seed: int, deadline: float, skip: list[int]) -> Mark:
    if time.monotonic() > deadline:
        words = f"{name} was not tried: the notebook had used up its {BUDGET:g} seconds."
        return Mark(name, words, words, 0)
    try:
        until = min(deadline, time.monotonic() + EXERCISE)
        visit = room.enter(submission.chapter, submission.cells, name, until, skip)
    except GoneError as gone:
        return Mark(name, f"{name}: {gone}", "Not tried.", 0)
    try:
        return _judged(visit, name, seed, skip)
    finally:
        visit.leave()


def _judged(visit: Visit, name: str, seed: int, skip: list[int]) -> Mark:
    skipped = [f"Cell {at + 1} was left out: it never ended, or it ended Python." for at in skip]
    words = (*skipped, *visit.problems)
    if visit.found != "function":
        said = {
            "missing": f"{name} is not in the notebook, or its cell has an error.",
            "open": f"{name} is not written yet.",
        }.get(visit.found, f"{name} is {visit.what}, not a function.")
        return Mark(name, said, "Not tried.", 0, words=words)
    verdicts = []
    for exercise in _cases(name, seed):
        try:
            verdicts.append(judged(exercise, visit.call, SECONDS))
        except GoneError as gone:
            verdicts.append(Verdict(f"{name}: {gone}", "wrong"))
            break  # the child is no more
    if len(verdicts) == 1:
        verdicts.append(Verdict("Not tried.", "wrong"))
    shown, hidden = verdicts
    return Mark(name, str(shown), str(hidden), SHOWN * shown.solved + HIDDEN * hidden.solved, words=words)
