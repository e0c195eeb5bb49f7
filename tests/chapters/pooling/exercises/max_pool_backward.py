"""Notebook 04, max_pool_backward: wrong and right answers, as students write them."""

import numpy as np


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
    (back_in_x, "changed its input x"),
    (back_with_places_swapped, "the values are wrong"),
]

RIGHT = [back, back_by_sorting, back_by_blocks]
