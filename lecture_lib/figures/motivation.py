"""Motivation: wires and shared weights, what a network says to a moved digit, accuracy for every shift."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .. import style
from ..arguments import shown
from ..explore.figure import bare, row_of_axes, styled
from ..explore.grids import draw_picture

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
        chosen = wiring["units"] // 2 if unit is None else min(unit, wiring["units"] - 1)
        _draw_wiring(bare(ax, title), wiring, chosen)
    return figure


def _draw_wiring(ax: Axes, wiring: Mapping[str, object], chosen: int) -> None:
    ink, inputs, units = style.inks(), wiring["inputs"], wiring["units"]
    left = (units - inputs) / 2  # both rows have the same middle
    for start, end, weight in wiring["lines"]:
        strong = end == chosen
        colour = ink["line"] if weight is None else style.series()[weight % len(style.series())]
        ax.plot(
            (left + start, end), (0, 1), color=colour, lw=2.8 if strong else 1, alpha=1 if strong else 0.45, zorder=1
        )
    seen = {start for start, end, _ in wiring["lines"] if end == chosen}
    rows = [(left + at, 0, at in seen) for at in range(inputs)] + [(at, 1, at == chosen) for at in range(units)]
    for x, y, lit in rows:
        face = ink["mark"] if lit else ink["faint"]
        ax.add_patch(Rectangle((x - 0.36, y - 0.06), 0.72, 0.12, facecolor=face, edgecolor=ink["text"], zorder=2))
    ax.set(xlim=(min(left, 0) - 0.8, max(left + inputs, units) - 0.2), ylim=(-0.1, 1.1))


@styled
def draw_verdicts(image: np.ndarray, verdicts: Mapping[str, np.ndarray], right: int) -> Figure:
    """A digit (H, W), and for each network its probability of every class; ``right`` is what the digit is."""
    figure, axes = row_of_axes([1.1, *([1] * len(verdicts))], 3.2)
    draw_picture(image, "image", f"a {right}", ax=axes[0])
    for ax, (name, shares) in zip(axes[1:], verdicts.items(), strict=True):
        ticks = range(len(shares))
        bare(ax, f"{name}: {np.argmax(shares)}")
        ax.bar(ticks, shares, color=[style.series()[2 if each == right else 1] for each in ticks])
        ax.set(ylim=(0, 1.05), xticks=ticks)
        ax.tick_params(length=0, labelsize=12)
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
