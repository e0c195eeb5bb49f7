"""What the page multiplies and where it walks is what NumPy finds: the products of units, and the path of the strongest."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import Activation, AvgPool2d, Conv2d, Flatten, Linear
from lecture_lib.models import Sequential
from lecture_lib.probes import responses
from tests.chapters.lenet_alexnet.walk.contributions import contributions, read_answers, strongest_path

AVERAGE = Sequential({
    "a": Conv2d(1, 4, 5, stride=2, padding=1), "relu": Activation("relu"), "mean": AvgPool2d(3, 2, padding=1),
    "b": Conv2d(4, 6, 3, groups=2), "relu2": Activation("relu"), "flat": Flatten(), "out": Linear(6 * 5 * 5, 10),
}).init(3)  # fmt: skip
NETS = {"LeNet-5": models.trained_lenet5()[0], "averages, strides, groups": AVERAGE}


def opened(name, digit):
    """The explorer with a test digit, the network's stages and their answers to it."""
    explorer, net = network_walk(NETS[name], digits=4), NETS[name]
    explorer.state = {"digit": digit, "path": 1}
    pixels = digits_as_input(explorer.array("seen"))
    found = stages(net)
    return explorer, found, read_answers(found, pixels, responses(net, pixels))


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("digit", range(4))
def test_the_path_that_is_drawn_is_the_one_that_numpy_finds(shown, name, digit):
    explorer, found, answers = opened(name, digit)
    path = [
        [
            step.layer + 1,
            int(np.ravel_multi_index(step.unit, found[step.layer].shape if step.layer >= 0 else (1, 28, 28))),
        ]
        for step in strongest_path(found, answers)
    ]
    page = shown(explorer)
    assert page.evaluate("explorers[0].drawn[0].way.map(([level, unit]) => [level, unit])") == path


@pytest.mark.parametrize("name", NETS)
def test_the_products_that_are_shown_are_those_that_numpy_finds(shown, name):
    explorer, found, answers = opened(name, 1)
    page, rng = shown(explorer), np.random.default_rng(0)
    for layer, stage in enumerate(found):
        for flat in rng.integers(np.prod(stage.shape), size=8):
            one = contributions(found, answers, layer, tuple(np.unravel_index(flat, stage.shape)))
            products = page.evaluate(
                """([layer, unit]) => { explorers[0].choose({ layer, unit }, true);
                    return explorers[0].drawn[0].found.terms.map(({ product }) => product); }""",
                [layer + 1, int(flat)],
            )
            theirs = np.sort([each for each in products if each])
            ours = np.sort(one.products[one.products != 0])
            assert theirs == pytest.approx(ours, abs=1e-6), (stage.name, flat)
