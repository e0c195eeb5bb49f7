"""A forward pass, layer by layer: what comes out, how long it takes, with few weights in memory at a time.

AlexNet's 61 million weights fill 244 MB. A pass needs them once, one layer after another. So here a layer's weights are
made or read when it is their turn, and let go after it; those of a large fully connected layer in pieces.
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from ... import ops
from ...arguments import as_float, shown
from ...data import imagenet_classes, photo_as_input
from ...layers import Layer, Linear, Parameter, Row, check_network
from ...models import ALEXNET_INPUT, Concat, alexnet
from ...ops.arrays import one_thread
from ...shapes import ShapeError, integer
from ...storage import open_parts

PIECE = 4_000_000
"""Weights of a fully connected layer in memory at a time: 16 MB as float32."""
HOW_TO_GET_WEIGHTS = """Without weights there are no classes to show. Where PyTorch and torchvision are installed, this makes the file:

    from safetensors.torch import save_file
    from torchvision.models import alexnet
    save_file(alexnet(weights="IMAGENET1K_V1").state_dict(), "alexnet.safetensors")

Put it beside the notebook (244 MB), and run this cell again."""

Weights = Callable[[str, Parameter, slice], np.ndarray]
"""Rows of an array of weights, float32: its name in the network, its shape and first deviation, which rows."""


class LayerRun(NamedTuple):
    """What one layer did."""

    name: str
    kind: str
    output: np.ndarray
    seconds: float
    """Time of its arithmetic alone, without making or reading weights."""
    multiply_adds: int
    weight_bytes: int
    """The most of its weights that were in memory at a time."""


def random_weights(seed: int) -> Weights:
    """Weights as they are before training, made when they are asked for.

    >>> random_weights(0)("fc.weight", Parameter((1000, 50), deviation=0.2), slice(0, 100)).std().round(2)
    np.float32(0.2)
    """
    rng = np.random.default_rng(seed)

    def rows(name: str, parameter: Parameter, rows: slice) -> np.ndarray:
        count = len(range(*rows.indices(parameter.shape[0])))
        piece = Parameter((count, *parameter.shape[1:]), parameter.deviation, parameter.mean)
        piece.init(rng, np.float32)
        return piece.value

    return rows


@contextmanager
def stored_weights(path: str | os.PathLike, net: Layer) -> Iterator[Weights]:
    """The weights of ``net`` in a ``.safetensors`` file, read when they are asked for.

    Raises:
        TypeError, FileNotFoundError, StorageError, OSError: as :func:`lecture_lib.storage.open_parts`.
    """
    check_network("net", net)
    with open_parts(path, {name: parameter.shape for name, parameter in net.state().items()}) as part:
        yield lambda name, parameter, rows: part(name, rows).astype(np.float32, copy=False)


def layer_by_layer(
    net: Layer, x: np.ndarray, weights: Weights | None = None, given: Mapping[str, np.ndarray] | None = None
) -> Iterator[LayerRun]:
    """Send a batch through a network with layers one after another, and say of each what came out and how long it took.

    The network keeps no weights that it did not have before.

    Args:
        x: (N, ...).
        weights: where they come from; None takes those that the network has.
        given: arrays by name that are taken instead, such as a first layer made by hand.

    Raises:
        TypeError: ``x`` does not hold real numbers, or the network has branches side by side.
        ShapeError: the network cannot take samples of this shape, or a given array has another one than it needs.
        ValueError: a given array has a name that the network does not know.
        StateError: the network has no weights, and none are given.

    >>> from lecture_lib.models import lenet5
    >>> runs = list(layer_by_layer(lenet5(), np.zeros((1, 1, 28, 28)), random_weights(0)))
    >>> runs[0].name, runs[0].output.shape, runs[0].multiply_adds
    ('C1', (1, 6, 28, 28), 117600)
    """
    check_network("net", net)
    if not (weights is None or callable(weights)):
        raise TypeError(
            f"weights is a {type(weights).__name__}: must be a function, such as random_weights(0), or None"
        )
    if not isinstance(given, Mapping | None):
        raise TypeError(f"given is a {type(given).__name__}: must be a dict of arrays by name")
    x, given, state = as_float("x", x), dict(given or {}), net.state()
    for name, array in given.items():
        if name not in state:
            raise ValueError(f"given has {shown(name)}: the network has {', '.join(state)}")
        if np.shape(array) != state[name].shape:
            raise ShapeError(f"given[{shown(name)}] has shape {np.shape(array)}: must be {state[name].shape}")
    _check_chain(net)
    rows = list(net.rows(x.shape[1:]))
    for row in rows:
        x, seconds, size = _run(row, x, weights, given)
        yield LayerRun(row.name, row.layer.kind, x, seconds, row.layer.multiply_adds(row.input_shape) * len(x), size)


def _check_chain(net: Layer) -> None:
    """Raise unless the layers are one after another, in networks inside the network, too."""
    if isinstance(net, Concat):
        raise TypeError(f"net holds {shown(net)}, with branches side by side: layers must be one after another")
    for layer in getattr(net, "layers", {}).values():
        _check_chain(layer)


def _run(
    row: Row, x: np.ndarray, weights: Weights | None, given: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, float, int]:
    layer, arrays = row.layer, row.layer.state()
    had = {name: parameter.value for name, parameter in arrays.items()}

    def take(name: str, rows: slice) -> np.ndarray:
        called = f"{row.name}.{name}"
        if called in given:
            return given[called][rows]
        if weights is None:
            return layer.value(name)[rows]
        count = len(range(*rows.indices(arrays[name].shape[0])))
        array = as_float(f"weights for {called}", weights(called, arrays[name], rows))
        return ops.check_shape(f"weights for {called}", array, (count, *arrays[name].shape[1:]), "that of these rows")

    outs, seconds, most = [], 0.0, 0
    try:
        for rows in _pieces(layer):
            taken = {name: take(name, rows) for name in arrays}
            most = max(most, sum(array.nbytes for array in taken.values()))
            for name, array in taken.items():
                arrays[name].value = array
            start = time.perf_counter()
            with one_thread():
                if isinstance(layer, Linear):
                    outs.append(ops.linear(x, taken["weight"], taken["bias"]))
                else:
                    outs.append(layer.forward(x))
            seconds += time.perf_counter() - start
            taken.clear()
            for name, value in had.items():
                arrays[name].value = value
    finally:
        for name, value in had.items():
            arrays[name].value = value
        layer.forget()
    return (outs[0] if len(outs) == 1 else np.concatenate(outs, axis=1)), seconds, most


def _pieces(layer: Layer) -> list[slice]:
    """Rows of weights to be in memory at a time: all of them, except of a large fully connected layer."""
    if not isinstance(layer, Linear) or layer.weight.size <= PIECE:
        return [slice(None)]
    step = max(1, PIECE // layer.in_features)
    return [slice(start, min(start + step, layer.out_features)) for start in range(0, layer.out_features, step)]


class Guess(NamedTuple):
    """A class with its probability."""

    name: str
    probability: float


def most_likely(logits: np.ndarray, names: list[str], count: int = 5) -> list[Guess]:
    """The classes with the largest softmax, largest first; of equal ones the first.

    Args:
        logits: (classes,).

    Raises:
        ShapeError: there are not as many names as logits, or ``count`` is not from 1 to that.

    >>> [(guess.name, round(guess.probability, 2)) for guess in most_likely(np.log([1, 6, 3]), ["cat", "dog", "cow"], 2)]
    [('dog', 0.6), ('cow', 0.3)]
    """
    logits = as_float("logits", logits)
    if not isinstance(names, list):
        raise TypeError(f"names is a {type(names).__name__}: must be a list of texts")
    if logits.shape != (len(names),):
        raise ShapeError(f"logits has shape {logits.shape}: must be ({len(names)},), one for each of names")
    if integer("count", count, 1) > len(names):
        raise ShapeError(f"count={count}: must be at most {len(names)}")
    probabilities = ops.softmax(logits[None].astype(np.float64))[0]
    best = np.argsort(-probabilities, kind="stable")[:count]
    return [Guess(names[at], float(probabilities[at])) for at in best]


def classify_photo(photo: np.ndarray, path: str | os.PathLike, count: int = 5) -> list[Guess]:
    """What torchvision's AlexNet takes a photo for, with the weights of a ``.safetensors`` file.

    Args:
        photo: uint8 (H, W, 3).
        path: the file, with torchvision's names and shapes. A ``.pth`` must be converted first; the message says how.

    Raises:
        FileNotFoundError: there is no such file; the message says how to make it.
        TypeError, ValueError, OSError: as :func:`stored_weights` and :func:`lecture_lib.data.photo_as_input`.
    """
    net = alexnet("torchvision")
    x = photo_as_input(photo, ALEXNET_INPUT["torchvision"][1])
    try:
        with stored_weights(path, net) as weights:
            *_, last = layer_by_layer(net, x, weights)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{error}.\n{HOW_TO_GET_WEIGHTS}") from None
    return most_likely(last.output[0], imagenet_classes(), count)
