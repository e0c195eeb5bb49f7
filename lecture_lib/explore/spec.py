"""What an explorer declares: what can be chosen, by which controls, over which arrays, and how it is said.

Everything in it is data that goes to the browser as it is. A name that is used and not declared is an error
here, in words, and never a slider that does nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real

from ..style import number

OWN = "your own"
"""What a menu of examples says once what it chose has been changed by hand."""

# ---------------------------------------------------------------- what can be chosen


@dataclass(frozen=True)
class Numbers:
    """An index that is a number: ``low``, ``low + step``, … ``high``. The state holds the number itself.

    An array that it chooses from has the item of ``low`` at place 0.
    ``python``: whether Python answers when it changes; "also" where the page has an answer of its own, and Python adds to it when the hand rests.
    """

    low: float
    high: float
    start: float | None = None
    step: float = 1
    python: bool | str = False

    def first(self) -> float:
        return self.low if self.start is None else self.start

    def count(self) -> int:
        return round((self.high - self.low) / self.step) + 1

    def refuse(self, value: object) -> str:
        """What is wrong with a value, or nothing."""
        if isinstance(value, bool) or not isinstance(value, Real) or not self.low <= value <= self.high:
            return f"must be a number from {number(self.low)} to {number(self.high)}"
        if abs((value - self.low) / self.step - round((value - self.low) / self.step)) > 1e-6:
            return f"must be one of {number(self.low)}, {number(self.low + self.step)}, … {number(self.high)}"
        return ""


@dataclass(frozen=True)
class Options:
    """An index over a list: the state holds the place in it, ``Explorer.value`` gives what stands there.

    ``labels``: what people read; else the values themselves. ``start`` is one of the values; with ``none`` nothing
    is chosen at first, and the state holds None. Where the words depend on another index, ``among`` names it, and
    ``labels`` holds a list of words for each of its places.
    """

    values: Sequence
    start: object = None
    labels: Sequence[str] | Sequence[Sequence[str]] | None = None
    python: bool | str = False
    none: bool = False
    among: str | None = None

    def first(self) -> int | None:
        if self.none and self.start is None:
            return None
        return 0 if self.start is None else list(self.values).index(self.start)

    def count(self) -> int:
        return len(self.values)

    def texts(self) -> list[str] | list[list[str]]:
        """What people read of each, with ``among`` for each of its places."""
        if self.labels is not None:
            return list(self.labels)
        return [each if isinstance(each, str) else number(each) for each in self.values]

    def refuse(self, value: object) -> str:
        """What is wrong with a value, or nothing."""
        if value is None and self.none:
            return ""
        if type(value) is not int or not 0 <= value < len(self.values):
            return f"must be a place in the list, from 0 to {len(self.values) - 1}"
        return ""


@dataclass(frozen=True)
class Look:
    """A whole number that stands in an array: ``Look("counts", "level")`` is ``counts[level]``.

    Of nested lists of arrays the first places choose one.
    """

    array: str
    at: tuple[str | int, ...] = ()

    def __init__(self, array: str, *at: str | int):
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "at", at)


@dataclass(frozen=True)
class Axis:
    """The length of an array's axis. Where the array is a list of arrays, ``among`` chooses one."""

    array: str
    axis: int
    among: str | None = None


@dataclass(frozen=True)
class Places:
    """An index whose range depends on the data: a fixed count, an axis, a number in an array, or "rows" or "cols" of the slide.

    The state holds places from 0 on; people read numbers from ``low`` on.
    """

    of: int | Axis | Look | str
    start: int = 0
    python: bool | str = False
    low: int = 0

    def first(self) -> int:
        return self.start

    def refuse(self, value: object) -> str:
        """What is wrong with a value, or nothing; the browser keeps it within its range."""
        if type(value) is not int or value < 0 or (isinstance(self.of, int) and value >= self.of):
            return (
                f"must be a place from 0 to {self.of - 1}" if isinstance(self.of, int) else "must be a place from 0 on"
            )
        return ""


@dataclass(frozen=True)
class Free:
    """A value that is no index, such as what is typed or drawn; whoever answers looks at it before it is used.

    ``check`` says what is wrong with a value, or nothing.
    """

    start: object = None
    python: bool | str = True
    check: object = None

    def first(self) -> object:
        return self.start

    def refuse(self, value: object) -> str:
        """What is wrong with a value, or nothing."""
        return self.check(value) if self.check else ""


