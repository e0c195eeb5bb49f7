"""Representations, from a filter to a network on a group, and both ways round."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from ....arguments import as_float, one_of
from ....filters import KERNELS, correlate, pad_border
from ....groups import GroupPool, P4Conv, P4Lift, P4MLift
from ....layers import Activation
from ....models import Sequential
from ....ops import max_pool2d
from ....shapes import ShapeError
from ..ways import BothWays, equivariance_error
from .moves import move_maps, move_picture

HOOK = np.array([[1.0, 1, 0], [-1, 2, 0], [-1, -1, -1]])
"""A filter that no turn and no mirror leaves as it is; its sum is 0."""


# Representations


@dataclass(frozen=True)
class Representation:
    """A φ: ``phi`` takes a picture (H, W) and its border, and gives maps (C, h, w)."""

    label: str
    chip: str
    """The label where there is little room, beside a picture of its ``kernel``."""
    kernel: np.ndarray
    phi: Callable[[np.ndarray, str], np.ndarray]
    stride: int = 1
    group: str = ""
    """What the maps belong to, as in :func:`move_maps`."""


def _sobel(image: np.ndarray, border: str) -> np.ndarray:
    return correlate(image, KERNELS["sobel_x"].weights, padding=1, border=border)[None]


def _laplacian(image: np.ndarray, border: str) -> np.ndarray:
    return correlate(image, KERNELS["laplacian_8"].weights, padding=1, border=border)[None]


def _relu(image: np.ndarray, border: str) -> np.ndarray:
    return np.maximum(_sobel(image, border), 0)


@cache
def _hook(kind: str) -> Sequential:
    lift = {"p4": P4Lift, "p4m": P4MLift}[kind](1, 1, 3)
    net = Sequential([lift, Activation("relu")]).init(0, np.float64)
    lift.weight.value[:] = HOOK
    return net


def _copies(kind: str) -> Callable[[np.ndarray, str], np.ndarray]:
    return lambda image, border: _hook(kind).forward(pad_border(image, 1, border)[None, None])[0]


@cache
def _p4_layers() -> Sequential:
    relu = Activation("relu"), Activation("relu")
    return Sequential([P4Lift(1, 4, 3), relu[0], P4Conv(4, 1, 3), relu[1], GroupPool(4)]).init(4, np.float64)


def _p4(image: np.ndarray, border: str) -> np.ndarray:
    return _p4_layers().forward(pad_border(image / 255, 2, border)[None, None])[0]


_SOBEL, _LAPLACIAN = (KERNELS[name].weights for name in ("sobel_x", "laplacian_8"))
REPRESENTATIONS: dict[str, Representation] = {
    "filter": Representation("one filter (Sobel x)", "Sobel x", _SOBEL, _sobel),
    "symmetric": Representation("a symmetric filter (Laplacian 8)", "Laplacian 8", _LAPLACIAN, _laplacian),
    "relu": Representation("filter, ReLU", "ReLU", _SOBEL, _relu),
    "stride": Representation(
        "filter, ReLU, stride 2", "stride 2", _SOBEL, lambda x, border: _relu(x, border)[:, ::2, ::2], stride=2
    ),
    "pool": Representation(
        "filter, ReLU, max pooling 2", "max pooling 2", _SOBEL,
        lambda x, border: max_pool2d(_relu(x, border)[None], 2)[0], stride=2,
    ),
    "turned": Representation("one filter in 4 turns", "4 turns", HOOK, _copies("p4"), group="p4"),
    "mirrored": Representation("in 4 turns, and mirrored", "and mirrored", HOOK, _copies("p4m"), group="p4m"),
    "p4": Representation("p4: lift, group conv, pool", "p4", _p4_layers()["0"].weight.value[0, 0], _p4),
}  # fmt: skip
"""The representations of the explorer, from a single filter to layers on a group."""


def both_ways(
    image: np.ndarray, representation: str, move: str, level: float, border: str = "zero", whole: bool = False
) -> BothWays:
    """φ(g x) and M_g φ(x) of an image (H, W), for named representations and moves.

    Raises:
        ValueError: a name is unknown.
        ShapeError: the image has another shape.

    >>> image = np.arange(64.0).reshape(8, 8) ** 2
    >>> both_ways(image, "filter", "translate", 3, "circular").error
    0.0
    >>> [round(both_ways(image, name, "rotate", 90, "circular").error, 2) for name in ("filter", "turned")]
    [1.01, 0.0]
    """
    which = REPRESENTATIONS[one_of("representation", representation, REPRESENTATIONS)]
    image = as_float("image", image)
    if image.ndim != 2:
        raise ShapeError(f"image has shape {image.shape}: must be (H, W)")

    def m_g(maps):
        settings = {"stride": which.stride, "side": image.shape[-1], "group": which.group, "whole": whole}
        return move_maps(maps, move, level, border, **settings)

    return equivariance_error(
        lambda x: which.phi(x, border), lambda x: move_picture(x, move, level, border), m_g, image
    )
