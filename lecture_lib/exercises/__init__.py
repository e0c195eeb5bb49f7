"""Quizzes, answers and exercises: what to ask, what to say to each reply, and what is right.

Pure data and pure functions, but for ``progress``, which keeps a small file.
"""

from .answers import Answer, answer
from .convolution import BOX_BLUR
from .quiz import Option, Quiz
from .quizzes import (
    BRIGHT_PIXEL,
    DEAD_UNIT,
    LARGER_PHOTO,
    LAST_ACTIVATION,
    LOCAL_OR_SHARED,
    MOST_PARAMETERS,
    MOVED_OBJECT,
    MOVES_ALONG,
    NO_ACTIVATION,
    NOT_A_DIGIT,
    ONE_BY_ONE,
    PARAMETER_COUNT,
    POOLED_GRADIENT,
    POOLED_VOLUME,
    QUARTER_TURN,
    QUIZZES,
    SHIFT_AND_STRIDE,
    SIZE_WITH_A_REST,
    TURNED_KERNEL,
    WHAT_A_UNIT_SEES,
    WHICH_ALEXNET,
)
from .turn import EXERCISES, check, hints, progress

__all__ = [
    "BOX_BLUR",
    "EXERCISES",
    "Answer",
    "Option",
    "Quiz",
    "answer",
    "check",
    "hints",
    "progress",
    "LARGER_PHOTO",
    "MOVED_OBJECT",
    "LOCAL_OR_SHARED",
    "TURNED_KERNEL",
    "ONE_BY_ONE",
    "SIZE_WITH_A_REST",
    "PARAMETER_COUNT",
    "WHAT_A_UNIT_SEES",
    "NO_ACTIVATION",
    "DEAD_UNIT",
    "LAST_ACTIVATION",
    "POOLED_VOLUME",
    "BRIGHT_PIXEL",
    "POOLED_GRADIENT",
    "MOVES_ALONG",
    "SHIFT_AND_STRIDE",
    "QUARTER_TURN",
    "MOST_PARAMETERS",
    "WHICH_ALEXNET",
    "NOT_A_DIGIT",
    "QUIZZES",
]
