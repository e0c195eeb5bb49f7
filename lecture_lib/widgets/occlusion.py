"""A grey square on a digit, and what a network still sees of it."""

import numpy as np

from .. import figures
from ..arguments import checked
from ..data import digits_as_input
from ..data.digits import BACKGROUND, STROKE
from ..layers import Layer
from ..ops import check_labels
from ..probes import occlusion
from ..probes.occlusions import covered
from ..shapes import ShapeError, integer
from .view import Explorer, View, control_row, pack, slider, stops

SIZES = (3, 5, 7, 9, 11)
STRIDE = 2  # pixels from one place of the square to the next


@checked
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
    which = slider("Digit", 0, 0, len(images) - 1, "which digit")
    wide = stops("Square", [(f"{size}×{size}", size) for size in sizes], sizes[len(sizes) // 2], "side, in pixels")
    places = right.shape[2:]
    view = View(
        panels=[
            {"kind": "covered", "array": "digits", "at": ["item"], "pick": "output", "title": "what the net sees",
             "grey": f"rgb({grey}, {grey}, {grey})", "share": 1, "size": False},
            {"kind": "framed", "array": "right", "at": ["item", "level"], "pick": "output", "mark": "cell",
             "title": "is it still the right class?", "share": 1, "size": False},
            {"kind": "columns", "array": "classes", "at": ["item", "level", "row", "col"], "marked": "labels",
             "title": "how likely each class is", "share": 1.2, "size": False},
        ],
        arrays={
            "digits": pack(images, "image"), "right": pack(right, "image", (0, 1)), "classes": pack(classes.round(6), "curve"),
            "labels": pack(labels.astype(np.int32), "index"), "sizes": pack(np.array(sizes, np.int32), "index"),
            "stride": pack(np.array([STRIDE], np.int32), "index"),
        },
        texts=[_describe(classes[d, s], int(labels[d])) for d in range(len(images)) for s in range(len(sizes))],
        readout="occlusion", extent=list(places), row=places[0] // 2, col=places[1] // 2, height=340, hover=False,
    )  # fmt: skip
    alt = (
        "A handwritten digit with a grey square on it, a map of how likely the right class is for every place of the square, "
        "and the likelihood of every class as bars."
    )

    def still():
        item, level, size = which.value, wide.index, wide.value
        rows, cols = (
            covered(STRIDE * at, size, side) for at, side in zip((view.row, view.col), images.shape[1:], strict=True)
        )
        image = images[item].copy()
        image[slice(*rows), slice(*cols)] = grey
        square = rows[0], cols[0], rows[1] - rows[0], cols[1] - cols[0]
        return figures.draw_occlusion(
            image, square, right[item, level], classes[item, level, view.row, view.col], labels[item]
        )

    explorer = Explorer(view, [control_row(which, wide)], alt, still)
    explorer.link(which, "item")
    explorer.link(wide, "level", "index")
    return explorer


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
