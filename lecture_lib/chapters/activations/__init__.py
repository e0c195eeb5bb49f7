"""Notebook 03's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .exercises import EXERCISES
from .figures import (
    draw_costs,
    draw_curves,
    draw_dips,
    draw_max_and_prelu,
    draw_race,
    draw_two_layers,
    draw_zoo,
)
from .gradients import flat_share, gradient_depth, gradients, loss_gradients, measure_gradients
from .guesses import GUESSES
from .landing import fit_lines, landing
from .maxout_envelope import maxout_envelope
from .neuron import weight_path
from .quizzes import DEAD_UNIT, GAIN, LAST_ACTIVATION, MAXOUT_WEIGHTS, NO_ACTIVATION, QUIZZES, TANH_MENDS
from .results import (
    advice,
    best_revived,
    draw_epochs,
    epochs_of,
    flat_before_training,
    health,
    health_table,
    learned_slopes,
    percent,
    times,
    told_apart,
)
from .speed import cost_ratios
from .trainings import activation_race, hot_race, own_gain, prelu_training, raw_race, revival_race
from .unit import dead_unit, steps_to_wake, unit_life
from .zigzag import two_inputs, zigzag
from .zoo import zoo

desk = Desk(EXERCISES, GUESSES, QUIZZES)
ask, check, guess, hints, progress = (
    desk.ask, desk.check, desk.guess, desk.hints, desk.progress,
)  # fmt: skip

__all__ = [
    "DEAD_UNIT", "GAIN", "LAST_ACTIVATION", "MAXOUT_WEIGHTS", "NO_ACTIVATION", "TANH_MENDS", "activation_race", "advice", "ask", "best_revived", "check", "cost_ratios",
    "dead_unit", "draw_costs", "draw_curves", "draw_dips", "draw_max_and_prelu", "draw_epochs", "draw_race", "draw_two_layers", "draw_zoo", "epochs_of",
    "fit_lines", "flat_before_training", "flat_share", "gradient_depth", "gradients", "guess", "health", "health_table",
    "hints", "hot_race", "landing", "learned_slopes", "loss_gradients", "maxout_envelope", "measure_gradients", "own_gain", "prelu_training",
    "percent", "progress", "raw_race", "revival_race", "steps_to_wake", "times", "told_apart", "two_inputs", "unit_life", "weight_path", "zigzag", "zoo",
]  # fmt: skip
