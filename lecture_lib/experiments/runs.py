"""Trainings that can be stopped and go on, the same with several nets and seeds, and what is measured."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature

import numpy as np

from ..arguments import as_float, one_of, shown
from ..layers import Layer, check_network
from ..models import Sequential
from ..shapes import ShapeError, integer
from ..training import DivergedError, Prepare, Record, evaluate, fit

Data = tuple[np.ndarray, np.ndarray]
"""Samples (N, ...) and their labels, integers (N,)."""


def running_mean(values: Sequence[float], window: int = 20) -> np.ndarray:
    """At each place the mean of the last ``window`` values, or of all so far where there are fewer; float64 (N,).

    Raises:
        TypeError: ``values`` are no numbers, or ``window`` is no integer.
        ShapeError: ``values`` has not one axis, or ``window`` is below 1.

    >>> running_mean([4, 2, 0, 2], window=2)
    array([4., 3., 1., 1.])
    """
    values = as_float("values", values).astype(np.float64)
    window = integer("window", window, 1)
    if values.ndim != 1:
        raise ShapeError(f"values has shape {values.shape}: must have the axis (N,)")
    n, window = len(values), min(window, len(values))
    return np.convolve(values, np.ones(window))[:n] / np.arange(1, n + 1).clip(max=window) if n else values


class Run:
    """One training with a name: stop asking for records whenever you like, and ask again to go on.

    Args:
        name: what a legend calls it.
        net: with weights; it is trained in place.
        data, seed, settings: as for :func:`lecture_lib.training.fit`.

    Raises:
        TypeError, ShapeError, ValueError: a setting or the data break a rule of ``fit``, at once.

    Iterating raises what ``fit`` raises, but for one error: a training that diverges just ends, and
    :attr:`problem` says why.

    >>> from itertools import islice
    >>> from lecture_lib.models import mlp
    >>> data = np.eye(4, dtype=np.float32), np.arange(4)
    >>> run = Run("small", mlp([4, 8, 4]).init(0), data, epochs=6, batch_size=2)
    >>> [record.step for record in islice(run, 5)], run.finished
    ([1, 2, 3, 4, 5], False)
    >>> [record.step for record in run], run.finished, len(run.records) == run.steps
    ([6, 7, 8, 9, 10, 11, 12], True, True)
    """

    def __init__(self, name: str, net: Layer, data: Data, seed: int = 0, **settings: object):
        self.name, self.net, self.seed = name, check_network("net", net), seed
        self._training = fit(net, data, seed=seed, **settings)
        settings = {name: each.default for name, each in signature(fit).parameters.items()} | settings
        samples = len(data[0])
        self.steps_per_epoch: int = samples // min(settings["batch_size"], samples)
        self.steps: int = self.steps_per_epoch * settings["epochs"]
        """In all."""
        self.records: list[Record] = []
        """So far; ``seconds`` counts the steps only, not what the caller did between them."""
        self.problem = ""
        """Why it ended early, or nothing."""

    @property
    def finished(self) -> bool:
        """Whether there is no further step."""
        return len(self.records) == self.steps or bool(self.problem)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        if self.finished:
            raise StopIteration
        start = time.perf_counter()
        try:
            record = next(self._training, None)
        except DivergedError as error:
            self.problem = str(error)
            raise StopIteration from None
        if record is None:  # an error or an interrupt inside a step ends fit's generator for good
            self.problem = f"step {len(self.records) + 1} of {self.steps} was broken off: start anew"
            raise StopIteration
        so_far = self.records[-1].seconds if self.records else 0.0
        self.records.append(record._replace(seconds=so_far + time.perf_counter() - start))
        return self.records[-1]

    def loss_curve(self, window: int = 20) -> np.ndarray:
        """The batches' loss after each step so far, as :func:`running_mean`; float64 (steps so far,)."""
        return running_mean([record.loss for record in self.records], window)

    def error_curve(self, window: int = 20) -> np.ndarray:
        """The share of the batches that was wrong, as :func:`running_mean`; float64 (steps so far,)."""
        return running_mean([1 - record.accuracy for record in self.records], window)


