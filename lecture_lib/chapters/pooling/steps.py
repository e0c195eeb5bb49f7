"""What happens at one place of a pooling, as frozen records to show or to print."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...arguments import one_of
from ...ops import as_float, avg_pool2d, check_axes, max_pool2d
from ...shapes import integer
from ...style import equals, number, valued


@dataclass(frozen=True, eq=False)
class PoolStep:
    """One output value of a pooling and everything that made it."""

    kind: str
    """"max" or "average"."""
    row: int
    col: int
    top: int
    """The first row of the image that the window covers."""
    left: int
    window: np.ndarray
    """(rows, cols): the pixels under the window; less than F where it hangs over the border."""
    value: float

    @property
    def winner(self) -> tuple[int, int] | None:
        """Row and column, in the image, of the pixel that is the maximum: the first of equal ones. None for an average."""
        if self.kind == "average":
            return None
        place = int(self.window.argmax()) if self.value == self.value else 0  # with NaN nothing is larger than anything
        row, col = divmod(place, self.window.shape[1])
        return self.top + row, self.left + col

    @property
    def equation(self) -> str:
        """The value in words: max(1, 1, 5, 6) = 6, or (1 + 1 + 5 + 6)/4 = 3.25."""
        pixels = [number(pixel) for pixel in self.window.flat]
        if self.kind == "max":
            return f"max({', '.join(pixels)}) = {number(self.value)}"
        sign = equals(sum(map(valued, pixels)) / len(pixels), number(self.value))
        return f"({' + '.join(pixels)})/{len(pixels)} {sign} {number(self.value)}"

    def share(self, grad: float = 1.0) -> np.ndarray:
        """How much of the output's gradient each pixel of the window gets, like ``window``."""
        if self.kind == "average":
            return np.full(self.window.shape, grad / self.window.size)
        share = np.zeros(self.window.shape)
        share[self.winner[0] - self.top, self.winner[1] - self.left] = grad
        return share


def pool_steps(
    image: np.ndarray, kind: str = "max", kernel_size: int = 2, *, stride: int | None = None, padding: int = 0
) -> Iterator[PoolStep]:
    """Yield one :class:`PoolStep` for each output value, row by row.

    Args:
        image: (H, W).
        kind: "max" or "average".
        kernel_size, stride, padding: as in :func:`lecture_lib.ops.max_pool2d`, all integers.

    Raises:
        ValueError: an unknown ``kind``.
        TypeError, ShapeError: as :func:`lecture_lib.ops.max_pool2d`.

    >>> [step.equation for step in pool_steps(np.array([[1, 2, 7, 0], [4, 3, 5, 6]]))]
    ['max(1, 2, 4, 3) = 4', 'max(7, 0, 5, 6) = 7']
    """
    pool = {"max": max_pool2d, "average": avg_pool2d}[one_of("kind", kind, ("max", "average"))]
    pixels = check_axes("image", as_float("image", image), "H, W")
    kernel_size, padding = integer("kernel_size", kernel_size, 1), integer("padding", padding, 0)
    stride = kernel_size if stride is None else integer("stride", stride, 1)
    image = np.asarray(image)
    for (row, col), value in np.ndenumerate(pool(pixels[None, None], kernel_size, stride, padding)[0, 0]):
        top, left = row * stride - padding, col * stride - padding
        inside = slice(max(0, top), top + kernel_size), slice(max(0, left), left + kernel_size)
        yield PoolStep(kind, row, col, inside[0].start, inside[1].start, image[inside].copy(), float(value))
