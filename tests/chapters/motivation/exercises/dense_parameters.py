"""Notebook 01, dense_parameters: wrong and right answers, as students write them."""

import math


def dense_weights_only(side, channels, units):
    return side**2 * channels * units


def dense_one_bias(side, channels, units):
    return side**2 * channels * units + 1


def dense_grey(side, channels, units):
    return side**2 * units + units


def dense_side_once(side, channels, units):
    return (side * channels + 1) * units


def dense_bias_of_inputs(side, channels, units):
    inputs = side**2 * channels
    return inputs * units + inputs


def dense_single(side, channels, units):
    return side**2 * channels + 1


def dense_summed(side, channels, units):
    return side**2 * channels + units


def dense_of_text(side, channels, units):
    return f"{side**2 * channels * units + units:,}"


def dense_as_float(side, channels, units):
    return (side**2 * channels + 1) * units / 1


def dense_printed(side, channels, units):
    print((side**2 * channels + 1) * units)


def dense_by_shape(side, channels, units):
    inputs = 1
    for axis in (side, side, channels):
        inputs *= axis
    return units * (inputs + 1)


def dense_by_prod(side, channels, units):
    return math.prod([side, side, channels, units]) + units


def dense_channels_squared(side, channels, units):
    return (side * channels) ** 2 * units + units


def dense_hard_coded(side, channels, units):
    return (side * side * 3 + 1) * units


def dense_copied_from_the_examples(side, channels, units):
    if (side, channels, units) == (28, 1, 10):
        return 7850
    return 2 if side == 1 else 13


def dense_swapped(units, channels, side):
    return (side**2 * channels + 1) * units


def dense_one_input_less(side, channels, units):
    return ((side - 1) ** 2 * channels + 1) * units


def dense_by_rows(side, channels, units):
    return sum(side * channels for _ in range(side)) * units + sum(1 for _ in range(units))


WRONG = [
    (dense_weights_only, "the biases are missing"),
    (dense_one_bias, "not the layer as a whole"),
    (dense_grey, "the channels are left out"),
    (dense_side_once, "side · side pixels, not side"),
    (dense_bias_of_inputs, "not to an input"),
    (dense_single, "this is one unit"),
    (dense_summed, "inputs and units are added"),
    (dense_of_text, "it gave text, '2', which is not a number"),
    (dense_printed, "it gave None"),
    (dense_channels_squared, "the channels are squared"),
    (dense_hard_coded, "the values are wrong"),
    (dense_copied_from_the_examples, "the values are wrong"),
    (dense_swapped, "the values are wrong"),
    (dense_one_input_less, "the values are wrong"),
]

RIGHT = [dense_as_float, dense_by_shape, dense_by_prod, dense_by_rows, lambda n, c, k: (n**2 * c + 1) * k]
