"""What may happen to an image while it still shows the same thing: moves, turns, bends, another light.

One rule for all: images are (..., H, W), and the last two axes are the picture; whatever stands
before them is a pile of pictures. A colour photo (H, W, 3) goes in as ``np.moveaxis(photo, -1, 0)``.
The result is a new array: uint8 stays uint8, rounded and kept within 0 to 255; float32 and float64 stay
as they are, without limits; other integers become float64.
"""

import math

import numpy as np

from .arguments import as_float, as_pixels, check_number, check_room, generator, one_of, shown
from .ops import check_axes
from .shapes import ShapeError, pair

BORDERS = {"zero": "constant", "circular": "wrap", "nearest": "edge"}
"""What comes in from outside, and what ``numpy.pad`` calls it: black, the far side, or the last pixel again."""


def _checked(images: np.ndarray) -> np.ndarray:
    """``images`` as uint8 or floats with the axes (..., H, W)."""
    return check_axes("images", as_pixels("images", images), "..., H, W")


def _finite(name: str, value: float) -> float:
    return check_number(name, value, "that is finite", math.isfinite)


def _as(dtype: np.dtype, values: np.ndarray) -> np.ndarray:
    """Floats as pixels of ``dtype``."""
    return (np.rint(values).clip(0, 255) if dtype == np.uint8 else values).astype(dtype)


def translate(images: np.ndarray, dy: float, dx: float, border: str = "zero") -> np.ndarray:
    """Move images (..., H, W) down by ``dy`` and to the right by ``dx`` pixels.

    Whole pixels are copied, exactly; between pixels the value is interpolated linearly.
    ``border`` says what comes in: "zero", "circular" (what leaves on the far side) or "nearest".

    Raises:
        TypeError: ``images`` does not hold real numbers, or a distance is no number.
        ShapeError: ``images`` has fewer than two axes or an empty one.
        ValueError: a distance is not finite, or ``border`` is unknown.

    >>> translate(np.array([[1.0, 2, 4]]), 0, 1), translate(np.array([[1.0, 2, 4]]), 0, -0.5, "circular")
    (array([[0., 1., 2.]]), array([[1.5, 3. , 2.5]]))
    """
    images, by = _checked(images), (_finite("dy", dy), _finite("dx", dx))
    one_of("border", border, BORDERS)
    if not all(map(float.is_integer, by)):
        return warp(images, np.broadcast_to(-np.reshape(by, (2, 1, 1)), (2, *images.shape[-2:])), border)
    for axis, distance in zip((-2, -1), by, strict=True):
        side = images.shape[axis]
        distance = int(distance % side if border == "circular" else max(-side, min(side, distance)))
        source = np.arange(side) - distance
        images = images.take(source, axis, mode="wrap" if border == "circular" else "clip")
        if border == "zero":
            np.moveaxis(images, axis, -1)[..., (source < 0) | (source >= side)] = 0
    return images


def warp(images: np.ndarray, field: np.ndarray, border: str = "zero") -> np.ndarray:
    """Bend all images (..., H, W) by one field (2, H, W) of displacements, in pixels.

    Pixel (i, j) of the result shows the image at (i + field[0, i, j], j + field[1, i, j]), interpolated
    linearly between its four neighbours. ``border`` is as in :func:`translate`.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: ``images`` has fewer than two axes or an empty one, or ``field`` is not (2, H, W).
        ValueError: ``field`` holds NaN or infinity, or ``border`` is unknown.

    >>> warp(np.array([[1.0, 2, 4]]), np.full((2, 1, 3), [[[0]], [[0.5]]]))
    array([[1.5, 3. , 2. ]])
    """
    images, field = _checked(images), as_float("field", field)
    frame, size = BORDERS[one_of("border", border, BORDERS)], images.shape[-2:]
    if field.shape != (2, *size):
        raise ShapeError(f"field has shape {field.shape}: must be {(2, *size)}, because images has {images.shape}")
    if not np.isfinite(field).all():
        raise ValueError("field holds NaN or infinity: must hold finite displacements")
    corners = _four_around(np.indices(size) + field, size, border)
    bent = np.empty(images.shape, images.dtype)
    for at in np.ndindex(images.shape[:-2]):  # one by one: a large pile takes no room beside itself
        framed = np.pad(images[at].astype(float), 1, frame).ravel()
        with np.errstate(invalid="ignore"):  # an infinite pixel of which nothing is taken
            bent[at] = _as(images.dtype, sum(framed.take(where) * down * right for where, down, right in corners))
    return bent


