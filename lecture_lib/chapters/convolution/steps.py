"""What happens at one place of a convolution, as frozen records to show or to print."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...ops import as_float, check_axes, conv2d
from ...shapes import integer
from ...style import equals, exact, number, valued


@dataclass(frozen=True, eq=False)
class ConvStep:
    """One output value of a correlation and everything that made it."""

    row: int
    col: int
    window: np.ndarray
    """(F_h, F_w): the pixels under the kernel."""
    products: np.ndarray
    """(F_h, F_w): pixel times weight, place by place."""
    kernel: np.ndarray
    total: float

    @property
    def equation(self) -> str:
        """The sum as the lecture writes it: (pixel×weight) + … = total."""
        pairs = [(exact(x), exact(w)) for x, w in zip(self.window.flat, self.kernel.flat, strict=True)]
        total = sum(valued(pixel) * valued(weight) for pixel, weight in pairs)
        terms = " + ".join(f"({pixel}×{weight})" for pixel, weight in pairs)
        return f"{terms} {equals(total, number(self.total))} {number(self.total)}"


def conv_steps(
    image: np.ndarray, kernel: np.ndarray, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> Iterator[ConvStep]:
    """Yield one :class:`ConvStep` for each output value, row by row.

    Args and errors are those of :func:`lecture_lib.filters.correlate` with a zero border, for one image (H, W).

    >>> next(conv_steps(np.array([[1, 2], [3, 4]]), np.array([[1, 0], [0, -1]]))).equation
    '(1×1) + (2×0) + (3×0) + (4×−1) = −3'
    """
    kernel = check_axes("kernel", as_float("kernel", kernel), "F_h, F_w")
    pixels = check_axes("image", as_float("image", image), "H, W")
    stride, padding = integer("stride", stride, 1), integer("padding", padding, 0)
    dilation = integer("dilation", dilation, 1)
    output = conv2d(pixels[None, None], kernel[None, None], stride=stride, padding=padding, dilation=dilation)[0, 0]
    padded = np.pad(np.asarray(image), padding)
    height, width = kernel.shape
    for (row, col), total in np.ndenumerate(output):
        top, left = row * stride, col * stride
        window = padded[top : top + dilation * height : dilation, left : left + dilation * width : dilation]
        with np.errstate(all="ignore"):  # NaN and infinity in, NaN and infinity out
            products = window * kernel
        yield ConvStep(row, col, window, products, kernel, total)
