"""A training seen: what was recorded of it at once, and a button that trains it here, while everything else stays alive."""

import asyncio
import io
import math
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout

import numpy as np
from IPython.display import display

from .. import style
from ..arguments import function, shown
from ..experiments import Experiment, Run, mean_and_spread
from .explorer import Explorer
from .packing import pack
from .rerun import keep_until_rerun
from .spec import Bar, Choice, Control, Free, Numbers, Options, Press, Say

POINTS = 160
"""Of a curve."""
WINDOW = 20
"""Batches of its running mean."""
EVERY = 0.2  # seconds between two pictures: more would only take time from the training
SLICE, PAUSE = 0.08, 0.01  # seconds of training, and then for everything else that waits for the kernel
REST = 1.0  # seconds after a training before what shows its nets is made anew: that may take long, and a press comes before it
FLOOR = 0.002  # the lowest error drawn, as a share; a running mean of 0 has no place on a logarithmic axis
MOST_COLOURS = 5  # curves that can be told apart on one pair of axes


@contextmanager
def stop_between_steps(patient: bool = False) -> Iterator[Callable[[], bool]]:
    """Let an interrupt wait for the end of a step: yields a function that says whether one came.

    A second interrupt is not kept waiting, unless all of them are ``patient``: then it may come while others have their turn.
    """
    asked = False

    def ask(*_):
        nonlocal asked
        if asked and not patient:
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


class Watched(Explorer):
    """An explorer of an experiment with a button that trains it here; ``refresh`` draws where it stands."""

    def __init__(
        self,
        experiment: Experiment,
        title: str,
        about: str,
        *,
        indices: dict,
        controls: Sequence[Control] = (),
        **parts,
    ):
        self.experiment, self._going, self._own = experiment, False, tuple(controls)
        super().__init__(
            title, about, indices={"training": Numbers(0, 1), "done": Free([0, ""], python=False)} | indices,
            controls=self._controls(), answer=lambda explorer, names: explorer.hear(names), **parts,
        )  # fmt: skip
        self._show()

    def draw(self) -> None:
        """Bring the pictures to where the runs are."""
        raise NotImplementedError

    def sentences(self, story: str) -> str | Say:
        """What is said below, of which ``story`` says where the training stands."""
        return story

    def hear(self, names: set[str]) -> None:
        """What the buttons do."""
        if "record" in names:
            self.experiment.reset()
            self._show()
            self.experiment.announce()
        elif "train" in names and self._going:
            self._going = False
        elif "train" in names:
            self._going = True
            self._show(math.nan)
            self._task = in_turn(self._slices)  # kept: a loop alone would let it be collected

    def close(self) -> None:
        self._going = False
        super().close()

    def _slices(self, patient: bool) -> Iterator[None]:
        """Train in parts of a moment each, and yield between them; interrupts are ``patient`` where others have a turn then."""
        steps, spent, last, problem = self.experiment.train(), 0.0, 0.0, ""
        before = 0.0 if self.experiment.finished else self.experiment.done
        try:
            with stop_between_steps(patient) as asked:
                while self._going:
                    start = time.perf_counter()
                    for _ in steps:
                        if asked() or time.perf_counter() - start > SLICE:
                            break
                    self._going = self._going and not asked() and not self.experiment.finished
                    spent += time.perf_counter() - start
                    if self._going and time.perf_counter() - last > EVERY:
                        last, done = time.perf_counter(), self.experiment.done
                        self._show(spent / max(done - before, 1e-9) * (1 - done))
                    yield
        except KeyboardInterrupt:
            problem = "A step was broken off."
        except Exception as error:  # noqa: BLE001  a student's function may raise anything; there is no cell below which it could be said
            problem = f"{type(error).__name__}: {error}"
        finally:
            self._going = False
            if self.parts["panels"]:  # else its cell was run again
                self._show(problem=problem)
            self.experiment.announce()

    def _show(self, left: float | None = None, problem: str = "") -> None:
        """Everything as it is now; ``left`` are the seconds that a training that goes on will take, NaN where
        nobody knows yet."""
        ended = [run for run in self.experiment.runs if run.problem]
        each = [f"{_title(run)}: {run.problem}." for run in ended[:2]]
        if len(ended) > 2:
            of_each = len(self.experiment.seeds)
            nets = "; ".join(
                f"{name}: {count} of {of_each}" for name, count in Counter(run.name for run in ended).items()
            )
            each = [
                f"{len(ended)} of {len(self.experiment.runs)} trainings ended early ({nets}). {_title(ended[0])}: {ended[0].problem}."
            ]
        self.draw()
        live, words = left is not None, ""
        if live and math.isfinite(left):
            words = f"{100 * self.experiment.done:.0f} %, {left:.0f} s left"
        said = (f"Training here: {words}." if words else "Training starts.") if live else story(self.experiment)
        self.update(
            sentence=self.sentences(said), controls=self._controls(),
            problem=" ".join([*each, *([problem] if problem else [])]),
            state={"training": int(live), "done": [self.experiment.done if words else 0.0, words]},
        )  # fmt: skip

    def _controls(self) -> list[Control]:
        race = self.experiment
        if self._going:
            train = Press("train", "■ Stop", "stops between two steps; nothing is lost")
        elif any(run.records for run in race.runs) and not race.finished and not race.recorded:
            train = Press("train", "▶ Go on", "goes on where it stopped")
        else:
            took = f"; it took {race.seconds:.0f} s where it was recorded" if race.finished and race.recorded else ""
            train = Press("train", "▶ Train here", f"all nets side by side, from their first weights{took}")
        back = race.recording is not None and not race.recorded and not self._going
        record = (
            [Press("record", "Show the recording", "what was recorded instead of what was trained here")]
            if back
            else []
        )
        return [*self._own, train, *record, Bar("done", "Training", when={"training": [1]})]


