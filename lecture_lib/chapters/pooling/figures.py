"""Pooling: windows and what is left of them, maps before and after, pixels that get a gradient."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from ... import style
from ...explore import (
    Picture,
    bare,
    draw_picture,
    draw_pictures,
    new_axes,
    new_figure,
    row_of_axes,
    scale_bar,
    styled,
)

WHITE = 400
"""A value of a feature map that is drawn white, as are those above."""


@styled
def draw_pooled_maps(
    maps: Mapping[str, np.ndarray], pooled: Mapping[str, Sequence[np.ndarray]] = MappingProxyType({})
) -> Picture:
    """Maps by title in a row; below, to the same scale of pixels, what each kind of pooling leaves of them."""
    first = next(iter(maps.values()))
    rows = {"": list(maps.values())} | {kind: list(each) for kind, each in pooled.items()}
    heights = [each[0].shape[0] for each in rows.values()]
    tall = 0.8 + 2.1 * sum(heights) / heights[0]
    figure = new_figure(style.WIDTH, tall)
    axes = figure.subplots(len(rows), len(maps), height_ratios=heights, squeeze=False)
    figure.subplots_adjust(left=0.115, right=0.995, bottom=0.5 / tall, top=1 - 0.3 / tall, wspace=0.06, hspace=0.06)
    scale_bar(figure, (0.4, 0.3 / tall, 0.3, 0.1 / tall), "image", (0, f"≥ {WHITE}"))
    for row, (kind, pictures) in zip(axes, rows.items(), strict=True):
        for ax, title, picture in zip(row, maps, pictures, strict=True):
            draw_picture(picture, title=title if not kind else "", ax=ax, limit=(0, WHITE))
            ax.set(xlim=(-0.5, first.shape[1] - 0.5))
            ax.set_anchor("W")
        row[0].set_ylabel(
            f"{kind or 'map'}\n{pictures[0].shape[0]}×{pictures[0].shape[1]}", rotation=0, ha="right", va="center"
        )
    below = (
        " Below them the same maps, smaller: with max pooling the edges are as bright and wider, with average pooling they "
        "are fainter."
    )
    return Picture(
        figure, f"Feature maps of the cameraman with bright edges: {', '.join(maps)}.{below if pooled else ''}"
    )


@styled
def draw_spots(spots: np.ndarray, pooled: Mapping[str, np.ndarray]) -> Picture:
    """A bright spot at each of its places, one row a place, and beside it what each pooling makes of that row.

    Args:
        spots: (places, W). pooled: by title, (places, W').
    """
    ax, left, ink = bare(new_axes(None, style.WIDTH, 0.42 * len(spots) + 0.8)), 0.0, style.inks()
    for title, rows in ({"input": spots} | dict(pooled)).items():
        cell = spots.shape[1] / rows.shape[1]
        faces = style.colours(rows, "image", (0.0, 1.0))
        ax.imshow(faces, extent=(left, left + spots.shape[1], len(rows), 0), aspect="auto")
        for (row, col), value in np.ndenumerate(rows):
            face = faces[row, col]
            ax.text(left + (col + 0.5) * cell, row + 0.5, style.number(value), ha="center", va="center", fontsize=12,
                    color=style.text_colour(face))  # fmt: skip
        ax.hlines(range(len(rows) + 1), left, left + spots.shape[1], color=ink["line"], lw=0.8)
        ax.vlines(left + cell * np.arange(rows.shape[1] + 1), 0, len(rows), color=ink["line"], lw=0.8)
        ax.text(left + spots.shape[1] / 2, -0.25, title, ha="center", va="bottom")
        left += spots.shape[1] + 1.5
    ax.set(xlim=(-0.2, left - 1.3), ylim=(len(spots) + 0.1, -1.3))
    return Picture(
        ax,
        f"{len(spots)} rows, the spot one place further in each, and what is left of each row after {', '.join(pooled)}.",
    )


@styled
def draw_shares(map_: np.ndarray, shares: Mapping[str, np.ndarray]) -> Picture:
    """A feature map, and by title what gradient each of its pixels gets when every output gets 1; 1 and more is dark."""
    figure, axes = row_of_axes([1] * (len(shares) + 1), 3.3)
    figure.subplots_adjust(bottom=0.14, top=0.89)
    draw_picture(map_, "image", "feature map", ax=axes[0], limit=(0, WHITE))
    ends = [("image", (0, f"≥ {WHITE}"))] + [("gradient", (-1, "≥ 1"))] * len(shares)
    for ax, (title, share) in zip(axes[1:], shares.items(), strict=True):
        draw_picture(share, "gradient", title, ax=ax, limit=(-1.0, 1.0))
        ax.spines[:].set_visible(True)
    for ax, (role, scale) in zip(axes, ends, strict=True):
        left, bottom, width, _ = ax.get_position().bounds
        scale_bar(figure, (left + 0.15 * width, bottom - 0.06, 0.7 * width, 0.03), role, scale)
    return Picture(
        figure,
        f"A piece of a feature map, and which of its pixels get a gradient ({', '.join(shares)}): with max pooling scattered "
        "dots, one in each window; with overlapping windows fewer, crowded along edges; with average pooling an even pale green.",
    )


def draw_smaller(pictures: Mapping[str, np.ndarray]) -> Picture:
    """A brick wall and fine rings, each also made smaller in several ways."""
    return Picture(
        draw_pictures(pictures, "image", limit=(0, 255)),
        "A brick wall and fine rings, each also four times smaller. By stride the joints of the wall are jagged, and the "
        "rings turn into several ring patterns that are not there; by max the wall is too bright and the outer rings are "
        "white; by average the wall is smooth and the outer rings are nearly an even grey.",
    )
