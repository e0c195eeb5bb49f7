"""Notebook 06's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .class_vector import class_vector
from .classes import calibration, class_readout
from .confusion import confusion
from .covered_digit import covered_digit
from .draw_a_digit import draw_a_digit
from .exercises import EXERCISES
from .figures import (
    draw_centring,
    draw_class_vector,
    draw_connections,
    draw_filter_banks,
    draw_many_maps,
    draw_projections,
    draw_readout,
    draw_reliability,
    draw_time_and_work,
    draw_units,
)
from .film import film
from .filmed_run import FilmedRun
from .filter_bank import hand_made_bank
from .layer_editor import layer_editor
from .networks import networks
from .occlusions import occlusion
from .projections import RULES, deconvnet, project_patches
from .quizzes import MOST_PARAMETERS, NOT_A_DIGIT, WHICH_ALEXNET
from .what_units_see import what_units_see

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "MOST_PARAMETERS", "NOT_A_DIGIT", "RULES", "WHICH_ALEXNET", "FilmedRun", "answer", "ask", "calibration", "check",
    "class_readout", "class_vector", "confusion", "covered_digit", "deconvnet", "draw_a_digit", "draw_centring",
    "draw_class_vector", "draw_connections", "draw_filter_banks", "draw_many_maps", "draw_projections", "draw_readout",
    "draw_reliability", "draw_time_and_work", "draw_units", "film", "hand_made_bank", "hints", "layer_editor",
    "networks", "occlusion", "progress", "project_patches", "what_units_see",
]  # fmt: skip
