"""AlexNet in three variants."""

from ..arguments import one_of
from ..layers import Activation, Conv2d, Dropout, Flatten, Linear, LocalResponseNorm, MaxPool2d
from .network import Sequential

ALEXNET_INPUT = {"two_towers": (3, 227, 227), "one_tower": (3, 227, 227), "torchvision": (3, 224, 224)}
"""Shape of one image for each variant of :func:`alexnet`; the paper says 224, its numbers ask for 227."""


def alexnet(variant: str = "two_towers") -> Sequential:
    """AlexNet (Krizhevsky, Sutskever & Hinton 2012, "ImageNet classification with deep convolutional ... networks").

    Args:
        variant: ``"two_towers"``, as published: half of the filters of layers 2, 4 and 5 see half of the
            channels each; ``"one_tower"``, the same without the cut, as textbooks draw it;
            ``"torchvision"``, the net after Krizhevsky 2014 (arXiv:1404.5997) whose weights
            torchvision offers, with torchvision's names. Inputs: :data:`ALEXNET_INPUT`.

    Dropout doubles what it leaves while the net learns, as PyTorch's does; the paper's halved all outputs afterwards
    instead (section 4.2). So a net trained here needs no factor later.

    Raises:
        ValueError: an unknown ``variant``.

    >>> from lecture_lib.models import summary
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
