"""The zoo of activation functions: value, slope, and where a distribution of inputs lands."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from ...activations import ACTIVATIONS
from ...arguments import one_of, shown
from ...explore import Choice, Explorer, Look, Numbers, Options, Say, Slider, Toggle, pack
from ...style import number
from .landing import FLAT, landing

X = np.linspace(-5, 5, 201)
MEANS = (-4, -3, -2, -1, 0, 1, 2, 3, 4)
SPREADS = (0.25, 0.5, 1, 2, 3, 4)
BINS = 20
MOST_CURVES = 5
"""That can be told apart on one pair of axes; who stands beside them is thin and without a name."""
BOUNDED = ("sigmoid", "tanh")
PARAMETERS = {"leaky_relu": "leaky_relu_alpha", "prelu": "prelu_alpha", "elu": "elu_alpha", "swish": "swish_beta"}
"""Each activation with a parameter has an index of its own for it, which stays where it is while others are looked at."""


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
    found = landing(name, np.array(MEANS, float), np.array(SPREADS), edges, steps(name))
    return {
        "f": np.array([activation.f(X, each) for each in steps(name)]),
        "slope": np.array([activation.df(X, each) for each in steps(name)]),
        "outputs": np.repeat(edges, 2)[1:-1],
        "shares": 100 * np.repeat(found.shares, 2, axis=-1),
        "through": (100 * np.stack([found.size, found.flat], axis=-1)).round(1),
    }


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

    >>> zoo("elu", beside=()).state["elu_alpha"]
    10
    """
    for each in (function, *beside):
        one_of("function", each, ACTIVATIONS)
    for name, value, known in (("mean", mean, MEANS), ("spread", spread, SPREADS)):
        if value not in known:
            raise ValueError(f"{name}={shown(value)}: must be one of {', '.join(map(number, known))}")
    names = list(ACTIVATIONS)
    return Explorer(
        "The zoo",
        "The zoo: the chosen activation function with the distribution of its inputs, its slope, and the distribution "
        "of its outputs.",
        indices={
            "function": Options(names, function, labels=[each.title for each in ACTIVATIONS.values()], python=True),
            "mean": Numbers(MEANS[0], MEANS[-1], mean), "spread": Options(SPREADS, spread), "x": Numbers(-5, 5, 1, step=0.05),
        }
        | {index: Options(steps(name), ACTIVATIONS[name].parameter.default) for name, index in PARAMETERS.items()}
        | {f"beside_{name}": Numbers(0, 1, int(name in beside), python=True) for name in names},
        arrows=(None, "x"),
        controls=[
            Choice("function", "Function"),
            Slider("mean", "Mean", "mean of the inputs"),
            Slider("spread", "Spread", "standard deviation of the inputs"),
            *(
                Slider(index, {r"\alpha": "α", r"\beta": "β"}[ACTIVATIONS[name].parameter.symbol],
                       f"parameter of {ACTIVATIONS[name].title}", when={"function": [names.index(name)]})
                for name, index in PARAMETERS.items()
            ),
            *(Toggle(f"beside_{name}", each.title, f"draw {each.title} beside it", group="Beside it") for name, each in ACTIVATIONS.items()),
        ],
        answer=_answer, **_drawn([function, *(each for each in names if each in beside and each != function)]),
    )  # fmt: skip


def _answer(explorer: Explorer, names: set[str]) -> None:
    chosen = explorer.value("function")
    beside = [each for each in ACTIVATIONS if explorer.value(f"beside_{each}") and each != chosen]
    explorer.update(**_drawn([chosen, *beside]))


def _drawn(shown: Sequence[str]) -> dict[str, object]:
    """Panels, arrays and sentence of the functions shown, the chosen one first."""
    main, place = table(shown[0]), PARAMETERS.get(shown[0], 0)
    low = max(-3.2, min(-1.2, main["f"].min() - 0.2))
    slopes = [min(-0.25, main["slope"].min() - 0.1), max(1.3, main["slope"].max() + 0.1)]
    foot = np.full_like(main["f"], 3.0)  # percent: high enough for the whole dot
    means, spreads = np.array(MEANS)[:, None, None], np.array(SPREADS)[:, None]
    density = np.exp(-0.5 * ((X - means) / spreads) ** 2)  # equally high for each, (M, S, n)
    arrays = {
        "x": X, "outputs": main["outputs"], "shares": main["shares"], "through": main["through"],
        "density": low + 0.35 * (3.6 - low) * density, "f": main["f"], "slope": main["slope"], "foot": foot,
    }  # fmt: skip
    traces, values, numbers = {"f": [], "slope": []}, [], {}
    for at, name in enumerate(shown):
        strong = at < MOST_CURVES
        looks = {"label": ACTIVATIONS[name].title if strong else "", "x": "x", "read": strong}
        looks |= {"colour": at, "dash": at % 4} if strong else {"colour": "line", "dash": 0}
        for curve in ("f", "slope"):
            if at == 0:
                traces[curve].append(looks | {"y": curve, "at": [place], "width": 4})
                numbers[f"{curve}{at}"] = Look(curve, place, "x")
            else:
                stop = steps(name).index(ACTIVATIONS[name].parameter.default) if name in PARAMETERS else 0
                arrays[f"{curve} {name}"] = table(name)[curve][stop]
                traces[curve].append(looks | {"y": f"{curve} {name}", "width": 2.5 if strong else 1})
                numbers[f"{curve}{at}"] = Look(f"{curve} {name}", "x")
        if strong:
            values.append(f"{ACTIVATIONS[name].title} {{f{at}}} (slope {{slope{at}}})")
    paint = {"colour": traces["f"][0]["colour"], "dash": 0, "read": False}
    inputs = paint | {"x": "x", "y": "density", "at": ["mean", "spread"], "kind": "area", "width": 1}
    outputs = paint | {"x": "outputs", "y": "shares", "at": [place, "mean", "spread"], "kind": "area", "width": 2}
    here = paint | {"x": "f", "y": "foot", "at": [place, "x"], "kind": "points", "size": 7}
    plot = {"kind": "plot", "x": [-5, 5], "xlabel": "x", "legend": "shared"}
    through = {name: Look("through", place, "mean", "spread", at) for at, name in enumerate(("size", "flat"))}
    return {
        "arrays": {name: pack(array, "curve") for name, array in arrays.items()},
        "panels": [
            plot | {"title": "f(x), and the inputs (shaded)", "cursor": "x", "share": 1.15, "y": [low, 3.6], "traces": [*traces["f"], inputs]},
            plot | {"title": "slope f′(x)", "cursor": "x", "y": slopes, "traces": traces["slope"]},
            plot | {"title": "where the inputs land", "xlabel": "f(x)" if shown[0] in BOUNDED else "f(x), ends open",
                    "ylabel": "% of inputs", "x": [float(main["outputs"][0]), float(main["outputs"][-1])], "y": [0, 100],
                    "traces": [outputs, here]},
        ],
        "sentence": [
            Say(f"{ACTIVATIONS[shown[0]].title}{', here with three fixed lines,' if shown[0] == 'maxout' else ''} lets {{size}} % of a gradient's size through", numbers=through, tag="b"),
            Say(f"; at {{flat}} % of these inputs its slope is below {FLAT}. At x = {{x}}: " + ", ".join(values) + ".",
                numbers=through | numbers),
        ],
    }  # fmt: skip
