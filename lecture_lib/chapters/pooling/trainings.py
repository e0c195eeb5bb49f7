"""The trainings of notebook 04: what a net loses by a shift, with each kind of pooling."""

from collections.abc import Callable, Mapping

from ...data import digits_as_input, load_digits
from ...experiments import Data, Experiment
from ...layers import Activation, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d
from ...models import Sequential
from .measured import KEEP
from .robustness import KINDS

Nets = Mapping[str, Callable[[], Sequential]]
SEEDS = (0, 1, 2, 3, 4)
SETTINGS = {"batch_size": 32, "prepare": digits_as_input, "keep": KEEP}


def training_digits() -> Data:
    """2,000 digits to learn from, and their labels."""
    images, labels = load_digits("train")
    return images[:2000], labels[:2000]


def small_net(kind: str, size: int = 4) -> Sequential:
    """Eight maps of a 5×5 convolution, made smaller in one of the four ways, and a linear output.

    >>> small_net("stride").output_shape((1, 28, 28))
    (10,)
    """
    conv = Conv2d(1, 8, 5, padding=2, stride=size if kind == "stride" else 1)
    pool = {"max": [MaxPool2d(size)], "average": [AvgPool2d(size)]}.get(kind, [])
    side = 28 if kind == "none" else 28 // size
    return Sequential([conv, Activation("relu"), *pool, Flatten(), Linear(8 * side * side, 10)])


def global_net() -> Sequential:
    """6 maps of 14×14, 12 of 7×7 (pooled), 24 of 7×7; of each of these the largest value, wherever it stands."""
    return Sequential([
        Conv2d(1, 6, 5, stride=2, padding=2), Activation("relu"),
        Conv2d(6, 12, 3, padding=1), Activation("relu"), MaxPool2d(2),
        Conv2d(12, 24, 3, padding=1), Activation("relu"), MaxPool2d(7), Flatten(), Linear(24, 10, gain=1.0),
    ])  # fmt: skip


def robustness_race(nets: Nets | None = None) -> Experiment:
    """The same net with maximum, average, stride and nothing; others if ``nets`` are given."""
    nets = nets or {kind: lambda kind=kind: small_net(kind) for kind in KINDS}
    return Experiment("pooling_robustness_race", nets, training_digits(), SEEDS, epochs=6, lr=0.005, **SETTINGS)


def global_race() -> Experiment:
    """A smaller maximum pooling, and a net whose last pooling takes the whole map."""
    nets = {"global": global_net, "max 2×2": lambda: small_net("max", 2)}
    own = {"global": {"lr": 0.012, "schedule": "one_cycle", "epochs": 8}}
    return Experiment("pooling_global_race", nets, training_digits(), SEEDS, own, epochs=6, lr=0.005, **SETTINGS)


TRAININGS = (robustness_race, global_race)
"""In the order in which they are recorded."""
