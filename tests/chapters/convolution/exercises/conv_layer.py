"""Notebook 02, conv_layer: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate2d


def layer(x, weight, bias, s, flip=False):
    kernel = weight[:, :, ::-1, ::-1] if flip else weight
    windows = sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::s, ::s]
    return np.einsum("cijab,kcab->kij", windows, kernel) + bias[:, None, None]


def layer_without_bias(x, weight, bias, s):
    return layer(x, weight, 0 * bias, s)


def layer_with_first_bias(x, weight, bias, s):
    return layer(x, weight, 0 * bias, s) + bias[0]


def layer_of_one_channel(x, weight, bias, s):
    return layer(x[:1], weight[:, :1], bias, s)


def layer_with_first_slice(x, weight, bias, s):
    return layer(x.sum(axis=0, keepdims=True), weight[:, :1], bias, s)


def layer_without_stride(x, weight, bias, s):
    return layer(x, weight, bias, 1)


def layer_stride_in_size_only(x, weight, bias, s):
    right = layer(x, weight, bias, s)
    return layer(x, weight, bias, 1)[:, : right.shape[1], : right.shape[2]]


def layer_flipped(x, weight, bias, s):
    return layer(x, weight, bias, s, flip=True)


def layer_of_one_filter(x, weight, bias, s):
    out = layer(x, weight, 0 * bias, s)
    return out[:1] + bias[:, None, None]


def layer_maps_last(x, weight, bias, s):
    return layer(x, weight, bias, s).transpose(1, 2, 0)


def layer_bias_in_every_product(x, weight, bias, s):
    windows = sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::s, ::s]
    products = windows[None] * weight[:, :, None, None] + bias[:, None, None, None, None, None]
    return products.sum(axis=(1, 4, 5))


def layer_bias_for_each_channel(x, weight, bias, s):
    return sum(layer(x[c : c + 1], weight[:, c : c + 1], bias, s) for c in range(len(x)))


def layer_of_xs_dtype(x, weight, bias, s):
    right = layer(x, weight, bias, s)
    out = np.zeros(right.shape, x.dtype)
    for at in np.ndindex(*out.shape):
        out[at] = right[at]
    return out


def layer_added_to_empty_memory(x, weight, bias, s):
    right = layer(x, weight, bias, s)
    out = np.empty(right.shape)
    out += right
    return out


def layer_for_three(x, weight, bias, s):
    return layer(x, weight[:, :, :3, :3], bias, s)[:, : (x.shape[1] - 3) // s + 1, : (x.shape[2] - 3) // s + 1]


def layer_a_place_too_few(x, weight, bias, s):
    k, _, f, _ = weight.shape
    out = np.zeros((k, (x.shape[1] - f) // s, (x.shape[2] - f) // s))
    return layer(x, weight, bias, s)[:, : out.shape[1], : out.shape[2]]


def layer_square(x, weight, bias, s):
    side = (x.shape[1] - weight.shape[2]) // s + 1
    return layer(x, weight, bias, s)[:, :side, :side]


def layer_in_place(x, weight, bias, s):
    weight += 0
    out = layer(x, weight, bias, s)
    x[:] = 0
    return out


def layer_with_means(x, weight, bias, s):
    return (layer(x, weight, 0 * bias, s) / weight[0].size) + bias[:, None, None]


def layer_with_relu(x, weight, bias, s):
    return np.maximum(layer(x, weight, bias, s), 0)


def layer_in_lists(x, weight, bias, s):
    f = weight.shape[2]
    return [
        [
            [float((x[:, i : i + f, j : j + f] * w).sum() + b) for j in range(0, x.shape[2] - f + 1, s)]
            for i in range(0, x.shape[1] - f + 1, s)
        ]
        for w, b in zip(weight, bias, strict=True)
    ]


def layer_by_matrix(x, weight, bias, s):
    windows = sliding_window_view(x, weight.shape[2:], axis=(1, 2))[:, ::s, ::s].transpose(1, 2, 0, 3, 4)
    rows, cols = windows.shape[:2]
    return (weight.reshape(len(weight), -1) @ windows.reshape(rows * cols, -1).T + bias[:, None]).reshape(
        -1, rows, cols
    )


def layer_by_scipy(x, weight, bias, s):
    maps = [sum(correlate2d(a, w, "valid") for a, w in zip(x, k, strict=True)) for k in weight]
    return np.stack(maps)[:, ::s, ::s] + bias[:, None, None]


def layer_by_loops(x, weight, bias, s):
    k, c, f, _ = weight.shape
    rows, cols = (x.shape[1] - f) // s + 1, (x.shape[2] - f) // s + 1
    out = np.empty((k, rows, cols))
    for at in np.ndindex(*out.shape):
        out[at] = bias[at[0]]
        for ch, a, b in np.ndindex(c, f, f):
            out[at] += x[ch, at[1] * s + a, at[2] * s + b] * weight[at[0], ch, a, b]
    return out


WRONG = [
    (layer_without_bias, "the bias is missing"),
    (layer_with_first_bias, "all filters got the first bias"),
    (layer_bias_in_every_product, "once for each weight"),
    (layer_of_one_channel, "only the first channel is used"),
    (layer_with_first_slice, "the filter's first slice"),
    (layer_without_stride, "the stride is left out."),
    (layer_stride_in_size_only, "left out of the windows"),
    (layer_flipped, "the kernels are flipped"),
    (layer_of_one_filter, "made by the first filter"),
    (layer_maps_last, "the maps are the last axis"),
    (layer_bias_for_each_channel, "once for each channel"),
    (layer_of_xs_dtype, "the output has x's dtype"),
    (layer_added_to_empty_memory, "part of its result was never written"),
    (layer_for_three, ""),
    (layer_a_place_too_few, "the last row and column of places is missing"),
    (layer_square, "it gave shape"),
    (layer_in_place, "it changed its input x"),
    (layer_with_means, "this is the mean of the products"),
    (layer_with_relu, "negative sums became 0"),
]

RIGHT = [layer, layer_by_scipy, layer_by_loops, layer_in_lists, layer_by_matrix]