Index = Numbers | Options | Places | Free

# ---------------------------------------------------------------- by which controls


@dataclass(frozen=True)
class Control:
    """What all controls have: the index they move, a label, a tip, and when they are of use.

    ``when``: names of indices → the values at which the control is of use; otherwise it is hidden, or with ``why`` grey
    with these words. ``group``: the name of a row of its own, which neighbours with the same one share.
    ``follows``: Python brings it up to date when others move, so it is hidden where there is no Python.
    """

    name: str
    label: str = ""
    tip: str = ""
    when: Mapping[str, Sequence] = field(default_factory=dict, kw_only=True)
    why: str = field(default="", kw_only=True)
    group: str = field(default="", kw_only=True)
    follows: bool = field(default=False, kw_only=True)
    kind = ""


class Slider(Control):
    """A slider with a field beside it that can be typed into."""

    kind = "slider"


@dataclass(frozen=True)
class Choice(Control):
    """One of several options: side by side where there are few and short ones, else chips; of more than twelve a menu.

    ``pictures``: a list of arrays, of which each option shows one; they are chips however many there are.
    """

    pictures: str = field(default="", kw_only=True)
    kind = "choice"


@dataclass(frozen=True)
class Answers(Control):
    """One of several options, one below the other; ``right`` says of each whether it gets ✓ or ✗ once it is chosen, ``replies``
    what is then said to it. ``hands``: three indices, a list of hands for each, one of phones, and whether they are shown."""

    right: Sequence[bool] = field(default=(), kw_only=True)
    hands: Sequence[str] = field(default=(), kw_only=True)
    replies: Sequence[str] = field(default=(), kw_only=True)
    kind = "answers"


@dataclass(frozen=True)
class Guessing(Control):
    """A question with fields for a guess, and a button that opens what is measured and ``why``.

    ``parts``: a field each, with what is measured; ``practice.guess`` makes them. The value is None, or the guesses and that
    it is open.
    """

    question: str = field(default="", kw_only=True)
    parts: Sequence[Mapping] = field(default=(), kw_only=True)
    why: str = field(default="", kw_only=True)
    kind = "guess"


class Toggle(Control):
    """A button that stays pressed; the index has two values."""

    kind = "toggle"


class Number(Control):
    """A field for a number."""

    kind = "number"


@dataclass(frozen=True)
class Rows(Control):
    """A list of rows, each with a choice or a number in every column; the value is a list of lists.

    ``columns``: name → Options, where a row holds the place in them, or Numbers.
    """

    columns: Mapping[str, Numbers | Options] = field(default_factory=dict, kw_only=True)
    kind = "rows"

    def refuse(self, value: object, most: int) -> str:
        """What is wrong with a value of at least one row, or nothing."""
        columns = self.columns.values()
        right = isinstance(value, list) and 1 <= len(value) <= most and all(
            isinstance(row, list) and len(row) == len(columns)
            and not any(column.refuse(each) for column, each in zip(columns, row, strict=True))
            for row in value
        )  # fmt: skip
        return "" if right else f"must be a list of 1 to {most} rows with {', '.join(self.columns)}"


class File(Control):
    """A button to open a picture of one's own, from a file or the clipboard; what is sent is at most a few megabytes."""

    kind = "file"


class Press(Control):
    """A button; Python hears its name."""

    kind = "press"


class Code(Control):
    """A text to copy."""

    kind = "code"


class Bar(Control):
    """A bar that shows how much is done; the value is [share from 0 to 1, words]."""

    kind = "bar"


class WhatIf(Control):
    """Changes of a network that is walked: of a kernel, a weight or a bias of the opened unit, or a map silenced; a list of them."""

    kind = "whatif"


@dataclass(frozen=True)
class Broken(Press):
    """A button that Python hears, and what it ``found``: an index, a list of [words, slider, place], each a button that moves there."""

    found: str = field(default="", kw_only=True)
    kind = "broken"


@dataclass(frozen=True)
class Play(Control):
    """Steps through an index by itself, every ``interval`` milliseconds, until its end or until it is stopped."""

    interval: int = field(default=700, kw_only=True)
    kind = "play"


# ---------------------------------------------------------------- where windows lie, how it is said


