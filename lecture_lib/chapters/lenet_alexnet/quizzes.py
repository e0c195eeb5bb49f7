"""Notebook 06, LeNet and AlexNet: quizzes on what is often got wrong."""

import numpy as np

from ...models import ALEXNET_INPUT, alexnet, lenet5, summary
from ...ops import softmax
from ...practice import Quiz, right, wrong
from ...style import number


def _most_parameters() -> Quiz:
    table = {row.layer: row for row in summary(lenet5(), (1, 28, 28)).rows}
    held, done = ({name: getattr(row, what) for name, row in table.items()} for what in ("parameters", "multiply_adds"))
    return Quiz(
        "Which layer of the modern LeNet-5 holds the most parameters?",
        (
            wrong("C1, the first convolution",
                  f"It has six filters of 5×5 on one channel: {held['C1']} parameters. It uses them at 28·28 places."),
            wrong("S2, the first pooling",
                  f"It has {held['S2']}: a maximum has nothing to learn. (In 1998 each map had two.)"),
            wrong("C3, the second convolution",
                  f"It does the most work, {done['C3']:,} multiply-adds. But it needs only {held['C3']:,} parameters for that."),
            right("F5, the first fully connected layer",
                  f"It wires 400 numbers to 120 units: {held['F5']:,} of the network's {sum(held.values()):,} parameters. "
                  "Where convolutions end and fully connected layers begin, it gets expensive."),
            wrong("The output layer", f"It has 84 inputs and 10 units: {held['output']} parameters."),
        ),
    )  # fmt: skip


def _which_alexnet() -> Quiz:
    total = {name: summary(alexnet(name), shape).total_parameters for name, shape in ALEXNET_INPUT.items()}
    return Quiz(
        f"A book says that AlexNet has {total['one_tower']:,} parameters. Which AlexNet does it mean?",
        (
            wrong("The network of 2012, cut into two towers",
                  f"That has {total['two_towers']:,}. In conv2, conv4 and conv5 its filters see half of the maps."),
            wrong("The one of torchvision, whose weights you can download",
                  f"That has {total['torchvision']:,}: it begins with 64 filters, not 96."),
            right("The network of 2012, drawn as one tower",
                  f"Here every filter sees all maps. That costs {total['one_tower'] - total['two_towers']:,} parameters more than two towers. "
                  "Many books draw it so."),
            wrong("None: the paper says 60 million",
                  f"The paper rounds, and means the two towers: {total['two_towers']:,}. There are other networks of this name."),
        ),
    )  # fmt: skip


def _not_a_digit() -> Quiz:
    even = softmax(np.zeros(10))
    return Quiz(
        "LeNet-5 gets the photo of a cat, grey and made 28×28 pixels large. What do the ten probabilities of its softmax add up to?",
        (
            right("1, as for every picture",
                  "Softmax divides by the sum, so its outputs sum to 1 whatever the picture shows. "
                  "A large one does not say that there is a digit."),
            wrong("0: there is no digit",
                  "An exponential is never 0. The network cannot say “no digit”: for that it would need an eleventh class."),
            wrong("A small number: the network is not sure",
                  f"If it cannot choose at all, each of the ten is {number(even[0])}. What is their sum then?"),
            wrong("More than 1: a cat looks a little like several digits",
                  "The classes share what there is. What one gets, the others lose."),
        ),
    )  # fmt: skip


MOST_PARAMETERS = _most_parameters()
WHICH_ALEXNET = _which_alexnet()
NOT_A_DIGIT = _not_a_digit()

QUIZZES: dict[str, Quiz] = {"N1": MOST_PARAMETERS, "N2": WHICH_ALEXNET, "N3": NOT_A_DIGIT}
"""By the section in which they are asked."""
