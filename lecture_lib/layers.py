"""One class a layer: what comes out, what it costs, what it sees, forward and backward.

A layer is described first and gets its numbers later: construction stores sizes,
``init(rng)`` makes weights. So the table of a network costs nothing.

Shapes of one sample stand without the batch: (C, H, W) for maps, (D,) for vectors.
``forward`` keeps what ``backward`` needs; ``backward`` returns the gradient of the
input and leaves those of the weights in ``Parameter.grad``. No input is changed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np

from . import ops
from .activations import activation
from .arguments import as_float, check_number, check_room, shown
from .ops.normalization import check_probability
from .shapes import (
    ONE_PIXEL,
    ReceptiveField,
    ShapeError,
    Window,
    check_groups,
    conv_cost,
    conv_output_size,
    integer,
    pair,
)

Shape = tuple[int, ...]
Fields = tuple[ReceptiveField, ReceptiveField]
"""Receptive field along both axes, (vertical, horizontal)."""


class StateError(ValueError):
    """A layer is asked for something it cannot do yet; the message says what to call first."""


@dataclass(eq=False)
class Parameter:
    """An array that a layer keeps: its shape from the start, its values after ``init``."""

    shape: Shape
    deviation: float = 0.0
    """Standard deviation of the first values; 0 makes them all ``mean``."""
    mean: float = 0.0
    learned: bool = True
    """False for what training measures or leaves alone, such as running averages."""
    decays: bool = True
    """Whether weight decay pulls it to zero: weights yes, biases no."""
    value: np.ndarray | None = field(default=None, repr=False)
    grad: np.ndarray | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)

    def init(self, rng: np.random.Generator, dtype: np.dtype) -> None:
        """Draw the first values from the normal distribution."""
        check_room(f"a parameter of shape {self.shape}", self.size)
        self.value = np.full(self.shape, self.mean, dtype)
        if self.deviation:
            self.value += np.asarray(self.deviation, dtype) * rng.standard_normal(self.shape, dtype)


class Row(NamedTuple):
    """A layer in its place in a network."""

    name: str
    layer: "Layer"
    input_shape: Shape
    output_shape: Shape
    fields: Fields
    """What one unit of its output sees of the network's input."""


class Layer:
    """What all layers share. A layer without weights that works number by number is this, and two methods."""

    _saved: tuple | None = None

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings().items())
        return f"{type(self).__name__}({settings})"

    def settings(self) -> dict[str, object]:
        """What it was made with, by name."""
        return {}

    @property
    def kind(self) -> str:
        """What a table calls it."""
        return type(self).__name__

    def state(self) -> dict[str, Parameter]:
        """All arrays it keeps, by name, those that are not learned included."""
        return {}

    def parameters(self) -> dict[str, Parameter]:
        """What training changes, by name."""
        return {name: array for name, array in self.state().items() if array.learned}

    def init(self, rng: np.random.Generator, dtype: np.dtype = np.float32) -> Self:
        """Make the first weights, and return the layer."""
        for parameter in self.state().values():
            parameter.init(rng, dtype)
        return self

    def output_shape(self, input_shape: Shape) -> Shape:
        """Shape of what comes out for one sample.

        Raises:
            ShapeError: the layer cannot take this shape; the message says what it needs.
        """
        return tuple(input_shape)

    def multiply_adds(self, input_shape: Shape) -> int:
        """Multiplications with a weight for one sample, each with its addition; 0 for layers without weights."""
        self.output_shape(input_shape)
        return 0

    def connections(self, input_shape: Shape) -> int:
        """Lines drawn from inputs and biases to outputs, as LeCun et al. 1998 count them; 0 without weights."""
        self.output_shape(input_shape)
        return 0

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        """What one output unit sees of the network's input, if its own inputs see ``fields``."""
        return fields

    def rows(self, input_shape: Shape, fields: Fields = (ONE_PIXEL, ONE_PIXEL), name: str = "") -> Iterator[Row]:
        """The layer in its place; a network gives all of its layers, in order."""
        yield Row(name, self, input_shape, self.output_shape(input_shape), self.receptive_field(fields, input_shape))

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        """The layer's output for a batch, (N, ...); ``training`` matters to dropout and batch normalisation."""
        raise NotImplementedError

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        """Gradient of the loss with respect to the input of the last ``forward``, given that of its output.

        Raises:
            StateError: there was no ``forward``.
        """
        raise NotImplementedError

    def forget(self) -> None:
        """Let go of what ``forward`` kept for ``backward``: often more than the weights.

        >>> net = Activation("relu")
        >>> _ = net.forward(np.zeros((1, 2)))
        >>> net.forget()
        >>> net.backward(np.zeros((1, 2)))
        Traceback (most recent call last):
        lecture_lib.layers.StateError: Activation(name='relu') has nothing to go back from: call forward before backward
        """
        self._saved = None

    def saved(self) -> tuple:
        """What ``forward`` kept."""
        if self._saved is None:
            raise StateError(f"{self!r} has nothing to go back from: call forward before backward")
        return self._saved

    def value(self, name: str) -> np.ndarray:
        """A parameter's values.

        Raises:
            StateError: there are none yet.
        """
        value = self.state()[name].value
        if value is None:
            raise StateError(f"{self!r} has no {name} yet: call init(rng), or load weights")
        return value


