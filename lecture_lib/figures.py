"""Pictures: ``draw_*(arrays)`` returns a Matplotlib axes or figure. No arithmetic, no training, no files.

Figures are made without pyplot, so none stays open and nothing is drawn twice.
"""

import base64
import html
import io
import itertools
import textwrap
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import wraps

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from PIL import Image

from . import style
from .shapes import Window, conv_output_size, dropped_columns, trace_back

BLUE, ORANGE = "#3b82c4", "#d9730d"
Drawn = Axes | Figure


def _styled(draw: Callable) -> Callable:
    """Draw with the lecture's fonts and colours, and leave Matplotlib's own settings alone."""

    @wraps(draw)
    def inside(*args, **kwargs):
        with matplotlib.rc_context(style.rc()):
            return draw(*args, **kwargs)

    return inside


def _axes(ax: Axes | None, width: float = 6, height: float = 3.5) -> Axes:
    return Figure((width, height), layout="constrained").subplots() if ax is None else ax


def _row(widths: Sequence[float], height: float, total: float = 10.4) -> tuple[Figure, np.ndarray]:
    """A figure with axes side by side, as wide as ``widths`` says."""
    figure = Figure((total, height))
    axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.09, top=0.89, wspace=0.08)  # a layout engine takes longer
    return figure, axes


def _bare(ax: Axes, title: str = "") -> Axes:
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)
    return ax


def png(drawn: Drawn) -> bytes:
    """The picture as a PNG file's bytes.

    >>> png(draw_grid(np.eye(2)))[1:4]
    b'PNG'
    """
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    canvas, file = FigureCanvasAgg(figure), io.BytesIO()
    canvas.draw()  # savefig would draw twice, once for the layout alone
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    if picture.getcolors(4096):  # no colour photo: a palette halves the size, and notebooks are committed
        picture = picture.quantize(256, dither=Image.Dither.NONE)
    picture.save(file, "png")
    return file.getvalue()


def picture(drawn: Drawn, alt: str) -> tuple[dict[str, str | bytes], dict[str, dict[str, str]]]:
    """The picture as a notebook's output: data and metadata by MIME type.

    HTML comes with the PNG because JupyterLab shows a PNG output without its alt text.

    Raises:
        ValueError: ``alt`` is empty.
    """
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt={alt!r}: must say in words what there is to see")
    image = png(drawn)
    source = base64.b64encode(image).decode()
    markup = f'<img alt="{html.escape(alt)}" style="max-width: 100%" src="data:image/png;base64,{source}">'
    return {"text/plain": alt, "text/html": markup, "image/png": image}, {"image/png": {"alt": alt}}


def show(drawn: Drawn, alt: str) -> None:
    """Show a picture in a notebook; ``alt`` says what there is to see, for those who cannot see it.

    Raises:
        ValueError: ``alt`` is empty.
    """
    data, metadata = picture(drawn, alt)
    display(data, raw=True, metadata=metadata)


@_styled
def draw_grid(
    values: np.ndarray,
    role: str = "image",
    title: str = "",
    *,
    ax: Axes | None = None,
    numbers: bool = True,
    text: int = style.FONT_SIZE,
) -> Axes:
    """An array (rows, cols) as coloured cells, each with its number in letters of size ``text``."""
    values = np.asarray(values)
    ax = _bare(_axes(ax, 3.2, 3.4), title)
    rgb = style.colours(values, role)
    ax.imshow(rgb, extent=(0, values.shape[1], values.shape[0], 0))
    for (row, col), value in np.ndenumerate(values) if numbers else ():
        ink = style.text_colour(rgb[row, col])
        exact = role == "weight" and np.isfinite(value)  # 1/9 says more than 0.11
        written = str(Fraction(float(value)).limit_denominator(256)).replace("-", "−") if exact else style.number(value)
        ax.text(col + 0.5, row + 0.5, written, ha="center", va="center", color=ink, fontsize=text)
    line = {"color": style.inks()["line"], "lw": 0.8, "clip_on": False}
    ax.hlines(range(values.shape[0] + 1), 0, values.shape[1], **line)
    ax.vlines(range(values.shape[1] + 1), 0, values.shape[0], **line)
    return ax


