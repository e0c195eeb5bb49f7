"""Notebook 03, activation functions: the guesses that it asks for, and what is said after them."""

import numpy as np

from ...activations import ACTIVATIONS
from ...activations.functions import sigmoid
from ...models import mlp
from ...ops import conv2d
from ...practice import Choice, Guess, Number
from ...style import number, tiny
from .landing import fit_lines
from .neuron import weight_path
from .speed import cost_ratios
from .trainings import activation_race
from .zigzag import two_inputs

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
    steepest, raised = ACTIVATIONS["sigmoid"].df(0), str(DEPTH).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return (
        f"Sigmoid's slope is at most {steepest:g}, at x = 0. Through {DEPTH} of them a gradient is multiplied by at most "
        f"{steepest:g}{raised}, which is {tiny(steepest**DEPTH)}. (The weights in between count as well.) If they do not make up for it, next to nothing of it "
        "reaches the first layer, even if no unit is saturated."
    )


def _a2b() -> str:
    return (
        "The gradient of each weight is δ·x, the neuron's error times that weight's input. If both inputs are positive, "
        "both parts have the sign of δ: both weights grow, or both fall. The way that needs one up and one down "
        "can only be gone in zigzags."
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
        "Only shapes that bend upwards: convex ones. The slope never falls from left to right, because each line that "
        "takes over has a larger slope. x² can be met as closely as you like. sin cannot; the difference of two maxouts can meet it."
    )


def _a5() -> str:
    p = sigmoid(-8.0)
    return (
        f"The output is p = {p:.5f}. Cross-entropy's gradient is p − y = −{1 - p:.4f}: nearly as large as it gets. "
        f"That of the squared error, (p − y)·p(1 − p), is −{(1 - p) * p * (1 - p):.6f}: sigmoid's flat end kills it, where the "
        "error is largest. Cross-entropy takes the logarithm, and the two exponentials cancel."
    )


