"""Pooling: windows and what is left of them, maps before and after, pixels that get a gradient."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ... import style
from ...explore import bare, draw_grid, draw_picture, mark, new_axes, row_of_axes, styled


@styled
def draw_pooling(
    image: np.ndarray,
    output: np.ndarray,
    kernel_size: int,
    winner: tuple[int, int] | None = None,
    gradients: tuple[np.ndarray, np.ndarray] | None = None,
) -> Figure:
    """An image and what pooling leaves of it, as grids of numbers; the first window and its winner are framed.

    ``gradients`` are that of the output and that of the image; they come to the right.
    """
    arrays = [image, output, *(gradients or ())]
    figure, axes = row_of_axes([a.shape[1] + 1 for a in arrays], 3.4)
    role = "image" if np.min(output) >= 0 else "map"
    framed = mark(draw_grid(image, role, "input", ax=axes[0]), 0, 0, kernel_size, kernel_size)
    if winner is not None:
        mark(framed, *winner)
    mark(draw_grid(output, role, "→ output", ax=axes[1]), 0, 0)
    titles = ("gradient of the output", "→ gradient of the input")
    for ax, title, gradient in zip(axes[2:], titles, gradients or (), strict=False):
        draw_grid(gradient, "gradient", title, ax=ax)
    return figure


@styled
def draw_pooled_maps(maps: Mapping[str, np.ndarray], pooled: Mapping[str, Sequence[np.ndarray]]) -> Figure:
    """Maps by title in a row; below, to the same scale of pixels, what each kind of pooling leaves of them."""
    first = next(iter(maps.values()))
    figure = Figure((10.4, 4.4))
    rows = {"": list(maps.values())} | {kind: list(each) for kind, each in pooled.items()}
    heights = [each[0].shape[0] for each in rows.values()]
    axes = figure.subplots(len(rows), len(maps), height_ratios=heights, squeeze=False)
    figure.subplots_adjust(left=0.115, right=0.995, bottom=0.01, top=0.93, wspace=0.06, hspace=0.06)
    for row, (kind, pictures) in zip(axes, rows.items(), strict=True):
        for ax, title, whole, picture in zip(row, maps, maps.values(), pictures, strict=True):
            shown = style.colours(picture, "map", style.limits(whole, "map"))
            draw_picture(shown, title=title if not kind else "", ax=ax)
            ax.set(xlim=(-0.5, first.shape[1] - 0.5))
            ax.set_anchor("W")
        row[0].set_ylabel(
            f"{kind or 'map'}\n{pictures[0].shape[0]}×{pictures[0].shape[1]}", rotation=0, ha="right", va="center"
        )
    return figure


@styled
def draw_spots(spots: np.ndarray, pooled: Mapping[str, np.ndarray], *, ax: Axes | None = None) -> Axes:
    """A bright spot at each of its places, one row a place, and beside it what each pooling makes of that row.

    Args:
        spots: (places, W). pooled: by title, (places, W').
    """
    ax, left, ink = bare(new_axes(ax, 10.4, 0.42 * len(spots) + 0.8)), 0.0, style.inks()
    for title, rows in ({"input": spots} | dict(pooled)).items():
        cell = spots.shape[1] / rows.shape[1]
        for (row, col), value in np.ndenumerate(rows):
            face = style.colours(np.array(value), "image", (0.0, 1.0))
            ax.add_patch(Rectangle((left + col * cell, row), cell, 1, facecolor=face / 255, edgecolor=ink["line"]))
            ax.text(left + (col + 0.5) * cell, row + 0.5, style.number(value), ha="center", va="center", fontsize=12,
                    color=style.text_colour(face))  # fmt: skip
        ax.text(left + spots.shape[1] / 2, -0.25, title, ha="center", va="bottom")
        left += spots.shape[1] + 1.5
    ax.set(xlim=(-0.2, left - 1.3), ylim=(len(spots) + 0.1, -1.3))
    return ax


@styled
def draw_shares(map_: np.ndarray, shares: Mapping[str, np.ndarray]) -> Figure:
    """A feature map, and by title what gradient each of its pixels gets when every output gets 1; 1 and more is dark."""
    figure, axes = row_of_axes([1] * (len(shares) + 1), 2.9)
    figure.subplots_adjust(bottom=0.01, top=0.87)
    draw_picture(map_, "map", "feature map", ax=axes[0])
    for ax, (title, share) in zip(axes[1:], shares.items(), strict=True):
        draw_picture(style.colours(share, "gradient", (-1.0, 1.0)), title=title, ax=ax)
        ax.spines[:].set_visible(True)
    return figure
