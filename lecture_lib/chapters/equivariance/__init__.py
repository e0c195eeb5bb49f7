"""Notebook 05's own material: what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .quizzes import MOVES_ALONG, QUARTER_TURN, SHIFT_AND_STRIDE

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "MOVES_ALONG",
    "QUARTER_TURN",
    "SHIFT_AND_STRIDE",
]
