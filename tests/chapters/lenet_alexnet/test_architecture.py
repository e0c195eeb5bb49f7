"""Architectures: arithmetic in words, volumes, differences of networks, and lists that students edit."""

import ast
import inspect
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import layers, models
from lecture_lib.chapters.convolution.blocks import inception
from lecture_lib.chapters.lenet_alexnet import architecture
from lecture_lib.chapters.lenet_alexnet.architecture import (
    KINDS,
    Count,
    Item,
    compare,
    count,
    items_of,
    layer_words,
    plan,
    size_formula,
    volumes,
)
from lecture_lib.models import ALEXNET_INPUT, Sequential, alexnet, lenet5, summary
from lecture_lib.shapes import ONE_PIXEL, ShapeError, conv_output_size

ALEXNETS = {name: (alexnet(name), shape) for name, shape in ALEXNET_INPUT.items()}
LENETS = {"1998": (lenet5("1998"), (1, 32, 32)), "modern": (lenet5(), (1, 28, 28))}


def words(net, shape):
    """Name → what is said of each layer."""
    found, before = {}, (ONE_PIXEL, ONE_PIXEL)
    for row in net.rows(shape):
        found[row.name], before = layer_words(row, before), row.fields
    return found


# Words


@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 5), st.integers(0, 5), st.integers(1, 3))
def test_the_size_formula_ends_in_the_librarys_size_or_both_refuse(n, f, s, p, d):
    try:
        size = conv_output_size(n, f, s, p, d)
    except ShapeError:
        with pytest.raises(ShapeError):
            size_formula(n, f, s, p, d)
        return
    text = size_formula(n, f, s, p, d)
    assert text.endswith(f" + 1 = {size}")
    exact = eval(text.split(" + 1 =")[0].strip("⌊⌋").replace("−", "-").replace("·", "*"))  # noqa: S307 - digits only
    assert int(exact // 1) + 1 == size
    assert ("⌊" in text) == (exact % 1 != 0)


def test_alexnets_layers_say_the_papers_numbers():
    said = words(*ALEXNETS["two_towers"])
    assert "96 filters of 11×11×3." in said["conv1"]
    assert "(227 − 11 + 2·0)/4 + 1 = 55" in said["conv1"]
    assert "11·11·3·96 + 96 = 34,944 parameters" in said["conv1"]
    assert "each filter sees 48 of the 96 maps" in said["conv2"]
    assert "5·5·48·256 + 256 = 307,456" in said["conv2"]
    assert "19 + (5 − 1)·8 = 51×51" in said["conv2"]
    assert "in steps of 2" in said["pool1"] and "No parameters" in said["pool1"]
    assert "256·6·6 = 9,216" in said["flatten"]
    assert "9,216·4,096 + 4,096 = 37,752,832" in said["fc6"]
    assert "probability 0.5" in said["drop6"]


def test_the_layers_of_1998_say_what_is_theirs():
    said = words(*LENETS["1998"])
    assert "a table joins 60 of the 16·6 pairs" in said["C3"] and "5·5·60 + 16 = 1,516" in said["C3"]
    assert "6 + 6 = 12 parameters" in said["S2"]
    assert "10·84 = 840 numbers are fixed, 0 are learned" in said["output"]


@pytest.mark.parametrize(("net", "shape"), [*ALEXNETS.values(), *LENETS.values()])
def test_every_products_end_is_the_tables_number(net, shape):
    said = words(net, shape)
    for row in summary(net, shape).rows:
        if row.parameters:
            assert re.search(rf"= {row.parameters:,} parameters", said[row.layer])
        if row.multiply_adds:
            assert f"{row.multiply_adds:,} multiply-adds" in said[row.layer]
        if "Memory" in said[row.layer]:
            assert f"bytes = {row.activation_bytes:,}" in said[row.layer]


def test_a_window_that_is_not_square_is_told_along_both_axes():
    (row,) = layers.Conv2d(1, 2, (3, 5), stride=(1, 2)).rows((1, 9, 9))
    assert "+ 1 = 7 high and (9 − 5 + 2·0)/2 + 1 = 3 wide" in layer_words(row, (ONE_PIXEL, ONE_PIXEL))


# Volumes


def test_the_towers_are_apart_from_conv1_to_pool5_and_only_there():
    rows = list(ALEXNETS["two_towers"][0].rows((3, 227, 227)))
    parts = {each.name: each.parts for each in volumes(rows, (3, 227, 227))}
    towers = ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]
    assert parts == {"input": 1} | dict.fromkeys(towers, 2) | dict.fromkeys(["fc6", "fc7", "fc8"], 1)


