"""A pad to draw a digit on, and a trained network that answers stroke by stroke: classes, maps, what a unit sees."""

import copy
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ... import style
from ...arguments import one_of, shown
from ...data import as_mnist, digits_as_input, load_digits
from ...data.drawings import PAD, PEN, SIDE, on_pad
from ...explore import Choice, Explorer, Free, Look, Numbers, Options, Places, Press, Slider, pack
from ...layers import Activation, Conv2d, Fields, Flatten, Layer, Linear
from ...models import Sequential, trained_lenet5
from ...ops import softmax
from ...probes import responses
from ...shapes import ShapeError, integer
from ...transforms import rotate, thicken, translate

NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
MOST_POINTS = 4000
"""Points of a drawing; far more than a digit takes, and drawn anew in 30 ms."""
THICKEN = (-1.5, -1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
MOVES = {
    "right": ("Right", 14, "pixels to the right; negative is left"),
    "down": ("Down", 14, "pixels down; negative is up"),
    "rotate": ("Rotate", 180, "degrees anticlockwise; negative is clockwise"),
}
"""Setting → label, how far it goes, a tip."""
EMPTY = "The pad is empty. Draw a digit from 0 to 9 on it, as large as you like, or press Random test digit."


def refuse_strokes(value: object) -> str:
    """What is wrong with strokes, or nothing.

    >>> refuse_strokes([[[1, 2], [3, 4]], [[5, 6]]]), refuse_strokes([[]])[:12]
    ('', 'must be a li')
    """
    right = isinstance(value, list) and all(
        isinstance(stroke, list) and stroke and all(_is_point(each) for each in stroke) for stroke in value
    )
    if not right or sum(map(len, value)) > MOST_POINTS:
        return (
            f"must be a list of strokes, each a list of points [x, y] from 0 to {PAD - 1}, at most {MOST_POINTS} points"
        )
    return ""


def _is_point(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(at) is int and 0 <= at < PAD for at in value)


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


class _Pad:
    """What Python answers: the network's look at what is on the pad, at each place that the explorer can stand."""

    def __init__(self, net: Sequential, digits: np.ndarray, labels: np.ndarray):
        # Jupyter may let us answer while a cell trains the same network: its layers remember one input only.
        # What is no network is refused by stages(), and not copied before.
        self.net = copy.deepcopy(net) if isinstance(net, Sequential) else net
        self.digits, self.labels, self.found = digits, labels, stages(self.net)
        self.known = responses(self.net, digits_as_input(digits))

    def strongest(self) -> dict[str, int]:
        """The unit that answers most to the first digit, in the third stage if there is one: there is much to see."""
        layer = min(2, len(self.found) - 1)
        stage = self.found[layer]
        unit, row, col = np.unravel_index(self.known[stage.after][0].argmax(), stage.shape)
        _, h, w = stage.shape
        return {
            "layer": layer, "row": int(unit // stage.columns * h + row), "col": int(unit % stage.columns * w + col)
        }  # fmt: skip

    def picture(self, state: dict[str, object]) -> np.ndarray | None:
        """What the network sees, uint8 (28, 28): centred as MNIST, then changed by the sliders; None if all is black."""
        drawing = on_pad(state["strokes"], None if state["digit"] is None else self.digits[state["digit"]])
        if not drawing.any():
            return None
        moved = rotate(thicken(as_mnist(drawing), THICKEN[state["thicken"]]), state["rotate"])
        moved = translate(moved, state["down"], state["right"])
        return moved if moved.any() else None

    def seen(self, state: dict[str, object]) -> tuple[dict[str, object], str]:
        """All that is shown of the drawing, ready for the browser, and the words about it."""
        picture, digit = self.picture(state), state["digit"]
        seen = np.zeros((SIDE, SIDE), np.uint8) if picture is None else picture
        answers = responses(self.net, digits_as_input(seen[None]))
        values = [answers[stage.name if state["maps"] else stage.after][0].ravel() for stage in self.found]
        weights, field, words = self._unit(answers, state)
        label = None
        if picture is None:
            shares, words = np.zeros(len(NAMES), np.float32), EMPTY
            values = [np.zeros_like(each) for each in values]
            if state["strokes"] or digit is not None:
                words = "Nothing is left of the drawing: thicken it, or move it back."
        else:
            shares = softmax(answers[self.found[-1].name])[0]
            if not state["strokes"] and digit is not None:
                label = int(self.labels[digit])
            words = f"{describe_answer(shares, label)} {words}"
        return {
            "seen": pack(seen[None], "image"), "units": pack(np.concatenate(values), "map", (-1, 1)),
            "classes": pack(shares, "curve"), "weights": weights, "field": pack(np.array(field, np.int32), "index"),
            "label": pack(np.array([-1 if label is None else label], np.int32), "index"),
        }, words  # fmt: skip

    def _unit(self, answers: dict[str, np.ndarray], state: dict[str, object]) -> tuple[dict, list[int], str]:
        """The chosen unit: its weights (or, without any, what it takes the largest of), what it sees, in words."""
        at = state["layer"]
        stage, before = self.found[at], self.found[at - 1] if at else None
        unit, row, col = stage.place(state["row"], state["col"])
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

    def answer(self, explorer: Explorer, names: set[str]) -> None:
        if "upright" in names:
            explorer.update(state=dict.fromkeys(MOVES, 0) | {"thicken": THICKEN.index(0)})
        arrays, words = self.seen(explorer.state)
        explorer.update(extra=arrays, sentence=words)


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

    >>> draw_a_digit(digits=3).needs_python
    ('Right', 'Down', 'Rotate', 'Thicken', 'Maps', 'Sliders to 0')
    """
    images, labels = load_digits("test")
    if integer("digits", digits, 1) > len(images):
        raise ShapeError(f"digits={digits}: must be at most {len(images)}")
    integer("seed", seed, 0)
    for name in settings:
        one_of("setting", name, (*MOVES, "thicken"))
    thick = settings.get("thicken", 0)
    if not isinstance(thick, int | float | np.number) or thick not in THICKEN:
        raise ValueError(f"thicken={shown(thick)}: must be one of {', '.join(map(str, THICKEN))}")
    chosen = np.random.default_rng(seed).choice(len(images), digits, replace=False)
    pad = _Pad(trained_lenet5()[0] if net is None else net, images[chosen], labels[chosen])
    rows, unit, filters = _rows(pad.found, pad.known), pad.strongest(), pad.found[0].layer
    indices = {
        "strokes": Free([], check=refuse_strokes), "digit": Options(range(digits), 0, python=True, none=True),
        "layer": Options([stage.name for stage in pad.found], pad.found[unit["layer"]].name, python=True),
        "row": Places(Look("rows", "layer"), unit["row"], python=True), "col": Places(Look("cols", "layer"), unit["col"], python=True),
        **{name: Numbers(-most, most, settings.get(name, 0), python=True) for name, (_, most, _) in MOVES.items()},
        "thicken": Options(THICKEN, thick, python=True), "maps": Options(["after ReLU", "before ReLU"], python=True),
    }  # fmt: skip
    arrays, words = pad.seen({name: index.first() for name, index in indices.items()})
    arrays |= {
        "digits": pack(pad.digits, "image"),
        "rows": pack(np.array([row["rows"] * -(-row["count"] // row["per"]) for row in rows], np.int32), "index"),
        "cols": pack(np.array([row["cols"] * row["per"] for row in rows], np.int32), "index"),
    }
    maps = {
        "kind": "maps",
        "array": "units",
        "field": "field",
        "layer": "layer",
        "row": "row",
        "col": "col",
        "rows": rows,
    }
    if isinstance(filters, Conv2d):
        arrays["filters"], maps["filters"] = pack(filters.weight.value[:, 0], "weight"), "filters"
    return Explorer(
        "Draw a digit",
        "A pad with a digit drawn on it, the 28 by 28 pixels that a trained network gets, the maps of each of its "
        "layers, what one of their units sees with its weights, and bars: how likely each class is to the network.",
        indices=indices,
        controls=[
            *(Slider(name, label, tip) for name, (label, _, tip) in MOVES.items()),
            Slider("thicken", "Thicken", "pixels on each side; negative is thinner"),
            Choice("maps", "Maps", "which values"), Press("upright", "Sliders to 0"),
        ],
        arrays=arrays,
        panels=[
            {"kind": "pad", "array": "digits", "strokes": "strokes", "digit": "digit", "side": PAD, "pen": PEN, "most": MOST_POINTS,
             "title": "Draw here", "share": 2.5},
            {"kind": "seen", "array": "seen", "weights": "weights", "field": "field", "layer": "layer", "row": "row", "col": "col",
             "rows": rows, "title": "The network's input", "share": 1.9},
            maps | {"title": "Its layers", "share": 3.6},
            {"kind": "verdict", "array": "classes", "marked": "label", "names": NAMES, "title": "Its answer", "share": 2.8},
        ],
        sentence=words, height=390, answer=pad.answer,
    )  # fmt: skip
