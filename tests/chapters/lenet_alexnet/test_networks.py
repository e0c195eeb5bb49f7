"""Networks as volumes and tables: what Python computes, against the library and published numbers."""

import re

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
            {"columns": drawn["columns"], "total": drawn["total"], "because": why, "words": said}
            for drawn, why, said in zip(sheet["against"], because[at][1:], against[at][1:], strict=True)
        ]}
        for at, sheet in enumerate(explorer.panels[0]["networks"])
    ]  # fmt: skip


def place(sheet, name):
    """Which of the columns is a layer's."""
    row = [each["name"] for each in sheet["rows"]].index(name)
    return next(at for at, each in enumerate(sheet["volumes"]) if row in each["rows"])


def numbers(text):
    """The whole numbers of a text, commas or not."""
    return [int(each.replace(",", "")) for each in re.findall(r"\d[\d,]*", text)]


def test_the_totals_are_the_published_ones(sheets):
    totals = {name: numbers(sheet["total"])[:2] for name, sheet in sheets.items()}
    assert totals["LeNet-5, 1998"][0] == 60_000
    assert totals["LeNet-5, modern"][0] == 61_706
    assert totals["AlexNet, two towers"] == [60_965_224, 724_406_816]
    assert totals["AlexNet, one tower"] == [62_378_344, 1_135_256_096]
    assert totals["AlexNet, torchvision"][0] == 61_100_840


@pytest.mark.parametrize("name", NAMES)
def test_each_column_adds_up_the_librarys_table_of_its_layers(sheets, name):
    make, shape = MODELS[name]
    table = [None, *summary(make(), shape).rows]
    assert [each["name"] for each in sheets[name]["rows"]] == ["input", *(row.layer for row in table[1:])]
    for volume in sheets[name]["volumes"][1:]:
        rows = [table[at] for at in volume["rows"]]
        for text, what in zip(volume["numbers"], ("parameters", "multiply_adds", "activation_bytes"), strict=False):
            assert text == f"{sum(getattr(row, what) for row in rows):,}"
        assert volume["numbers"][3] == "×".join(map(str, rows[-1].receptive_field))
        assert np.prod(numbers(volume["size"])) == np.prod(rows[-1].output_shape)
    assert len(sheets[name]["words"]) == len(sheets[name]["rows"])


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_has_a_column_and_columns_add_up_to_the_total(sheets, name):
    sheet = sheets[name]
    assert sorted(at for each in sheet["volumes"] for at in each["rows"]) == list(range(len(sheet["rows"])))
    for at, total in enumerate(numbers(sheet["total"])):
        assert sum(numbers(each["numbers"][at])[0] for each in sheet["volumes"][1:]) == total


@pytest.mark.parametrize("name", NAMES)
def test_shares_add_up_to_one(sheets, name):
    assert np.allclose(np.sum([each["shares"] for each in sheets[name]["volumes"]], axis=0), 1)


@pytest.mark.parametrize("name", NAMES)
def test_each_volume_leads_to_the_layer_that_makes_it(sheets, name):
    for at, volume in enumerate(sheets[name]["volumes"]):
        assert volume["row"] == volume["rows"][0] and place(sheets[name], volume["name"]) == at


def test_only_conv3_mixes_the_towers_and_fc6_joins_them(sheets):
    volumes = sheets["AlexNet, two towers"]["volumes"]
    assert [each["name"] for each in volumes if each["parts"] == 2 and not each["apart"]] == ["conv1", "conv3"]
    assert all(each["parts"] == 1 for each in sheets["AlexNet, one tower"]["volumes"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("other", NAMES)
def test_a_comparison_says_the_difference_of_the_totals(sheets, name, other):
    against = sheets[name]["against"][NAMES.index(other)]
    mine, its = (numbers(sheets[each]["total"])[0] for each in (name, other))
    assert against["total"][0] == (f" ({mine - its:+,})".replace("-", "−") if mine != its else "")
    if name != other:
        assert f"{mine:,} against {its:,}" in against["words"][0]
    assert len(against["columns"]) == len(sheets[name]["volumes"])
    assert len(against["because"]) == len(sheets[name]["rows"])


def test_one_tower_says_where_its_parameters_come_from(sheets):
    against = sheets["AlexNet, one tower"]["against"][NAMES.index("AlexNet, two towers")]
    assert "1,413,120 more parameters than AlexNet, two towers" in against["words"][0]
    assert against["words"][0].endswith(": conv2 +307,200, conv4 +663,552, conv5 +442,368.")
    at = [each["name"] for each in sheets["AlexNet, one tower"]["rows"]].index("conv4")
    assert against["columns"][place(sheets["AlexNet, one tower"], "conv4")] == ["+663,552", "+112,140,288", ""]
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
    assert not any(any(texts) for texts in against["columns"])


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
