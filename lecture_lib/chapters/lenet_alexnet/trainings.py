"""The training of notebook 06: LeNet-5 on the shipped digits, filmed."""

import numpy as np

from ...data import digits_as_input, load_digits
from ...experiments import Data, Experiment
from ...models import lenet5
from ...training import evaluate

ASIDE = 1000
"""Training digits that are kept aside."""


def moved_a_little(digits: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Digits as the net takes them, each moved by up to one pixel at random."""
    return digits_as_input(digits, rng, shift=1)


def kept_aside() -> Data:
    """The digits that the net never learns from."""
    images, labels = load_digits("train")
    return images[-ASIDE:], labels[-ASIDE:]


def lenet_training() -> Experiment:
    """LeNet-5 goes three times through the digits.

    What is kept: "filters", those of C1 at 61 moments, and "aside", the share of the digits kept aside that is right, at 13
    of them.
    """
    images, labels = load_digits("train")
    return Experiment(
        "lenet_alexnet_lenet_training", {"LeNet-5": lenet5}, (images[:-ASIDE], labels[:-ASIDE]), (0,),
        epochs=3, batch_size=64, lr=6e-3, schedule="one_cycle", prepare=moved_a_little,
        keep={
            "filters": (61, lambda net: net["C1"].weight.value),
            "aside": (13, lambda net: evaluate(net, kept_aside(), prepare=digits_as_input).accuracy),
        },
    )  # fmt: skip


TRAININGS = (lenet_training,)
