"""Changes of a network: what they do, that the original stays, and that the accuracy after them is that of the changed network."""

import copy
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.chapters.lenet_alexnet.walk.what_if import MOST_CHANGES, Accuracy, changed, refuse_changes
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Activation, BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.probes import responses
from lecture_lib.training import evaluate, predict

NET = models.trained_lenet5()[0]
IMAGES, LABELS = (each[:1000] for each in load_digits("test"))
ACCURACY = Accuracy(NET, IMAGES, LABELS)
BLOCKS = Sequential({
    "body": Sequential({"conv": Conv2d(1, 4, 5, groups=1), "norm": BatchNorm2d(4), "relu": Activation("relu"), "pool": MaxPool2d(4)}),
    "flat": Flatten(), "out": Linear(4 * 36, 10),
}).init(1)  # fmt: skip
LAYERS = {
    "C1": (5, 0, 4, 4),
    "C3": (11, 3, 2, 0),
    "F5": (100, 15, 4, 1),
    "F6": (80, 119, 0, 0),
    "output": (8, 30, 0, 0),
}
"""Layer → a map of it, and a channel, a row and a column of one of its kernels."""


def change(layer, what):
    unit, channel, row, col = LAYERS[layer]
    return {"layer": layer, "what": what, "map": unit} | {
        "scale": {"channel": channel, "by": -1.5}, "bias": {"to": 4.0}, "silence": {},
        "weight": {"channel": channel, "row": row, "col": col, "to": 2.5},
    }[what]  # fmt: skip


EVERY = [change(layer, what) for layer in LAYERS for what in ("scale", "weight", "bias", "silence")]


def by_hand(one):
    """The change made by hand in a deep copy of the network."""
    net = copy.deepcopy(NET)
    layer, (unit, channel, row, col) = net[one["layer"]], LAYERS[one["layer"]]
    weight, bias = layer.weight.value, layer.bias.value
    side = {"F5": 25}.get(one["layer"], 1)
    place = (unit, channel) if weight.ndim == 4 else (unit, slice(channel * side, (channel + 1) * side))
    if one["what"] == "scale":
        weight[place] = weight[place] * np.float32(one["by"])
    elif one["what"] == "weight":
        weight[(unit, channel, row, col) if weight.ndim == 4 else (unit, channel * side + row * 5 + col)] = one["to"]
    elif one["what"] == "bias":
        bias[unit] = one["to"]
    else:
        weight[unit], bias[unit] = 0, 0
    return net


@pytest.mark.parametrize("one", EVERY, ids=lambda one: f"{one['layer']} {one['what']}")
def test_a_change_is_what_it_says_and_its_accuracy_is_that_of_the_network_changed_by_hand(one):
    before = {name: array.value.copy() for name, array in NET.state().items()}
    assert refuse_changes([one], NET) == ""
    other, expected = changed(NET, [one]), by_hand(one)
    for name, array in other.state().items():
        assert np.array_equal(array.value, expected.state()[name].value)
        assert np.array_equal(NET.state()[name].value, before[name])
    logits = predict(expected, IMAGES, prepare=lambda images, rng: digits_as_input(images))
    assert np.array_equal(ACCURACY.after([one]), logits)
    score = evaluate(expected, (IMAGES, LABELS), prepare=lambda images, rng: digits_as_input(images))
    assert ACCURACY([one]) == score.accuracy


def test_changes_add_up_in_their_order():
    some = [
        change("F6", "bias"),
        change("C3", "scale"),
        change("C3", "silence"),
        change("F6", "scale"),
        change("C3", "weight"),
    ]
    together = changed(NET, some)
    one_by_one = NET
    for one in some:
        one_by_one = changed(one_by_one, [one])
    for name, array in together.state().items():
        assert np.array_equal(array.value, one_by_one.state()[name].value)
    assert (
        together["C3"].weight.value[11].any()
        and not np.delete(together["C3"].weight.value[11].ravel(), 3 * 25 + 10).any()
    )
    expected = evaluate(one_by_one, (IMAGES, LABELS), prepare=lambda images, rng: digits_as_input(images))
    assert ACCURACY(some) == expected.accuracy


def test_without_changes_the_network_reads_as_before():
    expected = evaluate(NET, (IMAGES, LABELS), prepare=lambda images, rng: digits_as_input(images)).accuracy
    assert ACCURACY([]) == expected > 0.98
    assert ACCURACY([change("F6", "scale") | {"by": 1}]) == expected


