"""96 filters for colour photos, made by hand after the kinds that AlexNet learned."""

import numpy as np

from ...arguments import check_number, check_room, shown
from ...shapes import integer

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
