"""What the races of notebook 03 have shown, and what that says of the lecture's advice."""

import math
from collections.abc import Sequence

import numpy as np

from ...activations import activation
from ...data import digits_as_input, load_digits
from ...experiments import Experiment, epochs_to, mean_and_spread
from ...explore import Choice as ChoiceOf
from ...explore import Explorer, Options, Picture, Say, Table, pack
from ...probes import responses
from ...style import look, number
from .figures import draw_race
from .gradients import gradients
from .landing import FLAT
from .trainings import REVIVED, as_raw, four_layers


def epochs_of(race: Experiment, target: float = 0.10) -> dict[str, list[float]]:
    """Title → the epochs until the error has fallen to ``target``, one for each seed; infinity where it has not."""
    return {
        name: [epochs_to(run, target) if run.records else math.inf for run in race.runs_of(name)] for name in race.names
    }


def times(race: Experiment, slow: str, fast: str = "ReLU", target: float = 0.10) -> str:
    """How many times the epochs of ``fast`` another takes, in words.

    >>> from .trainings import activation_race
    >>> times(activation_race(), "Tanh", target=0.25)
    '0.7 times'
    """
    ratio, least = ratio_of(race, slow, fast, target)
    return "not measured" if math.isnan(ratio) else f"{'at least ' if least else ''}{ratio:.1f} times"


def ratio_of(race: Experiment, slow: str, fast: str = "ReLU", target: float = 0.10) -> tuple[float, bool]:
    """Mean epochs of one through those of another, and whether it is at least that; NaN where nobody knows.

    A run that has not come to the target has taken at least all of its epochs.
    """
    found = epochs_of(race, target)
    if not {slow, fast} <= found.keys() or not all(run.finished for name in (slow, fast) for run in race.runs_of(name)):
        return math.nan, False
    if not np.isfinite(found[fast]).all():
        return math.nan, False
    there = [
        min(each, len(run.records) / run.steps_per_epoch)
        for each, run in zip(found[slow], race.runs_of(slow), strict=True)
    ]
    return float(np.mean(there) / np.mean(found[fast])), not np.isfinite(found[slow]).all()


def told_apart(some: Sequence[float], others: Sequence[float]) -> bool:
    """Whether two means lie farther apart than both spreads together; what is infinite or missing tells nothing.

    >>> told_apart([1.0, 2.0, 3.0], [6.0, 7.0, 8.0]), told_apart([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    (True, False)
    """
    if not (len(some) and len(others) and np.isfinite([*some, *others]).all()):
        return False
    (a, da), (b, db) = mean_and_spread(some), mean_and_spread(others)
    return bool(abs(a - b) > da + db)


def draw_epochs(*races: Experiment, target: float = 0.10) -> Picture:
    """A bar for each net of the races, as :func:`draw_race`; of two races the second has raw pixels."""
    many = len(races) > 1
    names = list(dict.fromkeys(name for race in races for name in race.names))
    bars, most = {}, {}
    for race, how in zip(races, ("scaled pixels", "raw pixels"), strict=False):
        for name, each in epochs_of(race, target).items():
            if all(name in other.names for other in races):
                bar = f"{name}, {how}" if many else name
                run = race.runs_of(name)[0]
                bars[bar] = each if run.records else []
                most[bar] = (len(run.records) or run.steps) / run.steps_per_epoch
    colours = [names.index(bar.split(", ")[0]) for bar in bars]
    return draw_race(bars, most, colours=colours, title=f"Epochs until {100 * target:.0f} % are wrong")


def flat_before_training(name: str = "tanh") -> dict[str, float]:
    """At which share of a first layer's sums the slope is below 0.01 before any training: scaled pixels, and raw ones."""
    images = load_digits("train")[0][:500]
    found = {}
    for title, prepare in (("scaled pixels", digits_as_input), ("raw pixels", as_raw)):
        sums = responses(four_layers(name).init(1), prepare(images))["fc1"]
        found[title] = float(np.mean(activation(name).df(sums) < FLAT))
    return found


