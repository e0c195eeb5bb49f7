"""Notebook 03, dead_units: wrong and right answers, as students write them."""

import numpy as np


def dead_zeros(sums):
    out = np.maximum(sums, 0)
    return (out == 0).mean()


def dead_samples(sums):
    return np.mean([max(row) <= 0 for row in sums])


def dead_once(sums):
    return np.mean(sums.min(axis=0) <= 0)


def dead_strictly(sums):
    return np.mean(sums.max(axis=0) < 0)


def dead_on_average(sums):
    return np.mean(sums.mean(axis=0) <= 0)


def dead_living(sums):
    return np.mean(sums.max(axis=0) > 0)


def dead_counted(sums):
    count = 0
    for unit in range(sums.shape[1]):
        if sums[:, unit].max() <= 0:
            count += 1
    return count


def dead_percent(sums):
    return float(np.mean(sums.max(axis=0) <= 0) * 100)


def dead_exactly_zero(sums):
    return np.mean(np.abs(sums).sum(axis=0) == 0)


def dead_list(sums):
    return sums.max(axis=0) <= 0


def dead_by_samples(sums):
    return (sums.max(axis=0) <= 0).sum() / sums.shape[0]


def dead_after_relu_in_place(sums):
    sums[sums < 0] = 0
    return np.mean(sums.sum(axis=0) == 0)


def dead_in_text(sums):
    return f"{100 * np.mean(sums.max(axis=0) <= 0):.0f} %"


def dead_of_two(sums):
    return sum(sums[:, unit].max() <= 0 for unit in range(2)) / 2


def dead_first_sample(sums):
    return np.mean(sums[0] <= 0)


def dead_but_the_last_sample(sums):
    samples, units = sums.shape
    return sum(all(sums[n, unit] <= 0 for n in range(samples - 1)) for unit in range(units)) / units


def dead_from_the_example(sums):
    return 0.5 if sums.shape == (2, 2) else 0.0


def dead_by_loops(sums):
    samples, units = sums.shape
    dead = 0
    for unit in range(units):
        alive = False
        for sample in range(samples):
            if sums[sample, unit] > 0:
                alive = True
        dead += not alive
    return dead / units


def dead_by_max(sums):
    return float(np.mean(sums.max(axis=0) <= 0))


def dead_by_sets(sums):
    alive = {unit for sample in sums.tolist() for unit, each in enumerate(sample) if each > 0}
    return (len(sums[0]) - len(alive)) / len(sums[0])


def dead_by_columns(sums):
    return sum(not any(each > 0 for each in unit) for unit in zip(*sums.tolist(), strict=True)) / sums.shape[1]


def dead_by_relu(sums):
    return 1 - np.count_nonzero(np.maximum(sums, 0).sum(axis=0)) / sums.shape[1]


WRONG = [
    (dead_zeros, "the share of zeros"),
    (dead_samples, "the axes are swapped"),
    (dead_once, "does not kill a unit"),
    (dead_strictly, "a sum of exactly 0"),
    (dead_on_average, "the mean decides here"),
    (dead_living, "the share of units that live"),
    (dead_counted, "this is how many are dead"),
    (dead_percent, "this is in percent"),
    (dead_exactly_zero, "these are sums before ReLU"),
    (dead_list, "asks for one number"),
    (dead_by_samples, "divided by the number of samples"),
    (dead_after_relu_in_place, "changed its input sums"),
    (dead_in_text, "it gave text, '50 %'"),
    (dead_of_two, ""),
    (dead_first_sample, "only the first sample"),
    (dead_but_the_last_sample, "the last sample is left out"),
    (dead_from_the_example, ""),
]

RIGHT = [dead_by_loops, dead_by_max, dead_by_relu, dead_by_sets, dead_by_columns]
