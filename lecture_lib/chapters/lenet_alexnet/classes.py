"""How well the class can be read from a layer, and whether a network's probabilities are probabilities."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from ...arguments import as_array, as_float, one_of, shown
from ...data import digits_as_input, load_digits
from ...experiments import Computed, accuracy_by
from ...layers import Layer
from ...models import lenet5, trained_lenet5
from ...ops import check_labels, softmax
from ...ops.arrays import one_thread
from ...probes.answers import forward
from ...shapes import ShapeError, integer
from ...training import Prepare, predict, preparing, samples_and_labels
from ...transforms import rotate, thicken, translate

ASKED = 1000
"""Test digits that are turned, and training digits whose mean answers are known."""
READ, UNTRAINED = 1500, 5
"""Test digits that are read from every layer, and networks with random weights."""
BATCH = 250  # samples at a time, so that memory stays small


def class_readout(
    net: Layer,
    known: tuple[np.ndarray, np.ndarray],
    asked: tuple[np.ndarray, np.ndarray],
    *,
    prepare: Prepare | None = None,
) -> dict[str, float]:
    """How well the simplest of all classifiers reads the class from each layer's answers.

    It takes the mean answer of each class over the ``known`` samples, and gives each sample ``asked`` the class whose mean
    is nearest (Euclidean distance). It has nothing to train, so what it can read was laid out by the layer. What it
    cannot read may still be there, but needs more layers.

    Args:
        known, asked: images (N, ...), what ``prepare`` makes the network's input from, and labels (N,).

    Returns:
        Share of ``asked`` that it gets right, by layer, first ``"input"``, the network's input itself.

    Raises:
        ValueError: labels do not fit, or a class among ``asked`` is not ``known``.
        TypeError, ShapeError, StateError: as :func:`lecture_lib.probes.responses`.

    >>> from lecture_lib.models import mlp
    >>> net = mlp([2, 2]).init(0)
    >>> net["fc1"].weight.value[:] = [[1, 0], [0, 0]]  # the second number is lost
    >>> samples, labels = np.array([[-1.0, 9], [1, 9], [-1, -9], [1, -9]]), np.array([0, 0, 1, 1])
    >>> class_readout(net, (samples, labels), (samples, labels))
    {'input': 1.0, 'flatten': 1.0, 'fc1': 0.5}
    """
    prepare = preparing("images", prepare)
    images, labels = _checked("known", known)
    asked_images, asked_labels = _checked("asked", asked)
    counts = np.bincount(labels)
    if asked_labels.max() >= len(counts) or not counts[asked_labels].all():
        raise ValueError("asked holds a class that known does not: must hold known classes only")
    sums: dict[str, np.ndarray] = {}
    for answers, right in _answers(net, images, labels, prepare):
        chosen = np.eye(len(counts))[right]
        with one_thread():
            for name, answer in answers:
                sums[name] = sums.get(name, 0) + chosen.T @ answer
    correct = dict.fromkeys(sums, 0)
    present = np.flatnonzero(counts)
    for answers, right in _answers(net, asked_images, asked_labels, prepare):
        with one_thread():
            for name, answer in answers:
                means = sums[name][present] / counts[present, None]
                nearest = ((means**2).sum(axis=1) - 2 * answer @ means.T).argmin(axis=1)  # |a - m|² without |a|²
                correct[name] += int((present[nearest] == right).sum())
    return {name: count / len(asked_labels) for name, count in correct.items()}


def _checked(name: str, data: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    images, labels = samples_and_labels(name, data)
    labels = as_array(f"{name}[1]", labels)
    classes = int(labels.max(initial=0)) + 1 if labels.dtype.kind in "iu" else 1
    return images, check_labels(labels, len(images), classes)


def _answers(
    net: Layer, images: np.ndarray, labels: np.ndarray, prepare: Prepare
) -> Iterator[tuple[Iterator, np.ndarray]]:
    """Batch by batch: (layer, its answers (N, D)) one after another, and the labels."""

    def each(x: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        yield "input", x.reshape(len(x), -1)
        for name, out in forward(net, x):
            yield name, out.reshape(len(x), -1)

    for start in range(0, len(images), BATCH):
        x = prepare(images[start : start + BATCH], None)
        yield each(x), labels[start : start + BATCH]


MOST_BINS = 10_000


class Calibration(NamedTuple):
    """What :func:`calibration` finds; NaN where a bin is empty."""

    edges: np.ndarray
    """Of the bins, (bins + 1,), from 0 to 1."""
    count: np.ndarray
    """Samples in each bin, integers (bins,)."""
    confidence: np.ndarray
    """Their mean confidence, (bins,)."""
    accuracy: np.ndarray
    """The share of them that is right, (bins,)."""

    @property
    def error(self) -> float:
        """Expected calibration error: the mean distance of confidence and accuracy (Guo et al. 2017, equation 3)."""
        full = self.count > 0
        apart = np.abs(self.confidence - self.accuracy)[full]
        return float((self.count[full] * apart).sum() / self.count.sum())


def calibration(probabilities: np.ndarray, labels: np.ndarray, bins: int = 10) -> Calibration:
    """Is something right in 90 % of the cases of which the network is 90 % sure?

    Samples are sorted into ``bins`` by their confidence, which is the largest of their probabilities
    (Guo et al. 2017, arXiv:1706.04599, section 2).

    Args:
        probabilities: (N, M). labels: the right classes, (N,).

    Raises:
        TypeError, ShapeError, ValueError: arrays or labels do not fit, or ``bins`` is below 1 or above :data:`MOST_BINS`.

    >>> found = calibration(np.array([[0.9, 0.1], [0.3, 0.7], [0.8, 0.2]]), np.array([0, 0, 0]), bins=2)
    >>> found.count.tolist(), round(found.error, 2)  # |2/3 - 0.8|
    ([0, 3], 0.13)
    """
    probabilities = as_float("probabilities", probabilities)
    if probabilities.ndim != 2 or probabilities.size == 0:
        raise ShapeError(f"probabilities has shape {probabilities.shape}: must be (N, M), at least one sample")
    labels = check_labels(labels, *probabilities.shape)
    if (bins := integer("bins", bins, 1)) > MOST_BINS:
        raise ValueError(f"bins={shown(bins)}: must be at most {MOST_BINS:,}")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities: each must be from 0 to 1")
    confidence, right = probabilities.max(axis=1).astype(float), probabilities.argmax(axis=1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)  # a confidence of 1 belongs to the last bin
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        means = [np.bincount(place, each, bins) / count for each in (confidence, right)]
    return Calibration(np.linspace(0, 1, bins + 1), count, *means)


VERDICTS = ("test digits", "turned by 45°", "noise")
"""What :func:`verdicts` are on."""


@cache
def _verdict(name: str) -> tuple[np.ndarray, np.ndarray]:
    """One of :func:`verdicts`."""
    images, labels = load_digits("test")
    if name == "turned by 45°":
        images = np.rint(rotate(images[:ASKED].astype(float), 45)).clip(0, 255).astype(np.uint8)
    elif name == "noise":
        images = np.random.default_rng(0).integers(0, 256, (ASKED, 28, 28)).astype(np.uint8)
    right = {"test digits": labels, "turned by 45°": labels[:ASKED], "noise": labels[:0]}[name]
    return softmax(predict(trained_lenet5()[0], images, prepare=digits_as_input)), right


def verdicts() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What the trained LeNet-5 says of all test digits, of some turned by 45°, and of noise.

    Returns:
        Probabilities (N, 10) and labels (N,) by name; of noise there are no labels, (0,).
    """
    return {name: _verdict(name) for name in VERDICTS}


