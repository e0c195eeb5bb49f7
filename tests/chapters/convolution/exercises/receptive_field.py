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


def field_swapped(kernel_sizes, strides):
    return field_by_jumps(strides, kernel_sizes)


def field_of_whole_kernels(kernel_sizes, strides):
    r, j = 1, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        r, j = r + f * j, j * s
    return r


def field_with_the_last_stride(kernel_sizes, strides):
    r, before = 1, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        r, before = r + (f - 1) * before, s
    return r


def field_times_stride(kernel_sizes, strides):
    r = 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        r = (r + f - 1) * s
    return r


def field_of_three_layers(kernel_sizes, strides):
    return (
        1 + (kernel_sizes[0] - 1) + (kernel_sizes[1] - 1) * strides[0] + (kernel_sizes[2] - 1) * strides[0] * strides[1]
    )


def field_of_kernels_of_three(kernel_sizes, strides):
    return field_by_jumps([3] * len(kernel_sizes), strides)


def field_of_the_example(kernel_sizes, strides):
    return 7 if kernel_sizes == [3, 3] else 3


def field_without_the_last_layer(kernel_sizes, strides):
    return field_by_jumps(kernel_sizes[:-1], strides[:-1]) if len(strides) > 1 else 1


def field_by_trying(kernel_sizes, strides):
    """Which pixels of a row of 99 change the first unit of the last layer."""
    rows = np.eye(99)
    for f, s in zip(kernel_sizes, strides, strict=True):
        rows = np.lib.stride_tricks.sliding_window_view(rows, f, axis=1).sum(axis=2)[:, ::s]
    return (rows[:, 0] > 0).sum()


def field_by_sets(kernel_sizes, strides):
    seen = {0}
    for f, s in list(zip(kernel_sizes, strides, strict=True))[::-1]:
        seen = {s * unit + at for unit in seen for at in range(f)}
    return max(seen) - min(seen) + 1


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
    (field_swapped, "kernel sizes and strides are swapped"),
    (field_of_whole_kernels, "a kernel adds f − 1 steps, not f"),
    (field_with_the_last_stride, "the product of all strides before"),
    (field_times_stride, "the field itself is multiplied"),
    (field_of_three_layers, "it raised IndexError"),
    (field_of_kernels_of_three, "the kernels need not be of size 3"),
    (field_of_the_example, ""),
    (field_without_the_last_layer, "the last layer is left out"),
]

RIGHT = [field_by_walking_down, field_by_jumps, field_by_recursion, field_by_trying, field_by_sets]
