"""Notebook 04: wrong and right answers to its exercises, as students write them."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import maximum_filter, uniform_filter

# Wrong ones


def size_without_floor(n, f, s):
    return (n - f) / s + 1


def size_without_one(n, f, s):
    return (n - f) // s


def size_by_window(n, f, s):
    return n // f


def size_by_stride(n, f, s):
    return n // s


def size_rounded_up(n, f, s):
    return math.ceil((n - f) / s) + 1


def size_same(n, f, s):
    return math.ceil(n / s)


def size_nearest(n, f, s):
    return math.floor((n - f) / s + 0.5) + 1


def size_without_stride(n, f, s):
    return n - f + 1


def size_one_inside(n, f, s):
    return (n - f + 1) // s


def size_none(n, f, s):
    size = (n - f) // s + 1  # noqa: F841  no return


def size_pair(n, f, s):
    m = (n - f) // s + 1
    return m, m


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


def back_everywhere(grad, x, f):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            out[i * f : i * f + f, j * f : j * f + f] = grad[i, j]
    return out


def back_shared(grad, x, f):
    return back_everywhere(grad, x, f) / (f * f)


def back_to_all_equal(grad, x, f):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            window = x[i * f : i * f + f, j * f : j * f + f]
            out[i * f : i * f + f, j * f : j * f + f] = (window == window.max()) * grad[i, j]
    return out


def back(grad, x, f, key=lambda pixel: pixel, last=False, value=lambda gradient, pixel: gradient):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            best = None
            for a in range(i * f, i * f + f):
                for b in range(j * f, j * f + f):
                    if best is None or key(x[a, b]) > key(x[best]) or (last and key(x[a, b]) == key(x[best])):
                        best = a, b
            out[best] = value(grad[i, j], x[best])
    return out


def back_to_the_last(grad, x, f):
    return back(grad, x, f, last=True)


def back_to_the_corner(grad, x, f):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            out[i * f, j * f] = grad[i, j]
    return out


def back_ones(grad, x, f):
    return back(grad, x, f, value=lambda gradient, pixel: 1)


def back_times_value(grad, x, f):
    return back(grad, x, f, value=lambda gradient, pixel: gradient * pixel)


def back_values(grad, x, f):
    return back(grad, x, f, value=lambda gradient, pixel: pixel)


def back_to_the_smallest(grad, x, f):
    return back(grad, x, f, key=lambda pixel: -pixel)


def back_to_the_furthest(grad, x, f):
    return back(grad, x, f, key=abs)


def back_to_one(grad, x, f):
    out = np.zeros_like(x)
    out[np.unravel_index(np.argmax(x), x.shape)] = np.sum(grad)
    return out


def back_from_zero(grad, x, f):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            largest, place = 0, None
            for a in range(i * f, i * f + f):
                for b in range(j * f, j * f + f):
                    if x[a, b] > largest:
                        largest, place = x[a, b], (a, b)
            if place:
                out[place] = grad[i, j]
    return out


def back_not_at_all(grad, x, f):
    return np.array(grad)


def back_in_x(grad, x, f):
    out = back(grad, x, f)
    x[:] = out
    return x


def back_with_places_swapped(grad, x, f):
    out = np.zeros_like(x)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            b, a = divmod(x[i * f : i * f + f, j * f : j * f + f].argmax(), f)
            out[i * f + a, j * f + b] = grad[i, j]
    return out


MUTANTS = {
    "pool_size": [
        (size_without_floor, "the floor is forgotten"),
        (size_without_one, "the + 1 is missing"),
        (size_by_window, "divided by the window"),
        (size_by_stride, "divided by the stride. A window"),
        (size_rounded_up, "this is rounded up"),
        (size_same, "divided by the stride, rounded up"),
        (size_nearest, "rounded to the nearest"),
        (size_without_stride, "the stride is left out"),
        (size_one_inside, "behind the division"),
        (size_none, "Is there a return at its end?"),
        (size_pair, "it gave shape (2,), expected was a number"),
    ],
    "stride_only": [
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
    ],
    "max_pool": [
        (pooled_from_zero, "a 0 has won"),
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
    ],
    "avg_pool": [
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
    ],
    "max_pool_backward": [
        (back_everywhere, "every pixel of a window"),
        (back_shared, "shared out evenly"),
        (back_to_all_equal, "all equal pixels"),
        (back_to_the_last, "of equal pixels the last one won"),
        (back_to_the_corner, "the first pixel of each window"),
        (back_ones, "the winners got 1"),
        (back_times_value, "multiplied by the winner's value"),
        (back_values, "the winners' values stand there"),
        (back_to_the_smallest, "the smallest pixel"),
        (back_to_the_furthest, "furthest from 0"),
        (back_to_one, "the winner of the whole map"),
        (back_from_zero, "nobody got anything"),
        (back_not_at_all, "the gradient of the output"),
        (back_in_x, "changed its input x"),
        (back_with_places_swapped, "the values are wrong"),
    ],
}

# Right ones


def size_by_counting(n, f, s):
    count = 0
    while count * s + f <= n:
        count += 1
    return count


def size_by_floor(n, f, s):
    return math.floor((n - f) / s) + 1


def stride_by_loops(x, s):
    rows, cols = range(0, x.shape[1], s), range(0, x.shape[2], s)
    return np.array([[[each[i, j] for j in cols] for i in rows] for each in x])


def stride_by_indices(x, s):
    return x.take(np.arange(0, x.shape[1], s), axis=1).take(np.arange(0, x.shape[2], s), axis=2)


def pool_by_views(x, f, s):
    return sliding_window_view(x, (f, f))[::s, ::s].max(axis=(2, 3))


def pool_by_scipy(x, f, s):
    everywhere = maximum_filter(x, f, origin=-(f // 2), mode="constant", cval=-np.inf)
    return everywhere[: x.shape[0] - f + 1 : s, : x.shape[1] - f + 1 : s]


def average_by_einsum(x, f, s):
    return np.einsum("cijab->cij", sliding_window_view(x, (f, f), axis=(1, 2))[:, ::s, ::s]) / f**2


def average_by_shifts(x, f, s):
    rows, cols = (x.shape[1] - f) // s + 1, (x.shape[2] - f) // s + 1
    total = 0
    for a in range(f):
        for b in range(f):
            total = total + x[:, a : a + rows * s : s, b : b + cols * s : s][:, :rows, :cols]
    return total / f**2


def back_by_sorting(grad, x, f):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        places = [(a, b) for a in range(i * f, i * f + f) for b in range(j * f, j * f + f)]
        out[max(places, key=lambda place: x[place])] = grad[i, j]
    return out


def back_by_blocks(grad, x, f):
    rows, cols = grad.shape
    blocks = x[: rows * f, : cols * f].reshape(rows, f, cols, f).swapaxes(1, 2).reshape(rows, cols, f * f)
    won = (np.arange(f * f) == blocks.argmax(axis=2)[..., None]) * grad[..., None]
    out = np.zeros(x.shape)
    out[: rows * f, : cols * f] = won.reshape(rows, cols, f, f).swapaxes(1, 2).reshape(rows * f, cols * f)
    return out


RIGHT = {
    "pool_size": [size_by_counting, size_by_floor, lambda n, f, s: len(range(0, n - f + 1, s))],
    "stride_only": [stride_by_loops, stride_by_indices, lambda x, s: np.array(x[:, ::s, ::s])],
    "max_pool": [pooled, pool_by_views, pool_by_scipy],
    "avg_pool": [averaged, average_by_einsum, average_by_shifts],
    "max_pool_backward": [back, back_by_sorting, back_by_blocks],
}
