"""A dense matrix averaged over shifts and turns, as it becomes a convolution."""

from functools import cache

import ipywidgets
import numpy as np

from .. import figures, style
from ..arguments import checked, one_of
from ..chapters.equivariance.moving import averaged, averagings, commutator, rows_in_place
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, menu, pack, set_stops, stops

TILES = {"row": 1, "picture": 5, "turns": 5, "lift": 10}
"""How many tiles stand in a row of the picture of a matrix's rows."""


@cache
def _stack(group: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The matrix after each step, its rows as pictures, and how far it is from equivariant."""
    each = averagings()[group]
    matrix = np.random.default_rng(seed).normal(size=(each.outputs.shape[1], each.inputs.shape[1]))
    matrices = averaged(matrix, each.inputs, each.outputs)
    generators = list(each.generators)
    errors = commutator(matrices, each.inputs[generators], each.outputs[generators])
    shape = (12,) if group == "row" else (5, 5)
    return matrices, np.stack([rows_picture(matrix, shape, group) for matrix in matrices]), errors


def rows_picture(matrix: np.ndarray, shape: tuple[int, ...], group: str) -> np.ndarray:
    """What each output sees, its own place in the middle: rows of numbers, or a tile for each; maps beside each other.

    >>> rows_picture(np.ones((100, 25)), (5, 5), "lift").shape
    (61, 61)
    """
    rows = rows_in_place(matrix, shape)
    if len(shape) == 1:
        return rows
    maps = [figures.mosaic(rows[at : at + 25], 5) for at in range(0, len(rows), 25)]
    return maps[0] if len(maps) == 1 else figures.mosaic(np.stack(maps), 2, 3)


def sentence(group: str, count: int, order: int, error: float) -> str:
    """What has become of the matrix after ``count`` of ``order`` elements, in words.

    >>> sentence("row", 12, 12, 2e-16)[-51:]
    'All rows are one filter, slid along: a convolution.'
    """
    text = f"Averaged over {count} of {order} moves. "
    if error > 1e-12:
        text += f"Not equivariant yet: the two ways round differ by up to {100 * error:.0f} % of the matrix."
        shifts = group in ("turns", "lift") and count == order // 4
        return text + " But all shifts are in: each map has one filter, and only the turns are missing." * shifts
    text += f"Both ways round agree (largest difference {style.tiny(error) if error else '0'}). "
    return (
        text
        + {
            "row": "All rows are one filter, slid along: a convolution.",
            "picture": "All 25 outputs have one filter: a convolution of the picture.",
            "turns": "All outputs have one filter, and it looks the same after every quarter turn.",
            "lift": "Four filters, one for each map, and they are one filter in its four turns: the lifting layer of p4.",
        }[group]
    )


@checked
def average_matrix(group: str = "row", *, count: int = 1, seed: int = 0) -> Explorer:
    """Explorer of Kondor & Trivedi's theorem: average a random matrix over more and more moves.

    Args:
        group: a name of :func:`lecture_lib.equivariance.averagings`.
        count: over how many moves the first picture is averaged.
        seed: of the random matrix.

    Raises:
        ValueError: an unknown ``group``.
        ShapeError: ``count`` is more than there are moves.
    """
    groups = averagings()
    one_of("group", group, groups)
    names = [(each.label, name) for name, each in groups.items()]
    which = menu("Group", names, group, "what the matrix is averaged over", "420px")
    order = len(groups[group].inputs)
    if integer("count", count, 1) > order:
        raise ShapeError(f"count={count}: must be at most {order}, the number of moves")

    averaged_over = stops("Moves", range(1, order + 1), count, "over how many moves it is averaged", "360px")
    play = ipywidgets.Play(value=count - 1, min=0, max=order - 1, interval=250, description="Play", show_repeat=False)
    view = View(readout="stops", height=330, hover=False)

    def panels(order, size):
        return [
            {"kind": "grid", "array": "matrix", "index": "col", "title": "the matrix", "share": size, "size": False},
            {"kind": "grid", "array": "rows", "index": "col", "title": "its rows, each output in the middle", "share": 1, "size": False},
            {"kind": "plot", "title": "", "share": 1.15, "size": False, "cursor": True, "log": "", "legend": False,
             "xlabel": "moves averaged", "ylabel": "difference, % of the matrix", "x": [0, 1.05 * order], "y": [0, 160],
             "traces": [{"label": "difference", "colour": 0, "x": "count", "y": "error"}]},
        ]  # fmt: skip

    def still():
        matrices, rows, _ = _stack(which.value, seed)
        at = averaged_over.value - 1
        pictures = {"at first": matrices[0], f"over {at + 1}": matrices[at], "rows": rows[at]}
        return figures.draw_matrices(pictures)

    explorer = Explorer(view, [control_row(which, play, averaged_over)], "", still)

    def update(_=None):
        matrices, rows, errors = _stack(which.value, seed)
        order, digits = len(matrices), 1 if which.value == "row" else 6  # the numbers of the row can be read
        with view.hold_sync():
            view.arrays = {
                "matrix": [pack(each.round(digits), "weight", style.limits(each, "weight")) for each in matrices],
                "rows": [pack(each.round(digits), "weight", style.limits(each, "weight")) for each in rows],
                "count": pack(np.arange(1.0, order + 1), "curve"), "error": pack(100 * errors, "curve"),
            }  # fmt: skip
            view.panels = panels(order, 0.45 if matrices.shape[1] > matrices.shape[2] else 1)
            view.texts = [sentence(which.value, at + 1, order, error) for at, error in enumerate(errors)]
            view.label = explorer.alt = (
                f"A random matrix averaged over moves ({groups[which.value].label}), its rows with each output in the middle, "
                f"and how far it is from equivariant, from {style.number(round(100 * errors[0]))} % down to 0."
            )

    def change_group(_):
        order = len(groups[which.value].inputs)
        set_stops(averaged_over, range(1, order + 1))
        view.col, play.value, play.max = 0, 0, order - 1
        update()

    update()
    which.observe(change_group, "value")
    explorer.link(play, "col")
    explorer.link(averaged_over, "col", "index")
    return explorer
