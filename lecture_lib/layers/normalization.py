"""Normalisation and dropout: layers that behave in training as they do not afterwards, and one that does not."""

from typing import Self

import numpy as np

from .. import ops
from ..ops.normalization import check_probability
from ..shapes import integer
from .base import Layer, Listed, Parameter, Shape, map_shape


class LocalResponseNorm(Layer):
    """Normalisation across neighbouring maps: :func:`lecture_lib.ops.local_response_norm`.

    >>> LocalResponseNorm().output_shape((96, 55, 55))
    (96, 55, 55)
    """

    listed, takes_maps = Listed("local norm", "norm"), True

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0):
        self.size, self.alpha, self.beta, self.k = integer("size", size, 1), alpha, beta, k

    @classmethod
    def from_list(cls, input_shape: Shape) -> Self:
        return cls(5, 5e-4, 0.75, 2.0)  # as in AlexNet

    def task(self, input_shape: Shape) -> str:
        return f"Each value is divided by what {self.size} neighbouring maps answer at its place: the shape stays"

    def output_shape(self, input_shape: Shape) -> Shape:
        return map_shape(self, input_shape)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.local_response_norm(x, **self.settings())

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        return ops.local_response_norm_backward(grad, *self.saved(), **self.settings()) if input_grad else None


class BatchNorm2d(Layer):
    """Batch normalisation (Ioffe & Szegedy 2015): of the batch in training, by running averages afterwards.

    ``momentum`` is the share of the newest batch in the running averages.

    >>> sum(p.size for p in BatchNorm2d(16).parameters().values())
    32
    """

    takes_maps = True

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1):
        self.num_features, self.eps, self.momentum = integer("num_features", num_features, 1), eps, momentum
        shape = (self.num_features,)
        self.weight = Parameter(shape, mean=1.0, decays=False)
        self.bias = Parameter(shape, decays=False)
        self.running_mean = Parameter(shape, learned=False)
        self.running_var = Parameter(shape, mean=1.0, learned=False)

    def multiply_adds(self, input_shape: Shape) -> int:
        """0: a scale for each number is not counted; after training it can be taken into the layer before."""
        self.output_shape(input_shape)
        return 0

    def settings(self) -> dict[str, object]:
        return {"num_features": self.num_features}

    def output_shape(self, input_shape: Shape) -> Shape:
        return map_shape(self, input_shape, self.num_features)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.output_shape(x.shape[1:])
        count = x.size // x.shape[1]
        running = ops.BatchStatistics(self.value("running_mean"), self.value("running_var"), count)
        out, used = ops.batch_norm(x, self.value("weight"), self.value("bias"), None if training else running, self.eps)
        self._saved = (x, used, training)
        if training:  # PyTorch, too, keeps the running variance unbiased
            self._average(self.running_mean, used.mean)
            self._average(self.running_var, used.variance * (count / max(1, count - 1)))
        return out

    def _average(self, running: Parameter, newest: np.ndarray) -> None:
        after = running.value + self.momentum * (newest - running.value)
        running.value = after.astype(running.value.dtype, copy=False)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        x, used, training = self.saved()
        weight = self.value("weight")
        grad_x, self.weight.grad, self.bias.grad = ops.batch_norm_backward(grad, x, weight, used, self.eps)
        if not training:  # given averages do not depend on the input
            grad_x = grad * (weight / np.sqrt(used.variance + self.eps))[:, None, None]
        return grad_x if input_grad else None


class Dropout(Layer):
    """Zero a share ``p`` of the values in training, nothing afterwards: :func:`lecture_lib.ops.dropout`.

    >>> Dropout(0.5).forward(np.ones((1, 2)))
    array([[1., 1.]])
    """

    listed = Listed("dropout", "drop")

    def __init__(self, p: float = 0.5):
        self.p, self.rng = check_probability(p), np.random.default_rng(0)

    def task(self, input_shape: Shape) -> str:
        return f"In training, each value is set to 0 with probability {self.p:g}: the shape stays"

    def init(self, rng: np.random.Generator, dtype: np.dtype = np.float32) -> Self:
        (self.rng,) = rng.spawn(1)
        return self

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        if not training:
            self._saved = (np.ones((), x.dtype),)
            return x
        out, factor = ops.dropout(x, self.p, self.rng)
        self._saved = (factor,)
        return out

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        return grad * self.saved()[0] if input_grad else None
