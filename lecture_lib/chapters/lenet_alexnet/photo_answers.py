"""What the network that was trained on photos says to the shipped ones, and to any other."""

import time
from typing import NamedTuple

import numpy as np

from ...data import load_photo, photo_as_input
from ...experiments import Computed
from ...models import trained_photo_net
from ...models.network import Sequential
from ...ops import softmax
from ...ops.arrays import one_thread

PHOTOS = {
    "astronaut": "astronaut", "camera": "camera", "chelsea": "cat", "coffee": "coffee", "brick": "brick", "rocket": "rocket",
}  # fmt: skip
"""A shipped photo → what it shows, in a word."""
CLASSES = 1000


def logits_of(net: Sequential, photo: np.ndarray) -> tuple[np.ndarray, float]:
    """The scores that a network for ImageNet gives to a photo (H, W, 3), float32 (1000,), and the seconds that it took."""
    x = photo_as_input(photo)
    start = time.perf_counter()
    with one_thread():
        scores = net.forward(x)[0]
    net.forget()
    return scores, time.perf_counter() - start


def _compute() -> dict[str, np.ndarray]:
    net, _ = trained_photo_net()
    answers = [logits_of(net, load_photo(name)) for name in PHOTOS]
    return {
        "logits": np.stack([scores for scores, _ in answers]), "seconds": np.array([seconds for _, seconds in answers])
    }  # fmt: skip


PHOTO_ANSWERS = Computed("lenet_alexnet_photo_answers", _compute, {"logits": (len(PHOTOS), CLASSES), "seconds": (len(PHOTOS),)})  # fmt: skip
"""The scores of each of :data:`PHOTOS`, and the seconds that they took where they were recorded."""


class Guess(NamedTuple):
    """A class with its probability."""

    name: str
    probability: float


def most_likely(logits: np.ndarray, names: list[str], count: int = 5) -> list[Guess]:
    """The classes with the largest softmax of the scores (classes,), largest first; of equal ones the first.

    >>> [(guess.name, round(guess.probability, 2)) for guess in most_likely(np.log([1, 6, 3]), ["cat", "dog", "cow"], 2)]
    [('dog', 0.6), ('cow', 0.3)]
    """
    probabilities = softmax(logits[None].astype(np.float64))[0]
    best = np.argsort(-probabilities, kind="stable")[:count]
    return [Guess(names[at], float(probabilities[at])) for at in best]
