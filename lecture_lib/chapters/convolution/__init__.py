"""Notebook 02's own material: what it shows, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .does_it_fit import does_it_fit
from .exercises import EXERCISES
from .figures import draw_fit, draw_growth, draw_kernel_table
from .lab import convolution_lab
from .learned_filters import learned_filters
from .mixing import channel_mixer, inception_branch
from .quizzes import BOX_BLUR, ONE_BY_ONE, PARAMETER_COUNT, SIZE_WITH_A_REST, TURNED_KERNEL, WHAT_A_UNIT_SEES
from .receptive_field import receptive_field
from .step_through import step_through
from .steps import conv_steps
from .volumes import describe_layer, volumes

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "BOX_BLUR", "ONE_BY_ONE", "PARAMETER_COUNT", "SIZE_WITH_A_REST", "TURNED_KERNEL", "WHAT_A_UNIT_SEES", "answer", "ask",
    "channel_mixer", "check", "conv_steps", "convolution_lab", "describe_layer", "does_it_fit", "draw_fit",
    "draw_growth", "draw_kernel_table", "hints", "inception_branch", "learned_filters", "progress", "receptive_field",
    "step_through", "volumes",
]  # fmt: skip