@pytest.mark.parametrize(("net", "shape"), [*ALEXNETS.values(), *LENETS.values()])
def test_every_layer_belongs_to_one_volume(net, shape):
    rows = list(net.rows(shape))
    found = volumes(rows, shape)
    assert [at for each in found for at in each.rows] == list(range(len(rows)))
    assert found[-1].shape == (*rows[-1].output_shape, 1, 1)
    assert all(each.joined for each in found[1:])


def test_branches_side_by_side_are_not_joined():
    net = inception(192, 64, 96, 128, 16, 32, 32)
    found = volumes(list(net.rows((192, 28, 28))), (192, 28, 28))
    assert [each.joined for each in found if each.name in ("1x1.conv", "3x3.reduce", "5x5.reduce")] == [
        True,
        False,
        False,
    ]


# Differences


@pytest.mark.parametrize(
    ("mine", "other", "found"),
    [
        ("one_tower", "two_towers", {"conv2": 307_200, "conv4": 663_552, "conv5": 442_368}),
        ("two_towers", "one_tower", {"conv2": -307_200, "conv4": -663_552, "conv5": -442_368}),
        ("torchvision", "two_towers", {"features.0": -11_648, "features.3": -64, "features.6": -221_184,
                                       "features.8": 221_056, "features.10": 147_456}),
        ("one_tower", "one_tower", {}),
    ],
)  # fmt: skip
def test_alexnets_differ_in_these_layers_by_these_parameters(mine, other, found):
    differences = compare(*ALEXNETS[mine], *ALEXNETS[other])
    assert {each.layer: each.more.parameters for each in differences if each.more.parameters} == found


@pytest.mark.parametrize("nets", [ALEXNETS, LENETS])
def test_the_differences_add_up_to_the_difference_of_the_totals(nets):
    for mine in nets.values():
        for other in nets.values():
            total = Count(*map(sum, zip(*(count(row) for row in mine[0].rows(mine[1])), strict=True)))
            its = Count(*map(sum, zip(*(count(row) for row in other[0].rows(other[1])), strict=True)))
            parts = [each.more for each in compare(*mine, *other)] or [Count(0, 0, 0)]
            assert Count(*map(sum, zip(*parts, strict=True))) == total - its


def test_reasons_name_both_settings():
    because = {each.layer: each.because for each in compare(*ALEXNETS["torchvision"], *ALEXNETS["two_towers"])}
    assert because["features.0"] == ("filters: 64, not 96",)
    assert because["features.8"] == ("filters: 256, not 384", "maps a filter sees: 384, not 192")
    because = {each.layer: each.because for each in compare(*LENETS["1998"], *LENETS["modern"])}
    assert because["C3"] == ("maps a filter sees: 3 to 6, not 6",)
    assert because["output"] == ("learned: nothing, not weights and biases",)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: compare(None, (1,), *LENETS["modern"]), TypeError, "net is a NoneType: must be a network"),
        (lambda: compare(*LENETS["modern"], "lenet", (1,)), TypeError, "other is a str: must be a network"),
        (lambda: items_of(3, (1, 28, 28)), TypeError, "net is a int: must be a network"),
        (lambda: plan(None, (1, 28, 28)), TypeError, "items=None: must be a list of architecture.Item"),
        (lambda: plan(["conv"], (1, 28, 28)), TypeError, "items=.'conv'.: must be a list"),
        (lambda: plan([], ()), ShapeError, r"input_shape=\(\): must be the sizes"),
        (lambda: plan([], 28), ShapeError, "input_shape=28: must be the sizes"),
        (lambda: plan([], (1, None)), TypeError, "input_shape=None"),
        (lambda: plan([], (1, -3)), ShapeError, "input_shape=-3: must be at least 0"),
    ],
)
def test_what_is_no_network_and_no_list_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_networks_of_different_plans_are_not_laid_side_by_side():
    with pytest.raises(ShapeError, match="net has 7 layers .* other has 11"):
        compare(*LENETS["modern"], *ALEXNETS["one_tower"])


# Lists


@pytest.mark.parametrize(("net", "shape"), [*ALEXNETS.values(), LENETS["modern"]])
def test_a_network_as_a_list_is_the_same_network(net, shape):
    found = plan(items_of(net, shape), shape)
    assert not found.problem
    mine, its = summary(found.model, shape), summary(net, shape)
    assert [row[1:] for row in mine.rows] == [row[1:] for row in its.rows]


def test_the_list_of_alexnet_has_the_papers_names():
    assert plan(items_of(*ALEXNETS["two_towers"]), (3, 227, 227)).names == tuple(ALEXNETS["two_towers"][0].layers)


