"""A second network beside the one that is walked: what it says, and where the two part."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.beside import networks_beside, where_they_part
from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input
from lecture_lib.layers import AvgPool2d
from lecture_lib.probes import chances, responses
from tests.chapters.lenet_alexnet.walk.test_network_walk import DRAWN, pad, points, said

NET = models.trained_lenet5()[0]


def averaged():
    net = models.trained_lenet5()[0]
    for name in ("S2", "S4"):
        net.layers[name] = AvgPool2d(2)
    return net


@pytest.mark.parametrize(("at", "make"), [(1, lambda: models.lenet5().init(0)), (2, averaged)])
def test_the_network_beside_says_what_numpy_says(at, make):
    explorer = pad(DRAWN[4])
    assert not explorer.array("values2").size
    explorer.state = {"beside": at}
    net, x = make(), digits_as_input(explorer.array("seen"))
    answers, told = responses(net, x), explorer.array("values2")
    for stage, column in zip(stages(net), explorer.panels[0]["others"][at - 1][1:], strict=True):
        assert np.array_equal(told[column["offset"] :][: column["size"]], answers[stage.name].ravel())
    assert explorer.array("classes2") == pytest.approx(chances(answers["output"])[0], abs=1e-7)
    assert explorer.panels[0]["others"][at - 1][1]["limit"] == explorer.panels[0]["stages"][1]["limit"]


def test_with_average_pooling_c1_is_the_same_and_from_s2_on_nothing_is():
    explorer = pad(DRAWN[4])
    explorer.state = {"beside": 2}
    assert "C1 is the same in both; they part at S2." in said(explorer)
    explorer.state = {"beside": 1}
    assert "They part at the first layer, C1." in said(explorer)
    explorer.state = {"strokes": points(DRAWN[1]), "beside": 0}
    assert "part at" not in said(explorer)


def test_a_network_of_ones_own_stands_beside_and_one_with_the_same_weights_says_the_same():
    explorer = network_walk(
        beside={"mine": models.trained_lenet5()[0], "flat": models.mlp([784, 12, 10]).init(1)}, digits=2
    )
    explorer.state = {"beside": 3}
    assert explorer.value("beside") == "mine" and "They say the same at every layer." in said(explorer)
    explorer.state = {"changes": [{"layer": "F6", "what": "silence", "map": 0}]}
    if "same at every layer" not in said(explorer):  # unit 0 says something to this digit
        assert "C1 to F5 are the same in both; they part at F6." in said(explorer)
    explorer.state = {"beside": 4, "changes": []}
    assert "They part at the first layer, C1." in said(explorer)


def test_where_networks_part_is_the_first_layer_that_says_something_else():
    found, x = stages(NET), digits_as_input(np.eye(28, dtype=np.uint8)[None] * 255)
    ours = responses(NET, x)
    for at, stage in enumerate(found):
        theirs = {name: values.copy() for name, values in ours.items()}
        theirs[stage.after] += 1
        assert where_they_part(found, ours, found, theirs).endswith(
            f"part at {'the first layer, ' * (at == 0)}{stage.name}."
        )


@pytest.mark.parametrize(
    ("beside", "error", "words"),
    [
        (3, TypeError, "beside is a int: must be a mapping"), ({"": NET}, ValueError, "name '': must be 1 to 24"),
        ({"untrained": NET}, ValueError, "none of untrained, average pooling"), ({"x": 3}, TypeError, "must be a Sequential"),
        ({"x": models.mlp([784, 7])}, ValueError, "must give one number for each of 10 classes"),
    ],
)  # fmt: skip
def test_what_cannot_stand_beside_is_refused(beside, error, words):
    with pytest.raises(error, match=words):
        network_walk(beside=beside)


def test_a_network_without_pooling_has_no_average_beside_it():
    assert list(networks_beside(models.mlp([784, 10]).init(0), {})) == ["untrained"]
