"""Notebook 05, squash_capsules: wrong and right answers, as students write them."""

import math

import numpy as np


def squash_divided(s):
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    return n**2 / (1 + n**2) * s / n


def squash_to_one(s):
    return s / np.linalg.norm(s, axis=-1, keepdims=True)


def squash_all_together(s):
    n = np.linalg.norm(s.ravel())
    return n / (1 + n**2) * s


def squash_along_the_first(s):
    n = np.sqrt((s**2).sum(axis=0))
    return n / (1 + n**2) * s


def squash_as_a_factor(s):
    square = (s**2).sum(axis=-1, keepdims=True)
    return square / (1 + square) * s


def squash_without_squares(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    return s / (1 + n)


def squash_lengths(s):
    square = (s**2).sum(axis=-1)
    return square / (1 + square)


def squash_numbers(s):
    return np.sign(s) * s**2 / (1 + s**2)


def squash_without_root(s):
    n = (s**2).sum(axis=-1, keepdims=True)
    return n / (1 + n**2) * s


def squash_of_absolutes(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    return n / (1 + n**2) * np.sqrt(s**2)


def squash_shrinking(s):
    return s / (1 + (s**2).sum(axis=-1, keepdims=True))


def squash_in_place(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    s *= n / (1 + n**2)
    return s


def squash_axis_lost(s):
    n = np.sqrt((s**2).sum(axis=-1))
    return s * n / (1 + n**2)


def squash_by_loops(s):
    out = np.zeros(s.shape)
    for at in np.ndindex(*s.shape[:-1]):
        n = math.sqrt(sum(number * number for number in s[at]))
        if n > 0:
            out[at] = n**2 / (1 + n**2) * s[at] / n
    return out


def squash_by_einsum(s):
    square = np.einsum("...d,...d->...", s, s)[..., None]
    return np.sqrt(square) / (1 + square) * s


def squash_by_where(s):
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return n**2 / (1 + n**2) * s / np.where(n == 0, 1, n)


def squash_of_a_square(s):
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return n**2 / (1 + n) ** 2 * s / np.where(n > 0, n, 1)


def squash_of_two(s):
    n = np.sqrt(s[..., :1] ** 2 + s[..., 1:2] ** 2)
    return s * n / (1 + n**2)


def squash_into_integers(s):
    out = np.zeros_like(s)
    out[...] = s * np.linalg.norm(s, axis=-1, keepdims=True) / (1 + (s**2).sum(axis=-1, keepdims=True))
    return out


def squash_unwritten(s):
    out = np.empty(s.shape)
    for at in np.ndindex(*s.shape[:-1]):
        n = math.sqrt(sum(number * number for number in s[at]))
        if n > 0:
            out[at] = n / (1 + n**2) * s[at]
    return out


def squash_from_the_example(s):
    return s * 5 / 26


def squash_along_axis(s):
    return np.apply_along_axis(lambda v: v * math.hypot(*v) / (1 + v @ v), -1, s)


def squash_as_lists(s):
    if s.ndim > 1:
        return [squash_as_lists(each) for each in s]
    n = math.hypot(*s)
    return [number * n / (1 + n * n) for number in s]


WRONG = [
    (squash_divided, "a vector of zeros has no direction"),
    (squash_to_one, "all vectors have got length 1"),
    (squash_all_together, "that of all vectors together"),
    (squash_along_the_first, "taken along the first axis"),
    (squash_as_a_factor, "must be the new length, not a factor"),
    (squash_without_squares, "The formula has squares"),
    (squash_lengths, "these are the lengths"),
    (squash_numbers, "each number is squashed by itself"),
    (squash_without_root, "the root is missing"),
    (squash_of_absolutes, "the direction is lost"),
    (squash_shrinking, "Short ones must get shorter, too"),
    (squash_in_place, "writes into the old one"),
    (squash_axis_lost, "it raised ValueError"),
    (squash_of_a_square, "(1 + n)² is not 1 + n²"),
    (squash_of_two, "only two numbers of each vector"),
    (squash_into_integers, "they were cut off"),
    (squash_unwritten, "never written"),
    (squash_from_the_example, ""),
]

RIGHT = [squash_by_loops, squash_by_einsum, squash_by_where, squash_along_axis, squash_as_lists]
