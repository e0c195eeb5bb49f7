"""The same picture, changed in ways that do not matter to us, and how far apart its pixels are then."""

import numpy as np

from .. import figures
from ..arguments import checked, one_of
from ..data import centre_square, load_photo, photo_names, resize
from ..transforms import displacement, distance, illuminate, translate, warp
from .view import Explorer, View, control_row, menu, pack, slider

SIDE = 128
SMOOTHNESS = 8.0  # pixels: the bends are wide, as of paper or of a face
LIGHTEST = 255
WIDTH = "256px"  # of a control: four stand side by side on a slide


def square_photo(name: str) -> np.ndarray:
    """The middle of a shipped photo, channels first, uint8 (3, 128, 128)."""
    return np.moveaxis(resize(centre_square(load_photo(name)), SIDE), -1, 0)


@checked
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
        ShapeError: a setting is out of range.
    """
    names = photo_names()
    one_of("photo", photo, names)
    sliders = {
        "right": ("Right", 0, -32, 32, "pixels to the right; negative is left"),
        "down": ("Down", 0, -32, 32, "pixels down; negative is up"),
        "bend": ("Bend", 0, 0, 8, "how far a pixel is moved, as a root mean square"),
        "offset": ("Brightness", 0, -100, 100, "added to every pixel"),
        "contrast": ("Contrast", 100, 20, 200, "in percent, about mid-grey"),
        "slope": ("Light slope", 0, -160, 160, "how much brighter the right edge is than the left"),
    }
    for name in settings:
        one_of("setting", name, sliders)
    controls = {
        name: slider(label, settings.get(name, start), low, high, tip, WIDTH)
        for name, (label, start, low, high, tip) in sliders.items()
    }
    photos = menu("Photo", names, photo, width=WIDTH)
    pictures = {name: square_photo(name) for name in names}
    grid = {"kind": "grid", "share": 1, "size": False}
    view = View(
        panels=[
            {**grid, "array": "original", "title": "photo"},
            {**grid, "array": "changed", "title": "the same, changed"},
            {**grid, "array": "difference", "title": "difference of brightness"},
            {"kind": "bars", "title": "distance from the photo", "share": 1.25, "size": False},
        ],
        height=300, hover=False,
    )  # fmt: skip
    alt = (
        "A photo, the same photo moved, bent or in another light, the difference of the two, and bars: how far the "
        "changed photo and five other photos are from it, pixel by pixel."
    )

    def changed():
        return change_picture(pictures[photos.value], **{name: control.value for name, control in controls.items()})

    def still():
        shown = {"photo": pictures[photos.value], "the same, changed": changed()}
        return figures.draw_pictures(
            {title: np.moveaxis(each, 0, -1) for title, each in shown.items()}
            | {"difference of brightness": _difference(*shown.values())},
            "difference", columns=3,
        )  # fmt: skip

    explorer = Explorer(view, [control_row(photos, *controls.values())], alt, still)

    def update(_=None):
        original, now = pictures[photos.value], changed()
        bars, text = compare(photos.value, now, pictures)
        with view.hold_sync():
            view.arrays = {
                "original": pack(np.moveaxis(original, 0, -1), "rgb"),
                "changed": pack(np.moveaxis(now, 0, -1), "rgb"),
                "difference": pack(_difference(original, now), "difference", (-LIGHTEST / 2, LIGHTEST / 2)),
            }
            view.bars, view.text = bars, text

    update()
    for control in (photos, *controls.values()):
        control.observe(update, "value")
    return explorer


def _difference(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return after.astype(float).mean(axis=0) - before.astype(float).mean(axis=0)


def compare(name: str, changed: np.ndarray, pictures: dict[str, np.ndarray]) -> tuple[list[dict], str]:
    """Distances from photo ``name`` to its changed self and to all others, as bars and as a sentence."""
    own = distance(pictures[name], changed)
    others = {other: distance(pictures[name], each) for other, each in pictures.items() if other != name}
    bars = [{"label": "its changed self", "value": own, "text": f"{own:.1f}", "role": "total"}]
    bars += [{"label": other, "value": each, "text": f"{each:.1f}"} for other, each in others.items()]
    nearer = [other for other, each in others.items() if each < own]
    verdict = (
        f"Pixel by pixel, {len(nearer)} of {len(others)} other photos are nearer to {name} than it is to itself: "
        f"{', '.join(nearer)}."
        if nearer
        else f"Pixel by pixel, every other photo is still farther away: the nearest is {min(others, key=others.get)}, "
        f"{min(others.values()):.1f}."
    )
    return bars, f"Distance {own:.1f} grey levels (root mean square). {verdict}"
