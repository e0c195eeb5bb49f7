"""One class a layer: what comes out, what it costs, what it sees, forward and backward.

A layer is described first and gets its numbers later: construction stores sizes,
``init(rng)`` makes weights. So the table of a network costs nothing.

Shapes of one sample stand without the batch: (C, H, W) for maps, (D,) for vectors.
``forward`` keeps what ``backward`` needs; ``backward`` returns the gradient of the
input and leaves those of the weights in ``Parameter.grad``. No input is changed.
"""

from .activation import Activation, Maxout, PReLU, ReLU6, ScaledTanh
from .base import LISTED, Fields, Layer, Listed, Parameter, Row, Shape, StateError, check_network, product_words
from .convolution import Conv2d, PartialConv2d, ZeroPad2d
from .linear import RBF, Flatten, Linear
from .normalization import BatchNorm2d, Dropout, LocalResponseNorm
from .pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d, Subsampling

__all__ = [
    "LISTED", "RBF", "Activation", "AvgPool2d", "BatchNorm2d", "Conv2d", "Dropout", "Fields", "Flatten",
    "GlobalAvgPool2d", "Layer", "Linear", "Listed", "LocalResponseNorm", "MaxPool2d", "Maxout", "PReLU", "Parameter",
    "PartialConv2d", "ReLU6", "Row", "ScaledTanh", "Shape", "StateError", "Subsampling", "ZeroPad2d", "check_network",
    "product_words",
]  # fmt: skip