def health(race: Experiment) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Title → behind the last step the share of dead units and of test digits that are read, one for each seed."""
    return {
        name: tuple(np.array([run.kept[each][-1] for run in race.runs_of(name)]) for each in ("dead", "right"))
        for name in race.names
        if all(len(run.kept["right"]) == 2 for run in race.runs_of(name))
    }


def percent(shares: np.ndarray) -> str:
    """Mean and spread of some shares.

    >>> percent([0.4, 0.5, 0.6])
    '50 ± 10 %'
    """
    mean, spread = mean_and_spread(shares)
    return f"{100 * mean:.0f} ± {100 * spread:.0f} %"


def health_table(race: Experiment) -> Table:
    """What :func:`health` finds, mean and spread over the seeds."""
    found = health(race)
    return Table(("Net", "Dead units", "Test digits right"), [(name, *_told(race, found, name)) for name in race.names])


def _told(race: Experiment, found: dict[str, tuple[np.ndarray, np.ndarray]], name: str) -> tuple[str, str]:
    if name in found:
        return percent(found[name][0]), percent(found[name][1])
    lasting = [run.kept for run in race.runs_of(name) if len(run.kept["right"]) == 2]
    lost = sum(bool(run.problem) for run in race.runs_of(name))
    if not lost:
        return "not trained yet", ""
    if len(lasting) < 2:
        return f"{lost} of {len(race.seeds)} diverged", ""
    dead, read = (percent(np.array([kept[each][-1] for kept in lasting])) for each in ("dead", "right"))
    return f"{lost} of {len(race.seeds)} diverged; the others {dead}", f"the others {read}"


def best_revived(revival: Experiment, slope: float) -> str | None:
    """With this slope left of 0 the net that reads the most test digits, of those with no seed that diverged; or None."""
    found = {name: read.mean() for name, (_, read) in health(revival).items() if name.startswith(f"α = {slope:g} at")}
    return max(found, key=found.get, default=None)


def learned_slopes(training: Experiment) -> Explorer | str:
    """Explorer of the paths of eight slopes that a net has learned, one of them strong; words before any training."""
    run = training.runs[0]
    if not run.kept["slopes"]:
        return "Not trained yet."
    paths = np.array(run.kept["slopes"]).T  # (8, moments)
    steps = np.array(run.moments["slopes"])[: paths.shape[1]]
    channels = [f"channel {at + 1}" for at in range(len(paths))]
    far = int(np.abs(paths[:, -1] - paths[:, 0]).argmax())
    thin = [
        {"label": "", "colour": "line", "dash": 0, "x": "step", "y": "paths", "at": [at], "width": 1.2, "read": False}
        for at in range(len(paths))
    ]
    strong = {"label": "", **look(0), "x": "step", "y": "paths", "at": ["channel"], "width": 4}
    low, high = min(0.0, paths.min() - 0.02), paths.max() + 0.03
    return Explorer(
        "", f"Eight curves that start together at {paths[0, 0]:.2f} and part while the net learns: at the end from "
        f"{paths[:, -1].min():.2f} to {paths[:, -1].max():.2f}.",
        indices={"channel": Options(channels, channels[far], [str(at + 1) for at in range(len(paths))])},
        controls=[ChoiceOf("channel", "Channel", "whose path stands out")],
        arrays={"step": pack(steps.astype(float), "curve"), "paths": pack(paths.astype(float), "curve")},
        panels=[{"kind": "plot", "title": "slope α left of 0, of each of the first layer's eight channels", "x": [0, float(steps[-1])],
                 "y": [float(low), float(high)], "xlabel": "step", "ylabel": "α", "legend": False, "traces": [*thin, strong]}],
        sentence=[Say([f"Channel {at + 1}: " for at in range(len(paths))], at=["channel"], tag="b"),
                  Say([f"α goes from {number(round(float(path[0]), 2))} to {number(round(float(path[-1]), 2))} in {steps[-1]} steps."
                       for path in paths], at=["channel"])],
        height=354,
    )  # fmt: skip


def advice(race: Experiment, raw: Experiment, hot: Experiment, revival: Experiment, price: float) -> Table:
    """The lecture's advice, what was measured for each line, and whether that agrees.

    Args:
        price: parameters of maxout as a multiple of ReLU's.
    """
    epochs, raw_epochs, burnt, cured = epochs_of(race), epochs_of(raw), health(hot), health(revival)
    mild, hottest = hot.names[0], hot.names[-1]
    plain, leaky = (best_revived(revival, slope) for slope in REVIVED)
    sigmoids = gradients("sigmoid")
    power = str(round(math.log10(sigmoids[0] / sigmoids[-1]))).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))

    def taken(found: dict[str, list[float]], name: str) -> str:
        mean = float(np.mean(found.get(name, [math.inf])))
        return f"{mean:.1f}" if math.isfinite(mean) else "?"

    def verdict(some: Sequence[float], others: Sequence[float], apart: str = "agrees") -> str:
        if not (len(some) and len(others) and np.isfinite([*some, *others]).all()):
            return "not measured"
        if not told_apart(some, others):
            return "not told apart"
        return apart if np.mean(some) < np.mean(others) else "differs"

    def compared(race: Experiment, name: str) -> str:
        said = times(race, name)
        return said if said == "not measured" else f"{said} ReLU's epochs"

    def dead(found: dict[str, tuple[np.ndarray, np.ndarray]], name: str | None) -> Sequence[float]:
        return found[name][0] if name in found else ()

    def share(found: dict[str, tuple[np.ndarray, np.ndarray]], name: str | None, which: int = 0) -> str:
        return percent(found[name][which]) if name in found else "?"

    relu = epochs.get("ReLU", ())
    return Table(
        ("The lecture's advice", "Measured here", "Verdict"),
        [
            ("Use ReLU", f"{taken(epochs, 'ReLU')} epochs to 10 % error, tanh {taken(epochs, 'Tanh')}; with raw pixels "
             f"{taken(raw_epochs, 'ReLU')}, and tanh {times(raw, 'Tanh')} as many",
             "with raw pixels" if ratio_of(raw, "Tanh")[0] > 1 and not told_apart(relu, epochs.get("Tanh", ()))
             else verdict(relu, epochs.get("Tanh", ()))),
            ("Be careful with your learning rates", f"dead units: {share(burnt, mild)} at {mild}, {share(burnt, hottest)} at {hottest}",
             verdict(dead(burnt, mild), dead(burnt, hottest))),
            ("Try out Leaky ReLU, ELU", f"{taken(epochs, 'Leaky ReLU')} and {taken(epochs, 'ELU')} epochs; of nets that learned on, with α = 0.1 "
             f"{share(cured, leaky)} of the units are dead, with α = 0 {share(cured, plain)}; "
             f"digits right {share(cured, leaky, 1)} and {share(cured, plain, 1)}",
             verdict(dead(cured, leaky), dead(cured, plain), "for dead units")),
            ("Try out maxout", f"{price:.1f} times the parameters; not in the race", "not measured"),
            ("Try out tanh, but don't expect much", f"{compared(race, 'Tanh')}; with raw pixels {times(raw, 'Tanh')}",
             verdict(relu, epochs.get("Tanh", ()))),
            ("Don't use sigmoid", f"{compared(race, 'Sigmoid')}; of the gradient about 10{power} is left after 18 layers",
             verdict(relu, epochs.get("Sigmoid", ()))),
        ],
    )  # fmt: skip
