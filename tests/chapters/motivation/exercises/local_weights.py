"""Notebook 01, local_weights: wrong and right answers, as students write them."""


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


def local_by_counting(side, channels, filters, f):
    starts = [start for start in range(side) if start + f <= side]
    return len(starts) * len(starts) * f * f * channels * filters


def local_by_formula(side, channels, filters, f):
    return (f * (side - f + 1)) ** 2 * channels * filters


WRONG = [
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
]

RIGHT = [
    local_by_counting,
    local_by_formula,
    lambda n, c, k, f: len(range(n - f + 1)) ** 2 * k * c * f**2,
]
