"""Curves on one pair of axes, read with a cursor."""

from collections.abc import Mapping, Sequence

import numpy as np

from .. import style
from ..arguments import as_float, one_of, shown
from ..shapes import ShapeError
from .explorer import Explorer
from .packing import pack
from .spec import Options, Places, Say, Slider


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
        x: (n,), at least two, increasing.
        ys: name → (n,), or (levels, n) where a slider chooses the level. NaN and infinity are gaps.
        spreads: name → an array like that of ``ys``: half the height of a band around the curve.
        levels: the slider's name, and what its stops are called.
        log: which axes are logarithmic, "", "x", "y" or "xy".
        limits: lowest and highest value of the y axis; None takes what the curves need.
        alt: what there is to see, in words.

    Raises:
        TypeError: an array does not hold real numbers.
        ShapeError: ``x``, a curve, a spread and ``levels`` do not fit each other.
        ValueError: an unknown ``log``; ``x`` does not increase; ``ys``, ``levels`` or ``alt`` is empty; a spread is
            negative, or of no curve; limits that do not rise, or are not above 0 on a logarithmic axis.

    >>> curves([0, 1, 2], {"square": np.array([0, 1, 4])}, xlabel="x", ylabel="x²", alt="A parabola.").state
    {'at': 1}
    """
    one_of("log", log, ("", "x", "y", "xy"))
    for name, value in (("ys", ys), ("levels", levels is None or levels[1])):
        if value is not True and len(value) == 0:
            raise ValueError(f"{name} is empty: must hold at least one")
    x = _increasing(as_float("x", x), "x" in log)
    spreads = spreads or {}
    for name in spreads:
        one_of("spreads", name, ys)
    shape = x.shape if levels is None else (len(levels[1]), *x.shape)
    arrays, traces, ends = {"x": x}, [], []
    for at, (name, y) in enumerate(ys.items()):
        y, spread = as_float(f"ys[{name!r}]", y), as_float(f"spreads[{name!r}]", spreads.get(name, 0.0))
        if y.shape != shape or spread.shape not in ((), shape):
            raise ShapeError(
                f"ys[{shown(name)}] has shape {y.shape} and its spread {spread.shape}: must be {shape}, as x and levels say"
            )
        if (spread < 0).any():
            raise ValueError(f"spreads[{shown(name)}] holds {spread.min()}: must be at least 0")
        trace = {"label": name, **style.look(at), "x": "x", "y": f"y{at}"}
        if levels is not None:
            trace["at"] = ["level"]
        arrays[f"y{at}"] = y
        if spread.ndim:
            arrays |= {f"low{at}": y - spread, f"high{at}": y + spread}
            trace |= {"low": f"low{at}", "high": f"high{at}"}
        ends += [y - spread, y + spread]
        traces.append(trace)
    y_limits = _rising(limits or _room(np.concatenate(ends, axis=None), "y" in log), "y" in log)
    if "y" in log:  # 0 and below have no place
        arrays |= {name: np.maximum(low, y_limits[0]) for name, low in arrays.items() if name.startswith("low")}
    panel = {
        "kind": "plot", "title": title, "cursor": "at", "log": log, "traces": traces, "xlabel": xlabel, "ylabel": ylabel,
        "x": [float(x[0]), float(x[-1])], "y": y_limits,
    }  # fmt: skip
    indices, controls = {"at": Places(len(x), len(x) // 2)}, []
    if levels is not None:
        indices["level"] = Options(list(levels[1]))
        controls.append(Slider("level", levels[0]))
    return Explorer(
        "", alt, indices=indices, controls=controls, panels=[panel], arrows=(None, "at"), sentence=Say(kind="curves"),
        arrays={name: pack(array, "curve") for name, array in arrays.items()}, height=380 if title else 354,
    )  # fmt: skip


def _increasing(x: np.ndarray, log: bool) -> np.ndarray:
    """``x`` as float64, if an axis can be made of it."""
    if x.ndim != 1 or len(x) < 2:
        raise ShapeError(f"x has shape {x.shape}: must have one axis, with at least two values")
    if not (np.isfinite(x).all() and (np.diff(x) > 0).all()):
        raise ValueError("x must increase from each value to the next, without NaN or infinity")
    if log and x[0] <= 0:
        raise ValueError(f"x begins at {x[0]:g}: must be above 0 on a logarithmic axis")
    return x.astype(np.float64)


def _rising(limits: Sequence[float], log: bool) -> list[float]:
    """Limits of the y axis as numbers of Python, if they are two that rise."""
    found = as_float("limits", limits).astype(np.float64).tolist()
    if np.shape(found) != (2,) or not np.isfinite(found).all() or found[0] >= found[1] or (log and found[0] <= 0):
        raise ValueError(f"limits={shown(limits)}: must be two finite numbers that rise" + (", above 0" if log else ""))
    return found


def _room(values: np.ndarray, log: bool) -> tuple[float, float]:
    """Limits of an axis with a little room on both sides of what can be drawn on it."""
    values = values[np.isfinite(values) & (values > 0 if log else True)]
    lowest, highest = (values.min(), values.max()) if values.size else (0.1, 1.0)
    if log:
        low, high = np.floor(np.log10(lowest)), np.ceil(np.log10(highest))
        return 10.0**low, 10.0 ** max(high, low + 1)
    room = 0.06 * (highest - lowest) or max(1.0, 0.06 * abs(highest))
    return lowest - room, highest + room
