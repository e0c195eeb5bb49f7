"""Notebook 02, pad: wrong and right answers, as students write them."""

import numpy as np


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


WRONG = [
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
]

RIGHT = [pad_by_stacking, pad_by_loops, lambda image, p: np.pad(image, p, mode="constant")]
