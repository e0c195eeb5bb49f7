"""The trainings of notebook 05: turned digits with and without the group, and who reads digits that have moved."""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from ...data import digits_as_input, load_digits
from ...experiments import Data, Experiment
from ...models import Sequential, mlp, p4_cnn
from ...transforms import rotate

Nets = Mapping[str, Callable[[], Sequential]]
SETTINGS = {"batch_size": 50, "schedule": "one_cycle", "prepare": digits_as_input}


def turned_at_random(images: np.ndarray, seed: int) -> np.ndarray:
    """Each image turned by an angle of its own, any from 0 to 360 degrees."""
    angles = np.random.default_rng(seed).uniform(0, 360, len(images))
    return np.stack([rotate(image, angle) for image, angle in zip(images, angles, strict=True)])


@cache
def turned_digits(split: str = "train") -> Data:
    """1,600 turned digits to learn from, or 800 to test with: uint8 (N, 28, 28), and their labels; read-only."""
    images, labels = load_digits(split)
    count, seed = (1600, 0) if split == "train" else (800, 1)
    turned = turned_at_random(images[:count], seed)
    turned.flags.writeable = False  # every caller gets the same ones
    return turned, labels[:count]


def plain_cnn() -> Sequential:
    """The plain twin of ``models.p4_cnn``, with as many parameters."""
    return p4_cnn(group=False)


def turned_race(nets: Nets | None = None, **settings: object) -> Experiment:
    """A plain CNN and one that is equivariant to quarter turns learn turned digits.

    Args:
        nets: others to train, name → function that makes one for (1, 28, 28).
        settings: of ``fit``, where they are others.

    >>> race = turned_race()
    >>> race.finished, race.unfit
    (True, [])
    """
    nets = nets or {"plain": plain_cnn, "p4": p4_cnn}
    fit = SETTINGS | {"epochs": 6, "lr": 0.012} | settings
    return Experiment("equivariance_turned_race", nets, turned_digits(), (0, 1, 2, 3, 4), **fit)


def moved_race(nets: Nets | None = None, **settings: object) -> Experiment:
    """MLP, CNN and p4 CNN, about equally large, learn digits as they are; arguments as :func:`turned_race`."""
    images, labels = load_digits("train")
    own = {} if nets or "lr" in settings else {"MLP": {"lr": 0.005}}
    nets = nets or {"MLP": lambda: mlp([784, 26, 10]), "CNN": plain_cnn, "p4 CNN": p4_cnn}
    fit = SETTINGS | {"epochs": 6, "lr": 0.01} | settings
    return Experiment("equivariance_moved_race", nets, (images[:2000], labels[:2000]), (0, 1, 2), own, **fit)


TRAININGS = (turned_race, moved_race)
"""In the order in which they are recorded."""
