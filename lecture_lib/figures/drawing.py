"""A drawn digit: how it becomes one of MNIST's, and what a network makes of it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from .. import style
from ..explore.figure import BLUE, bare, styled
from ..explore.grids import draw_picture, mosaic


@styled
def draw_answer(
    digit: np.ndarray,
    shares: np.ndarray,
    maps: Mapping[str, np.ndarray],
    columns: Mapping[str, int],
    names: Sequence[str],
) -> Figure:
    """A digit, a network's maps layer by layer, and its probability of every class.

    Args:
        digit: (H, W). shares: one for each of the ``names``.
        maps: layer → (K, h, w). columns: layer → how many maps stand side by side.
    """
    figure = Figure((10.4, 4.6))
    parts = figure.add_gridspec(
        1, 3, width_ratios=[1, 1.9, 1], left=0.01, right=0.98, bottom=0.02, top=0.92, wspace=0.42
    )
    draw_picture(digit, "image", "input", ax=figure.add_subplot(parts[0]))
    paper = np.array([int(style.inks()["paper"][at : at + 2], 16) for at in (1, 3, 5)], np.uint8)
    tall = [-(-len(each) // columns[name]) * (10 + each.shape[1]) for name, each in maps.items()]
    rows = parts[1].subgridspec(len(maps), 1, height_ratios=tall, hspace=0.12)
    for row, (name, each) in zip(rows, maps.items(), strict=True):
        ax = bare(figure.add_subplot(row))
        tiles = mosaic(style.colours(each, "map"), columns[name], 1 if each.shape[1] > 1 else 0, paper)
        ax.imshow(tiles, aspect="equal", interpolation="nearest")
        ax.set_anchor("W")
        ax.set_ylabel(name, rotation=0, ha="right", va="center")
    ax = bare(figure.add_subplot(parts[2]), f"{np.argmax(shares)}: {100 * np.max(shares):.0f} %")
    ticks, winner = range(len(names)), int(np.argmax(shares))
    ax.barh(ticks, shares, color=[style.inks()["mark"] if at == winner else BLUE for at in ticks])
    ax.set(xlim=(0, 1.05), yticks=ticks)
    ax.set_yticklabels([f"{at} {name}" for at, name in enumerate(names)])
    ax.get_yticklabels()[winner].set_weight("bold")
    ax.tick_params(length=0)
    ax.invert_yaxis()
    return figure
