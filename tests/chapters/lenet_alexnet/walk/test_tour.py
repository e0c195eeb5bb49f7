"""What the tour of the network walk says of its layers is so."""

import re

import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.layers import AvgPool2d, Conv2d, Flatten, Linear
from lecture_lib.models import Sequential
from lecture_lib.shapes import Window, receptive_fields

AVERAGE = Sequential({"a": Conv2d(1, 4, 5), "mean": AvgPool2d(2, 3), "flat": Flatten(), "out": Linear(256, 10)}).init(0)
NETS = {"LeNet-5": models.lenet5().init(0), "average": AVERAGE, "MLP": models.mlp([784, 12, 10]).init(0), "one layer": Sequential({"flat": Flatten(), "out": Linear(784, 10)}).init(0)}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_every_network_of_a_walk_has_a_tour_of_at_most_12_steps_whose_lights_are_there(name):
    explorer = network_walk(NETS[name], digits=2)
    assert len(explorer.tour) == {"LeNet-5": 12, "average": 11, "MLP": 10, "one layer": 8}[name]
    names = [stage.name for stage in stages(NETS[name])]
    for step in explorer.tour:
        if found := re.match(r"Choose a unit of (\w+):", step["words"]):
            assert step["light"] == [["walk", found[1]]] and step["until"] == {"layer": names.index(found[1]) + 1}


def test_what_it_says_a_unit_sees_and_is_made_of_is_what_the_layers_are():
    said = [step["seen"] for step in network_walk(NETS["LeNet-5"], digits=2).tour[1:4]]
    fields = [field.size for field in receptive_fields([Window(5, 1, 2), Window(2, 2), Window(5)])]
    assert [int(re.search(r"sees (\d+) by \1 pixels", each)[1]) for each in said] == fields == [5, 6, 14]
    assert (
        "the largest of 2×2 numbers" in said[1]
        and "Its window in the input" in said[0]
        and "Its window in S2" in said[2]
    )
    said = [step["seen"] for step in network_walk(AVERAGE, digits=2).tour[1:3]]
    assert "the mean of 2×2 numbers, and has no weights. It sees 6 by 6 pixels." in said[1]
