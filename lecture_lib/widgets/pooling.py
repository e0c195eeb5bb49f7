"""Pooling: window by window, with every setting on a photo's feature map, and while the picture moves."""

from functools import cache

import ipywidgets
import numpy as np

from .. import figures
from ..arguments import checked, one_of, shown
from ..data import grey_square, photo_names
from ..filters import KERNELS, correlate
from ..ops import as_float, avg_pool2d, check_axes, check_shape, max_pool2d
from ..robustness import downsample, relative_change
from ..shapes import ShapeError, conv_output_size, integer
from ..steps import PoolStep, pool_steps
from ..style import number
from ..transforms import elastic, translate
from .view import Explorer, View, control_row, menu, pack, slider, stops

MOST = 8  # cells on a side whose numbers can be read beside three other grids
SIDES = (4, 8, 12, 16, 32, 64, 128)
"""Sides of the feature maps of :func:`pooling_lab`, in pixels."""
MOST_F, MOST_S = 8, 4
KINDS = ("max", "average", "stride")
FILTERS = ("sobel_x", "sobel_y", "laplacian_8", "emboss", "gaussian")
SHIFTS = np.arange(0, 8.5, 0.5)
BENDS = np.arange(0, 4.25, 0.25)
_MOVES = {"shift": SHIFTS, "bend": BENDS}
WIDTH = "256px"  # of a control: four stand side by side on a slide
_MARGIN = 16  # pixels of the photo around what is seen; no move is longer


# ---------------------------------------------------------------- one window after the other


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
    image: np.ndarray,
    kind: str = "max",
    kernel_size: int = 2,
    *,
    stride: int | None = None,
    padding: int = 0,
    gradient: np.ndarray | None = None,
    interval: int = 1200,
) -> Explorer:
    """Explorer of one small pooling: play, pause, step, or click any output cell; the winner is framed.

    Args:
        image: (H, W) of numbers, small enough to be read: at most 8 on a side.
        kind: "max" or "average".
        kernel_size, stride, padding: as in :func:`lecture_lib.steps.pool_steps`.
        gradient: that of the output, (H', W'); then two more grids show how it reaches the image.
        interval: milliseconds between steps while playing, at least 20.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`lecture_lib.steps.pool_steps`; ``gradient`` has not the output's shape.

    >>> pool_through(np.eye(4)).view.texts[0]
    'output[0, 0] = max(1, 0, 0, 1) = 1. The largest is input[0, 0]. Of equal ones the first counts.'
    """
    image = check_axes("image", np.asarray(image), "H, W")
    if max(image.shape) > MOST:
        raise ShapeError(f"image has shape {image.shape}: must be at most {MOST} on a side, to be readable")
    interval = integer("interval", interval, 20)
    steps = list(pool_steps(image, kind, kernel_size, stride=stride, padding=padding))
    stride = kernel_size if stride is None else stride
    pool = max_pool2d if kind == "max" else avg_pool2d
    every = pool(as_float("image", image)[None, None], kernel_size, 1, padding)[0, 0]
    output = every[::stride, ::stride]
    empty = -np.inf if kind == "max" else np.nan
    padded = np.pad(as_float("image", image), padding, constant_values=empty)
    winners = [np.add(step.winner, padding) for step in steps] if kind == "max" else np.zeros((1, 2))
    role = "image" if image.min() >= 0 else "map"
    arrays = {"padded": pack(padded, role), "maps": [pack(every, role)], "winner": pack(np.int32(winners), "index")}
    panels = [
        {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input", "gaps": True,
         "winner": kind == "max", "title": "input, padded" if padding else "input", "share": 3, "sign": "→"},
        {"kind": "grid", "array": "maps", "slice": "map", "mark": "cell", "pick": "output", "reveal": True,
         "title": "output", "share": 2.4},
    ]  # fmt: skip
    still = None
    if gradient is not None:
        gradient = check_shape("gradient", as_float("gradient", gradient), output.shape, "the shape of the output")
        back = _gradients(image.shape, steps, gradient)
        still = gradient, back[-1]
        arrays |= {"grad": pack(gradient, "gradient"), "back": pack(back, "gradient")}
        panels += [
            {"kind": "grid", "array": "grad", "mark": "cell", "pick": "output", "title": "its gradient", "share": 2.4,
             "sign": "→"},
            {"kind": "grid", "array": "back", "index": "step", "title": "input's gradient so far", "share": 3, "size": False},
        ]  # fmt: skip
    texts = [_sentence(step, None if gradient is None else gradient[step.row, step.col]) for step in steps]
    view = View(
        arrays=arrays, panels=panels, readout="steps", texts=texts, hover=False, stepped=True, stride=stride,
        padding=padding, margin=padding, f=kernel_size, height=300,
    )  # fmt: skip
    last = len(steps) - 1
    play = ipywidgets.Play(min=0, max=last, interval=interval, description="Play", show_repeat=False)
    step = slider("Step", 0, 0, last, "which output value is being made")
    frame = "" if not padding else " in a frame of −∞" if kind == "max" else " in an empty frame"
    alt = (
        f"Step through pooling: a {image.shape[0]}×{image.shape[1]} input{frame} with its {kernel_size}×{kernel_size} window, "
        f"and the {output.shape[0]}×{output.shape[1]} output ({kind}) made so far"
    ) + ("." if gradient is None else ", the output's gradient, and what of it has reached the input.")
    winner = tuple(winners[0]) if kind == "max" else None
    explorer = Explorer(
        view, [control_row(play, step)], alt,
        lambda: figures.draw_pooling(padded, output, kernel_size, winner, still),
    )  # fmt: skip
    explorer.link(play, "step")
    explorer.link(step, "step")
    return explorer


