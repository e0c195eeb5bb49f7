"""Learning: optimisers, learning-rate schedules, and ``fit``, which yields records and draws nothing.

Symbols, as the papers have them::

    θ  a parameter      g  its gradient      η  learning rate
    μ  momentum         λ  weight decay      t  step, T  steps in all
"""

from .fitting import (
    DivergedError,
    Loss,
    Prepare,
    Record,
    Score,
    check_samples,
    evaluate,
    fit,
    predict,
    preparing,
    samples_and_labels,
)
from .optimisers import SCHEDULES, SGD, Adam, Optimiser

__all__ = [
    "SCHEDULES", "SGD", "Adam", "DivergedError", "Loss", "Optimiser", "Prepare", "Record", "Score", "check_samples",
    "evaluate", "fit", "predict", "preparing", "samples_and_labels",
]  # fmt: skip
