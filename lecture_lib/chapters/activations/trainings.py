"""The trainings of notebook 03: which activation learns fastest, which units die, and slopes that are learned."""

import math
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np

from ...activations import activation
from ...arguments import check_number, one_of
from ...data import digits_as_input, load_digits
from ...experiments import Data, Experiment, accuracy_by
from ...layers import Activation, Conv2d, Flatten, Layer, Linear, PReLU
from ...models import Sequential, mlp
from ...probes import active_share

RACERS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu")
RATES, RAW_RATES = (0.01, 0.03, 0.1, 0.3, 1.0), (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SGD = {"optimiser": "sgd", "batch_size": 50}  # with momentum 0.9
SEEDS = (1, 2, 3, 4, 5)  # of the races; the learning rates are chosen with seed 0
HOT_RATES = (0.03, 0.1, 0.25)
REVIVED = (0.0, 0.1)
REVIVAL_RATES = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)


def digits(count: int = 3000) -> Data:
    """The first training digits, uint8 (count, 28, 28), and their labels."""
    images, labels = load_digits("train")
    return images[:count], labels[:count]


def test_digits() -> Data:
    """500 test digits, uint8 (500, 28, 28), and their labels."""
    images, labels = load_digits("test")
    return images[:500], labels[:500]


test_digits.__test__ = False  # a tool, no test


def dead_share(net: Sequential) -> float:
    """Share of the hidden units whose sum no test digit lifts above 0."""
    images = digits_as_input(test_digits()[0])
    names = [name for name, layer in net.layers.items() if isinstance(layer, Activation)]
    return float(np.mean([active_share(net, images, name) == 0 for name in names]))


def right(net: Layer) -> float:
    """Share of the test digits that a net reads."""
    return float(accuracy_by(net, test_digits(), lambda images, _: images, [None], prepare=digits_as_input)[0])


HEALTH = {"dead": (2, dead_share), "right": (2, right)}
"""What is kept of a net before its first step and behind its last."""


@cache
def own_gain(name: str) -> float:
    """The gain that suits an activation: with first weights of variance gain / inputs, sums keep their size.

    If a unit's sums z are normal with variance 1, the next layer's have the variance gain · mean of f(z)². He et al.
    2015, equation 10, is this for ReLU, where it is 2.

    >>> [(name, round(own_gain(name), 2)) for name in ("relu", "tanh", "elu", "sigmoid")]
    [('relu', 2.0), ('tanh', 2.54), ('elu', 1.55), ('sigmoid', 3.41)]
    """
    z, weight = np.polynomial.hermite_e.hermegauss(200)
    return float(weight.sum() / (weight @ activation(name).f(z) ** 2))


def four_layers(name: str) -> Sequential:
    """784 → 64 → 64 → 64 → 10 with this activation and the gain that suits it.

    >>> four_layers("relu")
    Sequential(flatten, fc1, relu1, fc2, relu2, fc3, relu3, fc4)
    """
    return mlp([784, 64, 64, 64, 10], name, own_gain(name))


def as_raw(images: np.ndarray, rng: np.random.Generator | None = None) -> np.ndarray:
    """Pixels from 0 to 255 less their mean over the training digits, float32 (N, 1, 28, 28)."""
    mean = digits()[0].mean(axis=0).astype(np.float32)
    return (images.astype(np.float32) - mean)[:, None]


def _makers(names: Sequence[str]) -> dict[str, Callable[[], Sequential]]:
    return {activation(name).title: lambda name=name: four_layers(name) for name in names}


def _search(name: str, names: Sequence[str], rates: Sequence[float], prepare: Callable) -> Experiment:
    nets = {f"{title}, {rate:g}": make for title, make in _makers(names).items() for rate in rates}
    own = {f"{title}, {rate:g}": {"lr": rate} for title in _makers(names) for rate in rates}
    return Experiment(name, nets, digits(), (0,), own, epochs=2, prepare=prepare, **SGD)


def rate_search(names: Sequence[str] = RACERS, rates: Sequence[float] = RATES) -> Experiment:
    """Every activation with every learning rate, two epochs each."""
    return _search("activations_rate_search", names, rates, digits_as_input)


def raw_rate_search(names: Sequence[str] = ("tanh", "relu"), rates: Sequence[float] = RAW_RATES) -> Experiment:
    """As :func:`rate_search`, with raw pixels."""
    return _search("activations_raw_rate_search", names, rates, as_raw)


def fastest_rates(search: Experiment) -> dict[str, float]:
    """Of each activation the learning rate with the fewest errors, of those that have not diverged.

    One that has no finished run in the search has ReLU's.

    >>> sorted(fastest_rates(rate_search()))
    ['ELU', 'Leaky ReLU', 'ReLU', 'Sigmoid', 'Tanh']
    """
    wrong = {}
    for run in search.runs:
        title, rate = run.name.rsplit(", ", 1)
        found = wrong.setdefault(title, {})
        if run.finished and not run.problem:
            found[float(rate)] = sum(1 - record.accuracy for record in run.records)
    best = {title: min(found, key=found.get) for title, found in wrong.items() if found}
    return {title: best.get(title, best.get("ReLU", RATES[0])) for title in wrong}


