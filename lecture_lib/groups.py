"""Turns and reflections of pictures and of stacks of maps, and convolutions that are equivariant to them.

(Cohen & Welling 2016, "Group equivariant convolutional networks", arXiv:1602.07576, sections 4 to 6.)

p4 has the four turns by 90°, p4m these and the four reflections. The translations that belong to both are
left out here, because a convolution is equivariant to them anyway. Elements are numbers::

    g = k + 4 s    first mirror left and right if s = 1, then turn anticlockwise k times: r^k m^s

A map on a group G has one value for each pixel and each element: |G| maps a channel. They are folded,
(N, C |G|, H, W), channel by channel: map c |G| + g belongs to channel c and element g, and
``maps.reshape(N, C, |G|, H, W)`` unfolds them. So all layers that work number by number or map by map take
them as they are. Where maps have weights of their own, as in ``BatchNorm2d``, the equivariance is lost.
"""

from typing import NamedTuple

import numpy as np

from .arguments import as_pixels, one_of
from .layers import Conv2d, Maxout, Shape
from .ops import IntOrPair, check_axes
from .shapes import ShapeError, integer


class Group(NamedTuple):
    """A group of turns and reflections of the grid; element 0 leaves everything as it is."""

    name: str
    elements: tuple[str, ...]
    """What each does, to be read from the right: r a quarter turn, m a reflection, e nothing."""
    table: np.ndarray
    """Composition, integers (|G|, |G|): ``table[g, h]`` is first h, then g."""
    inverses: np.ndarray
    """What undoes each, integers (|G|,)."""

    @property
    def order(self) -> int:
        """|G|, how many elements it has."""
        return len(self.elements)


