"""The network walk: a digit that you draw, from its pixels to its class, every number opened down to its products."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ....arguments import one_of, shown
from ....data import load_digits
from ....data.drawings import PAD, PEN
from ....explore import (
    Broken,
    Choice,
    Explorer,
    File,
    Free,
    Look,
    Numbers,
    Options,
    Places,
    Press,
    Slider,
    WhatIf,
    pack,
)
from ....models import Sequential, trained_lenet5
from ....shapes import ShapeError, integer
from .answering import Walk
from .breaking import MOVES, THICKEN
from .columns import packed_weights
from .reading import DIGITS, INKS, MOST_COUNTED, MOST_OPENED, MOST_POINTS, at_random, refuse_broken, refuse_strokes
from .tour import parts, walk_tour
from .units import NAMES
from .what_if import refuse_changes

HEIGHT = 470
"""Pixels of the picture; with title, sliders and sentence 640."""

PHONE = 1320
"""Pixels where all stands one below the other."""

MOVE, WHAT_IF, BREAK, BESIDE = ({"tool": [at]} for at in range(4))
TOOLS = ("Move it", "What if", "Break it", "Beside it")
"""What stands below the picture: one of four."""


def network_walk(
    net: Sequential | None = None,
    *,
    beside: Mapping[str, Sequential] = MappingProxyType({}),
    digits: int = DIGITS,
    seed: int = 0,
    **settings: float,
) -> Explorer:
    """Explorer of a network from your digit's pixels to its class: every unit opens down to its products.

    The drawing gets the size, the pen and the centre of MNIST's digits (:func:`lecture_lib.data.drawings.draw_large`,
    :func:`lecture_lib.data.as_mnist`), from a sixth of the pad's side on. Sliders then
    move, turn and thicken it. A press on a unit opens it; Enter goes to its strongest input, Backspace back. What if: another
    kernel, weight or bias of the opened unit, a map silenced, with the answer before beside the answer after.

    Args:
        net: for inputs (1, 28, 28) and ten classes, as it is now; None takes the trained modern LeNet-5.
        beside: name → another such network, to stand beside it; untrained and, where it pools, with average pooling it can anyway.
        digits: test digits to choose from at random. seed: for which.
        settings: where the sliders stand at first: right, down, rotate, thicken.

    Raises:
        TypeError: ``net`` or one beside it is no network.
        ShapeError: the network takes or gives something else, there are not so many digits, a setting is out of range.
        ValueError: an unknown setting, or a name that cannot stand beside it.

    >>> network_walk(digits=3).needs_python[4:]
    ('Sliders to 0', 'What if', 'Find the smallest move that breaks it', 'Beside it', 'Photo of a digit', 'Ink')
    """
    images, labels = load_digits("test")
    if integer("digits", digits, 1) > len(images):
        raise ShapeError(f"digits={digits}: must be at most {len(images)}")
    integer("seed", seed, 0)
    for name in settings:
        one_of("setting", name, (*MOVES, "thicken"))
    thick = settings.get("thicken", 0)
    if not isinstance(thick, int | float | np.number) or thick not in THICKEN:
        raise ValueError(f"thicken={shown(thick)}: must be one of {', '.join(map(str, THICKEN))}")
    chosen = at_random(digits, seed, images)
    walk = Walk(trained_lenet5()[0] if net is None else net, images[chosen], labels[chosen], beside)
    layer, unit = walk.first()
    names = [column["label"] for column in walk.columns]
    indices = {
        "strokes": Free([], check=refuse_strokes), "digit": Options(range(digits), 0, python=True, none=True),
        "layer": Options(range(len(names)), layer, labels=names, python="also"), "unit": Places(Look("counts", "layer"), unit, python="also"),
        **{name: Numbers(-most, most, settings.get(name, 0), python=True) for name, (_, most, _) in MOVES.items()},
        "photo": Numbers(0, MOST_OPENED, python=True), "ink": Options(INKS, python=True),
        "thicken": Options(THICKEN, thick, python=True), "path": Options(["off", "on"], python="also"),
        "tool": Options(TOOLS, python="also"), "beside": Options(["nothing", *walk.beside], python=True), "changes": Free([], check=lambda value: refuse_changes(value, walk.net)),
        "counted": Numbers(0, MOST_COUNTED, python=True), "broken": Free([], check=refuse_broken),
    }  # fmt: skip
    arrays, words = walk.seen({name: index.first() for name, index in indices.items()})
    arrays |= packed_weights(walk.found) | {
        "digits": pack(walk.pad.digits, "image"),
        "counts": pack(np.array([column["size"] for column in walk.columns], np.int32), "index"),
    }
    return Explorer(
        "Network walk",
        "A pad with a digit drawn on it, the 28 by 28 pixels that a trained network gets, a column of maps for each of its "
        "layers with lines between them, one unit opened down to its products, and bars: how likely each class is to the network.",
        indices=indices,
        controls=[
            *(Slider(name, label, tip, when=MOVE) for name, (label, _, tip) in MOVES.items()),
            Slider("thicken", "Thicken", "pixels on each side; negative is thinner", when=MOVE),
            Press("upright", "Sliders to 0", when={"tool": [0, 3]}),  # What if and Break it have their own
            WhatIf("changes", "What if", "another weight: the answer at once, the accuracy when the hand rests", when=WHAT_IF),
            Broken("find", "Find the smallest move that breaks it", "shift, turn and thicken, each alone, until the answer changes", found="broken", when=BREAK),
            Choice("beside", "Beside it", "another network that gets the same digit", when=BESIDE),
            File("picture", "Photo of a digit", "open a photo of one digit on plain paper; one that you copied is pasted with Ctrl+V"),
            Choice("ink", "Ink", "what the digit is drawn with; turn it around if the photo was misread", when={"photo": list(range(1, MOST_OPENED + 1))}),
        ],
        arrays=arrays,
        panels=[{
            "kind": "walk", "title": "", "array": "digits", "opened": "opened", "seen": "seen", "values": "values", "classes": "classes",
            "marked": "label", "weights": "weights", "biases": "biases", "before": "before", "layer": "layer", "unit": "unit", "path": "path", "tool": "tool", "changes": "changes",
            "strokes": "strokes", "digit": "digit", "photo": "photo", "side": PAD, "pen": PEN, "most": MOST_POINTS,
            "stages": walk.columns, "others": walk.others_columns, "values2": "values2", "classes2": "classes2", "beside": "beside", "names": NAMES, "phone": PHONE, "parts": parts(walk.found),
        }],
        sentence=words, height=HEIGHT, hover=False, answer=walk.answer, tour=walk_tour(walk.found),
    )  # fmt: skip
