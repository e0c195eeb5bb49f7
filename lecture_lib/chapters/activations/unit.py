"""One unit that learns, and dies in a single step that is too large."""

from functools import cache

import numpy as np

from ...activations import ACTIVATIONS
from ...arguments import shown
from ...explore import Choice, Explorer, Look, Numbers, Options, Play, Say, Slider, pack
from ...style import number

SAMPLES = (0.2, 0.4, 0.6, 0.8, 1.0)
STEPS, ACCIDENT = 200, 20
SLOPES = (0.0, 0.01, 0.05, 0.1, 0.25)
RATES = (0.02, 1, 2, 4, 8)


@cache
def unit_life(slope: float = 0.0, accident: float = 8.0, steps: int = STEPS) -> np.ndarray:
    """The five sums of a unit w·x + b before each step and after the last, float64 (steps + 1, 5).

    It learns to give half of its input: one of five samples a step, by gradient descent on the squared error. Left of
    0 its activation has ``slope``. At step 20 the learning rate is ``accident``; before it is 0.02, later 0.1.

    >>> unit_life(0.0)[[20, 21, 200]].max(axis=1).round(2)
    array([ 1.09, -1.96, -1.96])
    """
    w, b, x, sums = 1.0, 0.5, np.array(SAMPLES), []
    for step in range(steps):
        sums.append(w * x + b)
        each, total = SAMPLES[step % 5], sums[-1][step % 5]
        way = 1.0 if total > 0 else slope
        delta = (way * total - 0.5 * each) * way
        rate = accident if step == ACCIDENT else 0.02 if step < ACCIDENT else 0.1
        w, b = w - rate * delta * each, b - rate * delta
    return np.array([*sums, w * x + b])


def steps_to_wake(slope: float, accident: float = 8.0, most: int = 10_000) -> int | None:
    """How many steps after the accident a sample lifts the sum above 0 again; None if none does within ``most``.

    >>> steps_to_wake(0.25), steps_to_wake(0.0)
    (81, None)
    """
    awake = np.flatnonzero(unit_life(slope, accident, most)[ACCIDENT + 1 :].max(axis=1) > 0)
    return int(awake[0]) if len(awake) else None


def dead_unit(slope: float = 0.0, accident: float = 8.0) -> Explorer:
    """Explorer of a unit that has an accident: the slope left of 0, and the learning rate of one step.

    Args:
        slope: one of 0, 0.01, 0.05, 0.1, 0.25.
        accident: the learning rate at step 20, one of 0.02, 1, 2, 4, 8.

    Raises:
        ValueError: another slope or learning rate.

    >>> dead_unit(0.1).state
    {'slope': 3, 'rate': 4, 'step': 0}
    """
    for name, value, known in (("slope", slope, SLOPES), ("accident", accident, RATES)):
        if value not in known:
            raise ValueError(f"{name}={shown(value)}: must be one of {', '.join(map(number, known))}")
    sums = np.array([[unit_life(each, rate) for rate in RATES] for each in SLOPES])  # (α, rate, step, sample)
    highest, line = sums.max(axis=-1), np.linspace(-3, 2, 101)
    leaky = ACTIVATIONS["leaky_relu"].f
    arrays = {
        "step": np.arange(STEPS + 1), "highest": highest, "border": np.zeros(STEPS + 1), "line": line,
        "f": np.array([leaky(line, each) for each in SLOPES]), "sums": sums,
        "outputs": np.array([leaky(each, at) for each, at in zip(sums, SLOPES, strict=True)]),
    }  # fmt: skip
    at = ["slope", "rate"]
    plot = {"kind": "plot", "legend": False}
    panels = [
        plot | {"title": "highest of the five sums: below 0 no sample wakes the unit", "share": 1.5, "cursor": "step", "x": [0, STEPS], "y": [-3, 2],
                "xlabel": "step", "ylabel": "highest sum",
                "traces": [{"label": "", "colour": 0, "dash": 0, "x": "step", "y": "highest", "at": at, "width": 3.5},
                           {"label": "", "colour": "line", "dash": 1, "x": "step", "y": "border", "read": False}]},
        plot | {"title": "where the five samples stand", "share": 1, "x": [-3, 2], "y": [-1.2, 2], "xlabel": "sum",
                "ylabel": "output",
                "traces": [{"label": "", "colour": "line", "dash": 0, "x": "line", "y": "f", "at": ["slope"], "width": 3},
                           {"label": "", "colour": 1, "kind": "points", "size": 6, "x": "sums", "y": "outputs", "at": [*at, "step"]}]},
    ]  # fmt: skip
    packed = {name: pack(np.asarray(each, float), "curve") for name, each in arrays.items()}

    return Explorer(
        "A unit has an accident",
        f"The highest of a unit's five sums against the step; at step {ACCIDENT} the learning rate is {number(accident)}, and the "
        f"sum is {highest[SLOPES.index(slope), RATES.index(accident), ACCIDENT + 1]:.2f} afterwards. Beside it the activation, "
        "with a dot for each sample.",
        indices={"slope": Options(SLOPES, slope), "rate": Options(RATES, accident), "step": Numbers(0, STEPS)},
        arrows=(None, "step"), hover=False,
        controls=[
            Play("step", "the steps", interval=60), Slider("step", "Step", "how many samples the unit has learned from"),
            Choice("slope", "Slope α left of 0"), Choice("rate", f"Learning rate at step {ACCIDENT}"),
        ],
        arrays=packed, panels=panels,
        sentence=[
            Say([[_fate(each, rate) for rate in RATES] for each in SLOPES], at=at, tag="b"),
            Say(" At step {step} the highest sum is {highest}.", numbers={"highest": Look("highest", "slope", "rate", "step")}),
        ],
    )  # fmt: skip


def _fate(slope: float, rate: float) -> str:
    if unit_life(slope, rate)[ACCIDENT + 1].max() > 0:
        return "The unit lives on."
    wakes = steps_to_wake(slope, rate)
    if wakes is None:
        return "No sample lifts the sum above 0 after step 20, and nothing changes in 10,000 steps."
    return f"All sums are below 0 after step 20; with slope {number(slope)} one is above 0 again after {wakes:,} steps."
