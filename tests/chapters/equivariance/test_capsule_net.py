"""Capsules: network."""

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lecture_lib.chapters.equivariance.capsule_net import (
    CAPSULES_WEIGHTS,
    PERTURBATIONS,
    CapsuleNet,
    DigitCaps,
    PrimaryCaps,
    margin_loss,
    route,
    routing_steps,
    squash,
    trained_capsules,
)
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.layers import Conv2d, StateError
from lecture_lib.models import summary
from lecture_lib.shapes import ONE_PIXEL, ShapeError
from lecture_lib.training import evaluate, fit
from tests.capsules_cases import (
    BOTH_DTYPES,
    EVERY,
    lengths,
    ready,
    result,
    some,
    tiny,
)
from tests.gradients import central_differences, check_gradient

# The weights that are shipped


@pytest.fixture(scope="module")
def shipped():
    return trained_capsules()


# Margin loss


def test_the_margin_loss_worked_out_by_hand():
    found = np.array([[0.95, 0.05, 0.1], [0.5, 0.7, 0.0]])
    loss, grad = margin_loss(found, np.array([0, 2]))
    first, second = 0.0, 0.5 * 0.4**2 + 0.5 * 0.6**2 + 0.9**2
    assert loss == pytest.approx((first + second) / 2)
    assert grad == pytest.approx(np.array([[0, 0, 0], [0.4 / 2, 0.6 / 2, -2 * 0.9 / 2]]))


@given(st.integers(1, 4), st.integers(2, 5), st.integers(0, 99))
def test_the_margin_losss_gradient_is_its_slope(n, classes, seed):
    rng = np.random.default_rng(seed)
    found, labels = rng.uniform(0, 1, (n, classes)), rng.integers(0, classes, n)
    slopes = central_differences(lambda at: margin_loss(at, labels)[0], found)
    assert np.allclose(margin_loss(found, labels)[1], slopes, rtol=1e-5, atol=1e-5)  # its slope has kinks, no jumps


@given(arrays(int, (3, 4), elements=st.integers(0, 20)))
def test_the_margin_loss_is_nothing_exactly_where_all_lengths_keep_their_margins(twentieths):
    labels = np.array([3, 0, 1])
    right = np.arange(4) == labels[:, None]
    kept = np.where(right, twentieths >= 18, twentieths <= 2).all()
    assert (margin_loss(twentieths / 20, labels)[0] < 1e-12) == kept


@pytest.mark.parametrize(
    ("found", "labels", "error", "words"),
    [
        (np.ones(3), [0], ShapeError, "lengths has shape"),
        (np.ones((1, 3)), [3], ValueError, "labels holds 3"),
        (np.ones((2, 3)), [1], ShapeError, "labels has shape"),
        (np.ones((1, 3)), [0.5], TypeError, "labels has dtype"),
        (np.array([["a"]]), [0], TypeError, "lengths has dtype"),
    ],
)
def test_the_margin_loss_names_what_is_wrong(found, labels, error, words):
    with pytest.raises(error, match=words):
        margin_loss(found, labels)


@EVERY
def test_backward_is_the_slope_of_forward_in_the_input_and_in_every_parameter(make, shape):
    layer = ready(make)
    learned = layer.parameters().values()

    def forward(x, *values):
        for parameter, value in zip(learned, values, strict=True):
            parameter.value = value
        return layer.forward(x)

    def backward(grad, x, *values):
        return (layer.backward(grad), *(parameter.grad for parameter in learned))

    check_gradient(forward, backward, some(3, *shape), *(parameter.value for parameter in learned), rtol=1e-5)


@EVERY
@BOTH_DTYPES
def test_shapes_are_as_foretold_dtypes_stay_and_nothing_changes_what_it_is_given(make, shape, dtype):
    layer, x = ready(make, dtype), some(3, *shape).astype(dtype)
    x.flags.writeable = False
    out = layer.forward(x)
    grad = np.ones(out.shape, dtype)
    grad.flags.writeable = False
    back = layer.backward(grad)
    assert out.shape == (3, *make().output_shape(shape)) and back.shape == x.shape
    assert out.dtype == back.dtype == dtype
    whole = {name: parameter.grad for name, parameter in layer.parameters().items()}
    assert all(value.dtype == dtype and value.shape == layer.state()[name].shape for name, value in whole.items())
    layer.forward(x)
    assert layer.backward(grad, input_grad=False) is None
    assert all(np.array_equal(parameter.grad, whole[name]) for name, parameter in layer.parameters().items())


