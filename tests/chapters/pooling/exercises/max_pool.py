"""Notebook 04, max_pool: wrong and right answers, as students write them."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import maximum_filter

from lecture_lib.ops import max_pool2d


def pooled(x, f, s, keep=np.max):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = keep(x[i * s : i * s + f, j * s : j * s + f])
    return out


def pooled_from_zero(x, f, s):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(f):
                for b in range(f):
                    if x[i * s + a, j * s + b] > out[i, j]:
                        out[i, j] = x[i * s + a, j * s + b]
    return out


def pooled_in_a_frame(x, f, s):
    return pooled(np.pad(x, f // 2), f, s)


def pooled_over_the_border(x, f, s):
    rows, cols = (math.ceil((n - f) / s) + 1 for n in x.shape)
    return np.array([[x[i * s : i * s + f, j * s : j * s + f].max() for j in range(cols)] for i in range(rows)])


def pooled_over_the_border_with_zeros(x, f, s):
    rows, cols = (math.ceil((n - f) / s) + 1 for n in x.shape)
    large = np.zeros(((rows - 1) * s + f, (cols - 1) * s + f))
    large[: x.shape[0], : x.shape[1]] = x[: large.shape[0], : large.shape[1]]
    return pooled(large, f, s)


def pooled_mean(x, f, s):
    return pooled(x, f, s, np.mean)


def pooled_min(x, f, s):
    return pooled(x, f, s, np.min)


def pooled_furthest(x, f, s):
    return pooled(x, f, s, lambda window: max(window.ravel(), key=abs))


def pooled_without_sign(x, f, s):
    return pooled(np.abs(x), f, s)


def pooled_without_stride(x, f, s):
    return pooled(x, f, 1)


def pooled_side_by_side(x, f, s):
    return pooled(x, f, f)


def pooled_slowly(x, f, s):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[i : i + f, j : j + f].max()
    return out


def pooled_one_too_many(x, f, s):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[i * s : i * s + f + 1, j * s : j * s + f + 1].max()
    return out


def pooled_places(x, f, s):
    return pooled(x, f, s, np.argmax)


def pooled_first(x, f, s):
    return pooled(x, f, s, lambda window: window[0, 0])


def pooled_integers(x, f, s):
    return pooled(x, f, s).astype(int)


def pooled_transposed(x, f, s):
    return pooled(x.T, f, s)


def pooled_but_never_filled(x, f, s):
    return np.full_like(pooled(x, f, s), np.nan)


def pooled_window_by_the_shape(x, f, s):
    return pooled(x, f, s)[0, 0]


def pooled_from(start):
    def pooled_from_a_number(x, f, s):
        return np.maximum(pooled(x, f, s), start)

    return pooled_from_a_number


def pooled_but_for_the_last(x, f, s):
    out = np.empty(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(len(out) - 1):
        for j in range(len(out[0])):
            out[i, j] = x[i * s : i * s + f, j * s : j * s + f].max()
    return out


def pooled_by_two(x, f, s):
    return pooled(x, 2, 2)


def pooled_rows_and_cols_alike(x, f, s):
    n = (x.shape[0] - f) // s + 1
    return np.array([[x[i * s : i * s + f, j * s : j * s + f].max() for j in range(n)] for i in range(n)])


def pooled_and_rectified(x, f, s):
    x[x < -1000] = 0
    return pooled(x, f, s)


def pooled_in_place(x, f, s):
    out = pooled(x, f, s)
    x[: len(out), : len(out[0])] = out
    return out


def pooled_example(x, f, s):
    return np.array([[6.0, 8.0], [3.0, 4.0]])


def pooled_columns(x, f, s):
    rows, cols = (x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1
    return np.array([[x[i * s : i * s + f, j * s].max() for j in range(cols)] for i in range(rows)])


def pooled_with_i_and_j_swapped(x, f, s):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[j * s : j * s + f, i * s : i * s + f].max()
    return out


def pooled_one_too_few(x, f, s):
    out = np.zeros(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = x[i * s : i * s + f - 1, j * s : j * s + f - 1].max()
    return out


def pooled_without_one(x, f, s):
    return pooled(x, f, s)[: (len(x) - f) // s, : (len(x[0]) - f) // s]


def pool_from_minus_infinity(x, f, s):
    out = np.full(((x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1), -np.inf)
    for a in range(f):
        for b in range(f):
            for i in range(len(out)):
                for j in range(len(out[0])):
                    out[i, j] = max(out[i, j], x[i * s + a, j * s + b])
    return out


def pool_as_integers(x, f, s):
    rows, cols = (x.shape[0] - f) // s + 1, (x.shape[1] - f) // s + 1
    out = np.zeros((rows, cols), dtype=x.dtype)
    for i, j in np.ndindex(rows, cols):
        out[i, j] = np.sort(x[i * s : i * s + f, j * s : j * s + f], axis=None)[-1]
    return out


def pool_twice(x, f, s):
    """First along the rows, then along the columns."""
    wide = np.array([x[:, j : j + f].max(axis=1) for j in range(0, x.shape[1] - f + 1, s)]).T
    return np.array([wide[i : i + f].max(axis=0) for i in range(0, x.shape[0] - f + 1, s)])


def pool_to_lists(x, f, s):
    rows, cols = range(0, len(x) - f + 1, s), range(0, len(x[0]) - f + 1, s)
    return [[max(x[i + a][j + b] for a in range(f) for b in range(f)) for j in cols] for i in rows]


def pool_by_views(x, f, s):
    return sliding_window_view(x, (f, f))[::s, ::s].max(axis=(2, 3))


def pool_by_scipy(x, f, s):
    everywhere = maximum_filter(x, f, origin=-(f // 2), mode="constant", cval=-np.inf)
    return everywhere[: x.shape[0] - f + 1 : s, : x.shape[1] - f + 1 : s]


WRONG = [
    (pooled_from_zero, "a 0 has won"),
    *((pooled_from(start), f"the search begins with {start},") for start in (-1, -10, -100, -999, -1000)),
    (pooled_but_for_the_last, "never written"),
    (pooled_by_two, "the windows are 2×2"),
    (pooled_rows_and_cols_alike, "only if the map is square"),
    (pooled_in_place, "changed its input x"),
    (pooled_and_rectified, ""),
    (pooled_example, ""),
    (pooled_columns, "the first column of each window"),
    (pooled_with_i_and_j_swapped, "i and j are swapped"),
    (pooled_one_too_few, "one row and one column too small"),
    (pooled_without_one, "the + 1 is missing"),
    (lambda x, f, s: pooled(x, s, f), "f and s are swapped"),
    (lambda x, f, s: pooled(x, f, s, np.sum), "the sum of each window"),
    (lambda x, f, s: x[::s, ::s].copy(), "this is every s-th pixel"),
    (pooled_in_a_frame, "there is a frame of zeros"),
    (pooled_over_the_border, "windows that hang over the border are counted. Keep"),
    (pooled_over_the_border_with_zeros, "filled up with zeros"),
    (pooled_mean, "the mean of each window"),
    (pooled_min, "the smallest number"),
    (pooled_furthest, "furthest from 0"),
    (pooled_without_sign, "signs are lost"),
    (pooled_without_stride, "the stride is left out."),
    (pooled_side_by_side, "side by side whatever s is"),
    (pooled_slowly, "left out of the windows"),
    (pooled_one_too_many, "one row and one column too large"),
    (pooled_places, "where the maximum stands"),
    (pooled_first, "the first pixel of each window"),
    (pooled_integers, "they were cut off"),
    (pooled_transposed, "those of the transposed map"),
    (pooled_but_never_filled, "it gave NaN in 4 of 4 places"),
    (pooled_window_by_the_shape, "a single number, expected was an array of shape (2, 2)"),
]

RIGHT = [
    pooled,
    pool_by_views,
    pool_by_scipy,
    pool_from_minus_infinity,
    pool_as_integers,
    pool_twice,
    pool_to_lists,
    lambda x, f, s: max_pool2d(x[None, None], f, s)[0, 0],
]
