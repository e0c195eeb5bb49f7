"""Networks as lists of layers: LeNet-5, AlexNet, their relatives, and the table of any of them.

What a network is made of is said once, in the list. Shapes, counts, receptive fields,
forward and backward are each one pass over it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from . import storage
from .arguments import one_of, shown
from .groups import GroupPool, P4Conv, P4Lift
from .layers import (
    RBF,
    Activation,
    AvgPool2d,
    Conv2d,
    Dropout,
    Fields,
    Flatten,
    GlobalAvgPool2d,
    Layer,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    Parameter,
    PartialConv2d,
    Row,
    ScaledTanh,
    Shape,
    Subsampling,
    check_network,
)
from .shapes import ONE_PIXEL, ReceptiveField, ShapeError, integer, times


class _Container(Layer):
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
            yield from layer._single_layers() if isinstance(layer, _Container) else (layer,)

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


class Sequential(_Container):
    """Layers one after another; names may be given (a mapping) or are numbers (a sequence).

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

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        layers = list(self.layers.values())
        needed = 0 if input_grad else next((i for i, layer in enumerate(layers) if layer.parameters()), len(layers))
        for i in range(len(layers) - 1, needed - 1, -1):
            grad = layers[i].backward(grad, input_grad or i > needed)
        return grad if input_grad else None


class Concat(_Container):
    """Branches side by side on one input, their maps stacked: the "depth concat" of GoogLeNet (Szegedy et al. 2014).

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


# The lecture's networks

C3_TABLE = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""Which maps of S2 each of the 16 maps of C3 sees (LeCun et al. 1998, table I)."""

_CODES = """
.#####. ...#... .#####. .#####. #....## ####### .#####. ####### .#####. .#####.
##...## ..##... ##...## ##...## #....## ##..... ##...## .....## ##...## ##...##
##...## .###... .....## .....## #....## ##..... ##..... .....## ##...## ##...##
##...## ...#... .....## .....## #....## ##..... ##..... ....##. ##...## ##...##
##...## ...#... ....##. .....## #....## ######. ##..... ....##. ##...## ##...##
##...## ...#... ...##.. ..####. ####### .....## ######. ...##.. .#####. .######
##...## ...#... ..##... .....## .....## .....## ##...## ...##.. ##...## .....##
##...## ...#... .##.... .....## .....## .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... .....## .....## .....## ##...## ..##... ##...## .....##
##...## ...#... ##..... .....## .....## .....## ##...## ##..... ##...## .....##
##...## ...#... ##...## ##...## .....## ##...## ##...## ##..... ##...## ##...##
.#####. .#####. ####### .#####. .....## .#####. .#####. ##..... .#####. .#####.
"""


def digit_codes() -> np.ndarray:
    """What the ten outputs of LeNet-5 wait for: each digit drawn on 7x12 pixels, (10, 84) of -1 and 1.

    Drawn after LeCun et al. 1998, figure 3: classes that look alike get codes that are alike.

    >>> digit_codes().shape, digit_codes()[1].reshape(12, 7)[0].tolist()
    ((10, 84), [-1.0, -1.0, -1.0, 1.0, -1.0, -1.0, -1.0])
    """
    lines = [line.split() for line in _CODES.split("\n") if line]
    return np.array([[1.0 if mark == "#" else -1.0 for line in lines for mark in line[digit]] for digit in range(10)])


