"""Notebook 01: wrong and right answers to its exercises, as students write them."""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import shift as scipy_shift
from scipy.spatial.distance import euclidean

# Wrong ones


def dense_weights_only(side, channels, units):
    return side**2 * channels * units


def dense_one_bias(side, channels, units):
    return side**2 * channels * units + 1


def dense_grey(side, channels, units):
    return side**2 * units + units


def dense_side_once(side, channels, units):
    return (side * channels + 1) * units


def dense_bias_of_inputs(side, channels, units):
    inputs = side**2 * channels
    return inputs * units + inputs


def dense_single(side, channels, units):
    return side**2 * channels + 1


def dense_summed(side, channels, units):
    return side**2 * channels + units


def dense_of_text(side, channels, units):
    return f"{side**2 * channels * units + units:,}"


def dense_as_float(side, channels, units):
    return (side**2 * channels + 1) * units / 1


def dense_printed(side, channels, units):
    print((side**2 * channels + 1) * units)


def local_as_convolution(side, channels, filters, f):
    return filters * channels * f**2


def local_one_place_short(side, channels, filters, f):
    return (side - f) * (side - f) * f**2 * channels * filters


def local_places_everywhere(side, channels, filters, f):
    return side**2 * f**2 * channels * filters


def local_on_a_row(side, channels, filters, f):
    places = side - f + 1
    return places * f**2 * channels * filters


def local_grey(side, channels, filters, f):
    places = side - f + 1
    return places**2 * f**2 * filters


def local_single_filter(side, channels, filters, f):
    places = side - f + 1
    return places**2 * f**2 * channels


def local_f_once(side, channels, filters, f):
    places = side - f + 1
    return places**2 * f * channels * filters


def local_dense(side, channels, filters, f):
    units = (side - f + 1) ** 2 * filters
    return units * side**2 * channels


def local_units(side, channels, filters, f):
    return filters * (side - f + 1) ** 2


def local_with_biases(side, channels, filters, f):
    units = filters * (side - f + 1) ** 2
    return units * channels * f**2 + units


def local_as_float(side, channels, filters, f):
    return float(filters * channels * (f * (side - f + 1)) ** 2)


def local_as_list(side, channels, filters, f):
    return [filters * channels * f**2] * (side - f + 1) ** 2 if side < 10 else [0]


def distance_of_bytes(one, other):
    return math.sqrt(np.mean(np.square(one - other)))


def distance_converted_late(one, other):
    difference = one - other
    return math.sqrt(np.mean(np.square(difference.astype("float64"))))


def distance_squared(one, other):
    return np.mean(np.square(one.astype(float) - other.astype(float)))


def distance_of_norm(one, other):
    total = 0.0
    for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True):
        total += (a - b) ** 2
    return total**0.5


def distance_absolute(one, other):
    return np.mean(np.abs(one.astype(float) - other.astype(float)))


def distance_signed(one, other):
    return np.mean(one.astype(float)) - np.mean(other.astype(float))


def distance_mean_first(one, other):
    return np.sqrt(np.square(np.mean(one.astype(float) - other.astype(float))))


def distance_largest(one, other):
    return max(abs(a - b) for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))


def distance_map(one, other):
    return np.sqrt(np.square(one.astype(float) - other))


def distance_damaging(one, other):
    one = one.astype(float, copy=False)
    one -= other
    return np.sqrt(np.mean(one**2))


def distance_nan(one, other):
    return np.sqrt(-np.mean(np.square(one.astype(float) - other)) - 1)


def distance_root_inside(one, other):
    return np.mean(np.sqrt(np.abs(one.astype(float) - other.astype(float))))


def rolled(image, pixels):
    return np.roll(image, pixels, axis=-1)


def rolled_flat(image, pixels):
    return np.roll(image, pixels)


def moved_left(image, pixels):
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if j - pixels >= 0:
                out[i, j - pixels] = image[i, j]
    return out


def moved_down(image, pixels):
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if i + pixels < image.shape[0]:
                out[i + pixels, j] = image[i, j]
    return out


def moved_by_minus(image, pixels):
    out = np.zeros(image.shape)
    out[:, pixels:] = image[:, :-pixels]
    return out


def moved_not_at_all(image, pixels):
    out = image.copy()
    for j in range(pixels):
        out[:, j] = 0
    return out


def moved_by_one(image, pixels):
    out = np.zeros(image.shape)
    out[:, 1:] = image[:, :-1]
    return out


def moved_and_grown(image, pixels):
    return np.hstack([np.zeros((len(image), pixels)), image])


def moved_with_edge(image, pixels):
    padded = np.pad(image, ((0, 0), (pixels, 0)), mode="edge")
    return padded[:, : image.shape[1]].copy()


def moved_in_place(image, pixels):
    for j in range(image.shape[1] - 1, -1, -1):
        image[:, j] = image[:, j - pixels] if j >= pixels else 0
    return image


def moved_view_of_nothing(image, pixels):
    if pixels == 0:
        return image
    out = np.zeros_like(image)
    out[:, pixels:] = image[:, : image.shape[1] - pixels]
    return out


