"""What all pictures share: the lecture's style, axes to draw on, and the way into a notebook."""

from __future__ import annotations

import base64
import html
import io
import re
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import TYPE_CHECKING

import numpy as np
from IPython.display import display
from numpy.exceptions import ComplexWarning
from PIL import Image

from .. import style
from ..arguments import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Drawn = Axes | Figure

BLUE, ORANGE = style.BLUE, style.ORANGE


def styled(draw: Callable) -> Callable:
    """Draw with the lecture's fonts and colours, leave Matplotlib's own settings alone, and fail in words."""

    @wraps(draw)
    def inside(*args, **kwargs):
        import matplotlib

        with (
            matplotlib.rc_context(style.rc()),
            np.errstate(all="ignore"),
            warnings.catch_warnings(),
        ):  # what is NaN has no place, and that is all
            warnings.simplefilter("ignore", UserWarning)  # of limits that Matplotlib mends itself
            warnings.simplefilter("error", ComplexWarning)
            try:
                return draw(*args, **kwargs)
            except ComplexWarning:
                raise TypeError(f"{draw.__name__} got complex numbers: must draw real numbers") from None
            except MemoryError:
                raise ValueError(f"{draw.__name__} got more numbers than a figure can hold") from None

    return inside


def new_figure(width: float, height: float, layout: str | None = None) -> Figure:
    """An empty figure of this size in inches.

    Matplotlib is imported with the first, not with this library: a page with Python draws none before a cell asks for one.
    """
    from matplotlib.figure import Figure

    return Figure((width, height), layout=layout)


def new_axes(ax: Axes | None, width: float = 6, height: float = 3.5) -> Axes:
    """The axes given, or one alone on a new figure of this size in inches."""
    return new_figure(width, height, "constrained").subplots() if ax is None else ax


def row_of_axes(widths: Sequence[float], height: float, total: float = style.WIDTH) -> tuple[Figure, np.ndarray]:
    """A figure with axes side by side, as wide as ``widths`` says."""
    figure = new_figure(total, height)
    axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.09, top=0.89, wspace=0.08)  # a layout engine takes longer
    return figure, axes


def bare(ax: Axes, title: str = "") -> Axes:
    """Axes with a title, and without ticks and frame."""
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)
    return ax


def add_box(ax: Axes, corner: tuple[float, float], width: float, height: float, **look: object) -> None:
    """A rectangle on axes; ``look`` are properties of ``matplotlib.patches.Rectangle``."""
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle(corner, width, height, **look))


def png(drawn: Drawn) -> bytes:
    """The picture as a PNG file's bytes.

    >>> png(new_figure(1, 1))[1:4]
    b'PNG'
    """
    from matplotlib.backends.backend_agg import RendererAgg

    return _drawn_by(RendererAgg, drawn)[0]


def pngs(drawn: Drawn) -> tuple[bytes, bytes]:
    """A picture of the light theme, and the same in the dark one; photos and maps keep their colours.

    >>> [each[1:4] for each in pngs(new_figure(1, 1))]
    [b'PNG', b'PNG']
    """
    from .both_themes import BothThemes

    return _drawn_by(BothThemes, drawn)


def _drawn_by(make: Callable, drawn: Drawn) -> tuple[bytes, ...]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = drawn.figure
    FigureCanvasAgg(figure)  # a layout asks it how large letters are
    renderer = make(*figure.bbox.size, figure.dpi)
    figure.draw(renderer)  # savefig would draw twice, once for the layout alone
    return tuple(_encoded(np.asarray(each.buffer_rgba())) for each in (renderer, *getattr(renderer, "others", ())))


