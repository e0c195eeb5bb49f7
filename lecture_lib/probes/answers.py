"""What the layers of a network answer, which units are dead, and how large gradients are."""

from collections.abc import Iterator

import numpy as np

from ..arguments import as_float, one_of, shown
from ..layers import Activation, Fields, Layer, PReLU, Shape
from ..models import Sequential, check_sequential
from ..ops import softmax, softmax_cross_entropy
from ..ops.arrays import one_thread
from ..shapes import ONE_PIXEL, ShapeError


def layers_of(net: Layer, input_shape: Shape) -> dict[str, tuple[Layer, Shape, Fields]]:
    """Each layer of ``net``, its output's shape, and what one unit of it sees; those within a block before the block."""
    check_sequential("net", net)
    net.output_shape(input_shape)
    return dict(_within(net, tuple(input_shape), (ONE_PIXEL, ONE_PIXEL), ""))


def _within(block: Sequential, shape: Shape, fields: Fields, prefix: str) -> Iterator[tuple[str, tuple]]:
    for key, layer in block.layers.items():
        if isinstance(layer, Sequential):
            yield from _within(layer, shape, fields, f"{prefix}{key}.")
        shape, fields = layer.output_shape(shape), layer.receptive_field(fields, shape)
        yield f"{prefix}{key}", (layer, shape, fields)


def forward(net: Layer, x: np.ndarray, keep: bool = False) -> Iterator[tuple[str, np.ndarray]]:
    """Name and output of each layer, computed when it is asked for; ``keep`` what ``backward`` needs."""
    x = as_float("x", x)
    layers_of(net, x.shape[1:])
    if x.ndim == 0 or len(x) == 0:
        raise ShapeError(f"x has shape {x.shape}: must be (N, ...), at least one sample")
    outputs = net.outputs(x)
    while True:
        with one_thread():
            name, layer, out = next(outputs, (None, None, None))
        if name is None:
            return
        if not keep:
            layer.forget()
        yield name, out


def responses(net: Layer, x: np.ndarray) -> dict[str, np.ndarray]:
    """The output of every layer for a batch (N, ...), by the layer's name, first layer first.

    Raises:
        TypeError: ``net`` is no Sequential, or ``x`` does not hold real numbers.
        ShapeError: the network cannot take samples of this shape, or there is none.
        StateError: the network has no weights.

    >>> from lecture_lib.models import mlp
    >>> {name: out.shape for name, out in responses(mlp([4, 8, 3]).init(0), np.zeros((5, 1, 2, 2))).items()}
    {'flatten': (5, 4), 'fc1': (5, 8), 'relu1': (5, 8), 'fc2': (5, 3)}
    """
    return dict(forward(net, x))


@np.errstate(all="ignore")  # the square of what has nearly vanished is 0
def gradient_norms(net: Layer, x: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """How large the gradient is that reaches each layer with weights, first layer first.

    The root mean square, over samples and units, of the derivatives of the batch's mean cross-entropy with
    respect to the layer's output, before the activation (Glorot & Bengio 2010, section 4.2, looks at the
    same). Like every backward pass it leaves the gradients of the weights in ``Parameter.grad``.

    Args:
        x: samples (N, ...).
        labels: integers (N,).

    Raises:
        TypeError, ShapeError, ValueError, StateError: as :func:`responses`, and as
            :func:`lecture_lib.ops.softmax_cross_entropy` for the labels.

    >>> from lecture_lib.models import mlp
    >>> x, labels = np.random.default_rng(0).normal(size=(20, 16)), np.arange(20) % 4
    >>> norms = gradient_norms(mlp([16, 16, 16, 4], "sigmoid").init(0), x, labels)
    >>> list(norms), norms["fc1"] < norms["fc2"] < norms["fc3"]
    (['fc1', 'fc2', 'fc3'], True)
    """
    *_, (_, logits) = forward(net, x, keep=True)
    _, grad = softmax_cross_entropy(logits, labels)
    norms = {}
    for name, layer in reversed(net.layers.items()):
        if layer.parameters():
            norms[name] = float(np.sqrt(np.mean(np.square(grad, dtype=np.float64))))  # squares are tiny in float32
        with one_thread():
            grad = layer.backward(grad)
    net.forget()
    return dict(reversed(norms.items()))


def active_share(net: Layer, x: np.ndarray, layer: str) -> np.ndarray:
    """For each unit or map of an activation layer: at which share of samples and places its input is above 0.

    Where it is not, ReLU passes no gradient; a unit with the share 0 is dead for this batch.

    Args:
        x: samples (N, ...).
        layer: name of an ``Activation`` or ``PReLU``.

    Returns:
        float64 (C,).

    Raises:
        ValueError: there is no such layer, or it is of another kind.
        TypeError, ShapeError, StateError: as :func:`responses`.

    >>> from lecture_lib.models import mlp
    >>> net = mlp([2, 3, 2]).init(0)
    >>> net["fc1"].weight.value[:] = [[1, 0], [0, 1], [-1, -1]]
    >>> active_share(net, np.array([[1.0, 1], [1, -1], [3, 0], [1, -3]]), "relu1")
    array([1.  , 0.25, 0.25])
    """
    before = as_float("x", x)
    found = layers_of(net, before.shape[1:])
    if not isinstance(found[one_of("layer", layer, found)][0], Activation | PReLU):
        raise ValueError(f"layer={shown(layer)}: must be an activation, not a {found[layer][0].kind}")
    for name, out in forward(net, x):
        if name == layer:
            break
        before = out
    return (before > 0).mean(axis=(0, *range(2, before.ndim)))


def chances(logits: np.ndarray) -> np.ndarray:
    """The softmax of scores (..., M) to be shown, float32: none is 0 or 1, which only rounding would make of it.

    Raises:
        TypeError, ShapeError: as :func:`lecture_lib.ops.softmax`.

    >>> sure = chances(np.array([0.0, 200.0]))
    >>> bool(0 < sure[0] < sure[1] < 1)
    True
    """
    single = np.finfo(np.float32)
    return softmax(logits).astype(np.float32).clip(single.tiny, 1 - single.epsneg)
