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
    out = x.astype(float)
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


def leaky_like_x(x, alpha):
    out = np.zeros_like(x)
    out[x > 0] = x[x > 0]
    out[x <= 0] = alpha * x[x <= 0]
    return out


def leaky_half_written(x, alpha):
    out = np.empty(x.shape)
    out[x > 0] = x[x > 0]
    return out


def leaky_one_row(x, alpha):
    return np.array([number if number > 0 else alpha * number for number in x])


def leaky_of_two_rows(x, alpha):
    out = np.zeros((2, 3))
    for at in np.ndindex(2, 3):
        out[at] = x[at] if x[at] > 0 else alpha * x[at]
    return out


def leaky_from_the_example(x, alpha):
    if alpha == 0.5:
        return np.array([-1.0, -0.5, 0, 1, 3])
    return np.maximum(x, alpha * x)


def leaky_by_loop(x, alpha):
    out = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        out[at] = x[at] if x[at] > 0 else alpha * x[at]
    return out


def leaky_by_parts(x, alpha):
    return np.maximum(0, x) + alpha * np.minimum(0, x)


def leaky_by_mask(x, alpha):
    out = x.astype(float)
    out[x < 0] *= alpha
    return out


def leaky_by_recursion(x, alpha):
    if x.ndim == 0:
        return x if x > 0 else alpha * x
    return [leaky_by_recursion(part, alpha) for part in x]


def leaky_by_slope(x, alpha):
    return x * (alpha + (1 - alpha) * (x > 0))


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
    (leaky_in_place, "it raised UFuncTypeError"),
    (leaky_of_integers, "they were cut off"),
    (leaky_view, "a view of its input x"),
    (leaky_like_x, "they were cut off"),
    (leaky_half_written, "never written"),
    (leaky_one_row, "it raised ValueError"),
    (leaky_of_two_rows, "it raised"),
    (leaky_from_the_example, ""),
]

RIGHT = [leaky_by_loop, leaky_by_parts, leaky_by_mask, leaky_by_recursion, leaky_by_slope]
