"""Notebook 02, design_kernel: wrong and right answers, as students write them."""

import numpy as np

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


def without_strength(strength):
    return SOBEL


def eight_times_too_much(strength):
    return strength * SOBEL


def half_of_it(strength):
    return SOBEL * strength / 4


def level_edges(strength):
    return SOBEL.T * strength / 8


def all_rows_alike(strength):
    return np.full((3, 1), strength / 6) * [-1, 0, 1]


def left_and_right_swapped(strength):
    return SOBEL[:, ::-1] * strength / 8


def of_whole_numbers(strength):
    return (SOBEL * strength / 8).astype(int)


def divided_with_a_floor(strength):
    return SOBEL * strength // 8


def dtype_of_the_pattern(strength):
    kernel = np.zeros_like(SOBEL)
    kernel[:] = SOBEL * strength / 8
    return kernel


def blur(strength):
    return np.full((3, 3), strength / 9)


def laplacian(strength):
    return np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]) * strength


def only_the_middle_row(strength):
    kernel = np.zeros((3, 3))
    kernel[1] = -strength / 2, 0, strength / 2
    return kernel


def columns_never_written(strength):
    kernel = np.empty((3, 3))
    kernel[:, 0] = [-strength / 8, -strength / 4, -strength / 8]
    kernel[:, 2] = -kernel[:, 0]
    return kernel


def one_row(strength):
    return np.array([-strength / 2, 0, strength / 2])


def of_the_example(strength):
    return np.zeros((3, 3))


def five_by_five(strength):
    return np.pad(SOBEL * strength / 8, 1)


def by_differences(strength):
    """From a pixel to its right neighbour is one step."""
    return np.outer([1, 2, 1], [0, -1, 1]) * strength / 4


def by_differences_to_the_left(strength):
    return [[-w * strength / 4, w * strength / 4, 0] for w in (1, 2, 1)]


def by_loops(strength):
    kernel = np.zeros((3, 3))
    for i, share in enumerate((0.25, 0.5, 0.25)):
        kernel[i, 0] -= share * strength / 2
        kernel[i, 2] += share * strength / 2
    return kernel


def each_row_in_its_way(strength):
    rows = [[-1, 1, 0], [-1, 0, 1], [0, -1, 1]]
    return np.array(rows) * [[strength / 4], [strength / 4], [strength / 4]]


def by_einsum(strength):
    return np.einsum("i,j->ij", np.array([1.0, 2, 1]) / 4, np.array([-3.0, 5, -2])) * strength


def with_every_place_written(strength):
    kernel = np.empty((3, 3))
    kernel[:, 1] = 0
    kernel[:, 2] = strength / 8, strength / 4, strength / 8
    kernel[:, 0] = -kernel[:, 2]
    return kernel


WRONG = [
    (without_strength, "strength is not used"),
    (eight_times_too_much, "gives more than 1 already"),
    (half_of_it, "are 2 steps"),
    (level_edges, "Rows and columns are swapped"),
    (all_rows_alike, "all rows have the same share"),
    (left_and_right_swapped, "gives −8, not strength = 8. It answers to what gets darker: are left and right swapped?"),
    (of_whole_numbers, "they were cut off"),
    (divided_with_a_floor, "they were cut off"),
    (dtype_of_the_pattern, "they were cut off"),
    (blur, "where all pixels are 100 it gives"),
    (laplacian, "What do the weights of one row add up to?"),
    (only_the_middle_row, "its rows give 0, 8, 0"),
    (columns_never_written, "part of its result was never written"),
    (one_row, "it gave shape (3,)"),
    (of_the_example, "it gives 0, not strength = 8."),
    (five_by_five, "it gave shape (5, 5)"),
]

RIGHT = [
    by_differences,
    by_differences_to_the_left,
    by_loops,
    each_row_in_its_way,
    by_einsum,
    with_every_place_written,
    lambda strength: (strength / 8 * SOBEL).tolist(),
]