def _group(name: str, *elements: str) -> Group:
    g, h = np.ogrid[: len(elements), : len(elements)]
    # Behind a mirror a turn goes the other way: r^a m · r^b = r^(a - b) m.
    table = (g + np.where(g < 4, h, -h)) % 4 + 4 * ((g // 4 + h // 4) % 2)
    return Group(name, elements, table, table.argmin(axis=1))  # where 0 stands


GROUPS = {"p4": _group("p4", "e", "r", "r²", "r³"), "p4m": _group("p4m", "e", "r", "r²", "r³", "m", "rm", "r²m", "r³m")}
"""By name (Cohen & Welling 2016, sections 4.2 and 4.3)."""


def _element(element: int, group: Group) -> int:
    if (number := integer("element", element, 0)) >= group.order:
        raise ValueError(f"element={number}: must be below {group.order}, the number of elements of {group.name}")
    return number


def _move(images: np.ndarray, element: int) -> np.ndarray:
    """The pixels of images (..., H, W) in their new places, a view."""
    return np.rot90(np.flip(images, -1) if element >= 4 else images, element % 4, axes=(-2, -1))


def _move_maps(maps: np.ndarray, element: int, group: Group) -> np.ndarray:
    """:func:`transform_maps`, its arguments checked."""
    *before, count, h, w = maps.shape
    unfolded = maps.reshape(*before, -1, group.order, h, w)
    moved = _move(unfolded.take(group.table[group.inverses[element]], axis=-3), element)
    return moved.reshape(*before, count, *moved.shape[-2:])


def transform_image(images: np.ndarray, element: int) -> np.ndarray:
    """Turn and mirror images (..., H, W) by an element of p4 (0 to 3) or p4m (0 to 7), exactly.

    ``[L_g f](x) = f(g⁻¹ x)`` (Cohen & Welling 2016, section 4.4).

    Returns:
        A new array; odd numbers of quarter turns make it (..., W, H). uint8 and floats stay, other integers
        become float64.

    Raises:
        TypeError: ``images`` does not hold real numbers, or ``element`` is no integer.
        ShapeError: ``images`` has fewer than two axes or an empty one.
        ValueError: there is no such element.

    >>> transform_image(np.array([[1.0, 2], [3, 4]]), 1), transform_image(np.array([[1.0, 2], [3, 4]]), 4)
    (array([[2., 4.],
           [1., 3.]]), array([[2., 1.],
           [4., 3.]]))
    """
    return _move(
        check_axes("images", as_pixels("images", images), "..., H, W"), _element(element, GROUPS["p4m"])
    ).copy()


def transform_maps(maps: np.ndarray, element: int, group: str) -> np.ndarray:
    """What an element of ``group`` ("p4" or "p4m") makes of folded maps (..., C |G|, H, W).

    Each map turns, and the elements change places: ``[L_g f](x, h) = f(g⁻¹ x, g⁻¹ h)``
    (Cohen & Welling 2016, sections 4.4 and 6.1). It is the lecture's M_g for the layers of this module: if ``lift``
    takes pictures, ``lift.forward(transform_image(x, g))`` is ``transform_maps(lift.forward(x), g, group)``.

    Returns:
        A new array; shape, dtype and errors as :func:`transform_image`.

    Raises:
        ShapeError: the number of maps is no multiple of |G|.
        ValueError: ``group`` is unknown, or has no such element.

    >>> maps = np.arange(4.0).reshape(4, 1, 1)  # of one pixel, which turning leaves in its place
    >>> transform_maps(maps, 1, "p4").ravel()
    array([3., 0., 1., 2.])
    """
    found = GROUPS[one_of("group", group, GROUPS)]
    maps = check_axes("maps", as_pixels("maps", maps), "..., C |G|, H, W")
    if maps.shape[-3] % found.order:
        raise ShapeError(f"maps has shape {maps.shape}: must have a multiple of {found.order} maps, for {group}")
    return _move_maps(maps, _element(element, found), found)


class _GroupConv2d(Conv2d):
    """What lifting and group convolutions share: a bank with a transformed copy of each filter for every element."""

    group: Group
    lifts: bool
    """Whether it takes plain maps; otherwise it takes maps on the group."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: IntOrPair, *, stride: IntOrPair = 1,
        padding: IntOrPair = 0, dilation: IntOrPair = 1, gain: float = 2.0,
    ):  # fmt: skip
        in_channels = integer("in_channels", in_channels, 1)
        options = {"stride": stride, "padding": padding, "dilation": dilation, "gain": gain}
        super().__init__(in_channels * (1 if self.lifts else self.group.order), out_channels, kernel_size, **options)
        self.in_channels = in_channels
        for name in ("kernel_size", "stride", "padding", "dilation"):
            if len(set(both := getattr(self, name))) > 1:
                raise ShapeError(f"{name}={both}: must be the same along both axes, because a turn swaps them")

    def _moved(self, filters: np.ndarray, element: int) -> np.ndarray:
        return _move(filters, element) if self.lifts else _move_maps(filters, element, self.group)

    def value(self, name: str) -> np.ndarray:
        value, order = super().value(name), self.group.order
        if name == "bias":
            return value.repeat(order)
        copies = np.stack([self._moved(value, g) for g in range(order)], axis=1)  # (K, |G|, maps, F, F)
        return copies.reshape(-1, *value.shape[1:])

    def output_shape(self, input_shape: Shape) -> Shape:
        shape, maps = tuple(input_shape), self.weight.shape[1]
        if len(shape) != 3 or shape[0] != maps:
            each = maps // self.in_channels
            raise ShapeError(f"{self!r} takes maps of shape ({maps}, H, W) a sample, {each} a channel, not {shape}")
        return self.out_channels * self.group.order, *self._output_size(shape)

    def multiply_adds(self, input_shape: Shape) -> int:
        _, h, w = self.output_shape(input_shape)
        return self.group.order * self.weight.size * h * w

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        grad_x = super().backward(grad, input_grad)
        copies = self.weight.grad.reshape(self.out_channels, -1, *self.weight.shape[1:])
        # The gradient of each copy, moved back to where its numbers come from.
        self.weight.grad = sum(self._moved(copies[:, g], back) for g, back in enumerate(self.group.inverses))
        self.bias.grad = self.bias.grad.reshape(self.out_channels, -1).sum(axis=1)
        return grad_x


class P4Lift(_GroupConv2d):
    """From plain maps to maps on p4: each filter in its four turns (Cohen & Welling 2016, equation 10).

    out[n, k, g] = bias[k] + Σ_c x[n, c] ⋆ L_g weight[k, c], which is a ``Conv2d`` whose bank has the turned copies.
    ``in_channels`` and ``out_channels`` are counted without the group: (N, C, H, W) becomes (N, K |G|, H', W').
    The arguments are those of ``Conv2d``, the same along both axes; ``value("weight")`` is the whole bank.

    It is equivariant, but for rounding, where the windows reach the last pixel of the padded input: when
    n + 2p - d (f - 1) - 1 is a multiple of the stride, for both sides n; so always at stride 1. Otherwise pixels are
    left out at one end, and others after a turn; :func:`lecture_lib.shapes.dropped_columns` counts them.

    >>> layer = P4Lift(1, 8, 3)
    >>> layer.output_shape((1, 28, 28)), sum(p.size for p in layer.parameters().values())  # 8 x 9 weights, 8 biases
    ((32, 26, 26), 80)
    """

    group, lifts = GROUPS["p4"], True


class P4Conv(_GroupConv2d):
    """From maps on p4 to maps on p4 (Cohen & Welling 2016, equation 11).

    out[n, k, g] = bias[k] + Σ_{c, h} x[n, c, h] ⋆ [L_g weight[k]][c, h], as :func:`transform_maps` moves a filter: each
    filter is itself a map on the group, (C |G|, F, F), folded like its input. All else is as for :class:`P4Lift`.

    >>> layer = P4Conv(8, 16, 3)
    >>> layer.output_shape((32, 26, 26)), sum(p.size for p in layer.parameters().values())  # 16 x 32 x 9 weights
    ((64, 24, 24), 4624)
    """

    group, lifts = GROUPS["p4"], False


class P4MLift(_GroupConv2d):
    """From plain maps to maps on p4m: each filter in four turns, and mirrored in four. As :class:`P4Lift`.

    >>> P4MLift(1, 8, 3).output_shape((1, 28, 28))
    (64, 26, 26)
    """

    group, lifts = GROUPS["p4m"], True


class P4MConv(_GroupConv2d):
    """From maps on p4m to maps on p4m. As :class:`P4Conv`.

    >>> P4MConv(8, 16, 3).output_shape((64, 26, 26))
    (128, 24, 24)
    """

    group, lifts = GROUPS["p4m"], False


class GroupPool(Maxout):
    """The largest value or the mean over a group's elements: (C |G|, ...) becomes (C, ...).

    (Cohen & Welling 2016, section 6.3, coset pooling.) ``order`` is |G|: 4 for p4, 8 for p4m. What comes out turns
    with the input, as a picture does; its mean or maximum over all places does not change at all.
    Of equal values the first gets all of the gradient.

    Raises:
        TypeError: ``order`` is no integer.
        ShapeError: ``order`` is below 1.
        ValueError: ``kind`` is neither "max" nor "mean".

    >>> GroupPool(4).forward(np.array([[1.0, 5, 4, 3, 0, 0, 2, 0]]))
    array([[5., 2.]])
    """

    def __init__(self, order: int, kind: str = "max"):
        # Every layer has a ``kind`` already: what a table calls it.
        self.order = self.pieces = integer("order", order, 1)
        self.pooling = one_of("kind", kind, ("max", "mean"))

    def settings(self) -> dict[str, object]:
        return {"order": self.order, "kind": self.pooling}

    def output_shape(self, input_shape: Shape) -> Shape:
        count, *rest = input_shape
        if count % self.order:
            raise ShapeError(f"{self!r} needs a multiple of {self.order} maps, not {count} of {tuple(input_shape)}")
        return count // self.order, *rest

    def forward(self, x: np.ndarray, training: bool = False) -> np.ndarray:
        if self.pooling == "max":
            return super().forward(x, training)
        self._saved = (x,)
        return np.moveaxis(self._grouped(x).mean(axis=1), -1, 0)

    def backward(self, grad: np.ndarray, input_grad: bool = True) -> np.ndarray | None:
        if self.pooling == "max":
            return super().backward(grad, input_grad)
        (x,) = self.saved()
        if not input_grad:
            return None
        grad_x = np.empty_like(x, grad.dtype)
        self._grouped(grad_x)[...] = np.moveaxis(grad / self.order, 0, -1)[:, None]
        return grad_x
