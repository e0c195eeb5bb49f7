"""Notebook 01, move_right: wrong and right answers, as students write them."""

import numpy as np
from scipy.ndimage import shift as scipy_shift


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


def moved_too_far(image, pixels):
    out = np.zeros(image.shape)
    for j in range(pixels, image.shape[1] - 1):
        out[:, j + 1] = image[:, j - pixels]
    return out


def moved_over_itself(image, pixels):
    out = image.copy()
    for j in range(pixels, image.shape[1]):
        out[:, j] = out[:, j - pixels]
    out[:, :pixels] = 0
    return out


def moved_on_five_columns(image, pixels):
    out = np.zeros(image.shape)
    for j in range(pixels, min(5, image.shape[1])):
        out[:, j] = image[:, j - pixels]
    return out


def moved_into_integers(image, pixels):
    out = np.zeros(image.shape, dtype=int)
    out[:, pixels:] = image[:, : image.shape[1] - pixels]
    return out


def moved_with_the_least(image, pixels):
    out = np.full(image.shape, image.min())
    out[:, pixels:] = image[:, : image.shape[1] - pixels]
    return out


def moved_and_shrunk(image, pixels):
    return image[:, : image.shape[1] - pixels].copy()


def moved_by_columns(image, pixels):
    cols = image.shape[1]
    return np.stack([image[:, j - pixels] if j >= pixels else 0 * image[:, 0] for j in range(cols)], axis=1)


def moved_into_empty(image, pixels):
    out = np.empty(image.shape)
    out[:, pixels:] = image[:, : image.shape[1] - pixels]
    return out


def moved_copied_from_the_example(image, pixels):
    return np.array([[0, 1, 2], [0, 4, 5]]) if image.shape == (2, 3) and pixels == 1 else np.zeros(image.shape)


WRONG = [
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
    (moved_too_far, "one pixel too far"),
    (moved_over_itself, "already written over"),
    (moved_on_five_columns, "the values are wrong"),
    (moved_into_integers, "they were cut off"),
    (moved_with_the_least, "Zeros must come in"),
    (moved_and_shrunk, "the image has shrunk"),
    (moved_into_empty, "never written"),
    (moved_copied_from_the_example, "the values are wrong"),
]

RIGHT = [moved_as_list, moved_by_loops, moved_by_padding, moved_by_rolling, moved_by_scipy, moved_by_columns]
