"""The trainings of notebook 01 and of the lecture's opening: who still reads a digit that has moved, and whose pixels are shuffled."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from ... import models, transforms
from ...data import load_digits
from ...experiments import Data, Experiment
from ...layers import Activation, Conv2d, Flatten, Layer, Linear, MaxPool2d

Nets = Mapping[str, Callable[[], models.Sequential]]
SEEDS = (0, 1, 2, 3, 4)
SETTINGS = {"epochs": 2, "batch_size": 32, "lr": 8e-3, "schedule": "one_cycle"}


def framed(images: np.ndarray, width: int = 4) -> np.ndarray:
    """Images (N, H, W) with a black frame: 28×28 becomes 36×36."""
    return np.pad(images, [(0, 0), (width, width), (width, width)])


def prepare(images: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Images as the nets take them: float32 (N, 1, H, W), black 0 and white 1."""
    return images[:, None] / np.float32(255)


def centred_digits() -> Data:
    """2,500 digits to learn from, with a frame: uint8 (2500, 36, 36), and their labels."""
    images, labels = load_digits("train")
    return framed(images[:2500]), labels[:2500]


@cache
def movable_digits() -> Data:
    """The test digits that stay whole when they move by 8 pixels: they have no ink in their outer 4; read-only."""
    images, labels = load_digits("test")
    whole = (images == framed(images[:, 4:-4, 4:-4])).all(axis=(1, 2))
    found = framed(images[whole]), labels[whole]
    for each in found:
        each.flags.writeable = False  # every caller gets the same ones
    return found


def mlp() -> models.Sequential:
    """Fully connected: 36·36 pixels, 32 hidden units, 10 classes."""
    return models.mlp([36 * 36, 32, 10])


def convolutions(one: int, two: int, three: int) -> list[Layer]:
    """Three convolution layers, each with ReLU: maps of 18×18, of 9×9 (pooled), and of 9×9, so many of each."""
    return [
        Conv2d(1, one, 5, stride=2, padding=2), Activation("relu"),
        Conv2d(one, two, 3, padding=1), Activation("relu"), MaxPool2d(2),
        Conv2d(two, three, 3, padding=1), Activation("relu"),
    ]  # fmt: skip


def cnn() -> models.Sequential:
    """Convolutions, then one fully connected layer that reads the last maps."""
    return models.Sequential([*convolutions(6, 10, 20), Flatten(), Linear(20 * 9 * 9, 10, gain=1.0)])


def pooled_cnn() -> models.Sequential:
    """Convolutions, then of each map its largest value, wherever it stands; about as many parameters as :func:`cnn`."""
    return models.Sequential([*convolutions(16, 32, 44), MaxPool2d(9), Flatten(), Linear(44, 10, gain=1.0)])


def level_cnn() -> models.Sequential:
    """The convolutions of :func:`cnn`, then of each map its largest value, wherever it stands: a seventh of the parameters."""
    return models.Sequential([*convolutions(6, 10, 20), MaxPool2d(9), Flatten(), Linear(20, 10, gain=1.0)])


def shift_race(nets: Nets | None = None, **settings: object) -> Experiment:
    """MLP and CNN learn centred digits.

    Args:
        nets: others to train, name → function that makes one for (1, 36, 36).
        settings: of ``fit``, where they are others.

    >>> race = shift_race()
    >>> race.finished, race.unfit
    (True, [])
    """
    return Experiment(
        "motivation_shift_race", nets or {"MLP": mlp, "CNN": cnn}, centred_digits(), SEEDS,
        prepare=prepare, **SETTINGS | settings,
    )  # fmt: skip


def pooled_race(nets: Nets | None = None, **settings: object) -> Experiment:
    """A CNN that keeps of each map only its largest value learns centred digits; arguments as :func:`shift_race`."""
    return Experiment(
        "motivation_pooled_race", nets or {"pooled CNN": pooled_cnn}, centred_digits(), SEEDS,
        prepare=prepare, **SETTINGS | settings,
    )  # fmt: skip


def shuffled_race(nets: Nets | None = None, **settings: object) -> Experiment:
    """MLP and CNN learn the same digits with their pixels shuffled, all in the same way; arguments as :func:`shift_race`."""
    images, labels = centred_digits()
    return Experiment(
        "motivation_shuffled_race", nets or {"MLP": mlp, "CNN": cnn},
        (transforms.shuffle_pixels(images, seed=0), labels), SEEDS, prepare=prepare, **SETTINGS | settings,
    )  # fmt: skip


def opening_race() -> Experiment:
    """The three nets of the lecture's opening learn centred digits until their curves are level: one seed, that of the lecture.

    >>> list(opening_race().nets)
    ['dense', 'convolutional', 'pooled everywhere']
    """
    return Experiment(
        "motivation_opening_race", {"dense": mlp, "convolutional": cnn, "pooled everywhere": level_cnn}, centred_digits(), SEEDS[:1],
        prepare=prepare, **SETTINGS | {"epochs": 10},
    )  # fmt: skip


TRAININGS = (shift_race, pooled_race, shuffled_race, opening_race)
"""In the order in which they are recorded."""
