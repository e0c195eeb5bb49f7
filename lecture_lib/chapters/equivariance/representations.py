"""A photo, moved in the lecture's ways, and how much several representations of it change."""

from functools import cache

import numpy as np

from ...arguments import boolean, one_of
from ...data import grey_square, photo_names
from ...explore import Choice, Explorer, Numbers, Options, Say, Slider, pack
from ...filters import KERNELS, correlate
from ...ops import avg_pool2d
from ...transforms import displacement, reflect, rotate, scale, translate, warp
from .ways import BothWays

SIDE = 112
REACH = 40  # pixels, right and down
SMOOTHNESS = 8.0
BINS = 32
_MOVES = ("right", "down", "degrees", "factor", "bend", "mirror")  # arguments of :func:`transformed`


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
        "the pixels": image - 128,
        "edges: Sobel x, ReLU": edges,
        "edges, means of 14×14": avg_pool2d(edges[None, None], 14)[0, 0],
        "how many of each grey": histogram(image),
    }


@cache
def _at_rest(name: str) -> dict[str, np.ndarray]:
    return phis(_photo(name))


def _changed(photo: str, **moves: float) -> dict[str, object]:
    """What there is to see of a photo moved so."""
    x = _photo(photo)
    gx = transformed(x, **moves)
    before = _at_rest(photo)
    changes = {name: 100 * BothWays(before[name], after).error for name, after in phis(gx).items()}
    bars = [
        {"label": name, "value": change, "text": f"{change:.0f} %" if change else "exactly 0 %"}
        for name, change in changes.items()
    ]
    same = [name for name, change in changes.items() if change == 0]
    most, least = max(changes, key=changes.get), min(changes, key=changes.get)
    if len(same) == len(changes):
        finding, rest = "Nothing has changed.", " Drag the photo on the right, or turn it."
    elif same:
        finding, rest = (
            f"Exactly as before: {' and '.join(same)}.",
            f" Most has changed: {most}, by {changes[most]:.0f} %.",
        )
    else:
        finding = f"Most has changed: {most}, by {changes[most]:.0f} %."
        rest = f" Least: {least}, by {changes[least]:.0f} %."
    grid = {"kind": "grid", "size": False}
    return {
        "arrays": {"x": pack(x, "image", (0, 255)), "gx": pack(gx, "image", (0, 255))},
        "panels": [
            {**grid, "array": "x", "title": "x", "sign": "→"},
            {**grid, "array": "gx", "title": "g x: drag it", "pick": "pan", "reach": REACH},
            {"kind": "bars", "bars": bars, "title": "how much each changes", "most": 200, "size": False},
        ],
        "sentence": [Say(finding, tag="strong"), rest],
    }


def _answer(explorer: Explorer, names: set[str]) -> None:
    explorer.update(**_changed(explorer.value("photo"), **{name: explorer.value(name) for name in _MOVES}))


def representations(
    photo: str = "camera", *, right: float = 0, down: float = 0, degrees: float = 0, factor: float = 1, bend: float = 0,
    mirror: bool = False,
) -> Explorer:  # fmt: skip
    """Explorer of transformations: move a photo, and see by how much four representations of it change.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        right, down, degrees, factor, bend, mirror: where the controls stand at first; as in :func:`transformed`.

    Raises:
        ValueError: an unknown photo, or a value that is no stop of its slider. TypeError: it is no number.

    >>> representations(right=14).value("right")
    14
    """
    one_of("photo", photo, photo_names())
    mirror = boolean("mirror", mirror)
    explorer = Explorer(
        "Representations",
        "A photo x, the moved photo g x, and bars: by how many percent four representations of the photo change.",
        indices={
            "photo": Options(photo_names(), photo, python=True),
            "right": Numbers(-REACH, REACH, right, python=True),
            "down": Numbers(-REACH, REACH, down, python=True),
            "degrees": Numbers(-180, 180, degrees, 5, python=True),
            "factor": Numbers(0.5, 2, factor, 0.05, python=True),
            "bend": Numbers(0, 8, bend, 0.5, python=True),
            "mirror": Options([False, True], mirror, ["no", "left and right"], python=True),
        },
        controls=[
            Slider("right", "Right", "pixels to the right; negative is left"),
            Slider("down", "Down", "pixels down; negative is up"),
            Slider("degrees", "Rotate", "degrees, anticlockwise"),
            Slider("factor", "Scale", "how much larger"),
            Slider("bend", "Bend", "how far a pixel is moved, as a root mean square"),
            Choice("mirror", "Mirror"),
            Choice("photo", "Photo"),
        ],
        arrows=("down", "right"), hover=False, answer=_answer, height=450,
    )  # fmt: skip
    _answer(explorer, set())
    return explorer
