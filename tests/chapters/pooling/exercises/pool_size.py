"""Notebook 04, pool_size: wrong and right answers, as students write them."""

import math

import numpy as np


def size_without_floor(n, f, s):
    return (n - f) / s + 1


def size_without_one(n, f, s):
    return (n - f) // s


def size_by_window(n, f, s):
    return n // f


def size_by_stride(n, f, s):
    return n // s


def size_rounded_up(n, f, s):
    return math.ceil((n - f) / s) + 1


def size_same(n, f, s):
    return math.ceil(n / s)


def size_nearest(n, f, s):
    return math.floor((n - f) / s + 0.5) + 1


def size_without_stride(n, f, s):
    return n - f + 1


def size_one_inside(n, f, s):
    return (n - f + 1) // s


def size_none(n, f, s):
    size = (n - f) // s + 1  # noqa: F841  no return


def size_pair(n, f, s):
    m = (n - f) // s + 1
    return m, m


def size_swapped(n, f, s):
    return (n - s) // f + 1


def size_with_stride_two(n, f, s):
    return (n - f) // 2 + 1


def size_padded(n, f, s):
    return (n + 2 * (f // 2) - f) // s + 1


def size_of_the_examples(n, f, s):
    return {(4, 2, 2): 2, (28, 2, 2): 14, (55, 3, 2): 27}.get((n, f, s), n // 2)


def size_without_brackets(n, f, s):
    return n - f // s + 1


def size_one_more(n, f, s):
    return (n - f) // s + 2


def size_by_counting(n, f, s):
    count = 0
    while count * s + f <= n:
        count += 1
    return count


def size_by_floor(n, f, s):
    return math.floor((n - f) / s) + 1


WRONG = [
    (size_without_floor, "the floor is forgotten"),
    (size_without_one, "the + 1 is missing"),
    (size_by_window, "divided by the window"),
    (size_by_stride, "divided by the stride. A window"),
    (size_rounded_up, "this is rounded up"),
    (size_same, "divided by the stride, rounded up"),
    (size_nearest, "rounded to the nearest"),
    (size_without_stride, "the stride is left out"),
    (size_one_inside, "behind the division"),
    (size_swapped, "f and s are swapped"),
    (size_with_stride_two, "the stride is 2 whatever s is"),
    (size_padded, ""),
    (size_of_the_examples, ""),
    (size_without_brackets, "brackets are missing"),
    (size_one_more, "counted once too often"),
    (lambda n, f, s: round((n - f) / s) + 1, "rounded to the nearest"),
    (lambda n, f, s: ((n - f) // s + 1) ** 2, "in a whole square map"),
    (lambda n, f, s: len(range(0, n - f, s)), "the last window is missing"),
    (lambda n, f, s: n // 2, "halved, whatever"),
    (size_none, "Is there a return at its end?"),
    (size_pair, "it gave shape (2,), expected was a number"),
]


def size_by_steps(n, f, s):
    return 1 + size_by_steps(n - s, f, s) if n >= f + s else 1


RIGHT = [
    size_by_counting,
    size_by_floor,
    size_by_steps,
    lambda n, f, s: len(range(0, n - f + 1, s)),
    lambda n, f, s: int((n - f) / s + 1),
    lambda n, f, s: np.arange(n)[f - 1 :: s].size,
    lambda n, f, s: (n - f + s) // s,
]
