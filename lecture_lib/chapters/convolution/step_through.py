"""Step through a correlation, one output value after the other."""

import numpy as np

from ...explore import Explorer, Numbers, Places, Play, Say, Slide, Slider, pack
from ...filters import check_kernel, correlate, pad_border
from ...ops import check_axes
from ...shapes import ShapeError, integer
from .steps import conv_steps

MOST = 12  # cells on a side whose numbers can be read


def step_through(
    image: np.ndarray, kernel: np.ndarray, *, stride: int = 1, padding: int = 0, interval: int = 900
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
    products = np.array([step.products for step in conv_steps(image, kernel, stride=stride, padding=padding)])
    return Explorer(
        "Step through",
        f"Step through: a {image.shape[0]}×{image.shape[1]} image, a {kernel.shape[0]}×{kernel.shape[1]} kernel, "
        f"the products under the kernel, and the {output.shape[0]}×{output.shape[1]} output made so far.",
        indices={"step": Numbers(0, output.size - 1), "row": Places("rows"), "col": Places("cols")},
        flat={"step": ("row", "col")},
        slide=Slide(stride=stride, padding=padding, margin=padding),
        controls=[
            Play("step", "the steps", interval=interval),
            Slider("step", "Step", "which output value is being made"),
        ],
        arrays={
            "padded": pack(pad_border(image, padding), "image"), "weights": [pack(kernel, "weight")],
            "maps": [pack(correlate(image, kernel, padding=padding), "map")], "products": pack(products, "map"),
        },
        panels=[
            {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "title": "image",
             "share": 3, "sign": "∗"},
            {"kind": "grid", "array": "weights", "among": [0], "title": "kernel", "share": 1.6, "sign": "→"},
            {"kind": "grid", "array": "products", "at": ["step"], "title": "products", "share": 1.6, "sign": "Σ"},
            {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "reveal": True,
             "title": "output", "share": 2.2},
        ],
        sentence=Say(kind="equation"), hover=False,
    )  # fmt: skip
