"""Explorers to put at the end of a notebook cell. Each function returns one."""

from .architecture import architecture, layer_editor
from .averaging import average_matrix
from .both_ways import both_ways_round
from .capsules import capsule_numbers, routing
from .connections import connections
from .drawing import draw_a_digit
from .envelope import maxout_envelope
from .field import receptive_field
from .first_layer import describe_first_layer, first_layer
from .fit import does_it_fit
from .functions import zoo
from .lab import convolution_lab
from .layer_responses import layer_responses, mosaic
from .learned import learned_filters
from .mixing import channel_mixer, inception_branch
from .paths import zigzag
from .pooling import pool_through, pooling_lab, shift_and_pool
from .representations import representations
from .same_picture import change_picture, same_picture, square_photo
from .shifted_digit import shifted_digit
from .step_through import step_through
from .view import Explorer, View
from .volumes import describe_layer, volumes

__all__ = [
    "Explorer",
    "View",
    "architecture",
    "average_matrix",
    "both_ways_round",
    "capsule_numbers",
    "change_picture",
    "channel_mixer",
    "connections",
    "convolution_lab",
    "describe_first_layer",
    "describe_layer",
    "does_it_fit",
    "draw_a_digit",
    "first_layer",
    "inception_branch",
    "layer_editor",
    "layer_responses",
    "learned_filters",
    "maxout_envelope",
    "mosaic",
    "pool_through",
    "pooling_lab",
    "receptive_field",
    "representations",
    "routing",
    "same_picture",
    "shift_and_pool",
    "shifted_digit",
    "square_photo",
    "step_through",
    "volumes",
    "zigzag",
    "zoo",
]
