"""Moves of a picture, and of what represents it."""

import math
from dataclasses import dataclass

import numpy as np

from .... import transforms
from ....arguments import one_of
from ....groups import transform_maps

SMOOTHNESS = 8.0  # pixels: bends that a photo of a hundred pixels shows


@dataclass(frozen=True)
class Move:
    """A kind of move and how far it can go."""

    label: str
    unit: str
    levels: tuple[float, ...]
    start: float
    """A level that shows something."""


MOVES: dict[str, Move] = {
    "translate": Move("shift to the right", "px", tuple(each / 2 for each in range(-32, 33)), 3),
    "rotate": Move("rotate", "°", tuple(range(-180, 181, 15)), 90),
    "scale": Move("scale", "×", tuple(each / 20 for each in range(10, 31)), 1.25),
    "reflect": Move("mirror", "times", (0, 1), 1),
    "elastic": Move("bend", "px", tuple(each / 2 for each in range(13)), 3),
}
"""The lecture's transformations, and the mirror."""


def move_picture(images: np.ndarray, move: str, level: float, border: str = "zero") -> np.ndarray:
    """g x: images (..., H, W) moved by ``level``, in the unit of :data:`MOVES`.

    Raises:
        ValueError: an unknown ``move`` or ``border``.
        TypeError, ShapeError: as the functions of :mod:`lecture_lib.transforms`.

    >>> move_picture(np.array([[1.0, 2, 4]]), "translate", 1, "circular")
    array([[4., 1., 2.]])
    """
    return _move(np.asarray(images), move, level, border, 1, np.shape(images)[-1])


def move_maps(
    maps: np.ndarray, move: str, level: float, border: str = "zero", *,
    stride: int = 1, side: int | None = None, group: str = "", whole: bool = False,
) -> np.ndarray:  # fmt: skip
    """M_g φ(x): maps (C, h, w) moved as the picture was, ``stride`` of whose pixels are one place of a map.

    Args:
        side: of the picture; None takes ``stride`` times that of the maps.
        group: "p4" or "p4m" for maps that belong to the elements of a group: they change places, too.
        whole: a shift that ends between two places goes to the nearest one, instead of being interpolated.

    Raises:
        ValueError, TypeError, ShapeError: as :func:`move_picture` and :func:`lecture_lib.groups.transform_maps`.

    >>> move_maps(np.array([[[0.0, 8, 0, 0]]]), "translate", 1, stride=2)  # half a place
    array([[[0., 4., 4., 0.]]])
    >>> move_maps(np.array([[[0.0, 8, 0, 0]]]), "translate", 1, stride=2, whole=True)
    array([[[0., 0., 8., 0.]]])
    """
    side = stride * np.shape(maps)[-1] if side is None else side
    if move == "translate":
        by = level / stride
        return transforms.translate(maps, 0, math.floor(by + 0.5) if whole else by, border)
    if group and move == "rotate":
        turns = math.floor(level / 90 + 0.5)
        return transform_maps(transforms.rotate(maps, level - 90 * turns, border), turns % 4, group)
    if group == "p4m" and move == "reflect" and level:
        return transform_maps(maps, 4, group)
    return _move(maps, move, level, border, stride, side)


def _move(images: np.ndarray, move: str, level: float, border: str, stride: int, side: int) -> np.ndarray:
    one_of("move", move, MOVES)
    if move == "translate":
        return transforms.translate(images, 0, level / stride, border)
    if move == "rotate":
        return transforms.rotate(images, level, border)
    if move == "scale":
        return transforms.scale(images, level, border)
    if move == "reflect":
        return transforms.reflect(images) if level else images.copy()
    field = transforms.displacement((side, side), level, 0, SMOOTHNESS)
    h, w = images.shape[-2:]
    rows, cols = ((side - 1) / 2 + stride * (np.arange(n) - (n - 1) / 2) for n in (h, w))  # the maps' places in it
    rows, cols = (np.rint(each).astype(int).clip(0, side - 1) for each in (rows, cols))
    return transforms.warp(images, field[:, rows[:, None], cols] / stride, border)