def check_network(name: str, net: Layer) -> Layer:
    """Return ``net`` if it is a layer, such as a network.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(net, Layer):
        raise TypeError(f"{name} is a {type(net).__name__}: must be a network")
    return net


def _map_shape(layer: Layer, input_shape: Shape, channels: int | None = None) -> tuple[int, int, int]:
    """``input_shape`` as (C, H, W), with the right number of channels."""
    shape = tuple(input_shape)
    if len(shape) != 3 or channels not in (None, shape[0]):
        needed = f"({'C' if channels is None else channels}, H, W)"
        raise ShapeError(f"{layer!r} takes maps of shape {needed} a sample, not {shape}")
    return shape


class _Windowed(Layer):
    """A layer that looks through windows: ``kernel_size``, ``stride``, ``padding``, perhaps ``dilation``."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int] = (1, 1)

    def windows(self) -> tuple[Window, Window]:
        """How it looks at its input, (vertical, horizontal)."""
        vertical, horizontal = zip(self.kernel_size, self.stride, self.padding, self.dilation, strict=True)
        return Window(*vertical), Window(*horizontal)

    def _output_size(self, input_shape: Shape) -> tuple[int, int]:
        sizes = zip(input_shape[1:], self.windows(), strict=True)
        h, w = (conv_output_size(n, *vars(window).values()) for n, window in sizes)
        return h, w

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        vertical, horizontal = (each.through(window) for each, window in zip(fields, self.windows(), strict=True))
        return vertical, horizontal


def _weights(shape: Shape, fan_in: int, gain: float) -> Parameter:
    """Weights of variance gain / fan_in: 2 keeps the size of signals through ReLU (He et al. 2015, equation 10)."""
    gain = check_number("gain", gain, "of at least 0", lambda gain: gain >= 0)
    return Parameter(shape, math.sqrt(gain / fan_in))


class Conv2d(_Windowed):
    """A convolution layer: :func:`lecture_lib.ops.conv2d` with weights of its own.

    ``gain`` sets the size of the first weights, of variance gain / fan-in.

    >>> layer = Conv2d(3, 10, 5, padding=2)  # the lecture's example
    >>> layer.output_shape((3, 32, 32)), sum(p.size for p in layer.parameters().values())
    ((10, 32, 32), 760)
    """

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
        self.weight, self.bias = _weights(shape, math.prod(shape[1:]), gain), Parameter(shape[:1], decays=False)

    def settings(self) -> dict[str, object]:
        names = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups")
        usual = {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}
        return {name: getattr(self, name) for name in names if getattr(self, name) != usual.get(name)}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight, "bias": self.bias}

    def output_shape(self, input_shape: Shape) -> Shape:
        return self.out_channels, *self._output_size(_map_shape(self, input_shape, self.in_channels))

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
        self.weight = _weights((int(self.seen.sum()), *self.kernel_size), fan_in, gain)

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


