"""The lecture's data: shipped photos and digits, a student's own picture, the whole of MNIST from a file.

Photos, digits and weights are files of the project, so that nothing is fetched while the lecture runs.
"""

from .digits import FirstLayer, Mnist, digits_as_input, load_digits, load_first_layer, load_mnist
from .pictures import (
    FORMATS,
    MAX_BYTES,
    MAX_PIXELS,
    Credit,
    ImageError,
    centre_square,
    credits,
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
    "FirstLayer",
    "ImageError",
    "Mnist",
    "centre_square",
    "credits",
    "digits_as_input",
    "load_digits",
    "load_first_layer",
    "load_mnist",
    "load_photo",
    "open_image",
    "photo_names",
    "resize",
    "to_grey",
]
