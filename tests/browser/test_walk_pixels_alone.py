"""What each pixel gives to the chosen unit of a walk, on a page without Python: NumPy finds the same by moving each pixel a little."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import Activation, Conv2d, Flatten, Linear
from lecture_lib.models import Sequential, trained_lenet5
from lecture_lib.probes import responses

NET = trained_lenet5()[0]
STAGES = stages(NET)
STEP = 1e-4
GIVEN = """([layer, units]) => units.map((unit) => {
    explorers[0].choose({ layer, unit });
    const { pixels } = explorers[0].drawn[0];
    return pixels ? [...pixels] : null; })"""


def sums_of(x, layer, units):
    """The units' sums for pixels (N, 1, 28, 28), (units, N), in float64."""
    return responses(NET, x)[layer].reshape(len(x), -1)[:, units].T


@pytest.mark.parametrize("level", range(1, len(STAGES) + 1), ids=[stage.name for stage in STAGES])
def test_what_pixels_give_to_a_unit_is_their_value_times_how_the_unit_follows_them(shown, level):
    explorer, layer = network_walk(NET, digits=3), STAGES[level - 1].name
    x = digits_as_input(explorer.array("seen")).astype(float)
    every = sums_of(x, layer, slice(None))
    units = [0, len(every) // 3, int(every.argmax())]
    found = np.array(shown(explorer, alone=True).evaluate(GIVEN, [level, units]))
    here, each = sums_of(x, layer, units), STEP * np.eye(784).reshape(784, 1, 28, 28)
    up, down = (sums_of(x + each, layer, units) - here) / STEP, (here - sums_of(x - each, layer, units)) / STEP
    smooth = np.abs(up - down) < 1e-6  # else two values that are pooled are equal: on black ground
    assert np.abs(found - up * x.reshape(1, 784))[smooth].max() < 1e-4
    assert smooth.mean() > 0.2 and np.abs(found[smooth]).max() > 0.01
    # All pixels together: equal ones stay equal where all grow by the same part.
    grown = (sums_of(x * (1 + STEP), layer, units) - here)[:, 0] / STEP
    assert np.allclose(found.sum(axis=1), grown, atol=1e-3)


def test_behind_another_activation_than_relu_no_pixel_is_lit(shown):
    net = Sequential({
        "c": Conv2d(1, 2, 5), "tanh": Activation("tanh"), "flatten": Flatten(), "out": Linear(2 * 24 * 24, 10)
    }).init(0)  # fmt: skip
    page = shown(network_walk(net, digits=3), alone=True)
    assert page.evaluate(GIVEN, [2, [0]]) == [None]
    assert page.evaluate(GIVEN, [1, [300]])[0] is not None  # its sum stands before the activation
