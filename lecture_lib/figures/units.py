"""What units see, what a covered square changes, and what a class vector is worth."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import style
from ..explore.figure import bare, new_axes, row_of_axes, styled
from ..explore.grids import draw_picture, mark, mosaic
from ..explore.plots import DASHES
from ..shapes import ShapeError


def _sheet(tiles: np.ndarray, role: str, columns: int = 3, gap: int = 1) -> np.ndarray:
    """Pictures (count, h, w) as one in colours, each in a scale of its own; the page between them."""
    return mosaic(np.stack([style.colours(tile, role) for tile in tiles]), columns, gap, _rgb("paper"))


def _rgb(ink: str) -> np.ndarray:
    """An ink of the theme in use, uint8 (3,)."""
    colour = style.inks()[ink]
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)


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


@styled
def draw_occlusion(
    image: np.ndarray, square: tuple[int, int, int, int], right: np.ndarray, classes: np.ndarray, label: int
) -> Figure:
    """A digit with a part covered, the map of the right class's probability, and the class bars for that square.

    Args:
        image: uint8 (H, W), the square in it. square: first row and column, rows and columns.
        right: (R, S), from 0 to 1. classes: probabilities (M,). label: the right class.
    """
    figure, axes = row_of_axes([1, 1, 1.2], 3.7)
    mark(draw_picture(image, "image", f"{label}, partly covered", ax=axes[0]), *square)
    axes[0].images[0].set_extent((0, image.shape[1], image.shape[0], 0))
    draw_picture(style.colours(right, "image", (0, 1)), title=f"probability of {label}", ax=axes[1])
    axes[1].spines[:].set_visible(True)
    _draw_classes(axes[2], classes, label, "classes")
    return figure


def _draw_classes(ax: Axes, values: np.ndarray, label: int, title: str) -> None:
    ticks = range(len(values))
    bare(ax, title)
    ax.bar(ticks, values, color=[style.series()[2 if each == label else 1] for each in ticks])
    ax.axhline(0, color=style.inks()["line"], lw=1)
    ax.set_xticks(ticks)
    ax.tick_params(length=0, labelsize=12)


@styled
def draw_class_vector(image: np.ndarray, vectors: Mapping[str, np.ndarray], label: int) -> Figure:
    """A digit, and numbers for its classes by name: logits, their exponentials, probabilities."""
    figure, axes = row_of_axes([0.8, *([1] * len(vectors))], 3.4)
    draw_picture(image, "image", f"digit {label}", ax=axes[0])
    for ax, (name, values) in zip(axes[1:], vectors.items(), strict=True):
        _draw_classes(ax, values, label, name)
    return figure


@styled
def draw_confusion(counts: np.ndarray, *, ax: Axes | None = None) -> Axes:
    """How often each class (down) got each answer (across); the diagonal has no colour, so that mistakes can be seen."""
    counts = np.asarray(counts)
    if counts.dtype.kind not in "iu" or counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        raise ShapeError(
            f"counts has shape {counts.shape} and dtype {counts.dtype}: must be integers (classes, classes)"
        )
    ax = bare(new_axes(ax, 6.2, 5.9))
    mistakes = np.where(np.eye(len(counts), dtype=bool), 0, counts)
    limit = max(1, int(mistakes.max()))
    rgb = style.colours(mistakes, "weight", (-limit, limit))
    for at in range(len(counts)):
        rgb[at, at] = _rgb("faint")
    ax.imshow(rgb)
    for (row, col), count in np.ndenumerate(counts):
        if count:
            ax.text(col, row, str(count), ha="center", va="center", fontsize=12, color=style.text_colour(rgb[row, col]))
    edges = np.arange(len(counts) + 1) - 0.5
    ax.hlines(edges, -0.5, len(counts) - 0.5, color=style.inks()["line"], lw=0.8, clip_on=False)
    ax.vlines(edges, -0.5, len(counts) - 0.5, color=style.inks()["line"], lw=0.8, clip_on=False)
    ax.set(xticks=range(len(counts)), yticks=range(len(counts)), xlabel="the net says", ylabel="it is")
    ax.tick_params(length=0)
    return ax


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
