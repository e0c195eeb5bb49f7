"""What pooling gains, measured: how much maps of photos change when the photo moves, and what trained nets make of moved digits."""

from collections.abc import Mapping, Sequence
from functools import cache, partial

import numpy as np

from ...arguments import one_of
from ...data import digits_as_input, load_digits, load_photo, photo_names, resize, to_grey
from ...experiments import Experiment, Keep, Run, accuracy_by, mean_and_spread
from ...explore import Explorer, curves
from ...filters import KERNELS
from ...layers import Layer
from ...transforms import elastic, translate
from .robustness import KINDS, changes

WINDOWS = (2, 4, 8)
MOVES = {"shift": "shift", "bend": "elastic deformation"}
"""How a picture changes → how an axis calls it."""
PHOTO_LEVELS = {"shift": np.arange(9.0), "bend": np.arange(0, 4.5, 0.5)}
DIGIT_LEVELS = {"shift": range(6), "bend": range(4)}
"""How far, in pixels."""
DIGITS = 1500
"""Test digits that the nets are asked; they have not seen them."""
DRAWN = 5
"""Curves that can be told apart on one pair of axes."""
_EDGES = ("sobel_x", "sobel_y", "laplacian_8")  # emboss adds a grey that no move changes


def _move(images: np.ndarray, by: float, move: str, border: str) -> np.ndarray:
    return translate(images, 0, by, border) if move == "shift" else elastic(images, by, rng=0, border=border)


@cache
def photo_changes(move: str) -> Mapping[str, np.ndarray]:
    """How much, in percent, pooled maps of the six photos change when a photo moves; by kind (windows, photos, levels).

    >>> photo_changes("bend")["max"].shape
    (3, 6, 9)
    """
    one_of("move", move, MOVES)
    photos = [resize(to_grey(load_photo(name)), 160)[:90, :90].astype(float) for name in photo_names()]
    kernels = [KERNELS[name].weights for name in _EDGES]
    moved = partial(_move, move=move, border="nearest")
    found = changes(photos, moved, PHOTO_LEVELS[move], kernels, WINDOWS, border=12)
    return {kind: 100 * each for kind, each in found.items()}


def photo_curves(move: str = "shift") -> Explorer:
    """Explorer of :func:`photo_changes`, as means over the photos; below 1 pixel is counted in how many photos pooling is steadier."""
    found, levels = photo_changes(move), PHOTO_LEVELS[move]
    at = int(np.flatnonzero(levels == 1)[0])
    mean = {kind: each.mean(axis=1).round(1) for kind, each in found.items()}
    explorer = curves(
        levels, mean, levels=("Window F", WINDOWS), limits=(0, 140), xlabel=f"{MOVES[move]}, pixels", ylabel="change, %",
        alt=f"Change of the maps of six photos against {MOVES[move]} in pixels. At 1 pixel with windows of 4: "
        + ", ".join(f"{kind} {each[1, at]:.0f} %" for kind, each in mean.items()) + ".",
    )  # fmt: skip
    explorer.state = {"at": at, "level": 1}
    return explorer


def say_steadier(move: str = "shift") -> None:
    """Print the change at 1 pixel for each window, and in how many photos pooling is below no pooling."""
    found = photo_changes(move)
    at = PHOTO_LEVELS[move].tolist().index(1)
    print(f"{'by 1 pixel':<12}" + "".join(f"{kind:>9}" for kind in KINDS) + "   photos in which it is below none")
    for level, size in enumerate(WINDOWS):
        one = {kind: each[level, :, at] for kind, each in found.items()}
        row = "".join(f"{each.mean():>7.0f} %" for each in one.values())
        below = ", ".join(f"{kind} {(one[kind] < one['none']).sum()} of {len(one[kind])}" for kind in list(KINDS)[:-1])
        print(f"{f'F = {size}':<12}{row}   {below}")


@cache
def _moved_digits(move: str) -> dict[float, np.ndarray]:
    images = load_digits("test")[0][:DIGITS]
    return {by: _move(images, by, move, "zero") for by in DIGIT_LEVELS[move]}


