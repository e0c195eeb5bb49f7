"""Notebook 04's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .figures import draw_pooled_maps, draw_pooling, draw_shares, draw_spots
from .pool_through import pool_through
from .pooling_lab import pooling_lab
from .quizzes import BRIGHT_PIXEL, POOLED_GRADIENT, POOLED_VOLUME
from .shift_and_pool import shift_and_pool

desk = Desk(EXERCISES, ANSWERS)
answer, check, hints, progress = desk.answer, desk.check, desk.hints, desk.progress

__all__ = [
    "answer",
    "check",
    "hints",
    "progress",
    "BRIGHT_PIXEL",
    "POOLED_GRADIENT",
    "POOLED_VOLUME",
    "draw_pooled_maps",
    "draw_pooling",
    "draw_shares",
    "draw_spots",
    "pool_through",
    "pooling_lab",
    "shift_and_pool",
]
