"""Capsules: vectors whose length says whether something is there, and whose direction says how it is.

Sabour, Frosst & Hinton 2017, "Dynamic routing between capsules", arXiv:1710.09829; "the paper" below. Its symbols::

    i  capsule of the layer below, I of them, E numbers each       u  its output
    j  capsule of the layer above, J of them, D numbers each       v  its output, s before the squash
    û  vote of i for j: what i says that j should be               b  logit, c coupling of i to j
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from . import ops
from .arguments import as_float, check_number, shown
from .data.digits import BACKGROUND, STROKE
from .layers import Activation, Conv2d, Fields, Flatten, Layer, Linear, Parameter, Shape
from .models import Sequential
from .shapes import ShapeError, integer, pair

# A capsule's length


def squash(s: np.ndarray, axis: int = -1) -> np.ndarray:
    """Shorten vectors to a length below 1 and keep their direction: |s|² / (1 + |s|²) · s / |s| (the paper, equation 1).

    Args:
        s: vectors along ``axis``, any shape. Zero stays zero.

    Returns:
        The shape of ``s``, float32 or float64 as :func:`lecture_lib.arguments.as_float` has it.

    Raises:
        TypeError: ``s`` does not hold real numbers.
        ShapeError: ``s`` has no axis ``axis``.

    >>> squash(np.array([3, 4]))  # length 5 becomes 25/26
    array([0.57692308, 0.76923077])
    """
    s = as_float("s", s)
    n, beyond = _capped(_directions(s, axis)[1])
    with np.errstate(invalid="ignore"):  # from infinite numbers come nan, without a word
        return s * (n / (1 + n * n) / beyond)


@np.errstate(invalid="ignore")  # from infinite numbers come nan, without a word
def squash_backward(grad: np.ndarray, s: np.ndarray, axis: int = -1) -> np.ndarray:
    """Gradient of a loss with respect to the input of :func:`squash`, given that of its output.

    With n = |s|, f(n) = n / (1 + n²) and e = s / n: f grad + n f'(n) (e · grad) e, where f' = (1 - n²) / (1 + n²)².
    At zero it is zero.

    Args:
        grad: the shape of ``s``.

    Raises:
        TypeError, ShapeError: as :func:`squash`, and if the shapes differ.

    >>> squash_backward(np.array([1, 1]), np.array([1, 0]))  # along s the slope is 2 n / (1 + n²)², across f
    array([0.5, 0.5])
    """
    s = as_float("s", s)
    grad = ops.check_shape("grad", as_float("grad", grad), s.shape, "the shape of s")
    e, n = _directions(s, axis)
    n, beyond = _capped(n)
    square = n * n
    along = (e * grad).sum(axis=axis, keepdims=True) * n * (1 - square) / (1 + square) ** 2
    return grad * (n / (1 + square) / beyond) + along / beyond * e


def _directions(s: np.ndarray, axis: int = -1) -> tuple[np.ndarray, np.ndarray]:
    """The vectors of ``s`` at length 1, zero where they are zero, and their lengths, with 1 in the place of ``axis``."""
    if integer("axis", axis, -s.ndim) >= s.ndim:
        raise ShapeError(f"axis={axis}: s has shape {s.shape}, without such an axis")
    with np.errstate(over="ignore", invalid="ignore"):
        n = np.sqrt((s * s).sum(axis=axis, keepdims=True))
    if ((n > 1e-15) & (n < 1e15)).all():
        return s / n, n
    # Squares may have vanished or be infinite: once more, scaled by powers of two, which change no digit.
    _, power = np.frexp(np.abs(s).max(axis=axis, keepdims=True, initial=0))
    scaled = np.ldexp(s, -power)
    n = np.sqrt((scaled * scaled).sum(axis=axis, keepdims=True))
    with np.errstate(invalid="ignore"):  # from infinite numbers come nan, without a word
        return scaled / np.where(n > 0, n, 1), np.ldexp(n, power)


def _capped(n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lengths up to 10⁹, where 1 + n² is n² in any dtype, and how many times longer they were: n⁴ has room in float32."""
    return np.minimum(n, 1e9), np.maximum(n / 1e9, 1)


# Routing by agreement