def lenet5(variant: str = "modern") -> Sequential:
    """LeNet-5 (LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to document recognition").

    Args:
        variant: ``"1998"``, with subsampling, squashing, C3's table and the RBF output, for inputs
            (1, 32, 32), 60,000 learned parameters; or ``"modern"``, with max pooling, ReLU and a
            linear output, for inputs (1, 28, 28), 61,706.

    Raises:
        ValueError: an unknown ``variant``.

    >>> summary(lenet5("1998"), (1, 32, 32)).total_parameters, summary(lenet5(), (1, 28, 28)).total_parameters
    (60000, 61706)
    """
    if one_of("variant", variant, ("1998", "modern")) == "modern":
        return Sequential({
            "C1": Conv2d(1, 6, 5, padding=2), "relu1": Activation("relu"), "S2": MaxPool2d(2),
            "C3": Conv2d(6, 16, 5), "relu3": Activation("relu"), "S4": MaxPool2d(2),
            "flatten": Flatten(),
            "F5": Linear(16 * 5 * 5, 120), "relu5": Activation("relu"),
            "F6": Linear(120, 84), "relu6": Activation("relu"),
            "output": Linear(84, 10, gain=1.0),
        })  # fmt: skip
    return Sequential({
        "C1": Conv2d(1, 6, 5, gain=1.0), "squash1": ScaledTanh(), "S2": Subsampling(6), "squash2": ScaledTanh(),
        "C3": PartialConv2d(6, C3_TABLE, 5, gain=1.0), "squash3": ScaledTanh(),
        "S4": Subsampling(16), "squash4": ScaledTanh(),
        "C5": Conv2d(16, 120, 5, gain=1.0), "squash5": ScaledTanh(), "flatten": Flatten(),
        "F6": Linear(120, 84, gain=1.0), "squash6": ScaledTanh(),
        "output": RBF(digit_codes()),
    })  # fmt: skip


LENET5_WEIGHTS = Path(__file__).parent / "digits" / "lenet5.npz"
"""The weights that come with the lecture, made by ``tools/train_lenet5.py``."""


def trained_lenet5() -> tuple[Sequential, dict[str, str]]:
    """The modern LeNet-5 with the weights that come with the lecture, and the notes of their file.

    The notes say by which ``command`` and ``seed`` they were made, from how many
    ``training_digits``, and the ``test_accuracy`` on the 10,000 official test digits.

    >>> net, notes = trained_lenet5()
    >>> float(notes["test_accuracy"]) > 0.99
    True
    """
    net = lenet5()
    return net, net.load_weights(LENET5_WEIGHTS)


ALEXNET_INPUT = {"two_towers": (3, 227, 227), "one_tower": (3, 227, 227), "torchvision": (3, 224, 224)}
"""Shape of one image for each variant of :func:`alexnet`; the paper says 224, its numbers ask for 227."""


def alexnet(variant: str = "two_towers") -> Sequential:
    """AlexNet (Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep convolutional ... networks").

    Args:
        variant: ``"two_towers"``, as published: half of the filters of layers 2, 4 and 5 see half of the
            channels each; ``"one_tower"``, the same without the cut, as textbooks draw it;
            ``"torchvision"``, the smaller net of Krizhevsky 2014 (arXiv:1404.5997) whose weights
            torchvision offers, with torchvision's names. Inputs: :data:`ALEXNET_INPUT`.

    Raises:
        ValueError: an unknown ``variant``.

    >>> [summary(alexnet(variant), shape).total_parameters for variant, shape in ALEXNET_INPUT.items()]
    [60965224, 62378344, 61100840]
    """
    if one_of("variant", variant, ALEXNET_INPUT) == "torchvision":
        return _alexnet_torchvision()
    groups = 2 if variant == "two_towers" else 1
    norm = {"size": 5, "alpha": 5 * 1e-4, "beta": 0.75, "k": 2.0}  # the paper's alpha is a neighbour's, not the sum's
    return Sequential({
        "conv1": Conv2d(3, 96, 11, stride=4), "relu1": Activation("relu"),
        "norm1": LocalResponseNorm(**norm), "pool1": MaxPool2d(3, 2),
        "conv2": Conv2d(96, 256, 5, padding=2, groups=groups), "relu2": Activation("relu"),
        "norm2": LocalResponseNorm(**norm), "pool2": MaxPool2d(3, 2),
        "conv3": Conv2d(256, 384, 3, padding=1), "relu3": Activation("relu"),
        "conv4": Conv2d(384, 384, 3, padding=1, groups=groups), "relu4": Activation("relu"),
        "conv5": Conv2d(384, 256, 3, padding=1, groups=groups), "relu5": Activation("relu"), "pool5": MaxPool2d(3, 2),
        "flatten": Flatten(),
        "fc6": Linear(256 * 6 * 6, 4096), "relu6": Activation("relu"), "drop6": Dropout(0.5),
        "fc7": Linear(4096, 4096), "relu7": Activation("relu"), "drop7": Dropout(0.5),
        "fc8": Linear(4096, 1000, gain=1.0),
    })  # fmt: skip