def _right(net: Layer, move: str, levels: Sequence[int]) -> np.ndarray:
    """How many of the moved test digits a net names right, at each level."""
    pictures, labels = _moved_digits(move), load_digits("test")[1][:DIGITS]
    shares = accuracy_by(net, (pictures[0], labels), lambda _, by: pictures[by], levels, prepare=digits_as_input)
    return (DIGITS * shares).round()


KEEP: Keep = {move: (1, partial(_right, move=move, levels=levels)) for move, levels in DIGIT_LEVELS.items()}
"""What a training leaves of this: counts, measured behind its last step and recorded with it."""


def accuracies(races: Sequence[Experiment], move: str, levels: Sequence[int] | None = None) -> dict[str, np.ndarray]:
    """Percent of the test digits that each net names right once they are moved; by name, (seeds, levels).

    Of a training that has kept it, it is read; of any other net it is measured now.

    >>> from . import trainings
    >>> accuracies([trainings.global_race()], "shift", [0])["global"].shape
    (5, 1)
    """
    every = list(DIGIT_LEVELS[one_of("move", move, MOVES)])
    levels = every if levels is None else list(levels)

    def right(run: Run) -> np.ndarray:
        kept = run.kept.get(move)
        return kept[-1][[every.index(by) for by in levels]] if kept else _right(run.net, move, levels)

    return {
        name: np.array([100 * (right(run).astype(float) / DIGITS) for run in race.runs_of(name)])
        for race in races
        for name in race.names
    }


def saved(found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How many points less than "none" each net loses, against the net of the same seed; by name, (seeds, levels).

    Args:
        found: as :func:`accuracies`, the first level being the digits in place.

    >>> saved({"none": np.array([[90, 70]]), "max": np.array([[95, 85]])})
    {'max': array([[ 0, 10]])}
    """
    lost = {name: each[:, :1] - each for name, each in found.items()}
    return {name: lost["none"] - each for name, each in lost.items() if name != "none"}


def accuracy_curves(races: Sequence[Experiment], move: str = "shift") -> Explorer:
    """Explorer of :func:`accuracies`, mean and spread over the seeds; prints how the accuracy changes, in points, and
    where there is a net "none", by how much less than its.

    The first five nets are drawn, the table has all.
    """
    found, levels = accuracies(races, move), list(DIGIT_LEVELS[move])
    said, less = (1, 2, levels[-1]), saved(found) if "none" in found else {}
    print(
        "Percent right in place, and the change in points"
        + "; last, the points that a net saves against none" * bool(less)
    )
    print(
        f"{'':<9}{'in place':>9}"
        + "".join(f"{f'by {by} px':>14}" for by in said)
        + f"{'saved by 2 px' * bool(less):>16}"
    )
    for name, each in found.items():
        lost, spread = mean_and_spread(each[:, :1] - each)
        row = "".join(f"{f'{-lost[by]:+.1f} ± {spread[by]:.1f}':>14}" for by in said)
        if name in less:
            mean, spread = mean_and_spread(less[name][:, 2])
            row += f"{f'{mean:+.1f} ± {spread:.1f}':>16}"
        print(f"{name:<9}{each[:, 0].mean():>7.1f} %{row}".replace("-", "−"))
    if not all(race.finished for race in races):
        print("Not all nets are trained to the end: press Train where the trainings are shown.")
    means = {name: [part.round(1) for part in mean_and_spread(each)] for name, each in list(found.items())[:DRAWN]}
    ends = ", ".join(f"{name} {mean[0]:.0f} and {mean[-1]:.0f}" for name, (mean, _) in means.items())
    explorer = curves(
        levels, {name: mean for name, (mean, _) in means.items()}, spreads={name: sd for name, (_, sd) in means.items()},
        limits=(0, 100), xlabel=f"{MOVES[move]}, pixels", ylabel="% right",
        alt=f"Percent of the digits named right against {MOVES[move]} in pixels; at 0 and at {levels[-1]} pixels: {ends}.",
    )  # fmt: skip
    explorer.state = {"at": levels.index(2)}
    return explorer
