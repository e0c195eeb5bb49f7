"""Experiments: trainings that can be stopped and go on, the same with several nets and seeds, and what is measured.

Nothing here draws or prints.
"""

from .cost import MOST_REPEATS, cost_ratios
from .neuron import MOST_STEPS, loss_grid, loss_rings, weight_path
from .runs import Data, FilmedRun, Frame, Run, accuracy_by, epochs_to, mean_and_spread, running_mean, runs

__all__ = [
    "Data",
    "FilmedRun",
    "Frame",
    "MOST_REPEATS",
    "MOST_STEPS",
    "Run",
    "accuracy_by",
    "cost_ratios",
    "epochs_to",
    "loss_grid",
    "loss_rings",
    "mean_and_spread",
    "running_mean",
    "runs",
    "weight_path",
]
