"""What is on the pad: strokes, a test digit or a photo of one, as the 28 by 28 pixels that a network gets."""

import numpy as np

from ....data import as_mnist, open_image, to_grey
from ....data.drawings import PAD, SMALLEST, draw_large, ink_side, on_pad
from ....data.ink import LONG, Ink, as_long, read_ink
from ....explore import Explorer
from .breaking import UPRIGHT, moved, settings_of

MOST_POINTS = 4000
"""Points of a drawing; far more than a digit takes, and drawn anew in 30 ms."""
MOST_OPENED = 100  # photos
INKS = ("dark ink", "light ink")


DIGITS = 100
"""Test digits to choose from."""


def at_random(count: int, seed: int, digits: np.ndarray) -> np.ndarray:
    """Places of ``count`` of some ``digits``, each once."""
    return np.random.default_rng(seed).choice(len(digits), count, replace=False)


def refuse_strokes(value: object) -> str:
    """What is wrong with strokes, or nothing.

    >>> refuse_strokes([[[1, 2], [3, 4]], [[5, 6]]]), refuse_strokes([[]])[:12]
    ('', 'must be a li')
    """
    right = isinstance(value, list) and all(
        isinstance(stroke, list) and stroke and all(_is_point(each) for each in stroke) for stroke in value
    )
    if not right or sum(map(len, value)) > MOST_POINTS:
        return (
            f"must be a list of strokes, each a list of points [x, y] from 0 to {PAD - 1}, at most {MOST_POINTS} points"
        )
    return ""


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(at) is int and 0 <= at < PAD for at in value)


MOST_COUNTED = 10**6
"""How often the accuracy may be asked for."""


def refuse_broken(value: object) -> str:
    """What is wrong with a list of moves that break an answer, or nothing; Python makes it, a page empties it or brings it back.

    >>> refuse_broken([["8 pixels right: 5 with 87 %", "right", 8]]), refuse_broken(3)[:9]
    ('', 'must be a')
    """
    right = isinstance(value, list) and len(value) <= 8 and all(
        isinstance(each, list) and len(each) == 3 and isinstance(each[0], str) and len(each[0]) <= 80
        and each[1] in UPRIGHT and (each[2] is None or type(each[2]) is int)
        for each in value
    )  # fmt: skip
    return "" if right else "must be a list of at most 8 moves, each [words, slider, place]"


def too_small(state: dict[str, object]) -> bool:
    """Whether there are only strokes, of fewer pixels than can be read."""
    return (
        state["digit"] is None
        and not state["photo"]
        and bool(state["strokes"])
        and ink_side(state["strokes"]) < SMALLEST
    )


class Pad:
    """What is drawn, chosen or opened, and the photos that were opened.

    Args:
        digits: test digits to choose from, uint8 (N, 28, 28). labels: what they are, integers (N,).
    """

    def __init__(self, digits: np.ndarray, labels: np.ndarray):
        self.digits, self.labels = digits, labels
        self.photos: list[np.ndarray] = []  # grey, all that were opened, so that undo finds the one before
        self.ink: Ink | None = None

    def words(self, state: dict[str, object]) -> str:
        """What was read from the photo that is chosen, and whether it had fewer pixels than are read; nothing without one."""
        if not self.ink:
            return ""
        high, wide = self.photos[state["photo"] - 1].shape
        enlarged = f"Your photo has only {wide} × {high} pixels: it was enlarged. " if max(high, wide) < LONG else ""
        return f"{enlarged}{self.ink.words} "

    def label(self, state: dict[str, object]) -> int | None:
        """What the test digit is that stands on the pad alone; None if something else does."""
        alone = not state["strokes"] and not self.ink and state["digit"] is not None
        return int(self.labels[state["digit"]]) if alone else None

    def picture(self, state: dict[str, object]) -> np.ndarray | None:
        """What the network sees, uint8 (28, 28): size, pen and centre as MNIST's, then changed by the sliders; None if all is black."""
        strokes, digit = state["strokes"], state["digit"]
        if self.ink and not strokes:
            drawing = self.ink.drawing
        elif not self.ink and digit is None and strokes and not too_small(state):
            drawing = draw_large(strokes)
        else:
            drawing = on_pad(strokes, self.ink.place if self.ink else None if digit is None else self.digits[digit])
        if not drawing.any():
            return None
        seen = moved(as_mnist(drawing), **settings_of(state))
        return seen if seen.any() else None

    def read(self, explorer: Explorer, opened: bool) -> None:
        """Find the digit of the photo that is chosen, or that was ``opened`` just now; without one all stays as it is."""
        state = explorer.state
        if opened:
            if len(self.photos) == MOST_OPENED:
                raise ValueError(f"{MOST_OPENED} photos are open: run the cell again to open more")
            photo = to_grey(open_image(explorer.picture, explorer.picture_name))
            self.ink = read_ink(photo)
            self.photos.append(photo if max(photo.shape) < LONG else as_long(photo))
            explorer.update(
                state=UPRIGHT | {"photo": len(self.photos), "ink": 1 - self.ink.dark, "strokes": [], "digit": None}
            )
        elif not 0 < state["photo"] <= len(self.photos):
            self.ink = None
            explorer.update(state={"photo": 0})
        else:
            try:
                self.ink = read_ink(self.photos[state["photo"] - 1], dark=state["ink"] == 0)
            except ValueError as error:  # turned around by hand
                explorer.update(state={"ink": 1 - state["ink"]})
                raise ValueError(f"As {INKS[state['ink']]}: {error}") from None
