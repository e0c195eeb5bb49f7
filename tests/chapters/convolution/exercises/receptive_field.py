"""Notebook 02, receptive_field: wrong and right answers, as students write them."""

import math

import numpy as np


def field_plain(kernel_sizes, strides):
    return 1 + sum(f - 1 for f in kernel_sizes)


def field_stride_first(kernel_sizes, strides):
    r = j = 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        j *= s
        r += (f - 1) * j
    return r


def field_added(kernel_sizes, strides):
    return sum(kernel_sizes)


def field_multiplied(kernel_sizes, strides):
    return math.prod(kernel_sizes)


def field_of_the_last(kernel_sizes, strides):
    return kernel_sizes[-1]


def field_from_zero(kernel_sizes, strides):
    r, j = 0, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        r, j = r + (f - 1) * j, j * s
    return r


def field_jump(kernel_sizes, strides):
    return math.prod(strides)


def field_backwards(kernel_sizes, strides):
    r, j = 1, 1
    for f, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        r, j = r + (f - 1) * j, j * s
    return r


def field_consumes(kernel_sizes, strides):
    r, j = 1, 1
    while kernel_sizes:
        r += (kernel_sizes.pop(0) - 1) * j
        j *= strides.pop(0)
    return r


def field_by_walking_down(kernel_sizes, strides):
    units = 1
    for f, s in zip(kernel_sizes[::-1], strides[::-1], strict=True):
        units = (units - 1) * s + f
    return units


def field_by_jumps(kernel_sizes, strides):
    jumps = np.cumprod([1, *strides[:-1]])
    return 1 + sum((f - 1) * int(jump) for f, jump in zip(kernel_sizes, jumps, strict=True))


def field_by_recursion(kernel_sizes, strides):
    if not kernel_sizes:
        return 1
    return (field_by_recursion(kernel_sizes[1:], strides[1:]) - 1) * strides[0] + kernel_sizes[0]


WRONG = [
    (field_plain, "the strides are left out"),
    (field_stride_first, "only for the layers behind it"),
    (field_added, "kernel sizes are added up"),
    (field_multiplied, "kernel sizes are multiplied"),
    (field_of_the_last, "the last kernel alone"),
    (field_from_zero, "a pixel sees itself"),
    (field_jump, "this is the jump"),
    (field_backwards, "from the wrong end"),
    (field_consumes, "changed its input kernel_sizes"),
]

RIGHT = [field_by_walking_down, field_by_jumps, field_by_recursion]
