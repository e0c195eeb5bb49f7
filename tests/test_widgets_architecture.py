"""The explorers of architectures without a browser: what Python computes when a control moves."""

import numpy as np
import pytest

from lecture_lib import models, widgets
from lecture_lib.models import alexnet, summary
from lecture_lib.shapes import ShapeError
from lecture_lib.widgets.architecture import MODELS, MOST_LAYERS, OWN_NETWORK, STARTS

NAMES = list(MODELS)


@pytest.fixture(scope="module")
def sheets():
    """What the explorer draws of each network, by its name."""
    return {sheet["name"]: sheet for sheet in widgets.architecture().view.networks}


def row(sheet, name):
    return next(each for each in sheet["rows"] if each["cells"][0] == name)


# The explorer


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
    view = widgets.architecture(models.inception(192, 64, 96, 128, 16, 32, 32), (192, 28, 28)).view
    assert view.networks[0]["name"] == OWN_NETWORK
    assert view.level == 0
    assert len(view.networks) == len(NAMES) + 1


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [(("VGG",), ValueError, "model='VGG': must be one of LeNet-5, 1998"), (("LeNet-5, modern", (1, 28, 28)), TypeError, "has its own"),
     ((3,), TypeError, "model is a int"), ((alexnet(),), TypeError, "input_shape is missing"),
     ((alexnet(), (3, 20, 20)), ShapeError, "layer pool2: kernel_size=3")],
)  # fmt: skip
def test_wrong_arguments_of_the_explorer_are_named(arguments, error, words):
    with pytest.raises(error, match=words):
        widgets.architecture(*arguments)


# The editor


@pytest.fixture
def editor():
    """An editor that starts from LeNet-5."""
    return widgets.layer_editor()


def shown(editor):
    """The texts of the table's rows."""
    return [row["cells"] for row in editor.view.networks[0]["rows"]]


def test_the_editor_starts_from_lenet(editor):
    assert summary(editor.model, editor.input_shape).total_parameters == 61_706
    assert editor.view.problem == ""
    assert editor.kind.value == "conv"
    assert {name: field.value for name, field in editor.fields.items()} == {
        "filters": 6, "kernel_size": 5, "stride": 1, "padding": 2, "groups": 1,
    }  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_possible(start):
    editor = widgets.layer_editor(start)
    assert editor.view.problem == ""
    assert editor.model.output_shape(editor.input_shape) in ((10,), (1000,))


@pytest.mark.parametrize(
    ("field", "value", "output", "parameters"),
    [("filters", 8, "8×28×28", "208"), ("kernel_size", 3, "6×30×30", "60"), ("stride", 2, "6×14×14", "156"),
     ("padding", 0, "6×24×24", "156")],
)  # fmt: skip
def test_every_number_changes_the_table_at_once(editor, field, value, output, parameters):
    editor.fields[field].value = value
    assert shown(editor)[1][2:4] == [output, parameters]
    assert getattr(editor.items[0], field) == value


def test_a_layer_without_a_number_does_not_show_its_field(editor):
    editor.view.row = 3  # max pool
    visible = [name for name, field in editor.fields.items() if field.layout.visibility == "visible"]
    assert visible == ["kernel_size", "stride", "padding"]
    editor.view.row = 2
    assert all(field.layout.visibility == "hidden" for field in editor.fields.values())


def test_choosing_a_layer_changes_nothing(editor):
    before = list(editor.items)
    for at in range(len(before) + 1):
        editor.view.row = at
    assert editor.items == before


def test_the_first_row_is_the_input(editor):
    editor.view.row = 0
    assert [editor.fields[name].description for name in ("filters", "kernel_size")] == ["C", "N"]
    editor.fields["kernel_size"].value, editor.fields["filters"].value = 32, 3
    assert editor.input_shape == (3, 32, 32)
    assert shown(editor)[1][2:4] == ["6×32×32", "456"]
    editor.view.row = 1
    assert editor.fields["filters"].description == "K"


