"""Notebook 05's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .average_matrix import average_matrix
from .both_ways_round import both_ways_round
from .capsules import capsule_numbers, routing
from .exercises import EXERCISES
from .figures import draw_matrices, draw_perturbed, draw_square, draw_stacks, draw_votes
from .quizzes import MOVES_ALONG, QUARTER_TURN, SHIFT_AND_STRIDE
from .representations import representations
from .ways import BothWays, equivariance_error

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "MOVES_ALONG", "QUARTER_TURN", "SHIFT_AND_STRIDE", "BothWays", "answer", "ask", "average_matrix", "both_ways_round",
    "capsule_numbers", "check", "draw_matrices", "draw_perturbed", "draw_square", "draw_stacks", "draw_votes",
    "equivariance_error", "hints", "progress", "representations", "routing",
]  # fmt: skip
