"""The plots of the explorers as still pictures: the same description, drawn by Matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .. import style
from .figure import row_of_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)))
"""A second cue beside colour; the browser's part has the same four."""


@styled
def draw_plots(
    panels: Sequence[Mapping], arrays: Mapping[str, np.ndarray], chosen: Mapping[str, int] | None = None
) -> Figure:
    """The "plot" panels of an explorer side by side, as its sliders stand.

    Args:
        panels: as in ``spec.PANELS``: title, xlabel, ylabel, x and y limits, log, traces.
        arrays: what the traces name, (..., n) each.
        chosen: where the sliders stand that the traces name.
    """
    figure, axes = row_of_axes([panel["share"] for panel in panels], 4.1)
    figure.subplots_adjust(left=0.095, right=0.975, bottom=0.16, top=0.8, wspace=0.34)
    for ax, panel in zip(axes, panels, strict=True):
        draw_plot(panel, arrays, chosen, ax=ax)
    return figure


def draw_plot(
    panel: Mapping, arrays: Mapping[str, np.ndarray], chosen: Mapping[str, int] | None = None, *, ax: Axes
) -> Axes:
    """One "plot" panel of an explorer on given axes; arguments are those of :func:`draw_plots`."""
    from matplotlib.ticker import MaxNLocator

    log = panel.get("log", "")
    ax.set(
        xlim=panel["x"], ylim=panel["y"], xlabel=_said(panel, "x"), ylabel=_said(panel, "y"),
        xscale="log" if "x" in log else "linear", yscale="log" if "y" in log else "linear",
    )  # fmt: skip
    ax.set_title(panel.get("title", ""), pad=34 if any(trace.get("label") for trace in panel["traces"]) else 8)
    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis)):
        if name in log:
            axis.set_major_formatter(_power)
            axis.set_minor_formatter("")
        else:  # narrow panels have no room for many numbers
            axis.set_major_locator(
                MaxNLocator(9 if name == "x" and ax.get_position().width > 0.5 else 6, steps=[1, 2, 5, 10])
            )
    if panel.get("equal"):
        ax.set_aspect("equal")
    ax.tick_params(labelsize=13)
    ax.yaxis.set_label_coords(ax.get_position().x0 - 0.058, 0.5, transform=_across_figure(ax))
    ax.grid(color=style.inks()["faint"])
    ax.set_axisbelow(True)
    for trace in panel["traces"]:
        _draw_trace(ax, trace, arrays, chosen or {})
    if panel.get("cursor") in (chosen or {}):
        _draw_cursor(ax, panel, chosen[panel["cursor"]], arrays, chosen)
    count = sum(bool(trace.get("label")) for trace in panel["traces"])
    if count and panel.get("legend", True):
        ax.legend(loc="lower center", bbox_to_anchor=(0.5, 0.985), ncols=min(count, 5), frameon=False, fontsize=12,
                  columnspacing=1.1, handlelength=1.8, borderpad=0.1)  # fmt: skip
    return ax


def _said(panel: Mapping, axis: str) -> str:
    """The label of an axis; one with a log scale says so."""
    label = panel.get(f"{axis}label", "")
    return f"{label} (log scale)" if label and axis in panel.get("log", "") and "log scale" not in label else label


def _across_figure(ax: Axes):
    """Coordinates that count across in widths of the figure, and up in heights of the axes: labels keep clear of numbers."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(ax.figure.transFigure, ax.transAxes)


def _power(value: float, _: int) -> str:
    """Powers of ten as such where zeros would have to be counted."""
    power = np.log10(value)
    return style.number(value) if abs(power) < 3 else f"$10^{{{power:.0f}}}$"


def _points(
    trace: Mapping, arrays: Mapping[str, np.ndarray], chosen: Mapping[str, int]
) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
    """Where a trace's values stand in their array, and its points."""
    at = tuple(chosen.get(each, 0) if isinstance(each, str) else each for each in trace.get("at", ()))
    y, x = np.atleast_1d(arrays[trace["y"]][at]), arrays[trace["x"]]
    x = np.atleast_1d(x[at]) if x.ndim > 1 else x
    shown = slice(chosen.get(trace["upto"], 0) + 1 if "upto" in trace else None)
    return at, x[shown], y[shown]


def _colour(trace: Mapping) -> str:
    colour = trace["colour"]
    return style.series()[colour % len(style.series())] if isinstance(colour, int) else style.inks()[colour]


def _draw_cursor(
    ax: Axes, panel: Mapping, place: int, arrays: Mapping[str, np.ndarray], chosen: Mapping[str, int]
) -> None:
    """A line at the cursor, and a dot on each curve that is read there."""
    for trace in panel["traces"]:
        _, x, y = _points(trace, arrays, chosen)
        if trace.get("read", True) and place < len(x):
            ax.plot(x[place], y[place], "o", ms=8, color=_colour(trace))
            if trace is panel["traces"][0]:
                ax.axvline(x[place], color=style.inks()["text"], lw=1)


def _draw_trace(ax: Axes, trace: Mapping, arrays: Mapping[str, np.ndarray], chosen: Mapping[str, int]) -> None:
    at, x, y = _points(trace, arrays, chosen)
    colour = _colour(trace)
    style_of = {"color": colour, "label": trace.get("label") or "_nolegend_"}
    if trace.get("kind") == "points":
        ax.plot(x, y, "o", ms=trace.get("size", 5), **style_of)
        return
    ax.plot(x, y, ls=DASHES[trace.get("dash", 0)], lw=trace.get("width", 2.5), **style_of)
    if trace.get("kind") == "area":
        ax.fill_between(x, y, ax.get_ylim()[0], color=colour, alpha=0.2, lw=0)
    if "low" in trace:
        ax.fill_between(x, arrays[trace["low"]][at], arrays[trace["high"]][at], color=colour, alpha=0.22, lw=0)
    if trace.get("head") and len(x):
        ax.plot(x[-1], y[-1], "o", ms=7, color=colour)
