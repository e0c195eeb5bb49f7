"""How much of a gradient comes back through many layers, measured at each of them."""

from collections.abc import Sequence

import numpy as np

from ...activations import activation
from ...data import digits_as_input, load_digits
from ...explore import Explorer, curves
from ...models import Sequential, mlp
from ...probes import gradient_norms, responses
from .landing import FLAT

DEPTH = 19
"""Hidden layers, of 64 units each."""
SCALES = {"half": 0.5, "He et al.": 2.0, "twice": 8.0}
"""Of the first weights' standard deviation, with the gain of each: their variance is gain / inputs."""
FIVE = ("sigmoid", "tanh", "relu", "elu", "mish")


def deep(name: str, gain: float, seed: int = 0) -> Sequential:
    """784 → 19 times 64 → 10 with this activation, before any training, float64."""
    return mlp([784] + [64] * DEPTH + [10], name, gain).init(seed, np.float64)


def _digits() -> tuple[np.ndarray, np.ndarray]:
    images, labels = load_digits("train")
    return digits_as_input(images[:100]).astype(float), labels[:100]


def gradients(name: str, gain: float = 2.0, seed: int = 0) -> np.ndarray:
    """The gradient's size at each hidden layer, first layer first: 100 digits go through :func:`deep`; float64 (19,).

    >>> through = gradients("relu")
    >>> 0.1 < through[0] / through[-1] < 10
    np.True_
    """
    images, labels = _digits()
    return np.array(list(gradient_norms(deep(name, gain, seed), images, labels).values()))[:-1]


def measure_gradients(names: Sequence[str] = FIVE) -> dict[str, np.ndarray]:
    """Title → :func:`gradients` at each of :data:`SCALES`, (3, 19).

    Raises:
        ValueError: an unknown name.
    """
    return {activation(name).title: np.array([gradients(name, gain) for gain in SCALES.values()]) for name in names}


def flat_share(name: str, gain: float, layer: int = 10) -> float:
    """At which share of the sums of a hidden layer of :func:`deep` the activation's slope is below 0.01."""
    sums = responses(deep(name, gain), _digits()[0])[f"fc{layer}"]
    return float(np.mean(np.abs(activation(name).df(sums)) < FLAT))


def gradient_depth(norms: dict[str, np.ndarray]) -> Explorer:
    """Explorer of what :func:`measure_gradients` found: a curve for each, and a slider for the scale of the weights.

    Raises:
        TypeError, ShapeError, ValueError: as :func:`lecture_lib.explore.curves`.
    """
    left = ", ".join(f"{name} {each[1, 0] / each[1, -1]:.0e}" for name, each in norms.items())
    explorer = curves(
        np.arange(1, DEPTH + 1), norms, levels=("Weight scale", list(SCALES)), log="y", limits=(1e-18, 1e4),
        xlabel="layer", ylabel="size", title="size of the gradient at each layer, on a log scale",
        alt=f"The gradient's size at layers 1 to {DEPTH}, on a scale of powers of ten. With the weights of He et al. "
            f"layer 1 has, as a multiple of layer {DEPTH}: {left}.",
    )  # fmt: skip
    explorer.state = {"at": 0, "level": 1}
    return explorer


def loss_gradients() -> Explorer:
    """Explorer of the size of two losses' gradients against the last sum x, for the answer yes and p = σ(x).

    Cross-entropy, -ln p, has p - 1; the squared error, (p - 1)²/2, has (p - 1)·σ'(x).
    """
    x, sigmoid = np.linspace(-10, 10, 201), activation("sigmoid")
    wrong = 1 - sigmoid.f(x)
    explorer = curves(
        x, {"cross-entropy": wrong, "squared error": wrong * sigmoid.df(x)},
        xlabel="last sum x", ylabel="size", title="size of the gradient, if the answer is yes", limits=(-0.05, 1.05),
        alt="The size of two gradients against the last sum, if the answer is yes. Cross-entropy's is near 1 where the sum is "
            "far below 0; the squared error's is a small hill and 0 there.",
    )  # fmt: skip
    explorer.state = {"at": 20}
    return explorer
