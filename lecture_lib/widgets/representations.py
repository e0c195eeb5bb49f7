"""A photo, moved in the lecture's ways, and how much several representations of it change."""

from functools import cache

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked, one_of, shown
from ..data import grey_square, photo_names
from ..filters import KERNELS, correlate
from ..robustness import downsample, relative_change
from ..transforms import displacement, reflect, rotate, scale, translate, warp
from .view import Explorer, View, control_row, menu, pack, stops

SIDE = 112
SMOOTHNESS = 8.0
BINS = 32
CONTROLS = {
    "right": ("Right", [each / 2 for each in range(-60, 61)], 0, "pixels to the right; negative is left"),
    "down": ("Down", [each / 2 for each in range(-60, 61)], 0, "pixels down; negative is up"),
    "degrees": ("Rotate", list(range(-180, 181, 5)), 0, "degrees, anticlockwise"),
    "factor": ("Scale", [each / 20 for each in range(10, 41)], 1, "how much larger"),
    "bend": ("Bend", [each / 2 for each in range(17)], 0, "how far a pixel is moved, as a root mean square"),
}
"""Argument of :func:`transformed` → its slider: label, stops, where it rests, what it means."""


@cache
def _photo(name: str) -> np.ndarray:
    return grey_square(name, SIDE).astype(float)


def transformed(
    image: np.ndarray, right: float = 0, down: float = 0, degrees: float = 0, factor: float = 1, bend: float = 0,
    mirror: bool = False,
) -> np.ndarray:  # fmt: skip
    """An image (H, W) bent, mirrored, scaled, rotated and shifted, in this order; what leaves comes in on the far side.

    >>> transformed(np.array([[1.0, 2, 4]]), right=1, mirror=True)
    array([[1., 4., 2.]])
    """
    if bend:
        image = warp(image, displacement(image.shape, bend, 0, SMOOTHNESS), "circular")
    if mirror:
        image = reflect(image)
    if factor != 1:
        image = scale(image, factor, "circular")
    if degrees:
        image = rotate(image, degrees, "circular")
    return translate(image, down, right, "circular") if right or down else image


def histogram(image: np.ndarray) -> np.ndarray:
    """How many pixels of an image (H, W) have each grey level, in 32 steps: it does not know where they are.

    >>> histogram(np.array([[0, 255, 254]]))[[0, 31]]
    array([1., 2.])
    """
    return np.histogram(image, BINS, (0, 256))[0].astype(float)


def phis(image: np.ndarray) -> dict[str, np.ndarray]:
    """Representations of an image (H, W) by what they keep of it.

    >>> [phi.shape for phi in phis(np.zeros((28, 28))).values()]
    [(28, 28), (28, 28), (2, 2), (32,)]
    """
    edges = np.maximum(correlate(image, KERNELS["sobel_x"].weights, padding=1, border="circular"), 0)
    return {
        "the pixels themselves": image - 128,
        "where edges are: Sobel x, ReLU": edges,
        "the same, means of 14×14": downsample(edges, "average", 14),
        "how many pixels of each grey": histogram(image),
    }


@cache
def _at_rest(name: str) -> dict[str, np.ndarray]:
    return phis(_photo(name))


@checked
def representations(photo: str = "camera", **settings: float) -> Explorer:
    """Explorer of transformations: move a photo, and see by how much four representations of it change.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        settings: where the controls stand at first: right, down, degrees, factor, bend, mirror.

    Raises:
        ValueError: an unknown photo or setting, or a value that is no stop of its slider.
    """
    one_of("photo", photo, photo_names())
    for name, value in settings.items():
        choices = (False, True) if one_of("setting", name, (*CONTROLS, "mirror")) == "mirror" else CONTROLS[name][1]
        if value not in choices:
            raise ValueError(f"{name}={shown(value)}: must be a stop of its slider, {choices[0]} to {choices[-1]}")
    photos = menu("Photo", photo_names(), photo, width="290px")
    controls = {
        name: stops(label, options, settings.get(name, rest), tip, "290px")
        for name, (label, options, rest, tip) in CONTROLS.items()
    }
    controls["mirror"] = menu(
        "Mirror", [("no", False), ("left and right", True)], settings.get("mirror", False), width="290px"
    )
    grid = {"kind": "grid", "share": 1, "size": False}
    view = View(
        panels=[
            {**grid, "array": "x", "title": "x", "sign": "→"},
            {**grid, "array": "gx", "title": "g x"},
            {"kind": "bars", "title": "change from φ(x) to φ(g x)", "share": 1.5, "size": False},
        ],
        height=300, hover=False,
    )  # fmt: skip
    alt = "A photo x, the moved photo g x, and bars: by how many percent four representations of the photo change."

    def moved():
        return transformed(_photo(photos.value), **{name: control.value for name, control in controls.items()})

    def still():
        return figures.draw_pictures({"x": _photo(photos.value), "g x": moved()}, "image", columns=2, height=4.2)

    explorer = Explorer(view, [control_row(photos, *controls.values())], alt, still)
    # Not linked with a rest, as Python draws every stop: the arrow keys in the picture move it.
    view.extent = [len(controls[name].options) for name in ("down", "right")]
    for name, trait in (("down", "row"), ("right", "col")):
        setattr(view, trait, controls[name].index)
        explorer.owned.append(ipywidgets.jslink((controls[name], "index"), (view, trait)))

    def update(_=None):
        x, gx = _photo(photos.value), moved()
        before = _at_rest(photos.value)
        changes = {name: 100 * relative_change(before[name], after) for name, after in phis(gx).items()}
        same = [name for name, change in changes.items() if change == 0]
        with view.hold_sync():
            view.arrays = {"x": pack(x, "image", (0, 255)), "gx": pack(gx, "image", (0, 255))}
            view.bars = [
                {"label": name, "value": change, "text": f"{change:.0f} %" if change else "exactly 0 %"}
                for name, change in changes.items()
            ]
            view.text = "Change, as a share of φ(x): " + ", ".join(f"{n} {c:.0f} %" for n, c in changes.items()) + "."
            if same and len(same) < len(changes):
                view.text += f" Invariant to this g: {' and '.join(same)}."

    update()
    for control in (photos, *controls.values()):
        control.observe(update, "value")
    return explorer
