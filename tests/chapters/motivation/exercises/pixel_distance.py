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


def distance_of_the_first_row(one, other):
    return np.sqrt(np.mean((one[0].astype(float) - other[0]) ** 2))


def distance_root_of_the_sum_first(one, other):
    return np.sqrt(np.sum((one.astype(float) - other.astype(float)) ** 2)) / one.size


def distance_of_a_fixed_size(one, other):
    return np.sqrt(np.sum((one.astype(float) - other) ** 2) / 4)


def distance_of_integers_only(one, other):
    return int(np.sqrt(np.mean((one.astype(float) - other) ** 2)))


def distance_copied_from_the_example(one, other):
    return 2.5 if one.shape == (2, 2) else 0.0


def distance_by_rows_only(one, other):
    return np.sqrt(((one.astype(float) - other) ** 2).sum() / len(one))


def distance_by_vdot(one, other):
    difference = np.subtract(one, other, dtype=float)
    return np.sqrt(np.vdot(difference, difference) / difference.size)


def distance_by_std(one, other):
    difference = one.astype(np.int64) - other.astype(np.int64) if one.dtype == np.uint8 else one - other
    return math.hypot(difference.std(), difference.mean())


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
    (distance_of_the_first_row, "only the first part of the image"),
    (distance_root_of_the_sum_first, "the mean is inside the root"),
    (distance_of_a_fixed_size, "the values are wrong"),
    (distance_of_integers_only, "the values are wrong"),
    (distance_copied_from_the_example, "the values are wrong"),
    (distance_by_rows_only, "divided by the rows"),
]

RIGHT = [distance_by_loop, distance_by_scipy, distance_by_integers, distance_by_vdot, distance_by_std]
