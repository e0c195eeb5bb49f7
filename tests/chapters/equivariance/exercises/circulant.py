"""Notebook 05, circulant: wrong and right answers, as students write them."""

import numpy as np
from scipy.linalg import circulant as scipy_circulant


def matrix_to_the_left(row):
    n = len(row)
    return np.array([[row[(j + i) % n] for j in range(n)] for i in range(n)])


def matrix_of_columns(row):
    return scipy_circulant(row)


def matrix_moved_at_once(row):
    rows = []
    for _ in range(len(row)):
        row = np.roll(row, 1)
        rows.append(row)
    return np.array(rows)


def matrix_with_zeros(row):
    n = len(row)
    out = np.zeros((n, n))
    for i in range(n):
        out[i, i:] = row[: n - i]
    return out


def matrix_of_equal_rows(row):
    return np.tile(row, (len(row), 1))


def matrix_diagonal(row):
    return row * np.eye(len(row))


def matrix_moved_once(row):
    out = np.tile(np.roll(row, 1), (len(row), 1))
    out[0] = row
    return out


def matrix_too_short(row):
    return np.array([np.roll(row, i) for i in range(len(row))][:-1])


def matrix_empty(row):
    return np.zeros((len(row), len(row)))


def matrix_of_integers(row):
    out = np.zeros((len(row), len(row)), dtype=int)
    for i in range(len(row)):
        out[i] = np.roll(row, i)
    return out


def matrix_list(row):
    return [np.roll(row, i) for i in range(len(row))]


def matrix_popping(row):
    n = len(row)
    out = np.zeros((n, n))
    for i in range(n):
        out[i] = row
        row[:] = np.roll(row, 1)
    row[:] = 0
    return out


def matrix_by_index(row):
    at = np.arange(len(row))
    return row[(at - at[:, None]) % len(row)]


def matrix_by_loops(row):
    n = len(row)
    out = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            out[i, (i + j) % n] = row[j]
    return out


def matrix_of_three(row):
    a, b, c = row
    return np.array([[a, b, c], [c, a, b], [b, c, a]])


def matrix_half_filled(row):
    n = len(row)
    out = np.empty((n, n))
    for i in range(n):
        for j in range(n - i):
            out[i, i + j] = row[j]
    return out


def matrix_by_two(row):
    return np.array([np.roll(row, 2 * i) for i in range(len(row))])


def matrix_from_the_example(row):
    return np.array([[1, 2, 3], [3, 1, 2], [2, 3, 1]])


def matrix_minus_one(row):
    n = len(row)
    return np.array([[row[(j - i) % (n - 1)] if n > 1 else row[0] for j in range(n)] for i in range(n)])


def matrix_by_recursion(row):
    rows = [list(row)]
    while len(rows) < len(row):
        rows.append(rows[-1][-1:] + rows[-1][:-1])
    return rows


WRONG = [
    (matrix_to_the_left, "it moves to the left"),
    (matrix_of_columns, "stands in the first column"),
    (matrix_moved_at_once, "the first row is moved already"),
    (matrix_with_zeros, "zeros come in on the left"),
    (matrix_of_equal_rows, "all rows are the same"),
    (matrix_diagonal, "only the diagonal"),
    (matrix_moved_once, "Row i is moved by i"),
    (matrix_too_short, "the last row is missing"),
    (matrix_empty, "still all zeros"),
    (matrix_of_integers, "they were cut off"),
    (matrix_popping, "changed its input row"),
    (matrix_of_three, "it raised ValueError"),
    (matrix_half_filled, "never written"),
    (matrix_by_two, "moved on by two"),
    (matrix_from_the_example, "shape (3, 3), expected was"),
    (matrix_minus_one, ""),
]

RIGHT = [matrix_list, matrix_by_index, matrix_by_loops, lambda row: scipy_circulant(row).T, matrix_by_recursion]