def _alexnet_torchvision() -> Sequential:
    features = [
        Conv2d(3, 64, 11, stride=4, padding=2), Activation("relu"), MaxPool2d(3, 2),
        Conv2d(64, 192, 5, padding=2), Activation("relu"), MaxPool2d(3, 2),
        Conv2d(192, 384, 3, padding=1), Activation("relu"),
        Conv2d(384, 256, 3, padding=1), Activation("relu"),
        Conv2d(256, 256, 3, padding=1), Activation("relu"), MaxPool2d(3, 2),
    ]  # fmt: skip
    classifier = [
        Dropout(0.5), Linear(256 * 6 * 6, 4096), Activation("relu"),
        Dropout(0.5), Linear(4096, 4096), Activation("relu"), Linear(4096, 1000, gain=1.0),
    ]  # fmt: skip
    return Sequential({"features": Sequential(features), "flatten": Flatten(), "classifier": Sequential(classifier)})


def nin_block(
    in_channels: int, out_channels: int, kernel_size: int, *, stride: int = 1, padding: int = 0
) -> Sequential:
    """A "mlpconv" layer: one convolution and two 1x1 ones, each with ReLU (Lin, Chen & Yan 2014, section 3.1).

    >>> nin_block(3, 96, 11, stride=4).output_shape((3, 227, 227))
    (96, 55, 55)
    """
    return Sequential({
        "conv": Conv2d(in_channels, out_channels, kernel_size, stride=stride, padding=padding),
        "relu": Activation("relu"),
        "mix1": Conv2d(out_channels, out_channels, 1), "relu1": Activation("relu"),
        "mix2": Conv2d(out_channels, out_channels, 1), "relu2": Activation("relu"),
    })  # fmt: skip


