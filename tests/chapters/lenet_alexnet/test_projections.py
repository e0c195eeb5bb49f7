"""Back from a unit to the pixels: by hand, against their loops, and against what they must equal."""

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.projections import deconvnet, project_patches
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Activation, AvgPool2d, Conv2d, GlobalAvgPool2d, MaxPool2d, ReLU6, StateError
from lecture_lib.models import Concat, Residual, Sequential, lenet5, small_cnn, trained_lenet5
from lecture_lib.probes import (
    responses,
    strongest_patches,
)
from lecture_lib.shapes import ShapeError
from tests.gradients import central_differences
from tests.projections_cases import TINY, X, by_hand, deconvnet_loops, every_rule, rng


@pytest.fixture(scope="module")
def lenet():
    return trained_lenet5()[0], load_digits("test")[0][:60]


# By hand


def test_one_convolution_relu_and_pooling_by_hand():
    # conv: first row 0 − 2 + 2·1 = 0, 2 − 1 + 0 = 1, 1 − 0 + 0 = 1, 0 − 0 + 2·3 = 6; then
    # 1 − 0 + 0, 0 − 0 + 0, 0 − 3 + 2·1, 3 − 0 + 2·1; 0 − 0 + 2·2, 0 − 1 + 0, 1 − 1 + 0, 1 − 0 + 2·1; 2, 0 + 2·1, 0 − 1, 1
    net = by_hand()
    assert net["conv"].forward(TINY)[0, 0].tolist() == [[0, 1, 1, 6], [1, 0, -1, 5], [4, -1, 0, 3], [2, 2, -1, 1]]
    # pooled [[1, 6], [4, 3]]: the 6 wins; its switch is row 0, column 3 of the map; 6 · filter lies at that place
    found = deconvnet(net, TINY, "pool", 0)
    assert (found.row[0], found.col[0], found.response[0]) == (0, 1, 6)
    expected = np.zeros((5, 5))
    expected[:2, 3:] = [[6, -6], [12, 0]]
    assert np.array_equal(found.pixels[0, 0], expected)


@pytest.mark.parametrize(
    ("pixel", "signals"),
    [
        # the maps hold 2 and 1 before ReLU, both on; the answer is 3·2 − 4·1 = 2
        (1.0, {"deconvnet": [6, 0], "gradient": [3, -4], "guided": [6, 0]}),
        # they hold −2 and 3: the first is off; the answer is −4·3 = −12, and the signal −36, 48
        (-1.0, {"deconvnet": [0, 48], "gradient": [0, -4], "guided": [0, 48]}),
    ],
)
@pytest.mark.parametrize("rectifier", [lambda: Activation("relu"), ReLU6], ids=["ReLU", "ReLU6"])
@every_rule
def test_the_rules_at_a_rectifier_by_hand(pixel, signals, rectifier, rule):
    net = Sequential({"maps": Conv2d(1, 2, 1), "relu": rectifier(), "mix": Conv2d(2, 1, 1)}).init(0, np.float64)
    net["maps"].weight.value[:, 0, 0, 0], net["maps"].bias.value[:] = [2, -1], [0, 2]
    net["mix"].weight.value[0, :, 0, 0] = [3, -4]
    found = deconvnet(net, np.full((1, 1, 1, 1), pixel), "mix", 0, rule=rule)
    first, second = signals[rule]
    assert found.pixels.item() == 2 * first - second  # transposed: the weights of the first layer once more


@every_rule
def test_a_residual_block_passes_the_signal_on_beside_what_its_layers_make_of_it(rule):
    block = Residual({"double": Conv2d(1, 1, 1)})
    net = Sequential({"block": block, "last": Conv2d(1, 1, 1)}).init(0, np.float64)
    block["double"].weight.value[:], net["last"].weight.value[:] = 2, 5
    start = 1 if rule == "gradient" else 5 * 3 * 7
    assert deconvnet(net, np.full((1, 1, 1, 1), 7.0), "last", 0, rule=rule).pixels.item() == start * 5 * 3
    start = 1 if rule == "gradient" else 2 * 7
    assert deconvnet(net, np.full((1, 1, 1, 1), 7.0), "block.double", 0, rule=rule).pixels.item() == start * 2


def test_average_pooling_spreads_the_signal_evenly():
    net = Sequential({"pool": AvgPool2d(2)})
    x = np.array([[[[1.0, 3, 0, 0], [5, 7, 0, 0]]]])
    assert deconvnet(net, x, "pool", 0).pixels[0, 0].tolist() == [
        [1, 1, 0, 0],
        [1, 1, 0, 0],
    ]  # 16/4, a quarter for each
    whole = Sequential({"pool": GlobalAvgPool2d()})
    assert deconvnet(whole, x, "pool", 0).pixels[0, 0].tolist() == [[0.25] * 4] * 2  # 2, an eighth for each


