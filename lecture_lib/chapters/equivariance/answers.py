"""Notebook 05, equivariance: the answers to its "Predict"."""

from collections.abc import Callable

import numpy as np

from ...data import grey_square, load_digits
from ...groups import P4Conv
from ...layers import Conv2d
from ...style import number
from .capsule_net import squash
from .moving import averaged, averagings, both_ways, lenet_maps, move_picture


def _photo() -> np.ndarray:
    """What the notebook calls photo: the cameraman, (96, 96)."""
    return grey_square("camera", 96).astype(float)


def _e1() -> str:
    photo = _photo()
    quarter, eighth = (
        int((np.histogram(move_picture(photo, "rotate", degrees, "circular"), 256, (0, 256))[0]
             != np.histogram(photo, 256, (0, 256))[0]).sum())
        for degrees in (90, 45)
    )  # fmt: skip
    return (
        f"Only the counts of greys: a turn by 90° moves every pixel to another place and changes none, so {quarter} of the "
        f"256 counts change. By 45° it is not so exact: the new pixels lie between the old ones and are mixed from them, "
        f"and {eighth} of the 256 counts change."
    )


def _e2() -> str:
    both = both_ways(_photo(), "filter", "translate", 5, "zero")
    columns = np.flatnonzero(np.abs(both.difference[0]).max(axis=0)).tolist()
    return (
        f"Only in columns {' and '.join(map(str, columns))} of 0 to 95. Column {columns[0]} lies just outside the seam: "
        "φ(g x) sees the photo's first column there, but M_g φ(x) has only the zeros that moved in. In the last column "
        "φ(g x) sees the zero padding, but M_g φ(x) was computed where the photo still went on. Everywhere else both agree."
    )


def layer_changes(shift: float, digits: int = 20) -> dict[str, float]:
    """By how much layers of the trained LeNet-5 change when digits move by ``shift`` pixels, as shares, the mean.

    >>> list(layer_changes(0, digits=1).values())
    [0.0, 0.0, 0.0, 0.0]
    """
    images = load_digits("test")[0][:digits].astype(float)
    found = {}
    for layer in ("C1", "S4", "F6", "output"):
        pairs = [(lenet_maps(x, layer), lenet_maps(move_picture(x, "translate", shift), layer)) for x in images]
        found[layer] = float(np.mean([np.linalg.norm(moved - still) / np.linalg.norm(still) for still, moved in pairs]))
    return found


def _e3() -> str:
    changes = layer_changes(2)
    most, least = max(changes, key=changes.get), min(changes, key=changes.get)
    listed = ", ".join(f"{layer} {100 * change:.0f} %" for layer, change in changes.items())
    return f"Of these four {most} changes most and {least} least: {listed} (mean of 20 test digits)."


def _e4() -> str:
    quarter, half = (both_ways(_photo(), "filter", "rotate", degrees, "circular").error for degrees in (90, 180))
    return (
        f"Very different: the difference is {100 * quarter:.0f} % of φ(g x). Sobel x looks for upright edges. In the turned "
        "photo it finds those that lay level before; turning the old map brings up those that stood upright. After 180° it "
        f"is even {100 * half:.0f} %: the same edges, all with the other sign."
    )


def _e5() -> str:
    return (
        "With map 1. The turned photo met by the filter in its first turn is, turned as a whole, the photo met by the filter "
        "as it was. So M_g turns every map and moves it on by one place: 0 to 1, 1 to 2, 2 to 3, and 3 to 0."
    )


def _e6() -> str:
    with_group, plain = P4Conv(6, 8, 3).weight.size, Conv2d(24, 32, 3).weight.size
    return (
        f"8·6·4·3·3 = {with_group:,}: each of the 8 filters has a 3×3 part for each of the 6·4 maps it reads. A plain "
        f"convolution from 24 maps to 32 has 32·24·3·3 = {plain:,}, {plain // with_group} times as many. The group convolution "
        "uses each filter in 4 turns: that is weight sharing once more."
    )


def _e7() -> str:
    group = averagings()["row"]
    matrix = np.random.default_rng(0).normal(size=(12, 12))
    last = averaged(matrix, group.inputs, group.outputs)[-1]
    return (
        f"{len(np.unique(last.round(9)))} different numbers instead of {len(np.unique(matrix))}: along each diagonal, which "
        "goes on at the far side, all are the same. That is a convolution: every row is the row above, moved on by one."
    )


def _e8() -> str:
    length = float(np.linalg.norm(squash(np.array([3.0, 4.0]))))
    short = float(np.linalg.norm(squash(np.array([0.06, 0.08]))))
    return (
        f"25/26 = {number(length)}, in the direction it had. A vector of length 0.1 shrinks to 0.01/1.01 = {number(short)}. "
        "So long ones end just below 1, and short ones nearly at 0."
    )


def _check() -> str:
    shift, odd = (both_ways(_photo(), "pool", "translate", by, "circular").error for by in (6, 5))
    return (
        f"By 6 pixels: yes, M_g moves the maps by 3 places; the difference is {number(shift)}. By 5: no; 5 is no multiple of 2. "
        f"With interpolation the difference is {100 * odd:.0f} % on the cameraman. Turned by 90°: no, unless the filter has "
        "four-fold symmetry or comes in all four turns."
    )


ANSWERS: dict[str, Callable[[], str]] = {
    "E1": _e1, "E2": _e2, "E3": _e3, "E4": _e4, "E5": _e5, "E6": _e6, "E7": _e7, "E8": _e8, "E check": _check,
}  # fmt: skip
