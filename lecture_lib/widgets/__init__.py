"""Explorers to put at the end of a notebook cell. Each function returns one."""

from .architecture import architecture, layer_editor
from .averaging import average_matrix
from .both_ways import both_ways_round
from .capsules import capsule_numbers, routing
from .drawing import draw_a_digit
from .field import receptive_field
from .fit import does_it_fit
from .lab import convolution_lab
from .learned import learned_filters
from .mixing import channel_mixer, inception_branch
from .pooling import pool_through, pooling_lab, shift_and_pool
from .representations import representations
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
    "channel_mixer",
    "convolution_lab",
    "describe_layer",
    "does_it_fit",
    "draw_a_digit",
    "inception_branch",
    "layer_editor",
    "learned_filters",
    "pool_through",
    "pooling_lab",
    "receptive_field",
    "representations",
    "routing",
    "shift_and_pool",
    "step_through",
    "volumes",
]
