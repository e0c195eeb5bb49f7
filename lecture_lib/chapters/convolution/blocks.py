"""The blocks of NIN and GoogLeNet, which mix channels by 1×1 convolutions."""

from ...layers import Activation, Conv2d, MaxPool2d
from ...models import Concat, Sequential


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
