"""Architectures: volumes to scale with the shares of their layers; time beside work; banks of filters."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from .. import style
from ..explore.figure import BLUE, bare, new_axes, row_of_axes, styled
from ..explore.grids import mosaic


@styled
def draw_architecture(sheet: Mapping[str, object], measure: int = 0, *, root: bool = False) -> Figure:
    """A network's volumes to scale, and below each the share of its layers in all parameters, multiply-adds or memory.

    Args:
        sheet: what the explorer draws: volumes (name, size, c, h, w, parts, joined, apart, shares, percents) and measures.
        measure: which share.
        root: draw sides by their square root; otherwise they are to one linear scale. Depth always is by the root.
    """
    boxes = sheet["volumes"]
    figure = Figure((10.4, 3.9))
    upper, lower = figure.subplots(2, 1, height_ratios=(2.6, 1))
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.98, hspace=0.02)
    bare(upper)
    side = np.sqrt if root else float
    tallest = max(box["parts"] * 1.35 * side(box["h"]) for box in boxes)
    deepest = np.sqrt(max(box["c"] / box["parts"] for box in boxes))
    before: list[tuple[float, float]] = []
    for at, box in enumerate(boxes):
        high, wide = side(box["h"]) / tallest, side(box["w"]) / tallest
        deep = 0.3 * np.sqrt(box["c"] / box["parts"]) / max(deepest, 16)
        ends, middles = [], []
        for part in range(box["parts"]):
            y = 0.5 - (part + 0.5 - box["parts"] / 2) * 1.35 * high - 0.5 * high
            right, top = _slab(upper, (at - 0.5 * deep, y), (deep, high), (0.35 * wide, 0.25 * wide))
            ends.append((right, (y + top) / 2))
            middles.append((at - 0.5 * deep, y + high / 2))
        for a, start in enumerate(before if box["joined"] else ()):
            for b, end in enumerate(middles):
                if not (box["apart"] and len(before) == len(middles) and a != b):
                    upper.plot(*zip(start, end, strict=True), color=style.inks()["line"], lw=1, zorder=0)
        before = ends
        small = 11 if len(boxes) < 10 else 8.5 if len(boxes) < 14 else 6.5
        upper.text(at, -0.2, f"{box['name']}\n{box['size']}", ha="center", va="center", fontsize=small)
    upper.set(xlim=(-0.6, len(boxes) - 0.3), ylim=(-0.3, 1.1))
    _draw_shares_below(bare(lower), sheet, measure)
    return figure


def _draw_shares_below(ax: Axes, sheet: Mapping[str, object], measure: int) -> None:
    boxes = sheet["volumes"]
    shares = [box["shares"][measure] for box in boxes]
    ax.bar(range(len(boxes)), shares, color=style.series()[0], width=0.55)
    most = max(max(shares), 1e-9)
    for at, (box, share) in enumerate(zip(boxes, shares, strict=True)):
        ax.text(at, share + 0.04 * most, box["percents"][measure], ha="center", va="bottom", fontsize=12)
    ax.text(-0.55, 0.98 * 1.3 * most, sheet["measures"][measure], va="top", fontsize=13)
    ax.axhline(0, color=style.inks()["line"], lw=1)
    ax.set(xlim=(-0.6, len(boxes) - 0.3), ylim=(0, 1.3 * most))


def _slab(
    ax: Axes, at: tuple[float, float], size: tuple[float, float], slant: tuple[float, float]
) -> tuple[float, float]:
    """A volume seen from the front right, its depth across; returns where it ends (right, top)."""
    (x, y), (w, h), (dx, dy) = at, size, slant
    faces = (
        [(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
        [(x, y + h), (x + dx, y + h + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
        [(x + w, y), (x + w + dx, y + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
    )
    for face, alpha in zip(faces, (0.35, 0.2, 0.55), strict=True):
        ax.add_patch(Polygon(face, facecolor=BLUE, alpha=alpha, lw=0))
        ax.add_patch(Polygon(face, fill=False, edgecolor=style.inks()["text"], lw=0.7))
    return x + w + dx, y + h + dy


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
