"""A race of nets as a declaration: it stands with what was recorded of it, and trains here when asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ..arguments import one_of, shown
from ..layers import Layer
from ..models import Sequential
from ..training import Record
from .recording import RECORDINGS, Recording, describe, differences, load_recording, save_recording
from .runs import Data, Keep, Run


class Experiment:
    """Several nets, each with several seeds, that learn the same: recorded first, trained here when asked.

    If a recording of this name is there, its runs are finished at once, with the records and the weights that were
    recorded, as far as they fit what is declared here. A net that was recorded otherwise, or not at all, is simply not
    trained yet, and :attr:`unfit` says why. A seed makes both the first weights and the order.

    Args:
        name: of the recording.
        nets: for each name a function that makes the net, without weights.
        data: samples (N, ...) and their labels (N,).
        seeds: of each net.
        settings: for some names settings of ``fit`` of their own, such as another ``lr``.
        first: gives a new net its first weights, ``first(net, seed)``; None takes ``net.init(seed)``.
        keep: as for :class:`Run`.
        folder: where recordings lie.
        fit_settings: as for :func:`lecture_lib.training.fit`, for all.

    Raises:
        ValueError: ``nets`` or ``seeds`` is empty, ``settings`` has a name that is not in ``nets``, or a function gives
            a net that is in use: it has to make a new one each time.
        StorageError: the recording is damaged.
        TypeError, ShapeError, ValueError: as :class:`Run`.

    >>> import numpy as np
    >>> from lecture_lib.models import mlp
    >>> data = np.eye(4, dtype=np.float32), np.arange(4)
    >>> race = Experiment("small", {"wide": lambda: mlp([4, 8, 4]), "narrow": lambda: mlp([4, 2, 4])}, data,
    ...                   seeds=(0, 1), epochs=60, batch_size=4, lr=0.05)
    >>> race.finished, race.unfit
    (False, ['wide: not recorded', 'narrow: not recorded'])
    >>> [(record.step, run.name) for run, record in zip(race.runs, race.train())]
    [(1, 'wide'), (1, 'narrow'), (1, 'wide'), (1, 'narrow')]
    >>> for record in race.train():  # goes on
    ...     pass
    >>> race.finished, len(race.nets["wide"])
    (True, 2)
    """

    def __init__(
        self, name: str, nets: Mapping[str, Callable[[], Sequential]], data: Data, seeds: Sequence[int] = (0, 1, 2),
        settings: Mapping[str, Mapping[str, object]] | None = None, *, first: Callable[[Layer, int], Layer] | None = None,
        keep: Keep | None = None, folder: Path = RECORDINGS, **fit_settings: object,
    ):  # fmt: skip
        for called, value in (("nets", nets), ("seeds", seeds)):
            if len(value) == 0:
                raise ValueError(f"{called} is empty: must hold at least one")
        own = settings or {}
        for each in own:
            one_of("settings", each, nets)
        self.name, self.data, self.seeds, self.names = name, data, tuple(seeds), tuple(nets)
        self._make, self._first, self._keep = dict(nets), first, keep
        self._settings = {each: {**fit_settings, **own.get(each, {})} for each in nets}
        self.path = Path(folder) / f"{name}.npz"
        self.recording: Recording | None = load_recording(self.path) if self.path.exists() else None
        """What the file holds, or None."""
        self.unfit: list[str] = []
        """Which nets have no recording that fits, and why, in words."""
        self.recorded = True
        """Whether the runs stand with what was recorded: nothing has been trained here since the last reset."""
        self.runs: list[Run] = []
        """All nets with the first seed come first, so that an experiment that is stopped has something of each."""
        self._when_trained: list[Callable[[], None]] = []
        self._declarations: dict[tuple[str, int | None], dict[str, object]] = {}
        self.reset()

    @property
    def nets(self) -> dict[str, list[Layer]]:
        """The nets by name, one for each seed, as they are now."""
        return {name: [run.net for run in self.runs_of(name)] for name in self.names}

    def runs_of(self, name: str) -> list[Run]:
        """The runs of a net, one for each seed.

        Raises:
            ValueError: there is no such net.
        """
        one_of("name", name, self.names)
        return [run for run in self.runs if run.name == name]

    @property
    def finished(self) -> bool:
        """Whether no run has a further step."""
        return all(run.finished for run in self.runs)

    @property
    def done(self) -> float:
        """Share of all steps that is done."""
        total = sum(len(run.records) if run.problem else run.steps for run in self.runs)
        return sum(len(run.records) for run in self.runs) / total if total else 1.0

    @property
    def seconds(self) -> float:
        """How long the steps took, here or where they were recorded."""
        return sum(run.records[-1].seconds for run in self.runs if run.records)

    def train(self) -> Iterator[Record]:
        """All runs side by side: always the one that has the least share of its steps makes the next one.

        Stop asking whenever you like, and call it again to go on. When all have finished it starts all of them anew.
        """
        if self.finished:
            self.restart()
        self.recorded = False
        while going := [run for run in self.runs if not run.finished]:
            run = min(going, key=lambda run: len(run.records) / run.steps)
            if (record := next(run, None)) is not None:
                yield record

    def restart(self) -> None:
        """All runs stand before their first step."""
        self.recorded, self.runs = False, [self._run(run.name, run.seed) for run in self.runs]

    def reset(self) -> None:
        """Back to what was recorded; what was not is not trained yet."""
        self.recorded, self.runs = True, []
        reasons = {}
        for seed in self.seeds:
            for name in self.names:
                if why := self._misfit(name, seed):
                    reasons.setdefault((name, why), []).append(seed)
                self.runs.append(self._run(name, seed) if why else self._restored(name, seed))
        self.unfit = [
            f"{name}: {why}" if len(seeds) == len(self.seeds) else f"{name}, seed {', '.join(map(str, seeds))}: {why}"
            for (name, why), seeds in reasons.items()
        ]
        if len({id(run.net) for run in self.runs}) < len(self.runs):
            raise ValueError("nets has a function that gives the same net again: it must make a new one each time")

    def when_trained(self, call: Callable[[], None]) -> Callable[[], None]:
        """Have ``call()`` called whenever the nets are others; returns what ends that."""
        self._when_trained.append(call)
        return lambda: self._when_trained.remove(call) if call in self._when_trained else None

    def announce(self) -> None:
        """Tell everyone who asked with :meth:`when_trained` that the nets are others now."""
        for call in list(self._when_trained):
            call()

    def save(self, command: str, date: str, weights: bool = True) -> None:
        """Write what the runs have left, as the recording of this experiment; see :func:`save_recording`."""
        declared = {(run.name, run.seed): self._declared(run.name, run.seed) for run in self.runs}
        save_recording(self.path, self.runs, declared, command=command, date=date, weights=weights)

    def _run(self, name: str, seed: int) -> Run:
        """A new run, before its first step."""
        net = self._make[name]()
        if any(net is run.net for run in self.runs):
            raise ValueError(f"nets[{shown(name)}] gives a net that is in use: it must make a new one each time")
        net = net.init(seed) if self._first is None else self._first(net, seed)
        return Run(name, net, self.data, seed, keep=self._keep, **self._settings[name])

    def _declared(self, name: str, seed: int) -> dict[str, object]:
        key = name, seed if self._first else None
        if key not in self._declarations:  # all seeds declare the same, if none has first weights of its own
            first = self._first and self._first(self._make[name](), seed)
            self._declarations[key] = describe(self._make[name](), self.data, self._settings[name], first)
        return self._declarations[key]

    def _misfit(self, name: str, seed: int) -> str:
        """Why no recording stands for this run, or nothing."""
        if self.recording is None or (name, seed) not in self.recording.runs:
            return "not recorded"
        return "; ".join(differences(self._declared(name, seed), self.recording.declared[name, seed]))

    def _restored(self, name: str, seed: int) -> Run:
        """The run with what was recorded of it."""
        run = Run(name, self._make[name](), self.data, seed, keep=self._keep, **self._settings[name])
        found = self.recording.runs[name, seed]
        run.records, run.problem, run.kept = list(found.records), found.problem, dict(found.kept)
        for parameter, array in run.net.state().items():
            array.value = found.weights.get(parameter)
        return run
