"""Probes on nets small enough to do by hand, beside central differences, and on the trained LeNet-5."""

import copy

import numpy as np
import pytest

from lecture_lib.chapters.lenet_alexnet.occlusions import occlusion
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import (
    Activation,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    PReLU,
    ReLU6,
    StateError,
)
from lecture_lib.models import Concat, Residual, Sequential, alexnet, mlp, small_cnn, trained_lenet5
from lecture_lib.ops import softmax_cross_entropy
from lecture_lib.probes import Patches, active_share, gradient_norms, responses, strongest_patches
from lecture_lib.shapes import ShapeError
from tests.gradients import central_differences

rng = np.random.default_rng(0)
X = rng.normal(size=(6, 2, 5, 5))
LABELS = np.arange(6) % 3


def tiny(dtype=np.float64):
    return Sequential({
        "conv": Conv2d(2, 3, 3), "norm": BatchNorm2d(3), "elu": Activation("elu"), "drop": Dropout(0.5),
        "flatten": Flatten(), "hidden": Linear(27, 4), "prelu": PReLU(4), "output": Linear(4, 3),
    }).init(0, dtype)  # fmt: skip


def values(net):
    return {name: array.value.copy() for name, array in net.state().items()}


@pytest.fixture(scope="module")
def lenet():
    return trained_lenet5()[0], load_digits("test")[0][:300]


# Responses


def test_each_response_is_what_the_layer_makes_of_the_one_before():
    net, x = tiny(), X
    found = responses(net, X)
    assert list(found) == list(net.layers)
    for name, out in found.items():
        assert np.array_equal(out, net[name].forward(x))
        x = out
    assert np.array_equal(x, net.forward(X))


def test_looking_changes_nothing_and_leaves_nothing_to_chance():
    net, x = tiny(), X.copy()
    before, chance = values(net), copy.deepcopy(net["drop"].rng.bit_generator.state)
    first = [responses(net, x), gradient_norms(net, x, LABELS), active_share(net, x, "elu")]
    again = [responses(net, x), gradient_norms(net, x, LABELS), active_share(net, x, "elu")]
    assert all(np.array_equal(first[0][name], again[0][name]) for name in net.layers)
    assert first[1] == again[1] and np.array_equal(first[2], again[2])
    assert np.array_equal(x, X) and net["drop"].rng.bit_generator.state == chance
    assert all(np.array_equal(value, before[name]) for name, value in values(net).items())


def test_layers_within_a_net_have_names_and_then_the_net_itself():
    net = Sequential({"two": Sequential([Conv2d(2, 3, 3), Activation("relu")]), "flatten": Flatten()}).init(0)
    assert [(name, out.shape) for name, out in responses(net, X).items()] == [
        ("two.0", (6, 3, 3, 3)), ("two.1", (6, 3, 3, 3)), ("two", (6, 3, 3, 3)), ("flatten", (6, 27)),
    ]  # fmt: skip


def test_a_residual_block_answers_with_the_sum_and_the_last_layer_within_without_it():
    net = Sequential({"conv": Conv2d(2, 3, 3), "block": Residual({"mix": Conv2d(3, 3, 1), "relu": ReLU6()})}).init(0)
    found = responses(net, X)
    assert list(found) == ["conv", "block.mix", "block.relu", "block"]
    assert np.array_equal(found["block"], found["conv"] + found["block.relu"])
    assert np.array_equal(found["block"], net.forward(X))
    patches = strongest_patches(net, X, "block.mix", count=1).response
    assert np.array_equal(patches[:, 0], found["block.mix"].max(axis=(0, 2, 3)))


# Gradients


@pytest.mark.parametrize("labels", [LABELS, LABELS[::-1]])
def test_gradient_norms_are_those_of_central_differences(labels):
    net, outs = tiny(), responses(tiny(), X)
    norms = gradient_norms(net, X, labels)
    assert list(norms) == ["conv", "norm", "hidden", "prelu", "output"]  # those with weights, first to last
    for name, norm in norms.items():
        after = list(net.layers.values())[list(net.layers).index(name) + 1 :]

        def loss(out, after=after):
            for layer in after:
                out = layer.forward(out)
            return softmax_cross_entropy(out, labels)[0]

        slopes = central_differences(loss, outs[name])
        assert norm == pytest.approx(np.sqrt(np.mean(slopes**2)), rel=1e-6)


