"""Notebook 03: wrong and right answers to its exercises, as students write them."""

import math

import numpy as np
from scipy.special import expit

# Wrong ones


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


def dead_zeros(sums):
    out = np.maximum(sums, 0)
    return (out == 0).mean()


def dead_samples(sums):
    return np.mean([max(row) <= 0 for row in sums])


def dead_once(sums):
    return np.mean(sums.min(axis=0) <= 0)


def dead_strictly(sums):
    return np.mean(sums.max(axis=0) < 0)


def dead_on_average(sums):
    return np.mean(sums.mean(axis=0) <= 0)


def dead_living(sums):
    return np.mean(sums.max(axis=0) > 0)


def dead_counted(sums):
    count = 0
    for unit in range(sums.shape[1]):
        if sums[:, unit].max() <= 0:
            count += 1
    return count


def dead_percent(sums):
    return float(np.mean(sums.max(axis=0) <= 0) * 100)


def dead_exactly_zero(sums):
    return np.mean(np.abs(sums).sum(axis=0) == 0)


def dead_list(sums):
    return sums.max(axis=0) <= 0


def dead_by_samples(sums):
    return (sums.max(axis=0) <= 0).sum() / sums.shape[0]


def dead_after_relu_in_place(sums):
    sums[sums < 0] = 0
    return np.mean(sums.sum(axis=0) == 0)


def dead_in_text(sums):
    return f"{100 * np.mean(sums.max(axis=0) <= 0):.0f} %"


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


MUTANTS = {
    "leaky_relu": [
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
    ],
    "elu": [
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
    ],
    "relu_backward": [
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
        (back_list, "not a NumPy array"),
    ],
    "softplus": [
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
    ],
    "dead_units": [
        (dead_zeros, "the share of zeros"),
        (dead_samples, "the axes are swapped"),
        (dead_once, "does not kill a unit"),
        (dead_strictly, "a sum of exactly 0"),
        (dead_on_average, "the mean decides here"),
        (dead_living, "the share of units that live"),
        (dead_counted, "this is how many are dead"),
        (dead_percent, "this is in percent"),
        (dead_exactly_zero, "these are sums before ReLU"),
        (dead_list, "asks for one number"),
        (dead_by_samples, "divided by the number of samples"),
        (dead_after_relu_in_place, "changed its input sums"),
        (dead_in_text, "it gave text, '50 %'"),
    ],
    "maxout_layer": [
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
    ],
}

# Right ones


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


def elu_by_loop(x, alpha):
    out = [number if number > 0 else alpha * (math.exp(number) - 1) for number in x.ravel()]
    return np.array(out).reshape(x.shape)


def elu_by_index(x, alpha):
    out = x.copy()
    left = x < 0
    out[left] = alpha * np.expm1(x[left])
    return out


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


def dead_by_loops(sums):
    samples, units = sums.shape
    dead = 0
    for unit in range(units):
        alive = False
        for sample in range(samples):
            if sums[sample, unit] > 0:
                alive = True
        dead += not alive
    return dead / units


def dead_by_max(sums):
    return float(np.mean(sums.max(axis=0) <= 0))


def dead_by_relu(sums):
    return 1 - np.count_nonzero(np.maximum(sums, 0).sum(axis=0)) / sums.shape[1]


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


RIGHT = {
    "leaky_relu": [leaky_by_loop, leaky_by_parts, leaky_by_mask],
    "elu": [elu_by_loop, elu_by_index, lambda x, alpha: np.where(x > 0, x, alpha * (np.exp(x) - 1))],
    "relu_backward": [back_by_loop, back_by_index, lambda grad, x: grad * (x > 0)],
    "softplus": [soft_by_case, soft_by_logaddexp, soft_by_threshold, soft_by_sigmoid],
    "dead_units": [dead_by_loops, dead_by_max, dead_by_relu],
    "maxout_layer": [maxout_by_loops, maxout_by_einsum, maxout_by_matmul],
}
