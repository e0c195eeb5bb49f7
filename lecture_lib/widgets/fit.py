"""Does it fit? Input size N, kernel size F, stride S, padding P, and the windows that result."""

from functools import cache

import numpy as np

from .. import figures
from ..shapes import ShapeError, conv_output_size, dropped_columns
from .view import Explorer, View, control_row, pack, slider

MOST_N, MOST_F, MOST_S, MOST_P = 12, 7, 4, 3
_TEXTS = [
    "Windows of {f} do not fit into {n} + 2·{p} = {padded} columns, so there is no output. "
    "Make N larger, F smaller, or add padding.",
    "(N − F + 2P)/S + 1 = ({n} − {f} + 2·{p})/{s} + 1 = {out}. The output is {out} × {out}, and every column is used.",
    "⌊(N − F + 2P)/S⌋ + 1 = ⌊({n} − {f} + 2·{p})/{s}⌋ + 1 = {out}. The division leaves a remainder of {dropped}. "
    "Dropped at the end (hatched): {dropped} of {padded} columns, and as many rows.",
]


@cache
def fit_table() -> np.ndarray:
    """Output size and dropped columns for every setting: int32, indexed [N, F, S, P]; size 0 means it does not fit.

    >>> fit_table()[7, 3, 3, 0].tolist()
    [2, 1]
    """
    table = np.zeros((MOST_N + 1, MOST_F + 1, MOST_S + 1, MOST_P + 1, 2), np.int32)
    for n, f, s, p in np.ndindex(table.shape[:-1]):
        try:
            table[n, f, s, p] = conv_output_size(n, f, s, p), dropped_columns(n, f, s, p)
        except ShapeError:
            continue  # zero stays: no output
    table.flags.writeable = False
    return table


def does_it_fit(n: int = 7, kernel_size: int = 3, stride: int = 2, padding: int = 0) -> Explorer:
    """Explorer of output sizes: the windows on the grid, the formula with its numbers, the columns dropped.

    Args:
        n: 1 to 12. kernel_size: 1 to 7. stride: 1 to 4. padding: 0 to 3. Where the sliders stand at first.
    """
    view = View(
        arrays={"fit": pack(fit_table(), "index")},
        panels=[
            {"kind": "fit", "part": "input", "title": "input with padding", "share": 3, "size": False},
            {"kind": "brackets", "title": "the windows of one row", "share": 3.4, "size": False},
            {"kind": "fit", "part": "output", "title": "output", "share": 2.4, "pick": "output", "size": False},
        ],
        readout="fit", texts=_TEXTS, height=320,
    )  # fmt: skip
    controls = {
        "n": slider("N  input", n, 1, MOST_N, "side of the input in pixels"),
        "f": slider("F  kernel", kernel_size, 1, MOST_F, "side of the kernel in pixels"),
        "stride": slider("S  stride", stride, 1, MOST_S, "pixels between windows"),
        "padding": slider("P  padding", padding, 0, MOST_P, "zeros on each side"),
    }
    alt = "Does it fit? The input grid with its padding, the windows of one row as bars, and the output grid."
    explorer = Explorer(
        view, [control_row(*controls.values())], alt,
        lambda: figures.draw_fit(*(control.value for control in controls.values())),
    )  # fmt: skip
    for name, control in controls.items():
        explorer.link(control, name)
    return explorer