@dataclass(frozen=True)
class Slide:
    """Windows that slide over a padded array: output i begins at input i·stride − padding.

    ``maps``: arrays of the output, computed at stride 1 with the widest padding, ``margin``; ``kernel`` chooses one of a
    list, ``size`` then one by window size. ``weights``: list of kernels, or None where the window has sides ``size``.
    stride, padding, dilation, size: names of indices, or numbers. ``row`` and ``col`` are indices over the output.
    """

    maps: str = "maps"
    source: str = "padded"
    weights: str | None = "weights"
    kernel: str | int = 0
    stride: str | int = 1
    padding: str | int = 0
    dilation: str | int = 1
    size: str | int = 0
    margin: int = 0
    row: str = "row"
    col: str = "col"


@dataclass(frozen=True)
class Say:
    """A part of the sentence below the pictures.

    ``text`` is a text, or a list of texts of which ``at`` chooses one (row by row where ``at`` names several indices).
    In it ``{name}`` is the index of that name as people read it, or the number that ``numbers`` finds in an array.
    ``when``: names of indices → the values at which it is said; without them always.
    ``kind`` names something that the browser says by itself, such as "equation".
    """

    text: str | Sequence[str] = ""
    at: Sequence[str | int | Look] = ()
    numbers: Mapping[str, Look] = field(default_factory=dict)
    when: Mapping[str, Sequence] = field(default_factory=dict)
    tag: str = "span"
    kind: str = "text"
    options: Mapping[str, object] = field(default_factory=dict)


# ---------------------------------------------------------------- panels

PANELS: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {}
"""Kind → the keys that name arrays, those that name indices (or numbers in their place), and all others."""
EVERY = frozenset(
    {"kind", "title", "titles", "index", "share", "sign", "size", "pick", "at", "compare", "edit", "parts"}
)
"""Keys that every panel may have. ``compare``: whether A and B can stand in it. ``edit``: the index, a list of rows, whose cells it shows.
``parts``: names of parts that it shows, and of which its script says where they lie: a tour lights them."""


def panel_kind(kind: str, arrays: str = "", indices: str = "", others: str = "") -> None:
    """Make a kind of panel known, with the keys it may have, separated by spaces."""
    PANELS[kind] = frozenset(arrays.split()), frozenset(indices.split()), frozenset(others.split())


panel_kind("grid", "array marked winner", "among row col field cover",
           "slice mark marks opened reveal gaps reach frame columns gap numbers heads diagonal grey stride level")  # fmt: skip
panel_kind("plot", "", "cursor line slope offset", "name xlabel ylabel x y log traces legend equal")
panel_kind("bars", "", "", "bars most")
panel_kind("columns", "array marked", "", "most plain labels brief")
panel_kind("fit", "table", "row col", "part")
panel_kind("brackets", "table", "row col")
panel_kind("boxes", "", "row col", "boxes")
panel_kind("pyramid", "spans", "layer row col", "layers")
panel_kind("wires", "", "unit", "wires")
panel_kind("sheet", "array counts captions", "among row col", "columns")
panel_kind("network", "", "network other measure sides row", "networks")
panel_kind("walk", "array opened seen values values2 classes classes2 before marked weights biases", "layer unit path tool changes beside strokes digit photo",
           "side pen most stages others names phone")  # fmt: skip
panel_kind("window", "", "", "products sum")
panel_kind("terms", "", "", "low high")
TRACE = {"arrays": {"x", "y", "low", "high"}, "indices": {"upto"},
         "others": {"label", "colour", "dash", "width", "kind", "size", "read", "head", "at", "grab"}}  # fmt: skip


# ---------------------------------------------------------------- the whole


def plain(value: object) -> object:
    """A declaration as plain data for the browser."""
    if isinstance(value, Index):
        names = {Numbers: ("low", "high", "step"), Options: (), Places: ("of", "low"), Free: ()}[type(value)]
        said = {name: getattr(value, name) for name in (*names, "python")} | {"start": value.first()}
        said |= {"labels": value.texts(), "among": value.among} if isinstance(value, Options) else {}
        return {"kind": type(value).__name__.lower()} | plain(said)
    if isinstance(value, Control):
        return {"kind": value.kind} | {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Look):
        return {"array": value.array, "at": list(value.at)}
    if isinstance(value, Axis | Slide | Say):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(each) for each in value]
    return value.item() if hasattr(value, "item") else value  # NumPy's numbers are none of JSON's
