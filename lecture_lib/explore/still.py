"""The panels of an explorer as a still picture, drawn by Matplotlib from the same declaration as the living one."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .. import style
from ..shapes import covered
from .figure import Picture, bare, row_of_axes, styled
from .grids import draw_grid, draw_picture, draw_question, mark, mosaic, scale_bar
from .plots import draw_plot
from .spec import Free, Look
from .still_layers import draw_boxes, draw_brackets, draw_fit, draw_pyramid, draw_wires
from .still_network import draw_network
from .still_walk import draw_walk
from .still_window import draw_terms, draw_window
from .where import Where

SMALLEST_CELL = 22
"""Pixels on a side of a cell, below which none has its number; the living picture has the same."""


def picture_of(explorer) -> tuple[dict, dict]:
    """The still picture of an explorer as data and metadata of an output: its text, and of one that a deck's presses move how
    many there are, and the last that shows what was hidden."""
    try:
        drawn = explorer.still() if explorer.still else draw_panels(explorer)
    except ValueError as error:  # a setting without an output has no picture either
        drawn = draw_question("There is no picture of this setting.", [str(error)])
    data, metadata = Picture(drawn, explorer.about)._repr_mimebundle_()
    if not explorer.presses:
        return data, metadata
    shows = [at for at, press in enumerate(explorer.presses) if press["show"]]
    return data, metadata | {"presses": len(explorer.presses) - 1} | ({"hides": shows[-1]} if shows else {})


@styled
def draw_panels(explorer) -> Figure:
    """An explorer's panels side by side, as it stands."""
    where, panels = Where(explorer), explorer.parts["panels"]
    figure, axes = row_of_axes([panel.get("share", 1) for panel in panels], explorer.height / 80)
    if any(panel["kind"] == "plot" for panel in panels):
        first, alone = panels[0]["kind"] == "plot", all(panel["kind"] == "plot" for panel in panels)
        figure.subplots_adjust(
            left=0.095 if first else 0.01, right=0.975, bottom=0.16, top=0.8, wspace=0.34 if alone else 0.45
        )
    if any("heads" in panel for panel in panels):
        figure.subplots_adjust(left=0.06, bottom=0.14)
    if any(panel["kind"] in ("grid", "sheet") for panel in panels):
        figure.subplots_adjust(bottom=0.14)  # for the scales
    for ax, panel in zip(axes, panels, strict=True):
        STILLS[panel["kind"]](ax if panel["kind"] == "plot" else bare(ax), panel, where)
        if panel["kind"] != "plot" and (title := _title(panel, where)):
            ax.set_title(
                title, fontsize=min(style.FONT_SIZE, 1.25 * ax.bbox.width / len(title))
            )  # no wider than its panel
    return figure


def _title(panel: dict, where: Where) -> str:
    if "titles" in panel:
        return panel["titles"][min(where.place(panel["index"]), len(panel["titles"]) - 1)]
    return panel.get("title", "")


def _grid(ax: Axes, panel: dict, where: Where) -> None:
    role, limit = where.explorer.scale(panel["array"], where.places(panel.get("among", ())))
    sliced = panel.get("slice")
    windows = where.windows() if sliced in ("map", "window", "input") or "reveal" in panel else None
    if sliced == "map":
        values = np.zeros((0, 0)) if windows is None else windows.map
    elif sliced == "window":
        values = np.zeros((0, 0)) if windows is None else windows.pixels
    else:
        values = where.plane(panel)
    if sliced == "input" and windows and windows.skip:
        values = values[windows.skip : -windows.skip, windows.skip : -windows.skip]
    if sliced == "pan":
        reach, (down, across) = panel["reach"], (where.place(each) for each in _names(panel, where))
        values = values[2 * reach - down :, 2 * reach - across :][
            : len(values) - 2 * reach, : values.shape[1] - 2 * reach
        ]
    if not values.size:
        ax.text(0.5, 0.5, "no output", ha="center", transform=ax.transAxes)
        return
    cell = min(ax.bbox.width / values.shape[1], ax.bbox.height / values.shape[0])
    if role == "rgb":
        draw_picture(values, ax=ax)
    elif "heads" in panel:
        _counts(ax, values, role, limit, panel["heads"])
    elif panel.get("numbers", cell >= SMALLEST_CELL):
        draw_grid(values, role, ax=ax, limit=limit, text=min(15, int(0.25 * cell)))
    else:
        ax.imshow(style.colours(values, role, limit))
    if role in style.ROLES and sliced != "window" and "heads" not in panel and "columns" not in panel:
        _scale(ax, role, where.explorer.ends(panel["array"], where.places(panel.get("among", ()))))
    for image in ax.images:  # cells from corner to corner, as marks lie
        image.set_extent((0, values.shape[1], values.shape[0], 0))
    ax.spines[:].set_visible("frame" in panel or "heads" in panel)
    _marks(ax, panel, where, windows)


