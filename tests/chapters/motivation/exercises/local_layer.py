"""Notebook 01, local_layer: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def wires_shared(row, weight):
    return np.correlate(row, weight[0], "valid")


def wires_flipped(row, weight):
    windows = sliding_window_view(row, weight.shape[1])
    return (windows * np.flip(weight, axis=1)).sum(axis=1)


def wires_to_the_first_window(row, weight):
    return weight @ row[: weight.shape[1]]


def wires_side_by_side(row, weight):
    f = weight.shape[1]
    return np.array([row[i * f : (i + 1) * f] @ weight[i] for i in range(len(weight))])


def wires_one_short(row, weight):
    f = weight.shape[1]
    return np.array([row[i : i + f] @ weight[i] for i in range(len(row) - f)])


def wires_backwards(row, weight):
    f = weight.shape[1]
    out = []
    for i in range(len(weight)):
        out.insert(0, row[i : i + f] @ weight[i])
    return np.array(out)


def wires_of_means(row, weight):
    return (sliding_window_view(row, weight.shape[1]) * weight).mean(axis=1)


def wires_of_sums(row, weight):
    return sliding_window_view(row, weight.shape[1]).sum(axis=1)


def wires_of_products(row, weight):
    return sliding_window_view(row, weight.shape[1]) * weight


def wires_single(row, weight):
    return np.array([row[i] * weight[i, 0] for i in range(len(weight))])


def wires_as_list(row, weight):
    f = weight.shape[1]
    return [float(row[i : i + f] @ weight[i]) for i in range(len(weight))]


def wires_never_filled(row, weight):
    return np.full(len(weight), np.nan)


def wires_by_loops(row, weight):
    out = np.zeros(len(weight))
    for i, place in np.ndindex(*weight.shape):
        out[i] += row[i + place] * weight[i, place]
    return out


def wires_by_einsum(row, weight):
    return np.einsum("if,if->i", sliding_window_view(row, weight.shape[1]), weight)


def wires_by_a_dense_matrix(row, weight):
    matrix = np.zeros((len(weight), len(row)))
    for i in range(len(weight)):
        matrix[i, i : i + weight.shape[1]] = weight[i]
    return matrix @ row


def wires_of_the_rows_dtype(row, weight):
    out = np.zeros(len(weight), dtype=row.dtype)
    for i in range(len(weight)):
        out[i] = row[i : i + weight.shape[1]] @ weight[i]
    return out


def wires_of_three(row, weight):
    out = np.zeros(len(weight))
    for i in range(len(weight)):
        for place in range(min(3, weight.shape[1])):
            out[i] += row[i + place] * weight[i, place]
    return out


def wires_without_the_last_pixel(row, weight):
    out = np.zeros(len(weight))
    for i in range(len(weight)):
        for place in range(weight.shape[1] - 1):
            out[i] += row[i + place] * weight[i, place]
    return out


def wires_never_reset(row, weight):
    total, out = 0, []
    for i in range(len(weight)):
        total += row[i : i + weight.shape[1]] @ weight[i]
        out.append(total)
    return np.array(out)


def wires_into_the_row(row, weight):
    for i in range(len(weight)):
        row[i] = row[i : i + weight.shape[1]] @ weight[i]
    return row[: len(weight)].copy()


def wires_place_by_place(row, weight):
    units, f = weight.shape
    return sum(weight[:, k] * row[k : k + units] for k in range(f))


def wires_added_to_empty(row, weight):
    out = np.empty(len(weight))
    for i, place in np.ndindex(*weight.shape):
        out[i] += row[i + place] * weight[i, place]
    return out


def wires_copied_from_the_example(row, weight):
    return np.array([1.0, 3, -1]) if len(row) == 4 else np.zeros(len(weight))


WRONG = [
    (wires_shared, "That is a convolution"),
    (wires_flipped, "the weights are flipped"),
    (wires_to_the_first_window, "look at the first window"),
    (wires_side_by_side, "the windows lie side by side"),
    (wires_one_short, "the last unit is missing"),
    (wires_backwards, "the last one comes first"),
    (wires_of_means, "the mean of the products"),
    (wires_of_sums, "without their weights"),
    (wires_of_products, "a unit gives one number"),
    (wires_single, "only one product is taken"),
    (wires_never_filled, "it gave NaN in 3 of 3 places"),
    (wires_of_the_rows_dtype, "holds neither negative numbers"),
    (wires_of_three, "the values are wrong"),
    (wires_without_the_last_pixel, "the last pixel of each window"),
    (wires_never_reset, "Begin each sum with 0"),
    (wires_into_the_row, "holds neither negative numbers"),
    (wires_added_to_empty, ""),
    (wires_copied_from_the_example, "the values are wrong"),
]

RIGHT = [wires_as_list, wires_by_loops, wires_by_einsum, wires_by_a_dense_matrix, wires_place_by_place]
