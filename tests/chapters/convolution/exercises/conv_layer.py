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
]

RIGHT = [layer, layer_by_scipy, layer_by_loops]
