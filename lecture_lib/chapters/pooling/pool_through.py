"""Step through a pooling, one window after the other, and its gradient back through them."""

import numpy as np

from ...explore import Explorer, Numbers, Places, Play, Say, Slide, Slider, pack
from ...ops import as_float, avg_pool2d, check_axes, check_shape, max_pool2d
from ...shapes import ShapeError, integer
from ...style import number
from .steps import PoolStep, pool_steps

MOST = 8  # cells on a side whose numbers can be read beside three other grids


def _sentence(step: PoolStep, grad: float | None) -> str:
    text = f"output[{step.row}, {step.col}] = {step.equation}."
    if step.kind == "max":
        text += " The largest is input[{}, {}].".format(*step.winner)
        if (step.window == step.value).sum() > 1:
            text += " Of equal ones the first counts."
        return text if grad is None else text + f" It alone gets this output's gradient, {number(grad)}."
    if grad is None:
        return text
    count = step.window.size
    return text + f" Each of the {count} pixels gets 1/{count} of this output's gradient: {number(grad / count)}."


def pool_through(
    image: np.ndarray, kind: str = "max", kernel_size: int = 2, *, stride: int | None = None, padding: int = 0,
    gradient: np.ndarray | None = None, interval: int = 1200,
) -> Explorer:  # fmt: skip
    """Explorer of one small pooling: play, pause, step, or click any output cell; the winner is framed.

    Args:
        image: (H, W) of numbers, small enough to be read: at most 8 on a side.
        kind: "max" or "average".
        kernel_size, stride, padding: as in :func:`pool_steps`.
        gradient: that of the output, (H', W'); then two more grids show how it reaches the image.
        interval: milliseconds between steps while playing, at least 20.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`pool_steps`; ``gradient`` has not the output's shape.

    >>> pool_through(np.eye(4)).state
    {'step': 0, 'row': 0, 'col': 0}
    """
    image = check_axes("image", np.asarray(image), "H, W")
    if max(image.shape) > MOST:
        raise ShapeError(f"image has shape {image.shape}: must be at most {MOST} on a side, to be readable")
    interval = integer("interval", interval, 20)
    steps = list(pool_steps(image, kind, kernel_size, stride=stride, padding=padding))
    stride = kernel_size if stride is None else stride
    largest, role = kind == "max", "image" if image.min() >= 0 else "map"
    numbers = as_float("image", image)
    every = (max_pool2d if largest else avg_pool2d)(numbers[None, None], kernel_size, 1, padding)[0, 0]
    output = every[::stride, ::stride]
    padded = np.pad(numbers, padding, constant_values=-np.inf if largest else np.nan)
    arrays = {"padded": pack(padded, role), "maps": [pack(every, role)]}
    panels = [
        {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "gaps": True,
         "title": "input, padded" if padding else "input", "share": 3, "sign": "→"},
        {"kind": "grid", "array": "maps", "among": [0], "slice": "map", "mark": "cell", "pick": "output", "reveal": True,
         "title": "output", "share": 2.4},
    ]  # fmt: skip
    if largest:
        arrays["winner"] = pack(np.int32([np.add(step.winner, padding) for step in steps]), "index")
        panels[0]["winner"] = "winner"
    grads = [None] * len(steps)
    if gradient is not None:
        gradient = check_shape("gradient", as_float("gradient", gradient), output.shape, "the shape of the output")
        grads = gradient.ravel()
        back = _gradients(image.shape, steps, gradient)
        arrays |= {"grad": pack(gradient, "gradient"), "back": pack(back, "gradient")}
        panels += [
            {"kind": "grid", "array": "grad", "mark": "cell", "pick": "output", "title": "its gradient", "share": 2.4,
             "sign": "→"},
            {"kind": "grid", "array": "back", "at": ["step"], "title": "input's gradient so far", "share": 3, "size": False},
        ]  # fmt: skip
    frame = "" if not padding else " in a frame of −∞" if largest else " in an empty frame"
    about = (
        f"Step through pooling: a {image.shape[0]}×{image.shape[1]} input{frame} with its {kernel_size}×{kernel_size} window, "
        f"and the {output.shape[0]}×{output.shape[1]} output ({kind}) made so far"
    ) + ("." if gradient is None else ", the output's gradient, and what of it has reached the input.")
    return Explorer(
        "Step through pooling", about,
        indices={"step": Numbers(0, len(steps) - 1), "row": Places("rows"), "col": Places("cols")},
        flat={"step": ("row", "col")},
        slide=Slide(weights=None, size=kernel_size, stride=stride, padding=padding, margin=padding),
        controls=[
            Play("step", "the steps", interval=interval),
            Slider("step", "Step", "which output value is being made"),
        ],
        arrays=arrays, panels=panels, hover=False, height=300,
        sentence=Say([_sentence(*each) for each in zip(steps, grads, strict=True)], at=["step"]),
    )  # fmt: skip


def _gradients(shape: tuple[int, int], steps: list[PoolStep], gradient: np.ndarray) -> np.ndarray:
    """The gradient of the image after each step: what all windows so far have sent, (steps, H, W)."""
    sent = np.zeros((len(steps), *shape))
    for at, step in enumerate(steps):
        rows, cols = step.window.shape
        place = slice(step.top, step.top + rows), slice(step.left, step.left + cols)
        sent[at][place] = step.share(gradient[step.row, step.col])
    return sent.cumsum(axis=0)
