"""Pictures of notebook 01: wires and shared weights, accuracy for every shift."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from ... import style
from ...arguments import shown
from ...explore.figure import bare, row_of_axes, styled
from ...explore.still_layers import draw_wiring

MOST_DRAWN = 2000
"""Inputs, units or lines of one layer; more take long and cannot be told apart."""


@styled
def draw_wires(wirings: Mapping[str, Mapping[str, object]], unit: int | None = None) -> Figure:
    """Small layers by title, side by side: inputs below, units above, a line for each weight between them.

    Args:
        wirings: each with inputs, units and lines (input, unit, weight); lines with the same weight have one colour.
        unit: whose lines are strong; None takes the middle one.

    Raises:
        ValueError: a layer has more than :data:`MOST_DRAWN` inputs, units or lines.
    """
    for title, wiring in wirings.items():
        if max(wiring["inputs"], wiring["units"], len(wiring["lines"])) > MOST_DRAWN:
            raise ValueError(f"wirings: {shown(title)} must have at most {MOST_DRAWN:,} inputs, units and lines")
    figure, axes = row_of_axes([max(each["inputs"], each["units"]) for each in wirings.values()], 2.9)
    for ax, (title, wiring) in zip(axes, wirings.items(), strict=True):
        draw_wiring(bare(ax, title), wiring, wiring["units"] // 2 if unit is None else unit)
    return figure


@styled
def draw_shift_maps(maps: Mapping[str, np.ndarray], shifts: Sequence[int]) -> Figure:
    """Accuracies (n, n) by network, for every shift down (rows) and to the right (columns), in percent."""
    figure, axes = row_of_axes([1] * len(maps), 3.9)
    figure.subplots_adjust(left=0.075, bottom=0.15, wspace=0.16)
    for at, (ax, (name, accuracy)) in enumerate(zip(axes, maps.items(), strict=True)):
        colours = style.colours(accuracy, "image", (0, 1))
        ax.imshow(colours)
        for (row, col), each in np.ndenumerate(accuracy):
            ink = style.text_colour(colours[row, col])
            ax.text(col, row, f"{100 * each:.0f}", ha="center", va="center", color=ink, fontsize=10)
        ax.set(xticks=range(len(shifts)), yticks=range(len(shifts)), title=name, xlabel="pixels to the right")
        ax.set_xticklabels(map(style.number, shifts), fontsize=11)
        ax.set_yticklabels(map(style.number, shifts) if at == 0 else [], fontsize=11)
        ax.tick_params(length=0)
    axes[0].set_ylabel("pixels down")
    return figure
