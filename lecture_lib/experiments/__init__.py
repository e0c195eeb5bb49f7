"""Experiments: trainings that can be stopped and go on, recorded or made here, and what is measured.

Nothing here draws or prints.
"""

from .accuracies import accuracy_by
from .computed import Computed
from .experiment import Experiment
from .recording import RECORDINGS
from .runs import Data, Keep, Run, epochs_to, mean_and_spread, running_mean

__all__ = [
    "RECORDINGS",
    "Computed",
    "Data",
    "Experiment",
    "Keep",
    "Run",
    "accuracy_by",
    "epochs_to",
    "mean_and_spread",
    "running_mean",
]
