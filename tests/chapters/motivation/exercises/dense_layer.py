"""Notebook 01, dense_layer: wrong and right answers, as students write them."""

import numpy as np


def layer_biasless(x, weight, bias):
    return np.dot(weight, x.flatten())


def layer_first_bias(x, weight, bias):
    return np.array([np.sum(w * x.flatten()) + bias[0] for w in weight])


def layer_bias_in_each_product(x, weight, bias):
    return np.array([np.sum(w * x.flatten() + b) for w, b in zip(weight, bias, strict=True)])


def layer_unflattened(x, weight, bias):
    return np.dot(weight, x) + bias


def layer_by_columns(x, weight, bias):
    numbers = np.concatenate([channel.flatten(order="F") for channel in x])
    return weight @ numbers + bias


def layer_channels_last(x, weight, bias):
    return weight @ x.transpose(1, 2, 0).flatten() + bias


def layer_one_channel(x, weight, bias):
    numbers = x[0].flatten()
    return weight[:, : len(numbers)] @ numbers + bias


def layer_of_means(x, weight, bias):
    return np.array([np.mean(w * x.flatten()) for w in weight]) + bias


def layer_first_weights(x, weight, bias):
    output = np.zeros(len(bias))
    for unit in range(len(bias)):
        output[unit] = (weight[0] * x.flatten()).sum() + bias[unit]
    return output


def layer_of_relu(x, weight, bias):
    return (weight @ x.flatten() + bias).clip(0)


def layer_of_integers(x, weight, bias):
    output = np.zeros(len(bias), dtype=int)
    for unit in range(len(bias)):
        output[unit] = weight[unit] @ x.flatten() + bias[unit]
    return output


def layer_into_the_bias(x, weight, bias):
    bias += weight @ x.flatten()
    return bias


def layer_by_loops(x, weight, bias):
    out = bias.copy()
    for unit in range(len(weight)):
        at = 0
        for channel in x:
            for row in channel:
                for number in row:
                    out[unit] += number * weight[unit, at]
                    at += 1
    return out


def layer_by_einsum(x, weight, bias):
    return np.einsum("kchw,chw->k", weight.reshape(-1, *x.shape), x) + bias


def layer_going_on(x, weight, bias):
    total, out = 0, []
    for w, b in zip(weight, bias, strict=True):
        total += (w * x.flatten()).sum() + b
        out.append(total)
    return np.array(out)


def layer_of_the_inputs_dtype(x, weight, bias):
    output = np.zeros(len(bias), dtype=x.dtype)
    for unit in range(len(bias)):
        output[unit] = weight[unit] @ x.flatten() + bias[unit]
    return output


def layer_of_products(x, weight, bias):
    return weight * x.flatten() + bias[:, np.newaxis]


def layer_of_two_units(x, weight, bias):
    return np.array([weight[unit] @ x.flatten() + bias[unit] for unit in range(2)])


def layer_one_unit_short(x, weight, bias):
    output = np.zeros(len(bias))
    for unit in range(len(bias) - 1):
        output[unit] = weight[unit] @ x.flatten() + bias[unit]
    return output


def layer_without_the_last_number(x, weight, bias):
    numbers = x.flatten()
    output = bias.copy()
    for unit in range(len(bias)):
        for i in range(len(numbers) - 1):
            output[unit] += weight[unit, i] * numbers[i]
    return output


def layer_of_lists(x, weight, bias):
    numbers = [number for channel in x.tolist() for row in channel for number in row]
    return np.array(
        [sum(w * n for w, n in zip(ws, numbers, strict=True)) + b for ws, b in zip(weight, bias, strict=True)]
    )


def layer_with_the_bias_as_a_weight(x, weight, bias):
    return np.column_stack([weight, bias]) @ np.append(x.ravel(), 1)


def layer_added_to_empty(x, weight, bias):
    output = np.empty(len(bias))
    for unit in range(len(bias)):
        for w, number in zip(weight[unit], x.flatten(), strict=True):
            output[unit] += w * number
        output[unit] += bias[unit]
    return output


def layer_copied_from_the_example(x, weight, bias):
    return np.array([1.5, -2]) if x.size == 4 else weight.sum(axis=1) + bias


WRONG = [
    (layer_biasless, "the bias is missing"),
    (layer_first_bias, "all units got the first bias"),
    (layer_bias_in_each_product, "once for each input"),
    (layer_unflattened, "lays them side by side"),
    (layer_by_columns, "read column by column"),
    (layer_channels_last, "a whole channel comes before the next one"),
    (layer_one_channel, "only the first channel"),
    (layer_of_means, "the mean of the products"),
    (layer_first_weights, "the weights of the first one"),
    (layer_of_relu, "That is ReLU"),
    (layer_of_integers, "they were cut off"),
    (layer_into_the_bias, "changed its input bias"),
    (layer_going_on, "Begin each sum with 0"),
    (layer_of_the_inputs_dtype, "holds neither negative numbers"),
    (layer_of_products, "a unit gives one number"),
    (layer_of_two_units, "it gave shape (2,)"),
    (layer_one_unit_short, "the last unit"),
    (layer_without_the_last_number, "the last number of the image"),
    (layer_added_to_empty, ""),
    (layer_copied_from_the_example, "the values are wrong"),
]

RIGHT = [
    layer_by_loops,
    layer_by_einsum,
    lambda x, w, b: (w * x.reshape(1, -1)).sum(axis=1) + b,
    layer_of_lists,
    layer_with_the_bias_as_a_weight,
]
