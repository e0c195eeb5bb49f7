"""One training that can be stopped and goes on, and what is measured."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import signature

import numpy as np

from ..arguments import as_float, check_number
from ..layers import Layer, check_network
from ..shapes import ShapeError, integer
from ..training import DivergedError, Record, fit

Data = tuple[np.ndarray, np.ndarray]
"""Samples (N, ...) and their labels, integers (N,)."""
Keep = Mapping[str, tuple[int, Callable[[Layer], np.ndarray]]]
"""What is looked at while a net learns: name → at how many moments, and the function of the net that gives it."""


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
        keep: what to keep of the net at moments evenly spaced from before the first step to behind the last one, or behind
            the last one alone; it goes to :attr:`kept`.

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

    def __init__(
        self, name: str, net: Layer, data: Data, seed: int = 0, *, keep: Keep | None = None, **settings: object
    ):
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
        self.moments: dict[str, list[int]] = {
            name: np.linspace(0, self.steps, min(count, self.steps + 1)).round().astype(int).tolist()
            if count > 1
            else [self.steps]
            for name, (count, _) in (keep or {}).items()
        }
        """Of each name in ``keep`` the steps behind which it is kept: the first of them 0, the last all steps."""
        self.kept: dict[str, list[np.ndarray]] = {name: [] for name in self.moments}
        """So far, one for each moment."""
        self._keep = keep or {}
        if all(array.value is not None for array in net.state().values()):
            self._catch_up()

    def _catch_up(self) -> None:
        """Keep what this moment asks for, if it is one, and an interrupt has not let it before."""
        step = len(self.records)
        for name, (_, look) in self._keep.items():
            behind = self.moments[name][len(self.kept[name]) :]
            if behind and behind[0] == step:
                self.kept[name].append(np.array(look(self.net)))

    @property
    def finished(self) -> bool:
        """Whether there is no further step."""
        return len(self.records) == self.steps or bool(self.problem)

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        if self.finished:
            raise StopIteration
        self._catch_up()
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
        self._catch_up()
        return self.records[-1]

    def loss_curve(self, window: int = 20) -> np.ndarray:
        """The batches' loss after each step so far, as :func:`running_mean`; float64 (steps so far,)."""
        return running_mean([record.loss for record in self.records], window)

    def error_curve(self, window: int = 20) -> np.ndarray:
        """The share of the batches that was wrong, as :func:`running_mean`; float64 (steps so far,)."""
        return running_mean([1 - record.accuracy for record in self.records], window)


def epochs_to(run: Run, error: float, window: int = 20) -> float:
    """After how many epochs the training error, over the last ``window`` batches, has fallen to ``error``.

    Krizhevsky, Sutskever & Hinton 2012, figure 1, compares activations by the epochs to 25 % error.
    The first ``window`` - 1 steps cannot count; infinity if it has not come to that.

    Raises:
        TypeError: ``error`` is no number, or ``window`` no integer.
        ValueError: ``error`` is not from 0 to 1, or ``window`` is below 1.

    >>> from lecture_lib.models import mlp
    >>> run = Run("small", mlp([4, 8, 4]).init(0), (np.eye(4), np.arange(4)), epochs=60, batch_size=2, lr=0.05)
    >>> all_steps = list(run)
    >>> epochs_to(run, 0.25, window=4) < 60, epochs_to(run, 0.25, window=200)
    (True, inf)
    """
    error = check_number("error", error, "from 0 to 1", lambda error: 0 <= error <= 1)
    low = np.flatnonzero(run.error_curve(window)[window - 1 :] <= error)
    return float((low[0] + window) / run.steps_per_epoch) if len(low) else np.inf


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
    with np.errstate(all="ignore"):  # infinity less infinity
        mean = values.mean(axis)
        return mean, values.std(axis, ddof=1) if values.shape[axis] > 1 else np.zeros_like(mean)
