"""Notebook 06: wrong and right answers to its exercises, as students write them."""

import collections
import heapq
import math

import numpy as np
import scipy.sparse
import scipy.special

# Wrong ones


def groups_left_out(channels, filters, f, groups):
    return filters * channels * f * f + filters


def groups_one_only(channels, filters, f, groups):
    return (filters // groups) * (channels // groups * f * f + 1)


def groups_no_bias(channels, filters, f, groups):
    return filters * (channels // groups) * f**2


def groups_divided_at_the_end(channels, filters, f, groups):
    return filters * (channels * f**2 + 1) // groups


def groups_bias_each(channels, filters, f, groups):
    return filters * (channels // groups) * f**2 + groups


def groups_one_bias(channels, filters, f, groups):
    return filters * (channels // groups) * f**2 + 1


def groups_times(channels, filters, f, groups):
    return filters * (channels * groups * f**2 + 1)


def groups_f_not_squared(channels, filters, f, groups):
    return filters * (channels // groups * f + 1)


def groups_flat(channels, filters, f, groups):
    return filters * (f**2 + 1)


def groups_swapped(channels, filters, f, groups):
    return channels * (filters // groups * f**2 + 1)


def groups_as_float(channels, filters, f, groups):
    return filters * (channels / groups * f**2 + 1)


def groups_in_text(channels, filters, f, groups):
    return f"{filters * (channels // groups * f**2 + 1):,}"


def table_full(table, f):
    maps = max(max(row) for row in table) + 1
    seen = {each for row in table for each in row}
    return len(table) * (min(maps, len(seen)) * f * f + 1)


def table_no_bias(table, f):
    return sum(f * f * len(row) for row in table)


def table_one_bias(table, f):
    return sum(f * f * len(row) for row in table) + 1


def table_bias_for_each_cross(table, f):
    return sum((f * f + 1) * len(row) for row in table)


def table_flat(table, f):
    total = 0
    for _ in table:
        total += f * f + 1
    return total


def table_f_not_squared(table, f):
    return sum(f * len(row) + 1 for row in table)


def table_adds_names(table, f):
    return sum(f * f * sum(row) + 1 for row in table)


def table_stops_too_early(table, f):
    total = 0
    for row in table:
        total += f * f * len(row) + 1
        break
    return total


def table_crosses(table, f):
    return sum(map(len, table))


def table_eaten(table, f):
    total = 0
    while table:
        total += f * f * len(table.pop()) + 1
    return total


def table_as_list(table, f):
    return [f * f * len(row) + 1 for row in table]


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


def softmax_by_math(z):
    powers = [math.exp(each) for each in z]
    return np.array(powers) / sum(powers)


def top_ascending(p, k):
    return np.argsort(p)[len(p) - k :]


def top_least(p, k):
    return p.argsort()[:k]


def top_chances(p, k):
    return np.array(sorted(p, reverse=True)[:k])


def top_from_one(p, k):
    return 1 + np.argsort(p)[::-1][:k]


def top_all(p, k):
    return np.argsort(p)[::-1]


def top_unsorted(p, k):
    limit = np.sort(p)[-k]
    return np.array([at for at in range(len(p)) if p[at] >= limit])


def top_ranks(p, k):
    order = np.argsort(-p)
    rank = np.empty(len(p), int)
    rank[order] = np.arange(len(p))
    return rank[:k]


def top_one(p, k):
    return p.argmax()


def top_with_chances(p, k):
    order = np.argsort(-p)[:k]
    return np.array([(each, p[each]) for each in order])


def top_list(p, k):
    return sorted(range(len(p)), key=lambda each: -p[each])[:k]


def top_destroys(p, k):
    found = []
    for _ in range(k):
        found.append(int(p.argmax()))
        p[found[-1]] = -1
    return np.array(found)


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


MUTANTS = {
    "grouped_parameters": [
        (groups_left_out, "the groups are left out"),
        (groups_one_only, "this is one group"),
        (groups_no_bias, "the biases are missing"),
        (groups_divided_at_the_end, "the biases are divided, too"),
        (groups_bias_each, "not one for each group"),
        (groups_one_bias, "not one in all"),
        (groups_times, "smaller, not larger"),
        (groups_f_not_squared, "f × f pixels, not f"),
        (groups_flat, "all channels of its group"),
        (groups_swapped, "channels and filters are swapped"),
        (groups_as_float, "must be a whole number"),
        (groups_in_text, "it gave text"),
    ],
    "table_parameters": [
        (table_full, "every map sees every map"),
        (table_no_bias, "the biases are missing"),
        (table_one_bias, "not one in all"),
        (table_bias_for_each_cross, "not one for each connection"),
        (table_flat, "weights of its own for each map"),
        (table_f_not_squared, "f × f pixels, not f"),
        (table_adds_names, "the numbers of the maps are added up"),
        (table_stops_too_early, "the first map alone"),
        (table_crosses, "these are the connections"),
        (table_eaten, "changed its input table"),
        (table_as_list, "shape (1,), expected was a number"),
    ],
    "softmax": [
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
        (softmax_list, "not a NumPy array"),
        (softmax_in_place, "changed its input z"),
        (softmax_by_math, "it raised OverflowError"),
    ],
    "top_classes": [
        (top_ascending, "stands last"),
        (top_least, "the least probable ones"),
        (top_chances, "these are the probabilities"),
        (top_from_one, "count from 0"),
        (top_all, "these are all classes"),
        (top_unsorted, "in the order of their numbers"),
        (top_ranks, "the rank of each class"),
        (top_one, "the most probable class alone"),
        (top_with_chances, "stands beside each number"),
        (top_list, "not a NumPy array"),
        (top_destroys, "changed its input p"),
    ],
    "cross_entropy": [
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
        (loss_with_shift_in_place, "changed its input z"),
    ],
    "confusion": [
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
        (counts_for_ever, "Is there a loop that never ends?"),
    ],
}

# Right ones


def groups_by_shape(channels, filters, f, groups):
    return np.zeros((filters, channels // groups, f, f)).size + filters


def groups_by_loop(channels, filters, f, groups):
    total = 0
    for _ in range(groups):
        total += (filters // groups) * ((channels // groups) * f * f + 1)
    return total


def table_by_array(table, f):
    wired = np.zeros((len(table), 1 + max(each for row in table for each in row)), int)
    for at, row in enumerate(table):
        wired[at, row] = 1
    return int(wired.sum()) * f**2 + len(table)


def table_by_loops(table, f):
    total = 0
    for row in table:
        total += 1
        for _ in row:
            total += f**2
    return total


def softmax_by_differences(z):
    return np.array([1 / np.exp(z - each).sum() for each in z])


def softmax_by_log(z):
    return np.exp(z - scipy.special.logsumexp(z))


def top_by_heap(p, k):
    return np.array(heapq.nlargest(k, range(len(p)), key=p.__getitem__))


def top_by_search(p, k):
    left, found = p.copy(), []
    for _ in range(k):
        found.append(left.argmax())
        left[found[-1]] = -np.inf
    return np.array(found)


def loss_by_differences(z, label):
    return np.logaddexp.reduce(z - z[label])


def loss_by_loop(z, label):
    largest = max(z)
    total = 0
    for each in z:
        total += math.exp(each - largest)
    return largest + math.log(total) - z[label]


def counts_at(labels, named, classes):
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, named), 1)
    return table


def counts_by_scipy(labels, named, classes):
    return scipy.sparse.coo_array((np.ones(len(labels)), (labels, named)), (classes, classes)).toarray()


def counts_by_einsum(labels, named, classes):
    return np.einsum("ni,nj->ij", np.eye(classes)[labels], np.eye(classes)[named])


RIGHT = {
    "grouped_parameters": [groups_by_shape, groups_by_loop, lambda c, k, f, g: k + k * c * f**2 // g],
    "table_parameters": [table_by_array, table_by_loops, lambda table, f: len(table) + f * f * sum(map(len, table))],
    "softmax": [softmax_by_differences, softmax_by_log, lambda z: scipy.special.softmax(z)],
    "top_classes": [top_by_heap, top_by_search, lambda p, k: np.argsort(p)[::-1][:k]],
    "cross_entropy": [loss_by_differences, loss_by_loop, lambda z, label: scipy.special.logsumexp(z) - z[label]],
    "confusion": [counts, counts_at, counts_by_scipy, counts_by_einsum],
}
