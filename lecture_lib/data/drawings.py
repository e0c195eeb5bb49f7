"""From a drawing to a digit as MNIST has them: pen strokes, the box of 20 × 20 pixels, the centre of mass."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from ..arguments import check_room, listed, shown
from ..ops.arrays import one_thread
from ..shapes import ShapeError, integer

SIDE, BOX = 28, 20
"""Pixels along a side of an MNIST digit, and of the box into which its ink fits."""
CENTRE = 14
"""Index of the row and of the column where MNIST's digits have their centre of mass."""
PAD = 10 * SIDE
"""Pixels along a side of a drawing."""
PEN = 20
"""How wide the pen is, in pixels of the drawing: in a digit of 160 pixels it gives MNIST's strokes, about 2.5 wide."""

WELL = 160
"""Pixels of a digit at which the pen gives such strokes."""
SMALLEST = PAD // 6
"""Pixels along the longer side of a drawing's ink, from which on it is drawn anew for the network."""


def draw_strokes(strokes: Sequence[Sequence[tuple[float, float]]], *, side: int = PAD, pen: int = PEN) -> np.ndarray:
    """Lines of a round pen, white on black, uint8 (side, side); there is no grey, as in the scans MNIST began with.

    Args:
        strokes: each a list of points (x, y), in pixels from the left and from the top; what lies outside is lost.
        side: of the drawing. pen: its width, in pixels.

    Raises:
        TypeError: ``side`` or ``pen`` is no integer.
        ValueError: a stroke is no list of pairs, holds NaN or infinity, or a size is below 1 or too large.

    >>> drawing = draw_strokes([[(2, 1), (2, 6)]], side=8, pen=1)
    >>> drawing.shape, np.flatnonzero(drawing.any(axis=0)).tolist(), np.flatnonzero(drawing.any(axis=1)).tolist()
    ((8, 8), [2], [1, 2, 3, 4, 5, 6])
    """
    check_room(f"side={shown(side)}", integer("side", side, 1), side)
    if integer("pen", pen, 1) > 2 * side:  # a wider one paints no more, but takes for ever
        raise ShapeError(f"pen={shown(pen)}: must be at most {2 * side}, twice the side")
    paper = Image.new("L", (side,) * 2)
    ink, reach = ImageDraw.Draw(paper), (integer("pen", pen, 1) - 1) / 2
    for at, stroke in enumerate(listed("strokes", strokes)):
        try:
            points = np.asarray(stroke, float)
        except (TypeError, ValueError):
            points = np.empty(0)
        if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
            raise ValueError(f"strokes[{at}]: must be a list of points (x, y), finite numbers")
        points = points.clip(-side, 2 * side)  # lines to far away take long to draw
        ink.line([*map(tuple, points)], fill=255, width=pen)
        for x, y in points:  # round ends and joints
            ink.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.array(paper)


def ink_side(strokes: Sequence[Sequence[tuple[float, float]]]) -> float:
    """The longer side of what strokes paint, in pixels.

    >>> ink_side([[(10, 10), (10, 90)], [(30, 50)]])
    100.0
    """
    return float(np.ptp(np.concatenate([np.asarray(each, float) for each in strokes]), axis=0).max()) + PEN


def draw_large(strokes: Sequence[Sequence[tuple[float, float]]]) -> np.ndarray:
    """Strokes of at least :data:`SMALLEST` pixels drawn anew so large that :data:`PEN` gives MNIST's strokes, uint8 (280, 280).

    Made smaller or larger as a picture, a drawing's strokes would get thinner or thicker with it: a pen of 20 pixels
    fills the holes of an 8 that is 50 pixels high.

    >>> draw_large([[(0, 0), (0, 30)]]).any(axis=1).sum()
    np.int64(160)
    """
    points = [np.asarray(each, float) for each in strokes]
    low = np.concatenate(points).min(axis=0)
    scale = (WELL - PEN) / (ink_side(strokes) - PEN)
    return draw_strokes([(each - low) * scale + (PAD - WELL + PEN) / 2 for each in points])


