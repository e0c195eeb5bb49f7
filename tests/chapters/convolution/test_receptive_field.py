"""Receptive field: stacks that a student edits, and what their units see."""

import numpy as np
import pytest

from lecture_lib.chapters.convolution.receptive_field import MOST_LAYERS, STACKS, receptive_field, trace_table
from lecture_lib.explore import OWN
from lecture_lib.shapes import Window


def layers(explorer):
    return explorer.panels[0]["layers"]


def stack_of(explorer):
    return [Window(*row[1:]) for row in explorer.state["layers"]]


def test_a_stack_that_does_not_fit_is_named_by_its_layer_and_the_last_good_one_stays():
    explorer = receptive_field("LeNet-5, C1 to S4")
    before = layers(explorer)
    explorer.state = {"n": 8}
    assert explorer.problem.startswith("layer 3: kernel_size=5")
    assert layers(explorer) is before
    explorer.state = {"n": 32}
    assert explorer.problem == ""


def test_a_setting_that_does_not_fit_is_shown_again():
    explorer = receptive_field("LeNet-5, C1 to S4")
    explorer.state = {"n": 8}
    assert explorer._repr_mimebundle_()[0]["image/png"]


def test_the_fields_of_lenet_are_the_published_ones():
    explorer = receptive_field("LeNet-5, C1 to S4")
    assert [layer["seen"] for layer in layers(explorer)] == [1, 5, 6, 14, 16]
    assert [layer["size"] for layer in layers(explorer)] == [32, 28, 14, 10, 5]


def test_adding_a_layer_shows_it_and_its_unit():
    explorer = receptive_field("three 3×3 layers")
    explorer.state = {"count": 4}
    assert (len(explorer.array("field")), explorer.state["layer"]) == (4, 3)
    assert len(explorer.state["layers"]) == 4
    sizes, seen = trace_table(stack_of(explorer), explorer.state["n"])
    assert [layer["size"] for layer in layers(explorer)] == sizes
    assert np.array_equal(explorer.array("spans")[3], seen[4])
    assert explorer.value("stack") == OWN


def test_taking_layers_away_leaves_the_lowest():
    explorer = receptive_field("LeNet-5, C1 to S4")
    explorer.state = {"count": 1}
    assert explorer.state["layers"] == [[0, 5, 1, 0]]
    assert (len(explorer.array("field")), explorer.state["layer"]) == (1, 0)
    assert layers(explorer)[1]["label"] == "1 conv 5×5, 28 wide"
    explorer.state = {"count": MOST_LAYERS}
    assert explorer.state["layer"] + 1 == len(explorer.array("spans")) == MOST_LAYERS


def test_a_layer_can_be_edited_and_the_chosen_unit_stays():
    explorer = receptive_field("three 3×3 layers")
    explorer.state = {"layer": 1}
    explorer.state = {"layers": [[0, 3, 1, 1], [1, 2, 2, 0], [0, 3, 1, 1]]}
    assert layers(explorer)[2]["label"] == "2 pool 2×2 stride 2, 16 wide"
    assert explorer.state["layer"] == 1
    assert explorer.value("stack") == OWN


@pytest.mark.parametrize("stack", STACKS)
def test_a_named_stack_is_shown_with_the_unit_of_its_last_layer(stack):
    explorer = receptive_field("one 7×7 layer" if stack != "one 7×7 layer" else "three 3×3 layers")
    explorer.state = {"stack": list(STACKS).index(stack)}
    assert stack_of(explorer) == [Window(*sizes) for _, *sizes in STACKS[stack]]
    assert explorer.state["layer"] + 1 == explorer.state["count"] == len(STACKS[stack])
    assert explorer.value("stack") == stack


@pytest.mark.parametrize("stack", STACKS)
def test_the_field_of_every_unit_is_what_it_sees_of_the_input(stack):
    explorer = receptive_field(stack)
    sizes, seen = trace_table(stack_of(explorer), 32)
    for level, (size, spans) in enumerate(zip(sizes[1:], seen[1:], strict=True)):
        for unit in range(size):
            first, last = spans[unit, 0]
            assert explorer.array("field")[level, unit].tolist() == [first, last]
            assert explorer.array("outside")[level, unit] == (first < 0 or last > 31)


def test_undo_brings_stack_and_table_back():
    explorer = receptive_field("three 3×3 layers")
    before = explorer.state
    explorer.state = {"stack": list(STACKS).index("LeNet-5, C1 to S4")}
    explorer.state = {"count": 2}
    explorer.state = before
    assert explorer.state == before
    assert layers(explorer) == layers(receptive_field("three 3×3 layers"))


@pytest.mark.parametrize(
    "rows",
    [[], [[0, 3, 1]], [[0, 3, 1, 1]] * 7, [[2, 3, 1, 1]], [[0, 12, 1, 1]], [[0, 3, 0, 1]], [["conv", 3, 1, 1]], "rows", [3]],
)  # fmt: skip
def test_a_table_that_is_none_is_refused(rows):
    with pytest.raises(TypeError, match="layers=.*must be a list of 1 to 6 rows with kind, F, S, P"):
        receptive_field().state = {"layers": rows}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: receptive_field("x"), "stack='x': must be one of"),
        (lambda: receptive_field("LeNet-5, C1 to S4", n=8), "layer 3: kernel_size=5"),
        (lambda: receptive_field(n=7), "n=7: must be at least 8"),
        (lambda: receptive_field(n=65), "n=65: must be from 8 to 64"),
        (lambda: receptive_field(photo="x"), "photo|name"),
    ],
)
def test_a_bad_argument_is_named_with_its_rule(make, words):
    with pytest.raises(ValueError, match=words):
        make()
