"""Notebook 03, elu: wrong and right answers, as students write them."""

import math

import numpy as np


def elu_by_masks(x, alpha):
    right, left = (x > 0).astype(float), (x <= 0).astype(float)
    return right * x + left * alpha * (np.exp(x) - 1)


def elu_without_one(x, alpha):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)))


def elu_brackets(x, alpha):
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1)


def elu_without_alpha(x, alpha):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def elu_upside_down(x, alpha):
    return np.where(x > 0, x, alpha - alpha * np.exp(np.minimum(x, 0)))


def elu_wrong_exponent(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(-x))


def elu_everywhere(x, alpha):
    return alpha * np.expm1(x)


def elu_of_leaky(x, alpha):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0)


def elu_slope(x, alpha):
    return np.where(x > 0, 1.0, alpha * np.exp(np.minimum(x, 0)))


def elu_by_max(x, alpha):
    return np.maximum(alpha * np.expm1(x), x)


def elu_in_text(x, alpha):
    return str(np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))))


def elu_in_place(x, alpha):
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x.copy()


def elu_by_loop(x, alpha):
    out = [number if number > 0 else alpha * (math.exp(number) - 1) for number in x.ravel()]
    return np.array(out).reshape(x.shape)


def elu_by_index(x, alpha):
    out = x.copy()
    left = x < 0
    out[left] = alpha * np.expm1(x[left])
    return out


WRONG = [
    (elu_by_masks, "infinity times 0 is NaN"),
    (elu_without_one, "the − 1 is missing"),
    (elu_brackets, "multiplies the whole bracket"),
    (elu_without_alpha, "alpha is left out"),
    (elu_upside_down, "the left side is above 0"),
    (elu_wrong_exponent, "the exponent has the wrong sign"),
    (elu_everywhere, "the exponential is on both sides"),
    (elu_of_leaky, "this is Leaky ReLU"),
    (elu_slope, "this is the slope of ELU"),
    (elu_by_max, "the larger of the two formulas"),
    (elu_in_text, "it gave text"),
    (elu_in_place, "changed its input x"),
]

RIGHT = [elu_by_loop, elu_by_index, lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x) - 1))]
