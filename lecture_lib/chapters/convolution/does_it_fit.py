"""Does it fit? Input size N, kernel size F, stride S, padding P, and the windows that result."""

from functools import cache

import numpy as np

from ...explore import Explorer, Look, Numbers, Places, Say, Slider, pack
from ...shapes import ShapeError, conv_output_size, dropped_columns

MOST_N, MOST_F, MOST_S, MOST_P = 12, 7, 4, 3
_TEXTS = [
    "Windows of {f} do not fit into {n} + 2·{padding} = {padded} columns, so there is no output. "
    "Make N larger, F smaller, or add padding.",
    "(N − F + 2P)/S + 1 = ({n} − {f} + 2·{padding})/{stride} + 1 = {out}. The output is {out} × {out}, and no column is left over at the end.",
    "⌊(N − F + 2P)/S⌋ + 1 = ⌊({n} − {f} + 2·{padding})/{stride}⌋ + 1 = {out}. The division leaves a remainder of {dropped}. "
    "Dropped at the end (hatched): {dropped} of {padded} columns, and as many rows.",
]
_SKIPPED = [
    "",
    " S is larger than F: between two windows 1 column is left out.",
    *(f" S is larger than F: between two windows {gap} columns are left out." for gap in range(2, MOST_S)),
]


@cache
def fit_table() -> np.ndarray:
    """For every setting the output's size (0 means that it does not fit), the columns dropped, the columns with padding,
    which sentence is true, and the columns skipped between two windows: int32, indexed [N − 1, F − 1, S − 1, P].

    >>> fit_table()[6, 2, 2, 0].tolist()
    [2, 1, 7, 2, 0]
    """
    table = np.zeros((MOST_N, MOST_F, MOST_S, MOST_P + 1, 5), np.int32)
    for n, f, s, p in np.ndindex(table.shape[:-1]):
        setting = n + 1, f + 1, s + 1, p
        try:
            out, dropped = conv_output_size(*setting), dropped_columns(*setting)
        except ShapeError:
            out, dropped = 0, 0
        skipped = max(0, s - f) if out > 1 else 0
        table[n, f, s, p] = out, dropped, n + 1 + 2 * p, 0 if out == 0 else 2 if dropped else 1, skipped
    table.flags.writeable = False
    return table


def does_it_fit(n: int = 7, kernel_size: int = 3, stride: int = 2, padding: int = 0) -> Explorer:
    """Explorer of output sizes: the windows on the grid, the formula with its numbers, the columns dropped.

    Args:
        n: 1 to 12. kernel_size: 1 to 7. stride: 1 to 4. padding: 0 to 3. Where the sliders stand at first.

    Raises:
        ShapeError: a setting is out of range.

    >>> does_it_fit().lives
    ('N  input', 'F  kernel', 'S  stride', 'P  padding')
    """
    setting = ("n", "f", "stride", "padding")
    out, dropped, padded, which, skipped = (Look("fit", *setting, at) for at in range(5))
    return Explorer(
        "Does it fit?",
        "Does it fit? The input grid with its padding, the windows of one row as bars, and the output grid.",
        indices={
            "n": Numbers(1, MOST_N, n), "f": Numbers(1, MOST_F, kernel_size), "stride": Numbers(1, MOST_S, stride),
            "padding": Numbers(0, MOST_P, padding), "row": Places(out), "col": Places(out),
        },
        controls=[
            Slider("n", "N  input", "side of the input in pixels"),
            Slider("f", "F  kernel", "side of the kernel in pixels"),
            Slider("stride", "S  stride", "pixels from one window to the next"),
            Slider("padding", "P  padding", "zeros on each side"),
        ],
        arrays={"fit": pack(fit_table(), "index")},
        panels=[
            {"kind": "fit", "table": "fit", "part": "input", "title": "input with padding"},
            {"kind": "brackets", "table": "fit", "title": "the windows of one row"},
            {"kind": "fit", "table": "fit", "part": "output", "title": "output", "pick": "output"},
        ],
        sentence=[
            Say(_TEXTS, at=[which], numbers={"out": out, "dropped": dropped, "padded": padded}), Say(_SKIPPED, at=[skipped]),
        ],
    )  # fmt: skip
