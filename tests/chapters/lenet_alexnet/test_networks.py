"""Networks as volumes and tables: what Python computes, against the library and published numbers."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.blocks import inception
from lecture_lib.chapters.lenet_alexnet.networks import MODELS, OWN_NETWORK, networks
from lecture_lib.models import alexnet, summary
from lecture_lib.shapes import ShapeError

NAMES = list(MODELS)


@pytest.fixture(scope="module")
def sheets():
    """What the explorer draws of each network, by its name."""
    return dict(zip(NAMES, sheets_of(networks()), strict=True))


def sheets_of(explorer):
    """What the panel draws of each network, with its words, and what sets it apart from each."""
    _, words, because, against = (each["text"] for each in explorer.sentence)
    return [
        sheet | {"words": words[at], "against": [
            {"cells": drawn["cells"], "total": drawn["total"], "because": why, "words": said}
            for drawn, why, said in zip(sheet["against"], because[at][1:], against[at][1:], strict=True)
        ]}
        for at, sheet in enumerate(explorer.panels[0]["networks"])
    ]  # fmt: skip


def row(sheet, name):
    return next(each for each in sheet["rows"] if each["cells"][0] == name)


def test_the_totals_are_the_published_ones(sheets):
    totals = {name: sheet["total"][3:5] for name, sheet in sheets.items()}
    assert totals["LeNet-5, 1998"][0] == "60,000"
    assert totals["LeNet-5, modern"][0] == "61,706"
    assert totals["AlexNet, two towers"] == ["60,965,224", "724,406,816"]
    assert totals["AlexNet, one tower"] == ["62,378,344", "1,135,256,096"]
    assert totals["AlexNet, torchvision"][0] == "61,100,840"


@pytest.mark.parametrize("name", NAMES)
def test_the_table_is_the_librarys(sheets, name):
    make, shape = MODELS[name]
    table = summary(make(), shape)
    for drawn, its in zip(sheets[name]["rows"][1:], table.rows, strict=True):
        assert drawn["cells"][0] == its.layer
        assert drawn["cells"][3:5] == [f"{its.parameters:,}", f"{its.multiply_adds:,}"]
        assert drawn["cells"][5] == f"{its.activation_bytes:,} B"
        assert drawn["cells"][6] == "×".join(map(str, its.receptive_field))
    assert len(sheets[name]["words"]) == len(sheets[name]["rows"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["rows", "volumes"])
def test_shares_add_up_to_one(sheets, name, part):
    assert np.allclose(np.sum([each["shares"] for each in sheets[name][part]], axis=0), 1)


@pytest.mark.parametrize("name", NAMES)
def test_each_volume_leads_to_the_layer_that_makes_it(sheets, name):
    for at, volume in enumerate(sheets[name]["volumes"]):
        assert sheets[name]["rows"][volume["row"]]["volume"] == at
        assert sheets[name]["rows"][volume["row"]]["cells"][0] == volume["name"]


def test_only_conv3_mixes_the_towers_and_fc6_joins_them(sheets):
    volumes = sheets["AlexNet, two towers"]["volumes"]
    assert [each["name"] for each in volumes if each["parts"] == 2 and not each["apart"]] == ["conv1", "conv3"]
    assert all(each["parts"] == 1 for each in sheets["AlexNet, one tower"]["volumes"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_comparison_says_the_difference_of_the_totals(sheets, name, other):
    against = sheets[name]["against"][NAMES.index(other)]
    mine, its = (int(sheets[each]["total"][3].replace(",", "")) for each in (name, other))
    assert against["total"][0] == (f"{mine - its:+,}".replace("-", "−") if mine != its else "")
    if name != other:
        assert f"{mine:,} against {its:,}" in against["words"][0]
    assert len(against["cells"]) == len(against["because"]) == len(sheets[name]["rows"])


def test_one_tower_says_where_its_parameters_come_from(sheets):
    against = sheets["AlexNet, one tower"]["against"][NAMES.index("AlexNet, two towers")]
    assert "1,413,120 more parameters than AlexNet, two towers" in against["words"][0]
    assert against["words"][0].endswith(": conv2 +307,200, conv4 +663,552, conv5 +442,368.")
    at = [each["cells"][0] for each in sheets["AlexNet, one tower"]["rows"]].index("conv4")
    assert against["cells"][at] == ["+663,552", "+112,140,288", ""]
    assert "maps a filter sees: 384, not 192" in against["because"][at]


def test_torchvision_and_the_paper_come_from_other_inputs_to_the_same_maps(sheets):
    against = sheets["AlexNet, torchvision"]["against"][NAMES.index("AlexNet, two towers")]
    for at in (0, 1):
        assert (
            "the same maps come out: ⌊(224 − 11 + 2·2)/4⌋ + 1 = 55 here, (227 − 11 + 2·0)/4 + 1 = 55 there"
            in against["because"][at]
        )


def test_networks_of_another_plan_are_compared_in_all_only(sheets):
    against = sheets["LeNet-5, modern"]["against"][NAMES.index("AlexNet, one tower")]
    assert "too different" in against["words"][1]
    assert not any(any(cells) for cells in against["cells"])


def test_a_network_of_ones_own_comes_first():
    explorer = networks(inception(192, 64, 96, 128, 16, 32, 32), (192, 28, 28))
    assert explorer.panels[0]["networks"][0]["name"] == OWN_NETWORK == explorer.value("network")
    assert len(explorer.panels[0]["networks"]) == len(NAMES) + 1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [(("VGG",), ValueError, "model='VGG': must be one of LeNet-5, 1998"), (("LeNet-5, modern", (1, 28, 28)), TypeError, "has its own"),
     ((3,), TypeError, "model is a int"), ((alexnet(),), TypeError, "input_shape is missing"),
     ((alexnet(), (3, 20, 20)), ShapeError, "layer pool2: kernel_size=3")],
)  # fmt: skip
def test_wrong_arguments_of_the_explorer_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        networks(*arguments)
