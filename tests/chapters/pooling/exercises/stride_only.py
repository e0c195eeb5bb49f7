"""Notebook 04, stride_only: wrong and right answers, as students write them."""

import math

import numpy as np


def stride_everywhere(x, s):
    return x[::s, ::s, ::s].copy()


def stride_rows(x, s):
    return x[:, ::s].copy()


def stride_cols(x, s):
    return x[..., ::s].copy()


def stride_last(x, s):
    return x[:, s - 1 :: s, s - 1 :: s].copy()


def stride_from_one(x, s):
    return x[:, 1::s, 1::s].copy()


def stride_piece(x, s):
    return x[:, : math.ceil(x.shape[1] / s), : math.ceil(x.shape[2] / s)].copy()


def stride_max(x, s):
    c, h, w = x.shape
    return x[:, : h // s * s, : w // s * s].reshape(c, h // s, s, w // s, s).max(axis=(2, 4))


def stride_mean(x, s):
    c, h, w = x.shape
    return x[:, : h // s * s, : w // s * s].reshape(c, h // s, s, w // s, s).mean(axis=(2, 4))


def stride_whole_blocks(x, s):
    out = np.zeros((len(x), x.shape[1] // s, x.shape[2] // s))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = x[:, i * s, j * s]
    return out


def stride_view(x, s):
    return x[:, ::s, ::s]


def stride_list(x, s):
    return x[:, ::s, ::s].tolist()


def stride_by_loops(x, s):
    rows, cols = range(0, x.shape[1], s), range(0, x.shape[2], s)
    return np.array([[[each[i, j] for j in cols] for i in rows] for each in x])


def stride_by_indices(x, s):
    return x.take(np.arange(0, x.shape[1], s), axis=1).take(np.arange(0, x.shape[2], s), axis=2)


WRONG = [
    (stride_everywhere, "channels are left out, too"),
    (stride_rows, "only rows are left out"),
    (stride_cols, "only columns are left out"),
    (stride_last, "the last pixel of each block"),
    (stride_from_one, "it begins at pixel 1"),
    (stride_piece, "the upper left piece"),
    (stride_max, "this is max pooling"),
    (stride_mean, "this is average pooling"),
    (stride_whole_blocks, "where the block is not whole"),
    (stride_view, "a view of its input x"),
    (stride_list, "not a NumPy array"),
]

RIGHT = [stride_by_loops, stride_by_indices, lambda x, s: np.array(x[:, ::s, ::s])]
