"""A small capsule network, and its loss."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .... import ops
from ....arguments import as_float
from ....layers import Activation, Conv2d, Flatten, Linear, Shape
from ....models import BACKGROUND, STROKE, Sequential
from ....shapes import pair
from .layers import DigitCaps, PrimaryCaps
from .routing import directions

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
        return directions(v)[1][:, :, 0]

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
        return self["encoder"].backward(directions(v)[0] * grad[:, :, None] + from_decoder, input_grad)

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


CAPSULES_WEIGHTS = Path(__file__).parents[3] / "digits" / "capsules.npz"
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
