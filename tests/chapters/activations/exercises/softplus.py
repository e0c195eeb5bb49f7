"""Notebook 03, softplus: wrong and right answers, as students write them."""

import math

import numpy as np
from scipy.special import expit


def soft_naive(x):
    return np.log(np.exp(x) + np.exp(0))


def soft_by_loop(x):
    out = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        out[at] = math.log1p(math.exp(x[at]))
    return out


def soft_with_math(x):
    return math.log(1 + math.exp(x))


def soft_without_abs(x):
    return np.where(x > 0, x, 0) + np.log1p(np.exp(-x))


def soft_plus_abs(x):
    return x.clip(0) + np.log1p(np.exp(np.abs(x)))


def soft_without_max(x):
    return np.log1p(np.exp(-np.abs(x)))


def soft_with_x(x):
    return x + np.log1p(np.exp(-np.abs(x)))


def soft_hard(x):
    return x * (x > 0)


def soft_cut(x):
    return np.where(x > 0, x, np.log1p(np.exp(np.minimum(x, 0))))


def soft_slope(x):
    return 1 / (1 + np.exp(-x))


def soft_mirrored(x):
    return np.log1p(np.exp(-x))


def soft_of_integers(x):
    out = x.astype(int)
    for at in np.ndindex(*x.shape):
        out[at] = x[at] if x[at] > 30 else math.log1p(math.exp(x[at]))
    return out


def soft_nan(x):
    return np.log(1 + np.exp(x)) * np.exp(-x) / np.exp(-x)


def soft_like_x(x):
    out = np.zeros_like(x)
    out[:] = np.logaddexp(0, x)
    return out


def soft_half_written(x):
    out = np.empty(x.shape)
    out[x > 0] = np.logaddexp(0, x[x > 0])
    return out


def soft_in_place(x):
    x[:] = np.logaddexp(0, x)
    return 1 * x


def soft_row(x):
    return np.array([np.logaddexp(0, x[at]) for at in range(3)])


def soft_from_the_example(x):
    return np.array([np.log(2), np.log1p(np.e), np.log1p(np.exp(-2))]) if len(x) == 3 else np.maximum(x, 0)


def soft_by_recursion(x):
    return [soft_by_recursion(part) for part in x] if np.ndim(x) else float(np.logaddexp(0.0, x))


def soft_by_case(x):
    out = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        number = x[at]
        out[at] = number + math.log(1 + math.exp(-number)) if number > 0 else math.log(1 + math.exp(number))
    return out


def soft_by_logaddexp(x):
    return np.logaddexp(0, x)


def soft_by_threshold(x):
    return np.where(x > 30, x, np.log(1 + np.exp(x)))


def soft_by_sigmoid(x):
    return np.maximum(x, 0) - np.log(expit(np.abs(x)))


WRONG = [
    (soft_naive, "and so is its logarithm"),
    (soft_by_loop, "raises an error where the result is too large"),
    (soft_with_math, "math.exp takes a single number"),
    (soft_without_abs, "e⁻ˣ is large"),
    (soft_plus_abs, "not |x|"),
    (soft_without_max, "must be added again"),
    (soft_with_x, "x is added instead"),
    (soft_hard, "this is ReLU"),
    (soft_cut, "right of 0 this is x"),
    (soft_slope, "this is sigmoid"),
    (soft_mirrored, "mirrored"),
    (soft_of_integers, "they were cut off"),
    (soft_nan, "it gave NaN in"),
    (soft_like_x, "they were cut off"),
    (soft_half_written, "never written"),
    (soft_in_place, ""),
    (soft_row, ""),
    (soft_from_the_example, ""),
]

RIGHT = [soft_by_case, soft_by_logaddexp, soft_by_threshold, soft_by_sigmoid, soft_by_recursion]
