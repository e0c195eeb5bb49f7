"""Test digits as a hand would draw them: thin lines along the middle of their ink."""

import numpy as np
from PIL import Image

from lecture_lib.data.drawings import PAD, PEN
from lecture_lib.data.ink import thinned

FINE = 4  # pixels of the skeleton for one of the digit


def strokes_of(digit, share, rng):
    """Strokes that draw a digit (28, 28) with a longer side of ``share`` of the pad, somewhere on it, in whole pixels."""
    fine = np.asarray(Image.fromarray(digit).resize((28 * FINE,) * 2, Image.Resampling.BICUBIC)) > 127
    places = np.argwhere(thinned(fine))
    scale = (PAD * share - PEN) / max(np.ptp(places, axis=0).max(), 1)
    known, strokes = {tuple(each) for each in places}, []
    drawn = np.rint((places - places.min(axis=0)) * scale).astype(int)
    room = PAD - PEN - drawn.max(axis=0)
    drawn += PEN // 2 + np.array([rng.integers(0, each + 1) for each in room])
    at = {tuple(place): point[::-1].tolist() for place, point in zip(places, drawn, strict=True)}
    for r, c in sorted(known):
        near = [(r + dr, c + dc) for dr, dc in ((0, 1), (1, -1), (1, 0), (1, 1)) if (r + dr, c + dc) in known]
        strokes += [[at[r, c], at[each]] for each in near] or [[at[r, c]]]
    return strokes
