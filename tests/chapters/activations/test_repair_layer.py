"""What the exercise repair_layer says of twenty layers."""

import numpy as np
import pytest

from lecture_lib.chapters.activations.exercises import repair_layer


@pytest.mark.parametrize("scale", [0.01, 0.3, 1.0])
def test_twenty_repaired_layers_keep_the_size_that_broken_ones_lose(scale):
    rng = np.random.default_rng(0)
    repaired = broken = x = rng.normal(size=(100, 64))
    for _ in range(20):
        weight = scale * rng.normal(size=(64, 64))
        broken = np.maximum(broken @ weight.T, 0)
        repaired = np.maximum(repaired @ repair_layer(repaired, weight).T, 0)
    assert np.mean(repaired**2) == pytest.approx(np.mean(x**2))
    assert not 1e-6 < np.mean(broken**2) / np.mean(x**2) < 1e6
