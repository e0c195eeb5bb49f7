"""A network with its maps: what each layer makes of one picture, all to one scale of pixels."""

from collections.abc import Sequence

import numpy as np

from ... import style
from ...data import digits_as_input
from ...explore import mosaic, tile_colours
from ...explore.figure import add_box, bare, new_figure, styled
from ...models import Sequential
from ...probes import responses
from .pictures import SlidePicture

COLUMNS = {6: 2, 16: 4}
"""How many maps a layer has → how many stand side by side."""
_WIDE, _HIGH = 11.6, 4.4  # inches, at most: a slide shows it as it is, and its letters with it
_HALF = 44.0  # pixels from the middle to the highest layer's edge
_COLUMN = 7.0  # width of a layer whose numbers have no place
_NARROWEST = 25.0  # of a layer with its name below


def _said(values: np.ndarray) -> str:
    """The size of maps (C, H, W) as the lecture writes it, or how many numbers (C,) there are."""
    sizes = (*values.shape[1:], len(values)) if values.ndim == 3 else values.shape
    return "×".join(map(str, sizes)).removesuffix("×1")


@styled
def draw_network(
    net: Sequential, digit: np.ndarray, layers: Sequence[str] = ("C1", "S2", "C3", "S4", "F5", "F6", "output"), *,
    sizes: bool = True,
) -> SlidePicture:  # fmt: skip
    """A digit and what each layer of a network makes of it: maps to one scale, numbers without a place as a column.

    Args:
        net: takes digits as :func:`lecture_lib.data.digits_as_input` gives them; behind a layer "C1" stands its ReLU, "relu1".
        digit: uint8 (28, 28). layers: names of layers of ``net``, in their order.
        sizes: whether the size of each layer stands below its name.
    """
    found = responses(net, digits_as_input(digit[None]))
    shown = {"digit": digit[None].astype(float)} | {
        name: found.get(f"relu{name[1:]}", found[name])[0] for name in layers
    }
    lefts, left = [], 0.0
    for values in shown.values():
        wide = mosaic(values, COLUMNS.get(len(values), 1)).shape[1] if values.ndim == 3 else _COLUMN
        lefts.append(left + max(0.0, _NARROWEST - wide) / 2)
        left += max(_NARROWEST, wide) + 7
    low, high, right = 66.0 if sizes else 56.0, -_HALF - 2, left - 5
    inch = min(_WIDE / (right + 2), _HIGH / (low - high))
    figure = new_figure(inch * (right + 2), inch * (low - high))
    ax = bare(figure.add_axes((0, 0, 1, 1)))
    for (name, values), x in zip(shown.items(), lefts, strict=True):
        limit = style.limits(values, "map")
        tiles = mosaic(values, COLUMNS.get(len(values), 1)) if values.ndim == 3 else values[:, None]
        tall, wide = tiles.shape if values.ndim == 3 else (2 * _HALF * (1 if len(values) > 10 else 0.6), _COLUMN)
        ax.imshow(tile_colours(tiles, "map", limit), extent=(x, x + wide, tall / 2, -tall / 2), aspect="auto")
        add_box(ax, (x, -tall / 2), wide, tall, fill=False, ec=style.inks()["line"], lw=1)
        ax.text(x + wide / 2, _HALF + 2, name, ha="center", va="top", fontsize=18, weight="bold")
        if sizes:
            ax.text(x + wide / 2, _HALF + 12, _said(values), ha="center", va="top", fontsize=18)
    ax.set(xlim=(-2, right), ylim=(low, high), aspect="equal")
    said = "; ".join(f"{name}: {_said(values)}" for name, values in shown.items())
    return SlidePicture(figure, f"A digit and what each layer of a network makes of it, to one scale. {said}.")
