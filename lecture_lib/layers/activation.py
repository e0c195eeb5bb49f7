"""Activations as layers, with and without something to learn."""

from typing import Self

import numpy as np

from ..activations import activation
from ..shapes import ShapeError, integer
from .base import Layer, Listed, Parameter, Shape


class Activation(Layer):
    """A function of :data:`lecture_lib.activations.ACTIVATIONS`, number by number, its parameter fixed.

    >>> Activation("leaky_relu", 0.1).forward(np.array([[-1.0, 2.0]]))
    array([[-0.1,  2. ]])
    """

    listed = Listed("ReLU", "relu")

    def __init__(self, name: str, parameter: float | None = None):
        self.function, self.parameter = activation(name), parameter

    @property
    def kind(self) -> str:
        return self.function.title

    @classmethod
    def from_list(cls, input_shape: Shape) -> Self:
        return cls("relu")

    def task(self, input_shape: Shape) -> str:
        return f"{self.kind}, number by number: the shape stays"

    def settings(self) -> dict[str, object]:
        parameter = {"parameter": self.parameter} if self.parameter is not None else {}
        return {"name": self.function.name} | parameter

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return self.function.f(x, self.parameter)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        return grad * self.function.df(x, self.parameter) if input_grad else None


class ReLU6(Layer):
    """ReLU that stops at 6 (Krizhevsky 2010, "Convolutional deep belief networks on CIFAR-10"): min(max(x, 0), 6).

    Small and bounded numbers lose little when they are stored in few bits, as on phones.

    >>> ReLU6().forward(np.array([[-1.0, 2.0, 9.0]]))
    array([[0., 2., 6.]])
    """

    def task(self, input_shape: Shape) -> str:
        return "ReLU6, number by number: what is above 6 becomes 6, and the shape stays"

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return np.clip(x, 0, 6)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        return np.where((x > 0) & (x < 6), grad, 0) if input_grad else None


class PReLU(Layer):
    """Leaky ReLU whose slope is learned, one a channel or one for all (He et al. 2015, equations 1 to 3).

    >>> PReLU(2).init(np.random.default_rng(0)).forward(np.array([[-1.0, -1.0]]))
    array([[-0.25, -0.25]])
    """

    def __init__(self, channels: int = 1, start: float = 0.25):
        self.channels = integer("channels", channels, 1)
        # Weight decay would pull the slope to zero, and PReLU to ReLU (He et al. 2015, section 2.1).
        self.weight = Parameter((self.channels,), mean=start, decays=False)

    def multiply_adds(self, input_shape: Shape) -> int:
        """0: a slope for each number is not counted, as for all that works number by number."""
        self.output_shape(input_shape)
        return 0

    def output_shape(self, input_shape: Shape) -> Shape:
        if self.channels not in (1, input_shape[0]):
            raise ShapeError(f"{self!r} takes {self.channels} channels, not {input_shape[0]} of {tuple(input_shape)}")
        return tuple(input_shape)

    def _slopes(self, x: np.ndarray) -> np.ndarray:
        self.output_shape(x.shape[1:])
        return self.value("weight").reshape(-1, *[1] * (x.ndim - 2))

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return activation("prelu").f(x, self._slopes(x)).astype(x.dtype, copy=False)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        slopes = self._slopes(x)
        each = np.multiply(grad, activation("prelu").df_parameter(x, slopes), dtype=np.float64)  # two large ones, too
        each = each.sum(axis=(0, *range(2, x.ndim))) if self.channels > 1 else each.sum().reshape(1)
        self.weight.grad = each.astype(self.weight.value.dtype, copy=False)
        return grad * activation("prelu").df(x, slopes) if input_grad else None


class Maxout(Layer):
    """The largest of ``pieces`` neighbouring channels (Goodfellow et al. 2013, equation 1): C becomes C / pieces.

    After a layer with ``pieces`` times the outputs, each unit is the upper envelope of its pieces.

    >>> Maxout(2).forward(np.array([[1.0, 5.0, 4.0, 3.0]]))
    array([[5., 4.]])
    """

    def __init__(self, pieces: int = 2):
        self.pieces = integer("pieces", pieces, 1)

    def output_shape(self, input_shape: Shape) -> Shape:
        channels, *rest = input_shape
        if channels % self.pieces:
            raise ShapeError(f"{self!r} needs a multiple of {self.pieces} channels, not {channels}")
        return channels // self.pieces, *rest

    def _grouped(self, x: np.ndarray) -> np.ndarray:
        """(C / pieces, pieces, ..., N), a view."""
        channels, *rest = self.output_shape(x.shape[1:])
        return np.moveaxis(x, 0, -1).reshape(channels, self.pieces, *rest, len(x))

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        out = self._grouped(x).max(axis=1)
        self._saved = (x, out)
        return np.moveaxis(out, -1, 0)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        x, out = self.saved()
        if not input_grad:
            return None
        grouped, back = self._grouped(x), np.moveaxis(grad, 0, -1)
        grad_x = np.empty_like(x, grad.dtype)
        to_pieces = self._grouped(grad_x)
        waiting = np.ones_like(out, bool)  # whose winner is not found yet
        for piece in range(self.pieces):
            values = grouped[:, piece]
            won = waiting & ((values == out) | (values != values))  # of equal ones the first; NaN wins, as in max
            to_pieces[:, piece] = np.where(won, back, 0)
            waiting ^= won
        return grad_x


class ScaledTanh(Layer):
    """A tanh(S a), which maps ±1 to ±1: the squashing function of LeNet-5 (LeCun et al. 1998, equation 6).

    >>> ScaledTanh().forward(np.array([[-1.0, 1.0]])).round(4)
    array([[-1.,  1.]])
    """

    A, S = 1.7159, 2 / 3

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        out = np.tanh(self.S * x)
        self._saved = (out,)
        return self.A * out

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (out,) = self.saved()
        return grad * (self.A * self.S * (1 - out * out)) if input_grad else None