@dataclass(frozen=True, eq=False)
class RoutingStep:
    """One iteration of routing by agreement (the paper, procedure 1); leading axes are those of ``u_hat``."""

    iteration: int
    """1 for the first."""
    u_hat: np.ndarray
    """(..., I, J, D): the votes, the same in every iteration."""
    logits: np.ndarray
    """b, (..., I, J): zeros at first, then the sum of all agreements so far."""
    couplings: np.ndarray
    """c, (..., I, J): the softmax of the logits over J, how i shares out its vote."""
    s: np.ndarray
    """(..., J, D): the votes for j, weighted by the couplings and added."""
    v: np.ndarray
    """(..., J, D): s, squashed."""

    @cached_property
    def agreement(self) -> np.ndarray:
        """û · v, (..., I, J): what this iteration adds to the logits."""
        return _dot(self.u_hat, self.v)


MOST_ITERATIONS = 1000
"""Of routing; three are usual."""


def routing_steps(u_hat: np.ndarray, iterations: int = 3) -> Iterator[RoutingStep]:
    """Route by agreement, one record an iteration (the paper, procedure 1).

    Args:
        u_hat: votes, (..., I, J, D); leading axes, such as a batch, are routed each by itself.
        iterations: at least 1.

    Raises:
        TypeError: ``u_hat`` does not hold real numbers, or ``iterations`` is no integer.
        ShapeError: ``u_hat`` has fewer than three axes or an empty one, or ``iterations`` is below 1.

    >>> u_hat = np.array([[[2.0], [1.0]], [[2.0], [-1.0]]])  # two agree about capsule 0, and disagree about capsule 1
    >>> [step.couplings.round(2).tolist() for step in routing_steps(u_hat, 2)]
    [[[0.5, 0.5], [0.5, 0.5]], [[0.83, 0.17], [0.83, 0.17]]]
    """
    u_hat, iterations = as_float("u_hat", u_hat), integer("iterations", iterations, 1)
    if u_hat.ndim < 3 or u_hat.size == 0:
        raise ShapeError(f"u_hat has shape {u_hat.shape}: must have the axes (..., I, J, D), none of them empty")
    if iterations > MOST_ITERATIONS:
        raise ShapeError(f"iterations={shown(iterations)}: must be at most {MOST_ITERATIONS}")
    return _routing(u_hat, iterations)


def _routing(u_hat: np.ndarray, iterations: int) -> Iterator[RoutingStep]:
    step = None
    for iteration in range(1, iterations + 1):
        with np.errstate(invalid="ignore"):  # from infinite numbers come nan, without a word
            logits = step.logits + step.agreement if step else np.zeros(u_hat.shape[:-1], u_hat.dtype)
            couplings = ops.softmax(logits)
            s = _weighted(couplings, u_hat)
            step = RoutingStep(iteration, u_hat, logits, couplings, s, squash(s))
        yield step


def route(u_hat: np.ndarray, iterations: int = 3) -> np.ndarray:
    """The capsules v that the votes lead to, (..., J, D): those of the last of :func:`routing_steps`.

    Arguments and errors are those of :func:`routing_steps`.

    >>> route(np.array([[[2.0], [1.0]], [[2.0], [-1.0]]]), 2).round(2)  # the first takes both, the other is nothing
    array([[0.92],
           [0.  ]])
    """
    *_, last = routing_steps(u_hat, iterations)
    return last.v


@np.errstate(invalid="ignore")  # from infinite numbers come nan, without a word
def route_backward(grad: np.ndarray, steps: Sequence[RoutingStep]) -> np.ndarray:
    """Gradient of a loss with respect to the votes, given that of :func:`route`'s result.

    It is exact: it goes back through every iteration and softmax, since the couplings came from the votes, too.
    Many programs take the couplings for constants. That saves a tenth of a training step of :class:`CapsuleNet`,
    and after 4 epochs of 20,000 digits 98.2 % of the test digits are right instead of 98.5 % (means of three seeds).

    Args:
        grad: (..., J, D).
        steps: all records of :func:`routing_steps`, in their order.

    Returns:
        (..., I, J, D).

    Raises:
        TypeError: ``grad`` does not hold real numbers.
        ShapeError: it has not the shape of the capsules.

    >>> steps = list(routing_steps(np.array([[[2.0]], [[2.0]]])))  # one capsule above: nothing to choose
    >>> route_backward(np.array([[1.0]]), steps).ravel().round(4)  # the slope of squash at 2 + 2: 8/17²
    array([0.0277, 0.0277])
    """
    if not len(steps):
        raise ValueError("steps is empty: must hold all records of routing_steps")
    u_hat = steps[-1].u_hat
    grad = ops.check_shape("grad", as_float("grad", grad), steps[-1].v.shape, "the shape of the capsules v")
    grad_logits = np.zeros((), u_hat.dtype)
    parts = []  # pairs (I, J) and (J, D): the gradient is the sum of their products
    for step, before in zip(reversed(steps), [*reversed(steps[:-1]), None], strict=True):
        grad_s = squash_backward(grad, step.s)
        parts.append((step.couplings, grad_s))  # s = Σ c û
        if before:
            grad_c = _dot(u_hat, grad_s)
            mean = (step.couplings * grad_c).sum(axis=-1, keepdims=True)
            grad_logits = grad_logits + step.couplings * (grad_c - mean)  # c = softmax(b)
            parts.append((grad_logits, before.v))  # b = b before + û · v before
            grad = _weighted(grad_logits, u_hat)
    weights, vectors = (np.stack(each, axis=-2) for each in zip(*parts, strict=True))  # (..., I, K, J), (..., J, K, D)
    return (np.moveaxis(weights, -1, -3) @ vectors).swapaxes(-3, -2)


