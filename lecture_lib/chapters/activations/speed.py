"""How long functions take beside one another, and how many epochs a training."""

import math
import time
from collections.abc import Callable, Mapping

import numpy as np

from ...arguments import check_number, one_of, shown
from ...experiments import Run
from ...shapes import ShapeError, integer

MOST_REPEATS = 10_000
"""Of :func:`cost_ratios`."""


@np.errstate(all="ignore")  # the functions are asked for their speed, not for their answers
def cost_ratios(
    functions: Mapping[str, Callable[[np.ndarray], object]], reference: str, x: np.ndarray, repeats: int = 20
) -> dict[str, float]:
    """How long each function takes on the same array, as a multiple of ``reference``'s time.

    They take turns, so that what else the computer does meets all of them; the shortest of ``repeats``
    times counts, because everything else only adds to it.

    Raises:
        ValueError: ``reference`` is none of the functions.
        TypeError, ShapeError: ``repeats`` is no integer, below 1, or above :data:`MOST_REPEATS`.

    >>> ratios = cost_ratios({"add": lambda x: x + x, "sine": np.sin}, "add", np.ones(10_000))
    >>> ratios["add"], ratios["sine"] > 0
    (1.0, True)
    """
    one_of("reference", reference, functions)
    shortest = dict.fromkeys(functions, math.inf)
    if integer("repeats", repeats, 1) > MOST_REPEATS:
        raise ShapeError(f"repeats={shown(repeats)}: must be at most {MOST_REPEATS:,}")
    for _ in range(repeats + 1):  # the first turn is slower, and never the shortest
        for name, function in functions.items():
            start = time.perf_counter_ns()
            function(x)
            shortest[name] = min(shortest[name], max(1, time.perf_counter_ns() - start))
    return {name: each / shortest[reference] for name, each in shortest.items()}


def epochs_to(run: Run, error: float, window: int = 20) -> float:
    """After how many epochs the training error, over the last ``window`` batches, has fallen to ``error``.

    Krizhevsky, Sutskever & Hinton 2012, figure 1, compares activations by the epochs to 25 % error.
    The first ``window`` - 1 steps cannot count; infinity if it has not come to that.

    Raises:
        TypeError: ``error`` is no number, or ``window`` no integer.
        ValueError: ``error`` is not from 0 to 1, or ``window`` is below 1.

    >>> from lecture_lib.models import mlp
    >>> run = Run("small", mlp([4, 8, 4]).init(0), (np.eye(4), np.arange(4)), epochs=60, batch_size=2, lr=0.05)
    >>> all_steps = list(run)
    >>> epochs_to(run, 0.25, window=4) < 60, epochs_to(run, 0.25, window=200)
    (True, inf)
    """
    error = check_number("error", error, "from 0 to 1", lambda error: 0 <= error <= 1)
    low = np.flatnonzero(run.error_curve(window)[window - 1 :] <= error)
    return float((low[0] + window) / run.steps_per_epoch) if len(low) else math.inf
