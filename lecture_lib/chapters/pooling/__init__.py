"""Notebook 04's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from . import trainings
from .exercises import EXERCISES
from .figures import (
    draw_pooled_maps,
    draw_shares,
    draw_smaller,
    draw_spots,
)
from .guesses import GUESSES, IMAGE, KERNEL, NUMBERS
from .measured import accuracy_curves, photo_curves, say_steadier
from .moving_spot import moving_spot
from .pool_through import pool_through
from .pooling_lab import pooling_lab
from .quizzes import BRIGHT_PIXEL, MOVED_BY_STRIDES, POOLED_GRADIENT, POOLED_VOLUME, QUIZZES, WANTED_SIZE
from .shift_and_pool import shift_and_pool
from .steps import pool_steps
from .trainings import global_race, robustness_race

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = desk.ask, desk.check, desk.guess, desk.hints, desk.progress

__all__ = [
    "BRIGHT_PIXEL", "IMAGE", "KERNEL", "MOVED_BY_STRIDES", "NUMBERS", "POOLED_GRADIENT", "POOLED_VOLUME", "WANTED_SIZE",
    "accuracy_curves", "ask", "check",
    "draw_pooled_maps", "draw_shares", "draw_smaller", "draw_spots", "global_race", "guess", "hints",
    "moving_spot", "photo_curves", "pool_steps", "pool_through", "pooling_lab", "progress", "robustness_race", "say_steadier",
    "shift_and_pool", "trainings",
]  # fmt: skip
