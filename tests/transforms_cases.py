"""What the tests of transforms share."""

import numpy as np
import pytest
from hypothesis import strategies as st

from lecture_lib.transforms import (
    BORDERS,
    elastic,
    illuminate,
    reflect,
    rotate,
    scale,
    shuffle_pixels,
    thicken,
    translate,
    warp,
)

SIZE = 7, 9
FIELD = np.random.default_rng(1).normal(size=(2, *SIZE))
CALLS = {  # every transform of images, with settings under which something happens
    translate: {"dy": 1.0, "dx": -2.5, "border": "zero"},
    warp: {"field": FIELD, "border": "zero"},
    rotate: {"degrees": 30.0, "border": "zero"},
    scale: {"factor": 0.8, "border": "zero"},
    reflect: {},
    elastic: {"strength": 2.0, "rng": 0, "smoothness": 2.0, "border": "zero"},
    illuminate: {"gain": 1.5, "offset": 3.0, "slope": (2.0, 5.0)},
    shuffle_pixels: {"seed": 0},
    thicken: {"by": 1.5},
}
OTHERS = {"dy": -1.0, "dx": 1.25, "border": "nearest", "field": -FIELD, "degrees": 90.5, "factor": 1.3, "strength": 1.0,
          "rng": 1, "smoothness": 3.0, "gain": 0.5, "offset": -3.0, "slope": (2.0, 4.0), "seed": 1, "by": -0.5}  # fmt: skip
EVERY = pytest.mark.parametrize("transform", CALLS, ids=lambda function: function.__name__)
SCIPYS_BORDERS = {"zero": "grid-constant", "circular": "grid-wrap", "nearest": "nearest"}
"""SciPy's plain "constant" and "wrap" do not interpolate between the last pixel and what follows it."""
EVERY_BORDER = pytest.mark.parametrize("border", BORDERS)
EVERY_KIND = pytest.mark.parametrize("kind", [np.uint8, np.float32, np.float64])
MOVES = st.integers(-12, 12)


def pictures(*shape, kind=np.float64, seed=0):
    return np.random.default_rng(seed).uniform(0, 255, shape).astype(kind)


# Moves


def moved_by_loops(image, dy, dx, border):
    h, w = image.shape
    out = np.zeros_like(image)
    for i in range(h):
        for j in range(w):
            y, x = i - dy, j - dx
            if border == "circular":
                out[i, j] = image[y % h, x % w]
            elif border == "nearest":
                out[i, j] = image[min(max(y, 0), h - 1), min(max(x, 0), w - 1)]
            elif 0 <= y < h and 0 <= x < w:
                out[i, j] = image[y, x]
    return out


IMAGE = np.zeros(SIZE)
