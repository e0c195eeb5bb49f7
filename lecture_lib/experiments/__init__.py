"""Experiments: trainings that can be stopped and go on, the same with several nets and seeds, and what is measured.

Nothing here draws or prints.
"""

from .runs import Data, Run, accuracy_by, mean_and_spread, running_mean, runs

__all__ = ["Data", "Run", "accuracy_by", "mean_and_spread", "running_mean", "runs"]
