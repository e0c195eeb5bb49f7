"""What the tests of filters share."""

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.filters import BORDERS, KERNELS, convolve, correlate
from lecture_lib.shapes import ShapeError

LECTURE_IMAGE = np.array(
    [
        [0, 0, 0, 0, 0, 0],
        [0, 1, 2, 2, 1, 0],
        [0, 2, 4, 4, 2, 0],
        [0, 1, 3, 3, 1, 0],
        [0, 1, 2, 3, 1, 0],
        [0, 0, 1, 1, 0, 0],
    ]
)
BINARY_IMAGE = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
SCIPYS_BORDERS = {"zero": "constant", "reflect": "mirror", "circular": "wrap"}
WEIGHTS = {name: kernel.weights for name, kernel in KERNELS.items()}
BOTH = pytest.mark.parametrize("slide", [correlate, convolve])

rng = np.random.default_rng(0)
photo = rng.integers(0, 256, (9, 11)).astype(float)
rightwards = np.tile(np.arange(8.0), (6, 1))  # brighter by 1 at each column


@st.composite
def images_and_kernels(draw, odd_square=False):
    """Whole numbers, so that sums are exact; the kernel is no larger than the image."""
    size = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    kernel = [draw(st.integers(1, side)) for side in size]
    if odd_square:
        kernel = [(min(kernel) - 1) // 2 * 2 + 1] * 2
    numbers = np.random.default_rng(draw(st.integers(0, 2**32)))
    return numbers.integers(-9, 10, size), numbers.integers(-9, 10, kernel)


# Algebra


def full(slide, a, b):
    """Slide the smaller array over the larger one as far as they touch."""
    return slide(a, b, padding=max(b.shape) - 1)


# Errors: the name, the value, the rule

WRONG = [
    ({"kernel": np.ones((6, 1))}, ShapeError, "kernel_size=6", "must fit"),
    ({"kernel": np.ones((2, 9)), "padding": 1}, ShapeError, "kernel_size=9", "must fit"),
    ({"dilation": 5}, ShapeError, "dilation=5", "must fit"),
    ({"dilation": 5, "border": "circular"}, ShapeError, "dilation=5", "must fit"),
    ({"kernel": [1, 2]}, ShapeError, "kernel has shape (2,)", "must have the axes (F_h, F_w)"),
    ({"kernel": np.ones((1, 2, 2))}, ShapeError, "kernel has shape (1, 2, 2)", "must have the axes (F_h, F_w)"),
    ({"kernel": np.ones((2, 0))}, ShapeError, "kernel has shape (2, 0)", "none of them empty"),
    ({"kernel": 3}, ShapeError, "kernel has shape ()", "must have the axes (F_h, F_w)"),
    ({"kernel": [["1", "x"]]}, TypeError, "kernel has dtype <U1", "must hold integers, float32 or float64"),
    ({"kernel": [[1, 2], [3]]}, TypeError, "kernel", "rows of equal length"),
    ({"kernel": np.ones((2, 2), complex)}, TypeError, "kernel has dtype complex128", "must hold"),
    ({"image": np.ones((5, 5), np.float16)}, TypeError, "image has dtype float16", "must hold"),
    ({"image": "photo.png"}, TypeError, "image has dtype <U9", "must hold"),
    ({"image": np.ones(5)}, ShapeError, "image has shape (5,)", "must have the axes (..., H, W)"),
    ({"image": np.ones((16, 20, 3))}, ShapeError, "image has shape (16, 20, 3)", "np.moveaxis(photo, 2, 0) brings the colours to the front"),
    ({"image": np.ones((16, 20, 4), np.uint8), "border": "reflect"}, ShapeError, "a photo with its colours last", "makes it grey"),
    ({"padding": "same"}, TypeError, "padding='same'", "kernels of 3, 5 and 7 keep the size with 1, 2 and 3"),
    ({"image": np.ones((0, 5, 5))}, ShapeError, "image has shape (0, 5, 5)", "none of them empty"),
    ({"image": np.ones((5, 0))}, ShapeError, "image has shape (5, 0)", "none of them empty"),
    ({"stride": 0}, ShapeError, "stride=0", "at least 1"),
    ({"stride": 1.5}, TypeError, "stride=1.5", "must be an integer"),
    ({"dilation": 0}, ShapeError, "dilation=0", "at least 1"),
    ({"dilation": True}, TypeError, "dilation=True", "must be an integer"),
    *(({"padding": -1, "border": border}, ShapeError, "padding=-1", "at least 0") for border in BORDERS),
    *(({"padding": 1.0, "border": border}, TypeError, "padding=1.0", "must be an integer") for border in BORDERS),
    ({"padding": 5, "border": "reflect"}, ShapeError, "padding=5", "smaller than the image's shorter side, 5"),
    ({"border": "mirror"}, ValueError, "border='mirror'", "must be one of zero, reflect, circular"),
    ({"border": None}, ValueError, "border=None", "must be one of zero, reflect, circular"),
]  # fmt: skip
