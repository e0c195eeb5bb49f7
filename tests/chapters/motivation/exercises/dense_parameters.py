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


WRONG = [
    (dense_weights_only, "the biases are missing"),
    (dense_one_bias, "not the layer as a whole"),
    (dense_grey, "the channels are left out"),
    (dense_side_once, "side · side pixels, not side"),
    (dense_bias_of_inputs, "not to an input"),
    (dense_single, "this is one unit"),
    (dense_summed, "inputs and units are added"),
    (dense_of_text, "it gave text, '2', which is not a number"),
    (dense_as_float, "must be a whole number"),
    (dense_printed, "it gave None"),
]

RIGHT = [dense_by_shape, dense_by_prod, lambda n, c, k: (n**2 * c + 1) * k]
