"""A list of layers that a student edits: what Python answers when a control moves."""

import json

import pytest

from lecture_lib.chapters.lenet_alexnet.architecture import KINDS
from lecture_lib.chapters.lenet_alexnet.layer_editor import FIELDS, MOST_LAYERS, STARTS, layer_editor
from lecture_lib.explore import Choice, Code, Number, Press
from lecture_lib.models import summary
from lecture_lib.shapes import ShapeError


def page_says(explorer, **state):
    """What the browser does when a hand has moved."""
    explorer.set_state({"_state": explorer.state | state, "told": explorer.told + 1})


def in_use(editor, *kinds):
    """Labels of the controls that are of use only now and then, and are so now."""
    return {
        each.label for each in editor.parts["controls"]
        if isinstance(each, kinds or (Choice, Number)) and each.when
        and all(editor.state[name] in values for name, values in each.when.items())
    }  # fmt: skip


@pytest.fixture
def editor():
    """An editor that starts from LeNet-5."""
    return layer_editor()


def shown(editor):
    """The names of the rows."""
    return [row["name"] for row in editor.panels[0]["networks"][0]["rows"]]


def volume_of(editor, name):
    """The column of a layer's volume."""
    sheet = editor.panels[0]["networks"][0]
    return next(each for each in sheet["volumes"] if name in [sheet["rows"][at]["name"] for at in each["rows"]])


def test_the_editor_starts_from_lenet(editor):
    assert summary(editor.model, editor.input_shape).total_parameters == 61_706
    assert editor.problem == ""
    assert editor.value("kind") == "conv"
    assert {name: editor.state[name] for name in FIELDS} == {
        "filters": 6, "kernel_size": 5, "stride": 1, "padding": 2, "groups": 1,
    }  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_possible(start):
    editor = layer_editor(start)
    assert editor.problem == ""
    assert editor.model.output_shape(editor.input_shape) in ((10,), (1000,))


@pytest.mark.parametrize(
    ("field", "value", "output", "parameters"),
    [("filters", 8, "8×28×28", "208"), ("kernel_size", 3, "6×30×30", "60"), ("stride", 2, "6×14×14", "156"),
     ("padding", 0, "6×24×24", "156")],
)  # fmt: skip
def test_every_number_changes_the_table_at_once(editor, field, value, output, parameters):
    editor.state = {field: value}
    volume = volume_of(editor, "conv1")
    assert [volume["size"], volume["numbers"][0]] == [output, parameters]
    assert getattr(editor.items[0], field) == value


def test_a_layer_without_a_number_does_not_show_its_field(editor):
    editor.state = {"row": 3}  # max pool
    assert in_use(editor) == {"F", "S", "P", "Layer"}
    editor.state = {"row": 2}
    assert in_use(editor) == {"Layer"}


def test_choosing_a_layer_changes_nothing(editor):
    before = list(editor.items)
    for at in range(len(before) + 1):
        editor.state = {"row": at}
    assert editor.items == before


def test_the_first_row_is_the_input(editor):
    editor.state = {"row": 0}
    assert in_use(editor) == {"C", "N"}
    page_says(editor, side=32)
    page_says(editor, channels=3)
    assert editor.input_shape == (3, 32, 32)
    volume = volume_of(editor, "conv1")
    assert [volume["size"], volume["numbers"][0]] == ["6×32×32", "456"]
    editor.state = {"row": 1}
    assert in_use(editor) == {"K", "F", "S", "P", "G", "Layer"}


def test_layers_are_added_removed_and_moved(editor):
    editor.state = {"new": list(KINDS).index("average pool")}
    editor.press("add")
    assert [item.kind for item in editor.items[:3]] == ["conv", "average pool", "ReLU"]
    assert editor.state["row"] == 2
    editor.press("down")
    assert [item.kind for item in editor.items[:3]] == ["conv", "ReLU", "average pool"]
    editor.press("up")
    editor.press("up")
    assert [item.kind for item in editor.items[:2]] == ["average pool", "conv"]
    assert "Up" not in in_use(editor, Press)
    editor.press("up")
    editor.press("remove")
    assert [item.kind for item in editor.items[:2]] == ["conv", "ReLU"]
    assert summary(editor.model, (1, 28, 28)).total_parameters == 61_706


def test_another_kind_comes_with_numbers_that_suit_it(editor):
    editor.state = {"row": 3}
    editor.state = {"kind": list(KINDS).index("conv")}
    assert editor.items[2].settings() == {"filters": 16, "kernel_size": 3, "stride": 1, "padding": 1, "groups": 1}
    assert editor.state["filters"] == 16


