"""Notebook 02's own material: what it shows, what it asks, and what is right."""

from ...practice import Desk
from .blocks import nin_block
from .does_it_fit import does_it_fit
from .early_units import alike, early_units
from .exercises import EXERCISES
from .figures import (
    draw_blurred,
    draw_borders,
    draw_growth,
    draw_kernel_table,
    draw_layer,
    draw_mean,
    draw_stack,
    draw_stamps,
    draw_wanted,
)
from .guesses import GUESSES
from .lab import convolution_lab
from .mean_gradients import MEAN_GRADIENTS, concentration, early_layers, mean_pictures
from .mixing import branch_cost, channel_mixer, inception_branch
from .quizzes import (
    BOX_BLUR,
    DOUBLED_FILTERS,
    EVEN_FILTER,
    FILTERS_SHAPE,
    MOVE_DOWN,
    ONE_BY_ONE,
    PARAMETER_COUNT,
    QUIZZES,
    SIZE_WITH_A_REST,
    TURNED_KERNEL,
    WHAT_A_UNIT_SEES,
)
from .receptive_field import receptive_field
from .step_through import BINARY, CROSS, IMAGE, step_through
from .steps import conv_steps
from .volumes import describe_layer, volumes

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = (
    desk.ask, desk.check, desk.guess, desk.hints, desk.progress,
)  # fmt: skip

COMPUTED = (MEAN_GRADIENTS,)
"""What is recorded."""

__all__ = [
    "BINARY", "BOX_BLUR", "COMPUTED", "CROSS", "DOUBLED_FILTERS", "EVEN_FILTER", "FILTERS_SHAPE", "IMAGE", "MOVE_DOWN", "ONE_BY_ONE", "PARAMETER_COUNT", "SIZE_WITH_A_REST", "TURNED_KERNEL",
    "WHAT_A_UNIT_SEES", "alike", "ask", "branch_cost", "channel_mixer", "check", "concentration", "conv_steps", "convolution_lab",
    "describe_layer", "does_it_fit", "draw_blurred", "draw_borders", "draw_growth",
    "draw_kernel_table", "draw_layer", "draw_mean", "draw_stack", "draw_stamps", "draw_wanted", "early_layers",
    "early_units", "guess", "hints", "inception_branch", "mean_pictures", "nin_block", "progress", "receptive_field",
    "step_through", "volumes",
]  # fmt: skip