@EVERY
def test_what_is_missing_is_answered_in_words(make, shape):
    with pytest.raises(StateError, match=r"has no \w+ yet: call init"):
        make().forward(some(1, *shape))
    with pytest.raises(StateError, match="call forward before backward"):
        make().init(np.random.default_rng(0)).backward(np.ones((1, *make().output_shape(shape))))


def test_primary_capsules_are_a_convolutions_channels_taken_together_and_squashed():
    layer, conv = ready(lambda: PrimaryCaps(2, 3, 4, 3, stride=2)), Conv2d(2, 12, 3, stride=2)
    for name, parameter in conv.state().items():
        parameter.value = layer.value(name)
    x = some(2, 2, 7, 9)
    maps, out = conv.forward(x), layer.forward(x)
    for n, kind, i, j in np.ndindex(2, 3, 3, 4):
        assert np.allclose(out[n, kind, i, j], squash(maps[n, 4 * kind : 4 * kind + 4, i, j]))


def test_each_vote_is_its_pairs_matrix_times_the_capsule_below():
    layer, u = ready(lambda: DigitCaps(6, 3, 2, 4)), some(2, 2, 3, 1, 3)
    votes, flat = layer.votes(u), u.reshape(2, 6, 3)
    for n, i, j in np.ndindex(2, 6, 2):
        assert np.allclose(votes[n, i, j], layer.weight.value[i, j] @ flat[n, i])
    assert np.allclose(layer.forward(u), route(votes, 3))


def test_the_papers_network_has_its_numbers():
    primary, digit = PrimaryCaps(256, 32, 8, 9, stride=2), DigitCaps(1152, 8, 10, 16)
    assert primary.output_shape((256, 20, 20)) == (32, 6, 6, 8)
    assert primary.multiply_adds((256, 20, 20)) == 36 * 256 * 81 * 256
    assert primary.connections((256, 20, 20)) == 36 * 256 * (81 * 256 + 1)
    assert digit.weight.size == digit.multiply_adds((32, 6, 6, 8)) == digit.connections((1152, 8)) == 1152 * 10 * 16 * 8
    fields = primary.receptive_field(Conv2d(1, 256, 9).receptive_field((ONE_PIXEL,) * 2, (1, 28, 28)), (256, 20, 20))
    assert [field.size for field in fields] == [17, 17]
    assert [field.size for field in digit.receptive_field(fields, (32, 6, 6, 8))] == [27, 27]  # 17 + 5 · 2
    assert digit.receptive_field(fields, (1152, 8)) == fields


def test_a_layer_says_what_it_was_made_with():
    assert repr(PrimaryCaps(4, 2, 8, 5, stride=2)) == (
        "PrimaryCaps(types=2, dimensions=8, in_channels=4, kernel_size=(5, 5), stride=(2, 2))"
    )
    assert repr(DigitCaps(6, 8, 10, 16)) == (
        "DigitCaps(in_capsules=6, in_dimensions=8, capsules=10, dimensions=16, iterations=3)"
    )


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: PrimaryCaps(2, 0, 8, 3), ShapeError, "types=0"),
        (lambda: PrimaryCaps(2, 2, 0, 3), ShapeError, "dimensions=0"),
        (lambda: PrimaryCaps(2, 2, 8, 3).output_shape((3, 5, 5)), ShapeError, r"takes maps of shape \(2, H, W\)"),
        (lambda: DigitCaps(0, 8, 10, 16), ShapeError, "in_capsules=0"),
        (lambda: DigitCaps(4, 8, 10, 16, iterations=0), ShapeError, "iterations=0"),
        (lambda: DigitCaps(4, 8, 10, 16, gain=-1), ValueError, "gain=-1"),
        (lambda: DigitCaps(4, 8, 10, 16).output_shape((5, 8)), ShapeError, "takes 4 capsules of 8 numbers a sample"),
        (lambda: DigitCaps(4, 8, 10, 16).output_shape((4, 7)), ShapeError, r"not \(4, 7\)"),
        (lambda: DigitCaps(8, 8, 10, 16).output_shape((8,)), ShapeError, r"not \(8,\)"),
        (lambda: CapsuleNet(side=14), ShapeError, "layer primary"),
        (lambda: CapsuleNet(hidden=(5,)), ShapeError, r"hidden=\(5,\)"),
        (lambda: CapsuleNet(hidden=(5, 0)), ShapeError, r"hidden\[1\]=0"),
        (lambda: CapsuleNet(hidden=5.0), TypeError, "hidden=5.0"),
    ],
)
def test_a_layer_that_does_not_fit_says_why(call, error, words):
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(
    ("kind", "usual", "shape", "changes"),
    [
        (PrimaryCaps, {"in_channels": 2, "types": 2, "dimensions": 3, "kernel_size": 2}, (2, 6, 6),
         {"in_channels": (3, (3, 6, 6)), "types": 3, "dimensions": 2, "kernel_size": 3, "stride": 2, "padding": 1,
          "gain": 0.5}),
        (DigitCaps, {"in_capsules": 4, "in_dimensions": 3, "capsules": 2, "dimensions": 5}, (4, 3),
         {"in_capsules": (2, (2, 3)), "in_dimensions": (2, (4, 2)), "capsules": 3, "dimensions": 4, "iterations": 1,
          "gain": 0.5}),
        (CapsuleNet, {"channels": 3, "types": 2, "dimensions": 4, "hidden": (5, 6), "side": 21}, (1, 21, 21),
         {"channels": 4, "types": 3, "dimensions": 5, "hidden": [(6, 6), (5, 7)], "iterations": 1, "classes": 3,
          "side": (23, (1, 23, 23))}),
    ],
    ids=["PrimaryCaps", "DigitCaps", "CapsuleNet"],
)  # fmt: skip
def test_every_setting_changes_the_result(kind, usual, shape, changes):
    assert set(changes) == set(inspect.signature(kind).parameters)
    base = result(kind(**usual), shape)
    for name, value in changes.items():
        for each in value if isinstance(value, list) else [value]:
            changed, other_shape = each if isinstance(each, tuple) and name != "hidden" else (each, shape)
            other = result(kind(**usual | {name: changed}), other_shape)
            assert not all(a.shape == b.shape and np.array_equal(a, b) for a, b in zip(base, other, strict=True)), name


