"""Maxout: the highest of several lines, fitted to a function or moved by hand."""

from collections.abc import Callable
from functools import cache

import ipywidgets
import numpy as np

from .. import figures
from ..activations import ACTIVATIONS, fit_lines, winner
from ..arguments import checked, one_of
from ..style import number
from .view import OWN, Explorer, View, control_row, menu, muted, pack, slider

X = np.linspace(-2, 2, 161)
MOST = 5
TARGETS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "x²": np.square,
    "|x|": np.abs,
    "ReLU": ACTIVATIONS["relu"].f,
    "Leaky ReLU, α = 0.25": lambda x: ACTIVATIONS["leaky_relu"].f(x, 0.25),
    "ELU": ACTIVATIONS["elu"].f,
    "sin 2x": lambda x: np.sin(2 * x),
}


@checked
def maxout_envelope(target: str = "x²", count: int = 3) -> Explorer:
    """Explorer of Maxout: lines, their upper envelope and its slope; choose a function to meet, or move a line.

    Args:
        target: a name of ``TARGETS``, to which the lines are fitted.
        count: how many lines, 1 to 5.

    Raises:
        ValueError: an unknown ``target``.
        ShapeError: ``count`` is out of range.
    """
    one_of("target", target, TARGETS)
    view = View(readout="envelope", height=340, col=int(np.argmin(np.abs(X - 1))))
    goal = menu("Function", [*TARGETS, OWN], target, "what the lines are fitted to")
    many = slider("Lines", count, 1, MOST, "how many lines", width="260px")
    which = slider("Move line", 1, 1, MOST, "which line the next two sliders move", width="260px")
    slope, offset = (
        ipywidgets.FloatSlider(
            0, min=-4, max=4, step=0.05, description=label, tooltip=tip, readout_format=".2f", layout={"width": "380px"},
            style={"description_width": "86px"},
        )
        for label, tip in (("Slope", "slope of this line"), ("Offset", "height of this line at x = 0"))
    )  # fmt: skip
    alt = "Maxout: several lines with their upper envelope drawn thick, the function it is to meet, and the slope of the envelope."
    now = {"lines": np.zeros((1, 2)), "meets": target}

    def fit(_=None):
        if goal.value != OWN:
            now["meets"] = goal.value
        now["lines"] = _fitted(now["meets"], many.value).copy()
        with muted(fit, (goal,)):
            goal.value = now["meets"]
        which.max = many.value
        take()
        draw()

    def take(_=None):
        """Put the sliders where the chosen line is."""
        with muted(move, (slope, offset)):
            slope.value, offset.value = now["lines"][which.value - 1].clip(-4, 4)

    def move(_=None):
        put = np.array([slope.value, offset.value])
        if np.abs(put - now["lines"][which.value - 1].clip(-4, 4)).max() < 0.51 * slope.step:
            return  # the browser rounds what it is told to its steps, and says so
        now["lines"][which.value - 1] = put
        with muted(fit, (goal,)):
            goal.value = OWN
        draw()

    def draw():
        meets = TARGETS[now["meets"]](X)
        now["panels"], now["arrays"] = _panels(now["lines"], now["meets"], meets)
        with view.hold_sync():
            view.panels = now["panels"]
            view.arrays = {
                name: pack(each, "index" if name == "winner" else "curve") for name, each in now["arrays"].items()
            }
            view.texts = [_formula(*line) for line in now["lines"]]
            apart = np.abs(now["arrays"]["envelope"] - meets)
            view.text = (
                f"From {now['meets']} the envelope is {number(round(apart.max(), 2))} away where it is worst, "
                f"{number(round(apart.mean(), 3))} on average."
            )

    for handler, controls in ((fit, (goal, many)), (take, (which,)), (move, (slope, offset))):
        for control in controls:
            control.observe(handler, "value")
    fit()
    explorer = Explorer(
        view, [control_row(goal, many), control_row(which, slope, offset)], alt,
        lambda: figures.draw_plots(now["panels"], now["arrays"], {"col": view.col}),
    )  # fmt: skip
    explorer.controls = {"goal": goal, "many": many, "which": which, "slope": slope, "offset": offset}
    return explorer


@cache
def _fitted(target: str, count: int) -> np.ndarray:
    return fit_lines(X, TARGETS[target](X), count).round(2)


def _formula(slope: float, offset: float) -> str:
    return f"{number(round(slope, 2))}·x {'−' if offset < 0 else '+'} {number(round(abs(offset), 2))}"


def _panels(lines: np.ndarray, name: str, meets: np.ndarray) -> tuple[list[dict], dict[str, np.ndarray]]:
    maxout = ACTIVATIONS["maxout"]
    arrays = {
        "x": X, "meets": meets, "envelope": maxout.f(X, lines), "slope": maxout.df(X, lines),
        "lines": lines[:, :1] * X + lines[:, 1:], "winner": winner(X, lines).astype(np.int32),
    }  # fmt: skip
    each = [
        {
            "x": "x",
            "y": "lines",
            "at": [at],
            "label": f"line {at + 1}",
            "colour": at + 2,
            "dash": 1 + at % 3,
            "width": 1.5,
            "read": False,
        }
        for at in range(len(lines))
    ]
    thick = {"x": "x", "y": "envelope", "label": "the highest of them", "colour": 0, "width": 4}
    aim = {"x": "x", "y": "meets", "label": name, "colour": 1, "dash": 2, "width": 3, "read": False}
    plot = {"kind": "plot", "size": False, "cursor": True, "xlabel": "x", "x": [-2, 2], "legend": "shared"}
    return [
        plot | {"title": "Maxout of lines", "share": 1.5, "y": [-2.2, 4.4], "traces": [thick, aim, *each]},
        plot | {"title": "slope: that of the highest line", "share": 1, "y": [-4.2, 4.2],
                "traces": [{"x": "x", "y": "slope", "colour": 0, "width": 3}]},
    ], arrays  # fmt: skip
