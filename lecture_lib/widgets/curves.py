"""Curves on one pair of axes, read with a cursor."""

from collections.abc import Mapping, Sequence

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import one_of
from ..shapes import ShapeError
from .view import Explorer, View, control_row, pack


def curves(
    x: Sequence[float],
    ys: Mapping[str, np.ndarray],
    *,
    xlabel: str,
    ylabel: str,
    alt: str,
    spreads: Mapping[str, np.ndarray] | None = None,
    levels: tuple[str, Sequence[str]] | None = None,
    log: str = "",
    limits: tuple[float, float] | None = None,
    title: str = "",
) -> Explorer:
    """Explorer of curves: point at them, or use the arrow keys, and read every one's value.

    Args:
        x: (n,), increasing.
        ys: name → (n,), or (levels, n) where a slider chooses the level.
        spreads: name → an array like that of ``ys``: half the height of a band around the curve.
        levels: the slider's name, and what its stops are called.
        log: which axes are logarithmic, "", "x", "y" or "xy".
        limits: lowest and highest value of the y axis; None takes what the curves need.
        alt: what there is to see, in words.

    Raises:
        ShapeError: ``x``, a curve, a spread and ``levels`` do not fit each other.
        ValueError: an unknown ``log``; ``alt`` is empty.

    >>> explorer = curves([0, 1, 2], {"square": np.array([0, 1, 4])}, xlabel="x", ylabel="x²", alt="A parabola.")
    >>> explorer.view.readout
    'curves'
    """
    one_of("log", log, ("", "x", "y", "xy"))
    x = np.asarray(x, float)
    shape = x.shape if levels is None else (len(levels[1]), *x.shape)
    arrays, traces, lowest, highest = {"x": x}, [], [], []
    for at, (name, y) in enumerate(ys.items()):
        y, spread = np.asarray(y, float), np.asarray((spreads or {}).get(name, 0.0), float)
        if x.ndim != 1 or y.shape != shape or spread.shape not in ((), shape):
            raise ShapeError(
                f"ys[{name!r}] has shape {y.shape} and its spread {spread.shape}: must be {shape}, as x and levels say"
            )
        trace = {"label": name, "colour": at, "dash": at % 4, "x": "x", "y": f"y{at}"}
        if levels is not None:
            trace["at"] = ["level"]
        arrays[f"y{at}"] = y
        if spread.ndim:
            arrays |= {f"low{at}": y - spread, f"high{at}": y + spread}
            trace |= {"low": f"low{at}", "high": f"high{at}"}
        lowest.append(np.nanmin(y - spread))
        highest.append(np.nanmax(y + spread))
        traces.append(trace)
    panel = {
        "kind": "plot", "title": title, "share": 1, "size": False, "cursor": True, "log": log, "traces": traces,
        "xlabel": xlabel, "ylabel": ylabel, "x": [float(x[0]), float(x[-1])],
        "y": list(limits or _room(min(lowest), max(highest), "y" in log)),
    }  # fmt: skip
    view = View(
        panels=[panel], arrays={name: pack(array, "curve") for name, array in arrays.items()}, readout="curves",
        height=380, col=len(x) // 2,
    )  # fmt: skip
    if levels is None:
        return Explorer(view, [], alt, lambda: figures.draw_plots([panel], arrays))
    level = ipywidgets.SelectionSlider(
        options=list(levels[1]), description=levels[0], layout={"width": "420px"}, style={"description_width": "120px"}
    )
    explorer = Explorer(
        view, [control_row(level)], alt, lambda: figures.draw_plots([panel], arrays, {"level": level.index})
    )
    explorer.link(level, "level", "index")
    return explorer


def _room(lowest: float, highest: float, log: bool) -> tuple[float, float]:
    """Limits of an axis with a little room on both sides."""
    if log:
        return 10.0 ** np.floor(np.log10(lowest)), 10.0 ** np.ceil(np.log10(highest))
    room = 0.06 * (highest - lowest) or 1.0
    return lowest - room, highest + room
