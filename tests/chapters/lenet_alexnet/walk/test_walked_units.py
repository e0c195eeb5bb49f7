"""The numbers that a walk through a network has to open a unit down to its products: all values, all weights, as they are."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import Activation, AvgPool2d, Conv2d, Flatten, Linear
from lecture_lib.models import Sequential
from lecture_lib.probes import responses
from lecture_lib.shapes import ShapeError
from tests.chapters.lenet_alexnet.walk.test_network_walk import DRAWN, pad, page_says

NET = models.trained_lenet5()[0]
STAGES = stages(NET)


def told(explorer, layer):
    """What the browser gets of a layer before its activation."""
    column = explorer.panels[0]["stages"][layer]
    return explorer.array("values")[column["offset"] :][: column["size"]]


def test_the_browser_gets_every_layers_numbers_as_numpy_has_them():
    explorer = pad(DRAWN[6])
    x = digits_as_input(explorer.array("seen")[0][None])
    answers = responses(NET, x)
    assert np.array_equal(told(explorer, 0), x.ravel())
    for at, stage in enumerate(STAGES, 1):
        assert np.array_equal(told(explorer, at), answers[stage.name].ravel())
        assert explorer.panels[0]["stages"][at]["label"] == stage.name


def test_an_activation_that_the_browser_does_not_know_is_told_as_well():
    net = Sequential({
        "conv": Conv2d(1, 3, 5, stride=2), "tanh": Activation("tanh"), "pool": AvgPool2d(2), "flat": Flatten(),
        "fc": Linear(108, 9), "relu": Activation("relu"), "out": Linear(9, 10),
    }).init(0)  # fmt: skip
    explorer = network_walk(net, digits=1)
    answers = responses(net, digits_as_input(explorer.array("seen")))
    columns = explorer.panels[0]["stages"]
    shown = explorer.array("values")[columns[1]["shown"] :][: columns[1]["size"]]
    assert np.array_equal(shown, answers["tanh"].ravel())
    assert ["shown" in column for column in columns] == [False, True, False, False, False]


def test_the_weights_in_the_browser_are_those_of_the_network_to_the_last_bit():
    explorer = pad(DRAWN[1])
    layers = [layer for layer in (NET[stage.name] for stage in STAGES) if isinstance(layer, Conv2d | Linear)]
    for name, own in (("weights", "weight"), ("biases", "bias")):
        for packed, layer in zip(explorer.array(name), layers, strict=True):
            assert packed.dtype == np.float32 and np.array_equal(packed, layer.value(own))


def test_scales_are_wide_enough_for_all_but_a_thousandth_of_the_values():
    explorer = network_walk(digits=50)
    answers = responses(NET, digits_as_input(explorer.array("digits")))
    for stage, column in zip(STAGES, explorer.panels[0]["stages"][1:], strict=True):
        assert column["limit"][1] == -column["limit"][0] > 0
        beyond = np.abs(answers[stage.after]) > column["limit"][1]
        assert beyond.sum() <= np.ceil(beyond.size / 1000)


@pytest.mark.parametrize("unit", [[7, 500], [6, 84], [1, 10**30], [0, 784]])
def test_a_place_beyond_the_units_changes_nothing_of_the_answer(unit):
    explorer = pad(DRAWN[1])
    before = explorer.array("classes")
    page_says(explorer, layer=unit[0], unit=unit[1])
    assert np.array_equal(explorer.array("classes"), before) and explorer._repr_mimebundle_()[0]["image/png"]


@pytest.mark.parametrize("unit", [{"layer": 99}, {"layer": -1}, {"unit": -1}])
def test_a_place_that_cannot_be_is_refused(unit):
    with pytest.raises(ShapeError, match=f"{next(iter(unit))}=.*: must be a place"):
        pad(DRAWN[1]).state = unit


def test_the_walk_begins_where_there_is_much_to_see():
    explorer = network_walk(digits=2)
    assert explorer.value("layer") == 3 and told(explorer, 3)[explorer.state["unit"]] == told(explorer, 3).max() > 0
