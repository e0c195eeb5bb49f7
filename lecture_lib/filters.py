"""Named kernels, and the two ways to slide one over an image: correlation and convolution."""

from dataclasses import dataclass

import numpy as np

from .arguments import check_number, check_room, one_of, shown
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
                "grows where the image brightens to the right"),
        _kernel("sobel_y", "Sobel y", [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
                "grows where the image brightens downwards"),
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


def _check_image(image: np.ndarray) -> np.ndarray:
    if image.ndim < 2 or image.size == 0:
        raise ShapeError(f"image has shape {image.shape}: must have the axes (..., H, W), none of them empty")
    return image


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
    image = _check_image(np.asarray(image))
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
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    border: str = "zero",
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
    image, kernel = _check_image(as_float("image", image)), check_kernel(kernel)
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
    image: np.ndarray,
    kernel: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    border: str = "zero",
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


# Filters for colour photos, made by hand

OPPONENTS = {
    "red and green": (1, -1, 0), "blue and yellow": (-0.5, -0.5, 1), "red and blue": (1, 0, -1),
    "green and blue": (0, 1, -1), "red and cyan": (1, -0.5, -0.5), "green and magenta": (-0.5, 1, -0.5),
}  # fmt: skip
"""Pairs of colours against each other, as weights for red, green and blue: each adds up to 0, so that grey gives 0."""


def gabor(
    size: int,
    wavelength: float,
    angle: float = 0.0,
    phase: float = 0.0,
    *,
    sigma: float | None = None,
    aspect: float = 1.0,
) -> np.ndarray:
    """A grating under a bell: what many cells of the visual cortex answer to, and many learned first layers.

    g(x, y) = exp(-(u² + (aspect · v)²) / (2 sigma²)) · cos(2π u / wavelength + phase),
    u = x cos(angle) + y sin(angle), v = -x sin(angle) + y cos(angle), x to the right and y downwards from the middle
    (Gabor 1946, section 1.4, along one axis; Daugman 1985, doi:10.1364/JOSAA.2.001160, equation 1, in the plane).

    Args:
        size: side in pixels.
        wavelength: pixels from one crest to the next.
        angle: of the direction across the stripes, in radians; 0 makes upright stripes.
        phase: 0 puts a crest in the middle (a line), π/2 a step (an edge).
        sigma: width of the bell; by default 0.45 of the wavelength.
        aspect: above 1 makes the bell shorter along the stripes.

    Returns:
        float64 (size, size). It is slid as it is written.

    Raises:
        TypeError: a setting is no number. ShapeError: ``size`` is below 1.
        ValueError: ``wavelength``, ``sigma`` or ``aspect`` is not above 0.

    >>> gabor(3, 4.0).round(2)[1]  # cos(0) in the middle, cos(π/2) beside it
    array([0., 1., 0.])
    """
    size = integer("size", size, 1)
    check_room(f"size={size}", size, size)
    sigma = 0.45 * wavelength if sigma is None else sigma
    for name, value in (("wavelength", wavelength), ("sigma", sigma), ("aspect", aspect)):
        check_number(name, value, "above 0", lambda value: value > 0)
    place = np.arange(size) - (size - 1) / 2
    x, y = place[None, :], place[:, None]
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    with np.errstate(over="ignore"):  # far out the bell is 0
        bell = np.exp(-(u**2 + (aspect * v) ** 2) / (2 * sigma**2))
    return bell * np.cos(2 * np.pi * u / wavelength + phase)


def hand_made_bank(size: int = 11) -> np.ndarray:
    """96 filters for colour photos, made by hand after the kinds that AlexNet learned (Krizhevsky et al. 2012, figure 3).

    The first 48, one tower, are grey: :func:`gabor` in 8 directions, 3 wavelengths, and as line and edge. The other
    48 are coloured: for each of 6 pairs of :data:`OPPONENTS` a blob and its opposite, a blob with a ring, a wide blob,
    and gratings in 4 directions. No weight is learned.

    Returns:
        float32 (96, 3, size, size). Each filter adds up to 0 over all its weights, and its squares add up to 1.

    >>> hand_made_bank().shape
    (96, 3, 11, 11)
    """
    size = integer("size", size, 2)
    check_room(f"size={shown(size)}", 64, size, size)
    angles, waves = np.pi * np.arange(8) / 8, (0.36 * size, 0.55 * size, 0.82 * size)
    grey = [gabor(size, wave, angle, phase) for wave in waves for phase in (0.0, np.pi / 2) for angle in angles]
    grey = [np.stack([each - each.mean()] * 3) for each in grey]
    bell, narrow = gabor(size, 1e6, sigma=0.16 * size), gabor(size, 1e6, sigma=0.08 * size)
    shapes = [bell, -bell, narrow / narrow.sum() - bell / bell.sum(), gabor(size, 1e6, sigma=0.28 * size)]
    shapes += [gabor(size, 0.95 * size, angle, np.pi / 2, sigma=0.3 * size) for angle in angles[::2]]
    coloured = [np.multiply.outer(colour, shape) for colour in OPPONENTS.values() for shape in shapes]
    bank = np.stack([*grey, *coloured])
    return (bank / np.sqrt((bank**2).sum(axis=(1, 2, 3), keepdims=True))).astype(np.float32)
