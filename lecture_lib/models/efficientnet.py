"""EfficientNet-Lite0: a small network that was trained on ImageNet's photos, and names them."""

from itertools import chain
from pathlib import Path

from ..layers import Conv2d, Flatten, GlobalAvgPool2d, Layer, Linear, ReLU6, ZeroPad2d
from .network import Residual, Sequential

PHOTO_NET_INPUT = (3, 224, 224)

STAGES = (
    # blocks, kernel, stride of the first, expansion, maps
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)  # fmt: skip
"""Tan & Le 2019 (arXiv:1905.11946), table 1, without squeeze-and-excitation, as the Lite variants leave it out."""


def efficientnet_lite0() -> Sequential:
    """EfficientNet-Lite0, its batch norms folded into the convolutions before them: 4,631,000 learned numbers.

    Each block makes many maps of few (``expand``), filters each map alone (``depthwise``) and mixes them back into few
    (``project``); where the shape stays, its output is added to its input (Sandler et al. 2018, arXiv:1801.04381). All
    activations are ReLU6. Padding is TensorFlow's "SAME": a stride of 2 pads more on the right and below.

    >>> efficientnet_lite0().output_shape(PHOTO_NET_INPUT)
    (1000,)
    """
    net: dict[str, Layer] = {"pad": ZeroPad2d((0, 1, 0, 1)), "stem": Conv2d(3, 32, 3, stride=2), "relu": ReLU6()}
    channels, strides = 32, chain.from_iterable((stage[2], *[1] * (stage[0] - 1)) for stage in STAGES)
    kinds = chain.from_iterable([stage] * stage[0] for stage in STAGES)
    for number, ((_, kernel, _, expansion, maps), stride) in enumerate(zip(kinds, strides, strict=True)):
        block = _block(channels, kernel, stride, expansion, maps)
        net[f"block{number}"] = (Residual if stride == 1 and maps == channels else Sequential)(block)
        channels = maps
    return Sequential(net | {
        "head": Conv2d(channels, 1280, 1), "relu_head": ReLU6(), "pool": GlobalAvgPool2d(), "flatten": Flatten(),
        "fc": Linear(1280, 1000),
    })  # fmt: skip


def _block(channels: int, kernel: int, stride: int, expansion: int, maps: int) -> dict[str, Layer]:
    wide, around = channels * expansion, kernel - stride  # SAME: an even input needs kernel - stride zeros in all
    block: dict[str, Layer] = {}
    if expansion > 1:
        block |= {"expand": Conv2d(channels, wide, 1), "relu1": ReLU6()}
    if around % 2:
        before, behind = around // 2, around - around // 2
        block["pad"] = ZeroPad2d((before, behind, before, behind))
    padding = 0 if around % 2 else around // 2
    depthwise = Conv2d(wide, wide, kernel, stride=stride, padding=padding, groups=wide)
    return block | {"depthwise": depthwise, "relu2": ReLU6(), "project": Conv2d(wide, maps, 1)}


PHOTO_NET_WEIGHTS = Path(__file__).parents[1] / "imagenet" / "efficientnet_lite0.safetensors"
"""The weights that come with the lecture, made by ``tools/convert_photo_net.py``."""


def trained_photo_net() -> tuple[Sequential, dict[str, str]]:
    """EfficientNet-Lite0 with weights trained on ImageNet, and the notes of their file: where they come from.

    What it takes is made by :func:`lecture_lib.data.photo_as_input`; what its outputs mean is said by
    :func:`lecture_lib.data.imagenet_classes`.

    >>> net, notes = trained_photo_net()
    >>> notes["licence"]
    'Apache-2.0'
    """
    net = efficientnet_lite0()
    return net, net.load_weights(PHOTO_NET_WEIGHTS)
