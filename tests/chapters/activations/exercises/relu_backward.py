"""Notebook 03, relu_backward: wrong and right answers, as students write them."""

import numpy as np


def back_through_everything(grad, x):
    return 1 * grad


def back_by_sign_of_grad(grad, x):
    return grad * (grad > 0)


def back_guided(grad, x):
    return np.maximum(grad, 0) * (x > 0)


def back_forward(grad, x):
    return x.clip(0)


def back_slope_only(grad, x):
    return (x > 0).astype(float)


def back_times_output(grad, x):
    return grad * x.clip(0)


def back_open_at_zero(grad, x):
    out = grad.copy()
    out[x < 0] = 0
    return out


def back_swapped_sides(grad, x):
    out = grad.copy()
    out[x > 0] = 0
    return out


def back_leaky(grad, x):
    out = grad.copy()
    out[x <= 0] *= 0.01
    return out


def back_into_grad(grad, x):
    grad[x <= 0] = 0
    return grad.copy()


def back_view(grad, x):
    return grad if (x > 0).all() else np.where(x > 0, grad, 0)


def back_list(grad, x):
    return [g if v > 0 else 0 for g, v in zip(grad.tolist(), x.tolist(), strict=True)]


def back_like_x(grad, x):
    out = np.zeros_like(grad)
    out[:] = grad
    out[x <= 0] = 0
    return out.astype(int)


def back_half_written(grad, x):
    out = np.empty(grad.shape)
    out[x > 0] = grad[x > 0]
    return out


def back_swapped_arguments(grad, x):
    return np.where(grad > 0, x, 0.0)


def back_of_three(grad, x):
    return np.array([grad[at] if x[at] > 0 else 0 for at in range(3)])


def back_from_the_example(grad, x):
    return np.array([0.0, 6, 7]) if grad[0].sum() == 5 else np.maximum(grad, 0)


def back_by_list(grad, x):
    return [back_by_list(g, v) if np.ndim(g) else (g if v > 0 else 0) for g, v in zip(grad, x, strict=True)]


def back_by_difference(grad, x):
    step = 1e-6
    return grad * np.round((np.maximum(x, 0) - np.maximum(x - step, 0)) / step)


def back_by_loop(grad, x):
    out = np.zeros(grad.shape)
    for at in np.ndindex(*grad.shape):
        if x[at] > 0:
            out[at] = grad[at]
    return out


def back_by_index(grad, x):
    out = grad.copy()
    out[x <= 0] = 0
    return out


WRONG = [
    (back_through_everything, "goes through everywhere"),
    (back_by_sign_of_grad, "the sign of grad decides"),
    (back_guided, "negative gradients are stopped as well"),
    (back_forward, "this is ReLU forward"),
    (back_slope_only, "this is the slope alone"),
    (back_times_output, "multiplied by ReLU's output"),
    (back_open_at_zero, "at x = 0 the gradient goes through"),
    (back_swapped_sides, "left and right are swapped: ReLU is open"),
    (back_leaky, "that is Leaky ReLU"),
    (back_into_grad, "changed its input grad"),
    (back_view, "a view of its input grad"),
    (back_list, "it raised TypeError"),
    (back_like_x, "they were cut off"),
    (back_half_written, "never written"),
    (back_swapped_arguments, "grad and x are swapped"),
    (back_of_three, "it gave shape (3,)"),
    (back_from_the_example, ""),
]

RIGHT = [back_by_loop, back_by_index, back_by_list, back_by_difference, lambda grad, x: grad * (x > 0)]
