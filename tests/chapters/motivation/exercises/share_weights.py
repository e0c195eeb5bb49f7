"""Notebook 01, share_weights: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.linalg import toeplitz


def windows_only(weight, f):
    out = np.zeros(weight.shape)
    for i in range(len(weight)):
        out[i, i : i + f] = weight[i, i : i + f]
    return out


def shared_inside_only(weight, f):
    out = weight.astype(float)
    for k in range(f):
        mean = np.diagonal(weight, k)[: len(weight)].mean()
        for i in range(len(weight)):
            out[i, i + k] = mean
    return out


def shared_in_place(weight, f):
    weight, units = np.asarray(weight, dtype=float), len(weight)
    means = [sum(weight[i, i + k] for i in range(units)) / units for k in range(f)]
    weight[:] = 0
    for i in range(units):
        weight[i, i : i + f] = means
    return weight


def shared_into_integers(weight, f):
    out = np.zeros_like(weight)
    for k in range(f):
        for i in range(len(weight)):
            out[i, i + k] = np.mean([weight[j, j + k] for j in range(len(weight))])
    return out


def shared_into_empty(weight, f):
    out = np.empty(weight.shape)
    for k in range(f):
        for i in range(len(weight)):
            out[i, i + k] = np.mean([weight[j, j + k] for j in range(len(weight))])
    return out


def shared_first_unit(weight, f):
    out = np.zeros(weight.shape)
    for i in range(len(weight)):
        out[i, i : i + f] = weight[0, :f]
    return out


def shared_sums(weight, f):
    out = np.zeros(weight.shape)
    for k in range(f):
        total = sum(weight[i, i + k] for i in range(len(weight)))
        for i in range(len(weight)):
            out[i, i + k] = total
    return out


def shared_by_columns(weight, f):
    out = np.zeros(weight.shape)
    for i in range(len(weight)):
        for j in range(i, i + f):
            out[i, j] = np.mean(weight[:, j])
    return out


def shared_by_rows(weight, f):
    out = np.zeros(weight.shape)
    for i in range(len(weight)):
        out[i, i : i + f] = np.mean(weight[i, i : i + f])
    return out


def shared_by_rows_and_never_cut(weight, f):
    return np.repeat(weight.mean(axis=0, keepdims=True), len(weight), axis=0)


def shared_filter(weight, f):
    return np.array([np.mean([weight[i, i + k] for i in range(len(weight))]) for k in range(f)])


def shared_one_short(weight, f):
    out = np.zeros(weight.shape)
    for k in range(f - 1):
        for i in range(len(weight)):
            out[i, i + k] = np.mean([weight[j, j + k] for j in range(len(weight))])
    return out


def shared_one_too_far(weight, f):
    out = np.zeros(weight.shape)
    for k in range(f + 1):
        line = np.diagonal(weight, k)
        for i in range(len(line)):
            out[i, i + k] = line.mean()
    return out


def shared_of_size_two(weight, f):
    return share_by_loops(weight, 2)


def shared_copied_from_the_example(weight, f):
    if weight.shape == (2, 3):
        return np.array([[2.0, 4, 0], [0, 2, 4]])
    return windows_only(weight, f)


def shared_divided_by_pixels(weight, f):
    return shared_sums(weight, f) / weight.shape[1]


def shared_swapped(weight, f):
    return share_by_loops(weight, f).T


def share_by_loops(weight, f):
    units, pixels = weight.shape
    out = np.zeros((units, pixels))
    for i in range(units):
        for j in range(i, i + f):
            total = 0
            for unit in range(units):
                total += weight[unit, unit + j - i]
            out[i, j] = total / units
    return out


def share_by_toeplitz(weight, f):
    units, pixels = weight.shape
    means = [np.trace(weight[:, k : k + units]) / units for k in range(f)]
    return toeplitz([means[0]] + [0] * (units - 1), means + [0] * (pixels - f))


def share_by_windows(weight, f):
    windows = np.einsum("iif->if", sliding_window_view(weight, f, axis=1))
    rows = np.arange(len(weight))[:, None]
    out = np.zeros(weight.shape)
    out[rows, rows + np.arange(f)] = windows.mean(axis=0)
    return out


def share_by_eyes(weight, f):
    eyes = [np.eye(*weight.shape, k) for k in range(f)]
    return sum(eye * (eye * weight).sum() / eye.sum() for eye in eyes)


def share_by_lists(weight, f):
    rows = weight.tolist()
    filter_ = [sum(row[i + k] for i, row in enumerate(rows)) / len(rows) for k in range(f)]
    return np.array([[0.0] * i + filter_ + [0.0] * (len(rows) - 1 - i) for i in range(len(rows))])


WRONG = [
    (windows_only, "still has weights of its own"),
    (shared_inside_only, "those outside the windows are still there"),
    (shared_in_place, "changed its input weight"),
    (shared_into_integers, "they were cut off"),
    (shared_into_empty, "never written"),
    (shared_first_unit, "the weights of the first one"),
    (shared_sums, "these are sums"),
    (shared_by_columns, "down a column"),
    (shared_by_rows, "one number for its whole window"),
    (shared_by_rows_and_never_cut, "the values are wrong"),
    (shared_filter, "this is the filter alone"),
    (shared_one_short, "the last place of the windows is missing"),
    (shared_one_too_far, "one pixel too wide"),
    (shared_of_size_two, "the values are wrong"),
    (shared_copied_from_the_example, "the values are wrong"),
    (shared_divided_by_pixels, "divided by the pixels"),
    (shared_swapped, "it gave shape (3, 2)"),
]

RIGHT = [share_by_loops, share_by_toeplitz, share_by_windows, share_by_eyes, share_by_lists]
