"""Notebook 06's own material: what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .quizzes import MOST_PARAMETERS, NOT_A_DIGIT, WHICH_ALEXNET

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "MOST_PARAMETERS",
    "NOT_A_DIGIT",
    "WHICH_ALEXNET",
]