def in_turn(slices: Callable[[bool], Iterator[None]], rest: float = PAUSE) -> asyncio.Task | None:
    """Let what takes long go on in slices, between which everything else has its turn; it is asked whether interrupts are
    to be patient (:func:`stop_between_steps`). Where there is no notebook nothing has to stay alive: it is done on return.

    It begins after ``rest`` seconds: by then a press has been answered, and the kernel's own rules for interrupts hold again.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        for _ in slices(False):
            pass
        return None
    return loop.create_task(_in_turn(slices(True), rest))


async def _in_turn(slices: Iterator[None], rest: float) -> None:
    await asyncio.sleep(rest)
    for _ in slices:
        await asyncio.sleep(PAUSE)


def story(experiment: Experiment) -> str:
    """Where an experiment stands, in words."""
    runs = [run for run in experiment.runs if run.records]
    waiting = [name for name in experiment.names if not any(run.records for run in experiment.runs_of(name))]
    words = []
    if runs and experiment.recorded:
        words.append(
            f"Recorded on {experiment.recording.date}, {_seeds(experiment.seeds)}."
        )  # elsewhere: its time says nothing here
    elif runs and experiment.finished:
        words.append(f"Trained here, {_seeds(experiment.seeds)}, {experiment.seconds:.0f} s.")
    elif runs:
        words.append(f"Stopped at {100 * experiment.done:.0f} %. Nothing is lost: press the button again to go on.")
    errors = {}
    for name in experiment.names:
        last = [
            100 * run.error_curve(WINDOW)[-1] for run in experiment.runs_of(name) if run.records and not run.problem
        ]
        if last:
            mean, spread = mean_and_spread(last)
            errors[f"{name} {mean:.1f} %" + (f" ± {spread:.1f}" if len(last) > 1 else "")] = mean
    if len(errors) > MOST_COLOURS:
        words.append(f"Fewest wrong in the last {WINDOW} batches: {min(errors, key=errors.get)}.")
    elif errors:
        words.append(f"Wrong in the last {WINDOW} batches: {', '.join(errors)}.")
    if waiting:
        words.append(f"Not trained yet: {', '.join(waiting)}.")
    others = [each for each in experiment.unfit if not each.endswith(": not recorded")]
    if experiment.recorded and others:
        words.append(f"Its recording is of something else ({' · '.join(others)}).")
    return " ".join(words)


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[-1] + 1)):
        return f"seeds {seeds[0]} to {seeds[-1]}"
    return f"seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"


def _title(run: Run) -> str:
    return f"{run.name}, seed {run.seed}"


class _Race(Watched):
    """The errors of several nets while they learn: thin lines for seeds, thick ones for their means."""

    def __init__(self, experiment: Experiment):
        names, runs = experiment.names, experiment.runs
        steps = {name: _places(experiment.runs_of(name)[0]) for name in names}
        epochs = {name: (steps[name] + 1) / experiment.runs_of(name)[0].steps_per_epoch for name in names}
        many, several = len(names) > MOST_COLOURS, len(experiment.seeds) > 1
        look = {name: {"colour": "line", "dash": 0} if many else style.look(at) for at, name in enumerate(names)}
        means = [
            {"label": "" if many else name, **look[name], "x": "epochs", "y": "mean", "at": [at],
             "width": 1 if many else 3.5}
            for at, name in enumerate(names)
        ]  # fmt: skip
        seeds = [
            {"label": "", **look[run.name], "dash": 0, "x": "run epochs", "y": "error", "at": [at], "width": 0.8}
            for at, run in enumerate(runs if several and not many else ())
        ]
        chosen = [{"label": "", **style.look(0), "x": "epochs", "y": "mean", "at": ["net"], "width": 4}]
        panel = {
            "kind": "plot", "title": f"wrong in the last {WINDOW} batches", "log": "y",
            "traces": seeds + means + (chosen if many else []), "xlabel": "epochs", "ylabel": "% wrong, log scale",
            "x": [0, float(max(each.max() for each in epochs.values()))], "y": [100 * FLOOR, 100],
        }  # fmt: skip
        if experiment.recorded and experiment.finished:  # trained here again it comes as low
            lowest = np.nanmin(self._curves(experiment)["error"], initial=100)
            panel["y"][0] = max(panel["y"][0], 10 ** math.floor(math.log10(lowest / 2)))
        about = (
            f"Training: how many digits of the last {WINDOW} batches were wrong, against epochs, on a logarithmic scale, "
            f"one curve for each of {f'{len(names)} nets' if many else ', '.join(names)}"
            + (
                f": thick the mean of {len(experiment.seeds)} seeds, thin each seed."
                if several and not many
                else f", the mean of {len(experiment.seeds)} seeds. The chosen one is thick."
                if several
                else "."
            )
        )
        arrays = {
            "epochs": np.stack(list(epochs.values())), "run epochs": np.stack([epochs[run.name] for run in runs]),
            **self._curves(experiment),
        }  # fmt: skip
        super().__init__(
            experiment, "", about, indices={"net": Options(list(names))} if many else {},
            controls=[Choice("net", "Net", "whose curve stands out")] if many else [], panels=[panel],
            arrays={name: pack(each, "curve") for name, each in arrays.items()}, height=340,
        )  # fmt: skip

    @staticmethod
    def _curves(experiment: Experiment) -> dict[str, np.ndarray]:
        """The running error in percent at POINTS places of each run, NaN where it has not come yet, and the nets' means."""
        error = np.full((len(experiment.runs), POINTS), np.nan)
        for row, run in zip(error, experiment.runs, strict=True):
            if run.records:
                steps = _places(run)
                done = steps < len(run.records)
                row[done] = 100 * np.maximum(run.error_curve(WINDOW)[steps[done]], FLOOR)
        mean = np.full((len(experiment.names), POINTS), np.nan)
        for row, name in zip(mean, experiment.names, strict=True):
            mine = [at for at, run in enumerate(experiment.runs) if run.name == name and not run.problem]
            if mine:
                row[:] = error[mine].mean(axis=0)
        return {"error": error, "mean": mean}

    def draw(self) -> None:
        self.update(extra={name: pack(each, "curve") for name, each in self._curves(self.experiment).items()})