@pytest.mark.parametrize("layer", ["C1", "C3", "F5", "F6"])
def test_a_silenced_map_is_0_everywhere_behind_its_activation_and_no_other_map_of_its_layer_changes(layer):
    one = change(layer, "silence")
    x = digits_as_input(IMAGES[:5])
    after = next(stage.after for stage in stages(NET) if stage.name == layer)
    was, now = (responses(net, x)[after] for net in (NET, changed(NET, [one])))
    assert not now[:, one["map"]].any()
    others = [at for at in range(now.shape[1]) if at != one["map"]]
    assert np.allclose(now[:, others], was[:, others], atol=1e-5)


def test_what_the_original_remembers_for_its_gradient_is_left_alone():
    net = copy.deepcopy(NET)
    x = digits_as_input(IMAGES[:3])
    grad = net.forward(x)
    changed(net, [change("C1", "bias")]).forward(x[:1])
    Accuracy(net, IMAGES[:10], LABELS[:10])([change("F6", "silence")])
    assert net.backward(grad).shape == x.shape


def test_layers_inside_blocks_change_too():
    one = {"layer": "body.conv", "what": "bias", "map": 2, "to": 1.0}
    assert refuse_changes([one], BLOCKS) == ""
    other = changed(BLOCKS, [one])
    assert other["body"]["conv"].bias.value.tolist() == [0, 0, 1, 0] and not BLOCKS["body"]["conv"].bias.value.any()
    expected = predict(other, IMAGES[:300], prepare=lambda images, rng: digits_as_input(images))
    assert np.array_equal(Accuracy(BLOCKS, IMAGES[:300], LABELS[:300]).after([one]), expected)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "must be a list of at most 100 changes"), ({}, "must be a list"), ([{}] * (MOST_CHANGES + 1), "must be a list"),
        ([3], "change 1: must be a mapping"), ([{1: 2}], "change 1: must be a mapping"), ([{}], "what=None must be one of scale, weight"),
        ([change("C3", "bias"), change("C1", "scale") | {"what": "negate"}], "change 2: what='negate' must be one of"),
        ([{"layer": "C3", "what": "scale", "map": 1}], "scale must have layer, what, map, channel, by, and nothing else"),
        ([change("C3", "bias") | {"row": 1}], "nothing else"), ([change("C3", "bias") | {"layer": "S2"}], "layer='S2' must be one with weights: C1, C3, F5, F6, output"),
        ([change("C3", "bias") | {"layer": ["C3"]}], "must be one with weights"),
        ([change("C3", "bias") | {"map": 16}], "map=16 must be a whole number from 0 to 15"), ([change("C3", "bias") | {"map": True}], "map=True"),
        ([change("C3", "bias") | {"map": 1.0}], "map=1.0"), ([change("C3", "scale") | {"channel": 6}], "channel=6 must be a whole number from 0 to 5"),
        ([change("F5", "weight") | {"row": 5}], "row=5 must be a whole number from 0 to 4"), ([change("F6", "weight") | {"col": 1}], "col=1 must be a whole number from 0 to 0"),
        ([change("C3", "bias") | {"to": float("nan")}], "to=nan must be a number from −100 to 100"), ([change("C3", "scale") | {"by": -101}], "by=-101"),
        ([change("C3", "scale") | {"by": "2"}], "by='2'"), ([change("C3", "scale") | {"by": True}], "by=True"), ([change("C3", "bias") | {"to": 10**400}], "to="),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_is_said_in_words(value, words):
    assert words in refuse_changes(value, NET)


def test_a_map_whose_activation_makes_something_of_0_cannot_be_silenced():
    net = models.mlp([784, 4, 10], "sigmoid")
    assert refuse_changes([{"layer": "fc1", "what": "silence", "map": 0}], net) == (
        "change 1: fc1 cannot be silenced: its activation makes 0.5 of 0"
    )
    assert refuse_changes([{"layer": "fc2", "what": "silence", "map": 0}], net) == ""


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["layer", "what", "map", "channel", "row", "col", "by", "to", "x"]), inner, max_size=6)
))  # fmt: skip
NEAR = st.sampled_from(EVERY).flatmap(
    lambda one: st.sampled_from(list(one)).flatmap(lambda key: JSON.map(lambda value: [one | {key: value}]))
)


@given(NEAR | JSON)
def test_whatever_a_page_says_is_refused_in_words_or_can_be_done(value):
    wrong = refuse_changes(value, NET)
    assert isinstance(wrong, str)
    if not wrong:
        json.dumps(value, allow_nan=False)
        changed(NET, value).forward(digits_as_input(IMAGES[:1]))
