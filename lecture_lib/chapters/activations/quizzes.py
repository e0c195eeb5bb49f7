"""Notebook 03, activations: quizzes on what is often got wrong."""

import numpy as np

from ...activations import ACTIVATIONS
from ...layers import Linear
from ...ops import softmax
from ...practice import Quiz, right, wrong
from ...shapes import Window, receptive_fields
from ...style import number, tiny


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
                  f"Its slope is {flat:g} for every sample, and so is its gradient, however long it trains."),
            wrong("A larger learning rate",
                  f"A step is rate times gradient, and 1000 times {flat:g} is 0. Large rates kill it."),
            wrong("A smaller learning rate",
                  "It might have kept the unit alive. Now each step is 0, at any rate."),
            wrong("Larger batches",
                  "A batch adds up the gradients of its samples. Each of them is 0."),
            right("Leaky ReLU in its place",
                  f"Its slope below 0 is {leaky:g}: not 0. The weights move again, and a sum can come above 0."),
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


def _gain() -> Quiz:
    slope = 0.5
    right_gain, relu = 1 / slope**2, 1 / float(np.mean(ACTIVATIONS["relu"].df(np.array([-1.0, 1.0])) ** 2))
    return Quiz(
        f"Somebody takes f(x) = x/{1 / slope:g} as the activation. Which gain keeps the size of a gradient from layer to layer?",
        (
            wrong(number(slope), f"That makes it smaller still: in each layer its mean square is multiplied by "
                                 f"{number(slope)} · {number(slope**2)} = {number(slope**3)}."),
            wrong("1", f"That would do if the slope were 1. Here each layer multiplies the mean square by {number(slope**2)}."),
            wrong(number(relu), f"That is ReLU's: its f'² is 1 for half of the inputs. Here f'² is {number(slope**2)} for all of them."),
            right(number(right_gain), f"f'² is {number(slope**2)} at every input, so gain · mean of f'² = 1 needs 1/{number(slope**2)}."),
            wrong(number(right_gain**2), "The gain is of the variance, which is squared already. Squared twice it is too large."),
        ),
    )  # fmt: skip


def _tanh_mends() -> Quiz:
    flat = float(ACTIVATIONS["tanh"].df(5.0))
    low, high = (number(round(float(ACTIVATIONS["tanh"].f(x)), 2)) for x in (-1.0, 1.0))
    return Quiz(
        "Sigmoid saturates, its outputs are all positive, and it needs an exponential. Which of these problems does tanh mend?",
        (
            wrong("All three of them", f"It is flat, too: at x = 5 its slope is {tiny(flat)}. And its formula has exponentials."),
            wrong("That it saturates", f"Its slope at 0 is larger, but far from 0 it is as flat: {tiny(flat)} at x = 5."),
            right("That its outputs are all positive", f"Of −1 it makes {low}, of 1 it makes {high}: the next layer's inputs have both signs."),
            wrong("That it needs an exponential", "Its formula is made of exponentials. How long it takes depends on the code."),
            wrong("None of the three of them", "Look at its outputs for inputs on both sides of 0."),
        ),
    )  # fmt: skip


def _maxout_weights() -> Quiz:
    inputs, units, pieces = 200, 100, 4
    each = sum(array.size for array in Linear(inputs, units).parameters().values())
    all_of_them = sum(array.size for array in Linear(inputs, pieces * units).parameters().values())
    return Quiz(
        f"A layer has {units} maxout units with {pieces} pieces each, and {inputs} inputs. How many weights and biases does it have?",
        (
            wrong(f"{each:,}", "That is a layer with one piece for each unit, such as one with ReLU."),
            wrong(f"{pieces * units + inputs * units:,}", "Only the biases are counted for each piece. Each piece has its own weights, too."),
            wrong(f"{pieces * inputs * units + units:,}", "Each piece has its own bias, too: it is a line of its own."),
            right(f"{all_of_them:,}", f"{pieces} pieces · {units} units · ({inputs} weights + 1 bias). The price of a piece is that of a whole layer."),
            wrong(f"{pieces * inputs * units:,}", "Those are the weights. Each piece has a bias, too."),
        ),
    )  # fmt: skip


NO_ACTIVATION = _no_activation()
DEAD_UNIT = _dead_unit()
LAST_ACTIVATION = _last_activation()
GAIN = _gain()
TANH_MENDS = _tanh_mends()
MAXOUT_WEIGHTS = _maxout_weights()

QUIZZES: dict[str, Quiz] = {
    "A1": NO_ACTIVATION, "A2": GAIN, "A2 zigzag": TANH_MENDS, "A3": DEAD_UNIT, "A4 maxout": MAXOUT_WEIGHTS, "A5": LAST_ACTIVATION,
}  # fmt: skip
"""By the section in which they are asked."""
