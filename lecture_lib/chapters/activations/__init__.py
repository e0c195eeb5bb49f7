"""Notebook 03's own material: what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .quizzes import DEAD_UNIT, LAST_ACTIVATION, NO_ACTIVATION

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "DEAD_UNIT",
    "LAST_ACTIVATION",
    "NO_ACTIVATION",
]