def moved_as_list(image, pixels):
    return [[0] * pixels + row[: len(row) - pixels] for row in image.tolist()]


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


MUTANTS = {
    "dense_parameters": [
        (dense_weights_only, "the biases are missing"),
        (dense_one_bias, "not the layer as a whole"),
        (dense_grey, "the channels are left out"),
        (dense_side_once, "side · side pixels, not side"),
        (dense_bias_of_inputs, "not to an input"),
        (dense_single, "this is one unit"),
        (dense_summed, "inputs and units are added"),
        (dense_of_text, "it gave text, '2', which is not a number"),
        (dense_as_float, "must be a whole number"),
        (dense_printed, "it gave None"),
    ],
    "local_weights": [
        (local_as_convolution, "these weights are shared"),
        (local_one_place_short, "side − f + 1 places"),
        (local_places_everywhere, "would hang over"),
        (local_on_a_row, "one row of places"),
        (local_grey, "the channels are left out"),
        (local_single_filter, "this is one filter"),
        (local_f_once, "f · f pixels, not f"),
        (local_dense, "that is a dense layer"),
        (local_units, "this counts units"),
        (local_with_biases, "the biases are counted"),
        (local_as_float, "must be a whole number"),
        (local_as_list, "expected was a number"),
    ],
    "pixel_distance": [
        (distance_of_bytes, "Make floats of the pixels first"),
        (distance_converted_late, "Make floats before you subtract"),
        (distance_squared, "the root is missing"),
        (distance_of_norm, "the root of the sum"),
        (distance_absolute, "the squares are missing"),
        (distance_signed, "differences cancel here"),
        (distance_mean_first, "cancel before the square is taken"),
        (distance_largest, "the largest difference"),
        (distance_root_inside, "the root comes last"),
        (distance_map, "it gave shape (2, 2), expected was a number"),
        (distance_damaging, "changed its input one"),
        (distance_nan, "it gave NaN in 1 of 1 places"),
    ],
    "move_right": [
        (rolled, "as np.roll does it"),
        (rolled_flat, "np.roll without axis"),
        (moved_left, "moves to the left"),
        (moved_down, "moves down"),
        (moved_by_minus, "image[:, :-0] is empty"),
        (moved_not_at_all, "stays where it is"),
        (moved_by_one, "by one pixel, whatever"),
        (moved_and_grown, "the image has grown"),
        (moved_with_edge, "the border is repeated"),
        (moved_in_place, "changed its input image"),
        (moved_view_of_nothing, "a view of its input image"),
        (moved_as_list, "not a NumPy array"),
    ],
    "dense_layer": [
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
    ],
    "local_layer": [
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
        (wires_as_list, "not a NumPy array"),
        (wires_never_filled, "it gave NaN in 3 of 3 places"),
    ],
}

# Right ones


def dense_by_shape(side, channels, units):
    inputs = 1
    for axis in (side, side, channels):
        inputs *= axis
    return units * (inputs + 1)


def dense_by_prod(side, channels, units):
    return math.prod([side, side, channels, units]) + units


def local_by_counting(side, channels, filters, f):
    starts = [start for start in range(side) if start + f <= side]
    return len(starts) * len(starts) * f * f * channels * filters


def local_by_formula(side, channels, filters, f):
    return (f * (side - f + 1)) ** 2 * channels * filters


def distance_by_loop(one, other):
    total = 0
    for a, b in zip(one.ravel(), other.ravel(), strict=True):
        total += (float(a) - float(b)) ** 2
    return (total / one.size) ** 0.5


def distance_by_scipy(one, other):
    return euclidean(one.ravel().astype(float), other.ravel().astype(float)) / math.sqrt(one.size)


def distance_by_integers(one, other):
    return np.sqrt(np.mean((one.astype(int) - other.astype(int)) ** 2))


def moved_by_loops(image, pixels):
    rows, cols = image.shape
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(pixels, cols):
            out[i, j] = image[i, j - pixels]
    return out


def moved_by_padding(image, pixels):
    return np.pad(image, ((0, 0), (pixels, 0)))[:, : image.shape[1]]


def moved_by_rolling(image, pixels):
    out = np.roll(image, pixels, axis=1)
    out[:, :pixels] = 0
    return out


def moved_by_scipy(image, pixels):
    return scipy_shift(image, (0, pixels), order=0, cval=0)


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


RIGHT = {
    "dense_parameters": [dense_by_shape, dense_by_prod, lambda n, c, k: (n**2 * c + 1) * k],
    "local_weights": [
        local_by_counting, local_by_formula, lambda n, c, k, f: len(range(n - f + 1)) ** 2 * k * c * f**2,
    ],
    "pixel_distance": [distance_by_loop, distance_by_scipy, distance_by_integers],
    "move_right": [moved_by_loops, moved_by_padding, moved_by_rolling, moved_by_scipy],
    "dense_layer": [layer_by_loops, layer_by_einsum, lambda x, w, b: (w * x.reshape(1, -1)).sum(axis=1) + b],
    "local_layer": [wires_by_loops, wires_by_einsum, wires_by_a_dense_matrix],
}  # fmt: skip
