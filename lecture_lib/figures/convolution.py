"""Convolution: kernels and what they make, windows and strides, volumes, receptive fields, learned filters."""

import itertools
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle

from .. import style
from ..explore.figure import BLUE, ORANGE, bare, new_axes, row_of_axes, styled
from ..explore.grids import draw_grid, draw_picture, draw_pictures, mark
from ..shapes import ShapeError, Window, conv_output_size, dropped_columns, trace_back

MOST_DRAWN = 2000
"""Pixels in a row of :func:`draw_receptive_field`."""


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
def draw_steps(image: np.ndarray, kernel: np.ndarray, output: np.ndarray) -> Figure:
    """Image ∗ kernel = output, as grids of numbers with the first window framed."""
    figure, axes = row_of_axes([a.shape[1] + 1 for a in (image, kernel, output)], 3.6)
    mark(draw_grid(image, "image", "image", ax=axes[0]), 0, 0, *kernel.shape)
    draw_grid(kernel, "weight", "∗ kernel", ax=axes[1])
    mark(draw_grid(output, "map", "= output", ax=axes[2]), 0, 0)
    return figure


@styled
def draw_photo_and_map(photo: np.ndarray, output: np.ndarray, name: str) -> Figure:
    """A photo beside the map that a kernel makes of it, with the map's scale."""
    figure, axes = row_of_axes((1, 1), 3.9)
    draw_picture(photo, "image", f"photo, {photo.shape[0]} × {photo.shape[1]}", ax=axes[0])
    draw_picture(output, "map", f"{name}: {output.shape[0]} × {output.shape[1]}", ax=axes[1])
    low, high = style.limits(output, "map")
    axes[1].set_xlabel(f"{style.number(low)} bright blue · 0 black · {style.number(high)} white")
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


def _box(
    ax: Axes, at: tuple[float, float], size: tuple[float, float, float], colour: str, alpha: float = 0.3
) -> tuple[float, float]:
    """A box seen from the front right; returns where it ends (right, top)."""
    (x, y), (w, h, d) = at, size
    dx, dy = 0.4 * d, 0.3 * d
    faces = (
        [(x, y), (x + w, y), (x + w, y + h), (x, y + h)],
        [(x, y + h), (x + dx, y + h + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
        [(x + w, y), (x + w + dx, y + dy), (x + w + dx, y + h + dy), (x + w, y + h)],
    )
    for face, share in zip(faces, (1, 0.6, 0.8), strict=True):
        ax.add_patch(
            Polygon(face, facecolor=(*matplotlib.colors.to_rgb(colour), alpha * share), edgecolor=style.inks()["text"])
        )
    return x + w + dx, y + h + dy


@styled
def draw_volumes(boxes: Sequence[Mapping[str, object]], *, ax: Axes | None = None) -> Axes:
    """Volumes as boxes to one scale: each a mapping with w, h, d, role, label and size."""
    ax = bare(new_axes(ax, 10, 3.8))
    tallest = max(box["h"] + 0.3 * box["d"] for box in boxes)
    gap, x = 0.22 * max(tallest, max(box["w"] for box in boxes)), 0.0
    for box in boxes:
        at = (x, (tallest - box["h"] - 0.3 * box["d"]) / 2)
        right, _ = _box(ax, at, (box["w"], box["h"], box["d"]), ORANGE if box["role"] == "weight" else BLUE)
        right = max(right, x + 0.6 * gap)
        ax.text((x + right) / 2, -0.06 * tallest, f"{box['label']}\n{box['size']}", ha="center", va="top")
        x = right + gap
    ax.set(xlim=(-0.3 * gap, x - 0.7 * gap), ylim=(-0.4 * tallest, tallest * 1.04), aspect="equal")
    return ax


@styled
def draw_mix(pixels: np.ndarray, mixed: np.ndarray) -> Figure:
    """A photo (H, W, 3), its three channels, and the channel made of them."""
    names = ("red", "green", "blue")
    pictures = {"photo": pixels} | {name: pixels[..., at] for at, name in enumerate(names)} | {"new channel": mixed}
    return draw_pictures(pictures, columns=5, height=2.6)


@styled
def draw_receptive_field(stack: Sequence[Window], n: int, image: np.ndarray | None = None) -> Figure:
    """A stack from the side with the field of the middle unit of its last layer, and that field on an image."""
    if not 1 <= n <= MOST_DRAWN:
        raise ShapeError(f"n={n}: must be from 1 to {MOST_DRAWN}, pixels that can be told apart")
    sizes = [n]
    for window in stack:
        sizes.append(window.output_size(sizes[-1]))
    unit = sizes[-1] // 2
    seen = trace_back(stack, unit)
    figure, axes = row_of_axes((3, 1.4) if image is not None else (1,), 3.7)
    ax, ink = bare(axes[0], "the stack from the side"), style.inks()
    for level, (size, (first, last)) in enumerate(zip(sizes, seen, strict=True)):
        left = (n - size) / 2
        for col in range(size):
            lit = first <= col <= last
            ax.add_patch(Rectangle((left + col + 0.06, level), 0.88, 0.55, color=ink["mark"] if lit else ink["faint"]))
        ax.text(-0.8, level + 0.27, "input" if level == 0 else f"layer {level}", ha="right", va="center")
    ax.set(xlim=(-7, n + 0.5), ylim=(-0.2, len(sizes)))
    if image is not None:
        first, last = seen[0]
        side = last - first + 1
        shown = draw_picture(image, "image", f"field of {side} × {side}", ax=axes[1])
        mark(shown, first - 0.5, first - 0.5, side, side)
        shown.set(xlim=(min(-0.5, first - 1), max(n, last + 1)), ylim=(max(n, last + 1), min(-0.5, first - 1)))
    return figure


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


@styled
def draw_filters_and_maps(weights: np.ndarray, image: np.ndarray, maps: np.ndarray) -> Figure:
    """Filters (K, F_h, F_w) above the maps (K, H', W') they make of an image (H, W)."""
    figure = Figure((10.4, 3.4), layout="constrained")
    axes = figure.subplots(2, len(weights) + 1)
    bare(axes[0, 0], "filters")
    draw_picture(image, "image", "input", ax=axes[1, 0])
    largest, brightest = (style.limits(each, role) for each, role in ((weights, "weight"), (maps, "map")))
    for at, (filter_, map_) in enumerate(zip(weights, maps, strict=True), 1):
        draw_picture(style.colours(filter_, "weight", largest), title=str(at - 1), ax=axes[0, at])
        draw_picture(style.colours(map_, "map", brightest), ax=axes[1, at])
    return figure
