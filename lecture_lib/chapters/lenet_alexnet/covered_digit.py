"""A grey square on a digit, and what a network still sees of it."""

from collections.abc import Sequence

import numpy as np

from ...data import digits_as_input
from ...data.digits import BACKGROUND, STROKE, numbered
from ...explore import Explorer, Look, Numbers, Options, Places, Say, Slider, pack
from ...layers import Layer
from ...ops import check_labels
from ...shapes import ShapeError, covered, integer
from .occlusions import occlusion

SIZES = (3, 5, 7, 9, 11)
STRIDE = 2  # pixels from one place of the square to the next


def covered_digit(
    net: Layer, images: np.ndarray, labels: np.ndarray, *, sizes: tuple[int, ...] = SIZES, grey: int = 128
) -> Explorer:
    """Explorer of occlusion: move a square over a digit by mouse or arrow keys, and the class bars follow.

    Every place and size is computed before the explorer opens. (After Zeiler & Fergus 2013, arXiv:1311.2901, figure 7.)

    Args:
        net: makes logits of digits as :func:`lecture_lib.data.digits_as_input` gives them.
        images: digits (D, H, W), uint8. labels: which they are, (D,).
        sizes: of the square, in pixels.
        grey: of the square, 0 black to 255 white.

    Raises:
        ShapeError: ``images`` has another shape, or a size is larger than a digit.
        ValueError: labels do not fit, or ``grey`` is no grey.
    """
    images = np.asarray(images)
    if images.ndim != 3 or images.size == 0 or images.dtype != np.uint8:
        raise ShapeError(f"images has shape {images.shape} and dtype {images.dtype}: must be (D, H, W), uint8")
    if not 0 <= integer("grey", grey, 0) <= 255:
        raise ValueError(f"grey={grey}: must be from 0 to 255")
    labels = check_labels(labels, len(images), 10)
    value = BACKGROUND + (STROKE - BACKGROUND) * grey / 255
    classes = np.stack([
        [occlusion(net, x, int(label), size, STRIDE, value).probabilities for size in sizes]
        for x, label in zip(digits_as_input(images), labels, strict=True)
    ])  # (D, sizes, R, S, M)  # fmt: skip
    right = np.take_along_axis(classes, labels[:, None, None, None, None].astype(int), axis=-1)[..., 0]
    top, rows, cols = classes.argmax(axis=-1).astype(np.uint8), *right.shape[2:]
    place = ("digit", "size", "row", "col")
    return Explorer(
        "Covered digit",
        "A handwritten digit with a grey square on it, a map of how likely the right class is for every place of the square, "
        "and the likelihood of every class as bars.",
        indices={
            "digit": Numbers(0, len(images) - 1),
            "size": Options(list(sizes), sizes[len(sizes) // 2], labels=[f"{size}×{size}" for size in sizes]),
            "row": Places(rows, rows // 2), "col": Places(cols, cols // 2),
        },
        controls=[Slider("digit", "Digit number", "which of the digits"), Slider("size", "Square", "side, in pixels")],
        arrays={
            "digits": pack(images, "image"), "right": pack(right, "image", (0, 1)), "classes": pack(classes.round(5), "curve"),
            "labels": pack(labels.astype(np.int32), "index"), "sizes": pack(np.array(sizes, np.int32), "index"),
            "top": pack(top, "index"), "most": pack(np.floor(100 * classes.max(axis=-1) + 0.5).astype(np.uint8), "index"),
            "wrong": pack((top != labels[:, None, None, None]).astype(np.uint8), "index"),
            **spans(sizes, STRIDE, images.shape[1:]),
        },
        panels=[
            {"kind": "grid", "array": "digits", "at": ["digit"], "cover": Look("sizes", "size"), "stride": STRIDE,
             "grey": f"#{grey:02x}{grey:02x}{grey:02x}", "frame": True, "pick": "output", "titles": [f"what the net sees: {each}" for each in numbered(labels)],
             "index": "digit", "size": False},
            {"kind": "grid", "array": "right", "at": ["digit", "size"], "frame": True, "numbers": False, "mark": "cell",
             "pick": "output", "title": "is it still the right class?", "size": False},
            {"kind": "columns", "array": "classes", "at": list(place), "marked": "labels", "most": 1,
             "title": "how likely each class is"},
        ],
        sentence=[
            Say("Right class, {label}: {share%}, ", tag="b",
                numbers={"label": Look("labels", "digit"), "share": Look("right", *place)}),
            Say(["which is still the most likely class. ", "and the net says {top}, with {most} %. "],
                at=[Look("wrong", *place)], numbers={"top": Look("top", *place), "most": Look("most", *place)}),
            Say([[_describe(each, int(label)) for each in sized] for sized, label in zip(classes, labels, strict=True)],
                at=["digit", "size"]),
            say_covered("size"),
        ],
        hover=False,
    )  # fmt: skip


def spans(sizes: Sequence[int], stride: int, sides: tuple[int, int]) -> dict[str, object]:
    """First and last row and column that a square covers at each of its places: arrays "rows" and "cols", (sizes, places, 2)."""
    return {
        name: pack(np.int32([[covered(at, size, side) for at in range(0, side, stride)] for size in sizes]) - np.int32([0, 1]), "index")
        for name, side in zip(("rows", "cols"), sides, strict=True)
    }  # fmt: skip


def say_covered(size: str | int) -> Say:
    """What the square covers, in words; ``size`` is its place among the sizes."""
    edges = {
        "top": ("rows", "row", 0),
        "bottom": ("rows", "row", 1),
        "left": ("cols", "col", 0),
        "right": ("cols", "col", 1),
    }
    return Say(
        " (Rows {top} to {bottom}, columns {left} to {right} are covered.)",
        numbers={name: Look(array, size, index, edge) for name, (array, index, edge) in edges.items()},
    )  # fmt: skip


def _describe(classes: np.ndarray, label: int) -> str:
    """At how many places of the square another class wins, and which."""
    top = classes.argmax(axis=-1).ravel()
    wrong = top[top != label]
    if not len(wrong):
        return f"At none of its {len(top)} places does a square of this size change the answer."
    return (
        f"A square of this size changes the answer at {len(wrong)} of its {len(top)} places, "
        f"most often to {np.bincount(wrong).argmax()}."
    )