def _weighted(weights: np.ndarray, u_hat: np.ndarray) -> np.ndarray:
    """Σ over i of weights (..., I, J) times votes (..., I, J, D): (..., J, D)."""
    return (weights.swapaxes(-2, -1)[..., None, :] @ u_hat.swapaxes(-3, -2))[..., 0, :]


def _dot(u_hat: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Each vote (..., I, J, D) times the capsule (..., J, D) it is for: (..., I, J)."""
    return (u_hat.swapaxes(-3, -2) @ v[..., None])[..., 0].swapaxes(-2, -1)


# Layers


class PrimaryCaps(Layer):
    """The first capsules: a convolution whose channels are taken ``dimensions`` at a time (the paper, section 4).

    (C, H, W) becomes (types, H', W', dimensions): at every place one capsule of each type, squashed.

    >>> layer = PrimaryCaps(256, 32, 8, 9, stride=2)  # the paper's
    >>> layer.output_shape((256, 20, 20))
    (32, 6, 6, 8)
    """

    def __init__(
        self, in_channels: int, types: int, dimensions: int, kernel_size: ops.IntOrPair, *,
        stride: ops.IntOrPair = 1, padding: ops.IntOrPair = 0, gain: float = 1.0,
    ):  # fmt: skip
        self.types, self.dimensions = integer("types", types, 1), integer("dimensions", dimensions, 1)
        channels = self.types * self.dimensions
        self.conv = Conv2d(in_channels, channels, kernel_size, stride=stride, padding=padding, gain=gain)

    def settings(self) -> dict[str, object]:
        inside = {name: value for name, value in self.conv.settings().items() if name != "out_channels"}
        return {"types": self.types, "dimensions": self.dimensions} | inside

    def state(self) -> dict[str, Parameter]:
        return self.conv.state()

    def output_shape(self, input_shape: Shape) -> Shape:
        _, h, w = self.conv.output_shape(input_shape)
        return self.types, h, w, self.dimensions

    def multiply_adds(self, input_shape: Shape) -> int:
        return self.conv.multiply_adds(input_shape)

    def connections(self, input_shape: Shape) -> int:
        return self.conv.connections(input_shape)

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        return self.conv.receptive_field(fields, input_shape)

    def forget(self) -> None:
        super().forget()
        self.conv.forget()

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        maps = self.conv.forward(x, training)  # (N, types dimensions, H, W)
        s = maps.reshape(len(maps), self.types, self.dimensions, *maps.shape[2:])
        self._saved = (s, maps.shape)
        return np.moveaxis(squash(s, axis=2), 2, -1)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        s, shape = self.saved()
        return self.conv.backward(squash_backward(np.moveaxis(grad, -1, 2), s, axis=2).reshape(shape), input_grad)


class DigitCaps(Layer):
    """Capsules that every capsule below votes for, routed by agreement (the paper, equation 2 and procedure 1).

    (..., in_dimensions) with ``in_capsules`` capsules in all becomes (capsules, dimensions). Each pair of
    capsules has a matrix of its own, which makes the vote û = W u.

    >>> layer = DigitCaps(32 * 6 * 6, 8, 10, 16)  # the paper's
    >>> layer.output_shape((32, 6, 6, 8)), layer.multiply_adds((32, 6, 6, 8))
    ((10, 16), 1474560)
    """

    def __init__(
        self, in_capsules: int, in_dimensions: int, capsules: int, dimensions: int, *,
        iterations: int = 3, gain: float = 1.0,
    ):  # fmt: skip
        self.in_capsules = integer("in_capsules", in_capsules, 1)
        self.in_dimensions = integer("in_dimensions", in_dimensions, 1)
        self.capsules, self.dimensions = integer("capsules", capsules, 1), integer("dimensions", dimensions, 1)
        self.iterations = integer("iterations", iterations, 1)
        gain = check_number("gain", gain, "of at least 0", lambda gain: gain >= 0)
        # With variance 1 / D a vote is about as long as the capsule that gives it.
        shape = self.in_capsules, self.capsules, self.dimensions, self.in_dimensions
        self.weight = Parameter(shape, (gain / self.dimensions) ** 0.5)

    def settings(self) -> dict[str, object]:
        names = ("in_capsules", "in_dimensions", "capsules", "dimensions", "iterations")
        return {name: getattr(self, name) for name in names}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight}

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = tuple(input_shape)
        if shape[-1:] != (self.in_dimensions,) or int(np.prod(shape[:-1])) != self.in_capsules:
            needed = f"{self.in_capsules} capsules of {self.in_dimensions} numbers a sample"
            raise ShapeError(f"{self!r} takes {needed}, (..., {self.in_dimensions}), not {shape}")
        return self.capsules, self.dimensions

    def multiply_adds(self, input_shape: Shape) -> int:
        """Those of the votes; routing has no weights."""
        self.output_shape(input_shape)
        return self.weight.size

    def connections(self, input_shape: Shape) -> int:
        return self.multiply_adds(input_shape)

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        if len(input_shape) != 4:
            return fields
        return fields[0].together(input_shape[1]), fields[1].together(input_shape[2])

    def votes(self, u: np.ndarray) -> np.ndarray:
        """û, (N, I, J, D), of capsules (N, ..., E): what :func:`routing_steps` takes."""
        self.output_shape(u.shape[1:])
        u, weight = u.reshape(len(u), self.in_capsules, -1), self.value("weight")
        votes = u.transpose(1, 0, 2) @ weight.reshape(len(weight), -1, self.in_dimensions).transpose(0, 2, 1)
        votes = votes.reshape(self.in_capsules, len(u), self.capsules, self.dimensions)
        # In memory (N, J, I, D): routing makes matrix products over I and D.
        return np.ascontiguousarray(votes.transpose(1, 2, 0, 3)).swapaxes(1, 2)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        steps = list(routing_steps(self.votes(x), self.iterations))
        self._saved = (x, steps)
        return steps[-1].v

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        x, steps = self.saved()
        u, weight = x.reshape(len(x), self.in_capsules, -1), self.value("weight")
        back = route_backward(grad, steps).transpose(1, 0, 2, 3).reshape(self.in_capsules, len(x), -1)  # (I, N, J D)
        self.weight.grad = (back.transpose(0, 2, 1) @ u.transpose(1, 0, 2)).reshape(weight.shape)
        if not input_grad:
            return None
        return (back @ weight.reshape(len(weight), -1, self.in_dimensions)).transpose(1, 0, 2).reshape(x.shape)


# The network

MARGINS = 0.9, 0.1
"""m⁺, at least how long the right capsule is to be, and m⁻, at most how long the others (the paper, section 3)."""
DOWN_WEIGHT = 0.5
"""λ: how much the capsules of absent classes count (the paper, section 3)."""
RECONSTRUCTION_WEIGHT = 0.0005
"""What the summed squared error of a reconstruction counts beside the margin loss (the paper, section 4.1)."""
PERTURBATIONS = tuple(number / 20 for number in range(-5, 6))
"""-0.25 to 0.25 in steps of 0.05 (the paper, figure 4)."""


def margin_loss(lengths: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
    """What the lengths lack to say the class, and its gradient with respect to them (the paper, equation 4).

    T max(0, m⁺ - length)² + λ (1 - T) max(0, length - m⁻)², T = 1 for the right class and 0 for
    the others, summed over the classes; the mean over the samples.

    Args:
        lengths: of each class's capsule, (N, M).
        labels: the right classes, integers (N,) from 0 to M - 1.

    Returns:
        The loss, and the gradient, (N, M), of the dtype of ``lengths``.

    Raises:
        TypeError: ``lengths`` does not hold real numbers, or ``labels`` integers.
        ShapeError: an array has the wrong axes or an empty one, or the counts differ.
        ValueError: a label is out of range.

    >>> loss, grad = margin_loss(np.array([[0.4, 0.05, 0.3]]), np.array([0]))
    >>> round(loss, 4), grad.round(4)  # 0.5² for the right one, 0.5 · 0.2² for the last
    (0.27, array([[-1. ,  0. ,  0.2]]))
    """
    lengths = ops.check_axes("lengths", as_float("lengths", lengths), "N, M")
    right = _one_hot(ops.check_labels(labels, *lengths.shape), lengths)
    if not np.isfinite(lengths).all() or np.abs(lengths).max() > 1e9:
        raise ValueError("lengths hold NaN, infinity or a number beyond 1e9: must be the lengths of capsules")
    too_short = right * np.maximum(0, MARGINS[0] - lengths)
    too_long = (1 - right) * np.maximum(0, lengths - MARGINS[1])
    n = len(lengths)
    loss = float((too_short**2 + DOWN_WEIGHT * too_long**2).sum()) / n
    return loss, (DOWN_WEIGHT * too_long - too_short) * (2 / n)


def _one_hot(labels: np.ndarray, like: np.ndarray) -> np.ndarray:
    """1 at each sample's label, else 0; (N, M) and the dtype of ``like``."""
    return (np.arange(like.shape[1]) == np.asarray(labels)[:, None]).astype(like.dtype)


class CapsuleNet(Sequential):
    """A small capsule network (after the paper's figures 1 and 2): the length of a capsule says how surely its class is there.

    Inputs are digits as :func:`lecture_lib.data.digits_as_input` makes them, (N, 1, side, side); ``forward`` gives the
    lengths, (N, classes). A decoder paints the digit again from the class's capsule, all others masked. Train it with
    its own :meth:`loss`::

        fit(net, data, loss=net.loss, prepare=digits_as_input)

    Args:
        channels: maps of the first convolution; the paper has 256.
        types: of primary capsules, 8 numbers each; the paper has 32.
        dimensions: numbers of a class's capsule.
        hidden: sizes of the decoder's two hidden layers; the paper has 512 and 1,024.
        iterations: of the routing.
        classes: capsules to route to.
        side: height and width of a digit, in pixels.

    Raises:
        TypeError, ShapeError: a size is no integer, or below 1; ``side`` is too small for the convolutions.

    >>> from lecture_lib.models import summary
    >>> CapsuleNet().output_shape((1, 28, 28)), summary(CapsuleNet(), (1, 28, 28)).total_parameters
    ((10,), 282688)
    """

    def __init__(
        self, channels: int = 32, types: int = 6, dimensions: int = 16, hidden: tuple[int, int] = (64, 128), *,
        iterations: int = 3, classes: int = 10, side: int = 28,
    ):  # fmt: skip
        hidden = pair("hidden", hidden, 1)
        below = {
            "conv1": Conv2d(1, channels, 7, stride=2), "relu1": Activation("relu"),
            "primary": PrimaryCaps(channels, types, 8, 5, stride=2),
        }  # fmt: skip
        *places, size = Sequential(below).output_shape((1, side, side))
        digit = DigitCaps(int(np.prod(places)), size, classes, dimensions, iterations=iterations)
        decoder = {
            "flatten": Flatten(),
            "fc1": Linear(classes * dimensions, hidden[0]), "relu1": Activation("relu"),
            "fc2": Linear(hidden[0], hidden[1]), "relu2": Activation("relu"),
            "fc3": Linear(hidden[1], side * side, gain=1.0), "sigmoid": Activation("sigmoid"),
        }  # fmt: skip
        self.classes, self.side = classes, side
        super().__init__({"encoder": Sequential(below | {"digit": digit}), "decoder": Sequential(decoder)})

    def output_shape(self, input_shape: Shape) -> Shape:
        return self["encoder"].output_shape(input_shape)[:1]

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        v = self["encoder"].forward(x, training)
        self._saved = (x, v, np.zeros((), v.dtype))
        return _directions(v)[1][:, :, 0]

    def loss(self, lengths: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        """The margin loss plus the weighted squared error of the reconstructions, for the batch of the last ``forward``.

        The gradient returned is that of the margin loss. The other, of the capsules, stays here until ``backward``
        adds it, and the decoder's parameters have theirs.

        Raises:
            StateError: there was no ``forward``.
            TypeError, ShapeError, ValueError: as :func:`margin_loss`.
        """
        x, v, _ = self.saved()
        loss, grad = margin_loss(lengths, labels)
        painted, present = self._paint(v, labels)
        error = painted - (x.reshape(painted.shape) - BACKGROUND) / (STROKE - BACKGROUND)
        weight = RECONSTRUCTION_WEIGHT / len(x)
        self._saved = (x, v, self["decoder"].backward(2 * weight * error) * present)
        return loss + weight * float((error * error).sum()), grad

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        """As of every layer, of the lengths; after :meth:`loss`, of the reconstruction, too."""
        _, v, from_decoder = self.saved()
        return self["encoder"].backward(_directions(v)[0] * grad[:, :, None] + from_decoder, input_grad)

    def _paint(self, v: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The decoder's pixels, (N, side²), and the mask it saw the capsules through, (N, classes, 1)."""
        present = _one_hot(labels, v)[:, :, None]
        return self["decoder"].forward(v * present), present

    def votes(self, x: np.ndarray) -> np.ndarray:
        """û, (N, I, classes, dimensions): what the primary capsules of digits (N, 1, side, side) say to be routed."""
        *below, digit = self["encoder"].layers.values()
        for layer in below:
            x = layer.forward(x)
        return digit.votes(x)

    def reconstruct(self, v: np.ndarray, labels: np.ndarray | None = None) -> np.ndarray:
        """What the decoder paints from capsules, of which it sees one a sample.

        Args:
            v: the encoder's capsules, (N, classes, dimensions).
            labels: which class's capsule it sees, integers (N,); None takes the longest.

        Returns:
            (N, side, side), from 0 black to 1 white.

        Raises:
            TypeError: ``v`` does not hold real numbers, or ``labels`` integers.
            ShapeError: ``v`` has other axes or an empty one, or the counts differ.
            ValueError: a label is out of range.
        """
        v = ops.check_axes("v", as_float("v", v), "N, M, D")
        labels = (v * v).sum(axis=2).argmax(axis=1) if labels is None else ops.check_labels(labels, *v.shape[:2])
        return self._paint(v, labels)[0].reshape(len(v), self.side, self.side)

    def perturbed(self, capsule: np.ndarray, label: int, changes: Sequence[float] = PERTURBATIONS) -> np.ndarray:
        """What the decoder paints when one number of a class's capsule changes at a time (the paper, figure 4).

        Args:
            capsule: of one digit and its class, (dimensions,).
            label: which class.
            changes: what is added.

        Returns:
            (dimensions, changes, side, side): a row of pictures for each number of the capsule.

        Raises:
            TypeError, ShapeError, ValueError: as :meth:`reconstruct`.

        >>> net = CapsuleNet().init(0)
        >>> net.perturbed(np.full(16, 0.2), label=3).shape
        (16, 11, 28, 28)
        """
        capsule = ops.check_axes("capsule", as_float("capsule", capsule), "D")
        changes = ops.check_axes("changes", as_float("changes", changes), "changes")
        d, n = len(capsule), len(changes)
        seen = np.tile(capsule, (d, n, 1))
        seen[np.arange(d), :, np.arange(d)] += changes
        v = np.zeros((d * n, self.classes, d), seen.dtype)
        labels = ops.check_labels(np.full(d * n, label), d * n, self.classes)
        v[:, label] = seen.reshape(d * n, d)
        return self.reconstruct(v, labels).reshape(d, n, self.side, self.side)


CAPSULES_WEIGHTS = Path(__file__).parent / "digits" / "capsules.npz"
"""The weights that come with the lecture, made by ``tools/train_capsules.py``, in half precision."""


def trained_capsules() -> tuple[CapsuleNet, dict[str, str]]:
    """The capsule network with the weights that come with the lecture, and the notes of their file.

    The notes say by which ``command`` and ``seed`` they were made, from how many ``training_digits``,
    and the ``test_accuracy`` on the 10,000 official test digits.

    >>> net, notes = trained_capsules()
    >>> float(notes["test_accuracy"]) > 0.99
    True
    """
    net = CapsuleNet()
    return net, net.load_weights(CAPSULES_WEIGHTS)
