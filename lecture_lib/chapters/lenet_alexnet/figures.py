"""Pictures of notebook 06: C3's table, a drawn digit, filters and maps, time and work, reliability, units."""

from collections.abc import Mapping, Sequence

import numpy as np

from ... import style
from ...data.digits import BACKGROUND, STROKE
from ...experiments import mean_and_spread
from ...explore import (
    Picture,
    bare,
    draw_filters_and_maps,
    draw_grids,
    draw_picture,
    draw_pictures,
    mosaic,
    new_axes,
    new_figure,
    row_of_axes,
    styled,
)
from ...explore.plots import DASHES
from ...shapes import ShapeError
from .classes import Calibration
from .inference import KINDS, LayerRun

MOST_DRAWN = 500
"""Rows of :func:`draw_connections`."""


@styled
def draw_connections(table: Sequence[Sequence[int]], inputs: int) -> Picture:
    """Which input maps each output map sees, as in table I of LeCun et al. 1998: a row for each input map.

    Under each column stands how many crosses it has, and beside each row, too.
    """
    if not 1 <= inputs <= MOST_DRAWN:
        raise ShapeError(f"inputs={inputs}: must be from 1 to {MOST_DRAWN}, rows that can be told apart")
    seen = np.zeros((inputs, len(table)), bool)
    for k, maps in enumerate(table):
        seen[list(maps), k] = True
    ax = new_axes(None, style.WIDTH, 0.42 * inputs + 1.6)
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
    ax.xaxis.labelpad = ax.yaxis.labelpad = 10
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return Picture(
        ax,
        f"A table of crosses: each of the {len(table)} maps of C3 has a column, each of the {inputs} maps of S2 a row. "
        f"The columns have {', '.join(map(str, groups))} crosses, the rows {', '.join(map(str, seen.sum(axis=1)))}.",
    )


@styled
def draw_centring(drawing: np.ndarray, box: np.ndarray, digit: np.ndarray, centre: int) -> Picture:
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
    return Picture(
        figure,
        f"A drawing of {_times(drawing)} pixels with a frame around its ink; the same with a longer side of "
        f"{max(box.shape)} pixels and grey edges; and in {_times(digit)} pixels, around the crossing of two lines.",
    )


def _times(array: np.ndarray) -> str:
    return "×".join(map(str, array.shape))


@styled
def draw_time_and_work(passed: Sequence[LayerRun]) -> Picture:
    """For each kind of layer the share of the time and of the multiply-adds, as bars side by side."""
    costs = {title: dict.fromkeys(KINDS, 0.0) for title in ("share of the time", "share of the multiply-adds")}
    for each in passed:
        for cost, added in zip(costs.values(), (each.seconds, each.multiply_adds), strict=True):
            cost[each.kind] += added
    names = list(costs["share of the time"])
    shares = {title: [each / (sum(cost.values()) or 1) for each in cost.values()] for title, cost in costs.items()}
    ax = new_axes(None, style.WIDTH, 1.0 + 0.46 * len(names))
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
    words = (
        f"{name} {', '.join(f'{100 * each:.0f} %' for each in row)}"
        for name, *row in zip(names, *shares.values(), strict=True)
    )
    return Picture(ax, f"Bars for each kind of layer, its {' and its '.join(shares)}: {'; '.join(words)}.")


@styled
def draw_reliability(sets: Mapping[str, Calibration], fewest: int = 15) -> Picture:
    """Accuracy against confidence by name, where there are not fewer samples; on the thin diagonal both are the same."""
    ax = new_axes(None, style.WIDTH, 4.2)
    ax.plot([0, 100], [0, 100], color=style.inks()["line"], lw=1)
    words = []
    for at, (name, each) in enumerate(sets.items()):
        sure, right = (100 * values[each.count >= fewest] for values in (each.confidence, each.accuracy))
        look = {"color": style.series()[at % 8], "ls": DASHES[at % 4], "marker": "os^D"[at % 4]}
        ax.plot(sure, right, lw=2.5, ms=8, label=name, **look)
        pairs = zip(sure, right, strict=True)
        words.append(
            f"{name}: "
            + ", ".join(f"{style.percent(hit / 100)} right at {style.percent(by / 100)} sure" for by, hit in pairs)
        )
    ax.set(xlim=(0, 102), ylim=(0, 104), xlabel="how sure the net is, %", ylabel="how often it is right, %")
    ax.grid(color=style.inks()["faint"])
    ax.legend(frameon=False, fontsize=13, loc="upper left")
    return Picture(ax, f"How often the net is right, against how sure it is. {'; '.join(words)}.")


@styled
def draw_readout(accuracies: Mapping[str, Mapping[str, np.ndarray]]) -> Picture:
    """Accuracies from 0 to 1 by layer, those of several nets (nets,): a line of their means for each name, with the spread."""
    ax = new_axes(None, style.WIDTH, 4.0)
    words = []
    for at, (name, each) in enumerate(accuracies.items()):
        look = {"color": style.series()[at % 8], "ls": DASHES[at % 4], "marker": "os^D"[at % 4]}
        means, spreads = mean_and_spread(100 * np.stack(list(each.values())), axis=1)
        ax.errorbar(list(each), means, spreads, lw=2.5, ms=7, capsize=4, label=name, **look)
        said = (
            f"{layer} {mean:.0f} {f'± {spread:.0f} ' if spread else ''}%"
            for layer, mean, spread in zip(each, means, spreads, strict=True)
        )
        words.append(f"{name}: {', '.join(said)}")
    ax.set(ylim=(0, 104), ylabel="digits read right, %")
    ax.grid(color=style.inks()["faint"])
    ax.legend(frameon=False, fontsize=13, loc="lower left")
    return Picture(ax, f"Digits read right from each layer by the nearest class mean. {'; '.join(words)}.")


