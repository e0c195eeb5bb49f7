"""A digit moved about, and how much each layer of a trained network changes."""

from functools import cache

import numpy as np

from ...data import digits_as_input, load_digits
from ...data.digits import numbered
from ...explore import Explorer, Look, Numbers, Say, Slider, pack
from ...models import trained_lenet5
from ...probes import chances, responses
from ...transforms import translate
from .measures import LAYERS

DIGITS, REACH, CLASSES = 6, 7, 10


@cache
def _measured() -> tuple[np.ndarray, np.ndarray]:
    """For each digit, shift down and shift to the right: the layers' changes, as shares, and what each class gets."""
    net, images = trained_lenet5()[0], load_digits("test")[0][:DIGITS]
    reach = range(-REACH, REACH + 1)
    changes, verdicts, still = [], [], len(reach) ** 2 // 2
    for image in images:  # all layers of all digits at once would be more than a browser has room for
        moved = np.concatenate([translate(image[None], down, right) for down in reach for right in reach])
        found = responses(net, digits_as_input(moved))
        each = [found[layer].reshape(len(moved), -1) for layer in LAYERS]
        shares = [np.linalg.norm(x - x[still], axis=1) / np.linalg.norm(x[still, None], axis=1) for x in each]
        changes.append(np.stack(shares, axis=-1))
        verdicts.append(chances(found["output"]))
    shape = DIGITS, len(reach), len(reach), -1
    return np.stack(changes).reshape(shape), np.stack(verdicts).reshape(shape)


def moved_digit(*, right: int = 0, down: int = 0) -> Explorer:
    """Explorer of invariance: drag a digit, and see how much each layer of LeNet-5 changes, and whether it still reads it.

    Args:
        right, down: by how many pixels it is moved at first.

    Raises:
        ShapeError: it would be moved by more than :data:`REACH`. TypeError: that is no number.

    >>> moved_digit(right=3).value("right")
    3
    """
    images, labels = (each[:DIGITS] for each in load_digits("test"))
    changes, verdicts = _measured()
    named = verdicts.argmax(axis=-1)
    wrong = named != labels[:, None, None]
    place = "digit", "down", "right"
    said = [f"LeNet-5 reads a {each}, right ✓." for each in range(CLASSES)]
    said += [f"LeNet-5 reads a {each}, and that is wrong." for each in range(CLASSES)]
    return Explorer(
        "A digit, moved", "A handwritten digit that can be dragged, how much four layers of LeNet-5 change, and how likely each class is to it.",
        indices={
            "digit": Numbers(0, DIGITS - 1), "right": Numbers(-REACH, REACH, right), "down": Numbers(-REACH, REACH, down),
        },
        controls=[
            Slider("right", "Right", "pixels to the right; negative is left"),
            Slider("down", "Down", "pixels down; negative is up"),
            Slider("digit", "Digit number", "which of the digits"),
        ],
        arrays={
            "digits": pack(np.pad(images, [(0, 0), (REACH, REACH), (REACH, REACH)]), "image"),
            "labels": pack(labels.astype(np.int32), "index"), "changes": pack(changes, "curve"),
            "verdicts": pack(verdicts, "curve"), "said": pack((named + CLASSES * wrong).astype(np.int32), "index"),
        },
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "slice": "pan", "reach": REACH, "pick": "pan", "size": False,
             "titles": [f"drag it: {each}" for each in numbered(labels)], "index": "digit"},
            {"kind": "columns", "array": "changes", "at": list(place), "labels": list(LAYERS), "brief": 2, "most": 1.6,
             "title": "change, as a share of what it was"},
            {"kind": "columns", "array": "verdicts", "at": list(place), "marked": "labels", "most": 1,
             "title": "LeNet-5's ten outputs"},
        ],
        sentence=[
            Say(said, at=[Look("said", *place)], tag="strong"),
            Say(" C1 has changed by {first} of what it was, the outputs by {last}.",
                numbers={"first": Look("changes", *place, 0), "last": Look("changes", *place, len(LAYERS) - 1)}),
        ],
        arrows=("down", "right"),
    )  # fmt: skip
