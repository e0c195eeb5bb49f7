"""LeNet-5, as published and as it is made today."""

from pathlib import Path

import numpy as np

from ..arguments import one_of
from ..layers import RBF, Activation, Conv2d, Flatten, Linear, MaxPool2d, PartialConv2d, ScaledTanh, Subsampling
from .network import Sequential

# The lecture's networks

BACKGROUND, STROKE = -0.1, 1.175
"""What 0 and 255 of a digit become (LeCun et al. 1998, section II.B). The mean is about 0 then; the variance is 0.15, not the paper's 1."""

C3_TABLE = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""Which maps of S2 each of the 16 maps of C3 sees (LeCun et al. 1998, table I)."""

_CODES = """
.#####. ...#... .#####. .#####. #....## ####### .#####. ####### .#####. .#####.
##...## ..##... ##...## ##...## #....## ##..... ##...## .....## ##...## ##...##
##...## .###... .....## .....## #....## ##..... ##..... .....## ##...## ##...##
##...## ...#... .....## .....## #....## ##..... ##..... ....##. ##...## ##...##
##...## ...#... ....##. .....## #....## ######. ##..... ....##. ##...## ##...##
##...## ...#... ...##.. ..####. ####### .....## ######. ...##.. .#####. .######
##...## ...#... ..##... .....## .....## .....## ##...## ...##.. ##...## .....##
##...## ...#... .##.... .....## .....## .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... .....## .....## .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... .....## .....## .....## ##...## ##..... ##...## .....##
##...## ...#... ##...## ##...## .....## ##...## ##...## ##..... ##...## ##...##
.#####. .#####. ####### .#####. .....## .#####. .#####. ##..... .#####. .#####.
"""


def digit_codes() -> np.ndarray:
    """What the ten outputs of LeNet-5 wait for: each digit drawn on 7x12 pixels, (10, 84) of -1 and 1.

    Drawn after LeCun et al. 1998, figure 3: classes that look alike get codes that are alike.

    >>> digit_codes().shape, digit_codes()[1].reshape(12, 7)[0].tolist()
    ((10, 84), [-1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0])
    """
    lines = [line.split() for line in _CODES.split("\n") if line]
    return np.array([[1.0 if mark == "#" else -1.0 for line in lines for mark in line[digit]] for digit in range(10)])


def lenet5(variant: str = "modern") -> Sequential:
    """LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition").

    Args:
        variant: ``"1998"``, with subsampling, squashing, C3's table and the RBF output, for inputs
            (1, 32, 32), 60,000 learned parameters; or ``"modern"``, with max pooling, ReLU and a
            linear output, for inputs (1, 28, 28), 61,706.

    Raises:
        ValueError: an unknown ``variant``.

    >>> from lecture_lib.models import summary
    >>> summary(lenet5("1998"), (1, 32, 32)).total_parameters, summary(lenet5(), (1, 28, 28)).total_parameters
    (60000, 61706)
    """
    if one_of("variant", variant, ("1998", "modern")) == "modern":
        return Sequential({
            "C1": Conv2d(1, 6, 5, padding=2), "relu1": Activation("relu"), "S2": MaxPool2d(2),
            "C3": Conv2d(6, 16, 5), "relu3": Activation("relu"), "S4": MaxPool2d(2),
            "flatten": Flatten(),
            "F5": Linear(16 * 5 * 5, 120), "relu5": Activation("relu"),
            "F6": Linear(120, 84), "relu6": Activation("relu"),
            "output": Linear(84, 10, gain=1.0),
        })  # fmt: skip
    return Sequential({
        "C1": Conv2d(1, 6, 5, gain=1.0), "squash1": ScaledTanh(), "S2": Subsampling(6), "squash2": ScaledTanh(),
        "C3": PartialConv2d(6, C3_TABLE, 5, gain=1.0), "squash3": ScaledTanh(),
        "S4": Subsampling(16), "squash4": ScaledTanh(),
        "C5": Conv2d(16, 120, 5, gain=1.0), "squash5": ScaledTanh(), "flatten": Flatten(),
        "F6": Linear(120, 84, gain=1.0), "squash6": ScaledTanh(),
        "output": RBF(digit_codes()),
    })  # fmt: skip


LENET5_WEIGHTS = Path(__file__).parents[1] / "digits" / "lenet5.npz"
"""The weights that come with the lecture, made by ``tools/train_lenet5.py``."""


def trained_lenet5() -> tuple[Sequential, dict[str, str]]:
    """The modern LeNet-5 with the weights that come with the lecture, and the notes of their file.

    The notes say by which ``command`` and ``seed`` they were made, from how many
    ``training_digits``, and the ``test_accuracy`` on the 10,000 official test digits.

    >>> net, notes = trained_lenet5()
    >>> float(notes["test_accuracy"]) > 0.99
    True
    """
    net = lenet5()
    return net, net.load_weights(LENET5_WEIGHTS)
