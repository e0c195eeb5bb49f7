"""Layers that make maps smaller: by the maximum, the mean, or LeNet-5's mean with a weight."""

import math

import numpy as np

from .. import ops
from ..arguments import shown
from ..shapes import ShapeError, floor_only, integer, pair, times
from .base import Fields, Layer, Listed, Parameter, Shape, Windowed, map_shape, side_words


class _Pool2d(Windowed):
    """What both poolings share."""

    keeps: str
    """What it keeps of a window, in words."""

    def __init__(
        self, kernel_size: ops.IntOrPair, stride: ops.IntOrPair | None = None, padding: ops.IntOrPair = 0, ceil_mode: bool = False
    ):  # fmt: skip
        floor_only(ceil_mode)
        self.kernel_size, self.padding = pair("kernel_size", kernel_size, 1), pair("padding", padding, 0)
        self.stride = self.kernel_size if stride is None else pair("stride", stride, 1)
        if any(2 * p > f for p, f in zip(self.padding, self.kernel_size, strict=True)):
            raise ShapeError(f"padding={shown(padding)}: must be at most half of kernel_size={shown(kernel_size)}")

    def task(self, input_shape: Shape) -> str:
        return f"The {self.keeps} of {times(self.kernel_size)} values, in steps of {side_words(self.stride)}"

    def traits(self) -> dict[str, str]:
        return {"learned numbers a map": f"{len(self.parameters())}"}

    def settings(self) -> dict[str, object]:
        padding = {"padding": self.padding} if self.padding != (0, 0) else {}
        return {"kernel_size": self.kernel_size, "stride": self.stride} | padding

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = map_shape(self, input_shape)
        return shape[0], *self._output_size(shape)


class MaxPool2d(_Pool2d):
    """Max pooling: :func:`lecture_lib.ops.max_pool2d`; ``stride=None`` means windows side by side.

    >>> MaxPool2d(3, 2).output_shape((96, 55, 55))  # AlexNet's overlapping windows
    (96, 27, 27)
    """

    listed = Listed("max pool", "pool", ("kernel_size", "stride", "padding"))
    keeps = "largest value"

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        out = ops.max_pool2d(x, self.kernel_size, self.stride, self.padding)
        self._saved = (x, out)
        return out

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        x, out = self.saved()
        if not input_grad:
            return None
        return ops.max_pool2d_backward(grad, x, self.kernel_size, self.stride, self.padding, out=out)


class AvgPool2d(_Pool2d):
    """Average pooling: :func:`lecture_lib.ops.avg_pool2d`; ``stride=None`` means windows side by side.

    >>> AvgPool2d(2).output_shape((6, 28, 28))
    (6, 14, 14)
    """

    listed = Listed("average pool", "pool", ("kernel_size", "stride", "padding"))
    keeps = "mean"

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.avg_pool2d(x, self.kernel_size, self.stride, self.padding)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        return ops.avg_pool2d_backward(grad, x, self.kernel_size, self.stride, self.padding) if input_grad else None


class Subsampling(AvgPool2d):
    """S2 and S4 of LeNet-5: a 2x2 mean, times one learned number a map, plus another (LeCun et al. 1998, section II.B).

    The paper adds four inputs where this takes their mean; the coefficient makes up for it.

    >>> layer = Subsampling(6)
    >>> sum(p.size for p in layer.parameters().values()), layer.connections((6, 28, 28))
    (12, 5880)
    """

    def __init__(self, channels: int, kernel_size: ops.IntOrPair = 2):
        super().__init__(kernel_size)
        self.channels = integer("channels", channels, 1)
        self.weight = Parameter((self.channels,), mean=1.0, decays=False)
        self.bias = Parameter((self.channels,), decays=False)

    def task(self, input_shape: Shape) -> str:
        return f"The mean of {times(self.kernel_size)} values, times one weight a map, plus one bias a map"

    def settings(self) -> dict[str, object]:
        return {"channels": self.channels, "kernel_size": self.kernel_size}

    def output_shape(self, input_shape: Shape) -> Shape:
        return super().output_shape(map_shape(self, input_shape, self.channels))

    def multiply_adds(self, input_shape: Shape) -> int:
        return math.prod(self.output_shape(input_shape))

    def connections(self, input_shape: Shape) -> int:
        return (math.prod(self.kernel_size) + 1) * math.prod(self.output_shape(input_shape))

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.output_shape(x.shape[1:])
        mean = super().forward(x, training)
        self._saved = (x, mean)
        return mean * self.value("weight")[:, None, None] + self.value("bias")[:, None, None]

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        x, mean = self.saved()
        sums = np.einsum("nchw,nchw->c", grad, mean, dtype=np.float64), grad.sum(axis=(0, 2, 3), dtype=np.float64)
        self.weight.grad, self.bias.grad = (each.astype(mean.dtype, copy=False) for each in sums)
        grad = grad * self.value("weight")[:, None, None]
        return ops.avg_pool2d_backward(grad, x, self.kernel_size, self.stride) if input_grad else None


class GlobalAvgPool2d(Layer):
    """The mean of each map: :func:`lecture_lib.ops.global_avg_pool2d`.

    >>> GlobalAvgPool2d().output_shape((10, 6, 6))
    (10,)
    """

    takes_maps = True

    def output_shape(self, input_shape: Shape) -> Shape:
        return map_shape(self, input_shape)[:1]

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        return fields[0].together(input_shape[1]), fields[1].together(input_shape[2])

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.global_avg_pool2d(x)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        return ops.global_avg_pool2d_backward(grad, *self.saved()) if input_grad else None
