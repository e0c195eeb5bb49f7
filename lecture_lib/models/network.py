"""Networks of layers: one after another, or side by side."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import numpy as np

from .. import storage
from ..arguments import one_of, shown
from ..layers import Fields, Layer, Parameter, Row, Shape
from ..shapes import ONE_PIXEL, ReceptiveField, ShapeError


class Container(Layer):
    """Layers by name; parameters are called ``layer.parameter``, as in PyTorch."""

    def __init__(self, layers: Mapping[str, Layer] | Sequence[Layer]):
        if not isinstance(layers, Mapping):
            layers = {str(number): layer for number, layer in enumerate(layers)}
        if not layers:
            raise ValueError("layers is empty: must hold at least one layer")
        for name, layer in layers.items():
            if not isinstance(layer, Layer):
                raise TypeError(f"layers[{shown(name)}] is a {type(layer).__name__}: must be a layer")
            if not isinstance(name, str) or not name or "." in name:
                raise ValueError(f"layers has the name {shown(name)}: must be text without a dot")
        self.layers = dict(layers)
        every = list(self._single_layers())
        if twice := [layer for i, layer in enumerate(every) if any(layer is other for other in every[:i])]:
            raise ValueError(f"layers holds the same {twice[0]!r} twice: it remembers one input only, so make two")

    def _single_layers(self) -> Iterator[Layer]:
        """Every layer that is no container, those of containers inside included."""
        for layer in self.layers.values():
            yield from layer._single_layers() if isinstance(layer, Container) else (layer,)

    def forget(self) -> None:
        super().forget()
        for layer in self.layers.values():
            layer.forget()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self.layers)})"

    def __getitem__(self, name: str) -> Layer:
        return self.layers[one_of("name", name, self.layers)]

    def state(self) -> dict[str, Parameter]:
        each = ((name, layer.state()) for name, layer in self.layers.items())
        return {f"{name}.{key}": array for name, state in each for key, array in state.items()}

    def init(self, rng: np.random.Generator | int, dtype: np.dtype = np.float32) -> Self:
        """Make the first weights of every layer; a seed stands for its generator. Returns the network.

        >>> from lecture_lib.models import lenet5
        >>> lenet5().init(0).parameters()["C1.weight"].value.shape
        (6, 1, 5, 5)
        """
        rng = np.random.default_rng(rng)
        for layer in self.layers.values():
            layer.init(rng, dtype)
        return self

    def multiply_adds(self, input_shape: Shape) -> int:
        return sum(row.layer.multiply_adds(row.input_shape) for row in self.rows(input_shape))

    def connections(self, input_shape: Shape) -> int:
        return sum(row.layer.connections(row.input_shape) for row in self.rows(input_shape))

    def save_weights(self, path: str | os.PathLike, notes: Mapping[str, str] | None = None) -> None:
        """Write all arrays to a ``.npz``, with ``notes`` about them; errors are those of ``storage.save_arrays``.

        Raises:
            StateError: there are no weights yet.
        """
        storage.save_arrays(path, {name: self.value(name) for name in self.state()}, notes)

    def load_weights(self, path: str | os.PathLike, dtype: np.dtype = np.float32) -> dict[str, str]:
        """Take all arrays from a ``.npz`` or ``.safetensors`` file with exactly these names and shapes.

        Returns the file's notes. A file that does not fit changes nothing; errors are those of
        ``storage.load_arrays``.
        """
        state = self.state()
        arrays, notes = storage.load_arrays(path, {name: array.shape for name, array in state.items()})
        for name, values in arrays.items():
            state[name].value, state[name].grad = values.astype(dtype, copy=False), None
        return notes


class Sequential(Container):
    """Layers one after another; names may be given (a mapping) or are numbers (a sequence).

    >>> from lecture_lib.layers import Activation, Conv2d, MaxPool2d
    >>> net = Sequential([Conv2d(1, 8, 3), Activation("relu"), MaxPool2d(2)])
    >>> net.output_shape((1, 28, 28)), list(net.state())
    ((8, 13, 13), ['0.weight', '0.bias'])
    """

    def _steps(self, input_shape: Shape) -> Iterator[tuple[str, Layer, Shape, Shape]]:
        """Each layer with its name, the shape it gets and the shape it gives."""
        shape = tuple(input_shape)
        for name, layer in self.layers.items():
            try:
                after = layer.output_shape(shape)
            except ShapeError as error:
                raise ShapeError(f"layer {name}: {error}") from None
            yield name, layer, shape, after
            shape = after

    def output_shape(self, input_shape: Shape) -> Shape:
        *_, (_, _, _, after) = self._steps(input_shape)
        return after

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        for _, layer, shape, _ in self._steps(input_shape):
            fields = layer.receptive_field(fields, shape)
        return fields

    def rows(self, input_shape: Shape, fields: Fields = (ONE_PIXEL, ONE_PIXEL), name: str = "") -> Iterator[Row]:
        for key, layer, shape, _ in self._steps(input_shape):
            yield from layer.rows(shape, fields, f"{name}.{key}" if name else key)
            fields = layer.receptive_field(fields, shape)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        for layer in self.layers.values():
            x = layer.forward(x, training)
        return x

    def outputs(self, x: np.ndarray, name: str = "") -> Iterator[tuple[str, Layer, np.ndarray]]:
        """Name and output of each layer, those within a block before the block itself; each is computed when it is asked for."""
        for key, layer in self.layers.items():
            full = f"{name}.{key}" if name else key
            if isinstance(layer, Sequential):
                for inner, each, out in layer.outputs(x, full):
                    yield inner, each, out
                x = out
            else:
                x = layer.forward(x)
                yield full, layer, x
        if name:
            yield name, self, x

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        layers = list(self.layers.values())
        needed = 0 if input_grad else next((i for i, layer in enumerate(layers) if layer.parameters()), len(layers))
        for i in range(len(layers) - 1, needed - 1, -1):
            grad = layers[i].backward(grad, input_grad or i > needed)
        return grad if input_grad else None


class Residual(Sequential):
    """Layers whose output is added to what they get: x + f(x) (He et al. 2015, arXiv:1512.03385, figure 2).

    >>> from lecture_lib.layers import Activation
    >>> Residual([Activation("relu")]).forward(np.array([[-1.0, 2.0]]))
    array([[-1.,  4.]])
    """

    def _steps(self, input_shape: Shape) -> Iterator[tuple[str, Layer, Shape, Shape]]:
        after = tuple(input_shape)
        for step in super()._steps(input_shape):
            after = step[-1]
            yield step
        if after != tuple(input_shape):
            raise ShapeError(f"{self!r} makes {after} of {tuple(input_shape)}: must keep the shape, to be added to it")

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        within = super().receptive_field(fields, input_shape)
        vertical, horizontal = (_union(along) for along in zip(fields, within, strict=True))
        return vertical, horizontal

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        self.output_shape(x.shape[1:])
        return x + super().forward(x, training)

    def outputs(self, x: np.ndarray, name: str = "") -> Iterator[tuple[str, Layer, np.ndarray]]:
        for inner, layer, out in super().outputs(x, name):
            yield inner, layer, x + out if layer is self else out

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        within = super().backward(grad, input_grad)
        return grad + within if input_grad else None


class Concat(Container):
    """Branches side by side on one input, their maps stacked: the "depth concat" of GoogLeNet (Szegedy et al. 2014).

    >>> from lecture_lib.layers import Conv2d
    >>> Concat([Conv2d(3, 4, 1), Conv2d(3, 8, 3, padding=1)]).output_shape((3, 10, 10))
    (12, 10, 10)
    """

    def output_shape(self, input_shape: Shape) -> Shape:
        shapes = {name: layer.output_shape(input_shape) for name, layer in self.layers.items()}
        if len({shape[1:] for shape in shapes.values()}) > 1:
            raise ShapeError(f"{self!r} must get maps of one size from its branches, not {shapes}")
        first = next(iter(shapes.values()))
        return sum(shape[0] for shape in shapes.values()), *first[1:]

    def receptive_field(self, fields: Fields, input_shape: Shape) -> Fields:
        branches = [layer.receptive_field(fields, input_shape) for layer in self.layers.values()]
        vertical, horizontal = (_union(along) for along in zip(*branches, strict=True))
        return vertical, horizontal

    def rows(self, input_shape: Shape, fields: Fields = (ONE_PIXEL, ONE_PIXEL), name: str = "") -> Iterator[Row]:
        self.output_shape(input_shape)
        for key, layer in self.layers.items():
            yield from layer.rows(input_shape, fields, f"{name}.{key}" if name else key)

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        outs = [layer.forward(x, training) for layer in self.layers.values()]
        self._saved = ([out.shape[1] for out in outs],)
        return np.concatenate(outs, axis=1)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        (channels,) = self.saved()
        parts = np.split(grad, np.cumsum(channels)[:-1], axis=1)
        layers = zip(self.layers.values(), parts, strict=True)
        grads = [layer.backward(part, input_grad) for layer, part in layers]
        return sum(grads) if input_grad else None


def _union(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """What units at the same place of several branches see together."""
    start = min(field.start for field in fields)
    return ReceptiveField(max(field.start + field.size for field in fields) - start, fields[0].jump, start)


def check_sequential(name: str, net: Layer) -> Sequential:
    """Return ``net`` if its layers follow one another, and what the last one answers is its answer.

    Raises:
        TypeError: it is something else; a block that adds its input to its answer, too.
    """
    if not isinstance(net, Sequential) or isinstance(net, Residual):
        raise TypeError(f"{name} is a {type(net).__name__}: must be a Sequential, with layers one after another")
    return net
