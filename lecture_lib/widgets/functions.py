"""The zoo of activation functions: value, slope, and where a distribution of inputs lands."""

from collections.abc import Sequence
from functools import cache

import ipywidgets
import numpy as np

from .. import figures, style
from ..activations import ACTIVATIONS, FLAT, landing
from ..arguments import checked, one_of, shown
from ..style import number
from .view import Explorer, View, control_row, menu, pack, stops

X = np.linspace(-5, 5, 201)
MEANS = np.arange(-4.0, 5.0)
SPREADS = np.array([0.25, 0.5, 1, 2, 3, 4])
BINS = 20
BOUNDED = ("sigmoid", "tanh")
_PLACE = {"leaky_relu": "item", "prelu": "step", "elu": "layer", "swish": "f"}
"""Each activation with a parameter has a slider of its own, linked to this integer of the view: in the browser the
range of a slider over stops is made once, and does not follow new stops."""
_TEXT = f"With these inputs {{0}} % of a gradient's size gets through; at {{1}} % of them the slope is below {FLAT}."


@cache
def steps(name: str) -> tuple[float | None, ...]:
    """Where the slider of an activation's parameter can stand: equal steps and the default; (None,) without one.

    >>> steps("leaky_relu")[:4], steps("relu")
    ((0.0, 0.01, 0.05, 0.1), (None,))
    """
    parameter = ACTIVATIONS[name].parameter
    if parameter is None or name == "maxout":  # Maxout's lines have an explorer of their own
        return (None,)
    span = parameter.high - parameter.low
    each = 0.05 if span <= 1 else 0.1 if span <= 3 else 0.5
    places = {round(parameter.low + i * each, 6) for i in range(round(span / each) + 1)}
    return tuple(sorted(places | {parameter.default}))


@cache
def table(name: str) -> dict[str, np.ndarray]:
    """All that the sliders choose from, of one activation with P steps of its parameter.

    ``f`` and ``slope`` (P, 201); ``outputs`` (2·BINS,), the bins' edges, and ``shares`` (P, M, S, 2·BINS) in
    percent, ready to be drawn as steps; ``through`` (P, M, S, 2), what of a gradient gets through and
    where it does not, in percent.
    """
    activation = ACTIVATIONS[name]
    edges = np.linspace(*((-1.05, 1.05) if name in BOUNDED else (-3, 6)), BINS + 1)
    found = landing(name, MEANS, SPREADS, edges, steps(name))
    return {
        "f": np.array([activation.f(X, each) for each in steps(name)]),
        "slope": np.array([activation.df(X, each) for each in steps(name)]),
        "outputs": np.repeat(edges, 2)[1:-1],
        "shares": 100 * np.repeat(found.shares, 2, axis=-1),
        "through": (100 * np.stack([found.size, found.flat], axis=-1)).round(1),
    }


