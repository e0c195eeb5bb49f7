"""Sizes, counts and receptive fields: the lecture's numbers, published numbers, and counting one by one."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lecture_lib.ops import conv2d
from lecture_lib.shapes import (
    ONE_PIXEL,
    LayerCost,
    ReceptiveField,
    ShapeError,
    Window,
    check_groups,
    conv_cost,
    conv_output_size,
    dropped_columns,
    integer,
    pair,
    receptive_fields,
    same_padding,
    trace_back,
    window_span,
)

LENET = [Window(5), Window(2, 2), Window(5), Window(2, 2), Window(5)]
ALEXNET = [
    Window(11, 4), Window(3, 2), Window(5, padding=2), Window(3, 2),
    Window(3, padding=1), Window(3, padding=1), Window(3, padding=1), Window(3, 2),
]  # fmt: skip

windows = st.builds(Window, st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(1, 3))
stacks = st.lists(windows, min_size=1, max_size=4)


@st.composite
def fitting(draw):
    """n and a window that fits into it with its padding."""
    window = draw(windows)
    smallest = window.dilation * (window.kernel_size - 1) + 1 - 2 * window.padding
    return draw(st.integers(max(1, smallest), max(1, smallest) + 12)), window


def starts(n, window):
    """Where the windows start in the padded input, found by moving one as long as it fits."""
    found, at = [], 0
    while at + (window.kernel_size - 1) * window.dilation < n + 2 * window.padding:
        found.append(at)
        at += window.stride
    return found


# The lecture


def test_three_on_seven_gives_five_with_stride_one_and_three_with_stride_two():
    assert conv_output_size(7, 3) == 5
    assert conv_output_size(7, 3, 2) == 3


def test_stride_three_does_not_fit_so_the_floor_drops_a_column():
    assert conv_output_size(7, 3, 3) == 2
    assert [dropped_columns(7, 3, stride) for stride in (1, 2, 3)] == [0, 0, 1]


def test_pad_one_keeps_seven():
    assert conv_output_size(7, 3, 1, 1) == 7


def test_same_padding_is_half_the_kernel():
    assert [same_padding(f) for f in (1, 3, 5, 7)] == [0, 1, 2, 3]


def test_a_five_by_five_filter_makes_28_of_32():
    assert conv_output_size(32, 5) == 28


def test_ten_5x5_filters_with_pad_2_keep_32_and_have_760_parameters():
    assert conv_output_size(32, 5, 1, 2) == 32
    cost = conv_cost(3, 10, 5, 32)
    assert cost == LayerCost(weights=750, biases=10, multiply_adds=768_000)  # 32·32·10 values of 75 products
    assert cost.parameters == 760
    assert conv_cost(3, 1, 5, 32).parameters == 76


def test_a_plain_stack_sees_one_plus_depth_times_kernel_less_one():
    for kernel_size in (1, 2, 3, 5):
        sizes = [field.size for field in receptive_fields([Window(kernel_size)] * 6)]
        assert sizes == [1 + depth * (kernel_size - 1) for depth in range(1, 7)]


# Published


def test_lenets_receptive_fields_are_those_published():
    assert [field.size for field in receptive_fields(LENET)] == [5, 6, 14, 16, 32]


def test_alexnets_receptive_fields_are_those_published():
    assert [field.size for field in receptive_fields(ALEXNET)] == [11, 19, 51, 67, 99, 131, 163, 195]


def test_alexnets_maps_shrink_from_227_to_6():
    sizes = [227]
    for window in ALEXNET:
        sizes.append(window.output_size(sizes[-1]))
    assert sizes == [227, 55, 27, 27, 13, 13, 13, 13, 6]


def test_alexnets_first_layer_needs_105_million_multiply_adds():
    cost = conv_cost(3, 96, 11, 55)
    assert (cost.parameters, cost.multiply_adds) == (34_944, 105_415_200)


def test_alexnets_second_layer_in_two_towers_has_half_the_weights():
    assert conv_cost(96, 256, 5, 27, groups=2).weights == 307_200
    assert conv_cost(96, 256, 5, 27).weights == 614_400


def test_the_costs_of_a_layer_that_is_no_square():
    assert conv_cost(2, 3, (1, 4), (5, 6)) == LayerCost(weights=24, biases=3, multiply_adds=720)


# Counted


@given(fitting())
def test_the_output_size_is_the_number_of_windows_that_fit(case):
    n, window = case
    assert window.output_size(n) == len(starts(n, window))
    assert conv_output_size(n, window.kernel_size, window.stride, window.padding, window.dilation) == len(
        starts(n, window)
    )


@given(fitting())
def test_dropped_columns_are_those_behind_the_last_window(case):
    n, window = case
    end = starts(n, window)[-1] + (window.kernel_size - 1) * window.dilation + 1
    dropped = dropped_columns(n, window.kernel_size, window.stride, window.padding, window.dilation)
    assert dropped == n + 2 * window.padding - end


@given(st.integers(1, 30), st.integers(1, 9), st.integers(1, 4))
def test_same_padding_keeps_every_size_or_there_is_none(n, kernel_size, dilation):
    try:
        padding = same_padding(kernel_size, dilation)
    except ShapeError:
        assert all(n + 2 * p - dilation * (kernel_size - 1) != n for p in range(40))
    else:
        assert conv_output_size(n, kernel_size, 1, padding, dilation) == n


@given(st.integers(1, 9), st.integers(1, 9))
def test_a_window_spans_as_many_pixels_as_its_cells_reach(kernel_size, dilation):
    assert window_span(kernel_size, dilation) == len(range((kernel_size - 1) * dilation + 1))


@pytest.mark.parametrize(
    "change", [(9, 3, 1, 0, 1), (8, 2, 1, 0, 1), (8, 3, 2, 0, 1), (8, 3, 1, 1, 1), (8, 3, 1, 0, 2)]
)
def test_every_argument_changes_the_output_size(change):
    assert conv_output_size(8, 3, 1, 0, 1) == 6 != conv_output_size(*change)


@pytest.mark.parametrize(
    "change", [(6, 6, 3, 5, 1), (4, 8, 3, 5, 1), (4, 6, 2, 5, 1), (4, 6, 3, 4, 1), (4, 6, 3, 5, 2)]
)
def test_every_argument_changes_the_cost(change):
    assert conv_cost(4, 6, 3, 5, 1) != conv_cost(*change)


# Receptive fields, measured


def unit_by_pixel(stack, n):
    """Which unit of the last layer moves when which pixel of a row of ``n`` does: bool (units, n)."""
    x = np.eye(n).reshape(n, 1, 1, n)
    for window in stack:
        kernel = np.ones((1, 1, 1, window.kernel_size))
        settings = {"stride": (1, window.stride), "padding": (0, window.padding), "dilation": (1, window.dilation)}
        x = conv2d(x, kernel, **settings)
    return x[:, 0, 0].T > 0


@given(stacks, st.integers(20, 45), st.data())
def test_the_traced_field_is_what_moving_each_pixel_finds(stack, n, data):
    sizes = [n]
    for window in stack:
        assume(sizes[-1] + 2 * window.padding > (window.kernel_size - 1) * window.dilation)
        sizes.append(window.output_size(sizes[-1]))
    unit = data.draw(st.integers(0, sizes[-1] - 1))
    seen = trace_back(stack, unit)
    first, last = seen[0]
    moved = np.flatnonzero(unit_by_pixel(stack, n)[unit])
    assert all(first <= pixel <= last for pixel in moved)
    if all(low >= 0 and high < size for size, (low, high) in zip(sizes, seen, strict=True)):  # no padding in sight
        assert (moved[0], moved[-1]) == (first, last)


def test_lenets_last_unit_sees_the_whole_image():
    assert trace_back(LENET, 0)[0] == (0, 31)
    assert unit_by_pixel(LENET, 32).all()


@given(stacks, st.integers(0, 20))
def test_tracing_back_agrees_with_size_jump_and_start(stack, unit):
    for depth, field in enumerate(receptive_fields(stack), 1):
        first = field.start + unit * field.jump
        assert trace_back(stack[:depth], unit)[0] == (first, first + field.size - 1)


@given(stacks, st.integers(0, 20))
def test_a_trace_has_one_entry_for_each_layer_and_ends_with_the_unit(stack, unit):
    seen = trace_back(stack, unit)
    assert len(seen) == len(stack) + 1
    assert seen[-1] == (unit, unit)
    assert [stack[level].seen_by(*seen[level + 1]) for level in range(len(stack))] == seen[:-1]


def test_no_layers_see_nothing_but_the_pixel():
    assert receptive_fields([]) == []
    assert trace_back([], 3) == [(3, 3)]


def test_padding_moves_the_field_but_does_not_widen_it():
    assert receptive_fields([Window(3, 2, 1), Window(3, padding=1)]) == [
        ReceptiveField(3, 2, -1),
        ReceptiveField(7, 2, -3),
    ]


# Receptive fields, one layer at a time


def pixels(field, units):
    """Every pixel between the first and the last one that these units see."""
    seen = [field.start + unit * field.jump + step for unit in units for step in range(field.size)]
    return set(range(min(seen), max(seen) + 1))


@given(stacks)
def test_going_through_a_stack_layer_by_layer_ends_where_the_stack_does(stack):
    field, found = ONE_PIXEL, []
    for window in stack:
        field = field.through(window)
        found.append(field)
    assert found == receptive_fields(stack)


def test_a_pixel_sees_itself():
    assert (ONE_PIXEL.size, ONE_PIXEL.jump, ONE_PIXEL.start) == (1, 1, 0)
    assert ONE_PIXEL.through(Window(1)) == ONE_PIXEL and ONE_PIXEL.together(1).size == 1


@given(stacks, windows, st.integers(0, 9))
def test_a_unit_sees_what_the_units_under_its_window_see_together(stack, window, unit):
    below = receptive_fields(stack)[-1]
    above = below.through(window)
    first, last = window.seen_by(unit, unit)
    assert pixels(above, [unit]) == pixels(below, range(first, last + 1))


@given(stacks, st.integers(1, 9))
def test_units_together_see_all_between_the_first_and_the_last(stack, units):
    field = receptive_fields(stack)[-1]
    together = field.together(units)
    assert pixels(together, [0]) == pixels(field, range(units))
    assert together.jump == 0 and pixels(together, range(5)) == pixels(together, [0])  # there is one field only


def test_lenets_last_maps_together_see_the_whole_image():
    s4 = receptive_fields(LENET)[3]
    assert s4.together(5) == ReceptiveField(32, 0, 0) and s4.size == 16


def test_once_together_more_windows_see_no_more():
    everything = ReceptiveField(5, 2, -1).together(4)
    assert everything.through(Window(3, 2, 1, 2)) == everything == everything.together(7)


# Errors: the name, the value, the rule

BELOW = [
    (conv_output_size, (0, 3), "n=0", "at least 1"),
    (conv_output_size, (7, 0), "kernel_size=0", "at least 1"),
    (conv_output_size, (7, -3), "kernel_size=-3", "at least 1"),
    (conv_output_size, (7, 3, 0), "stride=0", "at least 1"),
    (conv_output_size, (7, 3, -2), "stride=-2", "at least 1"),
    (conv_output_size, (7, 3, 1, -1), "padding=-1", "at least 0"),
    (conv_output_size, (7, 3, 1, 0, 0), "dilation=0", "at least 1"),
    (conv_output_size, (7, 8), "kernel_size=8", "must fit"),
    (conv_output_size, (7, 4, 1, 0, 3), "kernel_size=4 with dilation=3", "must fit"),
    (dropped_columns, (7, 10, 1, 1), "kernel_size=10", "must fit"),
    (dropped_columns, (7, 3, 0), "stride=0", "at least 1"),
    (window_span, (0,), "kernel_size=0", "at least 1"),
    (window_span, (3, 0), "dilation=0", "at least 1"),
    (same_padding, (4,), "kernel_size=4", "odd kernel"),
    (same_padding, (0,), "kernel_size=0", "at least 1"),
    (conv_cost, (0, 10, 5, 32), "in_channels=0", "at least 1"),
    (conv_cost, (3, 0, 5, 32), "out_channels=0", "at least 1"),
    (conv_cost, (3, 10, 0, 32), "kernel_size=0", "at least 1"),
    (conv_cost, (3, 10, (5, 0), 32), "kernel_size[1]=0", "at least 1"),
    (conv_cost, (3, 10, 5, (0, 32)), "output_size[0]=0", "at least 1"),
    (conv_cost, (3, 10, 5, (1, 2, 3)), "output_size=(1, 2, 3)", "a pair of integers"),
    (conv_cost, (4, 10, 5, 32, 0), "groups=0", "at least 1"),
    (conv_cost, (3, 10, 5, 32, 2), "groups=2", "must divide in_channels=3"),
    (conv_cost, (4, 5, 5, 32, 2), "groups=2", "must divide out_channels=5"),
    (check_groups, (6, 4, 3), "groups=3", "must divide out_channels=4"),
    (integer, ("count", 1, 2), "count=1", "at least 2"),
    (pair, ("padding", (0, -1), 0), "padding[1]=-1", "at least 0"),
    (pair, ("padding", (), 0), "padding=()", "a pair of integers"),
    (receptive_fields, ([Window(3), Window(3, 0)],), "stride=0", "at least 1"),
    (receptive_fields, ([Window(3, 1, -1)],), "padding=-1", "at least 0"),
    (receptive_fields, ([Window(0)],), "kernel_size=0", "at least 1"),
    (ONE_PIXEL.through, (Window(3, 0),), "stride=0", "at least 1"),
    (ONE_PIXEL.through, (Window(3, 1, -1),), "padding=-1", "at least 0"),
    (ONE_PIXEL.through, (Window(0),), "kernel_size=0", "at least 1"),
    (ONE_PIXEL.through, (Window(3, dilation=0),), "dilation=0", "at least 1"),
    (ONE_PIXEL.together, (0,), "units=0", "at least 1"),
    (trace_back, ([Window(3, 0)], 1), "stride=0", "at least 1"),
    (trace_back, ([Window(3, 1, -1)], 1), "padding=-1", "at least 0"),
    (trace_back, ([Window(3, dilation=0)], 1), "dilation=0", "at least 1"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "arguments", "value", "rule"), BELOW)
def test_a_broken_rule_is_named_with_its_value(function, arguments, value, rule):
    with pytest.raises(ShapeError) as error:
        function(*arguments)
    assert value in str(error.value)
    assert rule in str(error.value)


def test_a_shape_error_is_a_value_error():
    assert issubclass(ShapeError, ValueError)


@pytest.mark.parametrize("value", [True, np.True_, 3.0, np.float64(3), "3", None, 3j, [3]])
def test_only_integers_are_sizes(value):
    calls = {
        "n": lambda: conv_output_size(value, 3),
        "kernel_size": lambda: conv_output_size(7, value),
        "stride": lambda: conv_output_size(7, 3, value),
        "padding": lambda: conv_output_size(7, 3, 1, value),
        "dilation": lambda: conv_output_size(7, 3, 1, 0, value),
        "in_channels": lambda: conv_cost(value, 10, 5, 32),
        "out_channels": lambda: conv_cost(3, value, 5, 32),
        "groups": lambda: conv_cost(3, 9, 5, 32, value),
    }
    for name, call in calls.items():
        with pytest.raises(TypeError, match="must be an integer") as error:
            call()
        assert f"{name}={value!r}" in str(error.value)


@pytest.mark.parametrize("value", [True, 2.0, (1, 2.0), (True, 1), "12", {1, 2}, None, np.array(2.5)])
def test_only_integers_make_a_pair(value):
    with pytest.raises(TypeError) as error:
        pair("stride", value, 1)
    assert "stride" in str(error.value)
    assert "must be" in str(error.value)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.int64, np.uint64])
def test_numpys_integers_are_integers(kind):
    assert conv_output_size(kind(7), kind(3), kind(2), kind(1), kind(1)) == 4
    assert type(conv_output_size(kind(7), kind(3), kind(2))) is int
    assert conv_cost(kind(3), kind(10), kind(5), kind(32)).multiply_adds == 768_000
    assert pair("stride", (kind(1), kind(2)), 1) == (1, 2)
    assert pair("stride", np.array([1, 2], kind), 1) == (1, 2)


def test_small_numpy_integers_do_not_overflow():
    assert conv_output_size(np.uint8(250), np.uint8(3), 1, np.uint8(10)) == 268
    assert conv_cost(np.uint8(200), np.uint8(200), np.uint8(3), np.uint8(200)).multiply_adds == 200**4 * 9
    assert conv_cost(200, 200, 3, 200, groups=np.uint8(1)).multiply_adds == 200**4 * 9
    small = Window(*(np.uint8(each) for each in (3, 2, 1, 100)))
    assert receptive_fields([small] * 2)[-1].size == 601
    assert trace_back([small], 200) == [(399, 599), (200, 200)]


def test_an_array_of_one_number_is_no_integer():
    with pytest.raises(TypeError, match=r"stride=array\(2\) \(ndarray\): must be an integer"):
        integer("stride", np.array(2), 1)
    assert integer("stride", np.int64(2), 1) == 2
