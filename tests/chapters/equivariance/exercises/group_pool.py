"""Notebook 05, group_pool: wrong and right answers, as students write them."""

import numpy as np


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


def pool_by_loops(maps):
    out = np.full((len(maps) // 4, *maps.shape[1:]), -np.inf)
    for m, i, j in np.ndindex(*maps.shape):
        out[m // 4, i, j] = max(out[m // 4, i, j], maps[m, i, j])
    return out


def pool_by_strides(maps):
    return np.maximum(np.maximum(maps[0::4], maps[1::4]), np.maximum(maps[2::4], maps[3::4]))


def pool_from_minus_ten(maps):
    out = np.full((len(maps) // 4, *maps.shape[1:]), -10.0)
    for m in range(len(maps)):
        out[m // 4] = np.maximum(out[m // 4], maps[m])
    return out


def pool_unwritten(maps):
    out = np.empty((len(maps) // 4, *maps.shape[1:]))
    for c in range(len(maps) // 4 - 1):
        out[c] = maps[4 * c : 4 * c + 4].max(axis=0)
    return out


def pool_of_integers(maps):
    out = np.zeros((len(maps) // 4, *maps.shape[1:]), dtype=int)
    for c in range(len(out)):
        out[c] = maps[4 * c : 4 * c + 4].max(axis=0)
    return out


def pool_one_channel(maps):
    return maps[:4].max(axis=0)[None]


def pool_channels(maps):
    return maps.reshape(-1, 4, *maps.shape[1:]).max(axis=0)


def pool_of_three(maps):
    return np.array([maps[c : c + 3].max(axis=0) for c in range(0, len(maps), 4)])


WRONG = [
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
    (pool_view, ""),
    (pool_damaging, "changed its input maps"),
    (pool_from_minus_ten, "begins at -10"),
    (pool_unwritten, "never written"),
    (pool_of_integers, "they were cut off"),
    (pool_one_channel, "shape (1, 2, 3), expected was"),
    (pool_channels, "the maximum is over the channels"),
    (pool_of_three, "only the first three turns"),
]

RIGHT = [
    pool_list,
    pool_by_loops,
    pool_by_strides,
    lambda maps: maps.reshape(-1, 4, *maps.shape[1:]).max(axis=1),
    lambda maps: np.maximum.reduceat(maps, np.arange(0, len(maps), 4), axis=0),
]
