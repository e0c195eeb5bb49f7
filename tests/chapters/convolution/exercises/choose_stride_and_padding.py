"""Notebook 02, choose_stride_and_padding: wrong and right answers, as students write them."""

import math

import numpy as np


def side(n, f, s, p):
    return (n + 2 * p - f) // s + 1


def never_padding(n, f, m):
    return max(1, n // m), 0


def keeps_the_size(n, f, m):
    return 1, (f - 1) // 2


def same_and_divide(n, f, m):
    return max(n // m, 1), (f - 1) // 2


def of_the_example(n, f, m):
    if (n, f, m) == (7, 3, 3):
        return 2, 0
    return 1, 1


def always_stride_one(n, f, m):
    return 1, max(0, (m - 1 + f - n) // 2)


def padding_first(n, f, m):
    s, p = by_trying(n, f, m)
    return p, s


def without_one(n, f, m):
    for p in range(f):
        for s in range(1, n + 2 * p + 1):
            if (n + 2 * p - f) // s == m:
                return s, p
    return None


def padding_once(n, f, m):
    for p in range(f):
        for s in range(1, n + p + 1):
            if (n + p - f) // s + 1 == m:
                return s, p
    return None


def rounded_up(n, f, m):
    for p in range(f):
        for s in range(1, n + 2 * p + 1):
            if math.ceil((n + 2 * p - f) / s) + 1 == m:
                return s, p
    return None


def without_floor(n, f, m):
    for p in range(f):
        for s in range(1, n + 2 * p + 1):
            if (n + 2 * p - f) / s + 1 == m:
                return s, p
    return None


def a_fraction(n, f, m):
    return (n - f) / (m - 1) if m > 1 else n, 0


def much_padding(n, f, m):
    p = 10 * f
    return next(s for s in range(1, n + 2 * p + 1) if side(n, f, s, p) <= m), p


def stride_only(n, f, m):
    return by_trying(n, f, m)[0]


def all_pairs(n, f, m):
    return [(s, p) for p in range(f) for s in range(1, n + 2 * p + 1) if side(n, f, s, p) == m]


def stride_zero(n, f, m):
    return 0, 0


def by_trying(n, f, m):
    return next((s, p) for s in range(1, n + 2 * f) for p in range(f) if side(n, f, s, p) == m)


def by_division(n, f, m):
    for p in range(f):
        room = n + 2 * p - f
        s = room // (m - 1) if m > 1 else room + 1
        if s >= 1 and room // s + 1 == m:
            return [s, p]
    return None


def most_padding(n, f, m):
    found = None
    for p in range(f):
        for s in range(1, n + 2 * p + 1):
            if len(range(0, n + 2 * p - f + 1, s)) == m:
                found = s, p
    return np.array(found)


def padding_from_the_stride(n, f, m):
    s = 1
    while True:
        p = max(0, math.ceil(((m - 1) * s + f - n) / 2))
        if p < f and side(n, f, s, p) == m:
            return float(s), float(p)
        s += 1


def by_recursion(n, f, m, s=1, p=0):
    if p == f:
        return by_recursion(n, f, m, s + 1)
    return (s, p) if side(n, f, s, p) == m else by_recursion(n, f, m, s, p + 1)


WRONG = [
    (never_padding, "the padding cannot be 0 always"),
    (keeps_the_size, "Here m may be smaller than n"),
    (same_and_divide, "only if the padding makes up for the kernel"),
    (of_the_example, "s = 1 and p = 1 do not fit: the output has side ⌊(7 − 3 + 2·1)/1⌋ + 1 = 7, not 4."),
    (always_stride_one, "⌊(7 − 3 + 2·0)/1⌋ + 1 = 5, not 3."),
    (padding_first, "The other way round they do: s comes first."),
    (without_one, "⌊(7 − 3 + 2·1)/2⌋ + 1 = 4, not 3."),
    (padding_once, "⌊(7 − 3 + 2·2)/1⌋ + 1 = 9, not 7."),
    (rounded_up, "⌊(32 − 5 + 2·1)/2⌋ + 1 = 15, not 16."),
    (without_floor, "it gave None. Is there a return at its end?"),
    (a_fraction, "both must be whole numbers"),
    (much_padding, "a window would hold nothing but padding"),
    (stride_only, "it gave a single number"),
    (all_pairs, "it gave shape"),
    (stride_zero, "s must be at least 1"),
]

RIGHT = [by_trying, by_division, most_padding, padding_from_the_stride, by_recursion]
