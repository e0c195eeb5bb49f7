"""A pad to draw a digit on, and a trained network that answers stroke by stroke: classes, maps, what a unit sees."""

import copy
from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets
import numpy as np
import traitlets

from .. import figures, style
from ..arguments import one_of, shown
from ..data import as_mnist, digits_as_input, draw_strokes, load_digits
from ..data.drawings import PAD, PEN, SIDE
from ..layers import Activation, Conv2d, Fields, Flatten, Layer, Linear
from ..models import Sequential, trained_lenet5
from ..ops import softmax
from ..probes import responses
from ..shapes import ShapeError, integer
from ..transforms import rotate, thicken, translate
from .view import Explorer, View, control_row, menu, pack, slider, stops

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_POINTS = 4000
"""Points of a drawing; far more than a digit takes, and drawn anew in 30 ms."""
LIFT = 0xFFFF  # stands between the strokes, where no coordinate can be
THICKEN = (-1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
SHOWN = {"after": "after ReLU", "before": "before ReLU"}
WIDTH = "256px"  # of a control: four stand side by side on a slide
EMPTY = "The pad is empty. Draw a digit from 0 to 9 on it, as large as you like, or press Random test digit."


def _points(value: object, pad: "Pad") -> bytes:
    """What a page sent, if it is bytes; a number would make as many of them."""
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def _digit(value: object, pad: "Pad") -> int | None:
    return value if type(value) is int else None  # a bool would be an index, too


def _unit(value: object, pad: "Pad") -> list[int]:
    """A stage, a row and a column; anything else leaves the unit that is shown."""
    whole = isinstance(value, list) and len(value) == 3 and all(type(each) is int for each in value)
    return value if whole else pad.unit


class Pad(View):
    """A view that holds what is drawn on it, and which unit was clicked."""

    strokes = traitlets.Bytes().tag(sync=True, echo_update=False, from_json=_points)
    """Points x, y as uint16; a pair of LIFT ends each stroke."""
    digit = traitlets.Int(None, allow_none=True).tag(sync=True, echo_update=False, from_json=_digit)
    """The test digit that lies under the strokes."""
    unit = traitlets.List().tag(sync=True, echo_update=False, from_json=_unit)
    """The stage, and row and column of the unit in its mosaic of maps."""


class Stage(NamedTuple):
    """A layer as a row of maps: with its activation, if one follows. Units of a vector are maps of one place."""

    name: str
    layer: Layer
    after: str
    """Name of the layer that gives what is shown after the activation."""
    shape: tuple[int, int, int]
    """(K, h, w)"""
    fields: Fields

    @property
    def columns(self) -> int:
        """How many maps stand side by side."""
        k, h, _ = self.shape
        lines = -(-k // 10) if h > 1 else -(-k // 42)
        return -(-k // lines)

    def place(self, row: int, col: int) -> tuple[int, int, int]:
        """Map, row and column of a place in the mosaic, or of the nearest one with a unit."""
        k, h, w = self.shape
        at = (row // h) * self.columns + min(col // w, self.columns - 1)
        return min(max(at, 0), k - 1), row % h, col % w


def stages(net: Sequential) -> list[Stage]:
    """The rows of maps of a network for digits (1, 28, 28), first layer first.

    Raises:
        TypeError: it is no network.
        ShapeError: it takes other inputs, or does not give one number for each of the ten classes.

    >>> [(stage.name, stage.shape) for stage in stages(trained_lenet5()[0])][:3]
    [('C1', (6, 28, 28)), ('S2', (6, 14, 14)), ('C3', (16, 10, 10))]
    """
    if not isinstance(net, Sequential):
        raise TypeError(f"net is a {type(net).__name__}: must be a Sequential")
    found = []
    for name, layer, _, shape, fields in net.rows((1, SIDE, SIDE)):
        if isinstance(layer, Activation) and found:
            found[-1] = found[-1]._replace(after=name)
        elif not isinstance(layer, Flatten):
            found.append(Stage(name, layer, name, (*shape, 1, 1)[:3], fields))
    if shape != (len(NAMES),):
        raise ShapeError(f"net gives {shape}: must give one number for each of {len(NAMES)} classes")
    return found


def read_strokes(points: bytes) -> list[np.ndarray]:
    """The strokes that the browser sent, each (P, 2); one beyond :data:`MOST_POINTS` is cut.

    >>> [each.tolist() for each in read_strokes(np.array([1, 2, 3, 4, LIFT, LIFT, 5, 6, LIFT, LIFT], "<u2").tobytes())]
    [[[1, 2], [3, 4]], [[5, 6]]]
    """
    pairs = np.frombuffer(points[: 4 * (len(points) // 4)], "<u2").reshape(-1, 2)[: 2 * MOST_POINTS]
    ends = np.flatnonzero(pairs[:, 0] == LIFT)
    return [each[each[:, 0] != LIFT] for each in np.split(pairs, ends) if (each[:, 0] != LIFT).any()]


def weights_of(stage: Stage, before: tuple[int, int, int], at: int) -> np.ndarray | None:
    """The weights of map ``at``, laid on the maps ``before`` it: (channels, rows, columns); None without weights."""
    if isinstance(stage.layer, Conv2d):
        return stage.layer.weight.value[at]
    return stage.layer.weight.value[at].reshape(before) if isinstance(stage.layer, Linear) else None


def window_of(stage: Stage, before: tuple[int, int, int], row: int, col: int) -> tuple[int, int, int, int]:
    """The units of the maps before that feed one unit: first row, first column, rows, columns; it may lie in the padding."""
    if not hasattr(stage.layer, "windows"):
        return 0, 0, *before[1:]
    (top, high), (left, wide) = (
        (at * window.stride - window.padding, window.kernel_size)
        for at, window in zip((row, col), stage.layer.windows(), strict=True)
    )
    return top, left, high, wide


def field_of(stage: Stage, row: int, col: int) -> tuple[int, int, int, int]:
    """The part of the input that one unit sees: first row, first column, rows, columns; it may reach into the padding."""
    vertical, horizontal = stage.fields
    return (
        vertical.start + row * vertical.jump, horizontal.start + col * horizontal.jump, vertical.size, horizontal.size
    )  # fmt: skip


def describe_unit(stage: Stage, before: Stage | None, at: int, row: int, col: int, value: float, shown: float) -> str:
    """One unit in words: where it is, what it says (before and after its activation), what it sees."""
    vector = stage.shape[1:] == (1, 1)
    where = f"unit {at}" if vector else f"map {at}, row {row}, column {col}"
    says = f"{style.number(value)}" + (
        f", after ReLU {style.number(shown)}" if isinstance(stage.layer, Conv2d | Linear) and stage.after != stage.name
        else ""
    )  # fmt: skip
    top, left, high, wide = field_of(stage, row, col)
    spans = [(first, first + length - 1) for first, length in ((top, high), (left, wide))]
    whole = all(first <= 0 and last >= SIDE - 1 for first, last in spans)
    sees = "sees the whole picture" if whole else (
        f"sees rows {_span(*spans[0])} and columns {_span(*spans[1])} of the picture"
        + (", padding included" if min(top, left) < 0 or max(last for _, last in spans) >= SIDE else "")
    )  # fmt: skip
    source = before.name if before else "the picture"
    k, h, w = before.shape if before else (1, SIDE, SIDE)
    if isinstance(stage.layer, Conv2d):
        high, wide = stage.layer.kernel_size
        how = f"through {k} kernel{'s' if k > 1 else ''} of {high}×{wide}"
    elif isinstance(stage.layer, Linear):
        how = f"through {k * h * w} weights, one for each unit of {source}"
    else:
        high, wide = window_of(stage, (k, h, w), row, col)[2:]
        how = f"as the largest of {high}×{wide} units of {source}; it has no weights"
    return f"{stage.name}, {where} = {says}. It {sees}, {how}."


def _span(first: int, last: int) -> str:
    return f"{style.number(first)} to {style.number(last)}"


def describe_answer(shares: np.ndarray, label: int | None) -> str:
    """What the network says, in words; ``label`` is what a test digit is.

    >>> describe_answer(np.array([0, 0, 0.9, 0.1, 0, 0, 0, 0, 0, 0]), 3)
    'It says 2 (two) with 90 %; second 3 (three) with 10 %. The test digit is a 3: wrong.'
    """
    first, second = np.argsort(-shares, kind="stable")[:2]
    words = f"It says {first} ({NAMES[first]}) with {_percent(shares[first])}; second {second} ({NAMES[second]}) with {_percent(shares[second])}."
    if label is None:
        return words
    return f"{words} The test digit is a {label}: {'right' if first == label else 'wrong'}."


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if 0.005 <= share < 0.995 or share in (0, 1) else (
        "less than 1 %" if share < 0.5 else "more than 99 %"
    )  # fmt: skip


def _rows(found: Sequence[Stage], answers: dict[str, np.ndarray]) -> list[dict]:
    """What the browser has to know of each row: how many tiles of which size, where their numbers begin, colours."""
    rows, offset = [], 0
    for stage in found:
        k, h, w = stage.shape
        _, limit = style.limits(answers[stage.after], "map")  # one scale for all drawings
        rows.append({
            "label": stage.name, "count": k, "rows": h, "cols": w, "per": stage.columns, "offset": offset,
            "limit": [-limit, limit],
        })  # fmt: skip
        offset += k * h * w
    return rows


class DrawADigit(Explorer):
    """The explorer of :func:`draw_a_digit`; its view holds the drawing."""

    def __init__(self, net: Sequential, digits: np.ndarray, labels: np.ndarray, settings: dict[str, float]):
        # Jupyter may let us answer while a cell trains the same network: its layers remember one input only.
        # What is no network is refused by stages(), and not copied before.
        self.net = copy.deepcopy(net) if isinstance(net, Sequential) else net
        self.digits, self.labels, self.found = digits, labels, stages(self.net)
        self.shift = {
            name: slider(label, settings.pop(name, 0), -most, most, tip, WIDTH)
            for name, label, most, tip in (
                ("right", "Right", 14, "pixels to the right; negative is left"),
                ("down", "Down", 14, "pixels down; negative is up"),
                ("rotate", "Rotate", 180, "degrees anticlockwise; negative is clockwise"),
            )
        }
        thick = settings.pop("thicken", 0)
        if not isinstance(thick, int | float | np.number) or thick not in THICKEN:
            raise ValueError(f"thicken={shown(thick)}: must be one of {', '.join(map(str, THICKEN))}")
        labels_of = [(style.number(each), each) for each in THICKEN]
        self.thicken = stops("Thicken", labels_of, thick, "pixels on each side; negative is thinner", WIDTH)
        self.maps = menu("Maps", [(label, name) for name, label in SHOWN.items()], "after", "which values", WIDTH)
        self.upright = ipywidgets.Button(description="Sliders to 0", layout={"width": "130px"})
        answers = responses(net, digits_as_input(digits))
        first = self.found[0]
        filters = isinstance(first.layer, Conv2d)
        rows = _rows(self.found, answers)
        panels = [
            {"kind": "pad", "title": "Draw here", "share": 2.5, "size": False, "side": PAD, "pen": PEN, "most": MOST_POINTS},
            {"kind": "pad input", "title": "The network's input", "share": 1.9, "size": False, "rows": rows},
            {"kind": "pad maps", "title": "Its layers", "share": 3.6, "size": False, "rows": rows, "filters": filters},
            {"kind": "pad classes", "title": "Its answer", "share": 2.8, "size": False, "names": NAMES},
        ]  # fmt: skip
        arrays = {"digits": pack(digits, "image")}
        if filters:
            arrays["filters"] = pack(first.layer.weight.value[:, 0], "weight")
        view = Pad(panels=panels, arrays=arrays, height=440, digit=0, unit=self._strongest(answers))
        alt = (
            "A pad with a digit drawn on it, the 28 by 28 pixels that a trained network gets, the maps of each of its "
            "layers, what one of their units sees with its weights, and bars: how likely each class is to the network."
        )
        super().__init__(
            view, [control_row(*self.shift.values(), self.thicken, self.maps, self.upright)], alt, self._draw
        )
        view.calm = []  # Python hears of every move, as soon as it has answered the one before
        self._answer()
        view.observe(self._answer, ["strokes", "digit", "unit"])
        for control in (*self.shift.values(), self.thicken, self.maps):
            control.observe(self._answer, "value")
        self.upright.on_click(self._reset)

    def _strongest(self, answers: dict[str, np.ndarray]) -> list[int]:
        """The unit that answers most to the first digit, in the third stage if there is one: there is much to see."""
        level = min(2, len(self.found) - 1)
        stage = self.found[level]
        unit, row, col = np.unravel_index(answers[stage.after][0].argmax(), stage.shape)
        _, h, w = stage.shape
        return [level, int(unit // stage.columns * h + row), int(unit % stage.columns * w + col)]

    def drawing(self) -> np.ndarray:
        """What is on the pad, uint8: the strokes over the test digit, if there is one."""
        drawn = draw_strokes(read_strokes(self.view.strokes))
        if self.view.digit is None or not 0 <= self.view.digit < len(self.digits):
            return drawn
        return np.maximum(drawn, np.kron(self.digits[self.view.digit], np.ones((PAD // SIDE,) * 2, np.uint8)))

    def picture(self) -> np.ndarray | None:
        """What the network sees, uint8 (28, 28): centred as MNIST, then changed by the sliders; None if all is black."""
        drawing = self.drawing()
        if not drawing.any():
            return None
        moved = rotate(thicken(as_mnist(drawing), self.thicken.value), self.shift["rotate"].value)
        moved = translate(moved, self.shift["down"].value, self.shift["right"].value)
        return moved if moved.any() else None

    def _reset(self, _=None) -> None:
        for control in self.shift.values():
            control.value = 0
        self.thicken.value = 0

    def _answer(self, _=None) -> None:
        """Look at the drawing and send all that is shown of it, in one message."""
        picture = self.picture()
        seen = np.zeros((SIDE, SIDE), np.uint8) if picture is None else picture
        answers = responses(self.net, digits_as_input(seen[None]))
        which = "after" if self.maps.value == "after" else "name"
        shown = [answers[getattr(stage, which)][0].ravel() for stage in self.found]
        label = None
        if picture is None:
            shares, text = np.zeros(len(NAMES), np.float32), EMPTY
            shown = [np.zeros_like(each) for each in shown]
            if self.view.strokes or self.view.digit is not None:
                text = "Nothing is left of the drawing: thicken it, or move it back."
        else:
            shares = softmax(answers[self.found[-1].name])[0]
            if not self.view.strokes and self.view.digit is not None:
                label = int(self.labels[self.view.digit])
            text = describe_answer(shares, label)
        weights, field, words = self._unit(answers)
        extra = {
            "seen": pack(seen[None], "image"),
            "units": pack(np.concatenate(shown), "map", (-1, 1)),
            "classes": pack(shares, "curve"),
            "weights": weights,
            "field": pack(np.array(field, np.int32), "index"),
            "label": pack(np.array([-1 if label is None else label], np.int32), "index"),
        }
        with self.view.hold_sync():
            self.view.extra = extra
            self.view.text = text if picture is None else f"{text} {words}"

    def _unit(self, answers: dict[str, np.ndarray]) -> tuple[dict, list[int], str]:
        """The clicked unit: its weights (or, without any, what it takes the largest of), what it sees, in words."""
        at, row, col = self.view.unit
        at = min(max(at, 0), len(self.found) - 1)
        stage, before = self.found[at], self.found[at - 1] if at else None
        unit, row, col = stage.place(row, col)
        shape = before.shape if before else (1, SIDE, SIDE)
        window = window_of(stage, shape, row, col)
        weights = weights_of(stage, shape, unit)
        if weights is None:
            top, left, high, wide = window
            maps = answers[before.after].reshape(-1, *shape)[0]
            packed = pack(maps[unit : unit + 1, top : top + high, left : left + wide], "map")
        else:
            packed = pack(weights, "weight")
        value, shown = (float(answers[name].reshape(stage.shape)[unit, row, col]) for name in (stage.name, stage.after))
        words = describe_unit(stage, before, unit, row, col, value, shown)
        fed_by = unit if weights is None else -1  # one map of the stage before, or all
        return packed, [*field_of(stage, row, col), fed_by, *window], words

    def _draw(self):
        picture = self.picture()
        if picture is None:
            return figures.draw_question("Draw a digit", [EMPTY])
        answers = responses(self.net, digits_as_input(picture[None]))
        maps = {stage.name: answers[stage.after].reshape(stage.shape) for stage in self.found[:-1]}
        columns = {stage.name: stage.columns for stage in self.found}
        return figures.draw_answer(picture, softmax(answers[self.found[-1].name])[0], maps, columns, NAMES)


def draw_a_digit(net: Sequential | None = None, *, digits: int = 100, seed: int = 0, **settings: float) -> Explorer:
    """Explorer of a digit that you draw: a trained network's classes and the maps of all its layers follow the pen.

    The drawing is centred and scaled as MNIST's digits were (:func:`lecture_lib.data.as_mnist`). Sliders then
    move, turn and thicken it. A click on a unit shows what it sees and its weights.

    Args:
        net: for inputs (1, 28, 28) and ten classes, as it is now; None takes the trained modern LeNet-5.
        digits: test digits to choose from at random. seed: for which.
        settings: where the sliders stand at first: right, down, rotate, thicken.

    Raises:
        TypeError: ``net`` is no network.
        ShapeError: the network takes or gives something else, there are not so many digits, a setting is out of range.
        ValueError: an unknown setting.
    """
    images, labels = load_digits("test")
    if integer("digits", digits, 1) > len(images):
        raise ShapeError(f"digits={digits}: must be at most {len(images)}")
    integer("seed", seed, 0)
    for name in settings:
        one_of("setting", name, ("right", "down", "rotate", "thicken"))
    chosen = np.random.default_rng(seed).choice(len(images), digits, replace=False)
    return DrawADigit(trained_lenet5()[0] if net is None else net, images[chosen], labels[chosen], settings)
