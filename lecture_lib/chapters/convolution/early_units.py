"""What 96 units of a network for photos look for, before it is trained and after, and where in a photo they find it."""

import numpy as np

from ... import style
from ...arguments import one_of
from ...data import crop_photo, load_photo, photo_as_input, resize
from ...explore import Choice, Explorer, Look, Options, Places, Say, Slider, pack
from ...ops import conv2d
from ...ops.arrays import one_thread
from ...shapes import ShapeError, integer
from .mean_gradients import COUNT, KINDS, SEEN, START, STRIDE, UNITS, early_layers, mean_pictures

PHOTOS = {"chelsea": "the cat", "coffee": "the cup"}
"""None of those whose windows the gradients were taken at → what the menu calls them."""
ACROSS = 8
"""Pictures in a row."""
SHOWN, STEP = 160, 8
"""Pixels of a side that are shown of a photo, and how many of the 256 colours are one step of a map: a page has to hold them all."""


def maps_of(kind: str, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All units' maps of photos (N, 3, 224, 224), and those that their pictures make as filters: both float32 (N, 96, 55, 55).

    Both have as many rows and columns as AlexNet's first layer makes of such a photo; of the units' own maps a last one is left out.
    """
    pictures = mean_pictures()[kind]
    with one_thread():
        filtered = conv2d(x, pictures.weight, pictures.bias, stride=STRIDE, padding=-START)
        return early_layers(KINDS[kind]).forward(x)[:, :, : filtered.shape[2], : filtered.shape[3]], filtered


def alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Pearson's correlation of each map of ``one`` with the same of ``other``, both (..., h, w): NaN where a map is the same everywhere.

    >>> alike(np.array([[[1.0, 2], [3, 4]]]), np.array([[[3.0, 2], [1, 0]]])).round(9)
    array([-1.])
    """
    both = [each.astype(float) - each.mean(axis=(-2, -1), keepdims=True) for each in (one, other)]
    spread = np.prod([np.square(each).sum(axis=(-2, -1)) for each in both], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-9, (both[0] * both[1]).sum(axis=(-2, -1)) / np.sqrt(spread), np.nan)


def early_units(unit: int = 44, photo: str = "chelsea") -> Explorer:
    """Explorer of the 96 units of block 1's depthwise layer of EfficientNet-Lite0: choose one, see its picture and its map.

    Args:
        unit: to start with. photo: one of :data:`PHOTOS`.

    Raises:
        ShapeError: ``unit`` is not from 0 to 95. ValueError: there is no such photo.

    >>> early_units(14).state["unit"]
    14
    """
    if integer("unit", unit, 0) >= UNITS:
        raise ShapeError(f"unit={unit}: must be from 0 to {UNITS - 1}")
    one_of("photo", photo, PHOTOS)
    photos = [load_photo(name) for name in PHOTOS]
    x = np.concatenate([photo_as_input(each) for each in photos])
    pictures, found = mean_pictures(), {kind: maps_of(kind, x) for kind in KINDS}
    largest = np.stack([np.abs(each.weight).max(axis=(1, 2, 3)) for each in pictures.values()])
    similar = np.stack([alike(*both) for both in found.values()])
    chosen = ["weights", "photo", "unit"]
    return Explorer(
        "What the first units look for",
        "96 pictures, one of each unit: most are stripes in some direction, others are patches of colour. One of them large, a photo, "
        "and the unit's map of it.",
        indices={
            "weights": Options(list(KINDS)), "photo": Options(list(PHOTOS), photo, labels=list(PHOTOS.values())),
            "unit": Places(UNITS, unit),
            "down": Places(UNITS // ACROSS, unit // ACROSS), "across": Places(ACROSS, unit % ACROSS),
        },
        flat={"unit": ("down", "across")}, arrows=("down", "across"), hover=False, height=430,
        controls=[
            Slider("unit", "Unit", "which of the 96"), Choice("weights", "Weights", "learned, or random as before training"),
            Choice("photo", "Photo", "neither is among those that the pictures were made from"),
        ],
        arrays={
            "pictures": [pack(style.signed_colours(np.moveaxis(each.weight, 1, -1)), "rgb") for each in pictures.values()],
            "photos": pack(np.stack([resize(crop_photo(each, x.shape[-1]), SHOWN) for each in photos]), "rgb"),
            "maps": [[_coded(each, style.limits(own, "map")) for each in own] for own, _ in found.values()],
            "largest": pack(largest, "curve"), "similar": pack(np.nan_to_num(similar).round(2), "curve"),
        },
        panels=[
            {"kind": "sheet", "array": "pictures", "among": ["weights"], "columns": ACROSS, "pick": "output", "size": False,
             "title": "all 96", "share": 1.1},
            {"kind": "grid", "array": "pictures", "among": ["weights"], "at": ["unit"], "title": "the chosen one", "share": 0.85, "level": True},
            {"kind": "grid", "array": "photos", "at": ["photo"], "title": "photo", "level": True, "size": False},
            {"kind": "grid", "array": "maps", "among": ["weights", "photo"], "at": ["unit"], "title": "map"},
        ],
        sentence=[
            Say("Unit {unit}, {weights}. ", tag="strong"),
            Say([[[_likeness(value) for value in row] for row in some] for some in similar], at=chosen),
            Say(f" Grey is 0, and the strongest colour ±{{largest}}: the mean gradient over {COUNT * len(SEEN):,} windows of four other photos.",
                numbers={"largest": Look("largest", "weights", "unit")}),
        ],
    )  # fmt: skip


def _likeness(value: float) -> str:
    if np.isnan(value):
        return "Its map, or that of a plain filter with these weights, is the same everywhere."
    return f"Its map of this photo and that of a plain filter with these weights: correlation {style.number(round(float(value), 2))}."


def _coded(maps: np.ndarray, limit: tuple[float, float]) -> dict[str, object]:
    """Maps as places in their colours, a byte a number, in steps of :data:`STEP` from 0 on."""
    steps = np.rint((style.colour_index(maps, *limit) - 128) / STEP)
    return pack((128 + STEP * steps).clip(1, 255).astype(np.uint8), "map", (0, 255), ends=limit)
