"""Notebook 03, activation functions: the answers to its "Predict"."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from ...activations import ACTIVATIONS
from ...models import mlp
from ...style import number

DEPTH = 20


def _a1() -> str:
    inside, outside = (
        sum(p.size for p in mlp(sizes).parameters().values() if p.decays) for sizes in ([64, 30, 10], [64, 10])
    )
    return (
        "Nothing. Two matrices, one after the other, are one matrix: their product. "
        f"The two layers spend {inside:,} weights on what {outside} weights can do. "
        "Only something that is not linear in between makes depth worth anything."
    )


def _a2() -> str:
    steepest = ACTIVATIONS["sigmoid"].df(0)
    return (
        f"Sigmoid's slope is at most {steepest:g}, at x = 0. Through {DEPTH} of them a gradient is multiplied by at most "
        f"{steepest:g}^{DEPTH}, which is {steepest**DEPTH:.0e}. (The weights in between count as well.) So the first layer hears next "
        "to nothing, even if no unit is saturated."
    )


def _a2b() -> str:
    return (
        "The gradient of each weight is δ·x, the neuron's error times that weight's input. If both inputs are positive, "
        "both parts have the sign of δ: both weights grow, or both fall. The way that needs one up and one down "
        "can only be gone in zigzags."
    )


def _a3() -> str:
    return (
        "Write down your guess. Krizhevsky, Sutskever and Hinton (2012) measured about 6 between tanh and ReLU, "
        "on another net and other pictures. What comes out here stands below."
    )


def _a3b() -> str:
    slopes = ACTIVATIONS["relu"].df(np.array([-3.0, -0.5])), ACTIVATIONS["leaky_relu"].df(np.array([-3.0, -0.5]))
    return (
        f"ReLU's slope is {slopes[0].max():g} at every one of them. No gradient reaches the weights, so they do not change, "
        "and so the sums stay below 0: the unit is dead, for as long as the layers before it stay as they are. "
        f"Leaky ReLU's slope there is {slopes[1].max():g}: small, but the unit can come back."
    )


def _a4() -> str:
    alpha, x = 1.5, np.array([-2.0, 2.0])
    written, meant = np.maximum(alpha * x, x), ACTIVATIONS["prelu"].f(x, alpha)
    return (
        f"For α = {alpha} and x = {number(x[0])} the formula gives {number(written[0])} and PReLU {number(meant[0])}; for x = {x[1]:g} they give "
        f"{written[1]:g} and {meant[1]:g}. As soon as α is above 1, αx is the larger one on the right, not on the left."
    )


def _a4b() -> str:
    return (
        "Only shapes that bend upwards: convex ones. The slope can only grow from left to right, because each line that "
        "takes over is steeper. x² can be met as closely as you like. sin cannot; the difference of two maxouts can meet it."
    )


def _a5() -> str:
    p = expit(-8.0)
    return (
        f"The output is p = {p:.5f}. Cross-entropy's gradient is p − y = −{1 - p:.4f}: nearly as large as it gets. "
        f"That of the squared error, (p − y)·p(1 − p), is −{(1 - p) * p * (1 - p):.6f}: sigmoid's flat end kills it, where the "
        "error is largest. Cross-entropy takes the logarithm, and the two exponentials cancel."
    )


def _a6() -> str:
    from scipy.optimize import minimize_scalar  # here: it costs every kernel 13 MB, and only this answer asks

    lowest = {
        name: minimize_scalar(ACTIVATIONS[name].f, bounds=(-4, 0), method="bounded") for name in ("swish", "mish")
    }
    words = " and ".join(
        f"{ACTIVATIONS[name].title} −{-each.fun:.3f} at x = −{-each.x:.2f}" for name, each in lowest.items()
    )
    return (
        f"On the left they go down, turn, and come back to 0. So they are not monotonic. Their lowest values: {words}. "
        "To the left of that the slope is negative."
    )


def _ordered(x: float) -> str:
    slopes = {each.title: each.df(x) for each in map(ACTIVATIONS.get, ("sigmoid", "tanh", "relu", "leaky_relu", "elu"))}
    return ", ".join(f"{name} {number(slopes[name])}" for name in sorted(slopes, key=slopes.get, reverse=True))


def _check() -> str:
    return (
        f"Slopes at −3, largest first: {_ordered(-3.0)}. At −10: {_ordered(-10.0)}. All that bend to a flat end die out; "
        "Leaky ReLU's slope stays, and ReLU's was 0 from the start."
    )


ANSWERS: dict[str, Callable[[], str]] = {
    "A1": _a1, "A2": _a2, "A2 zigzag": _a2b, "A3": _a3, "A3 dead": _a3b, "A4": _a4, "A4 maxout": _a4b, "A5": _a5,
    "A6": _a6, "A check": _check,
}  # fmt: skip
