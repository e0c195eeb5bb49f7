"""Pictures of convolution: kernels and what they make, windows of one row, how fields grow."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ... import style
from ...explore import bare, draw_grid, draw_picture, new_axes, styled
from ...shapes import ShapeError, conv_output_size, dropped_columns

MOST_DRAWN = 2000
"""Columns of :func:`draw_fit`."""


@styled
def draw_kernel_table(kernels: Mapping[str, np.ndarray], pictures: Sequence[np.ndarray]) -> Figure:
    """Kernels by title as grids of numbers, each above the picture it makes."""
    figure = Figure((10.4, 3.9))
    axes = figure.subplots(2, len(kernels), squeeze=False)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=0.92, wspace=0.08, hspace=0.05)
    for (title, weights), picture, (above, below) in zip(kernels.items(), pictures, axes.T, strict=True):
        draw_grid(weights, "weight", ax=above, numbers=weights.size <= 9, text=13)
        above.set_title(title, fontsize=12)
        draw_picture(picture, "map", ax=below)
    return figure


@styled
def draw_fit(n: int, kernel_size: int, stride: int, padding: int, *, ax: Axes | None = None) -> Axes:
    """The windows of one row as bars under the columns they cover; dropped columns hatched."""
    ax, ink = bare(new_axes(ax, 8, 3.2)), style.inks()
    padded = n + 2 * padding
    if padded > MOST_DRAWN:
        raise ShapeError(f"n={n}, padding={padding}: makes {padded:,} columns, must be at most {MOST_DRAWN}")
    fits = kernel_size <= padded
    lost = dropped_columns(n, kernel_size, stride, padding) if fits else 0
    count = conv_output_size(n, kernel_size, stride, padding) if fits else 0
    for col in range(padded):
        inside = padding <= col < padding + n
        face = ink["paper"] if inside else ink["faint"]
        hatch = "////" if col >= padded - lost else None
        ax.add_patch(Rectangle((col, 0), 1, 1, facecolor=face, edgecolor=ink["text"], hatch=hatch))
        ax.text(col + 0.5, 0.5, str(col - padding) if inside else "0", ha="center", va="center")
    for at in range(count):
        ax.add_patch(Rectangle((at * stride + 0.08, 1.3 + at * 0.55), kernel_size - 0.16, 0.35, color=ink["mark"]))
        ax.text(at * stride + kernel_size + 0.1, 1.48 + at * 0.55, f"output {at}", va="center", fontsize=12)
    ax.set(xlim=(-0.1, padded + 2.2), ylim=(1.5 + count * 0.55, -0.1), aspect="equal",
           title=f"N = {n}, F = {kernel_size}, S = {stride}, P = {padding}: windows {count}, columns dropped {lost}")  # fmt: skip
    return ax


@styled
def draw_growth(curves: Mapping[str, Sequence[int]], *, ax: Axes | None = None) -> Axes:
    """Receptive field against depth, one curve a stack."""
    ax = new_axes(ax, 9, 3.6)
    for marker, (name, sizes) in zip(itertools.cycle("osD^v"), curves.items(), strict=False):
        ax.plot(range(1, len(sizes) + 1), sizes, marker=marker, label=name)
        ax.annotate(str(sizes[-1]), (len(sizes), sizes[-1]), xytext=(8, -4), textcoords="offset points")
    ax.set_yscale("log", base=2)
    ax.yaxis.set_major_formatter("{x:.0f}")
    ax.grid(axis="y", color=style.inks()["faint"])
    ax.set(xlabel="layers", ylabel="field, pixels", xticks=range(1, max(map(len, curves.values())) + 1))
    ax.legend(frameon=False)
    return ax
