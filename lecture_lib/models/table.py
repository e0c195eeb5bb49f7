"""The table of a network."""

import math
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from ..arguments import shown
from ..layers import Layer, Shape, check_network
from ..shapes import integer, times

# The table of a network


class SummaryRow(NamedTuple):
    """One layer of :func:`summary`."""

    layer: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int
    connections: int
    activation_bytes: int
    """What its output takes for one sample, in float32."""
    receptive_field: tuple[int, int]
    """Height and width of what one unit sees of the input, padding included."""


@dataclass(frozen=True)
class Summary:
    """The table of a network: text in a terminal, a table in a notebook."""

    rows: tuple[SummaryRow, ...]
    input_shape: Shape

    @property
    def total_parameters(self) -> int:
        """Learned numbers in all."""
        return sum(row.parameters for row in self.rows)

    @property
    def total_multiply_adds(self) -> int:
        """Multiplications with a weight for one sample, each with its addition."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def total_activation_bytes(self) -> int:
        """What all outputs take for one sample, in float32."""
        return sum(row.activation_bytes for row in self.rows)

    _HEADS = ("layer", "kind", "output", "parameters", "multiply-adds", "activations", "sees")

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [
            (row.layer, row.kind, times(row.output_shape), f"{row.parameters:,}", f"{row.multiply_adds:,}",
             f"{row.activation_bytes:,} B", times(row.receptive_field))
            for row in self.rows
        ]  # fmt: skip
        total = ("total", "", "", f"{self.total_parameters:,}", f"{self.total_multiply_adds:,}",
                 f"{self.total_activation_bytes:,} B", "")  # fmt: skip
        return [*rows, total]

    def __str__(self) -> str:
        cells = [self._HEADS, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ]
        rule = "-" * max(map(len, lines))
        return "\n".join([f"input {times(self.input_shape)}", lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells, tag):
            return (
                "<tr>"
                + "".join(
                    f'<{tag} style="text-align: {"left" if i < 2 else "right"}">{escape(cell)}</{tag}>'
                    for i, cell in enumerate(cells)
                )
                + "</tr>"
            )

        *rows, total = self._cells()
        body = "".join(row(cells, "td") for cells in rows)
        return (f"<table><caption>input {times(self.input_shape)}</caption><thead>{row(self._HEADS, 'th')}</thead>"
                f"<tbody>{body}</tbody><tfoot>{row(total, 'th')}</tfoot></table>")  # fmt: skip


def summary(model: Layer, input_shape: Shape) -> Summary:
    """The table of ``model`` for samples of ``input_shape``; no weights are made or needed.

    Raises:
        ShapeError: a layer cannot take what the one before it gives.

    >>> from lecture_lib.layers import Conv2d, MaxPool2d
    >>> from lecture_lib.models import Sequential
    >>> print(summary(Sequential([Conv2d(3, 10, 5, padding=2), MaxPool2d(2)]), (3, 32, 32)))
    input 3×32×32
    layer  kind         output  parameters  multiply-adds  activations  sees
    ------------------------------------------------------------------------
    0      Conv2d     10×32×32         760        768,000     40,960 B   5×5
    1      MaxPool2d  10×16×16           0              0     10,240 B   6×6
    ------------------------------------------------------------------------
    total                              760        768,000     51,200 B
    """
    check_network("model", model)
    if not isinstance(input_shape, list | tuple):
        raise TypeError(f"input_shape={shown(input_shape)}: must be the sizes of a sample, such as (1, 28, 28)")
    input_shape = tuple(integer("input_shape", side, 1) for side in input_shape)
    rows = [
        SummaryRow(
            name, layer.kind, out, sum(p.size for p in layer.parameters().values()),
            layer.multiply_adds(shape), layer.connections(shape), 4 * math.prod(out),
            (fields[0].size, fields[1].size),
        )
        for name, layer, shape, out, fields in model.rows(input_shape)
    ]  # fmt: skip
    return Summary(tuple(rows), input_shape)
