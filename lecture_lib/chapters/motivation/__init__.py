"""Notebook 01's own material: what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .quizzes import LARGER_PHOTO, LOCAL_OR_SHARED, MOVED_OBJECT

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "LARGER_PHOTO",
    "LOCAL_OR_SHARED",
    "MOVED_OBJECT",
]
