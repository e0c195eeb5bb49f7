"""Notebook 04, max_pool_backward: wrong and right answers, as students write them."""

import numpy as np

from lecture_lib.ops import max_pool2d_backward


def back_everywhere(grad, x, f):
    out = np.zeros(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            out[i * f : i * f + f, j * f : j * f + f] = grad[i, j]
    return out


def back_shared(grad, x, f):
    return back_everywhere(grad, x, f) / (f * f)


def back_to_all_equal(grad, x, f):
    out = np.zeros(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            window = x[i * f : i * f + f, j * f : j * f + f]
            out[i * f : i * f + f, j * f : j * f + f] = (window == window.max()) * grad[i, j]
    return out


def back(grad, x, f, key=lambda pixel: pixel, last=False, value=lambda gradient, pixel: gradient):
    out = np.zeros(x.shape)
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
    out = np.zeros(x.shape)
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
    out = np.zeros(x.shape)
    out[np.unravel_index(np.argmax(x), x.shape)] = np.sum(grad)
    return out


def back_from_zero(grad, x, f):
    out = np.zeros(x.shape)
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


def back_wiping_windows(grad, x, f):
    out = np.zeros(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            window = x[i * f : i * f + f, j * f : j * f + f]
            a, b = divmod(window.argmax(), f)
            window[:] = 0
            out[i * f + a, j * f + b] = grad[i, j]
    return out


def back_with_places_swapped(grad, x, f):
    out = np.zeros(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            b, a = divmod(x[i * f : i * f + f, j * f : j * f + f].argmax(), f)
            out[i * f + a, j * f + b] = grad[i, j]
    return out


def back_as_the_input(grad, x, f):
    out = np.zeros(x.shape, dtype=x.dtype)
    out[:] = back(grad, x, f)
    return out


def back_shared_among_equals(grad, x, f):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * f : i * f + f, j * f : j * f + f]
        won = window == window.max()
        out[i * f : i * f + f, j * f : j * f + f] = won * grad[i, j] / won.sum()
    return out


def back_masks(grad, x, f):
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * f : i * f + f, j * f : j * f + f]
        out[i * f : i * f + f, j * f : j * f + f] = window == window.max()
    return out


def back_into_empty(grad, x, f):
    out = np.empty(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            a, b = divmod(x[i * f : i * f + f, j * f : j * f + f].argmax(), f)
            out[i * f + a, j * f + b] = grad[i, j]
    return out


def back_by_two(grad, x, f):
    return back(grad, x, 2)


def back_to_a_cut_map(grad, x, f):
    return back(grad, x, f)[: len(grad) * f, : len(grad[0]) * f]


def back_example(grad, x, f):
    return np.array([[0, 0, 0, 0], [0, 1, 0, 2], [3, 0, 0, 0], [0, 0, 0, 4.0]])


def back_from_minus_ten(grad, x, f):
    out = np.zeros(x.shape)
    for i in range(len(grad)):
        for j in range(len(grad[0])):
            largest, place = -10, (i * f, j * f)
            for a in range(i * f, i * f + f):
                for b in range(j * f, j * f + f):
                    if x[a, b] > largest:
                        largest, place = x[a, b], (a, b)
            out[place] = grad[i, j]
    return out


def back_turned(grad, x, f):
    return back(grad, x, f, value=lambda gradient, pixel: gradient).T


def back_by_masks(grad, x, f):
    """Of each window the first pixel that equals the maximum, found by counting."""
    out = np.zeros(x.shape)
    for i, j in np.ndindex(*grad.shape):
        window = x[i * f : i * f + f, j * f : j * f + f]
        equal = window == window.max()
        first = equal & (equal.cumsum().reshape(f, f) == 1)
        out[i * f : i * f + f, j * f : j * f + f] = first * grad[i, j]
    return out


def back_to_lists(grad, x, f):
    return back(grad, x, f).tolist()


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


WRONG = [
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
    (back_in_x, "they were cut off"),
    (back_wiping_windows, "changed its input x"),
    (back_with_places_swapped, "row and column of the winner are swapped"),
    (back_as_the_input, "they were cut off"),
    (back_shared_among_equals, "equal pixels share the gradient"),
    (back_masks, "and equal pixels all of them"),
    (back_into_empty, "never written"),
    (back_by_two, ""),
    (back_to_a_cut_map, "without the rows and columns that no window reaches"),
    (back_example, ""),
    (back_from_minus_ten, "the search begins with -10"),
    (back_turned, ""),
]

RIGHT = [
    back,
    back_by_sorting,
    back_by_blocks,
    back_by_masks,
    back_to_lists,
    lambda grad, x, f: max_pool2d_backward(grad[None, None], x[None, None], f)[0, 0],
]