def test_the_nets_table_holds_all_of_it_and_the_lengths_are_those_of_the_capsules():
    net = CapsuleNet()
    table = summary(net, (1, 28, 28))
    sizes = {row.layer: row.output_shape for row in table.rows}
    assert sizes["encoder.primary"] == (6, 4, 4, 8) and sizes["encoder.digit"] == (10, 16)
    assert table.rows[-1].output_shape == (784,) and net.output_shape((1, 28, 28)) == (10,)
    assert table.total_parameters == sum(parameter.size for parameter in net.parameters().values())
    small, x = tiny(), some(2, 1, 19, 19)
    assert np.allclose(small.forward(x), lengths(small["encoder"].forward(x)))
    assert np.allclose(small["encoder"].forward(x), route(small.votes(x)))


def test_every_gradient_of_the_net_is_the_slope_of_its_whole_loss():
    net, x, labels = tiny(), some(2, 1, 19, 19), np.array([2, 0])
    net["encoder"]["digit"].weight.value *= 3  # capsules long enough to matter

    def loss():
        return net.loss(net.forward(x), labels)[0]

    net.backward(net.loss(net.forward(x), labels)[1], input_grad=False)
    for number, (name, parameter) in enumerate(net.parameters().items()):
        start, found = parameter.value, parameter.grad
        for direction in some(3, *parameter.shape, seed=number):
            parameter.value = start + 1e-6 * direction
            above = loss()
            parameter.value = start - 1e-6 * direction
            slope = (above - loss()) / 2e-6
            assert np.vdot(found, direction) == pytest.approx(slope, rel=1e-4, abs=1e-9), name
        parameter.value = start


def test_the_reconstructions_share_of_the_loss_is_the_papers():
    x, labels = digits_as_input(load_digits("test")[0][:4]), np.array([2, 0, 1, 1])
    net = CapsuleNet(2, 1, 3, (4, 5), classes=3).init(0, np.float64)
    whole, grad = net.loss(net.forward(x), labels)
    margin, expected = margin_loss(net.forward(x), labels)
    pixels = load_digits("test")[0][:4] / 255
    painted = net.reconstruct(net["encoder"].forward(x), labels)
    assert whole - margin == pytest.approx(0.0005 * ((painted - pixels) ** 2).sum() / 4, rel=1e-6)
    assert np.array_equal(grad, expected)


def test_without_the_loss_backward_is_that_of_the_lengths_alone():
    net = tiny()
    check_gradient(net.forward, lambda grad, x: net.backward(grad), some(2, 1, 19, 19), rtol=1e-4, step=1e-6)


def test_the_decoder_sees_one_capsule_and_no_other():
    net, v = tiny(), some(2, 3, 3) / 4
    other = v.copy()
    other[0, [0, 1]] = 9
    other[1, [0, 2]] = 9
    assert np.array_equal(net.reconstruct(v, [2, 1]), net.reconstruct(other, [2, 1]))
    assert not np.allclose(net.reconstruct(v, [2, 1]), net.reconstruct(v, [1, 1]))
    longest = lengths(v).argmax(axis=1)
    assert np.array_equal(net.reconstruct(v), net.reconstruct(v, longest))
    assert net.reconstruct(v).shape == (2, 19, 19)