@pytest.mark.parametrize(("net", "shape"), [*ALEXNETS.values(), LENETS["modern"]])
def test_the_code_makes_the_network(net, shape):
    found = plan(items_of(net, shape), shape)
    space = {}
    exec(found.code, space)  # noqa: S102 - our own text
    assert space["shape"] == shape
    assert summary(space["net"], shape).rows == summary(found.model, shape).rows


@pytest.mark.parametrize("layer", [layers.RBF(models.digit_codes()), layers.Activation("tanh"), layers.Conv2d(1, 1, (3, 5)),
                                   layers.Conv2d(1, 1, 3, dilation=2), layers.GlobalAvgPool2d(), layers.Subsampling(1)])  # fmt: skip
def test_what_a_list_does_not_know_is_named(layer):
    shape = (84,) if isinstance(layer, layers.RBF) else (1, 28, 28)
    with pytest.raises(TypeError, match="layer 0 is .*: a list holds"):
        items_of(Sequential([layer]), shape)


CONV, POOL, FLAT = Item("conv", 6, 5), Item("max pool", 0, 2, 2), Item("flatten")


@pytest.mark.parametrize(
    ("items", "held", "said"),
    [
        ([], 0, "the list is empty: add a layer"),
        ([CONV, Item("conv", 4, 25)], 1, "layer 2, conv2, F: kernel_size=25: the window spans 25 pixels, but the padded input has only 24"),
        ([Item("conv", 0)], 0, "layer 1, conv1, K: out_channels=0: must be at least 1"),
        ([Item("conv", 4, 0)], 0, "layer 1, conv1, F: kernel_size=0: must be at least 1"),
        ([Item("conv", 4, 3, 0)], 0, "layer 1, conv1, S: stride=0: must be at least 1"),
        ([CONV, Item("conv", 4, 3, groups=4)], 1, "layer 2, conv2, G: groups=4: must divide in_channels=6"),
        ([POOL, Item("max pool", 0, 2, 2, 2)], 1, "layer 2, pool0b, P: padding=2: must be at most half of kernel_size=2"),
        ([FLAT, CONV], 1, "layer 2, conv1: .*move this layer up, before the flatten, or remove the flatten"),
        ([FLAT, POOL], 1, "layer 2, pool0: .*move this layer up"),
        ([CONV, Item("linear", 10)], 1, "layer 2, fc2: .*put a Flatten before it"),
        ([FLAT, Item("linear", 0)], 1, "layer 2, fc1, K: out_features=0: must be at least 1"),
    ],
)  # fmt: skip
def test_an_impossible_list_says_which_layer_which_number_and_which_rule(items, held, said):
    found = plan(items, (1, 28, 28))
    assert re.search(said, found.problem, re.IGNORECASE)
    assert len(found.rows) == len(found.layers) == held
    with pytest.raises(ShapeError, match=re.escape(found.problem)):
        _ = found.model
    if items:
        assert f"# {found.problem}" in found.code


numbers = st.integers(0, 9)
some_items = st.builds(Item, st.sampled_from(list(KINDS)), numbers, numbers, numbers, numbers, numbers)


@given(st.lists(some_items, max_size=8), st.tuples(st.integers(0, 3), st.integers(0, 16), st.integers(0, 16)))
def test_whatever_the_list_it_is_a_network_or_a_problem(items, shape):
    found = plan(items, shape)
    assert len(set(found.names)) == len(items)
    if found.problem:
        return
    table = summary(found.model, shape)
    assert [row.output_shape for row in table.rows] == [row.output_shape for row in found.rows]
    assert all(min(row.output_shape) >= 1 for row in table.rows)


def test_a_layer_with_settings_that_a_list_would_lose_is_named():
    for layer in (layers.Dropout(0.3), layers.LocalResponseNorm(3)):
        with pytest.raises(TypeError, match="layer 0 is .*: a list holds"):
            items_of(Sequential([layer]), (4, 8, 8))


def test_architecture_matches_on_no_type_of_layer():
    tree = ast.parse(inspect.getsource(architecture))
    named = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    kinds = {name for name, each in vars(layers).items() if isinstance(each, type) and issubclass(each, layers.Layer)}
    assert named & kinds <= {"Layer"}
    asked = [
        each.args[1]
        for each in ast.walk(tree)
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "isinstance"
    ]
    assert (
        "Layer" not in {each.id for each in asked}
        and "type" not in named
        and not [each for each in ast.walk(tree) if isinstance(each, ast.Match)]
    )


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind='dense': must be one of conv, max pool"):
        plan([Item("dense")], (1, 8, 8))
