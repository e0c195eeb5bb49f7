"""Notebook 05, routing_round: wrong and right answers, as students write them."""

import math

import numpy as np
from scipy.special import softmax


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


def routing_by_loops(votes, b):
    below, above, size = votes.shape
    couplings = [[math.exp(b[i, j]) / sum(math.exp(each) for each in b[i]) for j in range(above)] for i in range(below)]
    out = b.astype(float)
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


def routing_into_integers(votes, b):
    out = np.zeros_like(b)
    out[:] = b + agreement(votes, routed(votes, softmax(b, axis=1)))
    return out


def routing_of_two(votes, b):
    couplings = np.exp(b) / (np.exp(b[:, :1]) + np.exp(b[:, 1:2]))
    return b + agreement(votes, routed(votes, couplings))


def routing_over_above(votes, b):
    s = (softmax(b, axis=1)[..., None] * votes).sum(axis=1)[:, None]
    n = np.linalg.norm(s, axis=-1, keepdims=True)
    return b + (votes * s * n / (1 + n * n)).sum(axis=2)


def routing_by_shares(votes, b):
    return b + agreement(votes, routed(votes, b / b.sum(axis=1, keepdims=True)))


def routing_from_zeros(votes, b):
    return agreement(votes, routed(votes, np.full(b.shape, 1 / b.shape[1])))


def routing_by_tensors(votes, b):
    c = np.exp(b - np.log(np.exp(b).sum(axis=1, keepdims=True)))
    s = np.matmul(c.T[:, None, :], votes.swapaxes(0, 1))[:, 0]
    v = s * np.sqrt(np.sum(s**2, axis=1, keepdims=True)) / (1 + np.sum(s**2, axis=1, keepdims=True))
    return b + np.matmul(votes.swapaxes(0, 1), v[..., None])[..., 0].T


def routing_as_lists(votes, b):
    return [list(row) for row in routing_by_loops(votes, b)]


WRONG = [
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
    (routing_into_b, "writes into the old one"),
    (routing_both, "which is not an array of shape (3, 2)"),
    (routing_into_integers, "cut off"),
    (routing_of_two, ""),
    (routing_over_above, "over the capsules above"),
    (routing_by_shares, ""),
    (routing_from_zeros, "starts at 0 again"),
]

RIGHT = [routing_by_loops, routing_by_scipy, routing_by_matmul, routing_by_tensors, routing_as_lists]