@styled
def draw_units(layers: Mapping[str, Sequence[tuple[str, np.ndarray, np.ndarray]]]) -> Picture:
    """Strongest patches of units beside their projections (Zeiler & Fergus 2013, figure 2), a row for each layer, one scale a unit.

    Args:
        layers: by name, units as (title, projections (9, h, w), patches (9, h, w), as the network takes them), as many in each row.
    """
    columns = max(map(len, layers.values()))
    left, head, gap = 0.085, 0.3, 0.04  # the names' share of the width; inches for a title and between layers
    side = style.WIDTH * (1 - left) / (2.16 * columns)  # of nine pictures, in inches
    figure = new_figure(style.WIDTH, len(layers) * (side + head + gap))
    axes = figure.subplots(len(layers), 2 * columns, squeeze=False)
    share = head / figure.get_figheight()
    figure.subplots_adjust(left=left, right=0.995, bottom=0.005, top=1 - share, wspace=0.08, hspace=(head + gap) / side)
    for row, (name, units) in zip(axes, layers.items(), strict=True):
        for ax in row:
            bare(ax)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
        for pair, (title, projections, patches) in zip(row.reshape(-1, 2), units, strict=False):
            draw_picture(_sheet(projections, "map", style.limits(projections, "map")), ax=pair[0])
            ink = 255 * (patches - BACKGROUND) / (STROKE - BACKGROUND)
            draw_picture(_sheet(ink, "image", (0, 255)), ax=pair[1])
            pair[0].set_title(title, fontsize=13, loc="left")
    return Picture(
        figure,
        f"Units of {', '.join(layers)}, each with nine pictures from the way back and nine patches of digits. First layer: one "
        "and the same small filter, and short pieces of strokes. Later: noisy pictures in which arcs can be seen, and arcs, "
        "corners and line ends as patches. Last: noise, and nine whole digits of one class.",
    )


def _sheet(tiles: np.ndarray, role: str, limit: tuple[float, float], columns: int = 3, gap: int = 1) -> np.ndarray:
    """Pictures (count, h, w) as one in colours, all in one scale; the page between them."""
    pictures = np.stack([style.colours(tile, role, limit) for tile in tiles])
    opaque = np.pad(pictures, [(0, 0)] * 3 + [(0, 1)], constant_values=255)
    return mosaic(opaque, columns, gap, np.zeros(4, np.uint8))


@styled
def draw_projections(digits: np.ndarray, rules: Mapping[str, np.ndarray], titles: Sequence[str]) -> Picture:
    """Digits (D, H, W) in a row, and below them what each rule makes of one unit's answer, (D, H, W) by name, in one scale a rule."""
    rows = {"digit": digits} | dict(rules)
    left, head = 0.12, 0.36  # the names' share of the width; inches for the titles
    side = style.WIDTH * (0.995 - left) / (1.06 * len(digits))  # of a picture, in inches
    figure = new_figure(style.WIDTH, 1.06 * side * len(rows) + head)
    axes = figure.subplots(len(rows), len(digits), squeeze=False)
    figure.subplots_adjust(
        left=left, right=0.995, bottom=0.005, top=1 - head / figure.get_figheight(), wspace=0.06, hspace=0.06
    )
    for at, (row, (name, pictures)) in enumerate(zip(axes, rows.items(), strict=True)):
        role = "map" if at else "image"
        limit = style.limits(np.asarray(pictures), role)
        for ax, title, picture in zip(row, titles, pictures, strict=True):
            draw_picture(picture, role, "" if at else title, ax=ax, limit=limit)
        row[0].set_ylabel(name, rotation=0, ha="right", va="center")
    return Picture(
        figure,
        f"{len(digits)} digits, and below each what comes back from the output of its class by {', '.join(rules)}. Deconvnet "
        "and gradient: noise with a trace of the digit. Guided: the strokes of the digit, white, with blue beside them.",
    )


def draw_codes(codes: np.ndarray) -> Picture:
    """LeNet's ten codes (10, h, w), of numbers above and below 0, as white drawings with a black rim."""
    drawn = np.pad(255 * (codes > 0).astype(np.uint8), ((0, 0), (1, 1), (1, 1)))
    return Picture(
        draw_pictures({str(digit): code for digit, code in enumerate(drawn)}, columns=10, height=1.9),
        f"Ten drawings of {codes.shape[2]} by {codes.shape[1]} pixels, white on black: the digits 0 to 9 in thick "
        "strokes.",
    )


def draw_first_maps(weights: np.ndarray, image: np.ndarray, maps: np.ndarray) -> Picture:
    """C1's filters (K, F, F) above the maps (K, H', W') they make of a digit (H, W)."""
    return Picture(
        draw_filters_and_maps(weights, image, maps),
        f"A handwritten digit; {len(weights)} filters in orange and blue, less tidy than filters made by hand; and "
        f"{len(maps)} maps of the digit, in which most strokes have a white and a blue side.",
    )


def draw_small_maps(maps: np.ndarray) -> Picture:
    """S4's maps (K, h, w), numbered."""
    return Picture(
        draw_pictures({str(at): each for at, each in enumerate(maps)}, "map", columns=8, height=1.5),
        f"{len(maps)} maps of {_times(maps[0])} numbers, black where the map's pattern is not, with a few brighter cells "
        "where it is.",
    )


def draw_way_back(grids: Mapping[str, np.ndarray]) -> Picture:
    """From an image to its strongest answer and back to pixels, as numbers."""
    return Picture(
        draw_grids(grids, "map"),
        "Grids of numbers: an image, its map after convolution and ReLU, the pooled values, the strongest of them put back "
        "to its switch, and the pixels, where a copy of the filter stands, scaled.",
    )
