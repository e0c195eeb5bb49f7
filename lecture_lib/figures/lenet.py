"""Pictures of notebook 06: C3's table of connections, and a training with its filters."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import style
from ..explore.figure import bare, new_axes, row_of_axes, styled
from ..explore.grids import draw_picture
from ..explore.plots import draw_plot
from ..shapes import ShapeError

MOST_DRAWN = 500
"""Rows of :func:`draw_connections`."""


@styled
def draw_connections(table: Sequence[Sequence[int]], inputs: int, *, ax: Axes | None = None) -> Axes:
    """Which input maps each output map sees, as in table I of LeCun et al. 1998: a row for each input map.

    Under each column stands how many crosses it has, and beside each row, too.
    """
    if not 1 <= inputs <= MOST_DRAWN:
        raise ShapeError(f"inputs={inputs}: must be from 1 to {MOST_DRAWN}, rows that can be told apart")
    seen = np.zeros((inputs, len(table)), bool)
    for k, maps in enumerate(table):
        seen[list(maps), k] = True
    ax = new_axes(ax, 10.4, 0.42 * inputs + 1.6)
    groups = seen.sum(axis=0)
    shades = [style.inks()["paper"], style.inks()["faint"]]
    for k, count in enumerate(groups):  # bands of columns with as many crosses
        band = sum(bool(groups[at] != groups[at - 1]) for at in range(1, k + 1)) % 2
        ax.axvspan(k - 0.5, k + 0.5, color=shades[band], lw=0)
        ax.text(k, inputs - 0.1, str(count), ha="center", va="center", weight="bold")
    row, col = np.nonzero(seen)
    ax.plot(col, row, "X", ms=13, color=style.series()[0])
    for at, count in enumerate(seen.sum(axis=1)):
        ax.text(len(table) - 0.1, at, str(count), ha="center", va="center", weight="bold")
    ax.set(xlim=(-0.5, len(table) + 0.4), ylim=(inputs + 0.4, -0.5), xticks=range(len(table)), yticks=range(inputs),
           xlabel="map of C3", ylabel="map of S2")  # fmt: skip
    ax.xaxis.set(ticks_position="top", label_position="top")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


@styled
def draw_film(
    plots: Sequence[Mapping],
    arrays: Mapping[str, np.ndarray],
    pictures: Mapping[str, tuple[np.ndarray, str]],
    chosen: Mapping[str, int],
) -> Figure:
    """The curves of a training, and pictures (array and role by title) of one moment of it.

    Args:
        plots, arrays, chosen: as for :func:`draw_plots`.
    """
    ratios = [array.shape[1] / array.shape[0] for array, _ in pictures.values()]
    figure, axes = row_of_axes([1.3] * len(plots) + [0.5 + 0.4 * each for each in ratios], 4.1)
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.16, top=0.8, wspace=0.3)
    for ax, panel in zip(axes, plots, strict=False):
        draw_plot(panel, arrays, chosen, ax=ax)
        x, y = (arrays[panel["traces"][0][name]][chosen["col"]] for name in "xy")
        ax.axvline(x, color=style.inks()["text"], lw=1)
        ax.plot(x, y, "o", ms=8, color=style.series()[0])
    for ax, (title, (array, role)) in zip(axes[len(plots) :], pictures.items(), strict=True):
        draw_picture(array, role, title, ax=bare(ax))
    return figure
