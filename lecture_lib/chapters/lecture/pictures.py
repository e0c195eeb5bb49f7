"""Pictures of acts 1 and 2: rows of photos and maps, with words that can be read from the last row of seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ... import style
from ...explore import Picture, draw_picture
from ...explore.figure import bare, new_figure, styled
from ...transforms import translate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WIDE = 11.8  # inches of 100 pixels: what a slide has
_HIGH = 4.6  # inches of one picture, at most
_TITLE = 18  # points: 24 pixels and more on a slide of 720


def _row(
    pictures: Sequence[np.ndarray],
    titles: Sequence[str] = (),
    role: str = "image",
    limit: tuple[float, float] | None = None,
) -> Figure:
    """Pictures (H, W) or (H, W, 3) side by side, as large as a slide lets them be."""
    count, above = len(pictures), 0.5 if titles else 0.04
    side = min((_WIDE - 0.15 * (count + 1)) / count, _HIGH)
    figure, gap = new_figure(_WIDE, side + above + 0.04), (_WIDE - count * side) / (count + 1)
    for at, picture in enumerate(pictures):
        high = figure.get_figheight()
        ax = bare(figure.add_axes(((gap + at * (side + gap)) / _WIDE, 0.02 / high, side / _WIDE, side / high)))
        draw_picture(picture, role, ax=ax, limit=limit)
        if titles:
            ax.set_title(titles[at], fontsize=_TITLE)
    return figure


@styled
def draw_moved(digit: np.ndarray, shifts: Sequence[int]) -> Picture:
    """A digit (H, W), moved to the right by each of the shifts in pixels."""
    return Picture(
        _row([translate(digit, 0, by) for by in shifts]),
        f"The same handwritten digit {len(shifts)} times, moved to the right by {', '.join(map(str, shifts))} pixels.",
    )


@styled
def draw_same(photos: Mapping[str, np.ndarray]) -> Picture:
    """A photo and its changed selves by what was done, each uint8 (3, H, W)."""
    return Picture(
        _row([np.moveaxis(each, 0, -1) for each in photos.values()], list(photos)),
        f"Five photos of one astronaut, easy to recognise in each of them: {', '.join(photos)}.",
    )


@styled
def draw_one_photo_twice(photo: np.ndarray, shuffled: np.ndarray) -> Picture:
    """A photo (H, W) beside its own pixels in another order, uint8."""
    return Picture(
        _row([photo, shuffled], ["photo", "its pixels, shuffled"]),
        "A photo of a cameraman, and beside it the same pixels in another order: grey noise.",
    )


@styled
def draw_coarser(maps: Mapping[str, np.ndarray]) -> Picture:
    """Maps (H, W) of what is found in a photo by name, all to one scale."""
    largest = max(float(each.max()) for each in maps.values())
    return Picture(
        _row(list(maps.values()), list(maps), limit=(0, largest)),
        f"Edges of a photo in white on black, and the same after pooling, coarser from one to the next: {', '.join(maps)}.",
    )


@styled
def draw_patch_rows(rows: Mapping[str, Sequence[np.ndarray]]) -> Picture:
    """Rows of pictures, a row for each name; the names are not drawn, only a number for each row."""
    figure, side = new_figure(_WIDE, 5.4), 1.7
    for down, pictures in enumerate(rows.values()):
        top = 5.35 - down * (side + 0.1) - side
        figure.text(
            1.0 / _WIDE, (top + side / 2) / 5.4, f"{down + 1}", fontsize=34, weight="bold", va="center", ha="center"
        )
        for at, picture in enumerate(pictures):
            left = 1.5 + at * (side + 0.3)
            ax = figure.add_axes((left / _WIDE, top / 5.4, side / _WIDE, side / 5.4))
            draw_picture(picture, "image", ax=ax)
    return Picture(
        figure,
        "Three numbered rows of five mosaics of nine small pictures each. Row by row: corners and arcs; whole digits, nine "
        "of a kind; a few coarse pixels of strokes.",
    )


@styled
def draw_filters(weights: np.ndarray, image: np.ndarray, maps: np.ndarray) -> Picture:
    """Filters (K, F, F) above the maps (K, H, W) that they make of a picture (H, W)."""
    count, side, high = len(weights) + 1, 1.55, 4.1
    figure, gap = new_figure(_WIDE, high), (_WIDE - count * side) / (count + 1)
    scales = style.limits(weights, "weight"), style.limits(maps, "map")
    for at in range(count):
        for row, (role, scale, each) in enumerate(zip(("weight", "map"), scales, (weights, maps), strict=True)):
            if at == 0 and row == 0:
                continue
            place = ((gap + at * (side + gap)) / _WIDE, (2.1 - row * 2.08) / high, side / _WIDE, side / high)
            ax = bare(figure.add_axes(place))
            draw_picture(
                *((image, "image") if at == 0 else (each[at - 1], role)), ax=ax, limit=None if at == 0 else scale
            )
            ax.set_title("digit" if at == 0 else f"{'filter' if row == 0 else 'map'} {at}", fontsize=_TITLE)
    return Picture(
        figure,
        f"{len(weights)} filters that were learned, orange where a weight is positive, blue where it is negative: most have a "
        "light side and a dark side. Below each its map of a digit: strokes of one direction light up.",
    )