def _scale(ax: Axes, role: str, ends: tuple[float, float]) -> None:
    """The scale below a panel."""
    left, bottom, width, _ = ax.get_position().bounds
    scale_bar(ax.figure, (left + 0.15 * width, bottom - 0.035, 0.7 * width, 0.025), role, ends)


def _counts(ax: Axes, values: np.ndarray, role: str, limit: tuple[float, float], heads: list[str]) -> None:
    """A matrix of counts with its rows and columns named; the diagonal without a colour."""
    rgb = style.colours(values, role, limit)
    rgb[np.eye(len(values), dtype=bool)] = style.rgb("faint")
    ax.imshow(rgb)
    for (row, col), count in np.ndenumerate(values):
        if count:
            ax.text(
                col + 0.5,
                row + 0.5,
                str(count),
                ha="center",
                va="center",
                fontsize=11,
                color=style.text_colour(rgb[row, col]),
            )
    middles, names = np.arange(len(values)) + 0.5, range(len(values))
    ax.set(ylabel=heads[0], xlabel=heads[1])
    ax.set_xticks(middles, names)
    ax.set_yticks(middles, names)
    ax.tick_params(length=0)


def _marks(ax: Axes, panel: dict, where: Where, windows) -> None:
    if "columns" in panel:
        _name_columns(ax, panel, where)
    if "cover" in panel:
        sides = zip(_names(panel, where), where.plane(panel).shape[:2], strict=True)
        (top, bottom), (left, right) = (
            covered(where.place(name) * panel["stride"], where.place(panel["cover"]), side) for name, side in sides
        )
        square = {"facecolor": panel["grey"], "edgecolor": style.BRIGHT, "lw": 2.5}
        ax.add_patch(Rectangle((left, top), right - left, bottom - top, **square))
    what = panel["marks"][where.place(panel["index"])] if "marks" in panel else panel.get("mark")
    if what == "cell":
        mark(ax, *(where.place(each) for each in _names(panel, where)))
    if what == "window" and windows:
        mark(ax, windows.top - windows.skip, windows.left - windows.skip, *windows.span)
    if what == "largest" and windows:
        mark(ax, *np.unravel_index(windows.pixels.argmax(), windows.pixels.shape))
    if "winner" in panel and windows:
        winner = where.array(panel["winner"], panel.get("among", ()))[windows.row * windows.map.shape[1] + windows.col]
        if winner[0] >= 0:  # below 0: there is none
            mark(ax, *winner)
    if "field" in panel:
        top, bottom, left, right = (where.place(each) for each in panel["field"])
        mark(ax, top, left, bottom - top + 1, right - left + 1)


def _name_columns(ax: Axes, panel: dict, where: Where) -> None:
    """Tiles in columns: the number of each column below it, and the column that ``marked`` names framed."""
    rows, cols = where.plane(panel).shape
    gap, count = panel.get("gap", 0), panel["columns"]
    wide = (cols + gap) / count
    ax.set_xticks([at * wide + (wide - gap) / 2 for at in range(count)], range(count))
    ax.tick_params(length=0, labelsize=12)
    if "marked" in panel:
        right = int(where.array(panel["marked"])[where.places(panel["at"])[:1]])
        mark(ax, 0, right * wide, rows, wide - gap)