def sure_and_right(name: str) -> tuple[float, float]:
    """How sure the trained LeNet-5 is in the mean, and which share it gets right; NaN for noise, of which nothing is right.

    >>> sure, right = sure_and_right("turned by 45°")
    >>> sure > right
    True
    """
    chances, labels = _verdict(one_of("name", name, VERDICTS))
    right = float((chances.argmax(axis=1) == labels).mean()) if len(labels) else float("nan")
    return float(chances.max(axis=1).mean()), right


STAGES = {
    "input": "input", "relu1": "C1", "S2": "S2", "relu3": "C3", "S4": "S4", "relu5": "F5", "relu6": "F6", "output": "output",
}  # fmt: skip
"""Layers of LeNet-5 whose answers are read, each behind its ReLU, and what they are called."""


def _read() -> dict[str, np.ndarray]:
    known, asked = (
        tuple(each[:count] for each in load_digits(split)) for split, count in (("train", ASKED), ("test", READ))
    )
    nets = {"trained": [trained_lenet5()[0]], "random": [lenet5().init(seed) for seed in range(UNTRAINED)]}
    found = {
        name: [class_readout(net, known, asked, prepare=digits_as_input) for net in each] for name, each in nets.items()
    }
    return {name: np.array([[read[layer] for read in reads] for layer in STAGES]) for name, reads in found.items()}


READOUTS = Computed("lenet_alexnet_readouts", _read, {"trained": (len(STAGES), 1), "random": (len(STAGES), UNTRAINED)})
"""What :func:`readouts` gives, recorded."""


@cache
def readouts() -> dict[str, dict[str, np.ndarray]]:
    """Which share of test digits the nearest class mean reads from each layer of LeNet-5, as it was recorded: of the trained
    one, (1,), and of five with random weights, (5,).

    >>> read = readouts()
    >>> np.ptp([*read["trained"]["input"], *read["random weights"]["input"]]) == 0  # pixels are pixels
    np.True_
    """
    trained, chance = (READOUTS.arrays()[name] for name in READOUTS.shapes)
    return {
        name: dict(zip(STAGES.values(), read, strict=True))
        for name, read in {"trained": trained, "random weights": chance}.items()
    }


def right_when_changed() -> dict[str, np.ndarray]:
    """Share of 1,000 test digits that the trained LeNet-5 reads when they are turned, thickened and moved: name → (levels,)."""
    data = tuple(each[:1000] for each in load_digits("test"))
    net = trained_lenet5()[0]
    return {name: accuracy_by(net, data, *change, prepare=digits_as_input) for name, change in CHANGES.items()}


CHANGES = {
    "turned by (degrees)": (rotate, (0, 15, 30, 45, 60, 90)),
    "thickened by (pixels)": (thicken, (-1, -0.5, 0, 1, 2, 3)),
    "moved right by (pixels)": (lambda digits, by: translate(digits, 0, by), (0, 2, 4, 6, 8, 10)),
}
"""How digits are changed, and how far."""
MEASURED = (right_when_changed,)
"""What the notebook asks of a trained net; recorded."""