def inception_branch(in_channels: int, reduced: int | None, out_channels: int, kernel_size: int) -> Sequential:
    """One branch of an Inception module: 1x1 down to ``reduced`` channels, then the large kernel, each with ReLU.

    ``reduced=None`` leaves the 1x1 layer out: what the branch would cost without it
    (Szegedy et al. 2014, arXiv:1409.4842, figure 2).

    >>> [inception_branch(192, r, 32, 5).multiply_adds((192, 28, 28)) for r in (None, 16)]
    [120422400, 12443648]
    """
    reduce = {} if reduced is None else {"reduce": Conv2d(in_channels, reduced, 1), "relu1": Activation("relu")}
    conv = Conv2d(in_channels if reduced is None else reduced, out_channels, kernel_size, padding=kernel_size // 2)
    return Sequential(reduce | {"conv": conv, "relu2": Activation("relu")})


def inception(
    in_channels: int, out_1x1: int, reduced_3x3: int, out_3x3: int, reduced_5x5: int, out_5x5: int, out_pool: int
) -> Concat:
    """An Inception module with its four branches (Szegedy et al. 2014, figure 2b; arguments as in its table 1).

    >>> inception(192, 64, 96, 128, 16, 32, 32).output_shape((192, 28, 28))  # inception (3a)
    (256, 28, 28)
    """
    pooled = {"pool": MaxPool2d(3, 1, 1), "conv": Conv2d(in_channels, out_pool, 1), "relu": Activation("relu")}
    return Concat({
        "1x1": Sequential({"conv": Conv2d(in_channels, out_1x1, 1), "relu": Activation("relu")}),
        "3x3": inception_branch(in_channels, reduced_3x3, out_3x3, 3),
        "5x5": inception_branch(in_channels, reduced_5x5, out_5x5, 5),
        "pool": Sequential(pooled),
    })  # fmt: skip


def mlp(sizes: Sequence[int], activation: str = "relu", gain: float = 2.0) -> Sequential:
    """A fully connected network: ``sizes`` are the features of input, hidden layers and output.

    >>> summary(mlp([784, 100, 10]), (1, 28, 28)).total_parameters
    79510
    """
    if len(sizes) < 2:
        raise ShapeError(f"sizes={list(sizes)}: must hold at least the input's and the output's features")
    layers: dict[str, Layer] = {"flatten": Flatten()}
    for number, (before, after) in enumerate(zip(sizes, sizes[1:], strict=False), 1):
        layers[f"fc{number}"] = Linear(before, after, gain=gain)
        if number < len(sizes) - 1:
            layers[f"{activation}{number}"] = Activation(activation)
    return Sequential(layers)


def small_cnn(
    channels: Sequence[int] = (8, 16), classes: int = 10, pooling: str = "max", activation: str = "relu",
    global_pooling: bool = False, side: int = 28, in_channels: int = 1,
) -> Sequential:  # fmt: skip
    """The small net of the experiments: 3x3 convolutions, each with an activation and 2x2 pooling, then a linear output.

    Args:
        channels: filters of each convolution.
        pooling: ``"max"``, ``"average"``, ``"stride"`` (the convolution steps by 2 instead) or ``"none"``.
        activation: a name of ``ACTIVATIONS``.
        global_pooling: take each last map's mean before the output, instead of all its pixels.
        side: height and width of the input, in pixels.

    Raises:
        ValueError: an unknown ``pooling`` or ``activation``.
        ShapeError: a count is below 1, or the maps get too small.

    >>> summary(small_cnn(), (1, 28, 28)).total_parameters
    9098
    """
    one_of("pooling", pooling, ("max", "average", "stride", "none"))
    layers: dict[str, Layer] = {}
    before = in_channels
    for number, after in enumerate(channels, 1):
        layers[f"conv{number}"] = Conv2d(before, after, 3, padding=1, stride=2 if pooling == "stride" else 1)
        layers[f"{activation}{number}"] = Activation(activation)
        if pooling in ("max", "average"):
            layers[f"pool{number}"] = MaxPool2d(2) if pooling == "max" else AvgPool2d(2)
        before = after
    layers["flatten"] = GlobalAvgPool2d() if global_pooling else Flatten()
    (features,) = Sequential(layers).output_shape((in_channels, side, side))
    return Sequential(layers | {"output": Linear(features, integer("classes", classes, 1), gain=1.0)})


def p4_cnn(channels: Sequence[int] = (6, 8, 16), classes: int = 10, group: bool = True) -> Sequential:
    """A small net for digits (1, 28, 28) whose answer does not change when the digit turns by 90°.

    (After Cohen & Welling 2016, section 8.1, which has seven layers.) Every window reaches the last pixel, as
    :class:`lecture_lib.groups.P4Lift` asks: 28 → 13 → 6 → 1.

    Args:
        channels: of the three convolutions, counted without the group.
        group: False makes the plain twin: ordinary convolutions with twice as many channels. A group convolution
            from c to k channels has k · 4c filters; from 2c to 2k channels there are as many, 2k · 2c.

    Raises:
        TypeError, ShapeError: there are not three counts, or one is below 1 or no integer.

    >>> [summary(p4_cnn(group=group), (1, 28, 28)).total_parameters for group in (True, False)]
    [20456, 20742]
    """
    if len(channels) != 3:
        raise ShapeError(f"channels={tuple(channels)}: must be three counts")
    a, b, c = (integer("channels", count, 1) * (1 if group else 2) for count in channels)
    first, later = (P4Lift, P4Conv) if group else (Conv2d, Conv2d)
    return Sequential({
        "conv1": first(1, a, 4, stride=2), "relu1": Activation("relu"),
        "conv2": later(a, b, 3, stride=2), "relu2": Activation("relu"),
        "conv3": later(b, c, 6), "relu3": Activation("relu"),
        **({"pool": GroupPool(4)} if group else {}),
        "flatten": Flatten(), "output": Linear(c, integer("classes", classes, 1), gain=1.0),
    })  # fmt: skip


# The table of a network


class SummaryRow(NamedTuple):
    """One layer of :func:`summary`."""

    layer: str
    kind: str
    output_shape: Shape
    parameters: int
    multiply_adds: int
    connections: int
    activation_bytes: int
    """What its output takes for one sample, in float32."""
    receptive_field: tuple[int, int]
    """Height and width of what one unit sees of the input, padding included."""


@dataclass(frozen=True)
class Summary:
    """The table of a network: text in a terminal, a table in a notebook."""

    rows: tuple[SummaryRow, ...]
    input_shape: Shape

    @property
    def total_parameters(self) -> int:
        """Learned numbers in all."""
        return sum(row.parameters for row in self.rows)

    @property
    def total_multiply_adds(self) -> int:
        """Multiplications with a weight for one sample, each with its addition."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def total_activation_bytes(self) -> int:
        """What all outputs take for one sample, in float32."""
        return sum(row.activation_bytes for row in self.rows)

    _HEADS = ("layer", "kind", "output", "parameters", "multiply-adds", "activations", "sees")

    def _cells(self) -> list[tuple[str, ...]]:
        rows = [
            (row.layer, row.kind, times(row.output_shape), f"{row.parameters:,}", f"{row.multiply_adds:,}",
             f"{row.activation_bytes:,} B", times(row.receptive_field))
            for row in self.rows
        ]  # fmt: skip
        total = ("total", "", "", f"{self.total_parameters:,}", f"{self.total_multiply_adds:,}",
                 f"{self.total_activation_bytes:,} B", "")  # fmt: skip
        return [*rows, total]

    def __str__(self) -> str:
        cells = [self._HEADS, *self._cells()]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ]
        rule = "-" * max(map(len, lines))
        return "\n".join([f"input {times(self.input_shape)}", lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells, tag):
            return (
                "<tr>"
                + "".join(
                    f'<{tag} style="text-align: {"left" if i < 2 else "right"}">{escape(cell)}</{tag}>'
                    for i, cell in enumerate(cells)
                )
                + "</tr>"
            )

        *rows, total = self._cells()
        body = "".join(row(cells, "td") for cells in rows)
        return (f"<table><caption>input {times(self.input_shape)}</caption><thead>{row(self._HEADS, 'th')}</thead>"
                f"<tbody>{body}</tbody><tfoot>{row(total, 'th')}</tfoot></table>")  # fmt: skip


def summary(model: Layer, input_shape: Shape) -> Summary:
    """The table of ``model`` for samples of ``input_shape``; no weights are made or needed.

    Raises:
        ShapeError: a layer cannot take what the one before it gives.

    >>> print(summary(Sequential([Conv2d(3, 10, 5, padding=2), MaxPool2d(2)]), (3, 32, 32)))
    input 3×32×32
    layer  kind         output  parameters  multiply-adds  activations  sees
    ------------------------------------------------------------------------
    0      Conv2d     10×32×32         760        768,000     40,960 B   5×5
    1      MaxPool2d  10×16×16           0              0     10,240 B   6×6
    ------------------------------------------------------------------------
    total                              760        768,000     51,200 B
    """
    check_network("model", model)
    if not isinstance(input_shape, list | tuple):
        raise TypeError(f"input_shape={shown(input_shape)}: must be the sizes of a sample, such as (1, 28, 28)")
    input_shape = tuple(integer("input_shape", side, 1) for side in input_shape)
    rows = [
        SummaryRow(
            name, layer.kind, out, sum(p.size for p in layer.parameters().values()),
            layer.multiply_adds(shape), layer.connections(shape), 4 * int(np.prod(out)),
            (fields[0].size, fields[1].size),
        )
        for name, layer, shape, out, fields in model.rows(input_shape)
    ]  # fmt: skip
    return Summary(tuple(rows), input_shape)
