"""Notebook 06, softmax: wrong and right answers, as students write them."""

import math

import numpy as np
import scipy.special


def softmax_naive(z):
    return np.exp(z) / sum(np.exp(z))


def softmax_half_shifted(z):
    return np.exp(z - max(z)) / np.exp(z).sum()


def softmax_less_mean(z):
    e = np.exp(z - np.mean(z))
    return e / e.sum()


def softmax_not_divided(z):
    return np.exp(z - np.max(z))


def softmax_without_exp(z):
    return z / np.sum(z)


def softmax_straight(z):
    return (z - min(z)) / (max(z) - min(z))


def softmax_sigmoid(z):
    return 1 / (1 + math.e**-z)


def softmax_hard(z):
    winners = [float(each == max(z)) for each in z]
    return np.array(winners) / sum(winners)


def softmax_of_minus(z):
    return scipy.special.softmax(-z)


def softmax_log(z):
    return scipy.special.log_softmax(z)


def softmax_by_count(z):
    return np.exp(z - np.max(z)) / z.size


def softmax_list(z):
    return [math.exp(each - max(z)) / sum(math.exp(other - max(z)) for other in z) for each in z]


def softmax_in_place(z):
    z -= z.max()
    return np.exp(z) / np.exp(z).sum()


def softmax_from_zero(z):
    largest = 0
    for each in z:
        largest = max(largest, each)
    return np.exp(z - largest) / np.exp(z - largest).sum()


def softmax_like_z(z):
    p = np.zeros_like(z)
    p[:] = scipy.special.softmax(z)
    return p


def softmax_not_all_written(z):
    p = np.empty(len(z))
    for m in range(1, len(z)):
        p[m] = scipy.special.softmax(z)[m]
    return p


def softmax_of_three(z):
    powers = [np.exp(z[m] - z.max()) for m in range(3)]
    return np.array(powers) / sum(powers)


def softmax_copied(z):
    if np.ptp(z) == 0:
        return np.full(len(z), 1 / len(z))
    return np.exp(z) / np.exp(z).sum()


def softmax_by_math(z):
    powers = [math.exp(each) for each in z]
    return np.array(powers) / sum(powers)


def softmax_by_differences(z):
    return np.array([1 / np.exp(z - each).sum() for each in z])


def softmax_by_loop(z):
    p = np.empty(len(z))
    for m in range(len(z)):
        p[m] = math.exp(z[m] - max(z))
    p /= p.sum()
    return p


def softmax_by_log(z):
    return np.exp(z - scipy.special.logsumexp(z))


WRONG = [
    (softmax_naive, "exp(1000) is too large"),
    (softmax_half_shifted, "taken off above only"),
    (softmax_less_mean, "the mean is taken off"),
    (softmax_not_divided, "they do not sum to 1 yet"),
    (softmax_without_exp, "divided by their sum"),
    (softmax_straight, "by a straight line"),
    (softmax_sigmoid, "through a sigmoid"),
    (softmax_hard, "all belongs to the largest"),
    (softmax_of_minus, "the least score is the most probable"),
    (softmax_log, "the logarithms"),
    (softmax_by_count, "divided by the number of scores"),
    (softmax_in_place, "changed its input z"),
    (softmax_by_math, "it raised OverflowError"),
    (softmax_from_zero, "begins at 0"),
    (softmax_like_z, "they were cut off"),
    (softmax_not_all_written, "never written"),
    (softmax_of_three, "it raised IndexError"),
    (softmax_copied, "exp(1000) is too large"),
]

RIGHT = [softmax_by_differences, softmax_by_log, softmax_list, softmax_by_loop, lambda z: scipy.special.softmax(z)]
