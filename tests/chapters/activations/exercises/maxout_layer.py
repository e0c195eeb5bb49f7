"""Notebook 03, maxout_layer: wrong and right answers, as students write them."""

import numpy as np


def maxout_biasless(x, weight, bias):
    return np.einsum("ni,kui->knu", x, weight).max(axis=0)


def maxout_late_bias(x, weight, bias):
    return np.einsum("ni,kui->knu", x, weight).max(axis=0) + bias[0]


def maxout_largest_bias(x, weight, bias):
    return np.einsum("ni,kui->knu", x, weight).max(axis=0) + bias.max(axis=0)


def maxout_means(x, weight, bias):
    return sum(x @ weight[k].T + bias[k] for k in range(len(weight))) / len(weight)


def maxout_sums(x, weight, bias):
    return sum(x @ weight[k].T + bias[k] for k in range(len(weight)))


def maxout_least(x, weight, bias):
    return np.min([x @ weight[k].T + bias[k] for k in range(len(weight))], axis=0)


def maxout_first(x, weight, bias):
    return x @ weight[0].T + bias[0]


def maxout_from_zeros(x, weight, bias):
    out = np.zeros((len(x), weight.shape[1]))
    for k in range(len(weight)):
        out = np.maximum(out, x @ weight[k].T + bias[k])
    return out


def maxout_of_weights(x, weight, bias):
    return x @ np.max(weight, axis=0).T + np.max(bias, axis=0)


def maxout_over_units(x, weight, bias):
    return np.array([(x @ weight[k].T + bias[k]).max(axis=1) for k in range(len(weight))])


def maxout_turned(x, weight, bias):
    return np.max([x @ weight[k] + bias[k] for k in range(len(weight))], axis=0)


def maxout_units_first(x, weight, bias):
    return np.max([x @ w.T + b for w, b in zip(weight, bias, strict=True)], axis=0).T


def maxout_into_the_bias(x, weight, bias):
    out = np.max([x @ w.T + b for w, b in zip(weight, bias, strict=True)], axis=0)
    bias *= 0
    return out


def maxout_from_minus_ten(x, weight, bias):
    out = np.full((len(x), weight.shape[1]), -10.0)
    for w, b in zip(weight, bias, strict=True):
        out = np.maximum(out, x @ w.T + b)
    return out


def maxout_like_x(x, weight, bias):
    out = np.zeros((len(x), weight.shape[1]), dtype=x.dtype)
    out[:] = np.max([x @ w.T + b for w, b in zip(weight, bias, strict=True)], axis=0)
    return out


def maxout_of_two(x, weight, bias):
    return np.maximum(x @ weight[0].T + bias[0], x @ weight[1 % len(weight)].T + bias[1 % len(weight)])


def maxout_half_written(x, weight, bias):
    out = np.empty((len(x), weight.shape[1]))
    out[0] = np.max([x[0] @ w.T + b for w, b in zip(weight, bias, strict=True)], axis=0)
    return out


def maxout_but_the_last(x, weight, bias):
    return np.max([x @ weight[k].T + bias[k] for k in range(max(1, len(weight) - 1))], axis=0)


def maxout_by_units(x, weight, bias):
    units = range(weight.shape[1])
    return np.column_stack([(x @ weight[:, unit].T + bias[:, unit]).max(axis=1) for unit in units])


def maxout_by_recursion(x, weight, bias):
    first = x @ weight[0].T + bias[0]
    return first if len(weight) == 1 else np.maximum(first, maxout_by_recursion(x, weight[1:], bias[1:]))


def maxout_by_lists(x, weight, bias):
    def total(sample, w, b):
        return b + sum(a * c for a, c in zip(sample, w, strict=True))

    return [
        [max(total(sample, w[u], b[u]) for w, b in zip(weight, bias, strict=True)) for u in range(len(bias[0]))]
        for sample in x
    ]


def maxout_by_loops(x, weight, bias):
    out = np.full((len(x), weight.shape[1]), -np.inf)
    for n, unit in np.ndindex(*out.shape):
        for k in range(len(weight)):
            out[n, unit] = max(out[n, unit], sum(weight[k, unit] * x[n]) + bias[k, unit])
    return out


def maxout_by_einsum(x, weight, bias):
    return (np.einsum("ni,kui->knu", x, weight) + bias[:, None]).max(axis=0)


def maxout_by_matmul(x, weight, bias):
    return np.max(x @ weight.transpose(0, 2, 1) + bias[:, None, :], axis=0)


WRONG = [
    (maxout_biasless, "the biases are missing"),
    (maxout_late_bias, "the bias comes after the maximum"),
    (maxout_largest_bias, "the largest bias is added after"),
    (maxout_means, "the mean of the sums"),
    (maxout_sums, "the sums are added"),
    (maxout_least, "the smallest sum"),
    (maxout_first, "only the first set"),
    (maxout_from_zeros, "negative results became 0"),
    (maxout_of_weights, "the largest weights are taken first"),
    (maxout_over_units, "the maximum is over the units"),
    (maxout_turned, "it raised ValueError"),
    (maxout_units_first, "it gave shape (1, 2), expected was an array of shape (2, 1)"),
    (maxout_into_the_bias, "changed its input bias"),
    (maxout_from_minus_ten, "−10 is no minus infinity"),
    (maxout_like_x, "they were cut off"),
    (maxout_of_two, "only the first two"),
    (maxout_half_written, "never written"),
    (maxout_but_the_last, "the last set of weights is left out"),
]

RIGHT = [maxout_by_loops, maxout_by_einsum, maxout_by_matmul, maxout_by_units, maxout_by_recursion, maxout_by_lists]
