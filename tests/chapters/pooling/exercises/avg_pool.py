"""Notebook 04, avg_pool: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import uniform_filter

from tests.chapters.pooling.exercises.max_pool import pooled


def averaged(x, f, s):
    return np.stack([pooled(each, f, s, np.mean) for each in x])


def averaged_first(x, f, s):
    return averaged(x, f, s)[:1]


def averaged_first_map(x, f, s):
    return pooled(x[0], f, s, np.mean)


def averaged_into_one(x, f, s):
    return averaged(x, f, s).mean(axis=0)[None]


def averaged_alike(x, f, s):
    out = averaged(x, f, s)
    out[:] = out.mean(axis=0)
    return out


def averaged_copies(x, f, s):
    return np.stack([pooled(x[0], f, s, np.mean)] * len(x))


def averaged_sum(x, f, s):
    return np.stack([pooled(each, f, s, np.sum) for each in x])


def averaged_by_f(x, f, s):
    return averaged_sum(x, f, s) / f


def averaged_by_stride(x, f, s):
    return averaged_sum(x, f, s) / (s * s)


def averaged_max(x, f, s):
    return np.stack([pooled(each, f, s) for each in x])


def averaged_down(x, f, s):
    return averaged_sum(x, f, s) // (f * f)


def averaged_without_stride(x, f, s):
    return averaged(x, f, 1)


def averaged_side_by_side(x, f, s):
    return averaged(x, f, f)


def averaged_slowly(x, f, s):
    return np.stack([uniform_filter(each, f, origin=-(f // 2))[: len(right), : len(right[0])] for each, right in
                     zip(x, averaged(x, f, s), strict=True)])  # fmt: skip


def averaged_channels_last(x, f, s):
    return averaged(x, f, s).transpose(1, 2, 0)


def averaged_text(x, f, s):
    return str(averaged(x, f, s))


def averaged_in_place(x, f, s):
    out = averaged(x, f, s)
    x /= f * f
    return out


def average_by_einsum(x, f, s):
    return np.einsum("cijab->cij", sliding_window_view(x, (f, f), axis=(1, 2))[:, ::s, ::s]) / f**2


def average_by_shifts(x, f, s):
    rows, cols = (x.shape[1] - f) // s + 1, (x.shape[2] - f) // s + 1
    total = 0
    for a in range(f):
        for b in range(f):
            total = total + x[:, a : a + rows * s : s, b : b + cols * s : s][:, :rows, :cols]
    return total / f**2


WRONG = [
    (averaged_first, "the first channel alone"),
    (averaged_first_map, "without an axis for channels"),
    (averaged_into_one, "mixed into one map"),
    (averaged_alike, "the mean over all channels"),
    (averaged_copies, "every channel got the first one's map"),
    (averaged_sum, "this is the sum"),
    (averaged_by_f, "divided by f."),
    (averaged_by_stride, "divided by s·s"),
    (averaged_max, "the largest number"),
    (averaged_down, "rounded down"),
    (averaged_without_stride, "the stride is left out."),
    (averaged_side_by_side, "side by side whatever s is"),
    (averaged_slowly, "left out of the windows"),
    (averaged_channels_last, "the channels are the last axis"),
    (averaged_text, "it gave text"),
    (averaged_in_place, "changed its input x"),
]

RIGHT = [averaged, average_by_einsum, average_by_shifts]