def test_layers_are_added_removed_and_moved(editor):
    editor.new.value = "average pool"
    editor.add.click()
    assert [item.kind for item in editor.items[:3]] == ["conv", "average pool", "ReLU"]
    assert editor.view.row == 2
    editor.down.click()
    assert [item.kind for item in editor.items[:3]] == ["conv", "ReLU", "average pool"]
    editor.up.click()
    editor.up.click()
    assert [item.kind for item in editor.items[:2]] == ["average pool", "conv"]
    assert editor.up.disabled
    editor.up.click()
    editor.remove.click()
    assert [item.kind for item in editor.items[:2]] == ["conv", "ReLU"]
    assert summary(editor.model, (1, 28, 28)).total_parameters == 61_706


def test_another_kind_comes_with_numbers_that_suit_it(editor):
    editor.view.row = 3
    editor.kind.value = "conv"
    assert editor.items[2].settings() == {"filters": 16, "kernel_size": 3, "stride": 1, "padding": 1, "groups": 1}
    assert editor.fields["filters"].value == 16


def test_an_impossible_list_keeps_what_holds_and_says_why(editor):
    editor.view.row = 4
    editor.fields["kernel_size"].value = 15
    assert editor.view.problem.startswith("Layer 4, conv2, F: kernel_size=15: the window spans 15 pixels")
    sheet = editor.view.networks[0]
    assert [row["state"] for row in sheet["rows"]] == [""] * 4 + ["bad"] + ["after"] * 8
    assert [volume["name"] for volume in sheet["volumes"]] == ["input", "conv1", "pool1"]
    assert sheet["total"][0] == "so far" and sheet["total"][3] == "156"
    with pytest.raises(ShapeError, match="conv2"):
        _ = editor.model
    editor.fields["kernel_size"].value = 5
    assert editor.view.problem == ""
    assert editor.model.output_shape((1, 28, 28)) == (10,)


def test_a_list_can_be_emptied_and_filled_again(editor):
    while editor.items:
        editor.remove.click()
    assert editor.view.problem == "The list is empty: add a layer"
    assert len(shown(editor)) == 1
    editor.remove.click()
    assert editor.view.problem.startswith("The input stays")
    editor.add.click()
    assert editor.model.output_shape((1, 28, 28)) == (16, 28, 28)
    editor.reset.click()
    assert summary(editor.model, (1, 28, 28)).total_parameters == 61_706


def test_a_list_has_its_longest(editor):
    for _ in range(60):
        editor.add.click()
    assert len(editor.items) == MOST_LAYERS
    assert "at most 40" in editor.view.problem


def test_huge_and_zero_numbers_are_no_traceback(editor):
    for name, field in editor.fields.items():
        for value in (0, -7, 10**12):
            editor.fields[name].value = value
            assert editor.view.problem or editor.model
            assert field.value in (0, field.max)
    editor.view.row = 0
    for value in (0, 1000):
        editor.fields["filters"].value = editor.fields["kernel_size"].value = value
    assert len(editor.view.networks) == 1


def test_another_start_is_taken_whole(editor):
    editor.view.row = 9
    editor.start.value = "AlexNet, two towers"
    assert editor.input_shape == (3, 227, 227)
    assert editor.view.row == 1
    assert summary(editor.model, (3, 227, 227)).total_parameters == 60_965_224


def test_the_text_is_the_list_as_python(editor):
    editor.fields["filters"].value = 7
    assert editor.text.value == editor.code
    assert '"conv1": layers.Conv2d(1, 7, 5, padding=2),' in editor.code
    editor.show_code.value = True
    assert editor.text.layout.display == "flex"


def test_a_start_that_is_unknown_is_refused():
    with pytest.raises(ValueError, match="start='VGG': must be one of LeNet-5, AlexNet, two towers, VGG-like"):
        widgets.layer_editor("VGG")
