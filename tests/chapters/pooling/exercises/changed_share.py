"""Notebook 04, changed_share: wrong and right answers, as students write them."""

import numpy as np
from scipy.ndimage import maximum_filter, shift

from lecture_lib import ops, transforms
from tests.chapters.pooling.exercises.max_pool import pooled


def moved(x, by):
    out = np.zeros(x.shape)
    for j in range(by, x.shape[1]):
        out[:, j] = x[:, j - by]
    return out


def compared(x, f, after, keep=np.max):
    return np.mean(pooled(x, f, f, keep) != pooled(after, f, f, keep))


def share_by_minus(x, f, by):
    after = np.zeros(x.shape)
    after[:, by:] = x[:, :-by]
    return compared(x, f, after)


def share_counted(x, f, by):
    return np.sum(pooled(x, f, f) != pooled(moved(x, by), f, f))


def share_in_percent(x, f, by):
    return 100 * compared(x, f, moved(x, by))


def share_the_same(x, f, by):
    return np.mean(pooled(x, f, f) == pooled(moved(x, by), f, f))


def share_of_pixels(x, f, by):
    return np.mean(x != moved(x, by))


def share_pooled_then_moved(x, f, by):
    before = pooled(x, f, f)
    return np.mean(before != moved(before, by))


def share_around(x, f, by):
    return compared(x, f, np.roll(x, by, axis=1))


def share_rolled(x, f, by):
    return compared(x, f, np.roll(x, by))


def share_with_the_edge(x, f, by):
    return compared(x, f, np.hstack([x[:, :1]] * by + [x[:, : x.shape[1] - by]]))


def share_down(x, f, by):
    return compared(x, f, moved(x.T, by).T)


def share_to_the_left(x, f, by):
    return compared(x, f, moved(x[:, ::-1], by)[:, ::-1])


def share_by_one(x, f, by):
    return compared(x, f, moved(x, 1))


def share_of_averages(x, f, by):
    return compared(x, f, moved(x, by), np.mean)


def share_overlapping(x, f, by):
    return np.mean(pooled(x, f, 1) != pooled(moved(x, by), f, 1))


def share_of_the_values(x, f, by):
    return np.abs(pooled(x, f, f) - pooled(moved(x, by), f, f)).mean()


def share_any(x, f, by):
    return (pooled(x, f, f) != pooled(moved(x, by), f, f)).any()


def share_of_all_pixels(x, f, by):
    return np.sum(pooled(x, f, f) != pooled(moved(x, by), f, f)) / x.size


def share_as_a_map(x, f, by):
    return pooled(x, f, f) != pooled(moved(x, by), f, f)


def share_of_one_array(x, f, by):
    after = x
    return np.mean(pooled(x, f, f) != pooled(after, f, f))


def share_of_pieces(x, f, by):
    return np.mean(pooled(x[:, by:], f, f) != pooled(x[:, : x.shape[1] - by], f, f))


def share_over_the_border(x, f, by):
    def rounded_up(each):
        return np.array([[each[i : i + f, j : j + f].max() for j in range(0, x.shape[1], f)]
                         for i in range(0, x.shape[0], f)])  # fmt: skip

    return np.mean(rounded_up(x) != rounded_up(moved(x, by)))


def share_of_the_length(x, f, by):
    before, after = pooled(x, f, f), pooled(moved(x, by), f, f)
    return np.linalg.norm(after - before) / np.linalg.norm(before)


def share_from_minus_infinity(x, f, by):
    after = np.full(x.shape, -np.inf)
    after[:, by:] = x[:, : x.shape[1] - by]
    return compared(x, f, after)


def share_in_place(x, f, by):
    before = pooled(x, f, f)
    x[:] = moved(x, by)
    return np.mean(before != pooled(x, f, f))


def share_into_empty(x, f, by):
    after = np.empty(x.shape)
    after[:, by:] = x[:, : x.shape[1] - by]
    return compared(x, f, after)


def share_of_the_example(x, f, by):
    return 0.75


def share_with_two(x, f, by):
    return compared(x, 2, moved(x, by))


def share_by_scipy(x, f, by):
    rows, cols = (n // f * f for n in x.shape)
    both = [maximum_filter(each.astype(float), f, origin=-(f // 2))[:rows:f, :cols:f]
            for each in (x, shift(x.astype(float), (0, by), order=0))]  # fmt: skip
    return np.mean(both[0] != both[1])


def share_by_library(x, f, by):
    both = np.stack([x, transforms.translate(x.astype(float), 0, by)])[:, None]
    before, after = ops.max_pool2d(both, f)
    return float((before != after).mean())


def share_by_padding(x, f, by):
    after = np.pad(x, ((0, 0), (by, 0)))[:, : x.shape[1]]
    return 1 - np.mean(pooled(x, f, f) == pooled(after, f, f))


def share_by_counting(x, f, by):
    places = [(i, j) for i in range(0, len(x) - f + 1, f) for j in range(0, len(x[0]) - f + 1, f)]
    changed = 0
    for i, j in places:
        window = [(a, b) for a in range(i, i + f) for b in range(j, j + f)]
        changed += max(x[a, b] for a, b in window) != max(x[a, b - by] if b >= by else 0 for a, b in window)
    return changed / len(places)


def share_by_blocks(x, f, by):
    rows, cols = x.shape[0] // f, x.shape[1] // f
    before, after = (
        each[: rows * f, : cols * f].reshape(rows, f, cols, f).max(axis=(1, 3)) for each in (x, moved(x, by))
    )
    return np.count_nonzero(before - after) / before.size


WRONG = [
    (share_by_minus, "x[:, :-0] is empty"),
    (share_counted, "how many outputs have changed"),
    (share_in_percent, "this is a percentage"),
    (share_the_same, "the share that stays the same"),
    (share_of_pixels, "the share of pixels"),
    (share_pooled_then_moved, "the pooled map was moved"),
    (share_around, "the map moves around: what"),
    (share_rolled, "without an axis"),
    (share_with_the_edge, "the first column is repeated"),
    (share_down, "the map moves down"),
    (share_to_the_left, "the map moves to the left"),
    (share_by_one, "by 1 whatever"),
    (share_of_averages, "this is average pooling"),
    (share_overlapping, "the windows overlap"),
    (share_of_the_values, "how much the outputs change"),
    (share_any, "whether any output changes"),
    (lambda x, f, by: np.mean(pooled(x, f, f) > pooled(moved(x, by), f, f)), "that became smaller"),
    (lambda x, f, by: np.mean(pooled(x, f, f) < pooled(moved(x, by), f, f)), "that became larger"),
    (lambda x, f, by: round(compared(x, f, moved(x, by)), 1), ""),
    (share_of_one_array, "makes no copy"),
    (share_of_pieces, "are cut away"),
    (share_over_the_border, "hang over the border"),
    (share_of_the_length, "the change of P3"),
    (share_from_minus_infinity, "−∞ comes in"),
    (share_of_all_pixels, "divided by the number of pixels"),
    (share_as_a_map, "it gave shape (2, 2), expected was a number"),
    (share_in_place, "changed its input x"),
    (share_into_empty, "never written"),
    (share_of_the_example, ""),
    (share_with_two, "the windows are 2×2"),
]

RIGHT = [share_by_scipy, share_by_library, share_by_padding, share_by_counting, share_by_blocks]