def _gradients(shape: tuple[int, int], steps: list[PoolStep], gradient: np.ndarray) -> np.ndarray:
    """The gradient of the image after each step: what all windows so far have sent, (steps, H, W)."""
    sent = np.zeros((len(steps), *shape))
    for number_, step in enumerate(steps):
        rows, cols = step.window.shape
        place = slice(step.top, step.top + rows), slice(step.left, step.left + cols)
        sent[number_][place] = step.share(gradient[step.row, step.col])
    return sent.cumsum(axis=0)


# ---------------------------------------------------------------- every setting


@cache
def _square(photo: str, side: int) -> np.ndarray:
    """The middle of a photo, grey, (side, side)."""
    return grey_square(photo, side)


def _sizes(side: int) -> list[str]:
    """What to say of the sizes, for each F and S: at place MOST_S (F - 1) + S - 1."""
    texts = []
    for f in range(1, MOST_F + 1):
        for s in range(1, MOST_S + 1):
            if f > side:
                texts.append(
                    f"No output: a window of {f} × {f} does not fit into {side} × {side} pixels. "
                    "Make F smaller, or choose a larger map."
                )
                continue
            m = conv_output_size(side, f, s)
            text = (
                f"⌊({side} − {f})/{s}⌋ + 1 = {m}: {m * m:,} of {side * side:,} numbers, {100 * m * m / side**2:.1f} %."
            )
            if m == 1 and f == side:
                text += " The window is the whole map: global pooling."
            elif s > f:
                text += f" S is larger than F: {s - f} of {s} rows and columns lie in no window."
            elif s < f and m > 1:
                text += f" Neighbouring windows share {f - s} row{'s' if f - s > 1 else ''} or column{'s' if f - s > 1 else ''}."
            texts.append(text)
    return texts


