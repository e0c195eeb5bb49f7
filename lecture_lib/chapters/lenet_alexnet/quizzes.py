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
                  f"It has six filters of 5×5 on one channel: {held['C1']} parameters for 28·28 places."),
            wrong("S2, the first pooling",
                  f"It has {held['S2']}: a maximum has nothing to learn. (In 1998 each map had two.)"),
            wrong("C3, the second convolution",
                  f"It does the most work, {done['C3']:,} multiply-adds, with only {held['C3']:,} parameters."),
            right("F5, the first fully connected layer",
                  f"It wires 400 numbers to 120 units: {held['F5']:,} of all {sum(held.values()):,} parameters."),
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
                  f"Here every filter sees all maps. That costs {total['one_tower'] - total['two_towers']:,} parameters more than two towers."),
            wrong("None: the paper says 60 million",
                  f"The paper rounds, and means the two towers: {total['two_towers']:,}. There are other networks of this name."),
        ),
    )  # fmt: skip


def _dropout() -> Quiz:
    p, answer = 0.5, 4.0
    return Quiz(
        f"AlexNet learns with dropout, p = {number(p)}: a unit answers {number(answer)} when it is kept, and 0 when not. In 2012 what was "
        "kept stayed as it was. What has the answer to be afterwards, so that the next layer gets in the mean what it learned with?",
        (
            wrong(f"{number(answer)}, since nothing is dropped any more",
                  f"While it learned, the next layer got {number(answer)} in half of the cases, and 0 in the others. What is the mean?"),
            right(f"{number(p * answer)}: the answer times {number(p)}",
                  f"{number(p)}·{number(answer)} + {number(p)}·0 = {number(p * answer)}. In 2012 all outputs were halved afterwards. "
                  f"Today they are divided by {number(1 - p)} while the network learns, and afterwards nothing is to be done."),
            wrong(f"{number(answer / p)}: the answer divided by {number(p)}",
                  "That is what is done today, but in the training, where half is dropped. Afterwards all units are there."),
            wrong("0 in half of the cases, at random, as before",
                  "Then the answer to the same photo would be another one each time. Dropout is for learning only."),
        ),
    )  # fmt: skip


def _sure_and_right() -> Quiz:
    sure, cases, hits = 0.9, 200, 120
    share = hits / cases
    return Quiz(
        f"Of {cases} digits a net says: {100 * sure:.0f} % sure. {hits} of these answers are right. What is this net?",
        (
            wrong("Calibrated: most of its answers are right",
                  f"Calibrated is more: of answers that are {100 * sure:.0f} % sure, {sure * cases:.0f} of {cases} should be right."),
            right("Too sure of its answers",
                  f"It is {100 * sure:.0f} % sure and right in {hits}/{cases} = {100 * share:.0f} %. In the picture such a point lies "
                  "below the diagonal, as those of the turned digits do."),
            wrong("Not sure enough of its answers",
                  f"Then more than {sure * cases:.0f} of {cases} would be right, and the point would lie above the diagonal."),
            wrong("A net whose softmax is computed wrongly",
                  "Its ten numbers may sum to 1 as they should. Softmax only makes them look like probabilities."),
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


def _grey_square() -> Quiz:
    sees = {row.layer: row for row in summary(lenet5(), (1, 28, 28)).rows}["output"].receptive_field
    return Quiz(
        "A net reads a white digit on black. With a grey square at one place its answer is another digit. What do you know now?",
        (
            wrong("The square hides the part that the net needs",
                  "It may hide nothing: beside a thin 1 the answer changes at places without any ink."),
            wrong("The net looks at this place and at no other one",
                  f"Each of its outputs sees {sees[0]}×{sees[1]} pixels, the whole digit with its padding."),
            right("The picture with the square is another digit to it",
                  "No more than this. The square hides, and it is grey ink of its own. A black square on black only hides: "
                  "compare the two."),
            wrong("The net would be wrong without the square, too",
                  "The map is about a digit that it names right. Where the square changes nothing, it still does."),
        ),
    )  # fmt: skip


MOST_PARAMETERS = _most_parameters()
WHICH_ALEXNET = _which_alexnet()
DROPOUT = _dropout()
SURE_AND_RIGHT = _sure_and_right()
NOT_A_DIGIT = _not_a_digit()
GREY_SQUARE = _grey_square()

QUIZZES: dict[str, Quiz] = {
    "N1": MOST_PARAMETERS, "N2": WHICH_ALEXNET, "N2 deeper": DROPOUT, "N3": SURE_AND_RIGHT, "N3 softmax": NOT_A_DIGIT,
    "N4": GREY_SQUARE,
}  # fmt: skip
"""By the section in which they are asked."""
