"""``fit``, which yields records and draws nothing, and what tells how good a network is."""

import math
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from ..arguments import as_array, as_float, function, generator, one_of, shown
from ..layers import Layer, check_network
from ..ops import check_labels, softmax_cross_entropy
from ..ops.arrays import one_thread
from ..shapes import ShapeError, integer
from .optimisers import SCHEDULES, SGD, Adam, Optimiser

Prepare = Callable[[np.ndarray, np.random.Generator | None], np.ndarray]
"""Makes the network's input from a batch of the data; the generator is None when nothing may be left to chance."""
Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]
"""Takes what the network gives, (N, M), and the labels; returns the mean loss, and its gradient with respect to the first."""


class DivergedError(ValueError):
    """The loss is no longer a finite number; the message says where, and what to try."""


def preparing(name: str, prepare: Prepare | None) -> Prepare:
    """Return ``prepare``, or for None what takes a batch as it is; ``name`` is that of the samples.

    Raises:
        TypeError: it is no function.
    """
    if prepare is None:
        return lambda batch, rng: as_float(name, batch)
    function("prepare", prepare)
    return lambda batch, rng: as_float("what prepare returned", prepare(batch, rng))


def check_samples(name: str, samples: np.ndarray) -> np.ndarray:
    """Return ``samples`` as an array.

    Raises:
        ShapeError: they are not (N, ...), at least one.
    """
    samples = as_array(name, samples)
    if samples.ndim < 2 or len(samples) == 0:
        raise ShapeError(f"{name} has shape {samples.shape}: must be samples (N, ...), at least one")
    return samples


