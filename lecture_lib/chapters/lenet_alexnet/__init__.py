"""Notebook 06's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from . import trainings
from .class_vector import class_vector
from .classes import (
    CHANGES,
    MEASURED,
    READOUTS,
    calibration,
    class_readout,
    readouts,
    right_when_changed,
    sure_and_right,
    verdicts,
)
from .confusion import confusion
from .covered_digit import covered_digit
from .covered_photo import covered_photo
from .exercises import EXERCISES
from .figures import (
    draw_centring,
    draw_codes,
    draw_connections,
    draw_first_maps,
    draw_projections,
    draw_readout,
    draw_reliability,
    draw_small_maps,
    draw_time_and_work,
    draw_units,
    draw_way_back,
)
from .film import film
from .guesses import GUESSES
from .layer_editor import layer_editor
from .name_a_photo import name_a_photo
from .networks import networks
from .occlusions import occlusion
from .photo_answers import PHOTO_ANSWERS
from .photo_covers import PHOTO_COVERS
from .photo_likeness import PHOTO_LIKENESS, patch_likeness
from .photo_units import PHOTO_UNITS
from .projections import RULES, deconvnet, project_patches
from .quizzes import DROPOUT, GREY_SQUARE, MOST_PARAMETERS, NOT_A_DIGIT, QUIZZES, SURE_AND_RIGHT, WHICH_ALEXNET
from .walk.network_walk import network_walk
from .what_photo_units_see import what_photo_units_see

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = (
    desk.ask, desk.check, desk.guess, desk.hints, desk.progress,
)  # fmt: skip

COMPUTED = (PHOTO_ANSWERS, PHOTO_COVERS, PHOTO_LIKENESS, PHOTO_UNITS, READOUTS)
"""What is recorded beside the training."""

__all__ = [
    "CHANGES", "COMPUTED", "DROPOUT", "GREY_SQUARE", "MEASURED", "MOST_PARAMETERS", "NOT_A_DIGIT", "RULES", "SURE_AND_RIGHT", "WHICH_ALEXNET", "ask", "calibration",
    "check", "class_readout", "class_vector", "confusion", "covered_digit", "covered_photo", "deconvnet",
    "draw_centring", "draw_codes", "draw_connections", "draw_first_maps",
    "draw_projections", "draw_readout", "draw_reliability", "draw_small_maps",
    "draw_time_and_work", "draw_units", "draw_way_back", "film", "guess", "hints",
    "layer_editor", "name_a_photo", "network_walk", "networks", "occlusion", "patch_likeness", "progress", "project_patches", "readouts", "right_when_changed", "sure_and_right", "trainings", "verdicts", "what_photo_units_see",
]  # fmt: skip