def test_the_last_gradient_by_hand():
    net = mlp([2, 2]).init(0)
    net["fc1"].weight.value[:] = 0  # both probabilities are 1/2
    assert gradient_norms(net, np.ones((4, 2)), np.array([0, 1, 1, 0])) == {"fc1": pytest.approx(0.5 / 4)}


def test_a_tiny_gradient_in_float32_is_not_rounded_to_nothing():
    net = Sequential({"first": Linear(2, 2), "second": Linear(2, 2)}).init(0)
    net["second"].weight.value[:] = [[1e-25, 0], [0, 0]]
    norm = gradient_norms(net, np.ones((1, 2), np.float32), np.array([0]))["first"]
    assert norm == pytest.approx(0.5e-25 / np.sqrt(2), rel=1e-5, abs=0)


def test_in_a_deep_net_of_sigmoids_the_gradient_vanishes_towards_the_input():
    norms = list(gradient_norms(mlp([50, *[20] * 6, 3], "sigmoid").init(0), X.reshape(6, 50), LABELS).values())
    assert len(norms) == 7 and all(early < 0.5 * late for early, late in zip(norms, norms[1:], strict=False))


# Active units


def test_the_active_share_counts_inputs_above_zero():
    x = np.array([[[[1.0, -1], [0, 2]], [[-1, -1], [-1, 0]]], [[[3, 3], [3, 3]], [[-2, -2], [-2, -2]]]])
    for layer in (Activation("relu"), Activation("tanh"), PReLU(2)):
        net = Sequential({"first": layer, "flatten": Flatten(), "second": Activation("relu")}).init(0)
        assert active_share(net, x, "first").tolist() == [6 / 8, 0]  # the second map is dead
        assert active_share(net, np.abs(x) + 1, "second").tolist() == [1] * 8


def test_a_share_that_is_neither_one_nor_nothing_is_the_share_of_slopes_that_are():
    net = small_cnn().init(0)
    x = np.random.default_rng(1).normal(size=(4, 1, 28, 28))
    before = responses(net, x)["conv2"]
    slopes = net["relu2"].function.df(before)
    share = active_share(net, x, "relu2")
    assert share.shape == (16,) and np.ptp(share) > 0
    assert share == pytest.approx(slopes.mean(axis=(0, 2, 3)))


# Patches


def shifter(padding=1):
    """Two maps: the pixel in the middle of the window, and the one above on its left."""
    net = Sequential({"conv": Conv2d(1, 2, 3, padding=padding), "relu": Activation("relu")}).init(0, np.float64)
    net["conv"].weight.value[:] = 0
    net["conv"].weight.value[0, 0, 1, 1] = net["conv"].weight.value[1, 0, 0, 0] = 1
    return net


@pytest.mark.parametrize("together", [1, 2, 250])
def test_the_strongest_places_of_a_net_that_copies_pixels(together, monkeypatch):
    monkeypatch.setattr("lecture_lib.probes.patches.BYTES", together * 8 * 2 * 4 * 5)
    images = np.zeros((3, 1, 4, 5))
    images[0, 0, 1, 2], images[1, 0, 0, 4], images[2, 0, 2, 3] = 5, 7, 6
    found = strongest_patches(shifter(), images, "relu", count=2)
    assert found.patches.shape == (2, 2, 1, 3, 3)
    assert found.image.tolist() == [[1, 2], [2, 0]]  # the corner's right lower neighbour is outside
    assert found.row.tolist() == [[0, 2], [3, 2]] and found.col.tolist() == [[4, 3], [4, 3]]
    assert found.top.tolist() == [[-1, 1], [2, 1]] and found.left.tolist() == [[3, 2], [3, 2]]
    assert found.response.tolist() == [[7, 6], [6, 5]]
    assert found.patches[0, :, 0].tolist() == [[[0, 0, 0], [0, 7, 0], [0, 0, 0]], [[0, 0, 0], [0, 6, 0], [0, 0, 0]]]
    assert found.patches[1, :, 0].tolist() == [[[6, 0, 0], [0, 0, 0], [0, 0, 0]], [[5, 0, 0], [0, 0, 0], [0, 0, 0]]]


