"""Notebook 03, leaky_relu: wrong and right answers, as students write them."""

import numpy as np


def leaky_by_max(x, alpha):
    return np.where(alpha * x > x, alpha * x, x)


def leaky_without_leak(x, alpha):
    return x * (x > 0)


def leaky_on_the_right(x, alpha):
    out = x.copy()
    out[out > 0] = alpha * out[out > 0]
    return out


def leaky_line(x, alpha):
    return x * alpha


def leaky_constant(x, alpha):
    out = x.copy()
    out[x <= 0] = alpha
    return out


def leaky_v(x, alpha):
    return np.maximum(x, 0) + alpha * np.maximum(-x, 0)


def leaky_fixed(x, alpha=0.01):
    return np.maximum(x, 0) + 0.01 * np.minimum(x, 0)


def leaky_slope(x, alpha):
    return (x > 0) + alpha * (x <= 0)


def leaky_with_if(x, alpha):
    if x > 0:
        return x
    return alpha * x


def leaky_in_place(x, alpha):
    x[x < 0] *= alpha
    return x


def leaky_of_integers(x, alpha):
    out = np.zeros(x.shape, dtype=int)
    for at in np.ndindex(*x.shape):
        out[at] = x[at] if x[at] > 0 else alpha * x[at]
    return out


def leaky_view(x, alpha):
    if (x >= 0).all():
        return x
    return np.where(x > 0, x, alpha * x)


def leaky_by_loop(x, alpha):
    out = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        out[at] = x[at] if x[at] > 0 else alpha * x[at]
    return out


def leaky_by_parts(x, alpha):
    return np.maximum(0, x) + alpha * np.minimum(0, x)


def leaky_by_mask(x, alpha):
    out = x.copy()
    out[x < 0] *= alpha
    return out


WRONG = [
    (leaky_by_max, "max(αx, x) is right for α ≤ 1 only"),
    (leaky_without_leak, "that is ReLU, without a leak"),
    (leaky_on_the_right, "left and right are swapped"),
    (leaky_line, "the slope is α on both sides"),
    (leaky_constant, "it is α everywhere"),
    (leaky_v, "the left side is positive"),
    (leaky_fixed, "the slope is always 0.01"),
    (leaky_slope, "this is the slope"),
    (leaky_with_if, "if works for one number"),
    (leaky_in_place, "changed its input x"),
    (leaky_of_integers, "they were cut off"),
    (leaky_view, "a view of its input x"),
]

RIGHT = [leaky_by_loop, leaky_by_parts, leaky_by_mask]