def samples_and_labels(name: str, data: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return ``data`` as samples and labels.

    Raises:
        TypeError: it is no pair.
        ShapeError: the samples are not (N, ...), at least one.
    """
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise TypeError(f"{name} is a {type(data).__name__}: must be two things, samples and their labels")
    return check_samples(f"{name}[0]", data[0]), data[1]


class Record(NamedTuple):
    """One step of :func:`fit`."""

    step: int
    """1 after the first step."""
    steps: int
    """How many there will be."""
    epoch: int
    """1 while the data are seen for the first time."""
    loss: float
    """Of this step's batch, before the step; cross-entropy in nats, unless ``fit`` was given another loss."""
    accuracy: float
    """Share of this step's batch that was right, before the step."""
    lr: float
    """Learning rate of the step."""
    seconds: float
    """Since the first step began, on the clock."""

    @property
    def seconds_left(self) -> float:
        """How long the other steps will take, if they are like those so far."""
        return self.seconds / self.step * (self.steps - self.step)

    def text(self) -> str:
        """One line for a progress bar, in a notebook or a terminal.

        >>> Record(30, 120, 1, 0.5, 0.75, 1e-3, 2.0).text()
        'step 30 of 120, loss 0.5000, 75.0 % right, 6 s left'
        """
        right = f"{100 * self.accuracy:.1f} % right"
        return f"step {self.step} of {self.steps}, loss {self.loss:.4f}, {right}, {self.seconds_left:.0f} s left"


def fit(
    model: Layer, data: tuple[np.ndarray, np.ndarray], *, epochs: int = 1, batch_size: int = 64,
    optimiser: Optimiser | str = "adam", lr: float | None = None, weight_decay: float = 0.0,
    schedule: str | Callable[[float], float] = "constant", loss: Loss = softmax_cross_entropy,
    prepare: Prepare | None = None, seed: int = 0,
) -> Iterator[Record]:  # fmt: skip
    """Train ``model``, one record a step; whoever asks for the next record pays for the next step.

    Between two records the model is whole: stop asking, and it keeps what it learned.
    A progress bar is the caller's: a record says how many steps there will be. The same seed,
    data and first weights give the same weights, on one machine.

    Args:
        model: with weights: after ``init`` or ``load_weights``.
        data: samples (N, ...) and their labels, integers (N,).
        epochs: how often all samples are seen, in a new order each time.
        batch_size: samples a step; what is left over at an epoch's end is left out of it.
        optimiser: ``"adam"``, ``"sgd"``, or one that is made already, with its own ``lr`` and decay.
        lr: learning rate; None takes the optimiser's usual one.
        weight_decay: λ, for weights only, not for biases.
        schedule: a name of :data:`SCHEDULES`, or a function of the share done.
        loss: what is to become small.
        prepare: makes the network's input of a batch: scale it, shift it at random; None takes it as it is.
        seed: of the order, and of what ``prepare`` leaves to chance.

    Raises:
        TypeError, ShapeError, ValueError: a setting or the data break a rule, before the first step.
        StateError: the model has no weights.
        DivergedError: the loss is no longer finite; the weights are those before this step's change.

    >>> from lecture_lib.models import mlp
    >>> x, labels = np.eye(4, dtype=np.float32), np.arange(4)
    >>> for record in fit(mlp([4, 8, 4]).init(0), (x, labels), epochs=60, batch_size=4, lr=0.05):
    ...     pass
    >>> record.step, record.steps, record.accuracy
    (60, 60, 1.0)
    """
    check_network("model", model)
    samples, labels = samples_and_labels("data", data)
    rng = generator("seed", seed)
    epochs, batch_size = integer("epochs", epochs, 1), integer("batch_size", batch_size, 1)
    factor = SCHEDULES[one_of("schedule", schedule, SCHEDULES)] if isinstance(schedule, str) else schedule
    prepare = preparing("data[0]", prepare)
    function("schedule", factor)
    function("loss", loss)
    classes = model.output_shape(np.shape(prepare(samples[:1], None))[1:])[-1]
    labels = check_labels(labels, len(samples), classes)
    if isinstance(optimiser, str):
        kinds = {"adam": Adam, "sgd": SGD}
        rate = {} if lr is None else {"lr": lr}
        optimiser = kinds[one_of("optimiser", optimiser, kinds)](model.parameters(), weight_decay=weight_decay, **rate)
    elif lr is not None or weight_decay:
        raise ValueError(
            f"lr={shown(lr)}, weight_decay={shown(weight_decay)}: an optimiser that is made already has its own"
        )
    batch_size = min(batch_size, len(samples))
    return _forgetting(model, _steps(model, samples, labels, epochs, batch_size, optimiser, factor, loss, prepare, rng))


def _forgetting(model: Layer, records: Iterator[Record]) -> Iterator[Record]:
    """The records; then the model lets go of its last batch, which would stay as long as the model does."""
    try:
        yield from records
    finally:
        model.forget()


def _pair(result: object) -> tuple[float, np.ndarray]:
    """What a loss returned, if it is the loss and its gradient."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError(f"loss returned {shown(result)}: must return two things, the loss and its gradient")
    return result


def _steps(
    model: Layer, samples: np.ndarray, labels: np.ndarray, epochs: int, batch_size: int, optimiser: Optimiser,
    factor: Callable[[float], float], loss_of: Loss, prepare: Prepare, rng: np.random.Generator,
) -> Iterator[Record]:  # fmt: skip
    each = len(samples) // batch_size
    steps = each * epochs
    measured = [array for array in model.state().values() if not array.learned]
    start = time.perf_counter()
    for step in range(1, steps + 1):
        if (step - 1) % each == 0:
            order = rng.permutation(len(samples))
        batch = order[(step - 1) % each * batch_size :][:batch_size]
        x, right = prepare(samples[batch], rng), labels[batch]
        before = [array.value for array in measured]  # forward replaces running averages, and never changes them
        with one_thread(), np.errstate(all="ignore"):  # said in words below
            logits = model.forward(x, training=True)
            loss, grad = _pair(loss_of(logits, right))
        if not math.isfinite(loss := float(loss)):
            for array, value in zip(measured, before, strict=True):
                array.value = value
            raise DivergedError(
                f"step {step} of {steps}: the loss is {loss}, training has diverged; "
                f"try a learning rate below {optimiser.lr:g}, and look for NaN or huge values in the data"
            )
        with one_thread(), np.errstate(all="ignore"):
            model.backward(grad, input_grad=False)
            scale = factor((step - 1) / steps)
            optimiser.step(scale)
        accuracy = float(np.mean(logits.argmax(axis=1) == right))
        yield Record(
            step, steps, (step - 1) // each + 1, loss, accuracy, optimiser.lr * scale, time.perf_counter() - start
        )


def predict(model: Layer, samples: np.ndarray, *, prepare: Prepare | None = None, batch_size: int = 250) -> np.ndarray:
    """The model's logits for ``samples``, (N, M), batch by batch, so that memory stays small.

    Raises:
        ShapeError: there is no sample, or ``batch_size`` is below 1.
        StateError: the model has no weights.

    >>> from lecture_lib.models import mlp
    >>> predict(mlp([4, 3]).init(0), np.zeros((5, 4))).shape
    (5, 3)
    """
    check_network("model", model)
    samples, size = check_samples("samples", samples), integer("batch_size", batch_size, 1)
    prepare = preparing("samples", prepare)
    batches = (samples[i : i + size] for i in range(0, len(samples), size))
    try:
        with one_thread():
            return np.concatenate([model.forward(prepare(batch, None)) for batch in batches])
    finally:
        model.forget()


class Score(NamedTuple):
    """What :func:`evaluate` finds."""

    loss: float
    """Mean cross-entropy, in nats."""
    accuracy: float
    """Share of the samples that are right."""
    confusion: np.ndarray
    """Samples of class i that were called j, integers (M, M)."""


def evaluate(
    model: Layer, data: tuple[np.ndarray, np.ndarray], *, prepare: Prepare | None = None, batch_size: int = 250
) -> Score:
    """How well ``model`` names the samples of ``data``, without changing it.

    Raises:
        TypeError, ShapeError, ValueError: samples or labels break a rule of :func:`predict` or
            :func:`lecture_lib.ops.softmax_cross_entropy`.

    >>> from lecture_lib.models import mlp
    >>> evaluate(mlp([4, 2]).init(0), (np.eye(4), np.array([0, 1, 1, 0]))).confusion.sum()
    np.int64(4)
    """
    samples, labels = samples_and_labels("data", data)
    logits = predict(model, samples, prepare=prepare, batch_size=batch_size)
    loss, _ = softmax_cross_entropy(logits, labels)
    called = logits.argmax(axis=1)
    confusion = np.zeros((logits.shape[1],) * 2, int)
    np.add.at(confusion, (np.asarray(labels), called), 1)
    return Score(loss, float(np.mean(called == labels)), confusion)
