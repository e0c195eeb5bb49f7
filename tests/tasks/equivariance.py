"""Notebook 05: wrong and right answers to its exercises, as students write them."""

import math

import numpy as np
from scipy.linalg import circulant as scipy_circulant
from scipy.ndimage import rotate as scipy_rotate
from scipy.special import softmax

# Wrong ones


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


def copies_clockwise(kernel):
    return np.stack([np.rot90(kernel, -turns) for turns in range(4)])


def copies_from_one(kernel):
    return np.stack([np.rot90(kernel, turns) for turns in range(1, 5)])


def copies_turned_once(kernel):
    return np.stack([kernel] + [np.rot90(kernel) for _ in range(3)])


def copies_equal(kernel):
    return np.stack([kernel] * 4)


def copies_by_halves(kernel):
    return np.stack([kernel, kernel[::-1, ::-1], kernel, kernel[::-1, ::-1]])


def copies_mirrored(kernel):
    return np.stack([kernel, np.fliplr(kernel), np.flipud(kernel), np.flipud(np.fliplr(kernel))])


def copies_transposed(kernel):
    return np.stack([kernel, kernel.T, kernel.T.T, kernel.T.T.T])


def copies_last(kernel):
    return np.dstack([np.rot90(kernel, turns) for turns in range(4)])


def copies_three(kernel):
    return np.stack([kernel, np.rot90(kernel, 1), np.rot90(kernel, 2)])


def copies_list(kernel):
    return [np.rot90(kernel, turns) for turns in range(4)]


def copies_in_degrees(kernel):
    return np.stack([np.rot90(kernel, degrees) for degrees in (0, 90, 180, 270)])


def copies_none(kernel):
    copies = []
    for turns in range(4):
        copies.append(np.rot90(kernel, turns))


def copies_nan(kernel):
    return np.full((4, *kernel.shape), np.nan)


def pool_strided(maps):
    count = len(maps) // 4
    return np.array([maps[c::count].max(axis=0) for c in range(count)])


def pool_mean(maps):
    return np.array([maps[c : c + 4].mean(axis=0) for c in range(0, len(maps), 4)])


def pool_sum(maps):
    return np.array([maps[c : c + 4].sum(axis=0) for c in range(0, len(maps), 4)])


def pool_min(maps):
    return np.array([maps[c : c + 4].min(axis=0) for c in range(0, len(maps), 4)])


def pool_first(maps):
    return maps[::4].copy()