def runs(
    nets: Mapping[str, Callable[[], Sequential]],
    data: Data,
    seeds: Sequence[int] = (0, 1, 2),
    settings: Mapping[str, Mapping[str, object]] | None = None,
    **fit_settings: object,
) -> list[Run]:
    """A :class:`Run` of every net with every seed; all nets with the first seed come first.

    So an experiment that is stopped has something of each. A seed makes both the first weights and the order.

    Args:
        nets: for each name a function that makes the net, without weights.
        settings: for some names settings of ``fit`` of their own, such as another ``lr``.
        fit_settings: for all.

    Raises:
        ValueError: ``nets`` or ``seeds`` is empty, ``settings`` has a name that is not in ``nets``, or a function gives
            a net that is in use: it has to make a new one each time.
        TypeError, ShapeError, ValueError: as :class:`Run`.

    >>> from lecture_lib.models import mlp
    >>> data = np.eye(4, dtype=np.float32), np.arange(4)
    >>> nets = {name: lambda name=name: mlp([4, 8, 4], name) for name in ("relu", "tanh")}
    >>> [(run.name, run.seed) for run in runs(nets, data, seeds=(0, 1), settings={"tanh": {"lr": 0.01}})]
    [('relu', 0), ('tanh', 0), ('relu', 1), ('tanh', 1)]
    """
    for name, value in (("nets", nets), ("seeds", seeds)):
        if len(value) == 0:
            raise ValueError(f"{name} is empty: must hold at least one")
    own = settings or {}
    for name in own:
        one_of("settings", name, nets)
    found = []
    for seed in seeds:
        for name, make in nets.items():
            net = make()
            if any(net is run.net for run in found):
                raise ValueError(
                    f"nets[{shown(name)}] gives a net that another run trains: must make a new one each time"
                )
            found.append(Run(name, net.init(seed), data, seed=seed, **{**fit_settings, **own.get(name, {})}))
    return found


def mean_and_spread(values: np.ndarray, axis: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sample standard deviation (divided by n - 1) along an axis; one value has the spread 0.

    Among infinite values the spread is NaN.

    Raises:
        TypeError: ``values`` does not hold real numbers, or ``axis`` is no integer.
        ShapeError: there is no such axis, or it is empty.

    >>> mean_and_spread([[1, 5], [3, 5]])
    (array([2., 5.]), array([1.41421356, 0.        ]))
    """
    values = as_float("values", values)
    if integer("axis", axis, -values.ndim) >= values.ndim or values.shape[axis] == 0:
        raise ShapeError(f"values has shape {values.shape}: must have at least one value along axis={axis}")
    with np.errstate(invalid="ignore"):  # infinity less infinity
        mean = values.mean(axis)
        return mean, values.std(axis, ddof=1) if values.shape[axis] > 1 else np.zeros_like(mean)


def accuracy_by(
    net: Layer,
    data: Data,
    change: Callable[[np.ndarray, object], np.ndarray],
    levels: Sequence[object],
    *,
    prepare: Prepare | None = None,
) -> np.ndarray:
    """The net's accuracy on ``change(samples, level)``, for each of the ``levels``; float64 (L,).

    Raises:
        TypeError, ShapeError, ValueError, StateError: as :func:`lecture_lib.training.evaluate`.

    >>> from lecture_lib import data, models, transforms
    >>> images, labels = data.load_digits("test")
    >>> net, _ = models.trained_lenet5()
    >>> here, away = accuracy_by(
    ...     net, (images[:100], labels[:100]), lambda images, by: transforms.translate(images, *by), [(0, 0), (9, 9)],
    ...     prepare=data.digits_as_input,
    ... )
    >>> bool(here > 0.95), bool(away < 0.5)
    (True, True)
    """
    samples, labels = data
    return np.array([evaluate(net, (change(samples, level), labels), prepare=prepare).accuracy for level in levels])
