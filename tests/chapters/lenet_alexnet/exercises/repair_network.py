"""Notebook 06, repair_network: wrong and right answers, as students write them."""

import functools
import math

import numpy as np

from lecture_lib.layers import Conv2d, MaxPool2d
from lecture_lib.models import Sequential

SIDE = lambda n, f, s, p: (n - f + 2 * p) // s + 1  # noqa: E731


def walk(shape, plan, side=SIDE):
    channels, height, width = shape
    for filters, f, s, p in plan:
        height, width = side(height, f, s, p), side(width, f, s, p)
        if filters:
            channels = filters
    return channels * height * width


def fit_padding_once(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: (n - f + p) // s + 1), *units[:-1]]


def fit_without_padding(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: (n - f) // s + 1), *units[:-1]]


def fit_one_short(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: (n - f + 2 * p) // s), *units[:-1]]


def fit_without_stride(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: n - f + 2 * p + 1), *units[:-1]]


def fit_with_fractions(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: (n - f + 2 * p) / s + 1), *units[:-1]]


def fit_rounded_up(shape, plan, units):
    return [walk(shape, plan, lambda n, f, s, p: math.ceil((n - f + 2 * p) / s) + 1), *units[:-1]]


def fit_pooling_empties(shape, plan, units):
    c, h, w = shape
    for filters, f, s, p in plan:
        c, h, w = filters, SIDE(h, f, s, p), SIDE(w, f, s, p)
    return [c * h * w, *units[:-1]]


def fit_depth_of_the_input(shape, plan, units):
    _, h, w = shape
    for _, f, s, p in plan:
        h, w = SIDE(h, f, s, p), SIDE(w, f, s, p)
    return [shape[0] * h * w, *units[:-1]]


def fit_depths_multiplied(shape, plan, units):
    c, h, w = shape
    for filters, f, s, p in plan:
        c, h, w = c * max(1, filters), SIDE(h, f, s, p), SIDE(w, f, s, p)
    return [c * h * w, *units[:-1]]


def fit_square(shape, plan, units):
    return [walk((shape[0], shape[1], shape[1]), plan), *units[:-1]]


def fit_one_map(shape, plan, units):
    return [walk((1, *shape[1:]), [(0, *each[1:]) for each in plan]), *units[:-1]]


def fit_outputs_too(shape, plan, units):
    return [walk(shape, plan), *units]


def fit_own_units(shape, plan, units):
    inputs = units.copy()
    inputs[0] = walk(shape, plan)
    return inputs


def fit_all_alike(shape, plan, units):
    return [walk(shape, plan) for _ in units]


def fit_first_alone(shape, plan, units):
    return walk(shape, plan)


def fit_anew_in_each_layer(shape, plan, units):
    for filters, f, s, p in plan:
        channels, height, width = filters or shape[0], SIDE(shape[1], f, s, p), SIDE(shape[2], f, s, p)
    return [channels * height * width, *units[:-1]] if plan else [math.prod(shape), *units[:-1]]


def fit_lenet_alone(shape, plan, units):
    return [16 * 5 * 5, *units[:-1]]


def fit_copied(shape, plan, units):
    if units == [120, 84, 10]:
        return [400 if shape == (1, 28, 28) else 576, 120, 84]
    return [math.prod(shape), *units[:-1]]


def fit_one_layer_less(shape, plan, units):
    return [walk(shape, plan[:-1]), *units[:-1]]


def fit_in_place(shape, plan, units):
    units.pop()
    units.insert(0, walk(shape, plan))
    return units


def fit_by_recursion(shape, plan, units):
    if not plan:
        return [math.prod(shape), *units[:-1]]
    (filters, f, s, p), *rest = plan
    return fit_by_recursion((filters or shape[0], SIDE(shape[1], f, s, p), SIDE(shape[2], f, s, p)), rest, units)


def fit_by_counting(shape, plan, units):
    depth, *sides = shape
    for filters, f, s, p in plan:
        depth = filters if filters > 0 else depth
        sides = [len(range(0, side + 2 * p - f + 1, s)) for side in sides]
    return np.array([depth * np.prod(sides), *units[:-1]], dtype=int)


def fit_by_the_library(shape, plan, units):
    layers, depth = [], shape[0]
    for filters, f, s, p in plan:
        layers.append(Conv2d(depth, filters, f, stride=s, padding=p) if filters else MaxPool2d(f, s, p))
        depth = filters or depth
    out = Sequential(layers).output_shape(shape) if layers else shape
    return [math.prod(out), *units[:-1]]


def fit_by_reduce(shape, plan, units):
    def through(now, layer):
        return layer[0] or now[0], *(SIDE(side, *layer[1:]) for side in now[1:])

    return (np.prod(functools.reduce(through, plan, shape)), *units[:-1])


def fit_floats(shape, plan, units):
    return [float(walk(shape, plan)), *units[:-1]]


WRONG = [
    (fit_padding_once, "it counts twice"),
    (fit_without_padding, "the padding is left out"),
    (fit_one_short, "the + 1 is missing"),
    (fit_without_stride, "the stride is left out"),
    (fit_with_fractions, "the floor is missing"),
    (fit_rounded_up, "round down, not up"),
    (fit_pooling_empties, "it keeps the maps that it gets"),
    (fit_depth_of_the_input, "still that of the input"),
    (fit_depths_multiplied, "the depths are multiplied"),
    (fit_square, "height and width may be different"),
    (fit_one_map, "the places of one map"),
    (fit_outputs_too, "nobody's inputs"),
    (fit_own_units, "not its own"),
    (fit_all_alike, "only the first layer gets"),
    (fit_first_alone, "the first layer alone"),
    (fit_anew_in_each_layer, "begins with the input again"),
    (fit_lenet_alone, ""),
    (fit_copied, ""),
    (fit_one_layer_less, ""),
    (fit_in_place, "changed its input units"),
]

RIGHT = [fit_by_recursion, fit_by_counting, fit_by_the_library, fit_by_reduce, fit_floats]
