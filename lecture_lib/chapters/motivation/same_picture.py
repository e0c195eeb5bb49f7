"""The same picture, changed in ways that do not matter to us, and how far apart its pixels are then."""

import numpy as np

from ...arguments import one_of
from ...data import centre_square, load_photo, photo_names, resize
from ...explore import Choice, Explorer, Numbers, Options, Say, Slider, pack
from ...transforms import displacement, distance, illuminate, translate, warp

SIDE = 128
SMOOTHNESS = 8.0  # pixels: the bends are wide, as of paper or of a face
LIGHTEST = 255
_SETTINGS = {
    "right": (Numbers(-32, 32, 0), "Right", "pixels to the right; negative is left"),
    "down": (Numbers(-32, 32, 0), "Down", "pixels down; negative is up"),
    "bend": (Numbers(0, 8), "Bend", "how far a pixel is moved, as a root mean square"),
    "offset": (Numbers(-100, 100, 0), "Brightness", "added to every pixel"),
    "contrast": (Numbers(20, 200, 100), "Contrast", "in percent, about mid-grey"),
    "slope": (Numbers(-160, 160, 0), "Light slope", "how much brighter the right edge is than the left"),
}
"""Argument of :func:`change_picture` → where it can stand, its slider's label and tip."""


def square_photo(name: str) -> np.ndarray:
    """The middle of a shipped photo, channels first, uint8 (3, 128, 128).

    Raises:
        ValueError: an unknown photo.

    >>> square_photo("coffee").shape
    (3, 128, 128)
    """
    return np.moveaxis(resize(centre_square(load_photo(name)), SIDE), -1, 0)


def change_picture(
    image: np.ndarray,
    right: int = 0,
    down: int = 0,
    bend: int = 0,
    offset: int = 0,
    contrast: int = 100,
    slope: int = 0,
) -> np.ndarray:
    """A picture (C, H, W) moved and bent, in pixels, and in another light; contrast is in percent, about mid-grey.

    Raises:
        TypeError, ShapeError: as :func:`lecture_lib.transforms.translate` and :func:`lecture_lib.transforms.illuminate`.

    >>> change_picture(np.full((1, 1, 1), 100, np.uint8), offset=20, contrast=50)
    array([[[134]]], dtype=uint8)
    """
    image = translate(image, down, right, "nearest")
    if bend:
        image = warp(image, displacement(image.shape[1:], bend, 0, SMOOTHNESS), "nearest")
    gain = contrast / 100
    return illuminate(image, gain, offset + (1 - gain) * LIGHTEST / 2, (0, slope))


def same_picture(photo: str = "astronaut", **settings: int) -> Explorer:
    """Explorer of changes that leave a picture the same to us: it measures how far apart the pixels are then.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        settings: where the sliders stand at first: right, down, bend, offset, contrast, slope.

    Raises:
        ValueError: an unknown photo or setting.
        ShapeError: a setting is out of range. TypeError: it is no number.

    >>> same_picture(right=12).state["right"]
    12
    """
    one_of("photo", photo, photo_names())
    for name in settings:
        one_of("setting", name, _SETTINGS)
    pictures = {name: square_photo(name) for name in photo_names()}

    def answer(explorer: Explorer, names: set[str]) -> None:
        name = explorer.value("photo")
        original = pictures[name]
        changed = change_picture(original, **{each: explorer.value(each) for each in _SETTINGS})
        bars, verdict, number = compare(name, changed, pictures)
        explorer.update(
            arrays={
                "original": pack(np.moveaxis(original, 0, -1), "rgb"),
                "changed": pack(np.moveaxis(changed, 0, -1), "rgb"),
            },
            panels=[
                {"kind": "grid", "size": False, "array": "original", "title": "photo"},
                {
                    "kind": "grid",
                    "size": False,
                    "array": "changed",
                    "title": "the same, changed: drag it",
                    "pick": "pan",
                    "reach": _SETTINGS["right"][0].high,
                },
                {"kind": "bars", "bars": bars, "title": "distance from the photo"},
            ],
            sentence=[Say(verdict, tag="b"), Say(number)],
        )

    explorer = Explorer(
        "The same picture",
        "A photo, the same photo moved, bent or in another light, and bars: how far the "
        "changed photo and five other photos are from it, pixel by pixel.",
        indices={"photo": Options(photo_names(), photo, python=True)} | {
            name: Numbers(index.low, index.high, settings.get(name, index.start), python=True)
            for name, (index, _, _) in _SETTINGS.items()
        },
        arrows=("down", "right"),
        controls=[Slider(name, label, tip) for name, (_, label, tip) in _SETTINGS.items()] + [Choice("photo", "Photo")],
        height=440, hover=False, answer=answer,
    )  # fmt: skip
    answer(explorer, set())
    return explorer


def compare(name: str, changed: np.ndarray, pictures: dict[str, np.ndarray]) -> tuple[list[dict], str, str]:
    """Distances from photo ``name`` to its changed self and to all others: bars, what they say, and the first of them."""
    own = distance(pictures[name], changed)
    others = {other: distance(pictures[name], each) for other, each in pictures.items() if other != name}
    bars = [{"label": "its changed self", "value": own, "text": f"{own:.1f}", "role": "total"}]
    bars += [{"label": other, "value": each, "text": f"{each:.1f}"} for other, each in others.items()]
    nearer = [other for other, each in others.items() if each < own]
    verdict = (
        f"Pixel by pixel, {len(nearer)} of {len(others)} other photos {'is' if len(nearer) == 1 else 'are'} nearer to {name} than it is to itself: "
        f"{', '.join(nearer)}."
        if nearer
        else f"Pixel by pixel, every other photo is still farther away: the nearest is {min(others, key=others.get)}, "
        f"{min(others.values()):.1f}."
    )
    return bars, verdict, f" From its changed self it is {own:.1f} grey levels away (root mean square)."
