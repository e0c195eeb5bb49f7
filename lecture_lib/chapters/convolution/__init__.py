"""Notebook 02's own material: what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .quizzes import BOX_BLUR, ONE_BY_ONE, PARAMETER_COUNT, SIZE_WITH_A_REST, TURNED_KERNEL, WHAT_A_UNIT_SEES

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "BOX_BLUR",
    "ONE_BY_ONE",
    "PARAMETER_COUNT",
    "SIZE_WITH_A_REST",
    "TURNED_KERNEL",
    "WHAT_A_UNIT_SEES",
]