def test_of_equal_answers_the_first_image_and_the_first_place_count(monkeypatch):
    monkeypatch.setattr("lecture_lib.probes.patches.BYTES", 20 * 8 * 2 * 3 * 3)
    images = np.ones((99, 1, 3, 3)) * (np.arange(99) % 3 > 0).reshape(-1, 1, 1, 1)
    found = strongest_patches(shifter(), images, "conv", channel=0, count=60)
    assert found.image.tolist() == [[n for n in range(99) if n % 3][:60]]
    assert not found.row.any() and not found.col.any()


def test_one_map_is_one_row_of_all():
    images = rng.normal(size=(7, 1, 6, 6))
    net = shifter()
    one, every = (strongest_patches(net, images, "relu", channel, 3) for channel in (1, None))
    assert type(one) is Patches
    assert all(np.array_equal(a[0], b[1]) and len(a) == 1 for a, b in zip(one, every, strict=True))


def test_a_patch_is_the_image_where_the_field_lies_inside_and_zero_beside_it():
    images = rng.normal(size=(9, 2, 11, 7)) + 3  # nowhere 0, not square, two channels
    net = Sequential({
        "conv": Conv2d(2, 3, (3, 2), stride=(2, 1), padding=(2, 1)), "pool": MaxPool2d(2), "last": Conv2d(3, 4, 2, padding=1)
    }).init(0)  # fmt: skip
    found = strongest_patches(net, images, "last", count=4)
    *_, row = net.rows((2, 11, 7))
    size = tuple(field.size for field in row.fields)
    assert found.patches.shape == (4, 4, 2, *size)
    for at in np.ndindex(4, 4):
        for y, x in np.ndindex(*size):
            i, j = found.top[at] + y, found.left[at] + x
            inside = 0 <= i < 11 and 0 <= j < 7
            expected = images[found.image[at], :, i, j] if inside else 0
            assert np.array_equal(found.patches[at][:, y, x], np.broadcast_to(expected, 2))


def test_strongest_means_that_no_other_place_of_the_image_and_no_other_image_answers_more(monkeypatch):
    monkeypatch.setattr("lecture_lib.probes.patches.BYTES", 7 * 8 * 8 * 26 * 26)
    images, net = rng.normal(size=(20, 1, 28, 28)), small_cnn().init(0)
    out = responses(net, images)["conv2"]
    found = strongest_patches(net, images, "conv2", count=5)
    for k in range(16):
        peaks = out[:, k].max(axis=(1, 2))
        assert found.response[k] == pytest.approx(np.sort(peaks)[::-1][:5], rel=1e-5)
        assert out[found.image[k], k, found.row[k], found.col[k]] == pytest.approx(found.response[k], rel=1e-5)
        assert len(set(found.image[k])) == 5


@pytest.mark.parametrize("last", ["F5", "relu6", "flatten", "output"])
def test_a_unit_of_a_vector_sees_the_whole_image(lenet, last):
    net, digits = lenet
    x = digits_as_input(digits[:20])
    found = strongest_patches(net, x, last, channel=3, count=2)
    n = found.image[0]
    assert found.response[0] == pytest.approx(responses(net, x)[last][n, 3], rel=1e-4)
    top, left, size = -found.top[0, 0], -found.left[0, 0], found.patches.shape[-1]
    assert size >= 28 and not found.row.any() and not found.col.any()
    assert np.array_equal(found.patches[0, :, :, top : top + 28, left : left + 28], x[n])


def test_global_pooling_is_a_map_of_one_place():
    net = Sequential({"conv": Conv2d(1, 2, 3), "pool": GlobalAvgPool2d()}).init(0)
    images = rng.normal(size=(4, 1, 6, 6))
    found = strongest_patches(net, images, "pool", count=4)
    assert np.array_equal(found.patches, images[found.image])
    assert np.array_equal(found.image, np.argsort(-responses(net, images)["pool"], axis=0).T)


