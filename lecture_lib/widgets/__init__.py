"""Explorers to put at the end of a notebook cell. Each function returns one."""

from .architecture import architecture, layer_editor
from .field import receptive_field
from .fit import does_it_fit
from .lab import convolution_lab
from .learned import learned_filters
from .mixing import channel_mixer, inception_branch
from .step_through import step_through
from .view import Explorer, View
from .volumes import describe_layer, volumes

__all__ = [
    "Explorer",
    "View",
    "architecture",
    "channel_mixer",
    "convolution_lab",
    "describe_layer",
    "does_it_fit",
    "inception_branch",
    "layer_editor",
    "learned_filters",
    "receptive_field",
    "step_through",
    "volumes",
]