def test_an_impossible_list_keeps_what_holds_and_says_why(editor):
    editor.state = {"row": 4}
    editor.state = {"kernel_size": 15}
    assert editor.problem.startswith("Layer 4, conv2, F: kernel_size=15: the window spans 15 pixels")
    sheet = editor.panels[0]["networks"][0]
    assert [row["state"] for row in sheet["rows"]] == [""] * 4 + ["bad"] + ["after"] * 8
    assert [volume["name"] for volume in sheet["volumes"] if volume["parts"]] == ["input", "conv1", "pool1"]
    assert [volume["size"] for volume in sheet["volumes"][3:]] == ["✗"] + ["?"] * 8
    assert sheet["total"].startswith("so far: 156 parameters, ")
    with pytest.raises(ShapeError, match="conv2"):
        _ = editor.model
    editor.state = {"kernel_size": 5}
    assert editor.problem == ""
    assert editor.model.output_shape((1, 28, 28)) == (10,)


def test_a_list_can_be_emptied_and_filled_again(editor):
    while editor.items:
        editor.press("remove")
    assert editor.problem == "The list is empty: add a layer"
    assert len(shown(editor)) == 1
    editor.press("remove")
    assert editor.problem.startswith("The input stays")
    editor.press("add")
    assert editor.model.output_shape((1, 28, 28)) == (16, 28, 28)
    page_says(editor, **{name: each["start"] for name, each in editor.indices.items()})  # Reset
    assert summary(editor.model, (1, 28, 28)).total_parameters == 61_706


def test_a_list_has_its_longest(editor):
    for _ in range(60):
        editor.press("add")
    assert len(editor.items) == MOST_LAYERS
    assert "at most 40" in editor.problem


def test_huge_and_zero_numbers_are_no_traceback(editor):
    for name, (*_, most) in FIELDS.items():
        for value in (0, -7, most, 10**12):
            page_says(editor, **{name: value})
            assert editor.problem or editor.model
            assert editor.state[name] in (0, most)
    editor.state = {"row": 0}
    for value in (0, 1000):
        page_says(editor, channels=value)
        page_says(editor, side=value)
    assert len(editor.panels[0]["networks"]) == 1


def test_another_start_is_taken_whole(editor):
    editor.state = {"row": 9}
    editor.state = {"start": 1}
    assert editor.input_shape == (3, 227, 227)
    assert editor.state["row"] == 1
    assert summary(editor.model, (3, 227, 227)).total_parameters == 60_965_224


def test_the_text_is_the_list_as_python(editor):
    editor.state = {"filters": 7}
    assert editor.state["code"] == editor.code
    assert '"conv1": layers.Conv2d(1, 7, 5, padding=2),' in editor.code
    assert "Python" not in in_use(editor, Code)
    editor.state = {"as_python": 1}
    assert "Python" in in_use(editor, Code)


def test_a_start_that_is_unknown_is_refused():
    with pytest.raises(ValueError, match="start='VGG': must be one of LeNet-5, AlexNet, two towers, VGG-like"):
        layer_editor("VGG")


def test_undo_takes_back_what_a_press_or_a_number_has_done(editor):
    states = [editor.state]
    for change in (
        lambda: page_says(editor, filters=9), lambda: editor.press("add"), lambda: page_says(editor, kind=list(KINDS).index("max pool")),
        lambda: editor.press("down"), lambda: editor.press("remove"), lambda: page_says(editor, start=2),
    ):  # fmt: skip
        change()
        states.append(editor.state)
    lists = [json.dumps(each["layers"]) for each in states]
    assert len(set(lists)) == 6  # what is removed was added before
    for state in reversed(states[:-1]):
        page_says(editor, **state)
        assert editor.state == state
        assert editor.problem == "" and editor.code == state["code"]
        assert len(shown(editor)) == len(state["layers"]) + 1


def test_the_list_of_a_start_is_what_reset_goes_back_to(editor):
    page_says(editor, start=2)
    page_says(editor, filters=9)
    page_says(editor, **{name: each["start"] for name, each in editor.indices.items()})
    assert editor.value("start") == "VGG-like"
    assert editor.items == list(STARTS["VGG-like"][0])


@pytest.mark.parametrize(
    "junk", [None, 3, [["conv"]], [["magic", 1, 1, 1, 1, 1]], [["conv", 6, 5, 1, 2, "1"]], [["conv", 6, 5, 1, 2, True]],
             [["conv", -1, 5, 1, 2, 1]], [["conv", 6, 5, 1, 2, 10**9]], [[["conv"], 6, 5, 1, 2, 1]], [["conv", 6, 5, 1, 2, 1]] * 41],
)  # fmt: skip
def test_what_is_no_list_of_layers_is_not_taken(editor, junk):
    before = editor.state
    page_says(editor, layers=junk)
    assert editor.state == before


@pytest.mark.parametrize("junk", [None, [1, 28], [1, 28, 28, 28], [1, 28, 2000], [1.5, 28, 28], "1×28"])
def test_what_is_no_input_is_not_taken(editor, junk):
    before = editor.state
    page_says(editor, input=junk)
    assert editor.state == before


def test_a_list_can_be_given_from_python(editor):
    editor.state = {"layers": [["flatten", 0, 1, 1, 0, 1], ["linear", 10, 1, 1, 0, 1]], "input": [3, 8, 8]}
    assert editor.model.output_shape((3, 8, 8)) == (10,)
    assert summary(editor.model, editor.input_shape).total_parameters == 1930
