"""Notebook 06, table_parameters: wrong and right answers, as students write them."""

import numpy as np


def table_full(table, f):
    maps = max(max(row) for row in table) + 1
    seen = {each for row in table for each in row}
    return len(table) * (min(maps, len(seen)) * f * f + 1)


def table_no_bias(table, f):
    return sum(f * f * len(row) for row in table)


def table_one_bias(table, f):
    return sum(f * f * len(row) for row in table) + 1


def table_bias_for_each_cross(table, f):
    return sum((f * f + 1) * len(row) for row in table)


def table_flat(table, f):
    total = 0
    for _ in table:
        total += f * f + 1
    return total


def table_f_not_squared(table, f):
    return sum(f * len(row) + 1 for row in table)


def table_adds_names(table, f):
    return sum(f * f * sum(row) + 1 for row in table)


def table_stops_too_early(table, f):
    total = 0
    for row in table:
        total += f * f * len(row) + 1
        break
    return total


def table_crosses(table, f):
    return sum(map(len, table))


def table_eaten(table, f):
    total = 0
    while table:
        total += f * f * len(table.pop()) + 1
    return total


def table_as_list(table, f):
    return [f * f * len(row) + 1 for row in table]


def table_by_array(table, f):
    wired = np.zeros((len(table), 1 + max(each for row in table for each in row)), int)
    for at, row in enumerate(table):
        wired[at, row] = 1
    return int(wired.sum()) * f**2 + len(table)


def table_by_loops(table, f):
    total = 0
    for row in table:
        total += 1
        for _ in row:
            total += f**2
    return total


WRONG = [
    (table_full, "every map sees every map"),
    (table_no_bias, "the biases are missing"),
    (table_one_bias, "not one in all"),
    (table_bias_for_each_cross, "not one for each connection"),
    (table_flat, "weights of its own for each map"),
    (table_f_not_squared, "f × f pixels, not f"),
    (table_adds_names, "the numbers of the maps are added up"),
    (table_stops_too_early, "the first map alone"),
    (table_crosses, "these are the connections"),
    (table_eaten, "changed its input table"),
    (table_as_list, "shape (1,), expected was a number"),
]

RIGHT = [table_by_array, table_by_loops, lambda table, f: len(table) + f * f * sum(map(len, table))]
