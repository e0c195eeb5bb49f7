"""Notebook 02, conv_parameters: wrong and right answers, as students write them."""

import numpy as np


def no_bias(channels, filters, f):
    return filters * channels * f**2


def one_bias(channels, filters, f):
    return filters * channels * f**2 + 1


def flat_filters(channels, filters, f):
    return filters * (f**2 + 1)


def one_filter(channels, filters, f):
    return channels * f**2 + 1


def f_not_squared(channels, filters, f):
    return filters * (channels * f + 1)


def bias_for_each_channel(channels, filters, f):
    return filters * channels * (f**2 + 1)


def swapped(channels, filters, f):
    return channels * (filters * f**2 + 1)


def biases_only(channels, filters, f):
    return filters


def parameters_by_shape(channels, filters, f):
    return np.zeros((filters, channels, f, f)).size + np.zeros(filters).size


def parameters_by_loop(channels, filters, f):
    total = 0
    for _ in range(filters):
        total += 1
        for _ in range(channels):
            total += f * f
    return total


WRONG = [
    (no_bias, "the biases are missing"),
    (one_bias, "one bias for each filter"),
    (flat_filters, "goes through all channels"),
    (one_filter, "this is one filter"),
    (f_not_squared, "f × f pixels, not f"),
    (bias_for_each_channel, "not one for each channel"),
    (swapped, "channels and filters are swapped"),
    (biases_only, "the number of biases"),
]

RIGHT = [parameters_by_shape, parameters_by_loop, lambda c, k, f: k * c * f**2 + k]
