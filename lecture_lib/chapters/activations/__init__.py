"""Notebook 03's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .figures import draw_costs, draw_curves, draw_race, draw_zoo
from .maxout_envelope import maxout_envelope
from .quizzes import DEAD_UNIT, LAST_ACTIVATION, NO_ACTIVATION
from .zigzag import zigzag
from .zoo import zoo

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "DEAD_UNIT", "LAST_ACTIVATION", "NO_ACTIVATION", "answer", "check", "draw_costs", "draw_curves", "draw_race", "draw_zoo",
    "hints", "maxout_envelope", "progress", "zigzag", "zoo",
]  # fmt: skip
