"""Maxout: the highest of several lines, fitted to a function or moved by hand."""

import math
from collections.abc import Callable
from functools import cache
from numbers import Real

import numpy as np

from ...activations import ACTIVATIONS, winner
from ...arguments import one_of, shown
from ...explore import OWN, Choice, Explorer, Free, Look, Numbers, Options, Places, Say, Slider, pack
from ...shapes import ShapeError, integer
from ...style import number
from .landing import fit_lines

X = np.linspace(-2, 2, 161)
MOST = 5
FARTHEST = 4  # of a line's slope and offset
TARGETS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x²": np.square,
    "|x|": np.abs,
    "ReLU": ACTIVATIONS["relu"].f,
    "Leaky ReLU, α = 0.25": lambda x: ACTIVATIONS["leaky_relu"].f(x, 0.25),
    "ELU": ACTIVATIONS["elu"].f,
    "sin 2x": lambda x: np.sin(2 * x),
}


def maxout_envelope(target: str = "x²", count: int = 3) -> Explorer:
    """Explorer of Maxout: lines, their upper envelope and its slope; choose a function to meet, or move a line.

    Args:
        target: a name of ``TARGETS``, to which the lines are fitted.
        count: how many lines, 1 to 5.

    Raises:
        ValueError: an unknown ``target``.
        ShapeError: ``count`` is out of range. TypeError: it is no number.

    >>> maxout_envelope("|x|", 2).state["lines"]
    [[-1.0, 0.0], [1.0, 0.0]]
    """
    one_of("target", target, TARGETS)
    if integer("count", count, 1) > MOST:
        raise ShapeError(f"count={shown(count)}: must be from 1 to {MOST}")
    lines = _fitted(target, count)
    slope, offset = _within(lines[0])
    return Explorer(
        "Maxout",
        "Maxout: several lines with their upper envelope drawn thick, the function it is to meet, and the slope of the envelope.",
        indices={
            "target": Options([*TARGETS, OWN], target, python=True), "count": Numbers(1, MOST, count, python=True),
            "line": Places(Look("counts", "count"), low=1, python=True),
            "slope": Numbers(-FARTHEST, FARTHEST, slope, step=0.01, python=True),
            "offset": Numbers(-FARTHEST, FARTHEST, offset, step=0.01, python=True),
            "lines": Free(lines, check=_are_lines), "meets": Options(list(TARGETS), target), "x": Numbers(-2, 2, 1, step=0.025),
        },
        arrows=(None, "x"),
        controls=[
            Choice("target", "Function", "what the lines are fitted to"),
            Slider("count", "Lines", "how many lines"),
            Slider("line", "Move line", "which line the next two sliders move"),
            Slider("slope", "Slope", "slope of this line"),
            Slider("offset", "Offset", "height of this line at x = 0"),
        ],
        answer=_answer, **_drawn(lines, target),
    )  # fmt: skip


def _answer(explorer: Explorer, names: set[str]) -> None:
    state, target, meets = explorer.state, explorer.value("target"), explorer.value("meets")
    lines, at = state["lines"], state["line"]
    if "lines" in names:  # all of them are given, as by an undo
        pass
    elif "count" in names or ("target" in names and target != OWN):
        meets = target = meets if target == OWN else target
        lines = _fitted(meets, state["count"])
    elif names & {"slope", "offset"}:
        target = OWN
        lines = [[state["slope"], state["offset"]] if each == at else line for each, line in enumerate(lines)]
    at = min(at, len(lines) - 1)
    slope, offset = _within(lines[at])
    now = {
        "target": [*TARGETS, OWN].index(target), "meets": list(TARGETS).index(meets), "count": len(lines), "lines": lines,
        "line": at, "slope": slope, "offset": offset,
    }  # fmt: skip
    explorer.update(state=now, **_drawn(lines, meets))


def _are_lines(value: object) -> str:
    lines = isinstance(value, list) and 1 <= len(value) <= MOST and all(
        isinstance(line, list) and len(line) == 2
        and all(isinstance(each, Real) and math.isfinite(each) and abs(each) <= 100 for each in line) for line in value
    )  # fmt: skip
    return "" if lines else f"must be a list of 1 to {MOST} lines, each of a slope and an offset"


@cache
def _fit(target: str, count: int) -> np.ndarray:
    return fit_lines(X, TARGETS[target](X), count).round(2) + 0.0  # no -0.0


def _fitted(target: str, count: int) -> list[list[float]]:
    """Slope and offset of each line, to two digits."""
    return _fit(target, count).tolist()


def _within(line: list[float]) -> list[float]:
    """Where the sliders stand for a line; a steeper one stays as it is."""
    return [min(max(round(each, 2), -FARTHEST), FARTHEST) for each in line]


def _formula(slope: float, offset: float) -> str:
    return f"{number(round(slope, 2))}·x {'−' if offset < 0 else '+'} {number(round(abs(offset), 2))}"


def _drawn(lines: list[list[float]], meets: str) -> dict[str, object]:
    """Panels, arrays and sentence of the lines, and of the function that they are to meet."""
    maxout, lines = ACTIVATIONS["maxout"], np.array(lines, float)
    arrays = {
        "x": X, "meets": TARGETS[meets](X), "envelope": maxout.f(X, lines), "slope": maxout.df(X, lines),
        "lines": lines[:, :1] * X + lines[:, 1:],
    }  # fmt: skip
    apart = np.abs(arrays["envelope"] - arrays["meets"])
    worst, mean = number(round(apart.max(), 2)), number(round(apart.mean(), 3))
    highest = Look("winner", "x")
    each = [
        {"x": "x", "y": "lines", "at": [at], "label": f"line {at + 1}", "colour": at + 2, "dash": 1 + at % 3, "width": 2,
         "read": False, "grab": at}
        for at in range(len(lines))
    ]  # fmt: skip
    thick = {"x": "x", "y": "envelope", "label": "the highest of them", "colour": 0, "width": 4}
    aim = {"x": "x", "y": "meets", "label": meets, "colour": 1, "dash": 2, "width": 3, "read": False}
    plot = {"kind": "plot", "cursor": "x", "xlabel": "x", "x": [-2, 2], "legend": "shared"}
    return {
        "arrays": {name: pack(array, "curve") for name, array in arrays.items()} | {
            "winner": pack(winner(X, lines).astype(np.int32), "index"), "counts": pack(np.arange(1, MOST + 1, dtype=np.int32), "index"),
        },
        "panels": [
            plot | {"title": "drag a line: its middle moves it, an end turns it", "share": 1.5, "line": "line", "slope": "slope", "offset": "offset", "y": [-2.2, 4.4], "traces": [thick, aim, *each]},
            plot | {"title": "slope: that of the highest line", "y": [-4.2, 4.2],
                    "traces": [{"x": "x", "y": "slope", "colour": 0, "width": 3}]},
        ],
        "sentence": [
            Say("x {x}: ", tag="b"),
            Say([f"line {at + 1} is the highest. " for at in range(len(lines))], at=[highest], tag="strong"),
            Say([f"{_formula(*line)} gives {{height}}. " for line in lines], at=[highest], numbers={"height": Look("envelope", "x")}),
            Say(f"From {meets} the envelope is {worst} away where it is worst, {mean} on average."),
        ],
    }  # fmt: skip
