"""Numbers of a network that are opened: their sums are what the network computes, and the strongest path is what loops find."""

import numpy as np
import pytest

from lecture_lib import models
from lecture_lib.chapters.lenet_alexnet.walk.units import stages
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Activation, AvgPool2d, BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d
from lecture_lib.models import Sequential
from lecture_lib.probes import responses
from tests.chapters.lenet_alexnet.walk.contributions import contributions, read_answers, strongest_path

DIGITS = digits_as_input(load_digits("test")[0][:20])
LENET = models.trained_lenet5()[0]
OTHERS = {
    "groups, strides, dilation": Sequential({
        "a": Conv2d(1, 4, 3, stride=2, padding=2, dilation=2), "tanh": Activation("tanh"),
        "b": Conv2d(4, 6, 3, padding=1, groups=2), "pool": MaxPool2d(3, 2, padding=1), "flat": Flatten(),
        "out": Linear(6 * 7 * 7, 10),
    }),
    "average pooling": Sequential({
        "a": Conv2d(1, 4, 5), "relu": Activation("relu"), "mean": AvgPool2d(3, 2, padding=1), "flat": Flatten(),
        "out": Linear(4 * 12 * 12, 10),
    }),
    "an MLP": models.mlp([784, 12, 10]),
}  # fmt: skip
NETS = {"LeNet-5": LENET} | {name: net.init(3) for name, net in OTHERS.items()}


def opened(net, pixels):
    found = stages(net)
    return found, read_answers(found, pixels, responses(net, pixels))


@pytest.mark.parametrize("name", NETS)
def test_the_sum_of_200_random_units_of_each_layer_is_what_the_network_computes(name):
    net, rng = NETS[name], np.random.default_rng(0)
    for number in range(0, len(DIGITS), 5):
        pixels = DIGITS[number : number + 1]
        found, answers = opened(net, pixels)
        computed = responses(net, pixels)
        for layer, stage in enumerate(found):
            for flat in rng.integers(np.prod(stage.shape), size=50):
                unit = tuple(np.unravel_index(flat, stage.shape))
                one = contributions(found, answers, layer, unit)
                assert one.sum == pytest.approx(computed[stage.name].ravel()[flat], abs=1e-5)
                assert one.value == computed[stage.after].ravel()[flat]
                assert one.sum == pytest.approx(one.by_map.sum() + one.bias, abs=1e-9)


@pytest.mark.parametrize("name", NETS)
def test_a_product_is_an_input_times_its_weight_and_each_stands_where_it_is_said(name):
    found, answers = opened(NETS[name], DIGITS[:1])
    rng = np.random.default_rng(1)
    for layer, stage in enumerate(found):
        maps = answers.entering(layer)
        for flat in rng.integers(np.prod(stage.shape), size=20):
            one = contributions(found, answers, layer, tuple(np.unravel_index(flat, stage.shape)))
            for (c, a, b), value in np.ndenumerate(one.inputs):
                row, col = one.rows[a], one.cols[b]
                padding = not (0 <= row < maps.shape[1] and 0 <= col < maps.shape[2])
                assert value == (0 if padding else maps[one.maps[c], row, col])
            if one.weights is not None:
                assert np.allclose(one.products, one.inputs.astype(float) * one.weights, rtol=0, atol=1e-12)


