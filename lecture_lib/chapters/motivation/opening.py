"""The lecture's first question and its last answer: a 3 that moves, and who still reads it."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from ...arguments import one_of
from ...experiments import Data
from ...explore import Explorer, curves
from ...layers import Layer
from .shifted_digit import shifted_digit, shifted_verdicts
from .shifts import DIRECTIONS, REACH, SHIFTS, shift_accuracy
from .trainings import movable_digits, opening_race, prepare

NETS = ("dense", "convolutional", "pooled everywhere")
STILL, FAR = REACH, REACH + 4
"""Places among the shifts: where the digit stood, and four pixels to the right."""
SURE = 0.8
"""With how much probability all nets read the digit where it stood."""


def opening_nets() -> dict[str, Layer]:
    """The three nets by name, trained."""
    return {name: nets[0] for name, nets in opening_race().nets.items()}


def _named(names: Sequence[str], nets: Mapping[str, object]) -> dict[str, object]:
    """What belongs to the nets with these names; to all, if there is no name."""
    for name in names:
        one_of("name", name, NETS)
    return {name: each for name, each in nets.items() if name in (names or NETS)}


def fits(verdicts: dict[str, np.ndarray]) -> bool:
    """Whether the lecture can open with a 3: ``verdicts`` (shifts, classes) of each net for shifts to the left and right.

    All nets read it where it stood, surely; two of them lose it four pixels further, the third reads it at every shift.
    """
    read = {name: each.argmax(axis=1) == 3 for name, each in verdicts.items()}
    sure = all(each[STILL, 3] > SURE for each in verdicts.values())
    return bool(sure and not read["dense"][FAR] and not read["convolutional"][FAR] and read["pooled everywhere"].all())


def verdicts_on(digit: np.ndarray) -> dict[str, np.ndarray]:
    """What each net says to a digit (36, 36), uint8, moved to the left and right: name → probabilities (shifts, classes)."""
    return {name: shifted_verdicts(net, digit[None], REACH, prepare)[0, STILL] for name, net in opening_nets().items()}


@cache
def chosen_three() -> int:
    """Which of the test digits that can move is the lecture's 3: the first that :func:`fits`."""
    images, labels = movable_digits()
    for at in np.flatnonzero(labels == 3):
        if fits(verdicts_on(images[at])):
            return int(at)
    raise LookupError("no 3 among the test digits is read as the lecture needs it")


def opening_digits() -> Data:
    """The chosen 3, then one more digit of each class but 3."""
    images, labels = movable_digits()
    others = [int(np.flatnonzero(labels == digit)[0]) for digit in range(10) if digit != 3]
    some = [chosen_three(), *others]
    return images[some], labels[some]


def who_reads(*names: str) -> Explorer:
    """Explorer of the chosen 3, to be moved, and of what nets of the opening say to it: all three, or those named.

    Raises:
        ValueError: there is no such net.

    >>> who_reads("dense").state
    {'digit': 0, 'right': 0, 'down': 0}
    """
    return shifted_digit(_named(names, opening_nets()), *opening_digits(), prepare=prepare)


def opening_curves(*names: str) -> Explorer:
    """Explorer of the percentage of 200 test digits that nets of the opening read at each shift: all three, or those named.

    Raises:
        ValueError: there is no such net.
    """
    read = {name: each[0] for name, each in _named(names, shift_accuracy(opening_race())).items()}
    said = "; ".join(
        f"{name} {each[:, STILL].mean():.0f} where they stood, {each[0, FAR]:.0f} moved by 4"
        for name, each in read.items()
    )
    return curves(
        list(SHIFTS), read, xlabel="pixels moved", ylabel="of 100 right", levels=("Direction", list(DIRECTIONS)), limits=(0, 100),
        alt=f"Curves that are highest in the middle and fall to both sides, of 100 digits so many are read: {said}.",
    )  # fmt: skip