def _places(run: Run) -> np.ndarray:
    """Steps at which a curve is drawn, from 0 on; (POINTS,)."""
    return np.linspace(0, run.steps - 1, POINTS).round().astype(int)


def watch(experiment: Experiment) -> Explorer:
    """Explorer of a training: its curves as they were recorded, and a button that trains all nets here, side by side.

    The training goes on in slices of a moment, so that the button stops it, and every other explorer stays alive; the
    networks keep what they have learned, and the same button goes on. An interrupt of the kernel breaks no step; where it
    meets one, it stops the training, too. A net that diverges is named below. What :func:`follow` shows is made anew afterwards.

    Raises:
        TypeError: it is no experiment.
    """
    return _Race(_experiment(experiment))


def _experiment(value: object) -> Experiment:
    if not isinstance(value, Experiment):
        raise TypeError(f"experiment={shown(value)}: must be an experiments.Experiment")
    return value


class _Follower:
    """What is shown of experiments, anew whenever their nets are others."""

    def __init__(self, experiments: Sequence[Experiment], make: Callable[[], object]):
        self.make, self.experiments, self._last, self._task = make, experiments, None, None
        text, thing = self._made()
        self._text = display({"text/plain": text}, raw=True, display_id=True) if text else None
        self._thing = display(thing, display_id=True) if thing is not None else None
        self._ends = [each.when_trained(self.refresh) for each in experiments]
        keep_until_rerun(self)

    def _made(self) -> tuple[str, object]:
        with redirect_stdout(io.StringIO()) as said:
            self._last = self.make()
        return said.getvalue().rstrip(), self._last

    def refresh(self) -> None:
        """Make it anew in a moment, but for nets that by then are others again: those will be announced, too."""
        if self._task is not None:
            self._task.cancel()
        self._task = in_turn(lambda _: self._anew(self._stand()), REST)

    def _stand(self) -> list[tuple[float, bool]]:
        return [(each.done, each.recorded) for each in self.experiments]

    def _anew(self, stand: list[tuple[float, bool]]) -> Iterator[None]:
        if stand == self._stand():
            self._show()
        yield

    def _show(self) -> None:
        before = self._last
        try:
            text, thing = self._made()
        except Exception as error:  # noqa: BLE001  it was asked by a button, below which no traceback would stand
            text, thing = f"{type(error).__name__}: {error}", None
        if self._text is not None:
            self._text.update({"text/plain": text}, raw=True)
        if self._thing is not None:
            self._thing.update({"text/plain": text} if thing is None else thing, raw=thing is None)
        if before is not thing and hasattr(before, "close"):
            before.close()

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        for end in self._ends:
            end()


def follow(experiments: Experiment | Sequence[Experiment], make: Callable[[], object]) -> None:
    """Show what ``make()`` prints and returns, and show it anew whenever one of the experiments has trained here.

    Raises:
        TypeError: something is no experiment, or ``make`` cannot be called.
    """
    several = [experiments] if isinstance(experiments, Experiment) else list(experiments)
    _Follower([_experiment(each) for each in several], function("make", make))
