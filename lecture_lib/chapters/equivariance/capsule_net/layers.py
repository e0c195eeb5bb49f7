"""Capsules as layers."""

import numpy as np

from .... import ops
from ....arguments import check_number
from ....layers import Conv2d, Fields, Layer, Parameter, Shape
from ....shapes import ShapeError, integer
from .routing import route_backward, routing_steps, squash, squash_backward

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