@pytest.mark.parametrize("channel", [0, 1])
def test_deconvnet_is_what_its_loops_say(channel):
    net = Sequential({
        "conv1": Conv2d(2, 4, 2), "relu1": Activation("relu"), "pool1": MaxPool2d(2),
        "conv2": Conv2d(4, 3, 2), "relu2": Activation("relu"), "pool2": MaxPool2d(2),
    }).init(3, np.float64)  # fmt: skip
    for name in ("conv1", "conv2"):
        net[name].bias.value[:] = 2 * rng.random(net[name].bias.value.shape) + 1
    x = rng.normal(size=(4, 2, 7, 7))
    weights, biases = ([net[name].value(part) for name in ("conv1", "conv2")] for part in ("weight", "bias"))
    expected = [deconvnet_loops(weights, biases, each, channel) for each in x]
    assert np.ptp(expected) > 0
    assert np.allclose(deconvnet(net, x, "pool2", channel).pixels, expected)


# What it must equal


def test_without_the_rule_for_relu_it_is_the_gradient_of_the_answer():
    net = small_cnn(side=9, in_channels=2).init(0, np.float64)
    for name, channel in (("relu1", 3), ("pool2", 5), ("output", 7)):
        found = deconvnet(net, X[:1], name, channel, rule="gradient")

        def answer(x, name=name, channel=channel):
            out = responses(net, x)[name][:, channel]
            return out.reshape(len(out), -1).max(axis=1).sum()

        assert np.allclose(found.pixels, central_differences(answer, X[:1].copy()), atol=1e-6)
    net.forward(X)
    found = deconvnet(net, X, "output", 7, rule="gradient")
    assert np.allclose(found.pixels, net.backward(np.eye(10)[[7] * 4]))


@every_rule
def test_a_net_without_rectifiers_knows_one_rule_only(rule):
    net = small_cnn(pooling="average", activation="tanh", side=9, in_channels=2).init(0, np.float64)
    found = deconvnet(net, X, "output", 1, rule=rule)
    net.forward(X)
    gradient = net.backward(np.eye(10)[[1] * 4])
    start = np.ones(4) if rule == "gradient" else found.response
    assert np.allclose(found.pixels, gradient * start[:, None, None, None])


@every_rule
def test_the_lenet_of_1998_has_no_rectifier(rule):
    net, x = lenet5("1998").init(0, np.float64), rng.normal(size=(2, 1, 32, 32))
    found = deconvnet(net, x, "output", 3, rule=rule)  # partial convolution, subsampling, scaled tanh, RBF
    net.forward(x)
    gradient = net.backward(np.eye(10)[[3, 3]])
    start = np.ones(2) if rule == "gradient" else found.response
    assert np.allclose(found.pixels, gradient * start[:, None, None, None])


def test_without_pooling_the_deconvnet_does_not_see_the_image():
    net = Sequential({
        "conv1": Conv2d(2, 5, 3), "relu1": Activation("relu"), "conv2": Conv2d(5, 3, 7), "relu2": Activation("relu"),
    }).init(1, np.float64)  # fmt: skip
    net["conv2"].bias.value[:] = 9
    found = deconvnet(net, X, "relu2", 0)
    assert (found.response > 0).all() and np.ptp(found.response) > 0
    pictures = found.pixels / found.response[:, None, None, None]
    assert np.allclose(pictures, pictures[0])
    guided = deconvnet(net, X, "relu2", 0, rule="guided").pixels
    assert not np.allclose(guided[0] / np.abs(guided[0]).max(), guided[1] / np.abs(guided[1]).max())


def test_in_the_first_layer_it_is_the_filter_times_the_answer(lenet):
    net, images = lenet
    for channel in range(6):
        found = deconvnet(net, digits_as_input(images), "relu1", channel)
        padded = np.pad(found.pixels[:, 0], ((0, 0), (2, 2), (2, 2)))
        inside = (found.row > 1) & (found.row < 26) & (found.col > 1) & (found.col < 26)
        assert inside.any()
        for at in np.flatnonzero(inside):
            part = padded[at, found.row[at] : found.row[at] + 5, found.col[at] : found.col[at] + 5]
            assert np.allclose(part, net["C1"].weight.value[channel, 0] * found.response[at])
            assert np.isclose(np.abs(part).sum(), np.abs(padded[at]).sum())


