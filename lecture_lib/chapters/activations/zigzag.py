"""The way of two weights in stochastic gradient descent: all inputs positive, beside inputs around zero."""

from collections.abc import Mapping

import numpy as np

from ...arguments import shown
from ...explore import Explorer, Numbers, Options, Play, Say, Slider, draw_plots, pack
from ...style import number
from .neuron import loss_rings, weight_path

STEPS = 60
TARGET, START = np.array([1.0, -1.0]), np.array([-1.0, 1.0])
RATES = (0.05, 0.1, 0.2, 0.4, 0.8)
RINGS = (0.02, 0.1, 0.3, 0.7, 1.4)  # losses at which a contour is drawn
AXES = {"x": [-2.6, 2.6], "y": [-2.1, 2.1]}


def two_inputs() -> dict[str, np.ndarray]:
    """Title → 200 pairs of inputs: around zero, and the same sizes with all signs positive; (200, 2) each."""
    around_zero = np.random.default_rng(0).normal(size=(200, 2))
    return {"all inputs positive": np.abs(around_zero), "inputs around zero": around_zero}


def zigzag(inputs: Mapping[str, np.ndarray] | None = None, lr: float = 0.2, *, seed: int = 0) -> Explorer:
    """Explorer of one linear neuron with two weights: step through its way across the contours of its loss.

    Args:
        inputs: title → (N, 2); each gets a panel; None takes :func:`two_inputs`.
        lr: one of 0.05, 0.1, 0.2, 0.4, 0.8. seed: of the order of the inputs.

    Raises:
        ValueError: another ``lr``, or there are no inputs.
        TypeError, ShapeError: as :func:`weight_path`.

    >>> zigzag({"two inputs": np.eye(2)}).state
    {'step': 0, 'rate': 2}
    """
    if lr not in RATES:
        raise ValueError(f"lr={shown(lr)}: must be one of {', '.join(map(str, RATES))}")
    inputs = two_inputs() if inputs is None else inputs
    if not inputs:
        raise ValueError("inputs is empty: must hold at least one array (N, 2)")
    fixed = {"target w1": TARGET[:1], "target w2": TARGET[1:]}
    for at, each in enumerate(inputs.values()):
        rings = loss_rings(each, TARGET, RINGS)
        fixed |= {f"ring {at} w1": rings[..., 0], f"ring {at} w2": rings[..., 1]}
    panels = [_panel(at, title) for at, title in enumerate(inputs)]

    def walked(lr: float) -> dict[str, object]:
        paths = {title: weight_path(each, TARGET, START, lr, STEPS, seed) for title, each in inputs.items()}
        arrays = dict(fixed)
        for at, path in enumerate(paths.values()):
            arrays |= {f"w1 {at}": path[:, 0], f"w2 {at}": path[:, 1]}
        lost = [title for title, path in paths.items() if not np.isfinite(path).all() or np.abs(path).max() > 100]
        return {
            "arrays": {name: pack(array, "curve") for name, array in arrays.items()},
            "sentence": Say([_words(paths, at) for at in range(STEPS + 1)], at=["step"]),
            "problem": f"{', '.join(lost)}: the weights fly away. Choose a smaller learning rate." if lost else "",
        }

    def still():  # the whole way
        return draw_plots(panels, {name: explorer.array(name) for name in explorer.arrays}, {"step": STEPS})

    explorer = Explorer(
        "The way of two weights",
        f"The way of two weights downhill, one panel for each of: {', '.join(inputs)}. Ellipses are lines of equal loss; "
        "the dot in their middle is the best pair of weights.",
        indices={"step": Numbers(0, STEPS), "rate": Options(RATES, lr, python=True)},
        arrows=(None, "step"),
        controls=[
            Play("step", "the steps", interval=300),
            Slider("step", "Step", "how many samples the neuron has learned from"),
            Slider("rate", "Learning rate", "learning rate"),
        ],
        hover=False, still=still, answer=lambda each, names: each.update(**walked(each.value("rate"))),
    )  # fmt: skip
    explorer.update(panels=panels, **walked(lr))
    return explorer


def _panel(at: int, title: str) -> dict:
    ring = {"x": f"ring {at} w1", "y": f"ring {at} w2", "colour": "line", "width": 1}
    path = {"x": f"w1 {at}", "y": f"w2 {at}", "colour": 0, "width": 2.5, "upto": "step", "head": True}
    best = {"x": "target w1", "y": "target w2", "colour": "mark", "kind": "points", "size": 6}
    return {
        "kind": "plot", "equal": True, "title": title, "share": 1, **AXES, "xlabel": "weight 1", "ylabel": "weight 2",
        "traces": [path, *(ring | {"at": [each]} for each in range(len(RINGS))), best],
    }  # fmt: skip


def _words(paths: Mapping[str, np.ndarray], step: int) -> str:
    parts = []
    for title, path in paths.items():
        away = f"{number(round(float(np.hypot(*(path[step] - TARGET))), 2))} from the best"
        if step == 0:
            parts.append(f"{title}: {away}.")
            continue
        move = path[step] - path[step - 1]
        if np.abs(move).max() < 0.005:
            parts.append(f"{title}: hardly moves; {away}.")
            continue
        signs = "both weights grow" if (move > 0).all() else "both fall" if (move < 0).all() else "one grows, one falls"
        parts.append(
            f"{title}: changed by ({number(round(move[0], 2))}, {number(round(move[1], 2))}), {signs}; {away}."
        )
    key = " Orange: the best weights. The ellipses are lines of equal loss." if step == 0 else ""
    return f"Step {step}. " + " ".join(part[0].upper() + part[1:] for part in parts) + key
