"""Arrays as grids of numbers and as pictures, alone and side by side; and a question as a page of text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from .. import style
from ..arguments import as_float, check_room, shown
from ..shapes import integer
from .figure import add_box, bare, new_axes, new_figure, row_of_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_LETTERS = 20_000
MOST_COLUMNS = 50
"""Of :func:`draw_question`; more than a page."""
GAP = 150  # grey, between tiles


def mosaic(maps: np.ndarray, columns: int, gap: int = 1, fill: float | np.ndarray = np.nan) -> np.ndarray:
    """Maps (C, h, w) or (C, h, w, 3) as tiles of one array, row by row, ``fill`` between them and where there is none.

    >>> mosaic(np.ones((3, 1, 2)), 2).shape
    (3, 5)
    """
    maps = as_float("maps", maps) if np.isnan(fill).any() else np.asarray(maps)
    count, h, w, *colour = maps.shape
    rows = -(-count // integer("columns", columns, 1))
    check_room(
        f"columns={shown(columns)}, gap={shown(gap)}", rows * columns, h + integer("gap", gap, 0), w + gap, *colour
    )
    whole = np.full((rows * columns, h + gap, w + gap, *colour), fill, maps.dtype)
    whole[:count, :h, :w] = maps
    whole = whole.reshape(rows, columns, h + gap, w + gap, *colour).swapaxes(1, 2)
    whole = whole.reshape(rows * (h + gap), columns * (w + gap), *colour)
    return whole[: whole.shape[0] - gap, : whole.shape[1] - gap]


def tile_colours(array: np.ndarray, role: str, limit: tuple[float, float]) -> np.ndarray:
    """Colours of an array, with a grey that is no value of it where it is NaN.

    >>> tile_colours(np.array([0, np.nan]), "map", (-1, 1)).tolist()
    [[0, 0, 0], [150, 150, 150]]
    """
    colours = style.colours(array, role, limit)
    colours[np.isnan(array)] = GAP
    return colours


@styled
def draw_grid(
    values: np.ndarray,
    role: str = "image",
    title: str = "",
    *,
    ax: Axes | None = None,
    numbers: bool = True,
    text: int = style.FONT_SIZE,
    limit: tuple[float, float] | None = None,
) -> Axes:
    """An array (rows, cols) as coloured cells, each with its number in letters of size ``text``; ``limit`` of the colours."""
    values = np.asarray(values)
    ax = bare(new_axes(ax, 3.2, 3.4), title)
    rgb = style.colours(values, role, limit)
    ax.imshow(rgb, extent=(0, values.shape[1], values.shape[0], 0))
    for (row, col), value in np.ndenumerate(values) if numbers else ():
        ink = style.text_colour(rgb[row, col])
        exact = role == "weight" and np.isfinite(value)  # 1/9 says more than 0.11
        written = str(Fraction(float(value)).limit_denominator(256)).replace("-", "−") if exact else style.number(value)
        ax.text(col + 0.5, row + 0.5, written, ha="center", va="center", color=ink, fontsize=text)
    line = {"color": style.inks()["line"], "lw": 0.8, "clip_on": False}
    ax.hlines(range(values.shape[0] + 1), 0, values.shape[1], **line)
    ax.vlines(range(values.shape[1] + 1), 0, values.shape[0], **line)
    return ax


def mark(ax: Axes, top: int, left: int, rows: int = 1, cols: int = 1) -> Axes:
    """Frame cells of a grid: dark rim, bright line."""
    top, left = int(top), int(left)  # sums of NumPy's small integers would turn over
    for colour, width in (("#000000", 5), (style.BRIGHT, 2.5)):
        add_box(ax, (left, top), cols, rows, fill=False, color=colour, lw=width, clip_on=False, zorder=3)
    return ax


def scale_bar(figure: Figure, place: tuple[float, float, float, float], role: str, ends: Sequence[float | str]) -> None:
    """A role's colours with both ends and 0 below, at a place of the figure: left, bottom, width, height."""
    ax = bare(figure.add_axes(place, label="scale"))
    table = style.colour_table(role)[int(role != "image") :]
    ax.imshow(table[None], aspect="auto", extent=(0, 1, 0, 1))
    ax.spines[:].set(visible=True, color=style.inks()["line"], lw=0.8)
    written = [end if isinstance(end, str) else style.number(end) for end in ends]
    words = [(0, "left", written[0]), (1, "right", written[1])]
    for at, align, text in words + [(0.5, "center", "0")] * (role != "image"):
        ax.annotate(text, (at, 0), (0, -3), textcoords="offset points", ha=align, va="top", fontsize=12)


