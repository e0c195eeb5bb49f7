"""Charts of quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .. import style
from .figure import BLUE, new_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@styled
def draw_bars(bars: Sequence[Mapping[str, object]], *, ax: Axes | None = None) -> Axes:
    """Quantities as bars to one scale: each a mapping with label, value and text."""
    ax = new_axes(ax, 9.5, 0.75 * len(bars) + 0.4)
    places, values = range(len(bars)), [bar["value"] for bar in bars]
    painted = [style.inks()["mark"] if bar.get("role") == "total" else BLUE for bar in bars]
    ax.barh(places, values, color=painted, height=0.6)
    for at, bar in zip(places, bars, strict=True):
        ax.text(bar["value"] + 0.01 * max(1, *values), at, bar["text"], va="center")
    ax.set(yticks=places, yticklabels=[bar["label"] for bar in bars], xticks=[], xlim=(0, 1.22 * max(1, *values)))
    ax.invert_yaxis()
    ax.spines["bottom"].set_visible(False)
    return ax