def loop_path(digit, net):
    """LeNet-5's strongest path by loops over its own arrays, from the class to the pixel; no window is taken from stages()."""
    out = {name: array[0] for name, array in responses(net, digit).items()} | {"pixels": digit[0]}
    weight = {name: net[name].weight.value for name in ("C1", "C3", "F5", "F6", "output")}
    at = max(range(10), key=lambda k: out["output"][k])
    path = [("output", (at, 0, 0))]
    for name, before in (("output", "relu6"), ("F6", "relu5")):
        row = path[-1][1][0]
        at = max(range(len(out[before])), key=lambda i: float(weight[name][row, i]) * float(out[before][i]))
        path.append((before.replace("relu", "F"), (at, 0, 0)))
    row, best = path[-1][1][0], -np.inf
    for c in range(16):
        for i in range(5):
            for j in range(5):
                product = float(weight["F5"][row, c * 25 + i * 5 + j]) * float(out["S4"][c, i, j])
                if product > best:
                    best, place = product, (c, i, j)
    path.append(("S4", place))
    for pool, conv, maps, entering, padding in (("relu3", "C3", "C3", "S2", 0), ("relu1", "C1", "C1", "pixels", 2)):
        c, i, j = path[-1][1]
        best = -np.inf
        for a in range(2):
            for b in range(2):
                if out[pool][c, 2 * i + a, 2 * j + b] > best:
                    best, place = out[pool][c, 2 * i + a, 2 * j + b], (c, 2 * i + a, 2 * j + b)
        path.append((maps, place))
        k, i, j = place
        best = -np.inf
        for c in range(weight[conv].shape[1]):
            for a in range(5):
                for b in range(5):
                    r, s = i + a - padding, j + b - padding
                    if 0 <= r < out[entering].shape[1] and 0 <= s < out[entering].shape[2]:
                        product = float(weight[conv][k, c, a, b]) * float(out[entering][c, r, s])
                        if product > best:
                            best, place = product, (c, r, s)
        path.append((entering, place))
    return path


@pytest.mark.parametrize("number", range(len(DIGITS)))
def test_the_strongest_path_is_what_loops_over_the_network_find(number):
    digit = DIGITS[number : number + 1]
    found, answers = opened(LENET, digit)
    path = strongest_path(found, answers)
    names = [found[step.layer].name if step.layer >= 0 else "pixels" for step in path]
    assert list(zip(names, (step.unit for step in path), strict=True)) == loop_path(digit, LENET)


def test_what_a_step_adds_is_the_largest_of_the_products_above_it():
    for net in NETS.values():
        found, answers = opened(net, DIGITS[2:3])
        path = strongest_path(found, answers)
        assert path[0].adds == path[0].value == answers.outs[-1].max()
        for above, step in zip(path, path[1:], strict=False):
            one = contributions(found, answers, above.layer, above.unit)
            assert step.value == answers.entering(above.layer)[step.unit]
            _, high, wide = answers.entering(above.layer).shape
            rows, cols = [i for i in one.rows if 0 <= i < high], [j for j in one.cols if 0 <= j < wide]
            most = max(
                one.inputs[c, a, b] if isinstance(found[above.layer].layer, MaxPool2d) else one.products[c, a, b]
                for c in range(len(one.maps))
                for a, row in enumerate(one.rows) if row in rows
                for b, col in enumerate(one.cols) if col in cols
            )  # fmt: skip
            assert step.adds == one.most == most


def test_a_walk_may_begin_at_any_unit():
    found, answers = opened(LENET, DIGITS[:1])
    whole = strongest_path(found, answers)
    for begin in whole[1:-1]:
        assert strongest_path(found, answers, begin.layer, begin.unit)[1:] == whole[whole.index(begin) + 1 :]


def test_of_max_pooling_only_the_winner_adds_and_of_average_pooling_each_its_share():
    maps = np.zeros((1, 1, 28, 28), np.float32)
    maps[0, 0, :2, :2] = [[1, 5], [-2, 4]]
    for pool, products in ((MaxPool2d(2), [[0, 5], [0, 0]]), (AvgPool2d(2), [[0.25, 1.25], [-0.5, 1]])):
        net = Sequential({"pool": pool, "flat": Flatten(), "out": Linear(196, 10)}).init(0)
        found, answers = opened(net, maps)
        one = contributions(found, answers, 0, (0, 0, 0))
        assert one.products[0].tolist() == products and one.strongest == (0, 0, 1) and one.weights is None
        assert (one.most, one.value) == (products[0][1], sum(map(sum, products)))


def test_a_layer_that_is_no_such_sum_is_refused_in_words():
    net = Sequential({"a": Conv2d(1, 2, 28), "norm": BatchNorm2d(2), "flat": Flatten(), "out": Linear(2, 10)}).init(0)
    found, answers = opened(net, DIGITS[:1])
    with pytest.raises(
        TypeError, match="layer norm is a BatchNorm2d: only convolutions, linear layers, max and average"
    ):
        contributions(found, answers, 1, (0, 0, 0))
