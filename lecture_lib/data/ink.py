"""A digit on a photo of paper: where its ink is, dark or light, in even or uneven light, and drawn anew for the network."""

from typing import NamedTuple

import numpy as np
from PIL import Image

from .drawings import PAD, PEN, WELL

LONG = 480
"""Pixels of a photo's longer side, to which it is brought before it is read."""
SHARE = 6
"""The longer side of a digit is at least one so-manieth of the photo's shorter side."""

_COARSE = 40  # pixels of the longer side, at which the paper is estimated: a pen's line nearly vanishes there
_LEAST = 14  # grey levels between ink and paper; less is a shadow, or a line from the other side of the paper
_FAINT = 40  # grey levels; what differs by less may be a shadow or a pattern
_CLEAR = 7  # times the paper's own spread
_GAP = 0.02  # of the longer side: pieces of a digit that lie nearer than this belong together
_FAT = 0.3  # a pen's line is at most so wide, as a share of the digit's longer side
_ALONE = 0.5  # of all the ink the digit's has at least this share


class Ink(NamedTuple):
    """What was read from a photo."""

    drawing: np.ndarray
    """The digit's lines drawn anew with a pen as wide as MNIST's, uint8 (280, 280), white on black."""
    place: np.ndarray
    """Where in the photo its ink is: uint8 (140, 140), white on black; what is not square stands in the middle."""
    dark: bool
    """Whether the ink is darker than the paper."""
    contrast: float
    """Grey levels between ink and paper, in the mean."""

    @property
    def words(self) -> str:
        """What was taken for ink, and whether to doubt it."""
        taken = "Dark ink on light paper: turned around." if self.dark else "Light ink on dark paper: taken as it is."
        if self.contrast < _FAINT:
            taken += f" It differs from the paper by {self.contrast:.0f} of 255 grey levels only: is it ink?"
        return taken


def read_ink(grey: np.ndarray, dark: bool | None = None) -> Ink:
    """Find the one digit on a photo of paper, and draw its lines anew as large and wide as MNIST's.

    The paper's brightness is estimated around each place, so that light may fall from a side; the ink is what differs
    from it by more than the threshold that parts both best (Otsu 1979). The largest connected ink that does not run
    out of the photo is the digit; its middle line is found by thinning (Zhang & Suen 1984), so that it does not matter
    how wide the pen was.

    Args:
        grey: uint8 (H, W).
        dark: whether the ink is darker than its paper; None decides that by looking.

    Raises:
        ValueError: there is no digit, it is too small, or it touches the edge; the message says what to do.

    >>> from lecture_lib.data.drawings import draw_strokes
    >>> paper = 230 - draw_strokes([[(100, 60), (100, 150)]], pen=9) // 255 * 150
    >>> ink = read_ink(paper)
    >>> ink.dark, ink.drawing.shape, ink.drawing.any(axis=1).sum()
    (True, (280, 280), np.int64(159))
    """
    grey = as_long(grey)
    if dark is None:
        away = grey - _paper(grey, 50)
        dark = bool((np.minimum(away, 0) ** 3).sum() + (np.maximum(away, 0) ** 3).sum() < 0)
    inked, contrast = _inked(grey if dark else 255 - grey)
    digit = _one(inked, min(grey.shape))
    rows, cols = (np.flatnonzero(digit.any(axis=axis)) for axis in (1, 0))
    return Ink(_redrawn(digit[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]), _placed(digit), dark, contrast)


def as_long(grey: np.ndarray) -> np.ndarray:
    """A photo with a longer side of :data:`LONG` pixels, float32."""
    return _scaled(grey, LONG)


def _scaled(grey: np.ndarray, longer: int) -> np.ndarray:
    """The picture with a longer side of so many pixels, as floats."""
    size = [max(1, round(side * longer / max(grey.shape))) for side in grey.shape[::-1]]
    how = Image.Resampling.BOX if longer < max(grey.shape) else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(grey.astype(np.float32)).resize(size, how))


