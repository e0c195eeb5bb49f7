"""How any exercise, guess and quiz works: what is tried, what is said to it, what is remembered.

It knows no exercise: each notebook's own are in :mod:`lecture_lib.chapters`.
"""

from .ask import ask
from .desk import Desk
from .exercise import Exercise, Mistake
from .guess import Choice, Guess, Mark, Number
from .quiz import Option, Quiz, right, wrong
from .results import rows
from .vote import vote

__all__ = [
    "Choice", "Desk", "Exercise", "Guess", "Mark", "Mistake", "Number", "Option", "Quiz", "ask", "right", "rows", "vote", "wrong",
]  # fmt: skip
