"""What units of a network for photos see: their strongest patches in 23 photos, what comes back to these, and where they stand."""

import numpy as np

from ...arguments import one_of
from ...data import photo_names, resize
from ...data.photo_input import PHOTO_MEAN
from ...explore import Choice, Explorer, Look, Options, Places, Say, pack
from ...layers import Layer
from ...models import efficientnet_lite0
from ...shapes import ShapeError, integer
from .photo_units import (
    COLUMNS,
    DEPTHS,
    MOST,
    PHOTO_UNITS,
    RULES,
    SIDE,
    UNITS,
    Depth,
    Found,
    cut_patch,
    cut_square,
    every_square,
    field_of,
    photos,
    recorded_patch,
    smaller,
)

SHOWN = 168  # pixels on the longer side of a photo
TILE = 56  # most pixels on a side of a patch


def _patch(found: Found, depth: Depth) -> np.ndarray:
    patch = cut_patch(cut_square(found.square), found, depth.window, PHOTO_MEAN)
    return patch if depth.window <= TILE else np.rint(smaller(patch, TILE)).astype(np.uint8)


def frame_in_photo(found: Found, window: int) -> list[int]:
    """First and last row, first and last column of what a patch shows, in pixels of its photo as the explorer shows it.

    >>> from lecture_lib.chapters.lenet_alexnet.photo_units import Square
    >>> frame_in_photo(Found(Square(0, 0, 0, 512), row=0, col=112, response=1.0), 33)  # a corner of the astronaut's photo
    [0, 12, 72, 96]
    """
    square, shape = found.square, photos()[found.square.photo].shape[:2]
    shrunk, scale, half = SHOWN / max(shape), square.side / SIDE, window // 2
    edges = []
    for start, at in ((square.top, found.row), (square.left, found.col)):
        first, end = max(0, at - half), min(SIDE, at + half + 1)
        top, bottom = ((start + scale * each) * shrunk for each in (first, end))
        edges += [int(top), max(int(top), round(bottom) - 1)]
    return edges


def _words(net: Layer, layer: str, units: np.ndarray, energy: np.ndarray) -> list[tuple[str, str]]:
    """Of each unit of a layer who it is, and what its patches are."""
    depth, field = DEPTHS[layer], field_of(net, layer)[0].size
    words = []
    for unit, share in zip(units.astype(int), energy, strict=True):
        who = f"Map {unit} of {depth.title}, " + (
            f"chosen because several of its patches show the same: {depth.chosen[unit]}. "
            if unit in depth.chosen
            else "drawn at random. "
        )
        sees = f"Its units see {field}×{field} pixels"
        if field > SIDE:
            sees += f", more than the {SIDE}×{SIDE} there are"
        if not share:
            sees += "; nothing comes back to its patches: on every way a ReLU6 is cut at 6, or has nothing to pass"
        elif depth.window < field:
            sees += f"; {100 * share:.0f} % of the gradient's energy lies in the {depth.window}×{depth.window} that are shown"
        words.append((who, f"{sees}. "))
    return words