def _paper(grey: np.ndarray, percentile: float) -> np.ndarray:
    """How bright the paper is at each place: that percentile of what lies around, half the picture wide."""
    from scipy import ndimage

    coarse = _scaled(grey, _COARSE)
    around = ndimage.percentile_filter(coarse, percentile, size=_COARSE // 2 + 1, mode="nearest")
    smooth = ndimage.gaussian_filter(around, _COARSE / 15, mode="nearest")
    return np.asarray(Image.fromarray(smooth).resize(grey.shape[::-1], Image.Resampling.BICUBIC))


def _inked(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Where dark ink is, bool (H, W), and by how many grey levels it differs from the paper beside it."""
    from scipy import ndimage

    fine = ndimage.gaussian_filter(grey, LONG / 400, mode="nearest")  # the camera's noise
    away = _paper(grey, 70) - fine
    likely = away - np.median(away) > (np.quantile(away, 0.998) - np.median(away)) / 2
    near = ndimage.maximum_filter(likely, LONG // 20 + 1)
    bare, paper = (  # the paper once more, without what is likely ink
        ndimage.gaussian_filter(np.where(near, 0, each), LONG / 12, truncate=2.5) for each in (np.ones_like(fine), fine)
    )
    away = np.where(bare > 1e-3, paper / np.maximum(bare, 1e-3) - fine, 0)
    if near.all() or not likely.any() or not np.ptp(away[near]):
        raise ValueError(NOTHING)
    ink = near & (away > _otsu(away[near]))
    contrast = float(away[ink].mean() - away[near & ~ink].mean())
    if contrast < max(_LEAST, _CLEAR * away[~near].std()):
        raise ValueError(NOTHING)
    return ink, contrast


def _otsu(values: np.ndarray) -> float:
    """The threshold that leaves the least spread on both of its sides (Otsu 1979)."""
    counts, edges = np.histogram(values, 256)
    middles = (edges[:-1] + edges[1:]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + np.nanargmax(between[:-1])])


def _one(ink: np.ndarray, side: int) -> np.ndarray:
    """The ink of the one digit, bool (H, W); ``side``: the photo's shorter one."""
    from scipy import ndimage

    gap = max(1, round(_GAP * max(ink.shape) / 2))
    pieces, count = ndimage.label(ndimage.maximum_filter(ink, 2 * gap + 1))
    pieces = np.where(ink, pieces, 0)
    mass = np.bincount(pieces.ravel(), minlength=count + 1)
    mass[0] = 0
    inner = mass.copy()
    inner[np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))] = 0  # a table's, or cut off
    if not inner.any():
        raise ValueError(CUT)
    digit = pieces == inner.argmax()
    longer = max(np.ptp(np.argwhere(digit), axis=0)) + 1
    if longer < 0.02 * side:
        raise ValueError(NOTHING)
    if longer < 0.97 * side / SHARE:
        raise ValueError(SMALL)
    if inner.max() < _ALONE * mass.sum():
        raise ValueError(NOTHING)
    return digit


def thinned(ink: np.ndarray) -> np.ndarray:
    """The middle lines of a boolean picture (Zhang & Suen 1984): pixels go from both sides as long as nothing falls apart.

    >>> thinned(np.ones((3, 9), bool)).any(axis=1).tolist()
    [False, True, False]
    """
    ink = np.pad(ink, 1)
    while True:
        before = ink.sum()
        for first in (True, False):
            n, e, s, w = (np.roll(ink, by, axis) for by, axis in ((1, 0), (-1, 1), (-1, 0), (1, 1)))
            ne, se, sw, nw = np.roll(n, -1, 1), np.roll(s, -1, 1), np.roll(s, 1, 1), np.roll(n, 1, 1)
            ring = np.stack([n, ne, e, se, s, sw, w, nw, n])
            count, turns = ring[:-1].sum(0), (~ring[:-1] & ring[1:]).sum(0)
            kept = (n & e & s) | (e & s & w) if first else (n & e & w) | (n & s & w)
            ink = ink & ~((count >= 2) & (count <= 6) & (turns == 1) & ~kept)
        if ink.sum() == before:
            return ink[1:-1, 1:-1]


def _redrawn(box: np.ndarray) -> np.ndarray:
    """The lines of a digit that fills ``box``, with a longer side of :data:`WELL` and the pen :data:`PEN`, uint8 (280, 280)."""
    from scipy import ndimage

    large = np.pad(_scaled(box, WELL), PEN // 2)
    ink = ndimage.gaussian_filter(large, 2) > 0.5  # ragged edges would grow thorns
    line = thinned(ink if ink.any() else large > 0.5)
    width = 2 * ndimage.distance_transform_edt(np.pad(box, 1)).max() / max(box.shape)
    if not line.any() or width > _FAT:
        raise ValueError(NOTHING)
    places = np.argwhere(line).astype(float)
    places -= places.min(axis=0)
    places *= (WELL - PEN) / max(places.max(), 1)
    away = np.ones((PAD, PAD), bool)
    away[tuple(np.rint(places + (PAD - WELL + PEN) / 2).astype(int).T)] = False
    return np.where(ndimage.distance_transform_edt(away) < PEN / 2, 255, 0).astype(np.uint8)


def _placed(digit: np.ndarray) -> np.ndarray:
    """The ink where it is in the photo, uint8 (140, 140)."""
    side = max(digit.shape)
    square = np.zeros((side, side), np.float32)
    top, left = ((side - each) // 2 for each in digit.shape)
    square[top : top + digit.shape[0], left : left + digit.shape[1]] = 255 * digit
    return np.rint(_scaled(square, PAD // 2)).clip(0, 255).astype(np.uint8)


NOTHING = "No digit was found: it needs one digit alone, drawn with a pen on plain paper, clearly darker or lighter than the paper"
SMALL = f"The digit is too small to be read: go nearer, until it is at least one {'sixth' if SHARE == 6 else SHARE} of the picture's side"
CUT = "The ink runs out of the picture: take it again with paper all around the digit"
