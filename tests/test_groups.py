"""Groups by their matrices, actions pixel by pixel, layers by the paper's sums; equivariance; what is refused."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib import groups, ops
from lecture_lib.data import digits_as_input, load_digits
from lecture_lib.groups import GROUPS, GroupPool, P4Conv, P4Lift, P4MConv, P4MLift, transform_image, transform_maps
from lecture_lib.layers import Activation, BatchNorm2d, Conv2d, GlobalAvgPool2d, Layer, Linear, Maxout
from lecture_lib.models import Sequential
from lecture_lib.shapes import ONE_PIXEL, ShapeError, dropped_columns
from lecture_lib.training import fit, predict
from tests import test_layers
from tests.test_layers import ready

CONVOLUTIONS = [P4Lift, P4Conv, P4MLift, P4MConv]
EVERY_CONVOLUTION = pytest.mark.parametrize("kind", CONVOLUTIONS)
EVERY_GROUP = pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
rng = np.random.default_rng(0)


def move(element, z):
    """Where an element takes a point of the plane, as a complex number: mirrored left and right, then turned."""
    k, mirrored = element % 4, element >= 4
    return 1j**k * (-np.conj(z) if mirrored else z)


def product(g, h, group):
    """Which element does h, then g: the one that takes a point without symmetry to the same place."""
    at = move(g, move(h, 1 + 2j))
    return next(each for each in range(group.order) if move(each, 1 + 2j) == at)


def inverse(g, group):
    return next(each for each in range(group.order) if product(each, g, group) == 0)


def points(h, w):
    """Each pixel (i, j) with its place in the plane, as seen from the centre."""
    return {(i, j): (j - (w - 1) / 2) + 1j * ((h - 1) / 2 - i) for i, j in np.ndindex(h, w)}


def pixel(z, h, w):
    """The pixel at a place of the plane."""
    return round((h - 1) / 2 - z.imag), round(z.real + (w - 1) / 2)


# Groups


@EVERY_GROUP
def test_the_table_is_composition_of_movements_of_the_plane(group):
    for g, h in np.ndindex(group.order, group.order):
        assert group.table[g, h] == product(g, h, group)


@EVERY_GROUP
def test_the_axioms(group):
    table, all_of_them = group.table, np.arange(group.order)
    assert np.array_equal(table[0], all_of_them) and np.array_equal(table[:, 0], all_of_them)
    for line in (*table, *table.T):  # closed, and what is done can be undone
        assert np.array_equal(np.sort(line), all_of_them)
    for a, b, c in np.ndindex(3 * (group.order,)):
        assert table[table[a, b], c] == table[a, table[b, c]]


@EVERY_GROUP
def test_inverses_undo_on_both_sides(group):
    for g, back in enumerate(group.inverses):
        assert group.table[g, back] == group.table[back, g] == 0


def test_turns_commute_and_turns_and_reflections_do_not():
    p4, p4m = GROUPS["p4"].table, GROUPS["p4m"].table
    assert np.array_equal(p4, p4.T) and not np.array_equal(p4m, p4m.T)
    assert np.array_equal(p4m[:4, :4], p4)  # the turns in p4m are p4
    assert [g for g in range(8) if p4m[g, g] == 0] == [
        0,
        2,
        4,
        5,
        6,
        7,
    ]  # reflections and the half turn undo themselves


@EVERY_GROUP
def test_an_elements_name_says_what_it_does_read_from_the_right(group):
    image = rng.normal(size=(3, 4))
    assert len(group.elements) == group.order == (8 if group.name == "p4m" else 4)
    for g, name in enumerate(group.elements):
        moved = image
        for letter in reversed(name.replace("r³", "rrr").replace("r²", "rr")):
            moved = {"e": np.copy, "r": np.rot90, "m": np.fliplr}[letter](moved)
        assert np.array_equal(transform_image(image, g), moved)


# Actions

sides = st.integers(1, 5)


@given(sides, sides, st.integers(0, 7))
def test_a_picture_moves_pixel_by_pixel(h, w, g):
    image = np.arange(1.0, h * w + 1).reshape(h, w)
    moved = transform_image(image, g)
    for (i, j), z in points(h, w).items():
        assert moved[pixel(move(g, z), *moved.shape)] == image[i, j]


@given(sides, sides, st.integers(1, 3), st.sampled_from(sorted(GROUPS)), st.data())
def test_maps_move_pixel_by_pixel_and_change_places(h, w, channels, name, data):
    group = GROUPS[name]
    g = data.draw(st.integers(0, group.order - 1))
    maps = np.arange(1.0, 2 * channels * group.order * h * w + 1).reshape(2, -1, h, w)
    moved = transform_maps(maps, g, name)
    for c, e in np.ndindex(channels, group.order):
        to = c * group.order + product(g, e, group)
        assert np.array_equal(moved[:, to], transform_image(maps[:, c * group.order + e], g))


@EVERY_GROUP
def test_one_after_the_other_is_the_composition(group):
    image, maps = rng.normal(size=(3, 4)), rng.normal(size=(2, 2 * group.order, 3, 4))
    for g, h in np.ndindex(group.order, group.order):
        both = group.table[g, h]
        assert np.array_equal(transform_image(transform_image(image, h), g), transform_image(image, both))
        one_by_one = transform_maps(transform_maps(maps, h, group.name), g, group.name)
        assert np.array_equal(one_by_one, transform_maps(maps, both, group.name))


@pytest.mark.parametrize("act", [transform_image, lambda x, g: transform_maps(x, g, "p4m")], ids=["image", "maps"])
def test_moving_copies_numbers_as_they_are(act):
    for dtype, kept in ((np.uint8, np.uint8), (np.float32, np.float32), (np.float64, np.float64), (int, np.float64)):
        x = rng.integers(0, 255, (8, 3, 3)).astype(dtype)
        before = x.copy()
        for g in range(8):
            moved = act(x, g)
            assert moved.dtype == kept and not np.shares_memory(moved, x)
            assert np.array_equal(np.sort(moved, axis=None), np.sort(x, axis=None))
        assert np.array_equal(x, before)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: transform_image(np.ones(3), 1), ShapeError, "images has shape (3,): must have the axes (..., H, W)"),
        (lambda: transform_image(np.ones((0, 3)), 1), ShapeError, "images has shape (0, 3)"),
        (lambda: transform_image([["a"]], 1), TypeError, "images has dtype"),
        (lambda: transform_image(np.ones((3, 3)), 8), ValueError, "element=8: must be below 8"),
        (lambda: transform_image(np.ones((3, 3)), -1), ValueError, "element=-1: must be at least 0"),
        (lambda: transform_image(np.ones((3, 3)), 1.0), TypeError, "element=1.0"),
        (lambda: transform_maps(np.ones((4, 3, 3)), 4, "p4"), ValueError, "element=4: must be below 4"),
        (lambda: transform_maps(np.ones((4, 3, 3)), 0, "p5"), ValueError, "group='p5': must be one of p4, p4m"),
        (lambda: transform_maps(np.ones((4, 3, 3)), 0, "p4m"), ShapeError, "maps has shape (4, 3, 3): must have a mult"),
        (lambda: transform_maps(np.ones((3, 3)), 0, "p4"), ShapeError, "maps has shape (3, 3)"),
        (lambda: transform_maps([[["a"]]], 0, "p4"), TypeError, "maps has dtype"),
    ],
)  # fmt: skip
def test_a_movement_that_is_none_is_named(call, error, words):
    with pytest.raises(error) as caught:
        call()
    assert words in str(caught.value)


# Layers by the paper's sums


def by_the_paper(layer, x):
    """Equations 10 and 11 of Cohen & Welling 2016 at stride 1 without padding, one product at a time."""
    group, order, side = layer.group, layer.group.order, layer.kernel_size[0]
    seen = 1 if layer.lifts else order
    psi = layer.weight.value.reshape(layer.out_channels, -1, seen, side, side)
    f = x.reshape(len(x), -1, seen, *x.shape[2:])
    h, w = (n - side + 1 for n in x.shape[2:])
    out = np.zeros((len(x), layer.out_channels, order, h, w))
    for k, g in np.ndindex(layer.out_channels, order):
        back = inverse(g, group)
        for (a, b), y in points(side, side).items():
            u, v = pixel(move(back, y), side, side)  # ψ(g⁻¹ y)
            for i, j, c, e in np.ndindex(h, w, f.shape[1], seen):
                of = 0 if layer.lifts else product(back, e, group)  # ψ(g⁻¹ h)
                out[:, k, g, i, j] += f[:, c, e, i + a, j + b] * psi[k, c, of, u, v]
        out[:, k, g] += layer.bias.value[k]
    return out.reshape(len(x), -1, h, w)


@EVERY_CONVOLUTION
@pytest.mark.parametrize("side", [1, 2, 3])
def test_a_layer_is_the_papers_sum(kind, side):
    layer = ready(lambda: kind(2, 2, side))
    x = rng.normal(size=(2, layer.weight.shape[1], 3, 4))
    assert np.allclose(layer.forward(x), by_the_paper(layer, x), 1e-12, 1e-12)


@EVERY_CONVOLUTION
def test_a_layer_is_a_convolution_whose_bank_has_a_moved_copy_of_each_filter_for_each_element(kind):
    options = {"stride": 2, "padding": 1, "dilation": 2}
    layer = ready(lambda: kind(2, 3, 3, **options))
    name, order, filters = kind.group.name, kind.group.order, layer.weight.value
    bank, x = layer.value("weight"), rng.normal(size=(2, filters.shape[1], 6, 7))
    for k, g in np.ndindex(3, order):
        moved = transform_image(filters[k], g) if kind.lifts else transform_maps(filters[k], g, name)
        assert np.array_equal(bank[k * order + g], moved)
    expected = ops.conv2d(x, bank, np.repeat(layer.bias.value, order), **options)
    assert np.array_equal(layer.forward(x), expected)


# Equivariance


def error(layer, x, group):
    """The largest difference of φ(g x) and M_g φ(x) over all g, as a share of the largest number."""
    takes_maps = isinstance(layer, P4Conv | P4MConv)
    found, out = [], layer.forward(x)
    for g in range(group.order):
        before = layer.forward(transform_maps(x, g, group.name) if takes_maps else transform_image(x, g))
        after = transform_maps(out, g, group.name)
        assert before.shape == after.shape
        found.append(np.abs(before - after).max() / np.abs(out).max())
    return max(found)


small = st.integers(1, 3)


@st.composite
def layers(draw, strides=small):
    """A group convolution with weights and an input whose last pixel its windows reach."""
    kind, side, stride = draw(st.sampled_from(CONVOLUTIONS)), draw(st.integers(1, 4)), draw(strides)
    padding, dilation = draw(st.integers(0, 2)), draw(st.integers(1, 2))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    layer = kind(draw(small), draw(small), side, stride=stride, padding=padding, dilation=dilation)
    layer.init(numbers, np.float64)
    layer.bias.value = numbers.normal(size=layer.bias.shape)
    span = dilation * (side - 1) + 1 - 2 * padding
    least = -(-max(0, 1 - span) // stride)
    h, w = (span + stride * (least + draw(st.integers(0, 3))) for _ in range(2))
    return layer, numbers.normal(size=(2, layer.weight.shape[1], h, w))


@given(layers())
def test_turning_before_and_after_is_the_same_for_every_element(drawn):
    layer, x = drawn
    assert error(layer, x, layer.group) < 1e-12


@EVERY_CONVOLUTION
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize("side", [2, 3])
def test_it_is_exact_just_where_no_pixel_is_dropped(kind, stride, padding, side):
    layer = ready(lambda: kind(1, 2, side, stride=stride, padding=padding))
    for n in range(4, 10):
        off = error(layer, rng.normal(size=(1, layer.weight.shape[1], n, n)), kind.group)
        assert (off < 1e-12) == (dropped_columns(n, side, stride, padding) == 0)
        assert off < 1e-12 or off > 0.01  # round-off, or plainly wrong


def test_three_by_three_at_stride_two_is_exact_on_odd_sizes_only():
    layer = ready(lambda: P4Conv(1, 2, 3, stride=2, padding=1))
    off = [error(layer, rng.normal(size=(1, 4, n, n)), GROUPS["p4"]) for n in range(5, 11)]
    assert max(off[::2]) < 1e-12 and min(off[1::2]) > 0.01


@pytest.mark.parametrize("group", GROUPS.values(), ids=list(GROUPS))
def test_a_convolution_of_as_many_maps_is_not_equivariant(group):
    layer = ready(lambda: Sequential([Conv2d(1, 2 * group.order, 3)]))
    assert error(layer, rng.normal(size=(1, 1, 7, 7)), group) > 0.1


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("parts", [(P4Lift, P4Conv), (P4MLift, P4MConv)], ids=["p4", "p4m"])
def test_a_stack_of_layers_is_equivariant(parts, activation):
    lift, conv = parts
    net = Sequential([lift(1, 2, 3, padding=1), Activation(activation), conv(2, 3, 3), Activation(activation),
                      conv(3, 2, 2)]).init(0, np.float64)  # fmt: skip
    for size in ((7, 7), (8, 8), (6, 9)):
        assert error(net, rng.normal(size=(2, 1, *size)), lift.group) < 1e-12


def test_a_norm_with_weights_for_each_map_breaks_it():
    net = Sequential([P4Lift(1, 2, 3), BatchNorm2d(8)]).init(0, np.float64)
    net["1"].weight.value = rng.uniform(0.5, 2, 8)
    assert error(net, rng.normal(size=(2, 1, 7, 7)), GROUPS["p4"]) > 0.1


@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("parts", [(P4Lift, P4Conv), (P4MLift, P4MConv)], ids=["p4", "p4m"])
def test_pooled_over_the_group_maps_turn_as_pictures_and_pooled_over_places_too_nothing_changes(parts, kind):
    lift, conv = parts
    order = lift.group.order
    layers = [lift(1, 3, 3), Activation("relu"), conv(3, 4, 3), GroupPool(order, kind)]
    maps = Sequential(layers).init(0, np.float64)
    numbers = Sequential([*layers, GlobalAvgPool2d(), Linear(4, 5)]).init(1, np.float64)
    x = rng.normal(size=(3, 1, 9, 8))
    for g in range(order):
        turned = transform_image(x, g)
        assert np.allclose(maps.forward(turned), transform_image(maps.forward(x), g), 1e-12, 1e-12)
        assert np.allclose(numbers.forward(turned), numbers.forward(x), 1e-12, 1e-12)


@given(layers())
@settings(max_examples=40)
def test_gradients_turn_with_the_input_and_those_of_the_weights_stay(drawn):
    layer, x = drawn
    group = layer.group
    grad = np.random.default_rng(1).normal(size=layer.forward(x).shape)
    grad_x, grad_weight, grad_bias = layer.backward(grad), layer.weight.grad, layer.bias.grad
    for g in range(group.order):
        turn = transform_image if layer.lifts else lambda maps, g: transform_maps(maps, g, group.name)
        layer.forward(turn(x, g))
        assert np.allclose(layer.backward(transform_maps(grad, g, group.name)), turn(grad_x, g), 1e-11, 1e-11)
        assert np.allclose(layer.weight.grad, grad_weight, 1e-11, 1e-11)
        assert np.allclose(layer.bias.grad, grad_bias, 1e-11, 1e-11)


# Gradients


@given(layers())
def test_backward_is_the_adjoint_of_forward_in_the_input_and_in_the_parameters(drawn):
    layer, x = drawn
    out, nothing = layer.forward(x), layer.forward(np.zeros_like(x))
    grad = np.random.default_rng(1).normal(size=out.shape)
    layer.forward(x)
    grad_x = layer.backward(grad)
    assert np.vdot(out - nothing, grad) == pytest.approx(np.vdot(x, grad_x), 1e-10, 1e-10)
    by_parameters = sum(np.vdot(each.value, each.grad) for each in layer.parameters().values())
    assert np.vdot(out, grad) == pytest.approx(by_parameters, 1e-10, 1e-10)


# What all layers hold, on these

CASES = [
    (lambda: P4Lift(2, 2, 3), (2, 4, 5)),
    (lambda: P4Lift(1, 2, 2, stride=2, padding=1, dilation=2), (1, 4, 3)),
    (lambda: P4Conv(2, 2, 2), (8, 3, 4)),
    (lambda: P4Conv(1, 2, 3, stride=2, padding=1), (4, 4, 3)),
    (lambda: P4MLift(2, 1, 3), (2, 4, 3)),
    (lambda: P4MConv(1, 2, 2), (8, 3, 2)),
    (lambda: P4MConv(1, 1, 3, stride=2, padding=2, dilation=2), (8, 3, 3)),
    (lambda: GroupPool(4), (8, 2, 3)),
    (lambda: GroupPool(8, "mean"), (16, 2, 1)),
    (lambda: GroupPool(2), (6,)),
]
HELD = [
    each
    for name, each in vars(test_layers).items()
    if name.startswith("test_") and {"make", "shape"} <= {*inspect.signature(each).parameters} <= {"make", "shape", "training", "dtype"}
]  # fmt: skip
NEEDS_WEIGHTS = test_layers.test_forward_before_init_is_answered_in_words


def public_layers():
    return {
        each
        for name, each in vars(groups).items()
        if inspect.isclass(each) and issubclass(each, Layer) and each.__module__ == groups.__name__ and name[0] != "_"
    }


def test_no_layer_is_left_out_here():
    assert {type(make()) for make, _ in CASES} == {each for each, *_ in SETTINGS} == public_layers()
    assert len(HELD) >= 11


@pytest.mark.parametrize("theorem", HELD, ids=lambda theorem: theorem.__name__.removeprefix("test_"))
@pytest.mark.parametrize(("make", "shape"), CASES, ids=[f"{make()!r} on {shape}" for make, shape in CASES])
def test_what_every_layer_holds(theorem, make, shape):
    given = {"make": make, "shape": shape, "training": True, "dtype": np.float32}
    if theorem is not NEEDS_WEIGHTS or make().state():
        theorem(**{name: given[name] for name in inspect.signature(theorem).parameters})


OPTIONS = {"out_channels": 4, "kernel_size": 2, "stride": 2, "padding": 1, "dilation": 2, "gain": 1.0}
SETTINGS = [
    *[
        (kind, {"in_channels": 2, "out_channels": 3, "kernel_size": 3}, (2 * seen, 7, 7),
         {"in_channels": (3, (3 * seen, 7, 7)), **OPTIONS})
        for kind, seen in ((P4Lift, 1), (P4Conv, 4), (P4MLift, 1), (P4MConv, 8))
    ],
    (GroupPool, {"order": 4}, (8, 2, 2), {"order": 2, "kind": "mean"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "usual", "shape", "changes"), SETTINGS, ids=[each.__name__ for each, *_ in SETTINGS])
def test_every_setting_changes_the_result(kind, usual, shape, changes):
    test_layers.test_every_setting_changes_the_result(kind, usual, shape, changes)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (P4Lift(3, 10, 5), "P4Lift(in_channels=3, out_channels=10, kernel_size=(5, 5))"),
        (
            P4MConv(4, 8, 3, stride=2, padding=1, dilation=3),
            "P4MConv(in_channels=4, out_channels=8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(3, 3))",
        ),
        (GroupPool(4), "GroupPool(order=4, kind='max')"),
    ],
)
def test_a_layer_says_what_it_was_made_with(layer, text):
    assert repr(layer) == text and text.startswith(layer.kind)


@pytest.mark.parametrize(
    ("layer", "shape", "words"),
    [
        (P4Lift(3, 2, 3), (4, 8, 8), "(3, H, W) a sample, 1 a channel"),
        (P4Conv(3, 2, 3), (3, 8, 8), "(12, H, W) a sample, 4 a channel"),
        (P4MLift(1, 2, 3), (8, 8), "(1, H, W)"),
        (P4MConv(1, 2, 3), (4, 8, 8), "(8, H, W) a sample, 8 a channel"),
        (GroupPool(4), (6, 2, 2), "multiple of 4 maps, not 6"),
    ],
)
def test_a_wrong_shape_is_refused_by_name(layer, shape, words):
    test_layers.test_a_wrong_shape_is_refused_by_name(layer, shape, words)


@EVERY_CONVOLUTION
@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"in_channels": 0}, ShapeError, "in_channels=0"),
        ({"in_channels": 1.5}, TypeError, "in_channels=1.5"),
        ({"out_channels": 0}, ShapeError, "out_channels=0"),
        ({"kernel_size": 0}, ShapeError, "kernel_size=0"),
        ({"kernel_size": (3, 2)}, ShapeError, "kernel_size=(3, 2): must be the same along both axes"),
        ({"stride": (1, 2)}, ShapeError, "stride=(1, 2): must be the same along both axes"),
        ({"padding": (1, 0)}, ShapeError, "padding=(1, 0): must be the same along both axes"),
        ({"dilation": (2, 1)}, ShapeError, "dilation=(2, 1): must be the same along both axes"),
        ({"padding": -1}, ShapeError, "padding=-1"),
        ({"gain": -1.0}, ValueError, "gain=-1.0"),
    ],
    ids=str,
)
def test_a_wrong_setting_of_a_convolution_is_named(kind, change, error, words):
    with pytest.raises(error) as caught:
        kind(**{"in_channels": 1, "out_channels": 1, "kernel_size": 3} | change)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: GroupPool(0), ShapeError, "order=0"),
        (lambda: GroupPool(4.0), TypeError, "order=4.0"),
        (lambda: GroupPool(4, "sum"), ValueError, "kind='sum': must be one of max, mean"),
    ],
)
def test_a_wrong_setting_of_pooling_is_named(make, error, words):
    with pytest.raises(error) as caught:
        make()
    assert words in str(caught.value)


# Counts


@pytest.mark.parametrize(("lift", "conv", "order"), [(P4Lift, P4Conv, 4), (P4MLift, P4MConv, 8)], ids=["p4", "p4m"])
def test_weights_are_shared_over_the_group_and_multiply_adds_are_not(lift, conv, order):
    plain = Conv2d(3, 10, 5, padding=2)
    layer = lift(3, 10, 5, padding=2)
    assert [p.size for p in layer.parameters().values()] == [p.size for p in plain.parameters().values()] == [750, 10]
    assert layer.multiply_adds((3, 32, 32)) == order * plain.multiply_adds((3, 32, 32))
    assert layer.connections((3, 32, 32)) == order * plain.connections((3, 32, 32))

    layer, plain = conv(6, 16, 5, stride=2), Conv2d(6 * order, 16 * order, 5, stride=2)
    shape = 6 * order, 14, 15
    assert sum(p.size for p in layer.parameters().values()) == 16 * 6 * order * 25 + 16
    assert layer.weight.size * order == plain.weight.size
    assert layer.output_shape(shape) == plain.output_shape(shape)
    assert layer.multiply_adds(shape) == plain.multiply_adds(shape)
    assert layer.connections(shape) == plain.connections(shape)
    fields = ONE_PIXEL, ONE_PIXEL
    assert layer.receptive_field(fields, shape) == plain.receptive_field(fields, shape)


@EVERY_CONVOLUTION
@pytest.mark.parametrize("gain", [2.0, 0.5])
def test_the_first_weights_have_variance_gain_over_fan_in_and_the_biases_are_zero(kind, gain):
    layer = kind(8, 64, 5, gain=gain).init(np.random.default_rng(0))
    fan_in = 8 * 25 * (1 if kind.lifts else kind.group.order)
    assert layer.weight.value.var() == pytest.approx(gain / fan_in, rel=5 * math.sqrt(2 / layer.weight.size))
    assert not layer.bias.value.any() and layer.weight.decays and not layer.bias.decays


# Pooling over the group


def test_group_pooling_by_hand():
    x = np.array([[1.0, 5, 4, 3, 0, -1, 2, 0]]).reshape(1, 8, 1, 1)
    assert GroupPool(4).forward(x).ravel().tolist() == [5, 2]
    assert GroupPool(4, "mean").forward(x).ravel().tolist() == [3.25, 0.25]
    assert GroupPool(8).forward(x).ravel().tolist() == [5]


@given(small, st.integers(1, 8), sides)
def test_group_pooling_is_maxout_of_neighbours_or_their_mean(channels, order, side):
    numbers = np.random.default_rng(side)
    x = numbers.integers(-2, 3, (2, channels * order, side, side)).astype(float)  # with equal ones
    grad = numbers.normal(size=(2, channels, side, side))
    ours, maxout = GroupPool(order), Maxout(order)
    assert np.array_equal(ours.forward(x), maxout.forward(x))
    assert np.array_equal(ours.backward(grad), maxout.backward(grad))
    mean = GroupPool(order, "mean")
    assert np.allclose(mean.forward(x), x.reshape(2, channels, order, side, side).mean(axis=2))
    assert np.allclose(mean.backward(grad), np.repeat(grad / order, order, axis=1))


def test_group_pooling_leaves_the_batch_last_in_memory():
    x = ops.batch_last(4, 8, 3, 3, np.float32)
    x[...] = 1
    for kind in ("max", "mean"):
        assert GroupPool(4, kind).forward(x).transpose(1, 2, 3, 0).flags.c_contiguous


# Training


@pytest.mark.parametrize(("lift", "conv", "order"), [(P4Lift, P4Conv, 4), (P4MLift, P4MConv, 8)], ids=["p4", "p4m"])
def test_a_net_of_these_layers_learns_digits_and_stays_invariant(lift, conv, order):
    images, labels = load_digits("train")
    x, labels = digits_as_input(images[:200]), labels[:200]  # 28 pixels, then 13, 6 and 1: none is dropped
    net = Sequential([
        lift(1, 4, 4, stride=2), Activation("relu"), conv(4, 8, 3, stride=2), Activation("relu"),
        conv(8, 16, 6), Activation("relu"), GroupPool(order), GlobalAvgPool2d(), Linear(16, 10),
    ]).init(0)  # fmt: skip
    losses = [record.loss for record in fit(net, (x, labels), epochs=5, batch_size=20, lr=0.005)]
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:10])
    logits = predict(net, x)
    for g in range(order):
        assert np.allclose(predict(net, transform_image(x, g)), logits, 1e-3, 1e-4)
