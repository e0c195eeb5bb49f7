"""What the tests of linear share."""

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.ops import check_labels, softmax_cross_entropy

NAN, INF = np.nan, np.inf
rng = np.random.default_rng(0)
sides = st.integers(1, 6)
scores = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=6)


def whole(*shape):
    """Small whole numbers: sums of their products are exact."""
    return rng.integers(-9, 10, shape).astype(float)


@st.composite
def layers(draw):
    """x, weight and bias of a fully connected layer, whole numbers."""
    n, d, m = draw(sides), draw(sides), draw(sides)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return tuple(numbers.integers(-9, 10, shape).astype(float) for shape in ((n, d), (m, d), (m,)))


LAYER = {"x": np.ones((2, 3)), "weight": np.ones((4, 3)), "bias": np.ones(4)}


@st.composite
def batches(draw, scale=3):
    """Scores and labels."""
    n, classes = draw(sides), draw(sides)
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return numbers.normal(scale=scale, size=(n, classes)), numbers.integers(0, classes, n)


LABELS = pytest.mark.parametrize(
    "check",
    [lambda labels: softmax_cross_entropy(np.zeros((2, 3)), labels), lambda labels: check_labels(labels, 2, 3)],
    ids=["softmax_cross_entropy", "check_labels"],
)
