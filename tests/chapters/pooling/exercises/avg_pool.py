"""Notebook 04, avg_pool: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import uniform_filter

from lecture_lib.ops import avg_pool2d
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
    return np.stack([uniform_filter(each.astype(float), f, origin=-(f // 2))[: len(right), : len(right[0])] for each, right in
                     zip(x, averaged(x, f, s), strict=True)])  # fmt: skip


def averaged_channels_last(x, f, s):
    return averaged(x, f, s).transpose(1, 2, 0)


def averaged_text(x, f, s):
    return str(averaged(x, f, s))


def averaged_in_place(x, f, s):
    out = averaged(x, f, s)
    x[:] = 0
    return out


def averaged_by_four(x, f, s):
    return averaged_sum(x, f, s) / 4


def averaged_as_the_input(x, f, s):
    out = np.zeros(averaged(x, f, s).shape, dtype=x.dtype)
    out[:] = averaged(x, f, s)
    return out


def averaged_but_for_the_last_map(x, f, s):
    out = np.empty(averaged(x, f, s).shape)
    out[:-1] = averaged(x, f, s)[:-1]
    return out


def averaged_over_the_border(x, f, s):
    return np.array([[[each[i : i + f, j : j + f].mean() for j in range(0, x.shape[2], s)]
                      for i in range(0, x.shape[1], s)] for each in x])  # fmt: skip


def averaged_turned(x, f, s):
    return averaged(x, f, s).transpose(0, 2, 1)


def averaged_example(x, f, s):
    return np.array([[[3.25, 5.25], [2, 2]]])


def averaged_by_two(x, f, s):
    return averaged(x, 2, 2)


def averaged_rounded(x, f, s):
    return averaged(x, f, s).round()


def average_by_loops(x, f, s):
    out = np.zeros((len(x), (x.shape[1] - f) // s + 1, (x.shape[2] - f) // s + 1))
    for c, i, j in np.ndindex(*out.shape):
        for a in range(f):
            for b in range(f):
                out[c, i, j] += x[c, i * s + a, j * s + b] / f**2
    return out


def average_to_lists(x, f, s):
    rows, cols = range(0, x.shape[1] - f + 1, s), range(0, x.shape[2] - f + 1, s)
    return [[[float(np.mean(each[i : i + f, j : j + f])) for j in cols] for i in rows] for each in x]


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
    (averaged_by_four, "divided by 4"),
    (averaged_as_the_input, "they were cut off"),
    (averaged_but_for_the_last_map, "never written"),
    (averaged_over_the_border, "hang over the border"),
    (averaged_turned, "rows and columns are swapped"),
    (averaged_example, ""),
    (averaged_by_two, "the windows are 2×2"),
    (averaged_rounded, "rounded to whole numbers"),
    (lambda x, f, s: averaged(np.pad(x, ((0, 0), (1, 1), (1, 1))), f, s), "a frame of zeros"),
    (lambda x, f, s: x.mean(axis=(1, 2)), "the mean of each whole map"),
    (lambda x, f, s: 1.0 * x[:, ::s, ::s], "this is every s-th pixel"),
    (lambda x, f, s: averaged(x, f, s)[-1:], "the last channel alone"),
    (averaged_text, "it gave text"),
    (averaged_in_place, "changed its input x"),
]

RIGHT = [
    averaged,
    average_by_einsum,
    average_by_shifts,
    average_by_loops,
    average_to_lists,
    lambda x, f, s: avg_pool2d(x[None], f, s)[0],
]
