"""Small networks of the experiments."""

from collections.abc import Sequence

from ..arguments import one_of
from ..groups import GroupPool, P4Conv, P4Lift
from ..layers import Activation, AvgPool2d, Conv2d, Flatten, GlobalAvgPool2d, Layer, Linear, MaxPool2d
from ..shapes import ShapeError, integer
from .network import Sequential


def mlp(sizes: Sequence[int], activation: str = "relu", gain: float = 2.0) -> Sequential:
    """A fully connected network: ``sizes`` are the features of input, hidden layers and output.

    >>> from lecture_lib.models import summary
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

    >>> from lecture_lib.models import summary
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

    >>> from lecture_lib.models import summary
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
