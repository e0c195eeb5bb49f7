"""Notebook 05, turned_copies: wrong and right answers, as students write them."""

import numpy as np
from scipy.ndimage import rotate as scipy_rotate


def copies_clockwise(kernel):
    return np.stack([np.rot90(kernel, -turns) for turns in range(4)])


def copies_from_one(kernel):
    return np.stack([np.rot90(kernel, turns) for turns in range(1, 5)])


def copies_turned_once(kernel):
    return np.stack([kernel] + [np.rot90(kernel) for _ in range(3)])


def copies_equal(kernel):
    return np.stack([kernel] * 4)


def copies_by_halves(kernel):
    return np.stack([kernel, kernel[::-1, ::-1], kernel, kernel[::-1, ::-1]])


def copies_mirrored(kernel):
    return np.stack([kernel, np.fliplr(kernel), np.flipud(kernel), np.flipud(np.fliplr(kernel))])


def copies_transposed(kernel):
    return np.stack([kernel, kernel.T, kernel.T.T, kernel.T.T.T])


def copies_last(kernel):
    return np.dstack([np.rot90(kernel, turns) for turns in range(4)])


def copies_three(kernel):
    return np.stack([kernel, np.rot90(kernel, 1), np.rot90(kernel, 2)])


def copies_list(kernel):
    return [np.rot90(kernel, turns) for turns in range(4)]


def copies_in_degrees(kernel):
    return np.stack([np.rot90(kernel, degrees) for degrees in (0, 90, 180, 270)])


def copies_none(kernel):
    copies = []
    for turns in range(4):
        copies.append(np.rot90(kernel, turns))


def copies_nan(kernel):
    return np.full((4, *kernel.shape), np.nan)


def copies_by_index(kernel):
    copies = [kernel]
    for _ in range(3):
        copies.append(copies[-1].T[::-1])
    return np.stack(copies)


def copies_by_loops(kernel):
    f = len(kernel)
    out = np.zeros((4, f, f))
    out[0] = kernel
    for turns in range(1, 4):
        for i in range(f):
            for j in range(f):
                out[turns, f - 1 - j, i] = out[turns - 1, i, j]
    return out


def copies_by_scipy(kernel):
    return np.stack([scipy_rotate(kernel, 90 * turns, order=0, reshape=False) for turns in range(4)])


WRONG = [
    (copies_clockwise, "they are turned clockwise"),
    (copies_from_one, "the first copy is turned already"),
    (copies_turned_once, "all copies are turned alike"),
    (copies_equal, "all four are the kernel as it is"),
    (copies_by_halves, "turned by 180° more"),
    (copies_mirrored, "these are mirror images"),
    (copies_transposed, "the kernel is transposed"),
    (copies_last, "the copies are the last axis"),
    (copies_three, "one copy is missing"),
    (copies_list, "not a NumPy array"),
    (copies_in_degrees, "turned by 180° more"),
    (copies_none, "it gave None"),
    (copies_nan, "it gave NaN in 16 of 16 places"),
]

RIGHT = [copies_by_index, copies_by_loops, copies_by_scipy]
