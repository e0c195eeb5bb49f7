"""Step through a correlation, one output value after the other."""

import numpy as np

from ...explore import Explorer, Places, Play, Say, Slide, Slider, pack
from ...filters import KERNELS, check_kernel, correlate, pad_border
from ...ops import check_axes
from ...shapes import ShapeError, integer
from .steps import conv_steps

MOST = 12  # cells on a side whose numbers can be read
IMAGE = np.array(
    [[0, 0, 0, 0, 0, 0], [0, 1, 2, 2, 1, 0], [0, 2, 4, 4, 2, 0], [0, 1, 3, 3, 1, 0], [0, 1, 2, 3, 1, 0], [0, 0, 1, 1, 0, 0]]
)  # fmt: skip
"""The lecture's first image."""
BINARY = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
"""Image and filter of the well-known animation."""


def step_through(
    image: np.ndarray = IMAGE,
    kernel: np.ndarray = KERNELS["laplacian_4"].weights,
    *,
    stride: int = 1,
    padding: int = 0,
    interval: int = 900,
) -> Explorer:
    """Explorer of one small correlation: play, pause, step, or click any output cell.

    Args:
        image: (H, W) of numbers, small enough to be read: at most 12 on a side.
        kernel: (F_h, F_w).
        stride, padding: as in :func:`lecture_lib.filters.correlate`.
        interval: milliseconds between steps while playing, at least 20.

    Raises:
        TypeError, ShapeError: as :func:`lecture_lib.filters.correlate`.

    >>> step_through(np.eye(4), np.ones((3, 3))).state
    {'step': 0, 'row': 0, 'col': 0}
    """
    kernel = check_kernel(kernel)
    image = check_axes("image", np.asarray(image), "H, W")
    if max(image.shape) > MOST:
        raise ShapeError(f"image has shape {image.shape}: must be at most {MOST} on a side, to be readable")
    interval = integer("interval", interval, 20)
    output = correlate(image, kernel, stride=stride, padding=padding)
    steps = [step.products[kernel != 0].cumsum() for step in conv_steps(image, kernel, stride=stride, padding=padding)]
    low, high = min(0, *(sums.min(initial=0) for sums in steps)), max(1, *(sums.max(initial=0) for sums in steps))
    return Explorer(
        "Step through",
        f"Step through: a {image.shape[0]}×{image.shape[1]} image, the pixels and weights of one window, "
        f"their sum as bars, and the {output.shape[0]}×{output.shape[1]} output made so far.",
        indices={"step": Places(output.size, low=1), "row": Places("rows"), "col": Places("cols")},
        flat={"step": ("row", "col")},
        slide=Slide(stride=stride, padding=padding, margin=padding),
        controls=[
            Play("step", "the steps", interval=interval),
            Slider("step", "Place", "which output value is being made"),
        ],
        arrays={
            "padded": pack(pad_border(image, padding), "image"), "weights": [pack(kernel, "weight")],
            "maps": [pack(correlate(image, kernel, padding=padding), "map")],
        },
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "title": "image"},
            {"kind": "window", "title": "pixel × weight", "products": False},
            {"kind": "terms", "title": "the sum, step by step", "low": float(low), "high": float(high)},
            {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "reveal": True,
             "title": "output", "size": False},  # how large it is may be asked
        ],
        sentence=Say(kind="equation"), height=332, hover=False,
    )  # fmt: skip
