"""Notebook 03, activations: quizzes on what is often got wrong."""

import numpy as np

from ...activations import ACTIVATIONS
from ...ops import softmax
from ...practice import Quiz, right, wrong
from ...shapes import Window, receptive_fields
from ...style import number


def _no_activation() -> Quiz:
    size = receptive_fields([Window(3), Window(3)])[-1].size
    return Quiz(
        "Two 3×3 convolutions follow each other, with stride 1 and no padding. Nothing stands between them. "
        "Which single layer can do the same?",
        (
            wrong("A 3×3 layer", "It sees 3×3 pixels. A unit of the second layer sees more of the image than that."),
            right(f"A {size}×{size} layer",
                  f"A weighted sum of weighted sums is a weighted sum, here of {size}×{size} pixels. "
                  "So without an activation the second layer adds nothing new."),
            wrong("A 6×6 layer", "Sizes do not add up: the windows of neighbours overlap. The second layer adds 2 pixels."),
            wrong("A 9×9 layer", "Sizes do not multiply: the windows of neighbours overlap."),
            wrong("None: two layers can do more than one",
                  "They can if something that is not linear stands between them, such as ReLU."),
        ),
    )  # fmt: skip


def _dead_unit() -> Quiz:
    flat, leaky = (float(ACTIVATIONS[name].df(-1)) for name in ("relu", "leaky_relu"))
    return Quiz(
        "The sum of a ReLU unit is below 0 for every sample, and the layers before it stay as they are. What can wake it?",
        (
            wrong("More training, at the same learning rate",
                  f"Its slope is {flat:g} for every sample, so its gradient is 0. The next thousand steps change nothing."),
            wrong("A larger learning rate",
                  f"A step is the learning rate times the gradient, and 1000 times {flat:g} is 0. "
                  "A large rate is what may have killed it."),
            wrong("A smaller learning rate",
                  "It might have kept the unit alive. Now the gradient is 0, and the step is 0 at any rate."),
            wrong("Larger batches",
                  "A batch adds up the gradients of its samples. Each of them is 0."),
            right("Leaky ReLU in its place",
                  f"Its slope below 0 is {leaky:g}. That is small, but not 0: the weights move again, and a sum can come above 0."),
        ),
    )  # fmt: skip


def _last_activation() -> Quiz:
    said = {name: ACTIVATIONS[name].f(np.array([-5.0, 20.0])) for name in ("relu", "sigmoid", "tanh")}
    alone = softmax(np.array([20.0])).item()
    return Quiz(
        "A network with one output says how warm it will be tomorrow, in °C. Which activation belongs behind the last sum?",
        (
            right("None: the sum itself is the answer",
                  "A temperature may be any number, and so may a sum. The squared error is a loss that goes with it."),
            wrong("ReLU", f"It cannot say −5. It would say {number(said['relu'][0])}, on every cold day. "
                          "It belongs inside the network."),
            wrong("Sigmoid", f"It can say {number(said['sigmoid'][1])} at most. It is for a probability, such as that of rain."),
            wrong("Softmax", f"Softmax shares out a whole between several outputs. With one output it always says {number(alone)}."),
            wrong("tanh", f"It knows negative numbers, but of 20 it makes {number(said['tanh'][1])}."),
        ),
    )  # fmt: skip


NO_ACTIVATION = _no_activation()
DEAD_UNIT = _dead_unit()
LAST_ACTIVATION = _last_activation()

QUIZZES: dict[str, Quiz] = {"A1": NO_ACTIVATION, "A3": DEAD_UNIT, "A5": LAST_ACTIVATION}
"""By the section in which they are asked."""
