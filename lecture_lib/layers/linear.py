"""From maps to a vector, and layers in which every unit sees every number."""

import math
from typing import Self

import numpy as np

from .. import ops
from ..arguments import as_float
from ..shapes import ShapeError, integer
from .base import Fields, Layer, Listed, Parameter, Shape, first_weights, product_words


class Flatten(Layer):
    """Maps to a vector, map by map and row by row: (C, H, W) to (C H W,).

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

    listed = Listed("flatten", "flatten", numbered=False)

    def task(self, input_shape: Shape) -> str:
        return f"The same numbers in one row: {product_words(input_shape)} = {math.prod(input_shape):,}"

    def makes_volume(self, input_shape: Shape) -> bool:
        return False

    def output_shape(self, input_shape: Shape) -> Shape:
        return (math.prod(map(int, input_shape)),)

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        if len(input_shape) != 3:
            return fields
        return fields[0].together(input_shape[1]), fields[1].together(input_shape[2])

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x.shape,)
        # A view where the batch lies last, as our own operations leave it.
        return np.moveaxis(x, 0, -1).reshape(-1, len(x)).T

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (shape,) = self.saved()
        return np.moveaxis(grad.T.reshape(*shape[1:], shape[0]), -1, 0) if input_grad else None


class Linear(Layer):
    """A fully connected layer: :func:`lecture_lib.ops.linear` with weights of its own.

    >>> layer = Linear(120, 84)  # F6 of LeNet-5
    >>> sum(p.size for p in layer.parameters().values()), layer.multiply_adds((120,))
    (10164, 10080)
    """

    listed = Listed("linear", "fc", ("filters",))

    def __init__(self, in_features: int, out_features: int, *, gain: float = 2.0):
        self.in_features = integer("in_features", in_features, 1)
        self.out_features = integer("out_features", out_features, 1)
        self.weight = first_weights((self.out_features, self.in_features), self.in_features, gain)
        self.bias = Parameter((self.out_features,), decays=False)

    @property
    def filters(self) -> int:
        """Its units, as a list calls them."""
        return self.out_features

    @classmethod
    def from_list(cls, input_shape: Shape, *, filters: int) -> Self:
        return cls(math.prod(input_shape), filters)

    def task(self, input_shape: Shape) -> str:
        return f"{self.out_features:,} units, each wired to all {self.in_features:,} numbers"

    def traits(self) -> dict[str, str]:
        return {"units": f"{self.out_features}", "inputs": f"{self.in_features}", "learned": "weights and biases"}

    def makes_volume(self, input_shape: Shape) -> bool:
        return True

    def output_shape(self, input_shape: Shape) -> Shape:
        if tuple(input_shape) != (self.in_features,):
            hint = "; put a Flatten before it" if len(input_shape) == 3 else ""
            raise ShapeError(f"{self!r} takes ({self.in_features},) numbers a sample, not {tuple(input_shape)}{hint}")
        return (self.out_features,)

    def multiply_adds(self, input_shape: Shape) -> int:
        self.output_shape(input_shape)
        return self.weight.size

    def connections(self, input_shape: Shape) -> int:
        return self.multiply_adds(input_shape) + self.out_features

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.linear(x, self.value("weight"), self.value("bias"))

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        grad_x, self.weight.grad, self.bias.grad = ops.linear_backward(
            grad, x, self.value("weight"), input_grad=input_grad
        )
        return grad_x


class RBF(Layer):
    """LeNet-5's output: minus the squared distance to a fixed code for each class (LeCun et al. 1998, equation 7).

    The paper's output is the distance itself; with the sign, the largest output wins, and
    :func:`lecture_lib.ops.softmax_cross_entropy` is the paper's equation 9 without its constant j.

    >>> RBF(np.array([[1.0, -1.0], [1.0, 1.0]])).init(None).forward(np.array([[1.0, 1.0]]))
    array([[-4., -0.]])
    """

    def __init__(self, codes: np.ndarray):
        self.codes = ops.check_axes("codes", as_float("codes", codes), "M, D")
        self.weight = Parameter(self.codes.shape, learned=False)

    def task(self, input_shape: Shape) -> str:
        return f"Distance to one fixed code for each of {self.codes.shape[0]} classes"

    def parameter_words(self) -> str:
        return f"{product_words(self.codes.shape)} = {self.codes.size:,} numbers are fixed, 0 are learned"

    def traits(self) -> dict[str, str]:
        return {"units": f"{self.codes.shape[0]}", "inputs": f"{self.codes.shape[1]}", "learned": "nothing"}

    def makes_volume(self, input_shape: Shape) -> bool:
        return True

    def settings(self) -> dict[str, object]:
        return {"in_features": self.codes.shape[1], "out_features": self.codes.shape[0]}

    def init(self, rng: np.random.Generator, dtype: np.dtype = np.float32) -> Self:
        self.weight.value = self.codes.astype(dtype)
        return self

    def output_shape(self, input_shape: Shape) -> Shape:
        if tuple(input_shape) != self.codes.shape[1:]:
            raise ShapeError(f"{self!r} takes {self.codes.shape[1:]} numbers a sample, not {tuple(input_shape)}")
        return self.codes.shape[:1]

    def multiply_adds(self, input_shape: Shape) -> int:
        self.output_shape(input_shape)
        return self.codes.size

    def connections(self, input_shape: Shape) -> int:
        return self.multiply_adds(input_shape)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.output_shape(x.shape[1:])
        difference = x[:, None, :] - self.value("weight")  # (N, M, D)
        self._saved = (difference,)
        return -(difference * difference).sum(axis=2)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (difference,) = self.saved()
        return np.einsum("nm,nmd->nd", -2 * grad, difference) if input_grad else None