def on_pad(strokes: Sequence[Sequence[tuple[float, float]]], digit: np.ndarray | None = None) -> np.ndarray:
    """Strokes over a digit, uint8 (280, 280): what is on a pad.

    Args:
        strokes: as for :func:`draw_strokes`.
        digit: uint8 (28, 28) or another square whose side divides the pad's; each of its pixels becomes a square.

    >>> on_pad([], np.eye(28, dtype=np.uint8)).sum()
    np.uint64(2800)
    """
    drawn = draw_strokes(strokes)
    return drawn if digit is None else np.maximum(drawn, np.kron(digit, np.ones((PAD // len(digit),) * 2, np.uint8)))


def fit_box(drawing: np.ndarray, longest: int = BOX) -> np.ndarray:
    """The part of a drawing that holds ink, its longer side made ``longest`` pixels, same proportions.

    Every new pixel is the mean of the area it covers; so edges become grey.

    Args:
        drawing: uint8 (H, W), ink above 0.

    Raises:
        TypeError: ``drawing`` is not uint8, or ``longest`` is no integer.
        ValueError: it is not (H, W), or holds no ink, or ``longest`` is below 1 or too large.

    >>> fit_box(np.kron([[0, 255, 0], [0, 255, 255]], np.ones((3, 3))).astype(np.uint8), longest=2)
    array([[255,   0],
           [255, 255]], dtype=uint8)
    """
    if not isinstance(drawing, np.ndarray) or drawing.dtype != np.uint8:
        raise TypeError(f"drawing is {getattr(drawing, 'dtype', type(drawing).__name__)}: must be an array of uint8")
    if drawing.ndim != 2 or not drawing.any():
        raise ValueError(f"drawing has shape {drawing.shape}: must be (H, W), with at least one pixel above 0")
    rows, cols = (np.flatnonzero(drawing.any(axis=axis)) for axis in (1, 0))
    ink = drawing[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    check_room(f"longest={longest}", integer("longest", longest, 1), longest)
    scale = longest / max(ink.shape)
    down, across = (_area_means(side, max(1, round(side * scale))) for side in ink.shape)
    with one_thread():  # a browser that draws wants a core, too
        return np.rint(down @ ink @ across.T).astype(np.uint8)


def _area_means(before: int, after: int) -> np.ndarray:
    """The matrix (after, before) that makes ``after`` pixels in a row of ``before``, each the mean of what it covers."""
    edges = np.linspace(0, before, after + 1)[:, None]
    covered = (edges - np.arange(before)).clip(0, 1)  # share of each old pixel that lies left of an edge
    return np.diff(covered, axis=0) * (after / before)


def as_mnist(drawing: np.ndarray) -> np.ndarray:
    """A drawing as MNIST would have stored it, uint8 (28, 28), white on black.

    MNIST's digits "were size normalized to fit in a 20×20 pixel box while preserving their aspect ratio", with
    grey from anti-aliasing, and centred in 28 × 28 pixels by their centre of mass (LeCun, Bottou, Bengio &
    Haffner 1998, section III.A; http://yann.lecun.com/exdb/mnist). The centre is pixel :data:`CENTRE` here,
    found by measuring: all 10,000 official test digits have it there, rounded. The box never leaves the picture.

    Where in the drawing the digit stands and how large it is does not matter.

    Args:
        drawing: uint8 (H, W), white ink on black.

    Raises:
        TypeError, ValueError: as :func:`fit_box`.

    >>> from lecture_lib.data import load_digits
    >>> digit = load_digits("test")[0][0]
    >>> np.array_equal(as_mnist(digit), digit)
    True
    """
    box = fit_box(drawing)
    mass = [box.sum(axis=axis, dtype=float) for axis in (1, 0)]
    centre = [each @ np.arange(len(each)) / each.sum() for each in mass]
    top, left = (int(np.clip(np.rint(CENTRE - at), 0, SIDE - side)) for at, side in zip(centre, box.shape, strict=True))
    picture = np.zeros((SIDE, SIDE), np.uint8)
    picture[top : top + box.shape[0], left : left + box.shape[1]] = box
    return picture
