"""Notebook 01's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .connections import connections
from .exercises import EXERCISES
from .figures import (
    draw_lenet_volumes,
    draw_patches,
    draw_pooled_edges,
    draw_shift_maps,
    draw_shuffled,
    draw_wires,
    pooled_edges,
)
from .first_layer import describe_first_layer, first_layer
from .guesses import GUESSES
from .layer_responses import layer_responses, mosaic
from .opening import chosen_three, opening_curves, opening_digits, opening_nets, verdicts_on, who_reads
from .quizzes import CANCELLED, LARGER_PHOTO, LOCAL_OR_SHARED, MOVED_OBJECT, QUIZZES, WIDER_VIEW
from .same_picture import change_picture, same_picture, square_photo
from .shifted_digit import shifted_digit
from .shifts import (
    COMPUTED,
    MEASURED,
    draw_every_shift,
    draw_order,
    first_look,
    likeness,
    likeness_curves,
    moved_by,
    moved_digits,
    order_accuracy,
    shift_accuracy,
    shift_curves,
)
from .trainings import (
    centred_digits,
    movable_digits,
    opening_race,
    pooled_race,
    prepare,
    shift_race,
    shuffled_race,
)

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = (
    desk.ask, desk.check, desk.guess, desk.hints, desk.progress,
)  # fmt: skip

__all__ = [
    "CANCELLED", "COMPUTED", "LARGER_PHOTO", "LOCAL_OR_SHARED", "MEASURED", "MOVED_OBJECT", "WIDER_VIEW", "ask", "centred_digits", "change_picture", "check", "chosen_three", "connections",
    "describe_first_layer", "draw_every_shift", "draw_lenet_volumes", "draw_order", "draw_patches",
    "draw_pooled_edges", "draw_shift_maps", "draw_shuffled", "draw_wires", "first_layer", "first_look", "guess",
    "hints", "layer_responses", "likeness", "likeness_curves", "mosaic", "movable_digits", "moved_by", "moved_digits",
    "opening_curves", "opening_digits", "opening_nets", "opening_race", "order_accuracy", "pooled_edges", "pooled_race", "prepare", "progress", "same_picture", "shift_accuracy", "shift_curves", "shift_race",
    "shifted_digit", "shuffled_race", "square_photo", "verdicts_on", "who_reads",
]  # fmt: skip
