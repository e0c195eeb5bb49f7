"""Notebook 05, shift_ring: wrong and right answers, as students write them."""

import numpy as np


def ring_with_zeros(x, dy, dx):
    rows, cols = x.shape[-2:]
    out = np.zeros_like(x)
    for i in range(rows):
        for j in range(cols):
            if 0 <= i + dy < rows and 0 <= j + dx < cols:
                out[..., i + dy, j + dx] = x[..., i, j]
    return out


def ring_backwards(x, dy, dx):
    rows, cols = x.shape[-2:]
    return x[..., (np.arange(rows) + dy) % rows, :][..., (np.arange(cols) + dx) % cols]


def ring_swapped(x, dy, dx):
    return np.roll(np.roll(x, dx, axis=-2), dy, axis=-1)


def ring_flat(x, dy, dx):
    return np.roll(x, dy + dx)


def ring_first_axes(x, dy, dx):
    return np.roll(np.roll(x, dy, axis=0), dx, axis=1)


def ring_down_only(x, dy, dx):
    return np.roll(x, dy, axis=-2)


def ring_across_only(x, dy, dx):
    return np.roll(x, dx, axis=-1)


def ring_up(x, dy, dx):
    return np.roll(np.roll(x, -dy, axis=-2), dx, axis=-1)


def ring_left(x, dy, dx):
    return np.roll(np.roll(x, dy, axis=-2), -dx, axis=-1)


def ring_view(x, dy, dx):
    return x if dy == dx == 0 else np.roll(x, (dy, dx), axis=(-2, -1))


def ring_in_place(x, dy, dx):
    x[:] = np.roll(x, (dy, dx), axis=(-2, -1))
    return x.copy()


def ring_list(x, dy, dx):
    return np.roll(x, (dy, dx), axis=(-2, -1)).tolist()


def ring_of_modulo_before(x, dy, dx):
    out = np.zeros_like(x)
    for i in range(x.shape[-2]):
        for j in range(x.shape[-1]):
            out[..., i + dy, j + dx] = x[..., i, j]
    return out


def ring_by_indices(x, dy, dx):
    rows, cols = x.shape[-2:]
    return x[..., (np.arange(rows)[:, None] - dy) % rows, (np.arange(cols) - dx) % cols]


def ring_by_gathering(x, dy, dx):
    rows, cols = x.shape[-2:]
    out = np.empty(x.shape)
    for at in np.ndindex(*x.shape):
        out[at] = x[at[:-2] + ((at[-2] - dy) % rows, (at[-1] - dx) % cols)]
    return out


def ring_by_fourier(x, dy, dx):
    rows, cols = x.shape[-2:]
    turn = np.exp(-2j * np.pi * (dy * np.fft.fftfreq(rows)[:, None] + dx * np.fft.fftfreq(cols)))
    return np.fft.ifft2(np.fft.fft2(x) * turn).real


def ring_of_integers(x, dy, dx):
    out = np.zeros(x.shape, dtype=int)
    out[:] = np.roll(x, (dy, dx), axis=(-2, -1))
    return out


def ring_of_two_rows(x, dy, dx):
    out = np.zeros_like(x)
    for i in range(2):
        for j in range(3):
            out[..., (i + dy) % 2, (j + dx) % 3] = x[..., i, j]
    return out


def ring_off_by_one(x, dy, dx):
    out = np.empty(x.shape)
    rows, cols = x.shape[-2:]
    for i in range(rows - 1):
        for j in range(cols):
            out[..., (i + dy) % rows, (j + dx) % cols] = x[..., i, j]
    return out


def ring_from_the_example(x, dy, dx):
    return np.array([[3.0, 1, 2], [6, 4, 5]])


WRONG = [
    (ring_with_zeros, "zeros come in"),
    (ring_backwards, "it moves the other way"),
    (ring_swapped, "dy and dx are swapped"),
    (ring_flat, "np.roll without axis"),
    (ring_first_axes, "the first two axes are moved"),
    (ring_down_only, "it moves down only"),
    (ring_across_only, "it moves to the right only"),
    (ring_up, "it moves down the other way"),
    (ring_left, "it moves across the other way"),
    (ring_view, "a view of its input x"),
    (ring_in_place, "changed its input x"),
    (ring_of_modulo_before, "it raised IndexError"),
    (ring_of_integers, "they were cut off"),
    (ring_of_two_rows, ""),
    (ring_off_by_one, "never written"),
    (ring_from_the_example, "expected was an array of shape (3, 4)"),
]

RIGHT = [
    ring_list,
    ring_by_indices,
    ring_by_gathering,
    ring_by_fourier,
    lambda x, dy, dx: np.roll(x, (dy, dx), (-2, -1)),
]