def test_a_patch_of_c3_alone_gets_the_answer_that_its_image_got(lenet):
    net, digits = lenet
    found = strongest_patches(net, digits, "C3", prepare=digits_as_input)
    assert found.patches.shape == (16, 9, 1, 14, 14)
    inside = (found.top >= 0) & (found.left >= 0) & (found.top + 14 <= 28) & (found.left + 14 <= 28)
    assert inside.sum() > 30
    until_c3 = Sequential({name: net[name] for name in ("C1", "relu1", "S2", "C3")})
    alone = responses(until_c3, found.patches[inside])["C3"]
    # (1, 1) is the one unit that sees none of C1's padding
    answers = alone[np.arange(inside.sum()), np.nonzero(inside)[0], 1, 1]
    assert answers == pytest.approx(found.response[inside], rel=1e-4)


def test_preparing_batch_by_batch_is_preparing_before(lenet, monkeypatch):
    net, digits = lenet
    monkeypatch.setattr("lecture_lib.probes.patches.BYTES", 64 * 8 * 6 * 28 * 28)
    a = strongest_patches(net, digits, "relu3", count=3, prepare=digits_as_input)
    b = strongest_patches(net, digits_as_input(digits), "relu3", count=3)
    assert np.array_equal(a.image, b.image) and np.array_equal(a.patches, b.patches)
    assert a.response == pytest.approx(b.response, rel=1e-5)


# What is refused

IMAGES = rng.normal(size=(6, 1, 6, 6))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: responses(Conv2d(2, 3, 3), X), TypeError, "net is a Conv2d: must be a Sequential"),
        (lambda: occlusion(None, X[0], 0, 2), TypeError, "net is a NoneType: must be a network"),
        (lambda: responses(Concat([Conv2d(2, 2, 1), Conv2d(2, 2, 1)]).init(0), X), TypeError, "net is a Concat"),
        (lambda: responses(tiny(), X[:, :1]), ShapeError, "layer conv: "),
        (lambda: responses(tiny(), X[:0]), ShapeError, "x has shape (0, 2, 5, 5)"),
        (lambda: responses(mlp([4, 3]).init(0), np.zeros((0, 4))), ShapeError, "x has shape (0, 4): must be (N, ...), at least one"),
        (lambda: responses(mlp([1, 3]).init(0), np.zeros(())), ShapeError, "x has shape (): must be (N, ...), at least one"),
        (lambda: gradient_norms(mlp([4, 3]).init(0), np.zeros((0, 4)), []), ShapeError, "x has shape (0, 4)"),
        (lambda: active_share(mlp([4, 3, 2]).init(0), np.zeros((0, 4)), "relu1"), ShapeError, "x has shape (0, 4)"),
        (lambda: responses(tiny(), X.astype(str)), TypeError, "x has dtype"),
        (lambda: responses(alexnet(), np.zeros((1, 3, 227, 227))), StateError, "call init(rng)"),
        (lambda: gradient_norms(tiny(), X, LABELS + 1), ValueError, "because there are 3 classes"),
        (lambda: gradient_norms(tiny(), X, LABELS[1:]), ShapeError, "labels has shape (5,)"),
        (lambda: active_share(tiny(), X, "relu"), ValueError, "layer='relu': must be one of conv, norm, elu"),
        (lambda: active_share(tiny(), X, "conv"), ValueError, "layer='conv': must be an activation, not a Conv2d"),
        (lambda: strongest_patches(shifter(), IMAGES, "C1", count=1), ValueError, "layer='C1': must be one of conv, relu"),
        (lambda: strongest_patches(shifter(), IMAGES, "conv", 2, 1), ShapeError, "channel=2: must be below 2"),
        (lambda: strongest_patches(shifter(), IMAGES, "conv", -1, 1), ShapeError, "channel=-1"),
        (lambda: strongest_patches(shifter(), IMAGES, "conv"), ShapeError, "count=9: must be at most the number of images"),
        (lambda: strongest_patches(shifter(), IMAGES, "conv", count=0), ShapeError, "count=0: must be at least 1"),
        (lambda: strongest_patches(shifter(), 3, "conv"), ShapeError, "count=9"),
        (lambda: strongest_patches(shifter(), IMAGES[:, 0], "conv", count=1), ShapeError, "samples of shape (6, 6)"),
        (lambda: responses(Residual([Conv2d(2, 2, 1)]).init(0), X), TypeError, "net is a Residual"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)
