"""Notebook 01: what its answers must say, worked out by hand."""

import numpy as np
from PIL import Image

from lecture_lib.chapters.motivation.guesses import m3_distances
from lecture_lib.data import load_photo

BY_HAND = {
    "M1": ["200·200·3 = 120,000 inputs", "120,000,000 weights", "480 MB"],  # 4 bytes each
    "M2": ["by one place of the last map for every 4 pixels"],  # strides 2 and 2
    "M3": ["by 8 of 128 pixels", "80 grey levels to itself", "82 to"],  # as transforms.distance says, see below
    "M3 shuffle": ["neighbours were never anything special"],
    "M4": ["10·8 = 80", "24", "Shared: 3,"],
    "M5": ["5×5 pixels", "14×14"],  # 5; (5 + 1) + 4·2
    # 150,528·64; 49·3·64; 218²; 12,544·3·64
    "M check": ["= 9,633,792", "= 9,408, 1,024 times fewer", "= 447,105,792", "47,524 times", "2,408,448, a quarter"],
}


def test_the_moved_astronaut_is_about_as_far_from_itself_as_a_brick_wall():
    moved, other = m3_distances()
    photos = [
        np.asarray(Image.fromarray(load_photo(name)).resize((128, 128), Image.Resampling.HAMMING), float)
        for name in ("astronaut", "brick")  # both are square
    ]
    before, after = photos[0], photos[0][:, np.maximum(np.arange(128) - 8, 0)]
    assert np.isclose(moved, np.sqrt(((before - after) ** 2).mean()))
    assert np.isclose(other, np.sqrt(((photos[0] - photos[1]) ** 2).mean()))
    assert abs(moved - other) < 0.1 * other
