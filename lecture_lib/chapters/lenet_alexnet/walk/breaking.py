"""How far a digit can be moved before a network reads another one: the sliders' moves, and the smallest that changes the answer."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from ....data import digits_as_input
from ....models import Sequential
from ....ops.arrays import one_thread
from ....probes import chances
from ....style import number, percent
from ....transforms import rotate, thicken, translate

THICKEN = (-1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
MOVES = {
    "right": ("Right", 14, "pixels to the right; negative is left"),
    "down": ("Down", 14, "pixels down; negative is up"),
    "rotate": ("Rotate", 180, "degrees anticlockwise; negative is clockwise"),
}
"""Setting → label, how far it goes, a tip."""
UPRIGHT = dict.fromkeys(MOVES, 0) | {"thicken": THICKEN.index(0)}
"""Where the sliders stand, as a state holds it, when they change nothing."""
WAYS = {
    "right": ("right", range(1, MOVES["right"][1] + 1)),
    "left": ("right", range(-1, -MOVES["right"][1] - 1, -1)),
    "down": ("down", range(1, MOVES["down"][1] + 1)),
    "up": ("down", range(-1, -MOVES["down"][1] - 1, -1)),
    "anticlockwise": ("rotate", range(1, MOVES["rotate"][1] + 1)),
    "clockwise": ("rotate", range(-1, -MOVES["rotate"][1] - 1, -1)),
    "thicker": ("thicken", [by for by in THICKEN if by > 0]),
    "thinner": ("thicken", [by for by in reversed(THICKEN) if by < 0]),
}
"""Way → the slider, and its values from the smallest step to its end."""
TOGETHER = 16
"""Steps of each way that are tried at once. Most digits are read wrongly before the sliders' ends, so that the rest need not be made."""


def settings_of(state: Mapping[str, object]) -> dict[str, float]:
    """What the sliders of a state say: pixels and degrees, not places in :data:`THICKEN`.

    >>> settings_of(UPRIGHT)
    {'right': 0, 'down': 0, 'rotate': 0, 'thicken': 0}
    """
    return {name: state[name] for name in MOVES} | {"thicken": THICKEN[state["thicken"]]}


def moved(
    picture: np.ndarray, *, right: float = 0, down: float = 0, rotate: float = 0, thicken: float = 0
) -> np.ndarray:
    """A digit, uint8 (28, 28), where the sliders put it: thickened, then turned, then shifted.

    >>> moved(np.eye(28, dtype=np.uint8), right=14).sum()
    np.uint64(14)
    """
    if thicken:
        picture = _thickened(picture, thicken)
    if rotate:
        picture = _turned(picture, rotate)
    return translate(picture, down, right)


_turned, _thickened = rotate, thicken


class Break(NamedTuple):
    """The smallest move one way at which the answer changes; of a way without one ``by`` is None."""

    way: str
    """One of :data:`WAYS`."""
    slider: str
    by: float | None
    """What the slider then says; of "thicken" the pixels, not their place in :data:`THICKEN`."""
    answer: int | None
    """The digit that is read then."""
    share: float | None
    """Its probability."""
    end: float
    """Where the slider ends."""

    def words(self) -> str:
        """What was found, in words.

        >>> Break("left", "right", -3, 4, 0.61, -14).words()
        '3 pixels left: 4 with 61 %'
        >>> Break("thicker", "thicken", None, None, None, 3).words()
        'thicker: not up to 3 pixels'
        """
        if self.by is None:
            return f"{self.way}: not up to {self._size(self.end)}"
        return f"{self._size(self.by)} {self.way}: {self.answer} with {percent(self.share)}"

    def _size(self, by: float) -> str:
        if self.slider == "rotate":
            return f"{abs(by)}°"
        return f"{number(abs(by))} pixel{'' if abs(by) <= 1 else 's'}"


def smallest_moves(net: Sequential, picture: np.ndarray, ways: Iterable[str] = WAYS) -> list[Break]:
    """For each of some ways of :data:`WAYS`, the smallest step of its slider at which ``net`` reads another digit than in ``picture``.

    Each way alone, the others at 0. Where nothing is left of the digit, there is no answer and so no change.

    Args:
        picture: uint8 (28, 28), as it is with all sliders at 0.

    >>> from lecture_lib.data import load_digits
    >>> from lecture_lib.models import trained_lenet5
    >>> smallest_moves(trained_lenet5()[0], load_digits("test")[0][0])[0].words()
    '8 pixels right: 5 with 87 %'
    """
    asked = {way: WAYS[way] for way in ways}
    with one_thread():
        answer = _scores(net, [picture]).argmax()
        broken: dict[str, Break] = {}
        for first in range(0, max(len(steps) for _, steps in asked.values()), TOGETHER):
            tried = [
                (way, by, each)
                for way, (slider, steps) in asked.items() if way not in broken
                for by in steps[first : first + TOGETHER]
                if (each := moved(picture, **{slider: by})).any()
            ]  # fmt: skip
            if not tried:
                continue
            scores = _scores(net, [each for *_, each in tried])
            for (way, by, _), row in zip(tried, scores, strict=True):
                if row.argmax() != answer and way not in broken:
                    slider, steps = asked[way]
                    broken[way] = Break(way, slider, by, int(row.argmax()), float(chances(row).max()), steps[-1])
    return [broken.get(way, Break(way, slider, None, None, None, steps[-1])) for way, (slider, steps) in asked.items()]


def _scores(net: Sequential, pictures: list[np.ndarray]) -> np.ndarray:
    """(N, 10)."""
    return net.forward(digits_as_input(np.stack(pictures)))
