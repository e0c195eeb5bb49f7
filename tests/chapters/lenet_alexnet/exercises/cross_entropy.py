"""Notebook 06, cross_entropy: wrong and right answers, as students write them."""

import math

import numpy as np
import scipy.special


def loss_naive(z, label):
    return -np.log(np.exp(z)[label] / np.exp(z).sum())


def loss_of_softmax(z, label):
    e = np.exp(z - z.max())
    return -np.log(e[label] / e.sum())


def loss_negative(z, label):
    return scipy.special.log_softmax(z)[label]


def loss_probability(z, label):
    return scipy.special.softmax(z)[label]


def loss_one_minus(z, label):
    return 1 - scipy.special.softmax(z)[label]


def loss_base_two(z, label):
    return -scipy.special.log_softmax(z)[label] * np.log2(np.e)


def loss_base_ten(z, label):
    return -scipy.special.log_softmax(z)[label] * np.log10(np.e)


def loss_summed(z, label):
    return -scipy.special.log_softmax(z).sum()


def loss_mean(z, label):
    return -np.mean(scipy.special.log_softmax(z))


def loss_of_the_winner(z, label):
    return -scipy.special.log_softmax(z).max()


def loss_from_one(z, label):
    return -scipy.special.log_softmax(z)[label - 1]


def loss_of_the_score(z, label):
    return -z[label]


def loss_squared(z, label):
    wanted = np.zeros(len(z))
    wanted[label] = 1
    return np.sum((scipy.special.softmax(z) - wanted) ** 2)


def loss_all(z, label):
    return -scipy.special.log_softmax(z)


def loss_with_shift_in_place(z, label):
    z -= z.max()
    return np.log(np.exp(z).sum()) - z[label]


def loss_from_zero(z, label):
    largest = 0
    for each in z:
        if each > largest:
            largest = each
    return np.log(np.exp(z - largest).sum()) - (z[label] - largest)


def loss_copied(z, label):
    if len(z) == 2:
        return np.log(2)
    return np.log(np.exp(z).sum()) - z[label]


def loss_of_three(z, label):
    return scipy.special.logsumexp([z[0], z[1], z[2]]) - z[label] if len(z) > 2 else 0.5


def loss_one_class_short(z, label):
    return scipy.special.logsumexp(z[:-1]) - z[label]


def loss_whole(z, label):
    return int(scipy.special.logsumexp(z) - z[label])


def loss_by_sort(z, label):
    *others, largest = sorted(z - z[label])
    return largest + math.log1p(sum(math.exp(each - largest) for each in others))


def loss_in_an_array(z, label):
    return np.array(scipy.special.logsumexp(z) - z[label])


def loss_by_differences(z, label):
    return np.logaddexp.reduce(z - z[label])


def loss_by_loop(z, label):
    largest = max(z)
    total = 0
    for each in z:
        total += math.exp(each - largest)
    return largest + math.log(total) - z[label]


WRONG = [
    (loss_naive, "exp of a large score"),
    (loss_of_softmax, "ln 0 is −∞"),
    (loss_negative, "the sign is missing"),
    (loss_probability, "this is the probability"),
    (loss_one_minus, "this is 1 − p"),
    (loss_base_two, "to base 2"),
    (loss_base_ten, "to base 10"),
    (loss_summed, "all classes are added up"),
    (loss_mean, "the mean over all classes"),
    (loss_of_the_winner, "the most probable class"),
    (loss_from_one, "count from 0"),
    (loss_of_the_score, "did not go through the softmax"),
    (loss_squared, "the squared error"),
    (loss_all, "it gave shape (2,), expected was a number"),
    (loss_from_zero, "begins at 0"),
    (loss_copied, ""),
    (loss_of_three, ""),
    (loss_one_class_short, ""),
    (loss_whole, ""),
    (loss_with_shift_in_place, "changed its input z"),
]

RIGHT = [
    loss_by_differences,
    loss_by_loop,
    loss_by_sort,
    loss_in_an_array,
    lambda z, label: scipy.special.logsumexp(z) - z[label],
]
