"""Notebook 06, LeNet-5 and AlexNet: the answers to its "Predict"."""

from collections.abc import Callable, Sequence

import numpy as np

from ...data import as_mnist, digits_as_input, draw_strokes, load_digits
from ...data.drawings import BOX, PEN
from ...layers import Conv2d, Flatten, Linear
from ...models import ALEXNET_INPUT, C3_TABLE, Sequential, alexnet, lenet5, summary, trained_lenet5
from ...ops import softmax
from ...training import predict
from ...transforms import rotate
from .classes import class_readout


def _n1() -> str:
    old, new = summary(lenet5("1998"), (1, 32, 32)), summary(lenet5(), (1, 28, 28))
    wires = sum(map(len, C3_TABLE))
    row = {each.layer: each for each in old.rows}["C3"]
    every = 16 * (6 * 25 + 1)
    return (
        f"With every map connected, C3 has 16·(6·25 + 1) = {every:,} parameters. The table has {wires} of the 96 connections, "
        f"so {wires}·25 + 16 = {row.parameters:,}. In all, the net of 1998 learns {old.total_parameters:,} numbers and the "
        f"modern one {new.total_parameters:,}."
    )


def _check() -> str:
    layers = lenet5().layers
    behind = list(layers).index("S4") + 1
    rest = {name: layer for name, layer in list(layers.items())[behind:] if name != "F5"}
    deeper = Sequential(
        dict(list(layers.items())[:behind])
        | {"C": Conv2d(16, 32, 3), "flatten": Flatten(), "F5": Linear(32 * 9, 120)}
        | rest
    )
    table = summary(deeper, (1, 28, 28))
    rows = {row.layer: row for row in table.rows}
    c, h, w = rows["C"].output_shape
    before = summary(lenet5(), (1, 28, 28)).total_parameters
    return (
        f"Its output is {c}×{h}×{w}, and it has 32·(3·3·16 + 1) = {rows['C'].parameters:,} parameters. F5 has {c * h * w} inputs "
        f"now instead of 400, so {rows['F5'].parameters:,} parameters. The whole network has {table.total_parameters:,}: "
        f"{before - table.total_parameters:,} fewer than before, although it is deeper. F5 was what cost most."
    )


def _n2() -> str:
    rows = summary(alexnet(), ALEXNET_INPUT["two_towers"]).rows
    parts = [[row for row in rows if row.layer.startswith(name)] for name in ("conv", "fc")]
    held = [sum(row.parameters for row in part) for part in parts]
    done = [sum(row.multiply_adds for row in part) for part in parts]
    return (
        f"The three fully connected layers hold {100 * held[1] / sum(held):.0f} % of the parameters, {held[1]:,} of {sum(held):,}. "
        f"The five convolutions do {100 * done[0] / sum(done):.0f} % of the multiply-adds, {done[0]:,} of {sum(done):,}: "
        "a filter's weights are used again at every place, those of a fully connected layer once. "
        f"The first map: (224 − 11)/4 + 1 = {(224 - 11) / 4 + 1}, which is no whole number. "
        f"With 227 it is (227 − 11)/4 + 1 = {(227 - 11) // 4 + 1}, and all sizes in the paper follow from that."
    )


def _n2_towers() -> str:
    one, two = (summary(alexnet(name), ALEXNET_INPUT[name]).total_parameters for name in ("one_tower", "two_towers"))
    return (
        "In conv2, conv4 and conv5 each filter sees its own tower only, half of the maps, so half of the weights are gone: "
        f"5·5·48·256 = {5 * 5 * 48 * 256:,} in conv2, 3·3·192·384 = {3 * 3 * 192 * 384:,} in conv4, "
        f"3·3·192·256 = {3 * 3 * 192 * 256:,} in conv5, {one - two:,} in all. In conv3 and in the fully connected layers "
        "the towers talk to each other: there nothing is saved."
    )


def _n3() -> str:
    vector = np.array([2.0, 1.0, -1.0])
    first, second, third = softmax(vector)
    warm = softmax(vector, 2.0)
    same = np.allclose(softmax(vector + 100), softmax(vector))
    return (
        f"e^(2 − 1) = {first / second:.2f} times: only the difference of the two scores counts. Adding 100 to all changes "
        f"{'nothing' if same else 'them'}, since no difference changes. With T = 2 the difference is half as large, and the "
        f"first is only e^(1/2) = {warm[0] / warm[1]:.2f} times as likely. For three classes: "
        f"{', '.join(f'{each:.2f}' for each in (first, second, third))} becomes {', '.join(f'{each:.2f}' for each in warm)}."
    )