class _Pool2d(_Windowed):
    """What both poolings share."""

    def __init__(self, kernel_size: ops.IntOrPair, stride: ops.IntOrPair | None = None, padding: ops.IntOrPair = 0):
        self.kernel_size, self.padding = pair("kernel_size", kernel_size, 1), pair("padding", padding, 0)
        self.stride = self.kernel_size if stride is None else pair("stride", stride, 1)
        if any(2 * p > f for p, f in zip(self.padding, self.kernel_size, strict=True)):
            raise ShapeError(f"padding={shown(padding)}: must be at most half of kernel_size={shown(kernel_size)}")

    def settings(self) -> dict[str, object]:
        padding = {"padding": self.padding} if self.padding != (0, 0) else {}
        return {"kernel_size": self.kernel_size, "stride": self.stride} | padding

    def output_shape(self, input_shape: Shape) -> Shape:
        shape = _map_shape(self, input_shape)
        return shape[0], *self._output_size(shape)


class MaxPool2d(_Pool2d):
    """Max pooling: :func:`lecture_lib.ops.max_pool2d`; ``stride=None`` means windows side by side.

    >>> MaxPool2d(3, 2).output_shape((96, 55, 55))  # AlexNet's overlapping windows
    (96, 27, 27)
    """

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

    def settings(self) -> dict[str, object]:
        return {"channels": self.channels, "kernel_size": self.kernel_size}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight, "bias": self.bias}

    def output_shape(self, input_shape: Shape) -> Shape:
        return super().output_shape(_map_shape(self, input_shape, self.channels))

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
        self.weight.grad, self.bias.grad = (grad * mean).sum(axis=(0, 2, 3)), grad.sum(axis=(0, 2, 3))
        grad = grad * self.value("weight")[:, None, None]
        return ops.avg_pool2d_backward(grad, x, self.kernel_size, self.stride) if input_grad else None


class GlobalAvgPool2d(Layer):
    """The mean of each map: :func:`lecture_lib.ops.global_avg_pool2d`.

    >>> GlobalAvgPool2d().output_shape((10, 6, 6))
    (10,)
    """

    def output_shape(self, input_shape: Shape) -> Shape:
        return _map_shape(self, input_shape)[:1]

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        return fields[0].together(input_shape[1]), fields[1].together(input_shape[2])

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return ops.global_avg_pool2d(x)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        return ops.global_avg_pool2d_backward(grad, *self.saved()) if input_grad else None


class Flatten(Layer):
    """Maps to a vector, map by map and row by row: (C, H, W) to (C H W,).

    >>> Flatten().output_shape((16, 5, 5))
    (400,)
    """

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

    def __init__(self, in_features: int, out_features: int, *, gain: float = 2.0):
        self.in_features = integer("in_features", in_features, 1)
        self.out_features = integer("out_features", out_features, 1)
        self.weight = _weights((self.out_features, self.in_features), self.in_features, gain)
        self.bias = Parameter((self.out_features,), decays=False)

    def settings(self) -> dict[str, object]:
        return {"in_features": self.in_features, "out_features": self.out_features}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight, "bias": self.bias}

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


