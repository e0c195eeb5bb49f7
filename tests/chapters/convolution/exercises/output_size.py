"""Notebook 02, output_size: wrong and right answers, as students write them."""

import math

import numpy as np


def without_floor(n, f, s, p):
    return (n - f + 2 * p) / s + 1


def without_one(n, f, s, p):
    return (n - f + 2 * p) // s


def padding_once(n, f, s, p):
    return (n + p - f) // s + 1


def padding_never(n, f, s, p):
    return (n - f) // s + 1


def stride_never(n, f, s, p):
    return n + 2 * p - f + 1


def ceiling(n, f, s, p):
    return math.ceil((n + 2 * p - f) / s) + 1


def nearest(n, f, s, p):
    return int(np.rint((n + 2 * p - f) / s)) + 1


def one_inside(n, f, s, p):
    return (n + 2 * p - f + 1) // s


def size_in_text(n, f, s, p):
    return f"{(n + 2 * p - f) // s + 1}"


def size_as_float(n, f, s, p):
    return float((n + 2 * p - f) // s + 1)


def last_place_forgotten(n, f, s, p):
    start, count = 0, 0
    while start + f < n + 2 * p:
        start, count = start + s, count + 1
    return count


def kernel_and_stride_swapped(n, f, s, p):
    return (n + 2 * p - s) // f + 1


def without_brackets(n, f, s, p):
    return n - f + 2 * p // s + 1


def of_the_example(n, f, s, p):
    return 3 if (n, f, s, p) == (7, 3, 2, 0) else n


def for_seven_pixels(n, f, s, p):
    return (7 + 2 * p - f) // s + 1


def size_by_recursion(n, f, s, p):
    return 0 if n + 2 * p < f else 1 + size_by_recursion(n - s, f, s, p)


def size_by_array(n, f, s, p):
    return np.lib.stride_tricks.sliding_window_view(np.zeros(n + 2 * p), f)[::s].shape[0]


def size_by_counting(n, f, s, p):
    return len([start for start in range(0, n + 2 * p, s) if start + f <= n + 2 * p])


def size_by_floor(n, f, s, p):
    return math.floor((n + 2 * p - f) / s) + 1


WRONG = [
    (without_floor, "the floor is forgotten"),
    (without_one, "the + 1 is missing"),
    (padding_once, "padding is counted once"),
    (padding_never, "padding is left out"),
    (stride_never, "stride is left out"),
    (ceiling, "rounded up"),
    (nearest, "rounded to the nearest"),
    (one_inside, "behind the division"),
    (last_place_forgotten, "compare with <=, not with <"),
    (kernel_and_stride_swapped, "f and s are swapped"),
    (without_brackets, "brackets are missing"),
    (of_the_example, ""),
    (for_seven_pixels, ""),
    (size_in_text, "it gave text, '5', which is not a number"),
]

RIGHT = [
    size_as_float,
    size_by_counting,
    size_by_floor,
    size_by_recursion,
    size_by_array,
    lambda n, f, s, p: int((n + 2 * p - f) / s + 1),
]