def pool_from_zeros(maps):
    out = np.zeros((len(maps) // 4, *maps.shape[1:]))
    for m in range(len(maps)):
        out[m // 4] = np.maximum(out[m // 4], maps[m])
    return out


def pool_all(maps):
    return np.max(maps, axis=0)


def pool_places(maps):
    return np.array([each.max() for each in maps])


def pool_absolute(maps):
    return np.abs(maps).reshape(-1, 4, *maps.shape[1:]).max(axis=1)


def pool_two(maps):
    return np.maximum(maps[0::4], maps[1::4])


def pool_view(maps):
    return maps[::4]


def pool_damaging(maps):
    for m in range(len(maps)):
        maps[m // 4 * 4] = np.maximum(maps[m // 4 * 4], maps[m])
    return maps[::4].copy()


def pool_list(maps):
    return [maps[c : c + 4].max(axis=0) for c in range(0, len(maps), 4)]


def squash_divided(s):
    n = np.sqrt(np.sum(s**2, axis=-1, keepdims=True))
    return n**2 / (1 + n**2) * s / n


def squash_to_one(s):
    return s / np.linalg.norm(s, axis=-1, keepdims=True)


def squash_all_together(s):
    n = np.linalg.norm(s.ravel())
    return n / (1 + n**2) * s


def squash_along_the_first(s):
    n = np.sqrt((s**2).sum(axis=0))
    return n / (1 + n**2) * s


def squash_as_a_factor(s):
    square = (s**2).sum(axis=-1, keepdims=True)
    return square / (1 + square) * s


def squash_without_squares(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    return s / (1 + n)


def squash_lengths(s):
    square = (s**2).sum(axis=-1)
    return square / (1 + square)


def squash_numbers(s):
    return np.sign(s) * s**2 / (1 + s**2)


def squash_without_root(s):
    n = (s**2).sum(axis=-1, keepdims=True)
    return n / (1 + n**2) * s


def squash_of_absolutes(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    return n / (1 + n**2) * np.sqrt(s**2)


def squash_shrinking(s):
    return s / (1 + (s**2).sum(axis=-1, keepdims=True))


def squash_in_place(s):
    n = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    s *= n / (1 + n**2)
    return s


def squash_axis_lost(s):
    n = np.sqrt((s**2).sum(axis=-1))
    return s * n / (1 + n**2)


def routed(votes, couplings):
    s = np.einsum("ij,ijd->jd", couplings, votes)
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return s * n / (1 + n * n)


def agreement(votes, v):
    return np.einsum("ijd,jd->ij", votes, v)


def routing_over_below(votes, b):
    return b + agreement(votes, routed(votes, softmax(b, axis=0)))


def routing_by_logits(votes, b):
    return b + agreement(votes, routed(votes, b))


def routing_unnormalised(votes, b):
    return b + agreement(votes, routed(votes, np.exp(b)))


def routing_over_all(votes, b):
    return b + agreement(votes, routed(votes, softmax(b)))


def routing_uncoupled(votes, b):
    s = votes.sum(axis=0)
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return b + agreement(votes, s * n / (1 + n * n))


def routing_even(votes, b):
    return b + agreement(votes, routed(votes, np.ones(b.shape) / b.shape[1]))


def routing_unsquashed(votes, b):
    return b + agreement(votes, np.einsum("ij,ijd->jd", softmax(b, axis=1), votes))


def routing_forgetting(votes, b):
    return agreement(votes, routed(votes, softmax(b, axis=1)))


def routing_against(votes, b):
    return b - agreement(votes, routed(votes, softmax(b, axis=1)))


def routing_capsules(votes, b):
    return routed(votes, softmax(b, axis=1))


def routing_couplings(votes, b):
    return softmax(b + agreement(votes, routed(votes, softmax(b, axis=1))), axis=1)


def routing_into_b(votes, b):
    b += agreement(votes, routed(votes, softmax(b, axis=1)))
    return b


def routing_of_means(votes, b):
    s = (softmax(b, axis=1)[..., None] * votes).mean(axis=0)
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return b + agreement(votes, s * n / (1 + n * n))


def routing_both(votes, b):
    v = routed(votes, softmax(b, axis=1))
    return b + agreement(votes, v), v


MUTANTS = {
    "shift_ring": [
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
        (ring_list, "not a NumPy array"),
        (ring_of_modulo_before, "it raised IndexError"),
    ],
    "circulant": [
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
        (matrix_list, "not a NumPy array"),
        (matrix_popping, "changed its input row"),
    ],
    "turned_copies": [
        (copies_clockwise, "they are turned clockwise"),
        (copies_from_one, "the first copy is turned already"),
        (copies_turned_once, "all copies are turned alike"),
        (copies_equal, "all four are the kernel as it is"),
        (copies_by_halves, "turned by 180° more"),
        (copies_mirrored, "these are mirror images"),
        (copies_transposed, "the kernel is transposed"),
        (copies_last, "the copies are the last axis"),
        (copies_three, "one copy is missing"),
        (copies_list, "not a NumPy array"),
        (copies_in_degrees, "turned by 180° more"),
        (copies_none, "it gave None"),
        (copies_nan, "it gave NaN in 16 of 16 places"),
    ],
    "group_pool": [
        (pool_strided, "every fourth map is taken together"),
        (pool_mean, "the mean of the four"),
        (pool_sum, "the four are added up"),
        (pool_min, "the smallest of the four"),
        (pool_first, "the first of the four"),
        (pool_from_zeros, "negative results became 0"),
        (pool_all, "the maximum is over all maps"),
        (pool_places, "the maximum is over the places"),
        (pool_absolute, "the largest absolute value"),
        (pool_two, "only the first two turns"),
        (pool_view, "a view of its input maps"),
        (pool_damaging, "changed its input maps"),
        (pool_list, "not a NumPy array"),
    ],
    "squash_capsules": [
        (squash_divided, "a vector of zeros has no direction"),
        (squash_to_one, "all vectors have got length 1"),
        (squash_all_together, "that of all vectors together"),
        (squash_along_the_first, "taken along the first axis"),
        (squash_as_a_factor, "must be the new length, not a factor"),
        (squash_without_squares, "The formula has squares"),
        (squash_lengths, "these are the lengths"),
        (squash_numbers, "each number is squashed by itself"),
        (squash_without_root, "the root is missing"),
        (squash_of_absolutes, "the direction is lost"),
        (squash_shrinking, "Short ones must get shorter, too"),
        (squash_in_place, "changed its input s"),
        (squash_axis_lost, "it raised ValueError"),
    ],
    "routing_round": [
        (routing_over_below, "the softmax is over the capsules below"),
        (routing_by_logits, "the softmax is missing"),
        (routing_unnormalised, "divide by their sum"),
        (routing_over_all, "over all logits together"),
        (routing_uncoupled, "the couplings are left out"),
        (routing_even, "everybody shares out evenly here"),
        (routing_unsquashed, "the squash is missing"),
        (routing_forgetting, "this is the agreement alone"),
        (routing_against, "the agreement is taken away"),
        (routing_capsules, "this is v"),
        (routing_couplings, "the couplings of the next round"),
        (routing_of_means, "s is the mean"),
        (routing_into_b, "changed its input b"),
        (routing_both, "which is not an array of shape (3, 2)"),
    ],
}

# Right ones


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


def copies_by_index(kernel):
    copies = [kernel]
    for _ in range(3):
        copies.append(copies[-1].T[::-1])
    return np.stack(copies)


def copies_by_loops(kernel):
    f = len(kernel)
    out = np.zeros((4, f, f))
    out[0] = kernel
    for turns in range(1, 4):
        for i in range(f):
            for j in range(f):
                out[turns, f - 1 - j, i] = out[turns - 1, i, j]
    return out


def copies_by_scipy(kernel):
    return np.stack([scipy_rotate(kernel, 90 * turns, order=0, reshape=False) for turns in range(4)])


def pool_by_loops(maps):
    out = np.full((len(maps) // 4, *maps.shape[1:]), -np.inf)
    for m, i, j in np.ndindex(*maps.shape):
        out[m // 4, i, j] = max(out[m // 4, i, j], maps[m, i, j])
    return out


def pool_by_strides(maps):
    return np.maximum(np.maximum(maps[0::4], maps[1::4]), np.maximum(maps[2::4], maps[3::4]))


def squash_by_loops(s):
    out = np.zeros(s.shape)
    for at in np.ndindex(*s.shape[:-1]):
        n = math.sqrt(sum(number * number for number in s[at]))
        if n > 0:
            out[at] = n**2 / (1 + n**2) * s[at] / n
    return out


def squash_by_einsum(s):
    square = np.einsum("...d,...d->...", s, s)[..., None]
    return np.sqrt(square) / (1 + square) * s


def squash_by_where(s):
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return n**2 / (1 + n**2) * s / np.where(n == 0, 1, n)


def routing_by_loops(votes, b):
    below, above, size = votes.shape
    couplings = [[math.exp(b[i, j]) / sum(math.exp(each) for each in b[i]) for j in range(above)] for i in range(below)]
    out = b.copy()
    for j in range(above):
        s = [sum(couplings[i][j] * votes[i, j, d] for i in range(below)) for d in range(size)]
        n = math.sqrt(sum(number**2 for number in s))
        v = [n / (1 + n**2) * number for number in s]
        for i in range(below):
            out[i, j] += sum(votes[i, j, d] * v[d] for d in range(size))
    return out


def routing_by_scipy(votes, b):
    return b + agreement(votes, routed(votes, softmax(b, axis=1)))


def routing_by_matmul(votes, b):
    shifted = np.exp(b - b.max(axis=1, keepdims=True))
    couplings = shifted / shifted.sum(axis=1)[:, None]
    v = []
    for j in range(votes.shape[1]):
        s = couplings[:, j] @ votes[:, j]
        v.append(np.sqrt(s @ s) / (1 + s @ s) * s)
    return b + np.stack([votes[:, j] @ v[j] for j in range(len(v))], axis=1)


RIGHT = {
    "shift_ring": [
        ring_by_indices,
        ring_by_gathering,
        ring_by_fourier,
        lambda x, dy, dx: np.roll(x, (dy, dx), (-2, -1)),
    ],
    "circulant": [matrix_by_index, matrix_by_loops, lambda row: scipy_circulant(row).T],
    "turned_copies": [copies_by_index, copies_by_loops, copies_by_scipy],
    "group_pool": [pool_by_loops, pool_by_strides, lambda maps: maps.reshape(-1, 4, *maps.shape[1:]).max(axis=1)],
    "squash_capsules": [squash_by_loops, squash_by_einsum, squash_by_where],
    "routing_round": [routing_by_loops, routing_by_scipy, routing_by_matmul],
}