@checked
def zoo(
    function: str = "sigmoid", beside: Sequence[str] = ("tanh", "relu"), *, mean: int = 0, spread: float = 1
) -> Explorer:
    """Explorer of the activation functions, their slopes, and where inputs with a normal distribution land.

    Args:
        function: the one whose parameter and distribution can be moved, a name of ``ACTIVATIONS``.
        beside: others, drawn beside it with their defaults.
        mean, spread: of the inputs: -4 to 4, and one of 0.25, 0.5, 1, 2, 3, 4.

    Raises:
        ValueError: an unknown name, mean or spread.
    """
    for each in (function, *beside):
        one_of("function", each, ACTIVATIONS)
    for name, value, known in (("mean", mean, MEANS), ("spread", spread, SPREADS)):
        if value not in known:
            raise ValueError(f"{name}={shown(value)}: must be one of {', '.join(map(number, known))}")
    view = View(readout="zoo", height=320, col=int(np.argmin(np.abs(X - 1))), texts=[_TEXT])
    which = menu("Function", [(each.title, name) for name, each in ACTIVATIONS.items()], function, width="230px")
    sliders = {
        name: stops(
            {r"\alpha": "α", r"\beta": "β"}[ACTIVATIONS[name].parameter.symbol],
            [number(each) for each in steps(name)],
            number(ACTIVATIONS[name].parameter.default),
            f"parameter of {ACTIVATIONS[name].title}",
            "274px",
        )
        for name in _PLACE
    }
    without = ipywidgets.Label("no parameter", layout={"width": "274px", "padding": "0 0 0 60px"})
    places = {
        "level": stops("Mean", [number(each) for each in MEANS], number(mean), "mean of the inputs", "274px"),
        "kernel": stops(
            "Spread", [number(each) for each in SPREADS], number(spread), "standard deviation of the inputs", "274px"
        ),
    }
    toggles = {
        name: ipywidgets.ToggleButton(
            value=name in beside, description=each.title, tooltip=f"draw {each.title} beside it",
            layout={"width": "auto", "min_width": "0", "padding": "0 9px"},
        )
        for name, each in ACTIVATIONS.items()
    }  # fmt: skip
    alt = (
        "The zoo: the chosen activation function with the distribution of its inputs, its slope, and the distribution "
        "of its outputs."
    )
    density = np.exp(-0.5 * ((X - MEANS[:, None, None]) / SPREADS[:, None]) ** 2)  # as high for each, (M, S, n)
    drawn = {}

    def draw(_=None):
        shown = [which.value, *(name for name, toggle in toggles.items() if toggle.value and name != which.value)]
        drawn["panels"], drawn["arrays"] = _panels(shown, density)
        with view.hold_sync():
            view.panels = drawn["panels"]
            view.arrays = {name: pack(array, "curve") for name, array in drawn["arrays"].items()}

    def choose(_=None):
        for name, control in {**sliders, "": without}.items():
            control.layout.display = None if name == (which.value if which.value in sliders else "") else "none"
        draw()

    choose()
    which.observe(choose, "value")
    for toggle in toggles.values():
        toggle.observe(draw, "value")
    chosen = {**{_PLACE[name]: control for name, control in sliders.items()}, **places}
    explorer = Explorer(
        view, [control_row(which, *sliders.values(), without, *places.values()), control_row(ipywidgets.Label("Beside it:"), *toggles.values())],
        alt,
        lambda: figures.draw_plots(
            [panel | {"legend": panel["name"] == "f"} for panel in drawn["panels"]], drawn["arrays"],
            {name: control.index for name, control in chosen.items()} | {"col": view.col, "margin": 0},
        ),
    )  # fmt: skip
    for name, control in chosen.items():
        explorer.link(control, name, "index")
    return explorer


def _panels(shown: Sequence[str], density: np.ndarray) -> tuple[list[dict], dict[str, np.ndarray]]:
    """The panels of the functions shown, the chosen one first, and their arrays."""
    main, place = table(shown[0]), _PLACE.get(shown[0], "margin")  # the margin stays 0
    low = max(-3.2, min(-1.2, main["f"].min() - 0.2))
    slopes = [min(-0.25, main["slope"].min() - 0.1), max(1.3, main["slope"].max() + 0.1)]
    foot = np.full_like(main["f"], 3.0)  # percent: high enough for the whole dot
    arrays = {
        "x": X, "outputs": main["outputs"], "shares": main["shares"], "through": main["through"],
        "density": low + 0.35 * (3.6 - low) * density, "f": main["f"], "slope": main["slope"], "foot": foot,
    }  # fmt: skip
    traces = {"f": [], "slope": []}
    names = list(ACTIVATIONS)
    for at, name in enumerate(shown):
        number_ = names.index(name)
        looks = {"label": ACTIVATIONS[name].title, **style.look(number_), "x": "x"}
        for curve in ("f", "slope"):
            if at == 0:
                traces[curve].append(looks | {"y": curve, "at": [place], "width": 4})
            else:
                stop = steps(name).index(ACTIVATIONS[name].parameter.default) if steps(name) != (None,) else 0
                arrays[f"{curve} {name}"] = table(name)[curve][stop]
                traces[curve].append(looks | {"y": f"{curve} {name}", "width": 2})
    paint = {"colour": traces["f"][0]["colour"], "dash": 0, "read": False}
    inputs = paint | {"x": "x", "y": "density", "at": ["level", "kernel"], "kind": "area", "width": 1}
    outputs = paint | {"x": "outputs", "y": "shares", "at": [place, "level", "kernel"], "kind": "area", "width": 2}
    here = paint | {"x": "f", "y": "foot", "at": [place, "col"], "kind": "points", "size": 7}
    plot = {"kind": "plot", "size": False, "x": [-5, 5], "xlabel": "x", "cursor": True, "legend": "shared"}
    return [
        plot | {"title": "f(x), and the inputs (shaded)", "name": "f", "share": 1.15, "y": [low, 3.6], "traces": [*traces["f"], inputs]},
        plot | {"title": "slope f′(x)", "name": "f′", "share": 1, "y": slopes, "traces": traces["slope"]},
        plot | {"title": "where the inputs land", "name": "outputs",
                "xlabel": "f(x)" if shown[0] in BOUNDED else "f(x), ends open", "ylabel": "% of inputs", "share": 1, "cursor": False,
                "x": [float(main["outputs"][0]), float(main["outputs"][-1])], "y": [0, 100], "traces": [outputs, here]},
    ], arrays  # fmt: skip
