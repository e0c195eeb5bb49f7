"""Notebook 05, two_ways: wrong and right answers, as students write them."""

import numpy as np

from lecture_lib.chapters.equivariance import equivariance_error


def ways_in_bytes(f, before, after, image):
    return np.max(np.abs(f(before(image)) - after(f(image))))


def ways_before_twice(f, before, after, image):
    return np.max(np.abs(f(before(image)).astype(float) - before(f(image)).astype(float)))


def ways_unmoved(f, before, after, image):
    return np.max(np.abs(f(before(image)).astype(float) - f(image).astype(float)))


def ways_swapped(f, before, after, image):
    return np.max(np.abs(f(after(image)).astype(float) - before(f(image)).astype(float)))


def ways_f_last(f, before, after, image):
    return np.max(np.abs(f(before(image)).astype(float) - f(after(image)).astype(float)))


def ways_without_f(f, before, after, image):
    return np.max(np.abs(f(before(image)).astype(float) - after(image).astype(float)))


def ways_without_abs(f, before, after, image):
    return (f(before(image)).astype(float) - after(f(image)).astype(float)).max()


def ways_abs_outside(f, before, after, image):
    return np.abs(np.max(f(before(image)).astype(float) - after(f(image)).astype(float)))


def ways_of_maxima(f, before, after, image):
    return abs(float(f(before(image)).max()) - float(after(f(image)).max()))


def ways_mean(f, before, after, image):
    return np.mean(np.abs(f(before(image)).astype(float) - after(f(image)).astype(float)))


def ways_sum(f, before, after, image):
    return np.sum(np.abs(f(before(image)).astype(float) - after(f(image)).astype(float)))


def ways_root(f, before, after, image):
    return np.sqrt(np.sum((f(before(image)).astype(float) - after(f(image)).astype(float)) ** 2))


def ways_smallest(f, before, after, image):
    return np.min(np.abs(f(before(image)).astype(float) - after(f(image)).astype(float)))


def ways_agree(f, before, after, image):
    return np.array_equal(f(before(image)), after(f(image)))


def ways_differ(f, before, after, image):
    return bool((f(before(image)) != after(f(image))).any())


def ways_all_places(f, before, after, image):
    return np.abs(f(before(image)).astype(float) - after(f(image)).astype(float))


def ways_with_itself(f, before, after, image):
    first = f(before(image))
    second = f(before(image))
    return np.abs(first - second).max()


def ways_by_turns(f, before, after, image):
    return np.abs(f(np.rot90(image)).astype(float) - np.rot90(f(image)).astype(float)).max()


def ways_two_by_two(f, before, after, image):
    first, last = f(before(image)).astype(float), after(f(image)).astype(float)
    return max(abs(first[i, j] - last[i, j]) for i in range(2) for j in range(2))


def ways_too_short(f, before, after, image):
    first, last = f(before(image)).astype(float).ravel(), after(f(image)).astype(float).ravel()
    largest = 0
    for i in range(len(first) - 1):
        largest = max(largest, abs(first[i] - last[i]))
    return largest


def ways_from_one(f, before, after, image):
    largest = 1
    for a, b in zip(f(before(image)).ravel(), after(f(image)).ravel(), strict=True):
        largest = max(largest, abs(float(a) - float(b)))
    return largest


def ways_in_place(f, before, after, image):
    first = f(before(image)).astype(float)
    image[:] = f(image)
    return np.abs(first - after(image).astype(float)).max()


def ways_of_whole_numbers(f, before, after, image):
    return np.abs(np.asarray(f(before(image)), int) - np.asarray(after(f(image)), int)).max()


def ways_as_a_share(f, before, after, image):
    first, last = np.asarray(f(before(image)), float), np.asarray(after(f(image)), float)
    return np.abs(first - last).max() / np.abs(first).max()


def ways_of_section_e4(f, before, after, image):
    first, last = np.asarray(f(before(image)), float), np.asarray(after(f(image)), float)
    return np.linalg.norm(first - last) / np.linalg.norm(first)


def ways_from_the_example(f, before, after, image):
    return 4 if image[0, 0] == 1 else 0


def ways_by_casting(f, before, after, image):
    return np.abs(f(before(image)).astype(float) - after(f(image)).astype(float)).max()


def ways_of_a_float_image(f, before, after, image):
    image = image.astype(np.float64)
    return float(np.max(np.abs(f(before(image)) - after(f(image)))))


def ways_by_loop(f, before, after, image):
    largest = 0.0
    for a, b in zip(f(before(image)).ravel(), after(f(image)).ravel(), strict=True):
        largest = max(largest, abs(float(a) - float(b)))
    return largest


def ways_by_lists(f, before, after, image):
    return max(
        abs(a - b) for a, b in zip(f(before(image)).ravel().tolist(), after(f(image)).ravel().tolist(), strict=True)
    )


def ways_by_norm(f, before, after, image):
    return np.linalg.norm(np.subtract(f(before(image)), after(f(image)), dtype=float).ravel(), np.inf)


def ways_by_range(f, before, after, image):
    apart = np.asarray(f(before(image)), float) - np.asarray(after(f(image)), float)
    return max(apart.max(), -apart.min())


def ways_by_the_library(f, before, after, image):
    return np.abs(equivariance_error(f, before, after, image).difference).max()


WRONG = [
    (ways_in_bytes, "uint8 wraps around"),
    (ways_before_twice, "is moved with before here"),
    (ways_unmoved, "whether f is invariant"),
    (ways_swapped, "before and after are swapped"),
    (ways_f_last, "f comes last on both sides"),
    (ways_without_f, "f is left out of one way"),
    (ways_without_abs, "a difference below 0 is lost"),
    (ways_abs_outside, "abs stands outside"),
    (ways_of_maxima, "the largest values of both ways are compared"),
    (ways_mean, "the mean of the differences"),
    (ways_sum, "the differences are added up"),
    (ways_root, "the root of the sum of squares"),
    (ways_smallest, "the smallest difference"),
    (ways_agree, "whether both ways agree"),
    (ways_differ, "whether both ways differ"),
    (ways_all_places, "these are all differences"),
    (ways_with_itself, "compared with itself"),
    (ways_by_turns, "whatever before and after do"),
    (ways_of_whole_numbers, "a fraction is cut off"),
    (ways_as_a_share, "divided by the largest value"),
    (ways_of_section_e4, "the error of section E4"),
    (ways_two_by_two, ""),
    (ways_too_short, ""),
    (ways_from_one, ""),
    (ways_in_place, ""),
    (ways_from_the_example, ""),
]

RIGHT = [
    ways_by_casting,
    ways_of_a_float_image,
    ways_by_loop,
    ways_by_lists,
    ways_by_norm,
    ways_by_range,
    ways_by_the_library,
]