def _raced(
    name: str, names: Sequence[str], rates: dict[str, float], prepare: Callable, seeds: Sequence[int] = SEEDS
) -> Experiment:
    for each in names:
        if each == "maxout":
            raise ValueError(
                "names has 'maxout': its lines are weights that a layer learns, and here they would stay fixed"
            )
        one_of("names", activation(each).title, rates)
    own = {activation(each).title: {"lr": rates[activation(each).title]} for each in names}
    if "Sigmoid" in own:
        own["Sigmoid"]["epochs"] = 6  # it needs them
    return Experiment(name, _makers(names), digits(), seeds, own, epochs=4, prepare=prepare, **SGD)


def activation_race(
    names: Sequence[str] = RACERS, rates: dict[str, float] | None = None, seeds: Sequence[int] = SEEDS
) -> Experiment:
    """The same net with several activations, each with its own gain and its own learning rate.

    Args:
        names: of activations, as in ``activations.ACTIVATIONS``.
        rates: title → learning rate; None takes the fastest of :func:`rate_search`.
        seeds: of each net; of the recorded ones as many as a training in front of others has time for.

    Raises:
        ValueError: an unknown name, or "maxout".

    >>> activation_race(("relu", "mish")).unfit
    ['Mish: not recorded']
    """
    rates = rates or fastest_rates(rate_search(names))
    return _raced("activations_activation_race", names, rates, digits_as_input, seeds)


def raw_race(names: Sequence[str] = ("tanh", "relu"), rates: dict[str, float] | None = None) -> Experiment:
    """As :func:`activation_race`, with raw pixels."""
    return _raced("activations_raw_race", names, rates or fastest_rates(raw_rate_search(names)), as_raw)


def hot_race(rates: Sequence[float] = HOT_RATES) -> Experiment:
    """ReLU for two epochs at several learning rates; the nets are called "lr 0.03" and so on.

    Raises:
        TypeError, ValueError: a rate is no number, or not above 0 and finite.
    """
    for rate in rates:
        check_number("rates", rate, "above 0 that is finite", lambda rate: 0 < rate < math.inf)
    own = {f"lr {rate:g}": {"lr": rate} for rate in rates}
    nets = {name: lambda: four_layers("relu") for name in own}
    return Experiment(
        "activations_hot_race", nets, digits(), SEEDS, own, epochs=2, prepare=digits_as_input, keep=HEALTH, **SGD
    )


def with_slope(alpha: float) -> Sequential:
    """The four layers with Leaky ReLU of this slope in place of ReLU; α = 0 is ReLU."""
    each = four_layers("relu").layers.values()
    return Sequential([Activation("leaky_relu", alpha) if isinstance(layer, Activation) else layer for layer in each])


def revival_race(hot: Experiment | None = None) -> Experiment:
    """The nets of the highest rate of :func:`hot_race` learn on for an epoch: as ReLU, and as Leaky ReLU, at six rates.

    >>> revival_race().names[:2]
    ('α = 0 at lr 0.0003', 'α = 0.1 at lr 0.0003')
    """
    hot = hot or hot_race()
    worst = dict(zip(hot.seeds, hot.nets[hot.names[-1]], strict=True))

    def first(net: Layer, seed: int) -> Layer:
        for parameter, taught in zip(net.state().values(), worst[seed].state().values(), strict=True):
            parameter.value = taught.value.copy()
        return net

    each = {f"α = {alpha:g} at lr {rate:g}": (alpha, rate) for rate in REVIVAL_RATES for alpha in REVIVED}
    nets = {name: lambda alpha=alpha: with_slope(alpha) for name, (alpha, _) in each.items()}
    own = {name: {"lr": rate} for name, (_, rate) in each.items()}
    return Experiment(
        "activations_revival_race", nets, digits(), hot.seeds, own, first=first, epochs=1, prepare=digits_as_input,
        keep=HEALTH, **SGD,
    )  # fmt: skip


def with_prelu() -> Sequential:
    """Two convolutions, each with PReLU, and a linear output."""
    return Sequential({
        "conv1": Conv2d(1, 8, 5, stride=2), "prelu1": PReLU(8), "conv2": Conv2d(8, 16, 3, stride=2), "prelu2": PReLU(16),
        "flatten": Flatten(), "output": Linear(400, 10, gain=1.0),
    })  # fmt: skip


def prelu_training() -> Experiment:
    """A net learns with PReLU; what is kept as "slopes" are the eight of its first layer at 181 moments."""
    return Experiment(
        "activations_prelu_training", {"PReLU": with_prelu}, digits(6000), (0, 1, 2), epochs=2, lr=0.003, batch_size=50,
        prepare=digits_as_input, keep={"slopes": (181, lambda net: net["prelu1"].weight.value)},
    )  # fmt: skip


TRAININGS = (
    rate_search, activation_race, raw_rate_search, raw_race, hot_race, revival_race, prelu_training,
)  # fmt: skip
"""In the order in which they are recorded: each finds what it builds on."""
WITHOUT_WEIGHTS = (rate_search, activation_race, raw_rate_search, raw_race, revival_race)
"""Only their curves, and what was kept, are of use."""
