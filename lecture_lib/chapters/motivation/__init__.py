"""Notebook 01's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .connections import connections
from .exercises import EXERCISES
from .figures import draw_shift_maps, draw_wires
from .first_layer import describe_first_layer, first_layer
from .layer_responses import layer_responses, mosaic
from .quizzes import LARGER_PHOTO, LOCAL_OR_SHARED, MOVED_OBJECT
from .same_picture import change_picture, same_picture, square_photo
from .shifted_digit import shifted_digit

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "LARGER_PHOTO", "LOCAL_OR_SHARED", "MOVED_OBJECT", "answer", "ask", "change_picture", "check", "connections",
    "describe_first_layer", "draw_shift_maps", "draw_wires", "first_layer", "hints", "layer_responses", "mosaic", "progress",
    "same_picture", "shifted_digit", "square_photo",
]  # fmt: skip