class Activation(Layer):
    """A function of :data:`lecture_lib.activations.ACTIVATIONS`, number by number, its parameter fixed.

    >>> Activation("leaky_relu", 0.1).forward(np.array([[-1.0, 2.0]]))
    array([[-0.1,  2. ]])
    """

    def __init__(self, name: str, parameter: float | None = None):
        self.function, self.parameter = activation(name), parameter

    @property
    def kind(self) -> str:
        return self.function.title

    def settings(self) -> dict[str, object]:
        parameter = {"parameter": self.parameter} if self.parameter is not None else {}
        return {"name": self.function.name} | parameter

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self._saved = (x,)
        return self.function.f(x, self.parameter)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (x,) = self.saved()
        return grad * self.function.df(x, self.parameter) if input_grad else None


class PReLU(Layer):
    """Leaky ReLU whose slope is learned, one a channel or one for all (He et al. 2015, equations 1 to 3).

    >>> PReLU(2).init(np.random.default_rng(0)).forward(np.array([[-1.0, -1.0]]))
    array([[-0.25, -0.25]])
    """

    def __init__(self, channels: int = 1, start: float = 0.25):
        self.channels = integer("channels", channels, 1)
        # Weight decay would pull the slope to zero, and PReLU to ReLU (He et al. 2015, section 2.1).
        self.weight = Parameter((self.channels,), mean=start, decays=False)

    def settings(self) -> dict[str, object]:
        return {"channels": self.channels}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight}

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
        each = grad * activation("prelu").df_parameter(x, slopes)
        self.weight.grad = each.sum(axis=(0, *range(2, x.ndim))) if self.channels > 1 else each.sum().reshape(1)
        return grad * activation("prelu").df(x, slopes) if input_grad else None


class Maxout(Layer):
    """The largest of ``pieces`` neighbouring channels (Goodfellow et al. 2013, equation 1): C becomes C / pieces.

    After a layer with ``pieces`` times the outputs, each unit is the upper envelope of its pieces.

    >>> Maxout(2).forward(np.array([[1.0, 5.0, 4.0, 3.0]]))
    array([[5., 4.]])
    """

    def __init__(self, pieces: int = 2):
        self.pieces = integer("pieces", pieces, 1)

    def settings(self) -> dict[str, object]:
        return {"pieces": self.pieces}

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


class LocalResponseNorm(Layer):
    """Normalisation across neighbouring maps: :func:`lecture_lib.ops.local_response_norm`.

    >>> LocalResponseNorm().output_shape((96, 55, 55))
    (96, 55, 55)
    """

    def __init__(self, size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0):
        self.size, self.alpha, self.beta, self.k = integer("size", size, 1), alpha, beta, k

    def settings(self) -> dict[str, object]:
        return {"size": self.size, "alpha": self.alpha, "beta": self.beta, "k": self.k}

    def output_shape(self, input_shape: Shape) -> Shape:
        return _map_shape(self, input_shape)

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

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1):
        self.num_features, self.eps, self.momentum = integer("num_features", num_features, 1), eps, momentum
        shape = (self.num_features,)
        self.weight = Parameter(shape, mean=1.0, decays=False)
        self.bias = Parameter(shape, decays=False)
        self.running_mean = Parameter(shape, learned=False)
        self.running_var = Parameter(shape, mean=1.0, learned=False)

    def settings(self) -> dict[str, object]:
        return {"num_features": self.num_features}

    def state(self) -> dict[str, Parameter]:
        return {name: getattr(self, name) for name in ("weight", "bias", "running_mean", "running_var")}

    def output_shape(self, input_shape: Shape) -> Shape:
        return _map_shape(self, input_shape, self.num_features)

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
        running.value = running.value + self.momentum * (newest - running.value)

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

    def __init__(self, p: float = 0.5):
        self.p, self.rng = check_probability(p), np.random.default_rng(0)

    def settings(self) -> dict[str, object]:
        return {"p": self.p}

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

    def settings(self) -> dict[str, object]:
        return {"in_features": self.codes.shape[1], "out_features": self.codes.shape[0]}

    def state(self) -> dict[str, Parameter]:
        return {"weight": self.weight}

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
