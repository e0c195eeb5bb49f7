"""Notebook 01, pixel_distance: wrong and right answers, as students write them."""

import math

import numpy as np
from scipy.spatial.distance import euclidean


def distance_of_bytes(one, other):
    return math.sqrt(np.mean(np.square(one - other)))


def distance_converted_late(one, other):
    difference = one - other
    return math.sqrt(np.mean(np.square(difference.astype("float64"))))


def distance_squared(one, other):
    return np.mean(np.square(one.astype(float) - other.astype(float)))


def distance_of_norm(one, other):
    total = 0.0
    for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True):
        total += (a - b) ** 2
    return total**0.5


def distance_absolute(one, other):
    return np.mean(np.abs(one.astype(float) - other.astype(float)))


def distance_signed(one, other):
    return np.mean(one.astype(float)) - np.mean(other.astype(float))


def distance_mean_first(one, other):
    return np.sqrt(np.square(np.mean(one.astype(float) - other.astype(float))))


def distance_largest(one, other):
    return max(abs(a - b) for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))


def distance_map(one, other):
    return np.sqrt(np.square(one.astype(float) - other))


def distance_damaging(one, other):
    one = one.astype(float, copy=False)
    one -= other
    return np.sqrt(np.mean(one**2))


def distance_nan(one, other):
    return np.sqrt(-np.mean(np.square(one.astype(float) - other)) - 1)


def distance_root_inside(one, other):
    return np.mean(np.sqrt(np.abs(one.astype(float) - other.astype(float))))


def distance_by_loop(one, other):
    total = 0
    for a, b in zip(one.ravel(), other.ravel(), strict=True):
        total += (float(a) - float(b)) ** 2
    return (total / one.size) ** 0.5


def distance_by_scipy(one, other):
    return euclidean(one.ravel().astype(float), other.ravel().astype(float)) / math.sqrt(one.size)


def distance_by_integers(one, other):
    return np.sqrt(np.mean((one.astype(int) - other.astype(int)) ** 2))


WRONG = [
    (distance_of_bytes, "Make floats of the pixels first"),
    (distance_converted_late, "Make floats before you subtract"),
    (distance_squared, "the root is missing"),
    (distance_of_norm, "the root of the sum"),
    (distance_absolute, "the squares are missing"),
    (distance_signed, "differences cancel here"),
    (distance_mean_first, "cancel before the square is taken"),
    (distance_largest, "the largest difference"),
    (distance_root_inside, "the root comes last"),
    (distance_map, "it gave shape (2, 2), expected was a number"),
    (distance_damaging, "changed its input one"),
    (distance_nan, "it gave NaN in 1 of 1 places"),
]

RIGHT = [distance_by_loop, distance_by_scipy, distance_by_integers]