@styled
def draw_picture(
    image: np.ndarray,
    role: str = "image",
    title: str = "",
    *,
    ax: Axes | None = None,
    limit: tuple[float, float] | None = None,
) -> Axes:
    """A photo (H, W, 3) or an array (H, W) in its role's colours; ``limit`` of the colours."""
    image = np.asarray(image)
    ax = bare(new_axes(ax, 3.4, 3.6), title)
    ax.imshow(image if image.ndim == 3 else style.colours(image, role, limit))
    return ax


@styled
def draw_pictures(
    pictures: Mapping[str, np.ndarray],
    role: str = "map",
    *,
    columns: int = 4,
    height: float = 2.9,
    limit: tuple[float, float] | None = None,
) -> Figure:
    """Pictures by title, in rows; arrays in the colours of ``role``, all to one scale, which is printed below."""
    if integer("columns", columns, 1) > MOST_COLUMNS:
        raise ValueError(f"columns={columns}: must be at most {MOST_COLUMNS}")
    rows = -(-len(pictures) // columns)
    arrays = [np.ravel(each) for each in pictures.values() if each.dtype != np.uint8]
    foot = 0.5 if arrays else 0.05  # inches for the scale
    figure = new_figure(style.WIDTH, height * rows + foot)
    high = figure.get_figheight()
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    title = 0.36 / height  # the share of a row that its title takes
    figure.subplots_adjust(
        left=0.01, right=0.99, bottom=foot / high, top=1 - title * height / high, wspace=0.05, hspace=1.2 * title
    )
    if arrays:
        limit = limit or style.limits(np.concatenate(arrays), role)
        scale_bar(figure, (0.35, 0.3 / high, 0.3, 0.1 / high), role, limit)
    for ax in axes:
        bare(ax)
    for ax, (title, picture) in zip(axes, pictures.items(), strict=False):
        photo = picture.dtype == np.uint8
        draw_picture(picture, "image" if photo else role, title, ax=ax, limit=None if photo else limit)
    return figure


@styled
def draw_grids(grids: Mapping[str, np.ndarray], role: str) -> Figure:
    """Grids of numbers by title, side by side."""
    figure, axes = row_of_axes([grid.shape[1] for grid in grids.values()], 3.6)
    for ax, (title, grid) in zip(axes, grids.items(), strict=True):
        draw_grid(grid, role, title, ax=ax)
    return figure


@styled
def draw_filters_and_maps(weights: np.ndarray, image: np.ndarray, maps: np.ndarray) -> Figure:
    """Filters (K, F_h, F_w) above the maps (K, H', W') they make of an image (H, W)."""
    figure = new_figure(style.WIDTH, 3.4, "constrained")
    axes = figure.subplots(2, len(weights) + 1)
    bare(axes[0, 0], "filters")
    draw_picture(image, "image", "input", ax=axes[1, 0])
    largest, brightest = (style.limits(each, role) for each, role in ((weights, "weight"), (maps, "map")))
    for at, (filter_, map_) in enumerate(zip(weights, maps, strict=True), 1):
        draw_picture(style.colours(filter_, "weight", largest), title=str(at - 1), ax=axes[0, at])
        draw_picture(style.colours(map_, "map", brightest), ax=axes[1, at])
    return figure


@styled
def draw_question(question: str, answers: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """A quiz as text, for pages where it cannot be answered."""
    if len(question) + sum(map(len, answers)) > MOST_LETTERS:
        raise ValueError(f"question and answers: must have at most {MOST_LETTERS:,} letters")
    lines = [(part, "bold") for part in textwrap.wrap(question, 73)]
    lines += [(part, "normal") for answer in answers for part in textwrap.wrap(answer, 85)]
    ax = bare(ax or new_figure(9.5, 0.34 * len(lines) + 0.3).add_axes((0.01, 0, 0.98, 1)))
    for at, (text, weight) in enumerate(lines):
        ax.text(0, 1 - (at + 0.7) / (len(lines) + 0.7), text, weight=weight, transform=ax.transAxes)
    return ax