def mark(ax: Axes, top: int, left: int, rows: int = 1, cols: int = 1) -> Axes:
    """Frame cells of a grid: dark rim, bright line."""
    for colour, width in (("#000000", 5), (style.BRIGHT, 2.5)):
        ax.add_patch(Rectangle((left, top), cols, rows, fill=False, color=colour, lw=width, clip_on=False, zorder=3))
    return ax


@_styled
def draw_picture(image: np.ndarray, role: str = "image", title: str = "", *, ax: Axes | None = None) -> Axes:
    """A photo (H, W, 3) or an array (H, W) in its role's colours."""
    image = np.asarray(image)
    ax = _bare(_axes(ax, 3.4, 3.6), title)
    ax.imshow(image if image.ndim == 3 else style.colours(image, role))
    return ax


@_styled
def draw_pictures(
    pictures: Mapping[str, np.ndarray], role: str = "map", *, columns: int = 4, height: float = 2.9
) -> Figure:
    """Pictures by title, in rows; arrays in the colours of ``role``."""
    rows = -(-len(pictures) // columns)
    figure = Figure((10.4, height * rows))
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    title = 0.36 / height  # the share of a row that its title takes
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.01, top=1 - title / rows, wspace=0.05, hspace=1.2 * title)
    for ax in axes:
        _bare(ax)
    for ax, (title, picture) in zip(axes, pictures.items(), strict=False):
        draw_picture(picture, "image" if picture.dtype == np.uint8 else role, title, ax=ax)
    return figure


@_styled
def draw_grids(grids: Mapping[str, np.ndarray], role: str) -> Figure:
    """Grids of numbers by title, side by side."""
    figure, axes = _row([grid.shape[1] for grid in grids.values()], 3.6)
    for ax, (title, grid) in zip(axes, grids.items(), strict=True):
        draw_grid(grid, role, title, ax=ax)
    return figure


@_styled
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


@_styled
def draw_steps(image: np.ndarray, kernel: np.ndarray, output: np.ndarray) -> Figure:
    """Image ∗ kernel = output, as grids of numbers with the first window framed."""
    figure, axes = _row([a.shape[1] + 1 for a in (image, kernel, output)], 3.6)
    mark(draw_grid(image, "image", "image", ax=axes[0]), 0, 0, *kernel.shape)
    draw_grid(kernel, "weight", "∗ kernel", ax=axes[1])
    mark(draw_grid(output, "map", "= output", ax=axes[2]), 0, 0)
    return figure


@_styled
def draw_photo_and_map(photo: np.ndarray, output: np.ndarray, name: str) -> Figure:
    """A photo beside the map that a kernel makes of it, with the map's scale."""
    figure, axes = _row((1, 1), 3.9)
    draw_picture(photo, "image", f"photo, {photo.shape[0]} × {photo.shape[1]}", ax=axes[0])
    draw_picture(output, "map", f"{name}: {output.shape[0]} × {output.shape[1]}", ax=axes[1])
    low, high = style.limits(output, "map")
    axes[1].set_xlabel(f"{style.number(low)} bright blue · 0 black · {style.number(high)} white")
    return figure


@_styled
def draw_fit(n: int, kernel_size: int, stride: int, padding: int, *, ax: Axes | None = None) -> Axes:
    """The windows of one row as bars under the columns they cover; dropped columns hatched."""
    ax, ink = _bare(_axes(ax, 8, 3.2)), style.inks()
    padded = n + 2 * padding
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


@_styled
def draw_volumes(boxes: Sequence[Mapping[str, object]], *, ax: Axes | None = None) -> Axes:
    """Volumes as boxes to one scale: each a mapping with w, h, d, role, label and size."""
    ax = _bare(_axes(ax, 10, 3.8))
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


@_styled
def draw_mix(pixels: np.ndarray, mixed: np.ndarray) -> Figure:
    """A photo (H, W, 3), its three channels, and the channel made of them."""
    names = ("red", "green", "blue")
    pictures = {"photo": pixels} | {name: pixels[..., at] for at, name in enumerate(names)} | {"new channel": mixed}
    return draw_pictures(pictures, columns=5, height=2.6)


