"""Pictures of notebook 06: C3's table, a drawn digit, filters and maps, time and work, class vectors, units, mistakes."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ... import style
from ...explore import bare, draw_picture, mosaic, new_axes, row_of_axes, styled
from ...explore.plots import DASHES
from ...shapes import ShapeError

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
def draw_centring(drawing: np.ndarray, box: np.ndarray, digit: np.ndarray, centre: int) -> Figure:
    """The way of a drawing: with a frame around its ink, fitted into a small box, centred by mass.

    Args:
        drawing: (H, W). box: its ink, made small. digit: the box in its place.
        centre: row and column of ``digit`` where the centre of mass is.
    """
    figure, axes = row_of_axes([1] * 3, 3.7)
    draw_picture(drawing, "image", f"drawn: {_times(drawing)}", ax=axes[0])
    draw_picture(box, "image", f"fitted into 20×20: {_times(box)}", ax=axes[1])
    draw_picture(digit, "image", f"centred: {_times(digit)}", ax=axes[2])
    rows, cols = (np.flatnonzero(drawing.any(axis=axis)) for axis in (1, 0))
    top, left, bottom, right = rows[0] - 0.5, cols[0] - 0.5, rows[-1] + 0.5, cols[-1] + 0.5
    axes[0].plot([left, right, right, left, left], [top, top, bottom, bottom, top], color=style.BRIGHT, lw=2.5)
    for line in (axes[2].axhline, axes[2].axvline):
        line(centre, color=style.BRIGHT, lw=2, ls="--")
    return figure


def _times(array: np.ndarray) -> str:
    return "×".join(map(str, array.shape))


@styled
def draw_filter_banks(
    banks: Mapping[str, np.ndarray], columns: int = 16, widths: Sequence[float] | None = None
) -> Figure:
    """Banks of colour filters (K, 3, F, F) by title, side by side; in each filter grey is 0 and its largest weight is full."""
    widths = widths or [1] * len(banks)
    rows = max(-(-len(bank) // columns) for bank in banks.values())
    figure, axes = row_of_axes(widths, 0.5 + 10.2 * max(widths) / sum(widths) * rows / columns)
    for ax, (title, bank) in zip(axes, banks.items(), strict=True):
        bare(ax, title)
        most = np.abs(bank).max(axis=(1, 2, 3), keepdims=True)
        pixels = np.rint(127.5 + 127.5 * bank / np.where(most > 0, most, 1)).astype(np.uint8)
        ax.imshow(mosaic(np.moveaxis(pixels, 1, -1), columns, fill=np.uint8(255)))
        ax.set_anchor("N")
    figure.subplots_adjust(top=1 - 0.38 / figure.get_figheight(), bottom=0.01)
    return figure


@styled
def draw_many_maps(image: np.ndarray, maps: np.ndarray, title: str, columns: int = 16) -> Figure:
    """A photo (H, W, 3), and all maps (K, H', W') made of it in one mosaic, each map to a scale of its own."""
    rows = -(-len(maps) // columns)
    figure, axes = row_of_axes((1, 3.4), 0.55 + 10.2 * 3.4 / 4.4 * rows / columns)
    bare(axes[0], "input")
    axes[0].imshow(image)
    bare(axes[1], title)
    axes[1].imshow(mosaic(np.stack([style.colours(each, "map") for each in maps]), columns, fill=np.uint8(128)))
    for ax in axes:
        ax.set_anchor("N")
    figure.subplots_adjust(top=1 - 0.38 / figure.get_figheight(), bottom=0.01)
    return figure


@styled
def draw_time_and_work(names: Sequence[str], shares: Mapping[str, Sequence[float]], *, ax: Axes | None = None) -> Axes:
    """For each layer its share of several totals, as bars side by side; shares are from 0 to 1."""
    ax = new_axes(ax, 10.4, 1.0 + 0.46 * len(names))
    high = 0.8 / len(shares)
    for number, (label, values) in enumerate(shares.items()):
        places = np.arange(len(names)) + (number - (len(shares) - 1) / 2) * high
        ax.barh(places, values, height=high * 0.9, color=style.series()[number], label=label, hatch=("", "///")[number % 2],
                edgecolor=style.inks()["paper"], lw=0)  # fmt: skip
        for place, value in zip(places, values, strict=True):
            ax.text(value + 0.005, place, f"{100 * value:.0f} %", va="center", fontsize=12)
    ax.set(yticks=range(len(names)), yticklabels=names, xticks=[], ylim=(len(names) - 0.45, -0.55),
           xlim=(0, 1.1 * max(max(values) for values in shares.values())))  # fmt: skip
    ax.spines["bottom"].set_visible(False)
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1), ncols=len(shares))
    return ax


@styled
def draw_class_vector(image: np.ndarray, vectors: Mapping[str, np.ndarray], label: int) -> Figure:
    """A digit, and numbers for its classes by name: logits, their exponentials, probabilities."""
    figure, axes = row_of_axes([0.8, *([1] * len(vectors))], 3.4)
    draw_picture(image, "image", f"digit {label}", ax=axes[0])
    for ax, (name, values) in zip(axes[1:], vectors.items(), strict=True):
        _draw_classes(ax, values, label, name)
    return figure


def _draw_classes(ax: Axes, values: np.ndarray, label: int, title: str) -> None:
    ticks = range(len(values))
    bare(ax, title)
    ax.bar(ticks, values, color=[style.series()[2 if each == label else 1] for each in ticks])
    ax.axhline(0, color=style.inks()["line"], lw=1)
    ax.set_xticks(ticks)
    ax.tick_params(length=0, labelsize=12)


@styled
def draw_reliability(sets: Mapping[str, tuple[np.ndarray, np.ndarray]], *, ax: Axes | None = None) -> Axes:
    """Accuracy against confidence by name, numbers from 0 to 1; on the thin diagonal both are the same."""
    ax = new_axes(ax, 7.4, 4.0)
    ax.plot([0, 100], [0, 100], color=style.inks()["line"], lw=1)
    for at, (name, (confidence, accuracy)) in enumerate(sets.items()):
        look = {"color": style.series()[at % 8], "ls": DASHES[at % 4], "marker": "os^D"[at % 4]}
        ax.plot(100 * np.asarray(confidence), 100 * np.asarray(accuracy), lw=2.5, ms=8, label=name, **look)
    ax.set(xlim=(0, 102), ylim=(0, 104), xlabel="how sure the net is, %", ylabel="how often it is right, %")
    ax.grid(color=style.inks()["faint"])
    ax.legend(frameon=False, fontsize=13, loc="upper left")
    return ax


@styled
def draw_readout(accuracies: Mapping[str, Mapping[str, float]], *, ax: Axes | None = None) -> Axes:
    """Accuracies from 0 to 1 by layer, a line for each network by name."""
    ax = new_axes(ax, 9.6, 3.9)
    for at, (name, each) in enumerate(accuracies.items()):
        look = {"color": style.series()[at % 8], "ls": DASHES[at % 4], "marker": "os^D"[at % 4]}
        ax.plot(list(each), [100 * share for share in each.values()], lw=2.5, ms=7, label=name, **look)
    ax.set(ylim=(0, 104), ylabel="digits read right, %")
    ax.grid(color=style.inks()["faint"])
    ax.legend(frameon=False, fontsize=13, loc="lower left")
    return ax


@styled
def draw_units(layers: Mapping[str, Sequence[tuple[str, np.ndarray, np.ndarray]]]) -> Figure:
    """Strongest patches of units beside their projections (Zeiler & Fergus 2013, figure 2), a row for each layer.

    Args:
        layers: by name, units as (title, projections (9, h, w), patches (9, h, w), uint8), as many in each row.
    """
    columns = max(map(len, layers.values()))
    left, head, gap = 0.085, 0.3, 0.04  # the names' share of the width; inches for a title and between layers
    side = 10.4 * (1 - left) / (2.16 * columns)  # of nine pictures, in inches
    figure = Figure((10.4, len(layers) * (side + head + gap)))
    axes = figure.subplots(len(layers), 2 * columns, squeeze=False)
    share = head / figure.get_figheight()
    figure.subplots_adjust(left=left, right=0.995, bottom=0.005, top=1 - share, wspace=0.08, hspace=(head + gap) / side)
    for row, (name, units) in zip(axes, layers.items(), strict=True):
        for ax in row:
            bare(ax)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for pair, (title, projections, patches) in zip(row.reshape(-1, 2), units, strict=False):
            draw_picture(_sheet(projections, "map"), ax=pair[0])
            draw_picture(_sheet(patches, "image"), ax=pair[1])
            pair[0].set_title(title, fontsize=13, loc="left")
    return figure


def _sheet(tiles: np.ndarray, role: str, columns: int = 3, gap: int = 1) -> np.ndarray:
    """Pictures (count, h, w) as one in colours, each in a scale of its own; the page between them."""
    return mosaic(np.stack([style.colours(tile, role) for tile in tiles]), columns, gap, style.rgb("paper"))


@styled
def draw_projections(digits: np.ndarray, rules: Mapping[str, np.ndarray], titles: Sequence[str]) -> Figure:
    """Digits (D, H, W) in a row, and below them what each rule makes of one unit's answer, (D, H, W) by name."""
    rows = {"digit": digits} | dict(rules)
    left, head = 0.12, 0.36  # the names' share of the width; inches for the titles
    side = 10.4 * (0.995 - left) / (1.06 * len(digits))  # of a picture, in inches
    figure = Figure((10.4, 1.06 * side * len(rows) + head))
    axes = figure.subplots(len(rows), len(digits), squeeze=False)
    figure.subplots_adjust(
        left=left, right=0.995, bottom=0.005, top=1 - head / figure.get_figheight(), wspace=0.06, hspace=0.06
    )
    for at, (row, (name, pictures)) in enumerate(zip(axes, rows.items(), strict=True)):
        for ax, title, picture in zip(row, titles, pictures, strict=True):
            draw_picture(picture, "map" if at else "image", "" if at else title, ax=ax)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return figure