def _encoded(pixels: np.ndarray) -> bytes:
    """Pixels (rows, cols, 4) as a PNG file; with a palette unless it is a colour photo: notebooks are committed, and that halves the size."""
    picture, file = Image.fromarray(pixels), io.BytesIO()
    counted = picture.getcolors(4096)
    if counted:
        colours = np.array([colour for _, colour in sorted(counted, reverse=True)], np.uint8)
        places, palette = np.arange(len(colours)), colours[:, :3]
        if len(colours) > 256:  # the most frequent ones stay as they are, so does the page
            rare = Image.fromarray(colours[None, 128:, :3]).quantize(128, Image.Quantize.MAXCOVERAGE)
            places = np.append(places[:128], 128 + np.asarray(rare)[0])
            palette = np.append(palette[:128], np.reshape(rare.getpalette(), (-1, 3)), axis=0)
        place_of = np.empty(1 << 24, np.uint8)
        place_of[colours.view("<u4")[:, 0] & 0xFFFFFF] = places
        picture = Image.fromarray(place_of[pixels.view("<u4")[..., 0] & 0xFFFFFF])
        picture.putpalette(palette.astype(np.uint8).tobytes())
    else:
        picture = picture.convert("RGB")
    picture.save(file, "png")
    return file.getvalue()


class Picture:
    """A finished figure with the words that say what there is to see; shows itself at the end of a cell.

    Args:
        drawn: a figure, or axes on one.
        alt: what there is to see, for those who cannot see it.

    Raises:
        ValueError: ``alt`` is empty.

    >>> Picture(new_figure(1, 1), "A white square.")
    A white square.
    """

    def __init__(self, drawn: Drawn, alt: str):
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(f"alt={shown(alt)}: must say in words what there is to see")
        self.figure = drawn.figure
        self.alt = alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        """Data and metadata by MIME type; HTML comes with the PNG because it knows two themes and an alt text."""
        light, dark = pngs(self.figure)
        images = "".join(
            f'<img class="lecture-{theme}" alt="{html.escape(self.alt)}" style="max-width: 100%{hidden}" '
            f'src="data:image/png;base64,{base64.b64encode(image).decode()}">'
            for theme, image, hidden in (("light", light, ""), ("dark", dark, "; display: none"))
        )
        return {"text/plain": self.alt, "text/html": images, "image/png": light}, {"image/png": {"alt": self.alt}}


def _is_number(cell: str) -> bool:
    """Whether a cell holds one number, perhaps with a unit, or nothing.

    >>> [_is_number(each) for each in ("1,516", "−0.5 %", "", "120×1×1", "ReLU")]
    [True, True, True, False, False]
    """
    return re.fullmatch(r"([+−-]?[\d,.]+( ?%| [a-zA-Z]+)?)?", cell) is not None


class Table:
    """A table for a notebook; what stands between dollar signs is set as a formula. Columns of numbers end at the right.

    Raises:
        ValueError: a row is not as long as the head.
    """

    def __init__(self, head: Sequence[str], rows: Sequence[Sequence[object]]):
        self.lines = [[str(cell) for cell in row] for row in (head, *rows)]
        for line in self.lines:
            if len(line) != len(head):
                raise ValueError(f"rows has {line}: must have {len(head)} cells, as the head has")

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        width = [max(map(len, column)) for column in zip(*self.lines, strict=True)]
        right = [all(map(_is_number, column[1:])) for column in zip(*self.lines, strict=True)]
        plain = "\n".join(
            "  ".join(
                cell.rjust(each) if end else cell.ljust(each)
                for cell, each, end in zip(line, width, right, strict=True)
            ).rstrip()
            for line in self.lines
        )
        first, *others = (
            "<tr>"
            + "".join(
                f'<{tag} style="text-align: {"right" if end else "left"}">{html.escape(cell)}</{tag}>'
                for cell, end in zip(line, right, strict=True)
            )
            + "</tr>"
            for tag, line in zip(("th", *["td"] * len(self.lines)), self.lines, strict=False)
        )
        markup = f'<table style="font-size: 110%"><thead>{first}</thead><tbody>{"".join(others)}</tbody></table>'
        return {"text/plain": plain, "text/html": markup}


def show_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Show a :class:`Table` in a notebook."""
    display(Table(head, rows))
