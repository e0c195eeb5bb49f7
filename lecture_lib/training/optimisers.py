"""What changes the weights, and how much of it at which time."""

import math
from collections.abc import Callable, Mapping

import numpy as np

from ..arguments import real, shown
from ..layers import Parameter, StateError


def _within(name: str, value: float, low: float, high: float = math.inf) -> float:
    """``value`` if it is a number with low <= value < high."""
    number = real(name, value)
    if not low <= number < high:
        raise ValueError(
            f"{name}={shown(value)}: must be at least {low:g}"
            + (f" and below {high:g}" if high < math.inf else ", and finite")
        )
    return number


class Optimiser:
    """What both optimisers share: the parameters, the learning rate, weight decay.

    ``step(scale)`` changes every parameter once, by the gradients that ``backward`` left, with the
    learning rate times ``scale``.
    """

    def __init__(self, parameters: Mapping[str, Parameter], lr: float, weight_decay: float = 0.0):
        self.parameters = dict(parameters)
        self.lr, self.weight_decay = _within("lr", lr, 0), _within("weight_decay", weight_decay, 0)
        self.memory: dict[str, np.ndarray] = {}

    @np.errstate(all="ignore")  # who trains judges what is infinite or NaN
    def step(self, scale: float = 1.0) -> None:
        """Change every parameter once.

        Raises:
            StateError: a parameter has no values or no gradient yet.
        """
        for name, parameter in self.parameters.items():
            if parameter.value is None or parameter.grad is None:
                raise StateError(f"parameter {name} has no gradient: call init, forward and backward before step")
            decay = self.weight_decay if parameter.decays else 0.0
            self._change(name, parameter.value, parameter.grad, self.lr * scale, decay)

    def _memory(self, name: str, like: np.ndarray) -> np.ndarray:
        """What the optimiser remembers of a parameter, zeros at first."""
        if name not in self.memory:
            self.memory[name] = np.zeros_like(like)
        return self.memory[name]

    def _change(self, name: str, value: np.ndarray, grad: np.ndarray, lr: float, decay: float) -> None:
        """Change ``value`` in place."""
        raise NotImplementedError


class SGD(Optimiser):
    """Stochastic gradient descent with momentum: v = μ v + g + λ θ, then θ = θ - η v.

    (Polyak 1964; Sutskever et al. 2013, with the velocity scaled as in PyTorch's ``SGD``.)

    >>> weight = Parameter((1,), mean=1.0)
    >>> weight.init(None, float)
    >>> weight.grad = np.array([2.0])
    >>> SGD({"weight": weight}, lr=0.25).step()
    >>> weight.value
    array([0.5])
    """

    def __init__(
        self, parameters: Mapping[str, Parameter], lr: float = 0.05, momentum: float = 0.9, weight_decay: float = 0.0
    ):
        super().__init__(parameters, lr, weight_decay)
        self.momentum = _within("momentum", momentum, 0, 1)

    def _change(self, name: str, value: np.ndarray, grad: np.ndarray, lr: float, decay: float) -> None:
        velocity = self._memory(name, value)
        velocity *= self.momentum
        velocity += grad
        if decay:
            velocity += decay * value
        value -= lr * velocity


class Adam(Optimiser):
    """Adam: steps of about η whatever the gradient's size (Kingma & Ba 2015, algorithm 1).

    Weight decay is decoupled from the gradient: θ = θ - η λ θ (Loshchilov & Hutter 2019, algorithm 2),
    as in PyTorch's ``AdamW``.

    >>> weight = Parameter((1,), mean=1.0)
    >>> weight.init(None, float)
    >>> weight.grad = np.array([1e-3])
    >>> Adam({"weight": weight}, lr=0.25).step()
    >>> weight.value.round(4)
    array([0.75])
    """

    def __init__(
        self, parameters: Mapping[str, Parameter], lr: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8, weight_decay: float = 0.0,
    ):  # fmt: skip
        super().__init__(parameters, lr, weight_decay)
        self.betas = _within("betas[0]", betas[0], 0, 1), _within("betas[1]", betas[1], 0, 1)
        self.eps, self.steps = _within("eps", eps, 0), 0

    def step(self, scale: float = 1.0) -> None:
        self.steps += 1
        super().step(scale)

    def _change(self, name: str, value: np.ndarray, grad: np.ndarray, lr: float, decay: float) -> None:
        mean, square = self._memory(f"{name} mean", value), self._memory(f"{name} square", value)
        (b1, b2), t = self.betas, self.steps
        mean += (1 - b1) * (grad - mean)
        square += (1 - b2) * (grad * grad - square)
        if decay:
            value -= lr * decay * value
        value -= lr / (1 - b1**t) * mean / (np.sqrt(square / (1 - b2**t)) + self.eps)


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": lambda done: 1.0,
    "step": lambda done: 0.1 ** int(3 * done),
    "linear": lambda done: 1 - done,
    "cosine": lambda done: (1 + math.cos(math.pi * done)) / 2,
    "one_cycle": lambda done: done / 0.25 if done < 0.25 else (1 + math.cos(math.pi * (done - 0.25) / 0.75)) / 2,
}
"""What the learning rate is multiplied by, when a share ``done`` (0 to 1) of the steps is done.

``step`` divides by ten after each third; ``cosine`` is Loshchilov & Hutter 2017, equation 5, without
restarts; ``one_cycle`` rises for a quarter and falls as a cosine (Smith & Topin 2018).
"""
