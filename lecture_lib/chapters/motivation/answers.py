"""Notebook 01, motivation: the answers to its "Predict"."""

from collections.abc import Callable

import numpy as np

from ...data import centre_square, load_photo, resize
from ...models import lenet5, summary
from ...transforms import distance, translate
from . import wiring

MOVED, SIDE = 8, 128  # pixels of the question in M3, side of its photos


def _m1() -> str:
    cost = wiring.first_layer(200, 3, 1000, 5)
    return (
        f"200·200·3 = {200 * 200 * 3:,} inputs to each unit, and 1,000 units: {cost.dense:,} weights, and a bias for each unit. "
        f"As float32, of 4 bytes each, the weights alone take {cost.dense * 4 // 10**6} MB."
    )


def _m2() -> str:
    return (
        "Both lose, and this surprises many. The fully connected net has learned a weight for every pixel. One pixel "
        "further, every stroke meets weights that were made for another place. In the convolutional net the feature maps "
        "move along with the digit. But its last layer is fully connected, and has a weight for every place of every map. "
        f"It makes a step of one place in the map for every 4 pixels: a shift by 8 is a shift by {8 // 4} places, "
        "which its last layer has never seen. The measurement below says how much each loses."
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
        "the brick wall. Pixel by pixel, a small move is as large a change as another picture."
    )


def _m4() -> str:
    dense, local, shared = wiring.dense(10, 8), wiring.local(10, 3), wiring.shared(10, 3)
    return (
        f"Dense: 10·8 = {dense.weights}. Local: 8 units with 3 weights each, {local.weights}. "
        f"Shared: {shared.weights}, however many units there are."
    )


def _m5() -> str:
    fields = {row.layer: row.receptive_field[0] for row in summary(lenet5(), (1, 28, 28)).rows}
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


ANSWERS: dict[str, Callable[[], str]] = {
    "M1": _m1, "M2": _m2, "M3": _m3, "M4": _m4, "M5": _m5, "M check": _check,
}  # fmt: skip
