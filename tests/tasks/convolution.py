"""Notebook 02: wrong and right answers to its exercises, as students write them."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import convolve2d, correlate2d

# Wrong ones


def without_floor(n, f, s, p):
    return (n - f + 2 * p) / s + 1


def without_one(n, f, s, p):
    return (n - f + 2 * p) // s


def padding_once(n, f, s, p):
    return (n + p - f) // s + 1


def padding_never(n, f, s, p):
    return (n - f) // s + 1


def stride_never(n, f, s, p):
    return n + 2 * p - f + 1


def ceiling(n, f, s, p):
    return math.ceil((n + 2 * p - f) / s) + 1


def nearest(n, f, s, p):
    return int(np.rint((n + 2 * p - f) / s)) + 1


def one_inside(n, f, s, p):
    return (n + 2 * p - f + 1) // s


def size_in_text(n, f, s, p):
    return f"{(n + 2 * p - f) // s + 1}"


def size_as_float(n, f, s, p):
    return float((n + 2 * p - f) // s + 1)


def no_bias(channels, filters, f):
    return filters * channels * f**2


def one_bias(channels, filters, f):
    return filters * channels * f**2 + 1


def flat_filters(channels, filters, f):
    return filters * (f**2 + 1)


def one_filter(channels, filters, f):
    return channels * f**2 + 1


def f_not_squared(channels, filters, f):
    return filters * (channels * f + 1)


def bias_for_each_channel(channels, filters, f):
    return filters * channels * (f**2 + 1)


def swapped(channels, filters, f):
    return channels * (filters * f**2 + 1)


def biases_only(channels, filters, f):
    return filters


def behind_only(image, p):
    out = np.zeros((image.shape[0] + p, image.shape[1] + p))
    out[: image.shape[0], : image.shape[1]] = image
    return out


def columns_only(image, p):
    side = np.zeros((len(image), p))
    return np.hstack([side, image, side])


def rows_only(image, p):
    edge = np.zeros((p, image.shape[1]))
    return np.vstack([edge, image, edge])


def repeated(image, p):
    return np.pad(image, p, mode="edge")


def mirrored(image, p):
    return np.pad(image, p, mode="symmetric")


def ones_around(image, p):
    return np.pad(image, p, constant_values=1)


def always_one(image, p):
    return np.pad(image, 1)


def in_the_corner(image, p):
    out = np.zeros((image.shape[0] + 2 * p, image.shape[1] + 2 * p))
    out[: image.shape[0], : image.shape[1]] = image
    return out


def padded_list(image, p):
    return np.pad(image, p).tolist()


def view_if_nothing_to_do(image, p):
    out = np.pad(image, p)
    return out[p:-p, p:-p] if p == 99 else (image if p == 0 else out)


def damages_its_input(image, p):
    out = np.pad(image, p)
    image *= 0
    return out


def flipped(image, kernel):
    return convolve2d(image, kernel, "valid")


def transposed_kernel(image, kernel):
    return correlate2d(image, kernel.T, "valid")


def places_too_few(image, kernel):
    rows, cols = image.shape[0] - kernel.shape[0], image.shape[1] - kernel.shape[1]
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            out[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return out


def means(image, kernel):
    windows = sliding_window_view(image, kernel.shape)
    return (windows * kernel).mean(axis=(2, 3))


def last_product(image, kernel):
    rows, cols = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    out[i, j] = image[i + a, j + b] * kernel[a, b]
    return out


def without_kernel(image, kernel):
    return sliding_window_view(image, kernel.shape).sum(axis=(2, 3))


def absolute(image, kernel):
    return np.abs(correlate2d(image, kernel, "valid"))


def with_relu(image, kernel):
    return correlate2d(image, kernel, "valid").clip(0)


def output_of_integers(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1), dtype=int)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return out


def never_filled(image, kernel):
    return np.full((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1), np.nan)


def transposed_map(image, kernel):
    out = correlate2d(image, kernel, "valid")
    return np.ascontiguousarray(out.T)


def loops_for_ever(image, kernel):
    i = 0
    while i < 1:
        i -= 1
    return i


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


def field_plain(kernel_sizes, strides):
    return 1 + sum(f - 1 for f in kernel_sizes)


def field_stride_first(kernel_sizes, strides):
    r = j = 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        j *= s
        r += (f - 1) * j
    return r


def field_added(kernel_sizes, strides):
    return sum(kernel_sizes)


def field_multiplied(kernel_sizes, strides):
    return math.prod(kernel_sizes)


def field_of_the_last(kernel_sizes, strides):
    return kernel_sizes[-1]


def field_from_zero(kernel_sizes, strides):
    r, j = 0, 1
    for f, s in zip(kernel_sizes, strides, strict=True):
        r, j = r + (f - 1) * j, j * s
    return r


def field_jump(kernel_sizes, strides):
    return math.prod(strides)


def field_backwards(kernel_sizes, strides):
    r, j = 1, 1
    for f, s in zip(reversed(kernel_sizes), reversed(strides), strict=True):
        r, j = r + (f - 1) * j, j * s
    return r


def field_consumes(kernel_sizes, strides):
    r, j = 1, 1
    while kernel_sizes:
        r += (kernel_sizes.pop(0) - 1) * j
        j *= strides.pop(0)
    return r


MUTANTS = {
    "output_size": [
        (without_floor, "the floor is forgotten"),
        (without_one, "the + 1 is missing"),
        (padding_once, "padding is counted once"),
        (padding_never, "padding is left out"),
        (stride_never, "stride is left out"),
        (ceiling, "rounded up"),
        (nearest, "rounded to the nearest"),
        (one_inside, "behind the division"),
        (size_in_text, "it gave text, '5', which is not a number"),
        (size_as_float, "must be a whole number"),
    ],
    "conv_parameters": [
        (no_bias, "the biases are missing"),
        (one_bias, "one bias for each filter"),
        (flat_filters, "goes through all channels"),
        (one_filter, "this is one filter"),
        (f_not_squared, "f × f pixels, not f"),
        (bias_for_each_channel, "not one for each channel"),
        (swapped, "channels and filters are swapped"),
        (biases_only, "the number of biases"),
    ],
    "pad": [
        (behind_only, "two sides only"),
        (columns_only, "above and below are missing"),
        (rows_only, "left and right are missing"),
        (repeated, "repeats the image"),
        (mirrored, "mirrors the image"),
        (ones_around, "the border is 1"),
        (always_one, "one pixel wide"),
        (in_the_corner, "stands in the corner"),
        (padded_list, "not a NumPy array"),
        (view_if_nothing_to_do, "a view of its input image"),
        (damages_its_input, "changed its input image"),
    ],
    "correlate": [
        (flipped, "the kernel is flipped"),
        (transposed_kernel, "the kernel is transposed"),
        (places_too_few, "there are n − f + 1 places"),
        (means, "the mean of the products"),
        (last_product, "only the last product is kept"),
        (without_kernel, "without the kernel's weights"),
        (absolute, "the absolute value is taken"),
        (with_relu, "That is ReLU"),
        (output_of_integers, "they were cut off"),
        (never_filled, "it gave NaN in 9 of 9 places"),
        (transposed_map, "those of the transposed map"),
        (loops_for_ever, "Is there a loop that never ends?"),
    ],
    "conv_layer": [
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
    ],
    "receptive_field": [
        (field_plain, "the strides are left out"),
        (field_stride_first, "only for the layers behind it"),
        (field_added, "kernel sizes are added up"),
        (field_multiplied, "kernel sizes are multiplied"),
        (field_of_the_last, "the last kernel alone"),
        (field_from_zero, "a pixel sees itself"),
        (field_jump, "this is the jump"),
        (field_backwards, "from the wrong end"),
        (field_consumes, "changed its input kernel_sizes"),
    ],
}

# Right ones


def size_by_counting(n, f, s, p):
    return len([start for start in range(0, n + 2 * p, s) if start + f <= n + 2 * p])


def size_by_floor(n, f, s, p):
    return math.floor((n + 2 * p - f) / s) + 1


def parameters_by_shape(channels, filters, f):
    return np.zeros((filters, channels, f, f)).size + np.zeros(filters).size


def parameters_by_loop(channels, filters, f):
    total = 0
    for _ in range(filters):
        total += 1
        for _ in range(channels):
            total += f * f
    return total


def pad_by_stacking(image, p):
    rows = np.zeros((p, image.shape[1]))
    tall = np.vstack([rows, image, rows])
    cols = np.zeros((len(tall), p))
    return np.hstack([cols, tall, cols])


def pad_by_loops(image, p):
    out = np.zeros((image.shape[0] + 2 * p, image.shape[1] + 2 * p))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i + p, j + p] = image[i, j]
    return out


def correlate_by_four_loops(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i, j in np.ndindex(*out.shape):
        for a, b in np.ndindex(h, w):
            out[i, j] += kernel[a, b] * image[i + a, j + b]
    return out


def correlate_by_einsum(image, kernel):
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel)


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


def field_by_walking_down(kernel_sizes, strides):
    units = 1
    for f, s in zip(kernel_sizes[::-1], strides[::-1], strict=True):
        units = (units - 1) * s + f
    return units


def field_by_jumps(kernel_sizes, strides):
    jumps = np.cumprod([1, *strides[:-1]])
    return 1 + sum((f - 1) * int(jump) for f, jump in zip(kernel_sizes, jumps, strict=True))


def field_by_recursion(kernel_sizes, strides):
    if not kernel_sizes:
        return 1
    return (field_by_recursion(kernel_sizes[1:], strides[1:]) - 1) * strides[0] + kernel_sizes[0]


RIGHT = {
    "output_size": [size_by_counting, size_by_floor, lambda n, f, s, p: int((n + 2 * p - f) / s + 1)],
    "conv_parameters": [parameters_by_shape, parameters_by_loop, lambda c, k, f: k * c * f**2 + k],
    "pad": [pad_by_stacking, pad_by_loops, lambda image, p: np.pad(image, p, mode="constant")],
    "correlate": [
        correlate_by_four_loops, correlate_by_einsum, lambda image, kernel: correlate2d(image, kernel, mode="valid"),
    ],
    "conv_layer": [layer, layer_by_scipy, layer_by_loops],
    "receptive_field": [field_by_walking_down, field_by_jumps, field_by_recursion],
}  # fmt: skip
