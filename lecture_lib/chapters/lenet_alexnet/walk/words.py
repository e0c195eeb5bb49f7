"""What the walk through a network says: what it answers, and what to do where there is nothing to answer."""

import json
from collections.abc import Iterable, Mapping

import numpy as np

from ....style import number, percent
from .units import NAMES

ANYTHING = "It names one of the ten digits even if the photo shows none. "
EMPTY = "The pad is empty. Draw a digit from 0 to 9 on it, at least a sixth of its side, press Random test digit, or open a photo of one on paper."
SMALL = "Too small to be read: draw at least a sixth of the pad's side. "
MOVED = {
    "right": ("{} right", "{} left"), "down": ("{} down", "{} up"),
    "rotate": ("turned {}° anticlockwise", "turned {}° clockwise"), "thicken": ("thickened by {}", "thinned by {}"),
}  # fmt: skip
"""Slider → what it does above 0, and below."""
NOTHING_LEFT = "Nothing is left of the drawing: thicken it, or move it back."


def describe_answer(shares: np.ndarray, label: int | None) -> str:
    """What the network says, in words; ``label`` is what a test digit is.

    >>> describe_answer(np.array([0, 0, 0.9, 0.1, 0, 0, 0, 0, 0, 0]), 3)
    'It says 2 (two) with 90 %; second 3 (three) with 10 %. The test digit is a 3: wrong.'
    """
    first, second = np.argsort(-shares, kind="stable")[:2]
    words = f"It says {first} ({NAMES[first]}) with {_percent(shares[first])}; second {second} ({NAMES[second]}) with {_percent(shares[second])}."
    if label is None:
        return words
    return f"{words} The test digit is a {label}: {'right' if first == label else 'wrong'}."


def describe_change(shares: np.ndarray, before: np.ndarray, label: int | None, scores: Iterable[float]) -> str:
    """What a changed network says, beside what it said before; ``scores`` of the class that wins now, now and before.

    >>> describe_change(np.array([0.7, 0.3]), np.array([0.2, 0.8]), None, (3, 1))
    'Now it says 0 (zero) with 70 %; before 1 (one) with 80 %.'
    >>> describe_change(np.array([0.7, 0.3]), np.array([0.9, 0.1]), 1, (2.345, -1))
    'It still says 0 (zero), with 70 %; before with 90 %. Its score is 2.35, before −1.00. The test digit is a 1: wrong.'
    """
    now, then = int(np.argmax(shares)), int(np.argmax(before))
    if now == then:
        words = (
            f"It still says {now} ({NAMES[now]}), with {_percent(shares[now])}; before with {_percent(before[then])}."
        )
        after, first = (f"{each:.2f}".replace("-", "−") for each in scores)
        words = f"{words} Its score is {after}, before {first}."
    else:
        words = f"Now it says {now} ({NAMES[now]}) with {_percent(shares[now])}; before {then} ({NAMES[then]}) with {_percent(before[then])}."
    return words if label is None else f"{words} The test digit is a {label}: {'right' if now == label else 'wrong'}."


def describe_moves(settings: Mapping[str, float]) -> str:
    """How far the sliders have moved a digit, in words; nothing where all are at 0.

    >>> describe_moves({"right": -2, "down": 6, "rotate": 0, "thicken": 0.5})
    'Moved: 2 left, 6 down, thickened by 0.5.'
    >>> describe_moves({"right": 0, "down": -6, "rotate": -30, "thicken": -1}), describe_moves(dict.fromkeys(MOVED, 0))
    ('Moved: 6 up, turned 30° clockwise, thinned by 1.', '')
    """
    said = [MOVED[name][by < 0].format(number(abs(by))) for name, by in settings.items() if by]
    return f"Moved: {', '.join(said)}." if said else ""


def describe_accuracy(shares: Mapping[str, float], changes: list, digits: int) -> str:
    """How well a changed network reads, if that was counted: ``shares`` by changes as text.

    >>> describe_accuracy({"[]": 0.993, "[1]": 0.9785}, [1], 1000)
    'It reads 97.9 % of 1,000 test digits, 99.3 % before. '
    """
    now = shares.get(json.dumps(changes))
    return (
        ""
        if now is None
        else f"It reads {100 * now:.1f} % of {digits:,} test digits, {100 * shares['[]']:.1f} % before. "
    )


def _percent(share: float) -> str:
    return percent(share).replace("<", "less than").replace(">", "more than")
