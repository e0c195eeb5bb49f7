"""Work that takes a while: a live curve while networks learn, and a bar with the time left for everything else."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from IPython.display import display

from .. import style
from ..arguments import shown
from ..experiments import Run
from ..shapes import ShapeError
from .explorer import Explorer, pack
from .spec import Bar, Free

POINTS = 160  # of a live curve
WINDOW = 20  # batches of its running mean
EVERY = 0.2  # seconds between two pictures: more would only take time from the training
FLOOR = 0.002  # the lowest error drawn, as a share; a running mean of 0 has no place on a logarithmic axis


class _Progress(Explorer):
    """A progress bar with words beside it; on a page without widgets its label stands alone."""

    def __init__(self, label: str):
        super().__init__("", label, indices={"done": Free([0, ""], python=False)}, controls=[Bar("done", label)])

    def show(self, done: float, words: str) -> None:
        self.update(state={"done": [done, words]})


def track(items: Sequence, label: str) -> Iterator:
    """Go through ``items`` under a progress bar that says how much time is left.

    >>> list(track([1, 2, 3], "Squares"))  # where there is no page, the label stands for the bar
    Squares
    [1, 2, 3]
    """
    if not isinstance(label, str):
        raise TypeError(f"label={shown(label)}: must be a text")
    if not hasattr(items, "__len__"):
        raise TypeError(f"items is a {type(items).__name__}: must be a list; make one of it with list(…)")
    count = len(items)
    bar = _Progress(label)
    display(bar)
    start = time.perf_counter()
    for done, item in enumerate(items, 1):
        yield item
        seconds = time.perf_counter() - start
        left = seconds / done * (count - done)
        bar.show(done / count, f"{done} of {count}" + (f", {left:.0f} s left" if left >= 0.5 else ""))


@contextmanager
def stop_between_steps() -> Iterator[Callable[[], bool]]:
    """Let an interrupt wait for the end of a step: yields a function that says whether one came.

    A second interrupt is not kept waiting.
    """
    asked = False

    def ask(*_):
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    try:
        usual = signal.signal(signal.SIGINT, ask)
    except ValueError:  # only the main thread may say what an interrupt does
        yield lambda: asked
        return
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, usual)


def watch(runs: Run | Iterable[Run], picture: Explorer | None = None) -> None:
    """Train a run, or several one after another, with a live curve of their errors, a progress bar and the time left.

    An interrupt (the ■ button) stops between two steps and loses nothing: the networks keep what they
    have learned, and watching the same runs again goes on where it stopped. A run that diverges says so
    under the curve; the others go on.

    Args:
        picture: what is shown instead of the curve, such as a :func:`film`; its ``refresh`` brings it up to date.

    Raises:
        TypeError: something is no run, or ``picture`` cannot be refreshed.
        ShapeError: there is no run.
    """
    runs = _distinct(runs)
    if picture is not None and not callable(getattr(picture, "refresh", None)):
        raise TypeError(f"picture={shown(picture)}: must be an explorer with refresh, such as film(run, digit)")
    before = sum(len(run.records) for run in runs)
    with stop_between_steps() as asked:
        bar, explorer = _Progress("Training"), picture or _Curves(runs)
        display(bar)
        output = display(explorer, display_id=True)
        start, last = time.perf_counter(), 0.0
        for number, run in enumerate(runs, 1):
            for record in run:
                if asked():
                    break
                if time.perf_counter() - last < EVERY:
                    continue
                last = time.perf_counter()
                bar.show(*_progress(runs, before, last - start))
                explorer.refresh(f"{_title(run)}, {number} of {len(runs)}: {record.text()}", live=True)
            if asked():
                break
        stopped = asked() and not all(run.finished for run in runs)
    explorer.refresh(_ending(runs, stopped))
    explorer.update(problem=" ".join(f"{_title(run)}: {run.problem}." for run in runs if run.problem))
    done, _ = _progress(runs, before, 1.0)
    bar.show(done, "stopped" if stopped else "done")
    if output is not None:  # None outside of notebooks
        output.update(explorer)  # now its still picture has the curves


def _distinct(runs: Run | Iterable[Run]) -> list[Run]:
    """The runs, each once."""
    if not isinstance(runs, Run | Iterable) or isinstance(runs, np.ndarray):  # one without axes says it is iterable
        raise TypeError(f"runs={shown(runs)}: must be an experiments.Run, or several")
    runs = [runs] if isinstance(runs, Run) else list(runs)  # asking a run for its items would train it
    for run in runs:
        if not isinstance(run, Run):
            raise TypeError(f"runs holds {shown(run)}: must hold experiments.Run only")
    if not runs:
        raise ShapeError("runs is empty: must hold at least one experiments.Run")
    return list(dict.fromkeys(runs))


def _title(run: Run) -> str:
    return f"{run.name}, seed {run.seed}"


def _progress(runs: Sequence[Run], before: int, seconds: float) -> tuple[float, str]:
    """The share of all steps that is done, and how long the others will take at this pace."""
    total = sum(len(run.records) if run.problem else run.steps for run in runs)
    done = sum(len(run.records) for run in runs)
    left = seconds / max(1, done - before) * (total - done)
    return done / total if total else 1.0, f"{left:.0f} s left"  # nothing is to be done where all diverge at once


def _ending(runs: Sequence[Run], stopped: bool) -> str:
    steps, total = sum(len(run.records) for run in runs), sum(run.steps for run in runs)
    seconds = sum(run.records[-1].seconds for run in runs if run.records)  # those before an interrupt, too
    if stopped:
        return (
            f"Stopped after {steps:,} of {total:,} steps. Nothing is lost: run this cell again to go on, "
            "or go to the next cell with what has been learned so far."
        )
    each = {run.name: [] for run in runs}
    for run in runs:
        if run.records:
            each[run.name].append(100 * run.error_curve(WINDOW)[-1])
    errors = ", ".join(f"{name} {np.mean(values):.1f} %" for name, values in each.items() if values)
    ending = f" Wrong in the last {WINDOW} batches: {errors}." if errors else ""
    return f"{steps:,} steps in {seconds:.0f} s.{ending}"


def _errors(runs: Sequence[Run]) -> np.ndarray:
    """The running error in percent at POINTS places of each run, NaN where it has not come yet."""
    errors = np.full((len(runs), POINTS), np.nan)
    for row, run in zip(errors, runs, strict=True):
        if run.records:
            steps = _steps(run)
            done = steps < len(run.records)
            row[done] = 100 * np.maximum(run.error_curve(WINDOW)[steps[done]], FLOOR)
    return errors


def _steps(run: Run) -> np.ndarray:
    return np.linspace(0, run.steps - 1, POINTS).round().astype(int)


class _Curves(Explorer):
    """The errors of several runs while they learn."""

    def __init__(self, runs: Sequence[Run]):
        self.runs = runs
        names = list(dict.fromkeys(run.name for run in runs))
        first = [next(run for run in runs if run.name == name) for name in names]
        epochs = np.array([(_steps(run) + 1) / run.steps_per_epoch for run in runs])
        traces = [
            {"label": run.name if run in first else "", **style.look(look),
             "x": "epochs", "y": "error", "at": [at], "width": 2}
            for at, (run, look) in enumerate(zip(runs, (names.index(run.name) for run in runs), strict=True))
        ]  # fmt: skip
        panel = {
            "kind": "plot", "title": "wrong in the last batches", "log": "y", "traces": traces, "xlabel": "epochs",
            "ylabel": "% wrong", "x": [0, float(epochs.max())], "y": [100 * FLOOR, 100],
        }  # fmt: skip
        seeds = len({run.seed for run in runs})
        about = (
            f"Training: how many digits of the last {WINDOW} batches were wrong, against epochs, one curve for each of "
            f"{', '.join(names)}" + (f" and each of {seeds} seeds." if seeds > 1 else ".")
        )
        arrays = {"epochs": pack(epochs, "curve"), "error": pack(_errors(runs), "curve")}
        super().__init__("", about, indices={}, panels=[panel], arrays=arrays, height=300)

    def refresh(self, words: str, live: bool = False) -> None:
        """Bring the curves to where the runs are."""
        self.update(extra={"error": pack(_errors(self.runs), "curve")}, sentence=words)
