"""Notebook 06, LeNet-5 and AlexNet: the guesses that it asks for, and what is said after them."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from ...data import as_mnist, digits_as_input, imagenet_classes
from ...data.drawings import BOX, PEN, draw_large
from ...layers import Conv2d, Flatten, Linear
from ...models import (
    ALEXNET_INPUT,
    C3_TABLE,
    PHOTO_NET_INPUT,
    Sequential,
    alexnet,
    efficientnet_lite0,
    lenet5,
    summary,
    trained_lenet5,
)
from ...models.table import Summary, SummaryRow
from ...ops import softmax
from ...practice import Choice, Guess, Number
from ...probes.answers import layers_of
from ...style import percent
from .classes import readouts, sure_and_right
from .photo_answers import PHOTO_ANSWERS, PHOTOS, most_likely
from .photo_answers import Guess as ClassGuess
from .photo_units import DEPTHS
from .trainings import lenet_training
from .walk.shifted import SHIFTED


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


def _deeper() -> tuple[Summary, dict[str, SummaryRow]]:
    """The table of LeNet-5 with one more convolution behind S4, and its rows by name."""
    layers = lenet5().layers
    behind = list(layers).index("S4") + 1
    rest = {name: layer for name, layer in list(layers.items())[behind:] if name != "F5"}
    deeper = Sequential(
        dict(list(layers.items())[:behind])
        | {"C": Conv2d(16, 32, 3), "flatten": Flatten(), "F5": Linear(32 * 9, 120)}
        | rest
    )
    table = summary(deeper, (1, 28, 28))
    return table, {row.layer: row for row in table.rows}


def _deeper_counts() -> tuple[int, int, int, int, int]:
    table, rows = _deeper()
    c, h, w = rows["C"].output_shape
    return h, c, rows["C"].parameters, c * h * w, table.total_parameters


def _added() -> str:
    vector = np.array([2.0, 1.0, -1.0])
    return "nothing" if np.allclose(softmax(vector + 100), softmax(vector)) else "the first gets more"


def _check() -> str:
    table, rows = _deeper()
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


BRICKS = ("nothing: no kind is likely", "stone wall", "maze")


def _of_bricks() -> list[ClassGuess]:
    """What the network for photos says to the bricks, all of its classes."""
    names = imagenet_classes()
    return most_likely(PHOTO_ANSWERS.arrays()["logits"][list(PHOTOS).index("brick")], names, len(names))


def _times_the_parameters() -> float:
    return (
        summary(alexnet(), ALEXNET_INPUT["two_towers"]).total_parameters
        / summary(efficientnet_lite0(), PHOTO_NET_INPUT).total_parameters
    )


def _n2_names() -> str:
    bricks = _of_bricks()
    stone = next(each for each in bricks if each.name == "stone wall")
    return (
        f"Its class vector has 1,000 numbers that sum to 1, so some kind gets the most: {bricks[0].name}, with {percent(bricks[0].probability)}. "
        f"The stone wall gets {percent(stone.probability)}. AlexNet has {summary(alexnet(), ALEXNET_INPUT['two_towers']).total_parameters:,} parameters, "
        f"this network {summary(efficientnet_lite0(), PHOTO_NET_INPUT).total_parameters:,}."
    )


def _n2_towers() -> str:
    one, two = (summary(alexnet(name), ALEXNET_INPUT[name]).total_parameters for name in ("one_tower", "two_towers"))
    return (
        "In conv2, conv4 and conv5 each filter sees its own tower only, half of the maps, so half of the weights are gone: "
        f"5·5·48·256 = {5 * 5 * 48 * 256:,} in conv2, 3·3·192·384 = {3 * 3 * 192 * 384:,} in conv4, "
        f"3·3·192·256 = {3 * 3 * 192 * 256:,} in conv5, {one - two:,} in all. In conv3 and in the fully connected layers "
        "a unit sees both towers: there nothing is saved."
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


def _n3_turned() -> str:
    sure, right = sure_and_right("turned by 45°")
    return (
        f"It is much surer than it is right. Of 1,000 turned digits it gets {100 * right:.0f} % right, and is {100 * sure:.0f} % sure in the "
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


TOWERS = ("block 1", "block 5", "block 15")


def _photo_units() -> tuple[int, str]:
    """How many pixels a unit of block 10 sees on a side, and the block whose map was chosen for its towers."""
    (towers,) = (depth.title for depth in DEPTHS.values() if "towers" in depth.chosen.values())
    return _seen("block10.depthwise"), towers


def _seen(layer: str) -> int:
    return layers_of(efficientnet_lite0(), PHOTO_NET_INPUT)[layer][2][0].size


def _n4_photos() -> str:
    one, ten, last = (_seen(f"block{at}.depthwise") for at in (1, 10, 15))
    return (
        f"In block 1 a unit sees {one}×{one} pixels, in block 10 {ten}×{ten}, in block 15 {last}×{last}: in theory more than there are, "
        "since every layer between adds what its windows reach beyond those before. Most of that counts little: so the pictures show its middle, "
        "with the share of the gradient's energy that lies in it."
    )


def _n4_random() -> str:
    read = readouts()["random weights"]
    pixels, output = read["input"].mean(), read["output"].mean()
    return (
        f"{_random_reads().capitalize()}: {100 * output:.0f} % instead of {100 * pixels:.0f} % from the pixels, "
        f"the mean of {len(read['output'])} nets. Ten random sums of everything are too few to keep the digits apart. A guess would be right in 10 %."
    )


LETTER_H = (((90, 50), (90, 230)), ((190, 50), (190, 230)), ((90, 140), (190, 140)))
"""Three strokes on a pad of 280 pixels."""


def drawn_verdict(strokes: Sequence[Sequence[tuple[float, float]]]) -> tuple[int, float]:
    """The class that the trained LeNet-5 gives to a drawing, and its probability.

    >>> drawn_verdict([[(140, 50), (140, 230)]])[0]
    1
    """
    digit = as_mnist(draw_large(strokes))
    (chances,) = softmax(trained_lenet5()[0].forward(digits_as_input(digit[None])))
    return int(chances.argmax()), float(chances.max())


def _n1_draw() -> str:
    small, large = (PEN * BOX / height for height in (60, 160))
    named, chance = drawn_verdict(LETTER_H)
    return (
        "Where it stands changes nothing: the 4 is cut out, fitted into the box and centred by its mass, so the pixels are the "
        f"same. The size changes hardly anything, because your lines are drawn anew, 160 pixels high with a pen of {PEN}: in the "
        f"box it is {PEN}·{BOX}/160 = {large:.1f} pixels wide, as in MNIST. Were a digit 60 pixels high only made larger as a "
        f"picture, its strokes would be {PEN}·{BOX}/60 = {small:.1f}. "
        f"The H is a {named} to the network, with more than {int(100 * chance)} %. It has ten outputs, and softmax makes them sum to 1. "
        'There is no eleventh for "none of these".'
    )


PARTS = ("convolutions", "fully connected layers")


EPOCHS = ("less than a tenth", "between a tenth and one", "more than one")
FILTERS = ("small digits", "clean edges and bars", "much like the noise before")


@cache
def learned_in() -> tuple[float, float, float]:
    """Between which two moments of the recorded training nine of ten digits kept aside came to be right, in epochs; and how alike
    C1's filters before and after it are, as the cosine of the angle between them.

    >>> before, after, alike = learned_in()
    >>> 0 <= before < after
    True
    """
    (run,) = lenet_training().runs
    aside = [step / run.steps_per_epoch for step in run.moments["aside"]]
    late = next(at for at, share in enumerate(run.kept["aside"]) if share >= 0.9)
    first, last = (run.kept["filters"][at].ravel() for at in (0, -1))
    alike = first @ last / (np.linalg.norm(first) * np.linalg.norm(last))
    return aside[late - 1], aside[late], float(alike)


def _epochs_and_filters() -> tuple[str, str]:
    before, after, alike = learned_in()
    epochs = EPOCHS[0] if after <= 0.1 else EPOCHS[1] if before >= 0.1 and after <= 1 else EPOCHS[2]
    return epochs, FILTERS[2 if alike > 0.7 else 1]


def _n1_epochs() -> str:
    before, after, alike = learned_in()
    return (
        f"In the recorded training between {before:.2f} and {after:.2f} epochs. The cosine between all of C1's weights before and after "
        f"the training is {alike:.2f} (1: the same up to a factor; 0: nothing in common). A network needs no tidy filters to be "
        "right: it needs filters that together tell the digits apart."
    )


def _rows(network: Sequential, shape: tuple[int, int, int]) -> dict:
    return {row.layer: row for row in summary(network, shape).rows}


def _alexnet_most() -> tuple[str, str]:
    """Which part of AlexNet holds most of the parameters, and which does most of the multiply-adds."""
    rows = summary(alexnet(), ALEXNET_INPUT["two_towers"]).rows
    parts = {part: [row for row in rows if row.layer.startswith(part[:4].replace("full", "fc"))] for part in PARTS}
    return tuple(
        max(parts, key=lambda part: sum(getattr(row, cost) for row in parts[part]))  # noqa: B023  asked at once
        for cost in ("parameters", "multiply_adds")
    )


def _saved() -> int:
    one, two = (summary(alexnet(name), ALEXNET_INPUT[name]).total_parameters for name in ("one_tower", "two_towers"))
    return one - two


def _saving_layers() -> str:
    one, two = (summary(alexnet(name), ALEXNET_INPUT[name]).rows for name in ("one_tower", "two_towers"))
    less = {row.layer for row, other in zip(one, two, strict=True) if row.parameters > other.parameters}
    return {True: "conv2, conv4, conv5", False: "all five convolutions"}[less == {"conv2", "conv4", "conv5"}]


def _random_reads() -> str:
    read = readouts()["random weights"]
    pixels, output = read["input"].mean(), read["output"].mean()
    return "the same" if abs(pixels - output) < 0.02 else "less" if output < pixels else "more"


GUESSES = {
    "N": SHIFTED,
    "N1": Guess(
        "C3 has 16 filters of 5×5, and S2 has 6 maps: 96 pairs. In the modern LeNet-5 every filter sees every map. How many "
        "parameters has C3 if the filters together see 60 of the 96 pairs?",
        Number(unit="parameters", times=True),
        lambda: _rows(lenet5("1998"), (1, 32, 32))["C3"].parameters,
        _n1,
    ),
    "N1 epochs": Guess(
        "Guessing gives 10 %. After how many **epochs** (passes over the digits) will nine of ten digits kept aside be right? And "
        "what will the first layer's filters look like?",
        (
            Choice(EPOCHS, "Epochs"),
            Choice(FILTERS, "The filters"),
        ),
        _epochs_and_filters,
        _n1_epochs,
    ),
    "N1 draw": Guess(
        "You draw a 4 in the middle of the pad. Then you draw the same 4, just as large, in a corner. Then a much smaller one. "
        "What changes in the 28×28 pixels that the network gets? And what will it say if you draw the letter H?",
        (
            Choice(("nothing changes", "it stands in the corner, too"), "In the corner"),
            Choice(("hardly anything changes", "the strokes get wider", "the strokes get thinner"), "Much smaller"),
            Choice((*map(str, range(10)), "none of them"), "The H"),
        ),
        lambda: ("nothing changes", "hardly anything changes", str(drawn_verdict(LETTER_H)[0])),
        _n1_draw,
    ),
    "N2": Guess(
        "Which layers of AlexNet hold most of the parameters? Which do most of the multiply-adds? And one for pen and paper: the "
        "paper says that the input is 224×224. What does (N − F)/S + 1 give for the first map, with 11×11 filters, stride 4 and "
        "no padding?",
        (Choice(PARTS, "Parameters"), Choice(PARTS, "Multiply-adds"), Number("Width")),
        lambda: (*_alexnet_most(), (224 - 11) / 4 + 1),
        _n2,
    ),
    "N2 names": Guess(
        "The network knows 1,000 kinds. None of their names has the word “brick”. What is most likely for it in a photo of a brick wall, "
        "and how likely? How many times its parameters has AlexNet, which does the same task?",
        (Choice(BRICKS), Number("Likely", "%", low=0, high=100, near=0.1), Number("AlexNet", "times", near=0.1)),
        lambda: (_of_bricks()[0].name, round(100 * _of_bricks()[0].probability), round(_times_the_parameters(), 1)),
        _n2_names,
    ),
    "N2 towers": Guess(
        "How many parameters do the two towers save, and in which layers?",
        (
            Number(unit="parameters", times=True),
            Choice(("all five convolutions", "conv2, conv4, conv5", "the fully connected layers"), "Layers"),
        ),
        lambda: (_saved(), _saving_layers()),
        _n2_towers,
    ),
    "N3": Guess(
        "A net knows three classes, and its class vector is (2, 1, −1). How many times as likely is the first class as the second? "
        "What changes if we add 100 to all three? And how many times is it if T is 2?",
        (
            Number("T = 1", "times", near=0.05), Choice(("nothing", "the first gets more", "all get more"), "Adding 100"),
            Number("T = 2", "times", near=0.05),
        ),
        lambda: (round(float(np.exp(1.0)), 2), _added(), round(float(np.exp(0.5)), 2)),
        _n3,
    ),
    "N3 turned": Guess(
        "We turn each test digit by 45°. How many of 100 does the net read right, and how sure "
        "is it in the mean?",
        (Number("Right", "%", low=0, high=100, near=0.05), Number("Sure", "%", low=0, high=100, near=0.05)),
        lambda: tuple(round(100 * each) for each in sure_and_right("turned by 45°")[::-1]),
        _n3_turned,
    ),
    "N4": Guess(
        "A unit of C3 looks through 5×5 windows at the six maps of S2. On the way back: how many places in the maps of C1 get a "
        "value, of how many the unit sees? How many pixels can be reached in the end?",
        (Number("Get a value", "places"), Number("It sees", "places"), Number("Reached", "pixels")),
        lambda: (6 * 5 * 5, 6 * 10 * 10, _rows(lenet5(), (1, 28, 28))["C3"].receptive_field[0] ** 2),
        _n4,
    ),
    "N4 photos": Guess(
        "A photo for the network has 224×224 pixels, and a unit of block 1 sees 11×11 of them. How many pixels on a side does one of "
        "block 10 see, on paper? And one map was chosen because its strongest patches show towers: in which of these blocks?",
        (Number("Block 10", "pixels", times=True), Choice(TOWERS, "Towers")),
        _photo_units,
        _n4_photos,
    ),
    "N4 random": Guess(
        "What will it read from the last layer of an **untrained** net, whose weights are random: more than from the pixels, less, "
        "or the same?",
        Choice(("more", "less", "the same")),
        _random_reads,
        _n4_random,
    ),
    "N check": Guess(
        "Add a third convolution of 32 filters 3×3, without padding, behind S4 of the modern LeNet-5. What are its output's shape, "
        "its parameters, and the inputs of F5 now? And how many parameters does the whole network have?",
        (
            Number("Width and height"), Number("Depth"), Number(unit="parameters", times=True), Number("F5", "inputs", times=True),
            Number("In all", "parameters", times=True),
        ),
        _deeper_counts,
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