def _four_around(places: np.ndarray, size: tuple[int, int], border: str) -> list[tuple[np.ndarray, ...]]:
    """Of each place (2, H, W) its four pixels in a flat image of ``size`` with a frame one pixel wide, and their shares."""
    sides = np.reshape(size, (2, 1, 1))
    if border == "circular":
        places = places % sides
    else:
        places = places.clip(-1, sides) if border == "zero" else places.clip(0, sides - 1)
    first = np.minimum(np.floor(places).astype(int), sides - 1)
    rows, columns = ((at + 1, at + 2) for at in first)
    near = 1 - (places - first)
    shares = [(each, 1 - each) for each in near]  # in SciPy's order: the same numbers to the last bit
    width = size[1] + 2
    return [(rows[a] * width + columns[b], shares[0][a], shares[1][b]) for a in (0, 1) for b in (0, 1)]


def _about_centre(images: np.ndarray, matrix: np.ndarray, border: str) -> np.ndarray:
    """Each pixel shows the image at ``matrix`` times its place (down, right) as seen from the centre."""
    places = np.indices(images.shape[-2:]) - (np.reshape(images.shape[-2:], (2, 1, 1)) - 1) / 2
    return warp(images, np.tensordot(matrix, places, 1) - places, border)


def rotate(images: np.ndarray, degrees: float, border: str = "zero") -> np.ndarray:
    """Turn images (..., H, W) anticlockwise about their centre; their size stays.

    Multiples of 90° on square images, and of 180° on all, are exact (``numpy.rot90``); others are
    interpolated as by :func:`warp`. Arguments and errors are those of :func:`translate`.

    >>> rotate(np.array([[1.0, 2], [3, 4]]), 90)
    array([[2., 4.],
           [1., 3.]])
    """
    images, degrees = _checked(images), _finite("degrees", degrees) % 360
    one_of("border", border, BORDERS)
    if degrees % (90 if images.shape[-2] == images.shape[-1] else 180) == 0:
        return np.rot90(images, int(degrees // 90), axes=(-2, -1)).copy()
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return _about_centre(images, np.array([[c, s], [-s, c]]), border)


def scale(images: np.ndarray, factor: float, border: str = "zero") -> np.ndarray:
    """Enlarge what images (..., H, W) show by ``factor``, or shrink it, about the centre; their size stays.

    Interpolated as by :func:`warp`, without smoothing: shrinking a fine pattern aliases.
    Arguments and errors are those of :func:`translate`; ``factor`` must be above 0, too.

    >>> scale(np.array([[0.0, 1, 2, 3, 4]]), 2)
    array([[1. , 1.5, 2. , 2.5, 3. ]])
    """
    factor = check_number("factor", factor, "above 0 that is finite", lambda factor: 0 < factor < math.inf)
    with np.errstate(all="ignore"):  # warp says what an infinite displacement is
        return _about_centre(_checked(images), np.eye(2) / factor, border)


def reflect(images: np.ndarray) -> np.ndarray:
    """Mirror images (..., H, W): left becomes right. Errors are those of :func:`translate`.

    >>> reflect(np.array([[1.0, 2, 4]]))
    array([[4., 2., 1.]])
    """
    return np.flip(_checked(images), -1).copy()


def displacement(
    shape: tuple[int, int], strength: float, rng: np.random.Generator | int, smoothness: float = 4.0
) -> np.ndarray:
    """A random smooth field for :func:`warp`, float64 (2, H, W), for images of ``shape`` (H, W).

    Uniform noise, smoothed by a Gaussian of σ = ``smoothness`` pixels (Simard, Steinkraus & Platt 2003,
    "Best practices for convolutional neural networks applied to visual document analysis", section 2).
    The paper then multiplies by a factor α, whose effect depends on σ and on the size. Here the field is
    made so that the root mean square of the pixels' distances is ``strength``. One seed gives one form:
    twice the strength is twice the field.

    Raises:
        TypeError: an argument is not a number, or ``shape`` does not hold integers.
        ShapeError: a side is below 1.
        ValueError: ``strength`` is negative or not finite, or ``smoothness`` negative, or 10,000 or more; or the
            picture is too large.

    >>> field = displacement((28, 28), 1.5, rng=0)
    >>> field.shape, np.sqrt((field**2).sum(axis=0).mean()).round(6)
    ((2, 28, 28), np.float64(1.5))
    """
    strength = check_number("strength", strength, "of at least 0 that is finite", lambda size: 0 <= size < math.inf)
    smoothness = check_number("smoothness", smoothness, "of at least 0 and below 10,000", lambda s: 0 <= s < 10_000)
    sides = pair("shape", shape, 1)
    check_room(f"shape={shown(shape)}", 2, *sides)
    noise = generator("rng", rng).uniform(-1, 1, (2, *sides))
    from scipy import ndimage

    field = ndimage.gaussian_filter(noise, smoothness, axes=(1, 2))
    return field * (strength / np.sqrt((field**2).sum(axis=0).mean()))


def elastic(
    images: np.ndarray, strength: float, rng: np.random.Generator | int, smoothness: float = 4.0, border: str = "zero"
) -> np.ndarray:
    """Bend each of the images (..., H, W) by a random smooth field of its own, as an unsteady hand does.

    (Simard, Steinkraus & Platt 2003, section 2.) ``strength`` and ``smoothness`` are in pixels, as in
    :func:`displacement`. To bend the channels of one picture alike, give one field to :func:`warp`.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`translate` and :func:`displacement`.

    >>> digits = np.zeros((5, 28, 28), np.uint8)
    >>> elastic(digits, strength=2, rng=0).shape
    (5, 28, 28)
    """
    images, rng = _checked(images), generator("rng", rng)
    size = images.shape[-2:]
    bent = [warp(image, displacement(size, strength, rng, smoothness), border) for image in images.reshape(-1, *size)]
    return np.reshape(bent, images.shape)


def illuminate(
    images: np.ndarray, gain: float = 1.0, offset: float = 0.0, slope: tuple[float, float] = (0.0, 0.0)
) -> np.ndarray:
    """Show images (..., H, W) in another light: ``gain`` times the pixel, plus ``offset``, plus a ramp.

    ``slope`` is (down, right): how much more light the last row gets than the first, and the last column
    than the first, in the unit of the pixels. The middle of the ramp is 0. Pixels of uint8 end at 0 and 255.

    Raises:
        TypeError: ``images`` does not hold real numbers, or a setting is no number.
        ShapeError: ``images`` has fewer than two axes or an empty one, or ``slope`` is not a pair.
        ValueError: a setting is not finite.

    >>> illuminate(np.full((1, 3), 100, np.uint8), gain=2, slope=(0, 120))
    array([[140, 200, 255]], dtype=uint8)
    """
    images, gain, offset = _checked(images), _finite("gain", gain), _finite("offset", offset)
    if not isinstance(slope, list | tuple | np.ndarray) or getattr(slope, "ndim", 1) != 1 or len(slope) != 2:
        raise ShapeError(f"slope={shown(slope)}: must be a pair of numbers, (down, right)")
    down, right = (
        _finite(f"slope[{axis}]", slope[axis]) * (np.arange(side) - (side - 1) / 2) / max(1, side - 1)
        for axis, side in enumerate(images.shape[-2:])
    )
    return _as(images.dtype, gain * images + (offset + down[:, None] + right))


def thicken(images: np.ndarray, by: float) -> np.ndarray:
    """Make the bright strokes of images (..., H, W) wider by ``by`` pixels on each side, or thinner if it is negative.

    Grey dilation by a disc of that radius: each pixel becomes the brightest one of the disc around it; grey
    erosion takes the darkest (Serra 1982, "Image analysis and mathematical morphology", chapter XII). Between
    whole radii the two nearest results are mixed. Around the image lies the last pixel again.

    Raises:
        TypeError: ``images`` does not hold real numbers, or ``by`` is no number.
        ShapeError: ``images`` has fewer than two axes or an empty one.
        ValueError: ``by`` is not finite.

    >>> dot = np.array([[0.0, 0, 8, 0, 0]])
    >>> thicken(dot, 1), thicken(dot, 0.5), thicken(thicken(dot, 1), -1)
    (array([[0., 8., 8., 8., 0.]]), array([[0., 4., 8., 4., 0.]]), array([[0., 0., 8., 0., 0.]]))
    """
    images, by = _checked(images), _finite("by", by)
    from scipy import ndimage

    change = ndimage.grey_dilation if by > 0 else ndimage.grey_erosion
    by = max(-max(images.shape[-2:]), min(max(images.shape[-2:]), by))  # a larger disc covers no more
    whole = math.floor(abs(by))
    near, far = (
        change(images, footprint=_disc(radius, images.ndim), mode="nearest") if radius else images
        for radius in (whole, whole + 1)
    )
    share = abs(by) - whole
    with np.errstate(all="ignore"):  # infinity less infinity
        return _as(images.dtype, near + share * (far.astype(float) - near))


def _disc(radius: int, axes: int) -> np.ndarray:
    """Where a disc lies, in the last two of so many axes."""
    away = np.arange(-radius, radius + 1) ** 2
    return (away[:, None] + away <= radius**2).reshape((1,) * (axes - 2) + (len(away),) * 2)


def distance(one: np.ndarray, other: np.ndarray) -> float:
    """How far apart two images are, pixel by pixel: the root mean square of the differences, in the unit of the pixels.

    Raises:
        TypeError: an image does not hold real numbers.
        ShapeError: they differ in shape, have fewer than two axes or an empty one.

    >>> distance(np.array([[0, 3]], np.uint8), np.array([[0, 0]], np.uint8)) == 4.5**0.5
    True
    """
    one, other = _checked(one), _checked(other)
    if one.shape != other.shape:
        raise ShapeError(f"one has shape {one.shape} and other {other.shape}: must be the same")
    with np.errstate(all="ignore"):  # so far apart that no float holds it: inf
        return float(np.sqrt(np.mean(np.square(np.asarray(one, float) - np.asarray(other, float)))))


def shuffle_pixels(images: np.ndarray, seed: int) -> np.ndarray:
    """Move the pixels of images (..., H, W) to other places, the same ones in every image.

    What stands at which place is kept, who are neighbours is lost: a fully connected network learns as
    well as before.

    Raises:
        TypeError: ``images`` does not hold real numbers.
        ShapeError: ``images`` has fewer than two axes or an empty one.

    >>> shuffle_pixels(np.array([[[1.0, 2, 3]], [[4, 5, 6]]]), seed=0)
    array([[[3., 1., 2.]],
    <BLANKLINE>
           [[6., 4., 5.]]])
    """
    images = _checked(images)
    flat = images.reshape(*images.shape[:-2], -1)
    return flat.take(generator("seed", seed).permutation(flat.shape[-1]), -1).reshape(images.shape)
