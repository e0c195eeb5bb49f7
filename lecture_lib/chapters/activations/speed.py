"""How long functions take beside one another."""

import math
import time
from collections.abc import Callable, Mapping

import numpy as np

from ...arguments import one_of, shown
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
