"""Pictures of notebook 03: functions and their slopes, and what each of them costs."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ... import style
from ...arguments import check_number, real
from ...explore.figure import new_axes, styled
from ...explore.plots import DASHES
from ...shapes import ShapeError, integer


def _look(at: int) -> dict[str, object]:
    """Colour and dashes of the curve number ``at``."""
    return {"color": style.series()[at % len(style.series())], "ls": DASHES[style.look(at)["dash"]]}


@styled
def draw_zoo(x: np.ndarray, functions: Mapping[str, tuple[np.ndarray, np.ndarray]], columns: int = 4) -> Figure:
    """Each function with its slope in a small plot of its own.

    Args:
        x: (n,). functions: name → value and slope, (n,) each. columns: plots in a row, from 1 to 20.

    Raises:
        ShapeError: ``columns`` is out of range.
    """
    if integer("columns", columns, 1) > 20:
        raise ShapeError(f"columns={columns}: must be from 1 to 20")
    rows = -(-len(functions) // columns)
    figure = Figure((10.4, 1.84 * rows + 0.4))
    figure.subplots_adjust(left=0.04, right=0.99, bottom=0.05, top=0.93 - 0.02 * (rows < 3), wspace=0.16, hspace=0.5)
    axes = figure.subplots(rows, columns, squeeze=False).ravel()
    for ax in axes[len(functions) :]:
        ax.axis("off")
    for ax, (name, (value, slope)) in zip(axes, functions.items(), strict=False):
        ax.axhline(0, color=style.inks()["line"], lw=1)
        ax.axvline(0, color=style.inks()["line"], lw=1)
        value_line = ax.plot(x, value, lw=3, **_look(0))[0]
        slope_line = ax.plot(x, slope, lw=2.5, **_look(1))[0]
        ax.set(title=name, xlim=(x[0], x[-1]), ylim=(-1.4, 3.2), xticks=[-4, 0, 4], yticks=[-1, 0, 1, 2, 3])
        ax.tick_params(labelsize=11)
    spare = axes[-1] if len(functions) < len(axes) else axes[0]
    spare.legend([value_line, slope_line], ["value f", "slope f′"], loc="center", frameon=False)
    return figure


@styled
def draw_curves(
    x: np.ndarray, ys: Mapping[str, np.ndarray], *, xlabel: str = "", ylabel: str = "", title: str = "",
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Curves on one pair of axes, each with its name in the legend: x (n,), each of ``ys`` (n,)."""
    ax = new_axes(ax, 8, 3.8)
    for at, (name, y) in enumerate(ys.items()):
        ax.plot(x, y, lw=3, label=name, **_look(at))
    ax.grid(color=style.inks()["faint"])
    ax.set(xlabel=xlabel, ylabel=ylabel, title=title)
    ax.legend(frameon=False, fontsize=13)
    return ax


@styled
def draw_race(
    epochs: Mapping[str, Sequence[float]], most: float, *, colours: Sequence[int] | None = None, title: str = "",
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """How many epochs each took: a bar for the mean, a dot for each seed, an arrow for what did not get there.

    Args:
        epochs: name → one number a seed; infinity means not within ``most``.
        colours: of each bar its place in the series' colours; None takes them in turn.
    """
    check_number("most", most, "above 0 that is finite", lambda most: 0 < most < math.inf)
    ax = new_axes(ax, 8.5, 0.62 * len(epochs) + 1.2)
    for at, values in enumerate(epochs.values()):
        each = np.asarray(values, float)
        there = np.isfinite(each)
        colour = _look(colours[at] if colours else at)["color"]
        ax.barh(
            at,
            each.mean() if there.all() and each.size else most,
            color=colour,
            height=0.6,
            alpha=1 if there.all() else 0.25,
        )
        ax.plot(
            each[there],
            np.full(there.sum(), at),
            "o",
            ms=9,
            color=style.inks()["paper"],
            mec=style.inks()["text"],
            mew=1.5,
        )
        if not there.all():
            ax.text(most, at, f" {(~there).sum()} of {len(each)}\n not yet →", va="center", fontsize=12)
    ax.set(yticks=range(len(epochs)), yticklabels=list(epochs), xlim=(0, 1.16 * most), xlabel="epochs", title=title)
    ax.invert_yaxis()
    ax.grid(axis="x", color=style.inks()["faint"])
    ax.set_axisbelow(True)
    return ax


@styled
def draw_costs(costs: Mapping[str, float], xlabel: str = "", *, ax: Axes | None = None) -> Axes:
    """What each costs as a bar with its number, one below the other: name → a number.

    Raises:
        TypeError: a cost is no number.
    """
    costs = {name: real(str(name), cost) for name, cost in costs.items()}
    ax = new_axes(ax, 8.5, 0.37 * len(costs) + 0.9)
    ax.barh(range(len(costs)), list(costs.values()), height=0.62, color=_look(0)["color"])
    for at, cost in enumerate(costs.values()):
        ax.text(cost, at, f" {cost:.1f}×", va="center")
    ax.set(yticks=range(len(costs)), yticklabels=list(costs), xlim=(0, 1.15 * max(costs.values())), xlabel=xlabel)
    ax.invert_yaxis()
    return ax
