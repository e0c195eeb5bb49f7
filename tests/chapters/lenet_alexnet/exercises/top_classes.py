"""Notebook 06, top_classes: wrong and right answers, as students write them."""

import heapq

import numpy as np


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


def top_not_all_written(p, k):
    order = np.empty(k, int)
    for at in range(k - 1):
        order[at] = np.argsort(-p)[at]
    return order


def top_from_half(p, k):
    found = []
    for _ in range(k):
        best, largest = 0, 0.5
        for at, each in enumerate(p):
            if each > largest and at not in found:
                best, largest = at, each
        found.append(best)
    return np.array(found)


def top_three(p, k):
    return np.argsort(-p)[:3]


def top_one_short(p, k):
    return np.argsort(p)[:-k:-1]


def top_copied(p, k):
    return np.array([1]) if k == 1 else np.argsort(p)[:k]


def top_as_text(p, k):
    return ", ".join(map(str, np.argsort(-p)[:k]))


def top_by_heap(p, k):
    return np.array(heapq.nlargest(k, range(len(p)), key=p.__getitem__))


def top_by_parts(p, k):
    some = np.argpartition(-p, k - 1)[:k]
    return some[np.argsort(p[some])[::-1]]


def top_by_search(p, k):
    left, found = p.copy(), []
    for _ in range(k):
        found.append(left.argmax())
        left[found[-1]] = -np.inf
    return np.array(found)


WRONG = [
    (top_ascending, "stands last"),
    (top_least, "the least probable ones"),
    (top_chances, "these are the probabilities"),
    (top_from_one, "count from 0"),
    (top_all, "these are all classes"),
    (top_unsorted, "in the order of their numbers"),
    (top_ranks, "the rank of each class"),
    (top_one, "the most probable class alone"),
    (top_with_chances, "stands beside each number"),
    (top_not_all_written, "never written"),
    (top_from_half, ""),
    (top_three, ""),
    (top_one_short, "expected was an array of shape"),
    (top_copied, ""),
    (top_as_text, "it gave"),
    (top_destroys, "changed its input p"),
]

RIGHT = [top_by_heap, top_by_search, top_list, top_by_parts, lambda p, k: np.argsort(p)[::-1][:k]]
