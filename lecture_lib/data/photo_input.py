"""What networks for ImageNet take of a photo, and what they say: the middle, as numbers about 0, and 1,000 names."""

from pathlib import Path

import numpy as np

from ..shapes import integer
from .pictures import centre_square, check_picture, resize

PHOTO_MEAN, PHOTO_DEVIATION = 127, 128
"""Of pixels, in the photos that the network learned from: as 0 it takes grey, padding too."""
_CLASSES = Path(__file__).parents[1] / "imagenet" / "classes.txt"
_SHORT_SIDE = 256


def crop_photo(photo: np.ndarray, side: int) -> np.ndarray:
    """The middle of a photo as networks for ImageNet see it: short side to 256 pixels, then ``side`` × ``side`` of it.

    Raises:
        TypeError: ``photo`` is no uint8 array, or ``side`` is no integer.
        ValueError: the photo is not (H, W, 3), or ``side`` is not from 1 to 256.

    >>> crop_photo(np.zeros((300, 400, 3), np.uint8), 224).shape
    (224, 224, 3)
    """
    check_picture(photo)
    if photo.ndim != 3:
        raise ValueError(f"photo has shape {photo.shape}: must be (H, W, 3)")
    if (side := integer("side", side, 1)) > _SHORT_SIDE:
        raise ValueError(f"side={side}: must be at most {_SHORT_SIDE}")
    square = resize(centre_square(photo), _SHORT_SIDE)
    start = (_SHORT_SIDE - side) // 2
    return square[start : start + side, start : start + side]


def field_of_crop(height: int, width: int, side: int) -> list[int]:
    """First and last row and column of what :func:`crop_photo` takes of a photo, in the photo's own pixels.

    >>> field_of_crop(256, 384, 224)
    [16, 239, 80, 303]
    """
    part = min(height, width) * side / _SHORT_SIDE
    spans = [((length - part) / 2, (length + part) / 2) for length in (height, width)]
    return [at for first, end in spans for at in (round(first), max(round(first), round(end) - 1))]


def squares_as_input(squares: np.ndarray) -> np.ndarray:
    """Square photos, uint8 (N, side, side, 3), as :func:`lecture_lib.models.trained_photo_net` takes them: less
    :data:`PHOTO_MEAN`, over :data:`PHOTO_DEVIATION`.

    Returns:
        float32 (N, 3, side, side).

    >>> squares_as_input(np.full((1, 1, 1, 3), [255, 127, 63], np.uint8))[0, :, 0, 0].round(2)
    array([ 1. ,  0. , -0.5], dtype=float32)
    """
    mean, deviation = np.float32((PHOTO_MEAN / 255, PHOTO_DEVIATION / 255))
    return np.ascontiguousarray(((squares.astype(np.float32) / 255 - mean) / deviation).transpose(0, 3, 1, 2))


def photo_as_input(photo: np.ndarray) -> np.ndarray:
    """The middle of a photo as a batch of one: :func:`crop_photo` to 224 × 224, then :func:`squares_as_input`.

    Returns:
        float32 (1, 3, 224, 224).

    Raises:
        TypeError, ValueError: as :func:`crop_photo`.

    >>> photo_as_input(np.full((9, 9, 3), 127, np.uint8)).shape
    (1, 3, 224, 224)
    """
    return squares_as_input(crop_photo(photo, 224)[None])


def imagenet_classes() -> list[str]:
    """The names of ImageNet's 1,000 classes, in the order of the outputs of torchvision's networks.

    >>> imagenet_classes()[:2]
    ['tench', 'goldfish']
    """
    return _CLASSES.read_text(encoding="utf-8").splitlines()
