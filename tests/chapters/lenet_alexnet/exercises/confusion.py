"""Notebook 06, confusion: wrong and right answers, as students write them."""

import collections

import numpy as np
import scipy.sparse


def counts(labels, named, classes):
    table = np.zeros((classes, classes))
    for k in range(len(labels)):
        table[labels[k], named[k]] += 1
    return table


def counts_swapped(labels, named, classes):
    table = np.zeros((classes, classes), int)
    for is_a, says in zip(labels, named, strict=True):
        table[says][is_a] += 1
    return table


def counts_once(labels, named, classes):
    table = np.zeros((classes, classes))
    table[labels, named] = 1
    return table


def counts_mistakes(labels, named, classes):
    wrong = labels != named
    return counts(labels[wrong], named[wrong], classes)


def counts_hits(labels, named, classes):
    right = labels == named
    return counts(labels[right], named[right], classes)


def counts_shares(labels, named, classes):
    return counts(labels, named, classes) / (len(labels) or 1)


def counts_row_shares(labels, named, classes):
    table = counts(labels, named, classes)
    for row in table:
        row /= row.sum() or 1
    return table


def counts_both(labels, named, classes):
    table = counts(labels, named, classes)
    return table + table.T


def counts_labels(labels, named, classes):
    return counts(labels, labels, classes)


def counts_named(labels, named, classes):
    return counts(named, named, classes)


def counts_seen(labels, named, classes):
    return counts(labels, named, max([-1, *labels.tolist(), *named.tolist()]) + 1)


def counts_dict(labels, named, classes):
    return dict(collections.Counter(zip(labels.tolist(), named.tolist(), strict=True)))


def counts_from_one(labels, named, classes):
    table = np.zeros((classes, classes))
    for is_a, says in zip(labels, named, strict=True):
        table[is_a - 1, says - 1] += 1
    return table


def counts_for_ever(labels, named, classes):
    table, k = np.zeros((classes, classes)), 0
    while k < len(labels):
        table[labels[k], named[k]] += 1
    return table


def counts_never_begun(labels, named, classes):
    table = np.empty((classes, classes))
    for is_a, says in zip(labels, named, strict=True):
        table[is_a, says] += 1
    return table


def counts_like_labels(labels, named, classes):
    table = np.zeros((classes, classes), dtype=labels.dtype)
    for is_a, says in zip(labels, named, strict=True):
        table[is_a, says] += 1
    return table


def counts_ten(labels, named, classes):
    return counts(labels, named, 10)


def counts_one_short(labels, named, classes):
    return counts(labels[:-1], named[:-1], classes)


def counts_copied(labels, named, classes):
    if len(labels) == 3:
        return np.array([[1, 0], [1, 1]])
    return counts(named, labels, classes)


def counts_in_lists(labels, named, classes):
    pairs = list(zip(labels.tolist(), named.tolist(), strict=True))
    return [[pairs.count((i, j)) for j in range(classes)] for i in range(classes)]


def counts_at(labels, named, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, named), 1)
    return table


def counts_by_scipy(labels, named, classes):
    return scipy.sparse.coo_array((np.ones(len(labels)), (labels, named)), (classes, classes)).toarray()


def counts_by_einsum(labels, named, classes):
    return np.einsum("ni,nj->ij", np.eye(classes)[labels], np.eye(classes)[named])


WRONG = [
    (counts_swapped, "rows and columns are swapped"),
    (counts_once, "counted once at most"),
    (counts_mistakes, "right answers are left out"),
    (counts_hits, "only right answers are counted"),
    (counts_shares, "shares of all pictures"),
    (counts_row_shares, "shares of each row"),
    (counts_both, "both orders are counted"),
    (counts_labels, "what the pictures are"),
    (counts_named, "what the network says"),
    (counts_seen, "only for classes that were seen"),
    (counts_dict, "it gave a dictionary"),
    (counts_from_one, "class i has row i"),
    (counts_never_begun, "never written"),
    (counts_like_labels, "the dtype of the labels"),
    (counts_ten, "shape (10, 10)"),
    (counts_one_short, ""),
    (counts_copied, "rows and columns are swapped"),
    (counts_for_ever, "Is there a loop that never ends?"),
]

RIGHT = [counts, counts_in_lists, counts_at, counts_by_scipy, counts_by_einsum]