def turned_verdicts(digits: int = 500) -> tuple[float, float]:
    """How sure the trained LeNet-5 is of test digits turned by 45°, and which share of them it gets right.

    >>> sure, right = turned_verdicts(100)
    >>> sure > right
    True
    """
    images, labels = (each[:digits] for each in load_digits("test"))
    turned = np.rint(rotate(images.astype(float), 45)).clip(0, 255).astype(np.uint8)
    chances = softmax(predict(trained_lenet5()[0], turned, prepare=digits_as_input))
    return float(chances.max(axis=1).mean()), float((chances.argmax(axis=1) == labels).mean())


def _n3_turned() -> str:
    sure, right = turned_verdicts()
    return (
        f"It does not know. Of 500 turned digits it gets {100 * right:.0f} % right, and is {100 * sure:.0f} % sure in the "
        "mean. Of noise it is less sure, but its ten numbers sum to 1 all the same: some class must get them."
    )


def _n4() -> str:
    rows = {row.layer: row for row in summary(lenet5(), (1, 28, 28)).rows}
    maps, filters = rows["S2"].output_shape[0], 5
    values, seen = maps * filters**2, maps * (2 * filters) ** 2
    side, _ = rows["C3"].receptive_field
    return (
        f"{maps}·{filters}·{filters} = {values} of {maps}·{2 * filters}·{2 * filters} = {seen}: one in each window of 2×2, "
        f"and the other three get 0. By the 5×5 filters of C1 each of them reaches 25 pixels. Together they lie in "
        f"{side}×{side} = {side * side} pixels: what the unit sees, and not one more."
    )


def untrained_readout(digits: int = 500) -> tuple[float, float]:
    """Which share of test digits the nearest class mean reads from the pixels, and from the output of an untrained LeNet-5.

    >>> pixels, output = untrained_readout(200)
    >>> pixels > output
    True
    """
    known, asked = (tuple(each[:digits] for each in load_digits(split)) for split in ("train", "test"))
    reads = class_readout(lenet5().init(0), known, asked, prepare=digits_as_input)
    return reads["input"], reads["output"]


def _n4_random() -> str:
    pixels, output = untrained_readout()
    return (
        f"Less: with 500 digits {100 * output:.0f} % instead of {100 * pixels:.0f} % from the pixels. Random weights mix "
        "everything with everything, and ten numbers are too few to keep it apart. A guess would be right in 10 %."
    )


LETTER_H = (((90, 50), (90, 230)), ((190, 50), (190, 230)), ((90, 140), (190, 140)))
"""Three strokes on a pad of 280 pixels."""


def drawn_verdict(strokes: Sequence[Sequence[tuple[float, float]]]) -> tuple[int, float]:
    """The class that the trained LeNet-5 gives to a drawing, and its probability.

    >>> drawn_verdict([[(140, 50), (140, 230)]])[0]
    1
    """
    digit = as_mnist(draw_strokes(strokes))
    (chances,) = softmax(trained_lenet5()[0].forward(digits_as_input(digit[None])))
    return int(chances.argmax()), float(chances.max())


def _n1_draw() -> str:
    small, large = (PEN * BOX / height for height in (60, 160))
    named, chance = drawn_verdict(LETTER_H)
    return (
        "Where it stands changes nothing: the 4 is cut out, fitted into the box and centred by its mass, so the pixels are the "
        f"same. The size changes one thing. The pen is always {PEN} pixels wide: in a digit 160 pixels high that becomes "
        f"{PEN}·{BOX}/160 = {large:.1f} pixels of the box, in one 60 high {PEN}·{BOX}/60 = {small:.1f}. Small digits become fat ones. "
        f"The H is a {named} to the network, with {100 * chance:.0f} %. It has ten outputs, and softmax makes them sum to 1. "
        'There is no eleventh for "none of these".'
    )


ANSWERS: dict[str, Callable[[], str]] = {
    "N check": _check, "N1": _n1, "N1 draw": _n1_draw, "N2": _n2, "N2 towers": _n2_towers, "N3": _n3, "N3 turned": _n3_turned,
    "N4": _n4, "N4 random": _n4_random,
}  # fmt: skip
