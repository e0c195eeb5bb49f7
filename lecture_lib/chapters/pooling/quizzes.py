"""Notebook 04, pooling: quizzes on what is often got wrong."""

import numpy as np

from ...ops import avg_pool2d, max_pool2d, max_pool2d_backward
from ...practice import Quiz, right, rows, wrong
from ...shapes import conv_output_size, dropped_columns
from ...style import number


def _pooled_volume() -> Quiz:
    m = conv_output_size(56, 2, 2)
    return Quiz(
        "A volume of 56×56×64 is max pooled with 2×2 windows, side by side (stride 2). What comes out, and how many parameters does it take?",
        (
            wrong(f"{m}×{m}×32, no parameters", "Pooling halves rows and columns. The depth stays: each map is pooled by itself."),
            wrong(f"{m}×{m}×1, no parameters",
                  "A window of pooling is flat. Only the filters of a convolution go through the whole depth."),
            right(f"{m}×{m}×64, no parameters",
                  f"(56 − 2)/2 + 1 = {m}, and the depth stays. A maximum has nothing to learn."),
            wrong(f"{m}×{m}×64, {4 * 64} parameters",
                  "A window has four pixels, but they get no weights: the largest is passed on as it is."),
            wrong(f"{m - 1}×{m - 1}×64, no parameters",
                  f"(56 − 2)/2 = {m - 1} is the number of steps. The place where the window starts counts, too."),
        ),
    )  # fmt: skip


def _bright_pixel() -> Quiz:
    dark = np.zeros((8, 8))
    dark[3, 5] = 100
    largest, mean = (float(pool(dark[None, None], 2).max()) for pool in (max_pool2d, avg_pool2d))
    kept = dark[::2, ::2]
    return Quiz(
        "A map of 8×8 is 0 but for one pixel of 100, in row 3 and column 5 (counted from 0). It is made half as large: by max pooling "
        "with 2×2 windows, and by keeping rows and columns 0, 2, 4, 6 (stride 2 alone). What is left of the pixel?",
        (
            wrong(f"{number(largest)} in both", "Both make a map of 4×4. But look which rows and columns the stride keeps."),
            right(f"Max pooling: {number(largest)}. Stride: nothing",
                  f"The pixel is the largest of its window, so pooling keeps it. The stride keeps {kept.size} of the {dark.size} "
                  "pixels only, and this one lies between them."),
            wrong(f"Max pooling: nothing. Stride: {number(largest)}",
                  "Max pooling passes on the largest of each window, wherever in the window it stands."),
            wrong(f"{number(mean)} in both",
                  f"{number(mean)} is what average pooling makes of it. Neither a maximum nor a stride mixes pixels."),
            wrong(f"Max pooling: {number(largest)}. Stride: {number(largest / 2)}",
                  "A stride keeps a pixel as it is, or drops it."),
        ),
    )  # fmt: skip


def _pooled_gradient() -> Quiz:
    window, gradient = np.array([[1.0, 5.0], [3.0, 2.0]]), 4.0
    back = max_pool2d_backward(np.full((1, 1, 1, 1), gradient), window[None, None], 2)[0, 0]
    share = gradient / window.size
    return Quiz(
        f"A 2×2 window holds {rows(window)} and is max pooled. The gradient of the output is {number(gradient)}. "
        "What is the gradient of the four pixels?",
        (
            right(rows(back),
                  "If the 5 grows a little, the output grows as much. If another pixel does, nothing happens. "
                  "So the winner gets the whole gradient."),
            wrong(rows(np.full((2, 2), share)),
                  "This is average pooling: there each pixel has a quarter of the say."),
            wrong(rows(np.full((2, 2), gradient)),
                  f"Then a little more of the 1 would change the output. It would still be {number(window.max())}."),
            wrong(rows(back * window),
                  "A maximum passes its pixel on as it is. Its slope is 1, whatever the pixel's value."),
            wrong(rows(back * 0),
                  "Pooling has nothing to learn itself. But the layers before it do, and they need the gradient."),
        ),
    )  # fmt: skip


def _moved_by_strides() -> Quiz:
    side, by = 4, 8
    return Quiz(
        f"A map is max pooled with F = S = {side}. The photo, and with it the map, moves to the right by {by} pixels. What do the pooled "
        "values do, away from the border where other things come in?",
        (
            right(f"They move by {by // side}, and are the same values",
                  f"Each window finds what the window {by // side} places before it has found: {by} is {by // side} strides. "
                  "Such a move is the equivariant one."),
            wrong(f"They move by {by}, and are the same values",
                  f"A pooled value stands for {side} pixels on a side, so {by} pixels are fewer of its places."),
            wrong("They stay where they are: pooling is invariant",
                  f"A bright spot that moves by {by} pixels leaves its window of {side}. Only inside a window is its place forgotten."),
            wrong(f"They move by {by // side}, and other values come out",
                  f"So it is when a move is no multiple of {side}: then other pixels share a window."),
        ),
    )  # fmt: skip


def _wanted_size() -> Quiz:
    n, wanted = 55, 27

    def size(f: int, s: int) -> str:
        return f"⌊({n} − {f})/{s}⌋ + 1 = {conv_output_size(n, f, s)}"

    return Quiz(
        f"A {n}×{n} map shall become {wanted}×{wanted} by max pooling, and every pixel shall lie in a window. Which setting does it?",
        (
            wrong("F = 2, S = 2", f"{size(2, 2)}, but {dropped_columns(n, 2, 2)} row and column at the end lie in no window."),
            right("F = 3, S = 2", f"{size(3, 2)}, and nothing is dropped: ({n} − 3)/2 leaves no rest. Neighbouring windows overlap."),
            wrong("F = 3, S = 3", f"{size(3, 3)}. The stride decides most about the size: with 3 a third is left."),
            wrong("F = 2, S = 1", f"{size(2, 1)}. With stride 1 a map hardly becomes smaller."),
            wrong("F = 1, S = 2", f"{size(1, 2)}. A window of one pixel, and every second row and column lies in none."),
        ),
    )  # fmt: skip


POOLED_VOLUME = _pooled_volume()
MOVED_BY_STRIDES = _moved_by_strides()
BRIGHT_PIXEL = _bright_pixel()
WANTED_SIZE = _wanted_size()
POOLED_GRADIENT = _pooled_gradient()

QUIZZES: dict[str, Quiz] = {
    "P1": POOLED_VOLUME, "P3": MOVED_BY_STRIDES, "P4": BRIGHT_PIXEL, "P5": WANTED_SIZE, "P6": POOLED_GRADIENT,
}  # fmt: skip
"""By the section in which they are asked."""