def _a6() -> str:
    words = " and ".join(
        f"{ACTIVATIONS[name].title} −{-ACTIVATIONS[name].f(x):.3f} at x = −{-x:.2f}"
        for name, x in ((name, _lowest(name)) for name in ("swish", "mish"))
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


YES = ("yes", "no")
BINS = ("1.5 times at most", "1.5 to 4 times", "4 to 8 times", "more than 8 times")
ROOFS = ("those that bend upwards, as x²", "those that bend downwards, as −x²", "waves, as sin")


def _beyond_one_layer() -> str:
    """Whether two linear layers do something that their product does not."""
    rng = np.random.default_rng(0)
    first, second, inputs = rng.normal(size=(30, 64)), rng.normal(size=(10, 30)), rng.normal(size=(5, 64))
    same = np.allclose((inputs @ first.T) @ second.T, inputs @ (second @ first).T)
    return "nothing" if same else "what is not linear"


def _goes_up_and_down() -> bool:
    """Whether one step from a sample with positive inputs ever moves one weight up and the other down."""
    moves = np.diff(weight_path(two_inputs()["all inputs positive"], [1, -1], [-1, 1], 0.2, 60), axis=0)
    return bool((moves[:, 0] * moves[:, 1] < 0).any())


def _time_and_share() -> tuple[float, str]:
    """How many times ReLU's time sigmoid takes, and what that does to the time of a convolution with it."""
    maps = np.random.default_rng(0).normal(size=(8, 16, 28, 28)).astype(np.float32)
    kernels = np.random.default_rng(1).normal(size=(16, 16, 3, 3)).astype(np.float32)
    timed = {name: ACTIVATIONS[name].f for name in ("relu", "sigmoid")} | {
        "conv": lambda x: conv2d(x, kernels, padding=1)
    }
    costs = cost_ratios(timed, "relu", maps, repeats=6)
    longer = (costs["conv"] + costs["sigmoid"]) / (costs["conv"] + 1)
    return round(costs["sigmoid"], 1), "much: 1.5 times the time or more" if longer >= 1.5 else "a little"


def _tanh_through_relu() -> float:
    from .results import ratio_of  # here: a training is read

    return ratio_of(activation_race(("tanh", "relu")), "Tanh")[0]


def _a3() -> str:
    from .results import epochs_of, told_apart

    spread = (
        ""
        if told_apart(*epochs_of(activation_race(("tanh", "relu"))).values())
        else ", and the spread of five seeds covers the difference"
    )
    return (
        f"Recorded here: {_tanh_through_relu():.1f} times{spread}. Krizhevsky, Sutskever and Hinton (2012) measured about 6, on "
        "another net and other pictures, until 25 % were wrong."
    )


def _misses() -> list[float]:
    """How far five lines stay away, at the worst place, from x², −x² and sin 2x."""
    x = np.linspace(-2, 2, 161)
    targets = (x**2, -(x**2), np.sin(2 * x))
    return [float(np.abs(ACTIVATIONS["maxout"].f(x, fit_lines(x, y, 5)) - y).max()) for y in targets]


def _lowest(name: str) -> float:
    from scipy.optimize import minimize_scalar  # here: it costs every kernel 13 MB

    return float(minimize_scalar(ACTIVATIONS[name].f, bounds=(-4, 0), method="bounded").x)


def _steepest(x: float) -> str:
    return _ordered(x).partition(" 0")[0]


FIVE = ("Sigmoid", "Tanh", "ReLU", "Leaky ReLU", "ELU")

GUESSES = {
    "A1": Guess(
        "Take two fully connected layers without any activation, from 64 numbers to 30 and from 30 to 10. What can they do that "
        "one layer from 64 to 10 cannot?",
        Choice(("nothing", "what is not linear", "more: they have more weights")),
        _beyond_one_layer,
        _a1,
    ),
    "A2": Guess(
        "How large can sigmoid's slope be at most? What is left, at most, of a gradient of 1 after 20 sigmoids?",
        (Number("The slope"), Number("After 20", times=True)),
        lambda: (ACTIVATIONS["sigmoid"].df(0), ACTIVATIONS["sigmoid"].df(0) ** DEPTH),
        _a2,
    ),
    "A2 zigzag": Guess(
        "The neuron has two weights, and both inputs are positive. The best values would be a larger first one and a smaller "
        "second one. Can one step of learning go there?",
        Choice(YES),
        lambda: YES[int(not _goes_up_and_down())],
        _a2b,
    ),
    "A2 time": Guess(
        "How many times as long as ReLU does sigmoid take? And does that matter beside the 3×3 convolution in front of it?",
        (Number(unit="times", low=0, near=0.15, times=True), Choice(("much: 1.5 times the time or more", "a little"), "Beside the convolution it matters")),
        _time_and_share,
        "This was measured on your computer just now, so the next measurement differs a little. An activation touches each number "
        "once; a 3×3 convolution with 16 channels makes 9·16 multiply-adds for it.",
    ),
    "A3": Guess(
        "Sigmoid, tanh, ReLU, Leaky ReLU and ELU race on digits. How many times as many epochs as ReLU will tanh take here, until "
        "10 % are wrong?",
        Choice(BINS),
        lambda: BINS[int(np.searchsorted((1.5, 4.0, 8.0), _tanh_through_relu()))],
        _a3,
    ),
    "A3 dead": Guess(
        "One unit's sum is below 0 for every sample there is. What happens to its weights in the next 1000 steps?",
        Choice(("they grow until the sum is positive", "they shrink to 0", "nothing")),
        lambda: "they shrink to 0" if ACTIVATIONS["relu"].df(np.array([-3.0, -0.5])).any() else "nothing",
        _a3b,
    ),
    "A4": Guess(
        "The formula max(αx, x) is PReLU for α = 0.25. Is it for α = 1.5, too?",
        Choice(YES),
        lambda: YES[int(max(1.5 * -2.0, -2.0) != ACTIVATIONS["prelu"].f(np.array([-2.0]), 1.5)[0])],
        _a4,
    ),
    "A4 maxout": Guess(
        "Which functions can such a roof of lines follow as closely as you like?",
        Choice(("all", *ROOFS)),
        lambda: ROOFS[int(np.argmin(_misses()))],
        _a4b,
    ),
    "A5": Guess(
        "The answer is yes (y = 1), and the network is sure of no: its last sum is −8. How large, without its sign, is the gradient "
        "that goes back, with cross-entropy, and with the squared error ½(p − y)²?",
        (Number("Cross-entropy", near=0.01), Number("Squared error", times=True)),
        lambda: (1 - sigmoid(-8.0), (1 - sigmoid(-8.0)) ** 2 * sigmoid(-8.0)),
        _a5,
    ),
    "A6": Guess(
        "Sigmoid, tanh, ReLU and ELU never go down from left to right. Swish and Mish do. At which x do they turn?",
        (Number("Swish", near=0.1), Number("Mish", near=0.1)),
        lambda: (round(_lowest("swish"), 2), round(_lowest("mish"), 2)),
        _a6,
    ),
    "A check": Guess(
        "A unit's sum is −3. Which of sigmoid, tanh, ReLU, Leaky ReLU and ELU has the largest slope there? And at −10?",
        (Choice(FIVE, "Largest slope at −3"), Choice(FIVE, "Largest slope at −10")),
        lambda: (_steepest(-3.0), _steepest(-10.0)),
        _check,
        lead="Check yourself.",
    ),
}  # fmt: skip
