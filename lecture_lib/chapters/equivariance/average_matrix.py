"""A dense matrix averaged over shifts and turns, as it becomes a convolution."""

from functools import cache

import numpy as np

from ... import style
from ...arguments import one_of
from ...explore import Choice, Explorer, Numbers, Options, Play, Say, Slider, mosaic, pack
from ...shapes import ShapeError, integer
from .moving import averaged, averagings, commutator, rows_in_place

CHIPS = ("12 numbers", "5×5, shifts", "5×5: shifts, turns", "5×5 to p4")
"""What the groups are called where there is little room, in the order of ``averagings``."""


@cache
def _stack(group: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The matrix after each step, its rows as pictures, and how far it is from equivariant."""
    each = averagings()[group]
    matrix = np.random.default_rng(seed).normal(size=(each.outputs.shape[1], each.inputs.shape[1]))
    matrices = averaged(matrix, each.inputs, each.outputs)
    generators = list(each.generators)
    errors = commutator(matrices, each.inputs[generators], each.outputs[generators])
    shape = (12,) if group == "row" else (5, 5)
    return matrices, np.stack([rows_picture(matrix, shape) for matrix in matrices]), errors


def rows_picture(matrix: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """What each output sees, its own place in the middle: rows of numbers, or a tile for each; maps beside each other.

    >>> rows_picture(np.ones((100, 25)), (5, 5)).shape
    (61, 61)
    """
    rows = rows_in_place(matrix, shape)
    if len(shape) == 1:
        return rows
    maps = [mosaic(rows[at : at + 25], 5) for at in range(0, len(rows), 25)]
    return maps[0] if len(maps) == 1 else mosaic(np.stack(maps), 2, 3)


def sentence(group: str, count: int, order: int, error: float) -> tuple[str, str]:
    """What has become of the matrix after ``count`` of ``order`` elements: the finding, and the numbers.

    >>> sentence("row", 12, 12, 2e-16)[0]
    'All rows are one filter, slid along: a convolution.'
    """
    averaged_over = f" Averaged over {count} of {order} moves"
    if error > 1e-12:
        shifts = group in ("turns", "lift") and count == order // 4
        finding = (
            "All shifts are in: each map has one filter, and only the turns are missing."
            if shifts
            else "Not equivariant yet."
        )
        return finding, f"{averaged_over}, both ways round differ by up to {100 * error:.0f} % of the matrix."
    finding = {
        "row": "All rows are one filter, slid along: a convolution.",
        "picture": "All 25 outputs have one filter: a convolution of the picture.",
        "turns": "All outputs have one filter, and it looks the same after every quarter turn.",
        "lift": "Four filters, one for each map, and they are one filter in its four turns: the lifting layer of p4.",
    }[group]
    return (
        finding,
        f"{averaged_over}, both ways round agree (largest difference {style.tiny(error) if error else '0'}).",
    )


def _moves(group: str) -> str:
    """The index that counts a group's moves: each group has its own, and keeps its place while others are looked at."""
    return f"{group}_moves"


def _averaged(group: str, seed: int) -> dict[str, object]:
    """What there is to see of a group, at every number of moves."""
    matrices, rows, errors = _stack(group, seed)
    order, digits = len(matrices), 1 if group == "row" else 6  # the numbers of the row can be read
    limit = style.limits(matrices[0].round(digits), "weight")  # averaging makes weights smaller, and so they are seen
    said = list(zip(*(sentence(group, at + 1, order, error) for at, error in enumerate(errors)), strict=True))
    moves, tall = _moves(group), matrices.shape[1] > matrices.shape[2]
    return {
        "arrays": {
            "matrix": [pack(each.round(digits), "weight", limit) for each in matrices],
            "rows": [pack(each.round(digits), "weight", limit) for each in rows],
            "count": pack(np.arange(1.0, order + 1), "curve"), "error": pack(100 * errors, "curve"),
        },
        "panels": [
            {"kind": "grid", "array": "matrix", "among": [moves], "title": "the matrix", "share": 0.45 if tall else 1, "size": False},
            {"kind": "grid", "array": "rows", "among": [moves], "title": "its rows, each output in the middle", "gaps": True, "size": False},
            {"kind": "plot", "title": "",  "size": False, "cursor": moves, "legend": False,
             "xlabel": "moves averaged", "ylabel": "difference, % of the matrix", "x": [0, 1.05 * order], "y": [0, 160],
             "traces": [{"label": "difference", "colour": 0, "x": "count", "y": "error"}]},
        ],
        "sentence": [Say(list(said[0]), at=[moves], tag="strong"), Say(list(said[1]), at=[moves])],
        "arrows": (None, moves),
        "about": (
            f"A random matrix averaged over moves ({averagings()[group].label}), its rows with each output in the middle, "
            f"and how far it is from equivariant, from {style.number(round(100 * errors[0]))} % down to 0."
        ),
    }  # fmt: skip


def average_matrix(group: str = "row", *, count: int = 1, seed: int = 0) -> Explorer:
    """Explorer of what equivariance leaves of a matrix: average a random one over more and more moves.

    Each of the groups can bring every place to every other, so a convolution is left (Kondor & Trivedi 2018).

    Args:
        group: a name of :func:`lecture_lib.chapters.equivariance.moving.averagings`.
        count: over how many moves the first picture is averaged.
        seed: of the random matrix.

    Raises:
        ValueError: an unknown ``group``.
        ShapeError: ``count`` is more than there are moves.

    >>> average_matrix("row", count=12).lives
    ('the moves', 'Moves')
    """
    groups = averagings()
    one_of("group", group, groups)
    orders = {name: len(each.inputs) for name, each in groups.items()}
    if integer("count", count, 1) > orders[group]:
        raise ShapeError(f"count={count}: must be at most {orders[group]}, the number of moves")
    moves, controls = {}, []
    for at, (name, order) in enumerate(orders.items()):
        index, here = _moves(name), {"group": [at]}
        moves[index] = Numbers(1, order, count if name == group else 1)
        controls += [
            Play(index, "the moves", interval=250, when=here),
            Slider(index, "Moves", "over how many moves it is averaged", when=here),
        ]
    which = Options(list(groups), group, labels=CHIPS, python=True)

    def answer(explorer: Explorer, names: set[str]) -> None:
        explorer.update(**_averaged(explorer.value("group"), seed))

    return Explorer(
        "Average a matrix", indices={"group": which, **moves},
        controls=[*controls, Choice("group", "Group", "what the matrix is averaged over")],
        hover=False, answer=answer, **_averaged(group, seed),
    )  # fmt: skip
