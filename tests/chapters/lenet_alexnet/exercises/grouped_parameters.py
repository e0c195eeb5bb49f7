"""Notebook 06, grouped_parameters: wrong and right answers, as students write them."""

import numpy as np


def groups_left_out(channels, filters, f, groups):
    return filters * channels * f * f + filters


def groups_one_only(channels, filters, f, groups):
    return (filters // groups) * (channels // groups * f * f + 1)


def groups_no_bias(channels, filters, f, groups):
    return filters * (channels // groups) * f**2


def groups_divided_at_the_end(channels, filters, f, groups):
    return filters * (channels * f**2 + 1) // groups


def groups_bias_each(channels, filters, f, groups):
    return filters * (channels // groups) * f**2 + groups


def groups_one_bias(channels, filters, f, groups):
    return filters * (channels // groups) * f**2 + 1


def groups_times(channels, filters, f, groups):
    return filters * (channels * groups * f**2 + 1)


def groups_f_not_squared(channels, filters, f, groups):
    return filters * (channels // groups * f + 1)


def groups_flat(channels, filters, f, groups):
    return filters * (f**2 + 1)


def groups_swapped(channels, filters, f, groups):
    return channels * (filters // groups * f**2 + 1)


def groups_as_float(channels, filters, f, groups):
    return filters * (channels / groups * f**2 + 1)


def groups_in_text(channels, filters, f, groups):
    return f"{filters * (channels // groups * f**2 + 1):,}"


def groups_copied(channels, filters, f, groups):
    if groups == 2 and f == 3:
        return {4: 114, 384: 663_936}[channels]
    return filters * (channels * f**2 + 1)


def groups_of_eleven(channels, filters, f, groups):
    return filters * (channels // groups * 11 * 11 + 1)


def groups_one_short(channels, filters, f, groups):
    return sum((filters // groups) * (channels // groups * f**2 + 1) for _ in range(1, groups))


def groups_by_list(channels, filters, f, groups):
    return len([0 for _ in range(filters) for _ in range(channels // groups * f * f + 1)])


def groups_by_shape(channels, filters, f, groups):
    return np.zeros((filters, channels // groups, f, f)).size + filters


def groups_by_loop(channels, filters, f, groups):
    total = 0
    for _ in range(groups):
        total += (filters // groups) * ((channels // groups) * f * f + 1)
    return total


WRONG = [
    (groups_left_out, "the groups are left out"),
    (groups_one_only, "this is one group"),
    (groups_no_bias, "the biases are missing"),
    (groups_divided_at_the_end, "the biases are divided, too"),
    (groups_bias_each, "not one for each group"),
    (groups_one_bias, "not one in all"),
    (groups_times, "smaller, not larger"),
    (groups_f_not_squared, "f × f pixels, not f"),
    (groups_flat, "all channels of its group"),
    (groups_swapped, "channels and filters are swapped"),
    (groups_copied, ""),
    (groups_of_eleven, ""),
    (groups_one_short, ""),
    (groups_in_text, "it gave text"),
]

RIGHT = [groups_by_shape, groups_by_loop, groups_by_list, groups_as_float, lambda c, k, f, g: k + k * c * f**2 // g]