class PoolingLab(Explorer):
    """See :func:`pooling_lab`."""

    def __init__(self, photo: str, kernel: str, side: int, kind: str, kernel_size: int, stride: int):
        names = [(KERNELS[name].label, name) for name in FILTERS]
        self.photo = menu("Photo", photo_names(), photo, "whose feature map is pooled", WIDTH)
        self.filter = menu("Filter", names, kernel, "what makes the feature map: this filter, then ReLU", WIDTH)
        self.side = menu("Map", [(f"{side} × {side}", side) for side in SIDES], side, "size of the feature map", WIDTH)
        self.kind = menu("Keep", KINDS, kind, "the largest, the mean, or the first pixel of each window", WIDTH)
        self.f = slider("F  window", kernel_size, 1, MOST_F, "side of the window in pixels", WIDTH)
        self.stride = slider("S  stride", stride, 1, MOST_S, "pixels between windows", WIDTH)
        view = View(
            panels=[
                {"kind": "grid", "array": "padded", "slice": "input", "mark": "window", "pick": "input",
                 "title": "feature map", "share": 3, "sign": "→"},
                {"kind": "pooled", "array": "padded", "slice": "window", "title": "the window", "share": 2.2, "sign": "→"},
                {"kind": "grid", "array": "maps", "index": "kernel", "slice": "map", "mark": "cell", "pick": "output",
                 "title": "output", "share": 3},
            ],
            readout="pooled", height=330,
        )  # fmt: skip
        controls = control_row(self.photo, self.filter, self.side, self.kind, self.f, self.stride)
        super().__init__(view, [controls], self._alt(), self._draw_still)
        self.link(self.kind, "kernel", "index")
        self.link(self.f, "f")
        self.link(self.stride, "stride")
        self._compute()
        if kernel_size <= side:  # start at the strongest edge, where there is something to see
            strongest = np.unravel_index(self.map.argmax(), self.map.shape)
            last = conv_output_size(side, kernel_size, stride) - 1
            view.row, view.col = (min(int(at) // stride, last) for at in strongest)
        for control in (self.photo, self.filter, self.side):
            control.observe(self._compute, "value")

    def _alt(self) -> str:
        return (
            f"Pooling lab: a {self.side.value}×{self.side.value} feature map of the photo {self.photo.value}, "
            "the pixels of one window, and the pooled map."
        )

    def _compute(self, _=None) -> None:
        """Pool at stride 1 in every way and with every window; the sliders then only choose."""
        side, kernel = self.side.value, KERNELS[self.filter.value].weights
        map_ = np.maximum(correlate(_square(self.photo.value, side), kernel, padding=1, border="reflect"), 0)
        self.map = map_.astype(np.float32)
        source = pack(self.map, "map")
        limit = tuple(source["limit"])
        x, nothing = self.map[None, None], pack(np.zeros((0, 0), np.float32), "map", limit)
        ways = [
            lambda f: max_pool2d(x, f, 1)[0, 0],
            lambda f: avg_pool2d(x, f, 1)[0, 0],
            lambda f: self.map[: side - f + 1, : side - f + 1],
        ]
        maps = [[pack(way(f), "map", limit) if f <= side else nothing for f in range(1, MOST_F + 1)] for way in ways]
        with self.view.hold_sync():
            self.view.arrays, self.view.texts = {"padded": source, "maps": maps}, _sizes(side)
            self.view.label = self.alt = self._alt()

    def _draw_still(self):
        f, s = self.f.value, self.stride.value
        if f > self.side.value:
            raise ShapeError(_sizes(self.side.value)[MOST_S * (f - 1) + s - 1].rstrip("."))
        x = self.map[None, None]
        if self.kind.value == "stride":
            out = self.map[: len(self.map) - f + 1 : s, : len(self.map) - f + 1 : s]
        else:
            out = (max_pool2d if self.kind.value == "max" else avg_pool2d)(x, f, s)[0, 0]
        return figures.draw_map_and_pooled(self.map, out, f"{self.kind.value}, F = {f}, S = {s}")


@checked
def pooling_lab(
    photo: str = "camera", kernel: str = "sobel_x", *, side: int = 128, kind: str = "max", kernel_size: int = 2,
    stride: int = 2,
) -> PoolingLab:  # fmt: skip
    """Explorer of pooling on a photo's feature map: window, stride, and what is kept of each window.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        kernel: a name from :data:`FILTERS`.
        side: of the feature map, one of :data:`SIDES`.
        kind: "max", "average", or "stride" (the first pixel).
        kernel_size: 1 to 8. stride: 1 to 4. Where the sliders stand at first.

    Raises:
        ValueError: a setting is none of these.
    """
    one_of("photo", photo, photo_names())
    one_of("kernel", kernel, FILTERS)
    one_of("kind", kind, KINDS)
    if side not in SIDES:
        raise ShapeError(f"side={shown(side)}: must be one of {', '.join(map(str, SIDES))}")
    return PoolingLab(photo, kernel, side, kind, kernel_size, stride)


# ---------------------------------------------------------------- while the picture moves


class ShiftAndPool(Explorer):
    """See :func:`shift_and_pool`."""

    _SHOWN = ("maps", "change")
    _TITLES = {"none": "not pooled", "max": "max", "average": "average", "stride": "stride"}

    def __init__(self, photo: str, move: str, size: int, shown: str):
        self.photo = menu("Photo", photo_names(), photo, "whose feature map is pooled", WIDTH)
        self.move = menu(
            "Move", [("shift to the right", "shift"), ("bend", "bend")], move, "what happens to the photo", WIDTH
        )
        self.size = menu("F = S", (2, 4, 8), size, "side of the pooling windows, which lie side by side", WIDTH)
        self.shown = menu(
            "Show", [("the maps", "maps"), ("what has changed", "change")], shown, "maps or differences", WIDTH
        )
        self.level = stops("How far", self._levels(), self._levels()[2], "in pixels", WIDTH)
        view = View(readout="stops", height=300, hover=False, extent=[1, len(SHIFTS)])
        super().__init__(
            view, [control_row(self.photo, self.move, self.size, self.shown, self.level)], "", self._draw_still
        )
        self._compute()
        self.link(self.level, "col", "index")
        for control in (self.photo, self.size, self.shown):
            control.observe(self._compute, "value")
        self.move.observe(self._on_move, "value")

    def _levels(self) -> list[str]:
        return [f"{level:g} px" for level in _MOVES[self.move.value]]

    def _on_move(self, change) -> None:
        at = self.level.index
        self.level.options = self._levels()
        self.level.index = at
        self._compute()

    def _compute(self, _=None) -> None:
        maps = _moved_maps(self.photo.value, self.move.value)
        self.pooled = {kind: downsample(maps, kind, self.size.value) for kind in self._TITLES}
        limit = pack(maps[0], "map")["limit"]
        change = self.shown.value == "change"
        panels, arrays = [], {}
        for kind, stack in self.pooled.items():
            arrays[kind] = (
                pack(stack - stack[0], "difference", (limit[0] / 2, limit[1] / 2))
                if change
                else pack(stack, "map", limit)
            )
            panels.append({"kind": "grid", "array": kind, "index": "col", "title": self._TITLES[kind], "share": 1})
        changes = {kind: [relative_change(stack[0], each) for each in stack] for kind, stack in self.pooled.items()}
        texts = [
            f"{'Moved' if self.move.value == 'shift' else 'Bent'} by {level:g} pixel{'' if level == 1 else 's'}. Change of the representation: "
            + ", ".join(f"{self._TITLES[kind]} {100 * each[at]:.0f} %" for kind, each in changes.items()) + "."
            for at, level in enumerate(_MOVES[self.move.value])
        ]  # fmt: skip
        alt = (
            f"A feature map of the photo {self.photo.value} while the photo is {'bent' if self.move.value == 'bend' else 'shifted'}: "
            f"not pooled, and pooled with {self.size.value}×{self.size.value} windows by maximum, average and stride."
        )
        with self.view.hold_sync():
            self.view.arrays, self.view.panels, self.view.texts = arrays, panels, texts
            self.view.label = self.alt = alt

    def _draw_still(self):
        at = self.level.index
        pictures = {self._TITLES[kind]: stack[at] for kind, stack in self.pooled.items()}
        if self.shown.value == "change":
            pictures = {self._TITLES[kind]: stack[at] - stack[0] for kind, stack in self.pooled.items()}
        return figures.draw_pictures(pictures, "difference" if self.shown.value == "change" else "map")


@cache
def _moved_maps(photo: str, move: str) -> np.ndarray:
    """The 64×64 feature map of a photo at each stop of the slider, float32; a border moves in, no black."""
    middle = slice(80 - 33 - _MARGIN, 80 + 33 + _MARGIN)
    wide = _square(photo, 160).astype(float)[middle, middle]
    inside = slice(_MARGIN, -_MARGIN)
    maps = []
    for level in _MOVES[move]:
        moved = translate(wide, 0, level, "nearest") if move == "shift" else elastic(wide, level, 0, border="nearest")
        maps.append(np.maximum(correlate(moved[inside, inside], KERNELS["sobel_x"].weights), 0))
    return np.array(maps, np.float32)


@checked
def shift_and_pool(photo: str = "camera", move: str = "shift", *, size: int = 2, shown: str = "maps") -> ShiftAndPool:
    """Explorer of robustness: move or bend a photo, and see its feature map change, pooled and not pooled.

    Args:
        photo: a name from :func:`lecture_lib.data.photo_names`.
        move: "shift" or "bend".
        size: of the windows, 2, 4 or 8.
        shown: "maps", or "change": the difference from the photo at rest.

    Raises:
        ValueError: a setting is none of these.
    """
    one_of("photo", photo, photo_names())
    one_of("move", move, _MOVES)
    one_of("shown", shown, ShiftAndPool._SHOWN)
    if size not in (2, 4, 8):
        raise ShapeError(f"size={size!r}: must be one of 2, 4, 8")
    return ShiftAndPool(photo, move, size, shown)
