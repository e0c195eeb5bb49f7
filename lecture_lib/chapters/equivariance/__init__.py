"""Notebook 05's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .average_matrix import average_matrix
from .both_ways_round import both_ways_round
from .capsules import capsule_numbers, routing
from .exercises import EXERCISES
from .figures import (
    angle_curves,
    draw_angles,
    draw_errors,
    draw_moved,
    draw_moved_digits,
    draw_perturbed,
    draw_square,
    draw_stacks,
    draw_turned_digits,
    draw_votes,
)
from .guesses import GUESSES
from .measures import (
    MEASURED,
    capsules_moved,
    group_errors,
    layer_changes,
    moved_by_levels,
    share_right,
    wrong_when_turned,
)
from .moved_digit import moved_digit
from .quizzes import (
    MOVES_ALONG,
    QUARTER_TURN,
    QUIZZES,
    SHIFT_AND_STRIDE,
    STRIDED_TURNS,
    TURNS_ALONE,
    VOTES_CANCEL,
)
from .representations import representations
from .trainings import moved_race, turned_digits, turned_race
from .ways import BothWays, equivariance_error

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = (
    desk.ask, desk.check, desk.guess, desk.hints, desk.progress,
)  # fmt: skip

__all__ = [
    "MEASURED", "MOVES_ALONG", "QUARTER_TURN", "SHIFT_AND_STRIDE", "STRIDED_TURNS", "TURNS_ALONE", "VOTES_CANCEL",
    "BothWays", "angle_curves", "ask", "average_matrix",
    "both_ways_round", "capsule_numbers", "capsules_moved", "check", "draw_angles", "draw_errors",
    "draw_moved", "draw_moved_digits", "draw_perturbed", "draw_square", "draw_stacks", "draw_turned_digits",
    "draw_votes", "equivariance_error", "group_errors", "guess", "hints", "layer_changes", "moved_digit",
    "moved_by_levels", "moved_race", "progress", "representations", "routing", "share_right", "turned_digits",
    "turned_race", "wrong_when_turned",
]  # fmt: skip
