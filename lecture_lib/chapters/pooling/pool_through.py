"""Step through a pooling, one window after the other, and its gradient back through them."""

import numpy as np

from ...arguments import one_of
from ...explore import Choice, Explorer, Options, Places, Play, Say, Slide, Slider, pack
from ...ops import as_float, avg_pool2d, check_axes, check_shape, max_pool2d
from ...shapes import ShapeError, integer
from ...style import number
from .steps import PoolStep, pool_steps

KINDS = ("max", "average")
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
    """Explorer of one small pooling: play, pause, step, or click any output cell; of a maximum the winner is framed.

    Args:
        image: (H, W) of numbers, small enough to be read: at most 8 on a side.
        kind: "max" or "average", what is kept of a window at first.
        kernel_size, stride, padding: as in :func:`pool_steps`.
        gradient: that of the output, (H', W'); then two more grids show how it reaches the image.
        interval: milliseconds between steps while playing, at least 20.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`pool_steps`; ``gradient`` has not the output's shape.

    >>> pool_through(np.eye(4)).state
    {'kind': 0, 'step': 0, 'row': 0, 'col': 0}
    """
    one_of("kind", kind, KINDS)
    image = check_axes("image", np.asarray(image), "H, W")
    if max(image.shape) > MOST:
        raise ShapeError(f"image has shape {image.shape}: must be at most {MOST} on a side, to be readable")
    interval = integer("interval", interval, 20)
    steps = [list(pool_steps(image, each, kernel_size, stride=stride, padding=padding)) for each in KINDS]
    stride = kernel_size if stride is None else stride
    numbers = as_float("image", image)
    every = [pool(numbers[None, None], kernel_size, 1, padding)[0, 0] for pool in (max_pool2d, avg_pool2d)]
    shape = every[0][::stride, ::stride].shape
    scale = pack(numbers, "image" if image.min() >= 0 else "map")  # one for all that is compared
    role, limit = scale["role"], tuple(scale["limit"])
    winners = [[np.add(step.winner, padding) for step in steps[0]], np.full((len(steps[0]), 2), -1)]
    arrays = {
        "padded": [pack(np.pad(numbers, padding, constant_values=each), role, limit) for each in (-np.inf, np.nan)],
        "winner": [pack(np.int32(each), "index") for each in winners],
        "maps": [pack(each, role, limit) for each in every],
    }
    panels = [
        {"kind": "grid", "array": "padded", "among": ["kind"], "slice": "input", "mark": "window", "pick": "input",
         "gaps": True, "winner": "winner", "title": "input, padded" if padding else "input", "share": 3, "sign": "→"},
        {"kind": "grid", "array": "maps", "among": ["kind"], "slice": "map", "mark": "cell", "pick": "output",
         "reveal": True, "title": "output", "share": 2.4},
    ]  # fmt: skip
    grads = [None] * len(steps[0])
    if gradient is not None:
        gradient = check_shape("gradient", as_float("gradient", gradient), shape, "the shape of the output")
        grads = gradient.ravel()
        scale = pack(gradient, "gradient")
        back = [pack(_gradients(image.shape, each, gradient), "gradient", tuple(scale["limit"])) for each in steps]
        arrays |= {"grad": scale, "back": back}
        panels += [
            {"kind": "grid", "array": "grad", "mark": "cell", "pick": "output", "title": "its gradient", "share": 2.4,
             "sign": "→"},
            {"kind": "grid", "array": "back", "among": ["kind"], "at": ["step"], "title": "input's gradient so far",
             "share": 3, "size": False},
        ]  # fmt: skip
    frame = ", padded" if padding else ""
    about = (
        f"Step through pooling: a {image.shape[0]}×{image.shape[1]} input{frame}, with its {kernel_size}×{kernel_size} window, "
        f"and the {shape[0]}×{shape[1]} output made so far"
    ) + ("." if gradient is None else ", the output's gradient, and what of it has reached the input.")
    return Explorer(
        "Step through pooling", about,
        indices={
            "kind": Options(KINDS, kind), "step": Places(len(steps[0]), low=1), "row": Places("rows"), "col": Places("cols"),
        },
        flat={"step": ("row", "col")},
        slide=Slide(weights=None, kernel="kind", size=kernel_size, stride=stride, padding=padding, margin=padding),
        controls=[
            Choice("kind", "Keep", "the largest of each window, or the mean"),
            Play("step", "the steps", interval=interval),
            Slider("step", "Place", "which output value is being made"),
        ],
        arrays=arrays, panels=panels, hover=False, height=340,
        sentence=Say([[_sentence(*each) for each in zip(some, grads, strict=True)] for some in steps], at=["kind", "step"]),
    )  # fmt: skip


def _gradients(shape: tuple[int, int], steps: list[PoolStep], gradient: np.ndarray) -> np.ndarray:
    """The gradient of the image after each step: what all windows so far have sent, (steps, H, W)."""
    sent = np.zeros((len(steps), *shape))
    for at, step in enumerate(steps):
        rows, cols = step.window.shape
        place = slice(step.top, step.top + rows), slice(step.left, step.left + cols)
        sent[at][place] = step.share(gradient[step.row, step.col])
    return sent.cumsum(axis=0)
