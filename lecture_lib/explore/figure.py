"""What all pictures share: the lecture's style, axes to draw on, and the way into a notebook."""

import base64
import html
import io
import warnings
from collections.abc import Callable, Sequence
from functools import wraps

import matplotlib
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.exceptions import ComplexWarning
from PIL import Image

from .. import style
from ..arguments import shown

BLUE, ORANGE = style.BLUE, style.ORANGE
Drawn = Axes | Figure


def styled(draw: Callable) -> Callable:
    """Draw with the lecture's fonts and colours, leave Matplotlib's own settings alone, and fail in words."""

    @wraps(draw)
    def inside(*args, **kwargs):
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


def new_axes(ax: Axes | None, width: float = 6, height: float = 3.5) -> Axes:
    """The axes given, or one alone on a new figure of this size in inches."""
    return Figure((width, height), layout="constrained").subplots() if ax is None else ax


def row_of_axes(widths: Sequence[float], height: float, total: float = 10.4) -> tuple[Figure, np.ndarray]:
    """A figure with axes side by side, as wide as ``widths`` says."""
    figure = Figure((total, height))
    axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.09, top=0.89, wspace=0.08)  # a layout engine takes longer
    return figure, axes


def bare(ax: Axes, title: str = "") -> Axes:
    """Axes with a title, and without ticks and frame."""
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_visible(False)
    return ax


def png(drawn: Drawn) -> bytes:
    """The picture as a PNG file's bytes.

    >>> png(Figure((1, 1)))[1:4]
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
        raise ValueError(f"alt={shown(alt)}: must say in words what there is to see")
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


def show_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Show a table in a notebook; what stands between dollar signs is set as a formula.

    Raises:
        ValueError: a row is not as long as the head.
    """
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    for line in lines:
        if len(line) != len(head):
            raise ValueError(f"rows has {line}: must have {len(head)} cells, as the head has")
    width = [max(map(len, column)) for column in zip(*lines, strict=True)]
    plain = "\n".join(
        "  ".join(cell.ljust(each) for cell, each in zip(line, width, strict=True)).rstrip() for line in lines
    )
    first, *others = (
        "<tr>" + "".join(f'<{tag} style="text-align: left">{html.escape(cell)}</{tag}>' for cell in line) + "</tr>"
        for tag, line in zip(("th", *["td"] * len(rows)), lines, strict=True)
    )
    markup = f'<table style="font-size: 110%"><thead>{first}</thead><tbody>{"".join(others)}</tbody></table>'
    display({"text/plain": plain, "text/html": markup}, raw=True)
