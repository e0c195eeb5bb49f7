"""Notebook 04's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .figures import draw_pooled_maps, draw_pooling, draw_shares, draw_spots
from .pool_through import pool_through
from .pooling_lab import pooling_lab
from .quizzes import BRIGHT_PIXEL, POOLED_GRADIENT, POOLED_VOLUME
from .shift_and_pool import shift_and_pool
from .steps import pool_steps

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "BRIGHT_PIXEL", "POOLED_GRADIENT", "POOLED_VOLUME", "answer", "ask", "check", "draw_pooled_maps", "draw_pooling",
    "draw_shares", "draw_spots", "hints", "pool_steps", "pool_through", "pooling_lab", "progress", "shift_and_pool",
]  # fmt: skip
