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
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.text import Text

_WIDE = 11.8  # inches of 100 pixels: what a slide has
_HIGH = 4.2  # inches of one picture, at most
_TITLE = 18  # points: 24 pixels and more on a slide of 720
_TICK = 12  # points of the numbers along an axis


class SlidePicture(Picture):
    """A picture of a slide, which says how large its letters are: whoever shows it can tell how large they come out.

    >>> SlidePicture(new_figure(1, 1), "A white square.")._repr_mimebundle_()[1]["image/png"]["letters"] is None
    True
    """

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        data, about = super()._repr_mimebundle_(include, exclude)
        sizes = [each.get_fontsize() * self.figure.dpi / 72 for each in _written(self.figure)]
        about["image/png"]["letters"] = round(min(sizes), 1) if sizes else None
        return data, about


def _texts(part: Artist) -> list[Text]:
    return part.findobj(lambda each: hasattr(each, "set_fontsize"))


def _is_word(label: Text) -> bool:
    return any(each.isalpha() for each in label.get_text())


def _written(figure: Figure) -> list[Text]:
    """What is written in a figure, but for the numbers along its axes."""
    ticks = {each for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for each in _texts(axis) if not _is_word(each)}
    return [each for each in _texts(figure) if each.get_text().strip() and each.get_visible() and each not in ticks]


@styled
def enlarged(picture: Picture, high: float = 4.3) -> SlidePicture:
    """A notebook's picture as wide as a slide and ``high`` inches of 100 pixels, its letters as large as a hall needs them."""
    figure = picture.figure
    figure.set_size_inches(_WIDE, high)
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_tick_params(labelsize=_TITLE if any(map(_is_word, axis.get_ticklabels())) else _TICK)
    for each in _written(figure):
        each.set_fontsize(max(_TITLE, each.get_fontsize()))
    if figure.subplotpars.left > 0.1:  # nobody has laid it out
        figure.set_layout_engine("tight")
    return SlidePicture(figure, picture.alt)


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
def draw_moved(digit: np.ndarray, shifts: Sequence[int]) -> SlidePicture:
    """A digit (H, W), moved to the right by each of the shifts in pixels."""
    return SlidePicture(
        _row([translate(digit, 0, by) for by in shifts]),
        f"The same handwritten digit {len(shifts)} times, moved to the right by {', '.join(map(str, shifts))} pixels.",
    )


@styled
def draw_same(photos: Mapping[str, np.ndarray]) -> SlidePicture:
    """A photo and its changed selves by what was done, each uint8 (3, H, W)."""
    return SlidePicture(
        _row([np.moveaxis(each, 0, -1) for each in photos.values()], list(photos)),
        f"Five photos of one astronaut, easy to recognise in each of them: {', '.join(photos)}.",
    )


@styled
def draw_one_photo_twice(photo: np.ndarray, shuffled: np.ndarray) -> SlidePicture:
    """A photo (H, W) beside its own pixels in another order, uint8."""
    return SlidePicture(
        _row([photo, shuffled], ["photo", "its pixels, shuffled"]),
        "A photo of a cameraman, and beside it the same pixels in another order: grey noise.",
    )


@styled
def draw_coarser(maps: Mapping[str, np.ndarray]) -> SlidePicture:
    """Maps (H, W) of what is found in a photo by name, all to one scale."""
    largest = max(float(each.max()) for each in maps.values())
    return SlidePicture(
        _row(list(maps.values()), list(maps), limit=(0, largest)),
        f"Edges of a photo in white on black, and the same after pooling, coarser from one to the next: {', '.join(maps)}.",
    )


@styled
def draw_patch_rows(rows: Mapping[str, Sequence[np.ndarray]]) -> SlidePicture:
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
    return SlidePicture(
        figure,
        "Three numbered rows of five mosaics of nine small pictures each. Row by row: corners and arcs; whole digits, nine "
        "of a kind; a few coarse pixels of strokes.",
    )


def _columns(pictures: Sequence[np.ndarray], name: str, role: str, digit: np.ndarray | None = None) -> Figure:
    """Numbered pictures (K, H, W) side by side, all to one scale, with room for a digit before the first of them."""
    count, side, high = len(pictures) + 1, 1.55, 2.05
    figure, gap = new_figure(_WIDE, high), (_WIDE - count * side) / (count + 1)

    scale = style.limits(pictures, role)

    def draw(at: int, picture: np.ndarray, role: str, title: str, limit: tuple[float, float] | None = None) -> None:
        ax = bare(figure.add_axes(((gap + at * (side + gap)) / _WIDE, 0.02 / high, side / _WIDE, side / high)))
        draw_picture(picture, role, ax=ax, limit=limit)
        ax.set_title(title, fontsize=_TITLE)

    if digit is not None:
        draw(0, digit, "image", "digit")
    for at, each in enumerate(pictures, 1):
        draw(at, each, role, f"{name} {at}", scale)
    return figure


@styled
def draw_maps(digit: np.ndarray, maps: np.ndarray) -> SlidePicture:
    """A digit (H, W) and beside it the maps (K, H, W) that filters make of it."""
    return SlidePicture(
        _columns(maps, "map", "map", digit),
        f"A digit, and {len(maps)} maps that learned filters make of it: in each of them other strokes of the digit are white "
        "or blue.",
    )


@styled
def draw_filters(weights: np.ndarray) -> SlidePicture:
    """Filters (K, F, F) in columns below those of :func:`draw_maps`."""
    return SlidePicture(
        _columns(weights, "filter", "weight"),
        f"{len(weights)} filters that were learned, orange where a weight is positive, blue where it is negative: most have an "
        "orange side and a blue side.",
    )