@every_rule
def test_nothing_comes_back_outside_of_what_the_unit_sees(lenet, rule):
    net, images = lenet
    found = strongest_patches(net, images, "relu3", count=3, prepare=digits_as_input)
    patches = project_patches(net, images, "relu3", found, rule=rule, prepare=digits_as_input)
    assert patches.shape == found.patches.shape
    for k, each in enumerate(found.image):
        whole = deconvnet(net, digits_as_input(images[each]), "relu3", k, rule=rule)
        assert np.array_equal(whole.row, found.row[k]) and np.array_equal(whole.col, found.col[k])
        assert np.allclose(np.abs(patches[k]).sum(axis=(1, 2, 3)), np.abs(whole.pixels).sum(axis=(1, 2, 3)), rtol=1e-5)


def test_a_channel_for_each_sample_is_as_one_after_another():
    net = small_cnn(side=9, in_channels=2).init(0, np.float64)
    together = deconvnet(net, X, "relu2", [3, 0, 15, 3])
    for at, channel in enumerate([3, 0, 15, 3]):
        alone = deconvnet(net, X[at : at + 1], "relu2", channel)
        assert np.allclose(together.pixels[at], alone.pixels[0])
        assert (together.row[at], together.col[at]) == (alone.row[0], alone.col[0])


@every_rule
def test_a_net_inside_a_net_follows_the_rule_too(rule):
    parts = {"conv1": Conv2d(2, 3, 3), "relu1": Activation("relu"), "pool": MaxPool2d(2), "conv2": Conv2d(3, 4, 2)}
    flat = Sequential(parts).init(0, np.float64)
    nested = Sequential({"all": Sequential(parts)})
    assert np.array_equal(
        deconvnet(flat, X, "conv2", 2, rule=rule).pixels, deconvnet(nested, X, "all", 2, rule=rule).pixels
    )


@every_rule
def test_branches_side_by_side_are_one_convolution_with_all_filters(rule):
    branches = [Sequential([Conv2d(2, k, 3), Activation("relu")]) for k in (2, 3)]
    net = Sequential({"both": Concat(branches), "mix": Conv2d(5, 1, 1)}).init(0, np.float64)
    one = Sequential({"conv": Conv2d(2, 5, 3), "relu": Activation("relu"), "mix": Conv2d(5, 1, 1)}).init(0, np.float64)
    one["conv"].weight.value = np.concatenate([branch["0"].weight.value for branch in branches])
    one["mix"].weight.value = net["mix"].weight.value
    assert np.allclose(deconvnet(net, X, "both", 3, rule=rule).pixels, deconvnet(one, X, "relu", 3, rule=rule).pixels)


def test_looking_back_changes_neither_the_input_nor_the_gradients_of_the_weights():
    net, x = small_cnn(side=9, in_channels=2).init(0, np.float64), X.copy()
    net["conv1"].weight.grad = kept = np.ones(3)
    first = deconvnet(net, x, "output", 1)
    assert np.array_equal(x, X) and net["conv1"].weight.grad is kept and net["output"].weight.grad is None
    assert np.array_equal(first.pixels, deconvnet(net, x, "output", 1).pixels)


def test_a_dead_map_gives_nothing():
    net = by_hand()
    net["conv"].bias.value[:] = -1000
    found = deconvnet(net, TINY, "relu", 0)
    assert found.response.item() == 0 and not found.pixels.any()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"layer": "conv9"}, ValueError, "layer='conv9'"),
        ({"rule": "magic"}, ValueError, "rule='magic'"),
        ({"x": X[0]}, ShapeError, r"must be \(N, C, H, W\)"),
        ({"x": X[:0]}, ShapeError, "at least one sample"),
        ({"channel": 8}, ShapeError, "channel=8: must be from 0 to 7"),
        ({"channel": -1}, ShapeError, "from 0 to 7"),
        ({"channel": [0, 1]}, ShapeError, "one for each sample"),
        ({"channel": 0.5}, TypeError, "must be an integer"),
        ({"net": Conv2d(2, 1, 1)}, TypeError, "must be a Sequential"),
        ({"net": small_cnn(side=9, in_channels=2)}, StateError, "init"),
    ],
)
def test_a_wrong_argument_of_deconvnet_is_named(change, error, words):
    given = {"net": small_cnn(side=9, in_channels=2).init(0), "x": X, "layer": "relu1", "channel": 0} | change
    with pytest.raises(error, match=words):
        deconvnet(given["net"], given["x"], given["layer"], given["channel"], rule=given.get("rule", "deconvnet"))