def test_perturbed_pictures_are_those_of_the_changed_capsules():
    net, capsule = tiny(), np.array([0.1, -0.2, 0.3])
    pictures = net.perturbed(capsule, 1, [-0.5, 0, 0.25])
    assert pictures.shape == (3, 3, 19, 19) and net.perturbed(capsule, 1).shape[1] == len(PERTURBATIONS) == 11
    for d, c in np.ndindex(3, 3):
        v = np.zeros((1, 3, 3))
        v[0, 1] = capsule
        v[0, 1, d] += [-0.5, 0, 0.25][c]
        assert np.allclose(pictures[d, c], net.reconstruct(v, [1])[0])
    assert capsule.tolist() == [0.1, -0.2, 0.3]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda net: net.loss(np.ones((1, 3)), [0]), StateError, "call forward"),
        (lambda net: net.backward(np.ones((1, 3))), StateError, "call forward before backward"),
        (lambda net: net.reconstruct(np.ones((1, 3))), ShapeError, r"v has shape \(1, 3\)"),
        (lambda net: net.reconstruct(np.ones((1, 3, 3)), [3]), ValueError, "labels holds 3"),
        (lambda net: net.perturbed(np.ones((3, 3)), 1), ShapeError, "capsule has shape"),
        (lambda net: net.perturbed(np.ones(3), -1), ValueError, "labels holds -1"),
        (lambda net: net.perturbed(np.ones(3), 1, 0.5), ShapeError, "changes has shape"),
    ],
)
def test_the_net_names_what_is_wrong(call, error, words):
    with pytest.raises(error, match=words):
        call(tiny())


def test_on_a_hundred_digits_the_loss_falls_and_most_are_learned():
    images, labels = load_digits("train")
    net = CapsuleNet().init(0)
    settings = {"epochs": 15, "batch_size": 25, "lr": 3e-3, "prepare": digits_as_input}
    losses = [record.loss for record in fit(net, (images[:100], labels[:100]), loss=net.loss, **settings)]
    assert np.mean(losses[-4:]) < 0.2 * np.mean(losses[:4])
    assert evaluate(net, (images[:100], labels[:100]), prepare=digits_as_input).accuracy > 0.9


def test_the_shipped_net_reads_as_many_of_the_official_test_digits_as_its_notes_say(shipped):
    net, notes = shipped
    assert notes.keys() == {"command", "seed", "test_accuracy", "training_digits"}
    accuracy = evaluate(net, load_digits("test"), prepare=digits_as_input).accuracy
    assert accuracy == pytest.approx(float(notes["test_accuracy"]), abs=2e-4) and accuracy >= 0.99
    assert CAPSULES_WEIGHTS.stat().st_size < 800_000
    assert trained_capsules()[0]["encoder"]["digit"].weight.value is not net["encoder"]["digit"].weight.value


def test_the_shipped_net_paints_a_digit_that_it_reads_as_the_same_one(shipped):
    net, _ = shipped
    images, labels = load_digits("test")
    v = net["encoder"].forward(digits_as_input(images[:500]))
    painted = net.reconstruct(v, labels[:500])
    assert painted.min() >= 0 and painted.max() <= 1
    again = digits_as_input((255 * painted).round().astype(np.uint8))
    assert np.mean(net.forward(again).argmax(axis=1) == labels[:500]) > 0.97
    pixels = images[:500] / 255
    mean = np.stack([images[labels == label].mean(axis=0) / 255 for label in labels[:500]])
    assert np.mean((painted - pixels) ** 2) < 0.6 * np.mean((mean - pixels) ** 2)  # more than which class it is


def test_every_iteration_makes_the_capsule_of_the_right_digit_longer(shipped):
    images, labels = load_digits("test")
    steps = routing_steps(shipped[0].votes(digits_as_input(images[:200])), 4)
    found = [lengths(step.v)[np.arange(200), labels[:200]].mean() for step in steps]
    assert (np.diff(found) > 0).all() and found[0] < 0.5 and found[-1] > 0.9


def test_the_shipped_nets_capsules_say_something_with_each_of_their_numbers(shipped):
    net, _ = shipped
    images, labels = load_digits("test")
    two = int(np.flatnonzero(labels == 2)[0])
    rows = net.perturbed(net["encoder"].forward(digits_as_input(images[two : two + 1]))[0, 2], 2)
    assert (np.abs(rows[:, 0] - rows[:, -1]).max(axis=(1, 2)) > 0.1).all()
    assert np.allclose(rows[:, 5], rows[0, 5], atol=1e-6)  # nothing is changed in the middle