def what_photo_units_see(depth: str = "block 10", unit: int = 0, rule: str = "guided") -> Explorer:
    """Explorer of EfficientNet-Lite0, trained on ImageNet: choose a depth, a map, and one of its nine strongest patches.

    (After Zeiler & Fergus 2013, arXiv:1311.2901, figure 2. What comes back is the gradient, or guided backpropagation:
    Springenberg et al. 2014, arXiv:1412.6806.) All of it was recorded: ``make recordings ONLY=photo_units``.

    Args:
        depth: "block 1", "block 2", "block 5", "block 10" or "block 15".
        unit: place among the maps shown of that depth: first those that were chosen, then those drawn at random.
        rule: "gradient" or "guided".

    Raises:
        ValueError: an unknown ``depth`` or ``rule``.
        ShapeError: there is no such place.
    """
    titles = [each.title for each in DEPTHS.values()]
    one_of("depth", depth, titles)
    one_of("rule", rule, RULES)
    if integer("unit", unit, 0) >= UNITS:
        raise ShapeError(f"unit={unit}: must be below {UNITS}, the maps shown of each depth")
    recorded, names = PHOTO_UNITS.arrays(), photo_names(more=True)
    found = [[[recorded_patch(each) for each in nine] for nine in units] for units in recorded["patches"]]
    pairs = list(zip(DEPTHS.values(), found, strict=True))
    patches = [np.stack([np.stack([_patch(each, level) for each in nine]) for nine in units]) for level, units in pairs]
    frames = np.array(
        [[[frame_in_photo(each, level.window) for each in nine] for nine in units] for level, units in pairs], np.int32
    )
    places = (len(DEPTHS), UNITS, 3, 3)
    photo = recorded["patches"][..., COLUMNS.index("photo")].reshape(places).astype(np.int32)
    response = recorded["patches"][..., COLUMNS.index("response")].reshape(places)
    net = efficientnet_lite0()
    words = [_words(net, *each) for each in zip(DEPTHS, recorded["units"], recorded["energy"], strict=True)]
    labels = [
        [level.chosen.get(int(each), f"map {each:.0f}") for each in units]
        for level, units in zip(DEPTHS.values(), recorded["units"], strict=True)
    ]
    chosen = ("layer", "unit", "row", "col")
    tiles = {"kind": "sheet", "at": ["unit"], "columns": 3, "size": False, "pick": "output", "share": 1.15}
    said = [name.replace("_", " ") for name in names]
    return Explorer(
        "What units for photos see",
        "One map of a network that was trained on photos: its nine strongest patches, what of each of them comes back to the pixels "
        "when the map's answer alone is sent backwards, and the photo of one of them, with the part framed that is shown.",
        indices={
            "layer": Options(list(DEPTHS), list(DEPTHS)[titles.index(depth)], labels=titles),
            "unit": Options(list(range(UNITS)), unit, labels=labels, among="layer"),
            "rule": Options(RULES, rule), "row": Places(3), "col": Places(3),
        },
        controls=[
            Choice("layer", "Depth", "which block of the network: its layer that filters each map alone"),
            Choice("unit", "Map", "five that were chosen, by what their patches show; the others were drawn at random"),
            Choice("rule", "Rule", "what the way back does at a ReLU6"),
        ],
        arrays={
            "patches": [pack(each, "rgb") for each in patches],
            "back": [[pack(recorded[f"{name}{at}"], "rgb") for name in RULES] for at in range(len(DEPTHS))],
            "photos": [pack(resize(each, SHOWN), "rgb") for each in photos()],
            "photo": pack(photo, "index"), "frames": pack(frames.reshape(*places, 4), "index"),
            "response": pack(response.round(2), "curve"),
        },
        panels=[
            tiles | {"array": "patches", "among": ["layer"], "title": "its nine strongest patches"},
            tiles | {"array": "back", "among": ["layer", "rule"], "title": "what comes back: grey 0, own scale each"},
            {"kind": "grid", "array": "photos", "among": [Look("photo", *chosen)], "size": False, "titles": said, "index": Look("photo", *chosen),
             "field": [Look("frames", *chosen, edge) for edge in range(4)]},
        ],
        sentence=[
            Say([[who for who, _ in level] for level in words], at=["layer", "unit"], tag="b"),
            Say([[sees for _, sees in level] for level in words], at=["layer", "unit"]),
            Say([[f"Framed: number {3 * row + col + 1}, answer {{answer}}. " for col in range(3)] for row in range(3)],
                at=["row", "col"], numbers={"answer": Look("response", *chosen)}),
            Say(f"Searched: {len(names)} photos in {len(every_square())} squares, whole and in parts; at most {MOST} patches from one photo."),
        ],
        hover=False, height=410,
    )  # fmt: skip