def _names(panel: dict, where: Where) -> tuple[object, object]:
    down, across = where.explorer.arrows
    return panel.get("row") or down or 0, panel.get("col") or across or 0


def _plot(ax: Axes, panel: dict, where: Where) -> None:
    arrays = {name: where.explorer.array(name) for name in where.explorer.arrays}
    chosen = {name: where.place(name) for name, each in where.explorer.declared.items() if not isinstance(each, Free)}
    shared = panel.get("legend") == "shared" and panel is not where.explorer.parts["panels"][0]
    draw_plot(panel | {"legend": False} if shared else panel, arrays, chosen, ax=ax)


def _bars(ax: Axes, panel: dict, where: Where) -> None:
    bars = panel["bars"][where.place(panel["at"][0])] if "at" in panel else panel["bars"]
    for at, bar in enumerate(bars):  # words lie above their bar, as in the living picture
        colour = style.inks()[{"total": "mark", "rest": "muted"}[bar["role"]]] if "role" in bar else style.series()[0]
        ax.barh(at, bar["value"], 0.4, color=colour)
        ax.text(0, at - 0.25, f"{bar['label']}: {bar['text']}", fontsize=12, va="bottom")
    ax.set(xlim=(0, max([bar["value"] for bar in bars] + [panel.get("most", 1)])), ylim=(len(bars) - 0.6, -0.8))


def _columns(ax: Axes, panel: dict, where: Where) -> None:
    values = where.plane(panel)
    right = int(where.array(panel["marked"])[where.places(panel["at"])[:1]]) if "marked" in panel else -1
    top = int(np.argmax(values))
    colours = [style.series()[0]] * len(values)
    if right >= 0:  # as in the living picture: where another class wins, it stands out
        colours[top], colours[right] = style.inks()["mark"], style.series()[2]
    ax.bar(range(len(values)), values, color=colours)
    ax.axhline(0, color=style.inks()["line"], lw=1)
    most = panel.get("most") or max(0, *values) or 1
    ax.set_ylim(min(0, *values), most + 0.1 * (most - min(0, *values)))  # room for a number above the highest
    labels = panel.get("labels", range(len(values)))
    names = [f"{each}✓" if at == right else str(each) for at, each in enumerate(labels)]
    ax.set_xticks(range(len(values)), names, fontsize=12)
    ax.text(top, values[top], f"{values[top]:.2f}" if panel.get("plain") or "brief" in panel else style.percent(values[top]),
            ha="center", va="bottom", fontsize=12)  # fmt: skip


def _sheet(ax: Axes, panel: dict, where: Where) -> None:
    role, limit = where.explorer.scale(panel["array"], where.places(panel.get("among", ())))
    values = where.plane(panel)
    tiles = np.array(values) if role == "rgb" else style.colours(values, role, limit)
    if "counts" in panel:
        tiles[where.place(Look(panel["counts"], *panel["at"])) :] = style.rgb("paper")
    ax.imshow(mosaic(tiles, panel["columns"], 1, style.rgb("paper")))
    if role in style.ROLES:
        _scale(ax, role, where.explorer.ends(panel["array"], where.places(panel.get("among", ()))))


STILLS: dict[str, Callable[[Axes, dict, Where], None]] = {
    "bars": _bars, "boxes": draw_boxes, "brackets": draw_brackets, "columns": _columns, "fit": draw_fit, "grid": _grid,
    "network": draw_network, "plot": _plot, "pyramid": draw_pyramid, "sheet": _sheet,
    "terms": draw_terms, "walk": draw_walk, "window": draw_window, "wires": draw_wires,
}  # fmt: skip
"""Kind of panel → what draws it on an axes."""
