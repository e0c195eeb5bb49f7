"""How alike the nine strongest patches of a map are, whether it was chosen or drawn at random: the directions of their edges."""

from collections.abc import Sequence

import numpy as np

from ...data.photo_input import PHOTO_MEAN
from ...experiments import Computed
from ...models import trained_photo_net
from .photo_units import (
    DEPTHS,
    Depth,
    cut_patch,
    cut_square,
    every_square,
    field_of,
    peaks,
    strongest,
)

COUNT = 60
"""Maps of each depth that are drawn at random; all are none of those chosen."""
CELLS, DIRECTIONS = 4, 8


def edges(patch: np.ndarray) -> np.ndarray:
    """How strong the edges of a patch (h, h, 3) are in 8 directions, in each of 4×4 parts: their roots, float64 (128,).

    (After Dalal & Triggs 2005, histograms of oriented gradients.) Both ways across an edge are one direction.

    >>> stripes = np.zeros((8, 8, 3))
    >>> stripes[:, ::4] = 255
    >>> edges(stripes).reshape(16, 8)[0].round().astype(int).tolist()
    [28, 0, 0, 0, 0, 0, 0, 0]
    """
    down, across = np.gradient(patch.mean(axis=2, dtype=float))
    turn = (np.arctan2(down, across) % np.pi / np.pi * DIRECTIONS).astype(int) % DIRECTIONS
    part = np.arange(len(patch)) * CELLS // len(patch)
    strength = np.zeros((CELLS, CELLS, DIRECTIONS))
    np.add.at(strength, (part[:, None], part[None, :], turn), np.hypot(down, across))
    return np.sqrt(strength).ravel()


def likeness(patches: Sequence[np.ndarray]) -> float:
    """Pearson's correlation of the edges of two patches, in the mean over all pairs; a patch without edges is like none."""
    found = np.stack([edges(each) for each in patches])
    found -= found.mean(axis=1, keepdims=True)
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)
    return float((found @ found.T)[np.triu_indices(len(found), 1)].mean())


def _groups(depth: Depth, response: np.ndarray, place: np.ndarray, places: int) -> dict[str, list[tuple]]:
    """Answers of maps to all squares, and their places: maps chosen, maps drawn, and some that answer anywhere at random."""
    rng, (squares, maps) = np.random.default_rng(0), response.shape
    drawn = rng.choice([each for each in range(maps) if each not in depth.chosen], COUNT, replace=False)
    return {
        "chosen": [(response[:, each], place[:, each]) for each in depth.chosen],
        "drawn": [(response[:, each], place[:, each]) for each in drawn],
        "anywhere": [(rng.random(squares), rng.integers(places**2, size=squares)) for _ in range(COUNT)],
    }


def _compute() -> dict[str, np.ndarray]:
    net, squares = trained_photo_net()[0], every_square()
    cut, found = {each: cut_square(each) for each in squares}, {}
    for (layer, depth), answers in zip(DEPTHS.items(), peaks(net, squares).values(), strict=True):
        field, places = field_of(net, layer)
        for group, maps in _groups(depth, *answers, places).items():
            nines = [strongest(*each, squares, field, places, depth.window) for each in maps]
            alike = [
                likeness([cut_patch(cut[each.square], each, depth.window, PHOTO_MEAN) for each in nine])
                for nine in nines
            ]
            found.setdefault(group, []).append(alike)
    return {group: np.array(each) for group, each in found.items()}


PHOTO_LIKENESS = Computed(
    "lenet_alexnet_photo_likeness", _compute,
    {"chosen": (len(DEPTHS), 5), "drawn": (len(DEPTHS), COUNT), "anywhere": (len(DEPTHS), COUNT)},
)  # fmt: skip
"""Of each depth :func:`likeness` of maps that were chosen, of maps drawn at random, and of patches taken anywhere by the same
rule: ``make recordings ONLY=photo_likeness``."""


def patch_likeness() -> dict[str, dict[str, np.ndarray]]:
    """Title of each depth → group → :func:`likeness` of its maps: "chosen", "drawn" at random, and patches from "anywhere".

    >>> len(patch_likeness()["block 5"]["drawn"])
    60
    """
    groups = PHOTO_LIKENESS.arrays()
    return {depth.title: {name: each[at] for name, each in groups.items()} for at, depth in enumerate(DEPTHS.values())}
