"""Convolution layers: all filters see all channels, or only some of them."""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np

from .. import ops
from ..arguments import check_room, shown
from ..shapes import ShapeError, Window, check_groups, conv_cost, integer, pair, times
from .base import Fields, Layer, Listed, Parameter, Shape, Windowed, first_weights, map_shape


class Conv2d(Windowed):
    """A convolution layer: :func:`lecture_lib.ops.conv2d` with weights of its own.

    ``gain`` sets the size of the first weights, of variance gain / fan-in.

    >>> layer = Conv2d(3, 10, 5, padding=2)  # the lecture's example
    >>> layer.output_shape((3, 32, 32)), sum(p.size for p in layer.parameters().values())
    ((10, 32, 32), 760)
    """

    listed = Listed("conv", "conv", ("filters", "kernel_size", "stride", "padding", "groups"))

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: ops.IntOrPair, *, stride: ops.IntOrPair = 1,
        padding: ops.IntOrPair = 0, dilation: ops.IntOrPair = 1, groups: int = 1, gain: float = 2.0,
    ):  # fmt: skip
        self.in_channels = integer("in_channels", in_channels, 1)
        self.out_channels = integer("out_channels", out_channels, 1)
        self.kernel_size, self.stride = pair("kernel_size", kernel_size, 1), pair("stride", stride, 1)
        self.padding, self.dilation = pair("padding", padding, 0), pair("dilation", dilation, 1)
        self.groups = check_groups(self.in_channels, self.out_channels, groups)
        shape = self.out_channels, self.in_channels // self.groups, *self.kernel_size
        self.weight, self.bias = first_weights(shape, math.prod(shape[1:]), gain), Parameter(shape[:1], decays=False)

    @property
    def filters(self) -> int:
        """How many filters it has."""
        return self.out_channels

    @classmethod
    def from_list(cls, input_shape: Shape, *, filters: int, kernel_size: int, **options: int) -> Self:
        return cls(input_shape[0], filters, kernel_size, **options)

    def task(self, input_shape: Shape) -> str:
        depth = self.in_channels // self.groups
        text = f"{self.out_channels:,} filters of {times(self.kernel_size)}×{depth:,}"
        if self.groups == 1:
            return text
        towers = "two towers" if self.groups == 2 else f"{self.groups} groups"
        return f"{text}: {towers}, each filter sees {depth:,} of the {self.in_channels:,} maps"

    def traits(self) -> dict[str, str]:
        return {"filters": f"{self.out_channels}", "maps a filter sees": f"{self.in_channels // self.groups}"}

    def settings(self) -> dict[str, object]:
        names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups")
        usual = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}
        return {name: getattr(self, name) for name in names if getattr(self, name) != usual.get(name)}

    def output_shape(self, input_shape: Shape) -> Shape:
        return self.out_channels, *self._output_size(map_shape(self, input_shape, self.in_channels))

    def multiply_adds(self, input_shape: Shape) -> int:
        size = self.output_shape(input_shape)[1:]
        return conv_cost(self.in_channels, self.out_channels, self.kernel_size, size, self.groups).multiply_adds

    def connections(self, input_shape: Shape) -> int:
        return self.multiply_adds(input_shape) + math.prod(self.output_shape(input_shape))

    def _options(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation", "groups")}

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.conv2d(x, self.value("weight"), self.value("bias"), **self._options())

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        grad_x, self.weight.grad, self.bias.grad = ops.conv2d_backward(
            grad, x, self.value("weight"), **self._options(), input_grad=input_grad
        )
        return grad_x


class PartialConv2d(Conv2d):
    """A convolution whose filters see some of the channels only, as C3 of LeNet-5 (LeCun et al. 1998, table I).

    ``table`` lists for each filter the channels it sees. Only their weights exist.

    >>> sum(p.size for p in PartialConv2d(3, [(0, 1), (2,)], 5).parameters().values())  # 3 x 25 weights, 2 biases
    77
    """

    def __init__(
        self, in_channels: int, table: Sequence[Sequence[int]], kernel_size: ops.IntOrPair, *,
        stride: ops.IntOrPair = 1, padding: ops.IntOrPair = 0, dilation: ops.IntOrPair = 1, gain: float = 2.0,
    ):  # fmt: skip
        options = {"stride": stride, "padding": padding, "dilation": dilation}
        if not isinstance(table, Sequence) or not all(isinstance(channels, Sequence) for channels in table):
            raise TypeError(f"table={shown(table)}: must be a list of lists of input channels")
        in_channels = integer("in_channels", in_channels, 1)
        check_room("in_channels of table", in_channels, len(table))
        super().__init__(in_channels, len(table), kernel_size, **options)
        self.table = [tuple(channels) for channels in table]
        self.seen = np.zeros((len(table), in_channels), bool)
        for row, channels in zip(self.seen, self.table, strict=True):
            if not channels or any(not 0 <= integer("table", c, 0) < in_channels for c in channels):
                raise ShapeError(f"table has the row {channels}: must name channels from 0 to {in_channels - 1}")
            row[list(channels)] = True
        fan_in = math.prod(self.kernel_size) * int(self.seen.sum()) / len(table)
        self.weight = first_weights((int(self.seen.sum()), *self.kernel_size), fan_in, gain)

    def task(self, input_shape: Shape) -> str:
        pairs = f"{int(self.seen.sum())} of the {self.out_channels}·{self.in_channels} pairs of filter and map"
        return f"{self.out_channels} filters of {times(self.kernel_size)}; a table joins {pairs}"

    def traits(self) -> dict[str, str]:
        seen = sorted({len(channels) for channels in self.table})
        return super().traits() | {"maps a filter sees": " to ".join(map(str, seen[:: len(seen) - 1 or 1]))}

    def settings(self) -> dict[str, object]:
        return super().settings() | {"table": f"{int(self.seen.sum())} of {self.seen.size}"}

    def value(self, name: str) -> np.ndarray:
        value = super().value(name)
        if name != "weight":
            return value
        whole = np.zeros((self.out_channels, self.in_channels, *self.kernel_size), value.dtype)
        whole[self.seen] = value
        return whole

    def multiply_adds(self, input_shape: Shape) -> int:
        return self.weight.size * math.prod(self.output_shape(input_shape)[1:])

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        grad_x = super().backward(grad, input_grad)
        self.weight.grad = self.weight.grad[self.seen]
        return grad_x


class ZeroPad2d(Layer):
    """Zeros around each map, as many on each side as it is told: the padding of a convolution is the same on both.

    ``padding`` is (left, right, top, bottom), or one number for all four, as in PyTorch.

    >>> ZeroPad2d((0, 1, 0, 1)).forward(np.ones((1, 1, 1, 2)))[0, 0]
    array([[1., 1., 0.],
           [0., 0., 0.]])
    """

    takes_maps = True

    def __init__(self, padding: int | tuple[int, int, int, int]):
        sides = padding if isinstance(padding, tuple | list) else (padding,) * 4
        if len(sides) != 4:
            raise ShapeError(f"padding={padding!r}: must be one number, or (left, right, top, bottom)")
        self.padding = tuple(integer("padding", side, 0) for side in sides)

    def task(self, input_shape: Shape) -> str:
        return "zeros around each map: " + ", ".join(
            f"{count} {side}"
            for count, side in zip(self.padding, ("left", "right", "above", "below"), strict=True)
            if count
        )

    def output_shape(self, input_shape: Shape) -> Shape:
        left, right, top, bottom = self.padding
        channels, rows, cols = map_shape(self, input_shape)
        return channels, top + rows + bottom, left + cols + right

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        vertical, horizontal = fields
        left, _, top, _ = self.padding
        return vertical.through(Window(1, padding=top)), horizontal.through(Window(1, padding=left))

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.output_shape(x.shape[1:])
        self._saved = (x.shape,)
        left, right, top, bottom = self.padding
        return np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        ((*_, rows, cols),) = self.saved()
        left, _, top, _ = self.padding
        return grad[:, :, top : top + rows, left : left + cols] if input_grad else None
