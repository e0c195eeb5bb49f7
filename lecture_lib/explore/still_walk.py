"""A still picture of a network that is walked: the pad, what the network gets, a column of maps for each layer, its answer."""

import numpy as np
from matplotlib.axes import Axes

from .. import style
from ..data.drawings import on_pad
from .figure import bare
from .grids import draw_picture, mark, mosaic
from .where import Where

LINES = {1: 42, 2: 10}
"""Units, and maps, that stand one below the other at most."""


def draw_walk(ax: Axes, panel: dict, where: Where) -> None:
    """Pad and input on the left, the layers in the middle, the classes on the right."""
    values, columns = where.array(panel["values"]), panel["stages"]
    _pad(ax, panel, where)
    level, unit = where.place(panel["layer"]), where.place(panel["unit"])
    _input(ax.inset_axes((0.0, 0.02, 0.14, 0.42)), columns, values, level, unit)
    inner = columns[1:-1]
    wide = np.array([_per(column) * (column["cols"] + 1) ** 0.5 for column in inner]) + 1.5
    lefts = 0.17 + 0.61 * np.concatenate([[0], np.cumsum(wide)[:-1]]) / wide.sum()
    for at, (column, left, width) in enumerate(zip(inner, lefts, 0.61 * wide / wide.sum(), strict=True), 1):
        axis = bare(ax.inset_axes((left, 0, 0.85 * width, 0.93)))
        own = values[column["offset"] :][: column["size"]]
        own = np.maximum(own, 0) if column.get("relu") else values[column.get("shown", column["offset"]) :][: len(own)]
        shape = column["count"], column["rows"], column["cols"]
        tiles = style.colours(own.reshape(shape), "map", tuple(column["limit"]))
        axis.imshow(mosaic(tiles, _per(column), int(column["rows"] > 1), style.rgb("paper")))
        axis.set_title(column["label"], fontsize=12)
        if at == level:
            _mark_unit(axis, column, unit)
    _answer(ax.inset_axes((0.8, 0.02, 0.2, 0.93)), panel, where)


def _per(column: dict) -> int:
    """How many maps stand side by side."""
    most = LINES[1 if column["rows"] * column["cols"] == 1 else 2]
    return -(-column["count"] // most)


def _mark_unit(axis: Axes, column: dict, unit: int) -> None:
    _, rows, cols = column["count"], column["rows"], column["cols"]
    k, at = divmod(unit, rows * cols)
    gap = int(rows > 1)
    mark(
        axis,
        k // _per(column) * (rows + gap) + at // cols - 0.5,
        k % _per(column) * (cols + gap) + at % cols - 0.5,
        1,
        1,
    )


def _pad(ax: Axes, panel: dict, where: Where) -> None:
    digit = where.value(panel["digit"])
    under = None if digit is None else where.array(panel["array"])[digit]
    if where.value(panel["photo"]):
        under = where.array(panel["opened"])[0]
    axis = bare(ax.inset_axes((0.0, 0.5, 0.14, 0.43)))
    draw_picture(on_pad(where.value(panel["strokes"]), under), "image", ax=axis)
    axis.set_title("drawn", fontsize=12)


def _input(axis: Axes, columns: list[dict], values: np.ndarray, level: int, unit: int) -> None:
    """What the network gets, and the part of it that the chosen unit sees."""
    bare(axis, "what it gets")
    axis.title.set_fontsize(12)
    side, column = columns[0]["rows"], columns[level]
    axis.imshow(
        style.colours(values[: side * side].reshape(side, side), "image", tuple(columns[0]["limit"])),
        extent=(0, side, side, 0),
    )
    if level:
        at = divmod(unit % (column["rows"] * column["cols"]), column["cols"])
        edges = [
            (start + each * jump, start + each * jump + size)
            for each, start, jump, size in zip(at, *column["field"], strict=True)
        ]
        (top, bottom), (left, right) = ((max(0, first), min(side, last)) for first, last in edges)
        mark(axis, top, left, bottom - top, right - left)


def _answer(axis: Axes, panel: dict, where: Where) -> None:
    """How likely each class is."""
    shares, right = where.array(panel["classes"]), int(where.array(panel["marked"])[0])
    bare(axis, "answer")
    axis.title.set_fontsize(12)
    ticks, winner = range(len(shares)), int(np.argmax(shares))
    inks = style.inks()
    colours = [
        inks["text"]
        if at == winner and right < 0
        else inks["right"]
        if at == winner == right
        else inks["mark"]
        if at == winner
        else inks["line"]
        for at in ticks
    ]
    axis.barh(ticks, shares, color=colours)
    axis.set(xlim=(-0.3, 1.7), ylim=(len(shares) - 0.4, -0.6))
    for at, share in enumerate(shares):
        weight = "bold" if at == winner else "normal"
        axis.text(-0.06, at, f"{at}{' ✓' * (at == right)}", ha="right", va="center", fontsize=11, weight=weight)
        if share >= 0.005:
            axis.text(share + 0.04, at, style.percent(share), va="center", fontsize=11, weight=weight)
