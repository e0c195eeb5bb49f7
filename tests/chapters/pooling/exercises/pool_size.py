"""Notebook 04, pool_size: wrong and right answers, as students write them."""

import math


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
    (size_none, "Is there a return at its end?"),
    (size_pair, "it gave shape (2,), expected was a number"),
]

RIGHT = [size_by_counting, size_by_floor, lambda n, f, s: len(range(0, n - f + 1, s))]
