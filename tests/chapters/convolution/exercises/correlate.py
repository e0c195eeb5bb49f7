"""Notebook 02, correlate: wrong and right answers, as students write them."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import convolve2d, correlate2d


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


def output_like_the_image(image, kernel):
    shape = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = np.zeros(shape, dtype=image.dtype)
    for i, j in np.ndindex(*shape):
        out[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return out


def added_to_empty_memory(image, kernel):
    out = np.empty((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i, j in np.ndindex(*out.shape):
        for a, b in np.ndindex(*kernel.shape):
            out[i, j] += kernel[a, b] * image[i + a, j + b]
    return out


def for_kernels_of_three(image, kernel):
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i, j in np.ndindex(*out.shape):
        for a in range(3):
            for b in range(3):
                out[i, j] += kernel[a, b] * image[i + a, j + b]
    return out


def for_squares_only(image, kernel):
    side = image.shape[0] - kernel.shape[0] + 1
    out = np.zeros((side, side))
    for i in range(side):
        for j in range(side):
            out[i, j] = (image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel).sum()
    return out


def matrix_product(image, kernel):
    return np.array([[(window @ kernel).sum() for window in row] for row in sliding_window_view(image, kernel.shape)])


def first_product(image, kernel):
    return kernel[0, 0] * sliding_window_view(image, kernel.shape)[:, :, 0, 0]


def multiplied_in_place(image, kernel):
    out = correlate2d(image, kernel, "valid")
    image[: kernel.shape[0], : kernel.shape[1]] *= 0
    return out


def of_the_example(image, kernel):
    return np.array([[1.0, 2], [4, 5]]) if kernel.shape == (1, 1) else np.zeros((3, 3))


def with_a_border(image, kernel):
    return correlate2d(image, kernel, "same")


def kernel_and_image_swapped(image, kernel):
    return correlate_by_four_loops(kernel, image)


def the_largest_product(image, kernel):
    return (sliding_window_view(image, kernel.shape) * kernel).max(axis=(2, 3))


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


def correlate_by_four_loops(image, kernel):
    h, w = kernel.shape
    out = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i, j in np.ndindex(*out.shape):
        for a, b in np.ndindex(h, w):
            out[i, j] += kernel[a, b] * image[i + a, j + b]
    return out


def correlate_by_shifted_images(image, kernel):
    rows, cols = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    return sum(w * image[a : a + rows, b : b + cols] for (a, b), w in np.ndenumerate(kernel))


def correlate_by_matrix(image, kernel):
    windows = sliding_window_view(image, kernel.shape)
    return (windows.reshape(-1, kernel.size) @ kernel.ravel()).reshape(windows.shape[:2])


def correlate_by_einsum(image, kernel):
    return np.einsum("ijab,ab->ij", sliding_window_view(image, kernel.shape), kernel)


WRONG = [
    (flipped, "the kernel is flipped"),
    (transposed_kernel, "the kernel is transposed"),
    (places_too_few, "there are n − f + 1 places"),
    (means, "the mean of the products"),
    (last_product, "only the last product is kept"),
    (without_kernel, "without the kernel's weights"),
    (absolute, "the absolute value is taken"),
    (with_relu, "That is ReLU"),
    (output_of_integers, "they were cut off"),
    (output_like_the_image, "the output has the image's dtype"),
    (added_to_empty_memory, "part of its result was never written"),
    (for_kernels_of_three, "the kernel need not be 3×3"),
    (for_squares_only, "it gave shape (7, 7), expected was an array of shape (7, 10)"),
    (matrix_product, "@ is the matrix product"),
    (first_product, "only the first product is taken"),
    (multiplied_in_place, "it changed its input image"),
    (of_the_example, ""),
    (with_a_border, "the border is filled with zeros"),
    (kernel_and_image_swapped, ""),
    (the_largest_product, ""),
    (never_filled, "it gave NaN in 9 of 9 places"),
    (transposed_map, "those of the transposed map"),
    (loops_for_ever, "Is there a loop that never ends?"),
]

RIGHT = [
    correlate_by_four_loops,
    correlate_by_einsum,
    lambda image, kernel: correlate2d(image, kernel, mode="valid"),
    lambda image, kernel: [
        [(window * kernel).sum() for window in row] for row in sliding_window_view(image, kernel.shape)
    ],
    correlate_by_shifted_images,
    correlate_by_matrix,
]
