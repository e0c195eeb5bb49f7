"""The guess before the walk: how far a digit can be shifted until the network reads something else."""

from functools import cache

from ....data import load_digits
from ....models import trained_lenet5
from ....practice import Guess, Number
from .breaking import Break, smallest_moves
from .reading import DIGITS, at_random


@cache
def moves() -> dict[str, Break]:
    """Way → the smallest shift that way of the first digit on the walk's pad; nothing is made thicker, so SciPy need not come.

    >>> moves()["right"].words()
    '6 pixels right: 2 with 33 %'
    """
    images, _ = load_digits("test")
    digit = images[at_random(DIGITS, 0, images)[0]]
    return {each.way: each for each in smallest_moves(trained_lenet5()[0], digit, ("right", "left", "down", "up"))}


def _why() -> str:
    found = moves()
    left, up, down = (abs(found[way].by) for way in ("left", "up", "down"))
    return (
        f"At {found['right'].by} pixels it reads a {found['right'].answer}; to the left at {left}, up at {up}, down at {down}. The maps of C1 to S4 move "
        "along, but F5 has a weight of its own for each place, and it learned from digits that stand in the middle. Find it yourself: Break it."
    )


SHIFTED = Guess(
    "LeNet-5 learned from digits that stand in the middle of the 28×28 pixels. It reads the 9 below with more than 99 %. We "
    "shift it to the right, pixel by pixel. At how many pixels does it read something else for the first time?",
    Number(unit="pixels", low=1, high=14),
    lambda: moves()["right"].by,
    _why,
)
