"""Small drawings of the cheat sheet as SVG: what stands in them is computed by the library, their inks are the page's."""

import base64
import io
from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_hex
from PIL import Image

from lecture_lib import style
from lecture_lib.activations import Activation
from lecture_lib.shapes import Window

CELL = 14
"""Pixels on a side of a cell with a short number in it."""


def _svg(width: float, height: float, inside: str, says: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" role="img" '
        f'aria-label="{says}">{inside}</svg>'
    )


def grid(
    values: np.ndarray,
    role: str,
    chosen: tuple[int, int, int, int] | None = None,
    limit: tuple[float, float] | None = None,
) -> str:
    """Numbers in cells of the colours that the lecture gives to a role; ``chosen`` frames a window: row, column, rows, columns."""
    values = np.asarray(values)
    cell = max(CELL, 3 + 5 * max(len(style.number(each)) for each in values.flat))
    rgb = style.colours(values.astype(float), role, limit)
    parts = []
    for (row, col), value in np.ndenumerate(values):
        x, y, ground = col * cell + 2, row * cell + 2, rgb[row, col]
        parts.append(
            f'<rect x="{x}" y="{y}" width="{cell}" height="{cell}" fill="{to_hex(ground / 255)}" class="cell"/>'
        )
        parts.append(
            f'<text x="{x + cell / 2:g}" y="{y + cell / 2:g}" fill="{style.text_colour(ground)}">{style.number(value)}</text>'
        )
    if chosen:
        row, col, rows, cols = chosen
        frame = f'x="{col * cell + 2}" y="{row * cell + 2}" width="{cols * cell}" height="{rows * cell}"'
        parts.append(f'<rect {frame} class="rim"/><rect {frame} class="chosen"/>')
    high, wide = (side * cell + 4 for side in values.shape)
    return _svg(wide, high, "".join(parts), f"{values.shape[0]} by {values.shape[1]} numbers")


def windows(n: int, window: Window) -> str:
    """A row of pixels with its padding, and below it each place of the window; pixels that no window reaches are crossed out."""
    side, low = 7, 5
    padded, count = n + 2 * window.padding, window.output_size(n)
    tops = [window.seen_by(at, at)[0] + window.padding for at in range(count)]
    last = window.seen_by(count - 1, count - 1)[1] + window.padding
    parts = []
    for at in range(padded):
        kind = "zero" if not window.padding <= at < padded - window.padding else "left" if at > last else "pixel"
        parts.append(f'<rect x="{at * side + 1}" y="1" width="{side}" height="{side}" class="{kind}"/>')
        if kind == "left":
            parts.append(f'<path d="M{at * side + 2} {side}l{side - 2} {2 - side}" class="cross"/>')
    for nth, top in enumerate(tops):
        y = side + 4 + nth * low
        for tap in range(window.kernel_size):
            x = (top + tap * window.dilation) * side + 1.5
            parts.append(f'<rect x="{x:g}" y="{y}" width="{side - 1}" height="3" class="tap"/>')
    says = f"{count} places of a window of {window.kernel_size} over {n} pixels"
    return _svg(padded * side + 2, side + 5 + count * low, "".join(parts), says)


def pyramid(layers: Sequence[Window], side: int = 9) -> str:
    """What one unit of the last of some layers without stride sees of each layer below."""
    fields = [1]
    for window in reversed(layers):
        fields.append(window.seen_by(0, fields[-1] - 1)[1] + window.padding + 1)
    wide, parts = fields[-1], []
    for row, seen in enumerate(fields):
        y = row * (side + 7) + 1
        for at in range(seen):
            x = ((wide - seen) / 2 + at) * side + 1
            parts.append(
                f'<rect x="{x:g}" y="{y}" width="{side}" height="{side}" class="{"unit" if row == 0 else "pixel"}"/>'
            )
        if row + 1 < len(fields):
            for sign, near, far in ((-1, seen, fields[row + 1]), (1, seen, fields[row + 1])):
                middle = wide * side / 2 + 1
                parts.append(
                    f'<path d="M{middle + sign * near * side / 2:g} {y + side}L{middle + sign * far * side / 2:g} {y + side + 7}" class="wire"/>'
                )
    return _svg(wide * side + 2, len(fields) * (side + 7) - 5, "".join(parts), f"one unit sees {wide} pixels")


def curve(each: Activation, reach: float = 4, high: float = 3, low: float = -1.4) -> str:
    """An activation function as a line, and its slope dashed, over -4 to 4."""
    x = np.linspace(-reach, reach, 161)
    wide, tall = 76, 34
    across = (x + reach) / (2 * reach) * (wide - 2) + 1

    def line(y: np.ndarray, kind: str) -> str:
        down = (high - np.clip(y, low, high + 1)) / (high - low) * (tall - 2) + 1
        return f'<path d="M{" ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))}" class="{kind}"/>'

    zero = high / (high - low) * (tall - 2) + 1
    axes = f'<path d="M1 {zero:.1f}H{wide - 1}M{wide / 2:g} 1V{tall - 1}" class="axis"/>'
    return _svg(wide, tall, axes + line(each.df(x), "slope") + line(each.f(x), "curve"), f"{each.title} and its slope")


def photo(pixels: np.ndarray, says: str) -> str:
    """Pixels (rows, columns, 3) as a picture that stands in the page itself."""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "png", optimize=True)
    data = base64.b64encode(file.getvalue()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{says}" width="{pixels.shape[1]}" height="{pixels.shape[0]}">'
