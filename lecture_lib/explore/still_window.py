"""Still pictures of a window that is opened: pixels, weights, products, and their sum term by term."""

from fractions import Fraction

import numpy as np
from matplotlib.axes import Axes

from .. import style
from .grids import draw_grid, mark
from .where import Where


def product_text(pixel: float, weight: float) -> str:
    """A product as it is, with four digits behind the point if that is all of it, else as a fraction.

    >>> product_text(129, 1 / 8), product_text(116, 1 / 9)
    ('16.125', '116/9')
    """
    exact = Fraction(float(pixel)).limit_denominator(256) * Fraction(float(weight)).limit_denominator(256)
    text = str(abs(float(exact))).removesuffix(".0") if exact * 10**4 % 1 == 0 else str(abs(exact))
    return "−" * (exact < 0) + text


def draw_window(ax: Axes, panel: dict, where: Where) -> None:
    """The pixels under the window, each with its weight and, if they are wanted, their product."""
    windows = where.windows()
    if windows is None:
        ax.text(0.5, 0.5, "no output", ha="center", transform=ax.transAxes)
        return
    role, limit = where.explorer.scale(where.explorer.parts["slide"].source)
    draw_grid(windows.pixels, role, ax=ax, limit=limit, numbers=False)
    rgb = style.colours(windows.pixels, role, limit)
    if windows.pixels.shape[1] <= 5:
        for (row, col), pixel in np.ndenumerate(windows.pixels):
            weight = windows.weights[row, col]
            lines = [style.number(pixel), f"× {style.exact(weight)}", f"= {product_text(pixel, weight)}"]
            ax.text(col + 0.5, row + 0.5, "\n".join(lines[: 2 if panel.get("products") is False else 3]), ha="center",
                    va="center", color=style.text_colour(rgb[row, col]), fontsize=34 / windows.pixels.shape[1])  # fmt: skip
    mark(ax, 0, 0, *windows.pixels.shape)


def draw_terms(ax: Axes, panel: dict, where: Where) -> None:
    """The sum as bars, each from where the one before it ended."""
    windows = where.windows()
    if windows is None:
        return
    ink, at, row = style.inks(), 0.0, 0
    pairs = [(x, w) for x, w in zip(windows.pixels.flat, windows.weights.flat, strict=True) if w]
    room = panel["high"] - panel["low"]
    for pixel, weight in pairs if len(pairs) <= 12 else ():
        value = float(pixel) * float(weight)
        ax.barh(row, value, 0.6, left=at, color=ink["adds" if value > 0 else "takes"])
        ax.text(
            panel["low"] - 0.06 * room,
            row,
            f"{style.number(pixel)} × {style.exact(weight)}",
            ha="right",
            va="center",
            fontsize=11,
        )
        at, row = at + value, row + 1
    total = float(windows.map[windows.row, windows.col])
    ax.barh(row, total, 0.75, color=ink["adds" if total > 0 else "takes"])
    ax.text(
        panel["low"] - 0.06 * room,
        row,
        f"together {style.number(total)}",
        ha="right",
        va="center",
        weight="bold",
        fontsize=11,
    )
    ax.axvline(0, color=ink["line"], lw=1)
    ax.set(xlim=(panel["low"] - 0.7 * room, panel["high"]), ylim=(row + 0.8, -0.8))
