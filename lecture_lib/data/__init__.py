"""The lecture's data: shipped photos and digits, a student's own picture, the whole of MNIST from a file.

Photos, digits and weights are files of the project, so that nothing is fetched while the lecture runs.
"""

from .digits import Mnist, digits_as_input, load_digits, load_mnist
from .drawings import as_mnist, draw_strokes, fit_box
from .photo_input import crop_photo, imagenet_classes, photo_as_input
from .pictures import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    Credit,
    ImageError,
    centre_square,
    credits,
    grey_square,
    load_photo,
    open_image,
    photo_names,
    resize,
    to_grey,
)

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "Credit",
    "ImageError",
    "Mnist",
    "as_mnist",
    "centre_square",
    "credits",
    "crop_photo",
    "digits_as_input",
    "draw_strokes",
    "fit_box",
    "grey_square",
    "imagenet_classes",
    "load_digits",
    "load_mnist",
    "load_photo",
    "open_image",
    "photo_as_input",
    "photo_names",
    "resize",
    "to_grey",
]
