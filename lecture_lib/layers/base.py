"""What every layer is: what comes out, what it costs, what it sees, what it says of itself, forward and backward."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import Parameter as Argument
from inspect import signature
from typing import ClassVar, NamedTuple, Self

import numpy as np

from ..arguments import check_number, check_room
from ..shapes import ONE_PIXEL, ReceptiveField, ShapeError, Window, conv_output_size, times

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


class Listed(NamedTuple):
    """How a kind of layer stands in a list that a student edits (see :mod:`lecture_lib.chapters.lenet_alexnet.architecture`)."""

    kind: str
    """What the list calls it."""
    short: str
    """How its name begins, as in conv1."""
    numbers: tuple[str, ...] = ()
    """Attributes that can be edited; ``filters`` are a linear layer's units."""
    numbered: bool = True
    """Whether its name ends in a number."""


@cache
def _arguments(kind: type) -> dict[str, Argument]:
    """What makes a layer, by name; looked up once, because every description of a net asks each of its layers."""
    return dict(signature(kind).parameters)


def product_words(factors: Sequence[int]) -> str:
    """A product as the lecture writes it.

    >>> product_words((96, 3025))
    '96·3,025'
    """
    return "·".join(f"{factor:,}" for factor in factors)


def side_words(sides: tuple[int, int]) -> str:
    """A pair of sides in words, one number where they are equal."""
    return str(sides[0]) if sides[0] == sides[1] else times(sides)


LISTED: dict[str, type["Layer"]] = {}
"""Layers that a list may hold, by what it calls them: those whose class says how it is ``listed``."""


class Layer:
    """What all layers share. A layer without weights that works number by number is this, and two methods."""

    listed: ClassVar[Listed | None] = None
    """How it stands in a list that a student edits; None, also in a subclass that does not say it, where it does not."""
    takes_maps: ClassVar[bool] = False
    """Whether a sample must be maps (C, H, W)."""
    _saved: tuple | None = None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in {"forward", "backward"} & vars(cls).keys():  # what is too large is infinite, and nobody is warned
            setattr(cls, name, np.errstate(all="ignore")(vars(cls)[name]))
        cls.listed = vars(cls).get("listed")
        if cls.listed:
            LISTED[cls.listed.kind] = cls

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings().items())
        return f"{type(self).__name__}({settings})"

    def settings(self) -> dict[str, object]:
        """What it was made with, by name: those of its arguments that it keeps under their names."""
        return {name: vars(self)[name] for name in _arguments(type(self)) if name in vars(self)}

    @property
    def kind(self) -> str:
        """What a table calls it."""
        return type(self).__name__

    @property
    def code(self) -> str:
        """The call that makes it: what has no default by its place, square settings as one number.

        >>> from lecture_lib.layers import Activation
        >>> Activation("relu").code
        "Activation('relu')"
        """
        needed, parts = _arguments(type(self)), []
        for name, value in self.settings().items():
            value = value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value
            by_place = name in needed and needed[name].default is Argument.empty
            parts.append(repr(value) if by_place else f"{name}={value!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def task(self, input_shape: Shape) -> str:
        """What it does, in words without a full stop."""
        return self.kind

    def parameter_words(self) -> str:
        """Its learned numbers with the arithmetic, weights first, in the lecture's order of factors F·F·C·K."""
        arrays = self.parameters().values()
        if not arrays:
            return "No parameters"
        total = sum(array.size for array in arrays)
        terms = " + ".join(product_words(array.shape[::-1]) for array in arrays)
        return f"{terms} = {total:,} parameter{'' if total == 1 else 's'}"

    def traits(self) -> dict[str, str]:
        """What its counts depend on, beside the size of its maps, in words by name."""
        return {}

    def makes_volume(self, input_shape: Shape) -> bool:
        """Whether its output is a block of its own in a diagram, not another state of the block it gets."""
        return self.output_shape(input_shape) != tuple(input_shape)

    @classmethod
    def from_list(cls, input_shape: Shape, **numbers: int) -> Self:
        """The layer of a list that stands behind ``input_shape``; ``numbers`` are those of ``listed``."""
        return cls(**numbers)

    def numbers(self) -> dict[str, int]:
        """Its numbers in a list: what :meth:`from_list` makes it of.

        Raises:
            ValueError: one differs along the two axes.
        """
        found = {name: getattr(self, name) for name in self.listed.numbers}
        pairs = {name: set(value) for name, value in found.items() if isinstance(value, tuple)}
        if any(len(sides) > 1 for sides in pairs.values()):
            raise ValueError(f"{self!r} has windows that are not square")
        return found | {name: sides.pop() for name, sides in pairs.items()}

    def state(self) -> dict[str, Parameter]:
        """All arrays it keeps, by name, in the order in which they were made; those that are not learned included."""
        return {name: array for name, array in vars(self).items() if isinstance(array, Parameter)}

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
        """Multiplications with a weight for one sample, each with its addition.

        Raises:
            NotImplementedError: the layer has weights, and its class does not say what they cost.
        """
        if self.state():
            raise NotImplementedError(f"{type(self).__name__} has weights: its class must state multiply_adds")
        self.output_shape(input_shape)
        return 0

    def connections(self, input_shape: Shape) -> int:
        """Lines drawn from inputs and biases to outputs, as LeCun et al. 1998 count them; 0 without weights."""
        self.output_shape(input_shape)
        return 0

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        """What one output unit sees of the network's input, if its own inputs see ``fields``."""
        return fields

    def rows(self, input_shape: Shape, fields: Fields = (ONE_PIXEL, ONE_PIXEL), name: str = "") -> Iterator["Row"]:
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

        >>> from lecture_lib.layers import Activation
        >>> net = Activation("relu")
        >>> _ = net.forward(np.zeros((1, 2)))
        >>> net.forget()
        >>> net.backward(np.zeros((1, 2)))
        Traceback (most recent call last):
        lecture_lib.layers.base.StateError: Activation(name='relu') has nothing to go back from: call forward before backward
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


class Row(NamedTuple):
    """A layer in its place in a network."""

    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    fields: Fields
    """What one unit of its output sees of the network's input."""


def check_network(name: str, net: Layer) -> Layer:
    """Return ``net`` if it is a layer, such as a network.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(net, Layer):
        raise TypeError(f"{name} is a {type(net).__name__}: must be a network")
    return net


def map_shape(layer: Layer, input_shape: Shape, channels: int | None = None) -> tuple[int, int, int]:
    """``input_shape`` as (C, H, W), with the right number of channels."""
    shape = tuple(input_shape)
    if len(shape) != 3 or channels not in (None, shape[0]):
        needed = f"({'C' if channels is None else channels}, H, W)"
        raise ShapeError(f"{layer!r} takes maps of shape {needed} a sample, not {shape}")
    return shape


class Windowed(Layer):
    """A layer that looks through windows: ``kernel_size``, ``stride``, ``padding``, perhaps ``dilation``."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int] = (1, 1)

    takes_maps = True

    def makes_volume(self, input_shape: Shape) -> bool:
        return True

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


def first_weights(shape: Shape, fan_in: int, gain: float) -> Parameter:
    """Weights of variance gain / fan_in: 2 keeps the size of signals through ReLU (He et al. 2015, equation 10)."""
    gain = check_number("gain", gain, "of at least 0", lambda gain: gain >= 0)
    return Parameter(shape, math.sqrt(gain / fan_in))
