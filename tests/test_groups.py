"""Groups by their matrices, actions pixel by pixel, layers by the paper's sums; equivariance; what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lecture_lib import ops
from lecture_lib.groups import GROUPS, GroupPool, P4Conv, P4Lift, P4MConv, P4MLift, transform_image, transform_maps
from lecture_lib.layers import Activation, BatchNorm2d, Conv2d, GlobalAvgPool2d, Linear
from lecture_lib.models import Sequential
from lecture_lib.shapes import ShapeError, dropped_columns
from tests.groups_cases import (
    EVERY_CONVOLUTION,
    EVERY_GROUP,
    by_the_paper,
    error,
    layers,
    move,
    pixel,
    points,
    product,
    rng,
    sides,
)
from tests.test_layers import ready

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
