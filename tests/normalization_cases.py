"""What the tests of normalization share."""

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.ops import (
    BatchStatistics,
    local_response_norm,
    local_response_norm_backward,
)

NAN, INF = np.nan, np.inf
KRIZHEVSKY = {"size": 5, "alpha": 5e-4, "beta": 0.75, "k": 2.0}  # alpha = 1e-4 without the division by n = 5
STRONG = {"alpha": 2.0, "beta": 0.6, "k": 0.7}  # the default settings do too little to see
BAD_NUMBERS = ["0.5", "text", None, 1j, [0.1], np.ones(2), True]
rng = np.random.default_rng(0)
seeds = st.integers(0, 2**32)


RESPONSE = pytest.mark.parametrize(
    "call", [local_response_norm, lambda x, **how: local_response_norm_backward(np.ones((1, 3, 2, 2)), x, **how)],
    ids=["forward", "backward"],
)  # fmt: skip


# Batch normalisation

SHAPES = pytest.mark.parametrize("shape", [(6, 3), (4, 3, 2, 5), (2, 1), (1, 2, 3, 3)])


def channel_axes(x):
    """All axes but that of the channels."""
    return (0, *range(2, x.ndim))


NORM = {
    "x": np.ones((4, 3)),
    "weight": np.ones(3),
    "bias": np.ones(3),
    "statistics": BatchStatistics(np.ones(3), np.ones(3), 4),
}
