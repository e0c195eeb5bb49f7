"""Notebook 03, repair_layer: wrong and right answers, as students write them."""

import numpy as np


def outputs_of(x, weight):
    return np.maximum(x @ weight.T, 0)


def repair_without_root(x, weight):
    return weight * (x**2).mean() / (outputs_of(x, weight) ** 2).mean()


def repair_upside_down(x, weight):
    return weight * ((outputs_of(x, weight) ** 2).mean() / (x**2).mean()) ** 0.5


def repair_before_relu(x, weight):
    sums = x @ weight.T
    return weight * np.sqrt((x**2).mean() / (sums**2).mean())


def repair_by_std(x, weight):
    return weight * x.std() / outputs_of(x, weight).std()


def repair_by_variance(x, weight):
    return weight * x.var() / outputs_of(x, weight).var()


def repair_by_norm(x, weight):
    return weight * np.linalg.norm(x) / np.linalg.norm(outputs_of(x, weight))


def repair_by_sizes(x, weight):
    return weight * np.abs(x).mean() / outputs_of(x, weight).mean()


def repair_by_largest(x, weight):
    return weight * np.abs(x).max() / outputs_of(x, weight).max()


def repair_by_rule(x, weight):
    return weight / weight.std() * np.sqrt(2 / x.shape[1])


def repair_by_half_of_the_sums(x, weight):
    sums = x @ weight.T
    return weight * np.sqrt((x**2).mean() / ((sums**2).mean() / 2))


def repair_by_squared_means(x, weight):
    return weight * x.mean() ** 2 / outputs_of(x, weight).mean() ** 2


def repair_by_size_of_weights(x, weight):
    return weight * (2 / weight.shape[1]) ** 0.5


def repair_by_gain(x, weight):
    return weight * 2**0.5


def repair_each_unit(x, weight):
    outputs = outputs_of(x, weight)
    return weight * np.sqrt((x**2).mean() / (outputs**2).mean(axis=0)).reshape(-1, 1)


def repair_to_one(x, weight):
    return weight / np.sqrt((outputs_of(x, weight) ** 2).mean())


def repair_nothing(x, weight):
    return 1.0 * weight


def repair_factor(x, weight):
    return np.sqrt((x**2).mean() / (outputs_of(x, weight) ** 2).mean())


def repair_outputs(x, weight):
    outputs = outputs_of(x, weight)
    return outputs * np.sqrt((x**2).mean() / (outputs**2).mean())


def repair_turned(x, weight):
    outputs = np.maximum(x @ weight, 0)
    return weight * np.sqrt((x**2).mean() / (outputs**2).mean())


def repair_first_sample(x, weight):
    outputs = outputs_of(x[:1], weight)
    return weight * np.sqrt((x[:1] ** 2).mean() / (outputs**2).mean())


def repair_of_four_units(x, weight):
    squares = (outputs_of(x, weight) ** 2).sum() / (4 * len(x))
    return weight * np.sqrt((x**2).mean() / squares)


def repair_like_the_weights(x, weight):
    out = np.zeros_like(weight)
    out[:] = weight * np.sqrt((x**2).mean() / (outputs_of(x, weight) ** 2).mean())
    return out


def repair_the_first_row(x, weight):
    out = np.empty(weight.shape)
    out[0] = weight[0] * np.sqrt((x**2).mean() / (outputs_of(x, weight) ** 2).mean())
    return out


def repair_in_place(x, weight):
    weight[:] = weight * np.sqrt((x**2).mean() / (outputs_of(x, weight) ** 2).mean())
    return weight


def repair_relu_in_place(x, weight):
    x[x < 0] = 0
    return weight * np.sqrt((x**2).mean() / (outputs_of(x, weight) ** 2).mean())


def repair_from_the_example(x, weight):
    if weight.shape == (4, 2):
        return weight / 2
    return weight * 1.0


def repair_by_loops(x, weight):
    total, units = 0.0, len(weight)
    for sample in x:
        for row in weight:
            total += max(0.0, sum(a * b for a, b in zip(sample, row, strict=True))) ** 2
    factor = (np.sum(x * x) / x.size / (total / (len(x) * units))) ** 0.5
    return np.array([[factor * each for each in row] for row in weight])


def repair_by_einsum(x, weight):
    out = np.einsum("ni,ui->nu", x, weight)
    out *= out > 0
    return np.sqrt(np.square(x).mean() / np.square(out).mean()) * weight


def repair_by_norms(x, weight):
    def size(a):
        return np.linalg.norm(a) / np.sqrt(a.size)

    return weight * (size(x) / size(outputs_of(x, weight)))


def repair_step_by_step(x, weight):
    wanted = np.mean(x.astype(float) ** 2)
    for _ in range(100):
        found = np.mean(np.clip(x @ weight.T, 0, None) ** 2)
        weight = weight * (wanted / found) ** 0.25
    return weight


def repair_by_halving(x, weight):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if np.mean(outputs_of(x, middle * weight) ** 2) > np.mean(x**2):
            high = middle
        else:
            low = middle
    return (low * weight).tolist()


WRONG = [
    (repair_without_root, "the root is missing"),
    (repair_upside_down, "upside down"),
    (repair_before_relu, "ReLU is left out"),
    (repair_by_std, "this is the standard deviation"),
    (repair_by_variance, "these are variances"),
    (repair_by_norm, "the squares are summed"),
    (repair_by_sizes, "means of sizes"),
    (repair_by_largest, "the largest numbers decide"),
    (repair_by_rule, "right on average"),
    (repair_by_gain, "times √2"),
    (repair_by_half_of_the_sums, "half of the squares is right on average"),
    (repair_by_squared_means, "the square of a mean"),
    (repair_by_size_of_weights, "not a factor"),
    (repair_each_unit, "a factor of its own"),
    (repair_to_one, "is 1 now"),
    (repair_nothing, "the weights as they were"),
    (repair_factor, "this is the factor"),
    (repair_outputs, "these are the outputs"),
    (repair_turned, "transpose it"),
    (repair_first_sample, ""),
    (repair_of_four_units, ""),
    (repair_like_the_weights, "they were cut off"),
    (repair_the_first_row, "never written"),
    (repair_in_place, "they were cut off"),
    (repair_relu_in_place, ""),
    (repair_from_the_example, ""),
]

RIGHT = [repair_by_loops, repair_by_einsum, repair_by_norms, repair_step_by_step, repair_by_halving]
