"""Test digits as a photo of a sheet of paper shows them: thin lines of a pen, light from a side, noise of a camera."""

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from tests.strokes import strokes_of

TWICE = 2  # drawn so much larger and made smaller, for soft edges


def photographed(digit, share, dark, rng, shape=(480, 640)):
    """A digit (28, 28) with a longer side of ``share`` of the photo's shorter one, anywhere on it, uint8 ``shape``."""
    side = share * min(shape)
    pen = max(2, side * rng.uniform(0.06, 0.15))
    strokes = [np.array(each, float) for each in strokes_of(digit, 1, rng)]
    corner = np.concatenate(strokes).min(axis=0)
    scale = (side - pen) / np.ptp(np.concatenate(strokes), axis=0).max()
    strokes = [(each - corner) * scale + pen / 2 for each in strokes]
    room = 0.03 * np.array(shape[::-1])  # the digit does not touch the edge
    free = np.array(shape[::-1]) - np.concatenate(strokes).max(axis=0) - pen / 2 - 2 * room
    strokes = [(each + room + at) * TWICE for at in [rng.uniform(0, np.maximum(free, 0))] for each in strokes]
    sheet = Image.new("L", tuple(TWICE * each for each in shape[::-1]))
    ink, reach = ImageDraw.Draw(sheet), TWICE * pen / 2
    for stroke in strokes:
        ink.line([tuple(point) for point in stroke], fill=255, width=round(2 * reach))
        for x, y in stroke:
            ink.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    inked = np.asarray(sheet.resize(shape[::-1], Image.Resampling.BOX)) / 255
    down, across = np.meshgrid(*(np.linspace(-1, 1, each) for each in shape), indexing="ij")
    turn, fall = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.3)
    light = 1 - fall * (np.cos(turn) * across + np.sin(turn) * down) - rng.uniform(0, 0.15) * (down**2 + across**2)
    paper, pen_says = (rng.uniform(150, 230), rng.uniform(20, 80))[:: 1 if dark else -1]
    photo = light * (paper + (pen_says - paper) * inked)
    photo = ndimage.gaussian_filter(photo, rng.uniform(0.3, 1)) + rng.normal(0, rng.uniform(1, 6), shape)
    return np.rint(photo).clip(0, 255).astype(np.uint8)
