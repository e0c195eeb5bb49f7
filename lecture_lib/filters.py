"""Named kernels, and the two ways to slide one over an image: correlation and convolution."""

from dataclasses import dataclass

import numpy as np

from .arguments import check_room, one_of, shown
from .ops import as_float, check_axes, conv2d
from .shapes import ShapeError, conv_output_size, integer

BORDERS = {"zero": "constant", "reflect": "reflect", "circular": "wrap"}
"""How an image goes on past its border, and what ``numpy.pad`` calls it."""


@dataclass(frozen=True, eq=False)
class Kernel:
    """A named kernel: ``weights`` (F_h, F_w) float64, read-only; ``effect`` says what it does to a photo."""

    name: str
    label: str
    weights: np.ndarray
    effect: str
    in_lecture: bool = False


def _kernel(name, label, rows, effect, scale=1, in_lecture=False) -> Kernel:
    weights = np.array(rows, dtype=np.float64) / scale
    weights.flags.writeable = False
    return Kernel(name, label, weights, effect, in_lecture)


_BINOMIAL = np.array([1, 4, 6, 4, 1])

KERNELS: dict[str, Kernel] = {
    kernel.name: kernel
    for kernel in (
        _kernel("identity", "Identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
                "copies the image", in_lecture=True),
        _kernel("edge_corners", "Edges: corners", [[1, 0, -1], [0, 0, 0], [-1, 0, 1]],
                "answers to corners and slanted edges, not to level or upright ones", in_lecture=True),
        _kernel("laplacian_4", "Edges: Laplacian 4", [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
                "compares a pixel with its 4 neighbours", in_lecture=True),
        _kernel("laplacian_8", "Edges: Laplacian 8", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
                "compares a pixel with its 8 neighbours", in_lecture=True),
        _kernel("sharpen", "Sharpen", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
                "adds to a pixel what sets it apart from its neighbours", in_lecture=True),
        _kernel("box_blur", "Box blur", np.ones((3, 3)),
                "averages 3×3 pixels", scale=9, in_lecture=True),
        _kernel("gaussian", "Gaussian blur 3×3", [[1, 2, 1], [2, 4, 2], [1, 2, 1]],
                "averages, with near pixels counting more", scale=16),
        _kernel("gaussian_5", "Gaussian blur 5×5", np.outer(_BINOMIAL, _BINOMIAL),
                "averages more widely", scale=256),
        _kernel("sobel_x", "Sobel x", [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
                "is positive where the image gets brighter to the right, negative where it gets darker"),
        _kernel("sobel_y", "Sobel y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
                "is positive where the image gets brighter downwards, negative where it gets darker"),
        _kernel("emboss", "Emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
                "lights the image from the upper left"),
        _kernel("shift_left", "Shift left", [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
                "moves the image one pixel to the left"),
    )
}  # fmt: skip
"""Kernels by name, the lecture's six first. Each is written as it is slid, without a flip."""


def check_kernel(kernel: np.ndarray) -> np.ndarray:
    """Return ``kernel`` as a float array (F_h, F_w).

    Raises:
        TypeError: the entries are not real numbers.
        ShapeError: not two axes, or an empty one.
    """
    return check_axes("kernel", as_float("kernel", kernel), "F_h, F_w")


def pad_border(image: np.ndarray, padding: int, border: str = "zero") -> np.ndarray:
    """Continue an image (..., H, W) past its border by ``padding`` pixels on each side.

    ``border`` is "zero", "reflect" (mirrored at the outermost pixels) or "circular" (the far side comes back in).

    Raises:
        ValueError: an unknown ``border``.
        TypeError, ShapeError: ``padding`` is no integer or negative, or at least as
            wide as the image where the border is reflected.

    >>> pad_border(np.array([[1, 2, 3]]), 1, "circular")[1]
    array([3, 1, 2, 3, 1])
    """
    mode = BORDERS[one_of("border", border, BORDERS)]
    as_float("image", image)  # numbers, whatever their type: that stays as it is
    image = check_axes("image", np.asarray(image), "..., H, W")
    padding = integer("padding", padding, 0)
    if border == "reflect" and padding >= min(image.shape[-2:]):
        raise ShapeError(
            f"padding={padding} with border='reflect': must be smaller than the image's "
            f"shorter side, {min(image.shape[-2:])}, because a mirror shows nothing beyond the far side"
        )
    check_room(f"padding={shown(padding)}", *image.shape[:-2], *(side + 2 * padding for side in image.shape[-2:]))
    edges = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
    return np.pad(image, edges, mode=mode)


def correlate(
    image: np.ndarray, kernel: np.ndarray, *, stride: int = 1, padding: int = 0, dilation: int = 1, border: str = "zero"
) -> np.ndarray:
    """Slide ``kernel`` over an image as it is written: what the lecture, and every CNN, calls convolution.

    out[i, j] = sum over a, b of kernel[a, b] · image[i + a, j + b]
    (Goodfellow, Bengio & Courville 2016, Deep Learning, equation 9.6).

    Args:
        image: (H, W), or (..., H, W) where each leading index is an image of its own.
        kernel: (F_h, F_w), any size.
        stride, dilation: as in :func:`lecture_lib.ops.conv2d`.
        padding: pixels on every side.
        border: what the padding holds: "zero", "reflect" or "circular".

    Returns:
        (..., H', W'); dtypes as in :func:`lecture_lib.ops.conv2d`.

    Raises:
        TypeError: an array does not hold real numbers, or a setting is not an integer.
        ShapeError: wrong axes, an empty array, a setting out of range, or a window that does not fit.
        ValueError: an unknown ``border``.

    >>> correlate(np.array([[1, 2, 4, 8]]), np.array([[-1, 1]]))
    array([[1., 2., 4.]])
    """
    image, kernel = check_axes("image", as_float("image", image), "..., H, W"), check_kernel(kernel)
    one_of("border", border, BORDERS)
    settings = integer("stride", stride, 1), integer("padding", padding, 0), integer("dilation", dilation, 1)
    for side, kernel_size in zip(image.shape[-2:], kernel.shape, strict=True):
        conv_output_size(side, kernel_size, *settings)  # says what does not fit in the caller's numbers
    x = image.reshape(-1, 1, *image.shape[-2:])
    if border == "zero":
        out = conv2d(x, kernel[None, None], stride=stride, padding=padding, dilation=dilation)
    else:
        out = conv2d(pad_border(x, padding, border), kernel[None, None], stride=stride, dilation=dilation)
    return out.reshape(*image.shape[:-2], *out.shape[-2:])


def convolve(
    image: np.ndarray, kernel: np.ndarray, *, stride: int = 1, padding: int = 0, dilation: int = 1, border: str = "zero"
) -> np.ndarray:
    """Slide ``kernel`` turned by 180°: convolution as mathematics has it.

    out[i, j] = sum over a, b of kernel[a, b] · image[i - a, j - b], at every place
    where the window fits (Goodfellow, Bengio & Courville 2016, equation 9.5).
    Arguments, result and errors are those of :func:`correlate`.

    >>> convolve(np.array([[1, 2, 4, 8]]), np.array([[-1, 1]]))
    array([[-1., -2., -4.]])
    """
    flipped = check_kernel(kernel)[::-1, ::-1]
    return correlate(image, flipped, stride=stride, padding=padding, dilation=dilation, border=border)
