"""Notebook 01, motivation: the guesses that it asks for, and what is said after them."""

import numpy as np

from ...data import centre_square, load_photo, resize
from ...experiments import mean_and_spread
from ...models import lenet5, summary
from ...practice import Choice, Guess, Number
from ...transforms import distance, translate
from . import wiring
from .shifts import moved_by, order_accuracy
from .trainings import shift_race, shuffled_race

MOVED, SIDE = 8, 128  # pixels of the question in M3, side of its photos


def _m1() -> str:
    cost = wiring.first_layer(200, 3, 1000, 5)
    return (
        f"200·200·3 = {200 * 200 * 3:,} inputs to each unit, and 1,000 units: {cost.dense:,} weights, and a bias for each unit. "
        f"As float32, of 4 bytes each, the weights alone take {cost.dense * 4 // 10**6} MB."
    )


def _m2() -> str:
    return (
        "The fully connected net has learned a weight for every pixel. A few pixels further, every stroke meets weights that were "
        "made for another place. In the convolutional net the feature maps move along with the digit, by one place of the last "
        "map for every 4 pixels. But its last layer is fully connected: it has a weight for every place of every map."
    )


def m3_distances() -> tuple[float, float]:
    """How far the photo of the astronaut is from itself, moved to the right, and from the photo of a brick wall."""
    astronaut, brick = (
        np.moveaxis(resize(centre_square(load_photo(name)), SIDE), -1, 0) for name in ("astronaut", "brick")
    )
    return distance(astronaut, translate(astronaut, 0, MOVED, "nearest")), distance(astronaut, brick)


def _m3() -> str:
    moved, other = m3_distances()
    return (
        f"They are about as far: {moved:.0f} grey levels to itself, moved by {MOVED} of {SIDE} pixels, and {other:.0f} to "
        "the brick wall. Pixel by pixel, this move is as large a change as another picture."
    )


def _m4() -> str:
    dense, local, shared = wiring.dense(10, 8), wiring.local(10, 3), wiring.shared(10, 3)
    return (
        f"Dense: 10·8 = {dense.weights}. Local: 8 units with 3 weights each, {local.weights}. "
        f"Shared: {shared.weights}, however many units there are."
    )


def _fields() -> dict[str, int]:
    """Layer of LeNet-5 → how wide the part of the digit is that one of its units sees."""
    return {row.layer: min(row.receptive_field[0], 28) for row in summary(lenet5(), (1, 28, 28)).rows}


def _m5() -> str:
    fields = _fields()
    return (
        f"A unit of the first convolution sees {fields['C1']}×{fields['C1']} pixels: pieces of strokes, in one direction. "
        f"After pooling, a unit of the second sees {fields['C3']}×{fields['C3']}: corners, arcs, crossings. The units of the "
        "last layers see the whole digit, so they can answer to whole shapes."
    )


def _check() -> str:
    cost = wiring.first_layer(224, 3, 64, 7)
    return (
        f"Dense: 224·224·3·64 = {cost.dense:,}. Shared: 7·7·3·64 = {cost.shared:,}, {cost.dense // cost.shared:,} times fewer. "
        f"Local: a window fits at 224 − 7 + 1 = {224 - 7 + 1} places along each axis, and each place has weights of its own: "
        f"218·218·{cost.shared:,} = {cost.local:,}, more than dense, because it has {218 * 218:,} times as many units. "
        f"Half as wide and high, the dense layer needs {wiring.first_layer(112, 3, 64, 7).dense:,}, a quarter; "
        f"the shared one still {cost.shared:,}."
    )


NETS = ("the MLP", "the CNN", "both", "neither of them")


def _hurt() -> str:
    """Which of the recorded nets read fewer digits when their pixels are shuffled, by more than twice the seeds' spread."""
    loss = {
        name: mean_and_spread(before - after)
        for name, (before, after) in order_accuracy(shift_race(), shuffled_race()).items()
    }
    lost = [name for name, (mean, spread) in loss.items() if mean > 2 * spread]
    return "both" if len(lost) == 2 else f"the {lost[0]}" if lost else NETS[-1]


def _nearer() -> str:
    """Of two distances that differ by less than a tenth neither is called the shorter one."""
    moved, other = m3_distances()
    if abs(moved - other) < 0.1 * other:
        return "about as far from both"
    return "to itself before the move" if moved < other else "to the brick wall"


def _checked() -> tuple[int, int, int, str]:
    whole, half = (wiring.first_layer(side, 3, 64, 7) for side in (224, 112))
    changed = {"the dense one": whole.dense != half.dense, "the shared one": whole.shared != half.shared}
    [name] = [name for name, other in changed.items() if other]
    return whole.dense, whole.shared, whole.local, name


GUESSES = {
    "M1": Guess(
        "1000 units, each wired to all numbers of a photo of 200×200×3: how many weights has this layer? How much memory do "
        "they take, with 4 bytes each?",
        (Number(unit="weights", times=True), Number(unit="MB", times=True)),
        lambda: (wiring.first_layer(200, 3, 1000, 5).dense, wiring.first_layer(200, 3, 1000, 5).dense * 4 / 10**6),
        _m1,
    ),
    "M2": Guess(
        "Both learn from centred digits. Then test digits move by 4 pixels, left, right, up or down. How many of 100 does "
        "each net still read?",
        (Number("MLP", "%", 0, 100), Number("CNN", "%", 0, 100)),
        lambda: tuple(round(moved_by(4)[name]) for name in ("MLP", "CNN")),
        _m2,
    ),
    "M3 shuffle": Guess(
        "We shuffle the pixels of all digits, all in the same way, and train both nets of M2 anew. Which of them then reads "
        "fewer of the shuffled digits than it read before?",
        Choice(NETS),
        _hurt,
        "To the MLP, neighbours were never anything special: it has a weight for each pixel, wherever that stands. A window "
        "of the CNN now holds pixels that have nothing to do with each other.",
    ),
    "M3": Guess(
        "We measure the **distance** of two photos of 128×128: the root mean square of the differences of their pixels. The "
        "photo of an astronaut is moved by 8 pixels. What is it nearer to?",
        Choice(("to itself before the move", "to the brick wall", "about as far from both")),
        _nearer,
        _m3,
    ),
    "M4": Guess(
        "10 pixels, 8 units, windows of 3 pixels. How many weights has the dense layer, the local one, the shared one?",
        (Number("Dense", "weights"), Number("Local", "weights"), Number("Shared", "weights")),
        lambda: (wiring.dense(10, 8).weights, wiring.local(10, 3).weights, wiring.shared(10, 3).weights),
        _m4,
    ),
    "M5": Guess(
        "A digit has 28×28 pixels. How wide is the part of it that one unit sees: in the first convolution layer, in the second, "
        "and in the last layer?",
        (Number("First", "pixels"), Number("Second", "pixels"), Number("Last", "pixels")),
        lambda: tuple(_fields()[layer] for layer in ("C1", "C3", "output")),
        _m5,
    ),
    "M check": Guess(
        "A first layer on a 224×224×3 image, 64 filters of 7×7, stride 1, no padding. Work out the number of weights if it is "
        "dense (64 units), if it is shared, and if it is local: a unit with weights of its own for each place and filter. Which of the first "
        "two changes when the image has half the side?",
        (
            Number("Dense", "weights", times=True), Number("Shared", "weights", times=True),
            Number("Local", "weights", times=True), Choice(("the dense one", "the shared one", "both", "neither"), "Changes"),
        ),
        _checked,
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
