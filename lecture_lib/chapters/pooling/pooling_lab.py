"""The pooling lab: a photo's feature map, and every setting of the windows over it."""

import numpy as np

from ...arguments import one_of, shown
from ...data import grey_square, photo_names
from ...explore import Choice, Explorer, Numbers, Options, Places, Say, Slide, Slider, pack, unpack
from ...filters import KERNELS, correlate
from ...ops import avg_pool2d, max_pool2d
from ...shapes import ShapeError, conv_output_size, integer

SIDES = (4, 8, 16, 64, 128)
"""Sides of the feature maps, in pixels."""
MOST_F, MOST_S = 8, 4
KINDS = ("max", "average", "stride")
FILTERS = ("sobel_x", "sobel_y", "laplacian_8", "emboss")
SCALE = (0, 400)
"""Of every map, whatever the photo and the filter: black and white."""


def _size(side: int, f: int, s: int) -> str:
    """What to say of the sizes."""
    if f > side:
        return (
            f"No output: a window of {f} × {f} does not fit into {side} × {side} pixels. "
            "Make F smaller, or choose a larger map."
        )
    m = conv_output_size(side, f, s)
    text = f"⌊({side} − {f})/{s}⌋ + 1 = {m} rows and columns."
    if m == 1 and f == side:
        text = f"⌊({side} − {f})/{s}⌋ + 1 = {m}. The window is the whole map: global pooling."
    elif s > f:
        text += f" S is larger than F: {s - f} of {s} rows and columns lie in no window."
    elif s < f and m > 1:
        text += (
            f" Neighbouring windows share {f - s} row{'s' if f - s > 1 else ''} or column{'s' if f - s > 1 else ''}."
        )
    return text


def _shown(photo: str, kernel: str, side: int) -> dict[str, object]:
    """What there is to see of a feature map: pooled at stride 1 in every way and with every window, so that sliders only choose."""
    map_ = correlate(grey_square(photo, side), KERNELS[kernel].weights, padding=1, border="reflect")
    map_ = np.maximum(map_, 0).astype(np.float32)
    x = map_[None, None]
    ways = [
        lambda f: max_pool2d(x, f, 1)[0, 0],
        lambda f: avg_pool2d(x, f, 1)[0, 0],
        lambda f: map_[: side - f + 1, : side - f + 1],
    ]
    nothing = pack(np.zeros((0, 0), np.float32), "image", SCALE)
    maps = [[pack(way(f), "image", SCALE) if f <= side else nothing for f in range(1, MOST_F + 1)] for way in ways]
    sizes = [[_size(side, f, s) for s in range(1, MOST_S + 1)] for f in range(1, MOST_F + 1)]
    return {
        "arrays": {"padded": pack(map_, "image", SCALE), "maps": maps},
        "sentence": [
            Say(kind="pooled", options={"made": ["max", "mean", "first of "]}),
            Say(sizes, at=["kernel_size", "stride"]),
        ],
        "about": (
            f"Pooling lab: a {side}×{side} feature map of the photo {photo}, the pixels of one window, and the pooled map."
        ),
    }


def _answer(explorer: Explorer, names: set[str]) -> None:
    explorer.update(**_shown(*(explorer.value(name) for name in ("photo", "kernel", "side"))))


def pooling_lab(
    photo: str = "camera", kernel: str = "sobel_x", *, side: int = 128, kind: str = "max", kernel_size: int = 2,
    stride: int = 2,
) -> Explorer:  # fmt: skip
    """Explorer of pooling on a photo's feature map: window, stride, and what is kept of each window.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        kernel: a name from :data:`FILTERS`; ReLU follows it.
        side: of the feature map, one of :data:`SIDES`.
        kind: "max", "average", or "stride" (the first pixel).
        kernel_size: 1 to 8. stride: 1 to 4. Where the sliders stand at first.

    Raises:
        ValueError: a setting is none of these.

    >>> pooling_lab(side=16).lives
    ('Keep', 'F  window', 'S  stride')
    """
    one_of("photo", photo, photo_names())
    one_of("kernel", kernel, FILTERS)
    one_of("kind", kind, KINDS)
    if side not in SIDES:
        raise ShapeError(f"side={shown(side)}: must be one of {', '.join(map(str, SIDES))}")
    kernel_size, stride = integer("kernel_size", kernel_size, 1), integer("stride", stride, 1)
    shown_first, row, col = _shown(photo, kernel, side), 0, 0
    if kernel_size <= side:  # start at the strongest edge, where there is something to see
        map_ = unpack(shown_first["arrays"]["padded"])
        last = conv_output_size(side, kernel_size, stride) - 1
        row, col = (min(int(at) // stride, last) for at in np.unravel_index(map_.argmax(), map_.shape))
    return Explorer(
        "Pooling lab",
        indices={
            "photo": Options(photo_names(), photo, python=True),
            "kernel": Options(FILTERS, kernel, [KERNELS[name].label for name in FILTERS], python=True),
            "side": Options(SIDES, side, [f"{each}×{each}" for each in SIDES], python=True),
            "kind": Options(KINDS, kind), "kernel_size": Numbers(1, MOST_F, kernel_size), "stride": Numbers(1, MOST_S, stride),
            "row": Places("rows", row), "col": Places("cols", col),
        },
        slide=Slide(weights=None, kernel="kind", size="kernel_size", stride="stride"),
        controls=[
            Choice("kind", "Keep", "the largest, the mean, or the first pixel of each window"),
            Choice("side", "Map", "rows and columns of the feature map"),
            Slider("kernel_size", "F  window", "side of the window in pixels"),
            Slider("stride", "S  stride", "pixels from one window to the next"),
            Choice("photo", "Photo", "whose feature map is pooled"),
            Choice("kernel", "Filter", "what makes the feature map: this filter, then ReLU"),
        ],
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input",
             "title": "feature map"},
            {"kind": "grid", "array": "padded", "slice": "window", "marks": ["largest", "", ""], "index": "kind",
             "opened": ["max", "mean", "first"], "title": "the window"},
            {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "title": "output",
             "compare": True},
        ],
        height=470, hover=False, answer=_answer, **shown_first,
    )  # fmt: skip
