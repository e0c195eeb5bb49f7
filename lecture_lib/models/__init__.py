"""Networks as lists of layers: LeNet-5, AlexNet, their relatives, and the table of any of them.

What a network is made of is said once, in the list. Shapes, counts, receptive fields,
forward and backward are each one pass over it.
"""

from .alexnet import ALEXNET_INPUT, alexnet
from .efficientnet import PHOTO_NET_INPUT, PHOTO_NET_WEIGHTS, efficientnet_lite0, trained_photo_net
from .lenet import BACKGROUND, C3_TABLE, LENET5_WEIGHTS, STROKE, digit_codes, lenet5, trained_lenet5
from .network import Concat, Residual, Sequential, check_sequential
from .small import mlp, p4_cnn, small_cnn
from .table import Summary, SummaryRow, summary

__all__ = [
    "ALEXNET_INPUT", "BACKGROUND", "C3_TABLE", "LENET5_WEIGHTS", "PHOTO_NET_INPUT", "PHOTO_NET_WEIGHTS", "STROKE",
    "Concat", "Residual", "Sequential", "Summary", "SummaryRow", "alexnet", "check_sequential", "digit_codes", "efficientnet_lite0",
    "lenet5", "mlp", "p4_cnn", "small_cnn", "summary", "trained_lenet5", "trained_photo_net",
]  # fmt: skip