@_styled
def draw_bars(bars: Sequence[Mapping[str, object]], *, ax: Axes | None = None) -> Axes:
    """Quantities as bars to one scale: each a mapping with label, value and text."""
    ax = _axes(ax, 9.5, 0.75 * len(bars) + 0.4)
    places, values = range(len(bars)), [bar["value"] for bar in bars]
    painted = [style.inks()["mark"] if bar.get("role") == "total" else BLUE for bar in bars]
    ax.barh(places, values, color=painted, height=0.6)
    for at, bar in zip(places, bars, strict=True):
        ax.text(bar["value"] + 0.01 * max(1, *values), at, bar["text"], va="center")
    ax.set(yticks=places, yticklabels=[bar["label"] for bar in bars], xticks=[], xlim=(0, 1.22 * max(1, *values)))
    ax.invert_yaxis()
    ax.spines["bottom"].set_visible(False)
    return ax


@_styled
def draw_receptive_field(stack: Sequence[Window], n: int, image: np.ndarray | None = None) -> Figure:
    """A stack from the side with the field of the middle unit of its last layer, and that field on an image."""
    sizes = [n]
    for window in stack:
        sizes.append(window.output_size(sizes[-1]))
    unit = sizes[-1] // 2
    seen = trace_back(stack, unit)
    figure, axes = _row((3, 1.4) if image is not None else (1,), 3.7)
    ax, ink = _bare(axes[0], "the stack from the side"), style.inks()
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


@_styled
def draw_growth(curves: Mapping[str, Sequence[int]], *, ax: Axes | None = None) -> Axes:
    """Receptive field against depth, one curve a stack."""
    ax = _axes(ax, 9, 3.6)
    for marker, (name, sizes) in zip(itertools.cycle("osD^v"), curves.items(), strict=False):
        ax.plot(range(1, len(sizes) + 1), sizes, marker=marker, label=name)
        ax.annotate(str(sizes[-1]), (len(sizes), sizes[-1]), xytext=(8, -4), textcoords="offset points")
    ax.set_yscale("log", base=2)
    ax.yaxis.set_major_formatter("{x:.0f}")
    ax.grid(axis="y", color=style.inks()["faint"])
    ax.set(xlabel="layers", ylabel="field, pixels", xticks=range(1, max(map(len, curves.values())) + 1))
    ax.legend(frameon=False)
    return ax


@_styled
def draw_filters_and_maps(weights: np.ndarray, image: np.ndarray, maps: np.ndarray) -> Figure:
    """Filters (K, F_h, F_w) above the maps (K, H', W') they make of an image (H, W)."""
    figure = Figure((10.4, 3.4), layout="constrained")
    axes = figure.subplots(2, len(weights) + 1)
    _bare(axes[0, 0], "filters")
    draw_picture(image, "image", "input", ax=axes[1, 0])
    largest, brightest = (style.limits(each, role) for each, role in ((weights, "weight"), (maps, "map")))
    for at, (filter_, map_) in enumerate(zip(weights, maps, strict=True), 1):
        draw_picture(style.colours(filter_, "weight", largest), title=str(at - 1), ax=axes[0, at])
        draw_picture(style.colours(map_, "map", brightest), ax=axes[1, at])
    return figure


@_styled
def draw_question(question: str, answers: Sequence[str], *, ax: Axes | None = None) -> Axes:
    """A quiz as text, for pages where it cannot be answered."""
    lines = [(part, "bold") for part in textwrap.wrap(question, 85)]
    lines += [(part, "normal") for answer in answers for part in textwrap.wrap(answer, 95)]
    ax = _bare(ax or Figure((9.5, 0.34 * len(lines) + 0.3)).add_axes((0.01, 0, 0.98, 1)))
    for at, (text, weight) in enumerate(lines):
        ax.text(0, 1 - (at + 0.7) / (len(lines) + 0.7), text, weight=weight, transform=ax.transAxes)
    return ax
