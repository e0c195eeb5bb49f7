"""Integer arithmetic of convolutional layers: sizes, counts, receptive fields.

Symbols, as the lecture has them::

    n   side of the input, in pixels        d   dilation: step inside a window
    f   side of the kernel                  m   side of the output
    s   stride: step between windows        j   jump: input pixels between units
    p   padding on each side                r   side of the receptive field
"""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from .arguments import boolean, shown

MOST = 2**53
"""Up to here a float tells all whole numbers apart."""


class ShapeError(ValueError):
    """A size, count or shape that breaks a rule; the message names the rule."""


def integer(name: str, value: int, minimum: int) -> int:
    """Return ``value`` as an int that is at least ``minimum``.

    Raises:
        TypeError: ``value`` is not an integer (bools, floats and arrays are refused, also of a single number).
        ShapeError: ``value`` is below ``minimum``, or beyond :data:`MOST`.

    >>> integer("stride", 2, 1)
    2
    """
    try:
        if isinstance(value, bool | np.bool_ | np.ndarray):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        kind = type(value).__name__
        same = "; kernels of 3, 5 and 7 keep the size with 1, 2 and 3" * (name == "padding" and isinstance(value, str))
        raise TypeError(f"{name}={shown(value)} ({kind}): must be an integer{same}") from None
    if number < minimum:
        raise ShapeError(f"{name}={shown(number)}: must be at least {minimum}")
    if number > MOST:
        raise ShapeError(f"{name}={shown(number)}: must be at most {MOST:,}")
    return number


def times(shape: Sequence[int]) -> str:
    """A shape as the lecture writes it.

    >>> times((96, 55, 55))
    '96×55×55'
    """
    return "×".join(map(str, shape))


def pair(name: str, value: int | Sequence[int], minimum: int) -> tuple[int, int]:
    """Return ``value`` as (vertical, horizontal): an int counts for both.

    Raises:
        TypeError: ``value`` is neither an integer nor a pair of integers.
        ShapeError: an entry is below ``minimum``, or there are not two.

    >>> pair("padding", 1, 0), pair("padding", (0, 2), 0)
    ((1, 1), (0, 2))
    """
    if getattr(value, "ndim", 0) and value.size == 2:  # a NumPy array
        value = value.tolist()
    if not isinstance(value, list | tuple):
        number = integer(name, value, minimum)
        return number, number
    if len(value) != 2:
        raise ShapeError(f"{name}={shown(value)}: must be one integer or a pair of integers")
    return integer(f"{name}[0]", value[0], minimum), integer(f"{name}[1]", value[1], minimum)


def window_span(kernel_size: int, dilation: int = 1) -> int:
    """Pixels from the first to the last one a window touches: d (f - 1) + 1.

    >>> window_span(3), window_span(3, dilation=2)
    (3, 5)
    """
    f = integer("kernel_size", kernel_size, 1)
    return integer("dilation", dilation, 1) * (f - 1) + 1


def _free_steps(n: int, kernel_size: int, padding: int, dilation: int) -> int:
    """How many pixels a window can move before it meets the far border."""
    n, padding = integer("n", n, 1), integer("padding", padding, 0)
    span, padded = window_span(kernel_size, dilation), n + 2 * padding
    if span > padded:
        spread = f" with dilation={dilation}" if dilation > 1 else ""
        raise ShapeError(
            f"kernel_size={kernel_size}{spread}: the window spans {span} pixels, but the padded input has only "
            f"{padded} (n={n}, padding={padding}); the window must fit, so use a smaller kernel or more padding"
        )
    return padded - span


def conv_output_size(n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Side of a convolution's or a pooling layer's output, in pixels.

    m = floor((n + 2p - d (f - 1) - 1) / s) + 1
    (Dumoulin & Visin 2016, arXiv:1603.07285, Relationship 15).
    The lecture's (N - F)/stride + 1 is the case p = 0, d = 1, without the floor.

    Raises:
        TypeError: an argument is not an integer.
        ShapeError: ``n``, ``kernel_size``, ``stride`` or ``dilation`` is below 1, ``padding``
            is below 0, or the window is larger than the padded input.

    >>> conv_output_size(7, 3), conv_output_size(7, 3, stride=2), conv_output_size(7, 3, padding=1)
    (5, 3, 7)
    """
    return _free_steps(n, kernel_size, padding, dilation) // integer("stride", stride, 1) + 1


def floor_only(ceil_mode: bool) -> None:
    """Refuse PyTorch's ``ceil_mode``: what hangs over the border is no window here.

    Raises:
        TypeError: it is neither True nor False.
        ShapeError: it is True.
    """
    if boolean("ceil_mode", ceil_mode):
        raise ShapeError(
            "ceil_mode=True: must be False, a window that hangs over the border is left out; to keep the largest value it "
            "would see, write the last row and column twice: np.pad(x, ((0, 0), (0, 0), (0, 1), (0, 1)), 'edge')"
        )


def dropped_columns(n: int, kernel_size: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Columns at the end of the padded input that no window reaches: what the floor drops.

    (Where the stride is larger than the window, columns between two windows are in none, either; they are not counted.)
    Arguments and errors are those of :func:`conv_output_size`.

    >>> dropped_columns(7, 3, stride=3)  # (7 - 3) / 3 is 1 with 1 left over
    1
    """
    return _free_steps(n, kernel_size, padding, dilation) % integer("stride", stride, 1)


def same_padding(kernel_size: int, dilation: int = 1) -> int:
    """Padding that keeps the size at stride 1: d (f - 1) / 2.

    Raises:
        TypeError: an argument is not an integer.
        ShapeError: no padding does it, because d (f - 1) is odd (an even kernel), or an argument is below 1.

    >>> [same_padding(f) for f in (3, 5, 7)]
    [1, 2, 3]
    """
    margin = window_span(kernel_size, dilation) - 1
    if margin % 2:
        raise ShapeError(
            f"kernel_size={kernel_size}: an even kernel has no middle, so equal padding on both sides "
            f"cannot keep the size (it would need {margin}/2 pixels); use an odd kernel"
        )
    return margin // 2


@dataclass(frozen=True)
class LayerCost:
    """What one convolution layer holds and does, as plain counts."""

    weights: int
    biases: int
    multiply_adds: int

    @property
    def parameters(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


def conv_cost(
    in_channels: int, out_channels: int, kernel_size: int | tuple[int, int], output_size: int | tuple[int, int],
    groups: int = 1,
) -> LayerCost:  # fmt: skip
    """Weights, biases and multiply-adds of a convolution layer.

    Each of the K filters has F_h F_w C / groups weights and one bias; each output
    value costs one multiply-add a weight of its filter.

    Raises:
        TypeError: an argument is not an integer (or a pair, for the two sizes).
        ShapeError: an argument is below 1, or ``groups`` does not divide both channel counts.

    >>> cost = conv_cost(3, 10, 5, output_size=32)
    >>> cost.weights, cost.biases, cost.parameters, cost.multiply_adds
    (750, 10, 760, 768000)
    """
    c, k = integer("in_channels", in_channels, 1), integer("out_channels", out_channels, 1)
    groups = check_groups(c, k, groups)
    (f_h, f_w), (m_h, m_w) = pair("kernel_size", kernel_size, 1), pair("output_size", output_size, 1)
    weights = k * (c // groups) * f_h * f_w
    return LayerCost(weights, k, weights * m_h * m_w)


def check_groups(in_channels: int, out_channels: int, groups: int) -> int:
    """Return ``groups`` if it divides both channel counts.

    Raises:
        TypeError: ``groups`` is not an integer.
        ShapeError: ``groups`` is below 1, or does not divide a count.
    """
    groups = integer("groups", groups, 1)
    for name, count in (("in_channels", in_channels), ("out_channels", out_channels)):
        if count % groups:
            raise ShapeError(f"groups={groups}: must divide {name}={count}")
    return groups


@dataclass(frozen=True)
class Window:
    """How one convolution or pooling layer looks at its input along one axis."""

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def output_size(self, n: int) -> int:
        """Side of the output for an input of side ``n``; see :func:`conv_output_size`."""
        return conv_output_size(n, self.kernel_size, self.stride, self.padding, self.dilation)

    def seen_by(self, first: int, last: int) -> tuple[int, int]:
        """First and last input index that the output units ``first`` to ``last`` look at.

        Indices below 0 or past the end lie in the padding.

        >>> Window(3, stride=2, padding=1).seen_by(0, 1)
        (-1, 3)
        """
        stride, padding = integer("stride", self.stride, 1), integer("padding", self.padding, 0)
        span = window_span(self.kernel_size, self.dilation)
        return int(first) * stride - padding, int(last) * stride - padding + span - 1


@dataclass(frozen=True)
class ReceptiveField:
    """What one unit of a layer sees of the input, along one axis."""

    size: int
    """Input pixels from the first to the last one seen."""
    jump: int
    """Input pixels between the fields of two neighbouring units."""
    start: int
    """Index of the first input pixel that unit 0 sees; negative in the padding."""

    def through(self, window: Window) -> "ReceptiveField":
        """The field after one more layer; see :func:`receptive_fields`.

        >>> ReceptiveField(5, 2, 0).through(Window(3, stride=2))
        ReceptiveField(size=9, jump=4, start=0)
        """
        stride, padding = integer("stride", window.stride, 1), integer("padding", window.padding, 0)
        margin = window_span(window.kernel_size, window.dilation) - 1
        return ReceptiveField(self.size + margin * self.jump, self.jump * stride, self.start - padding * self.jump)

    def together(self, units: int) -> "ReceptiveField":
        """What ``units`` units in a row see together: the field of a unit that looks at all of them.

        >>> ReceptiveField(5, 2, 0).together(3)
        ReceptiveField(size=9, jump=0, start=0)
        """
        return ReceptiveField(self.size + (integer("units", units, 1) - 1) * self.jump, 0, self.start)


ONE_PIXEL = ReceptiveField(1, 1, 0)
"""What an input pixel sees: itself. Every stack of layers starts here."""


def receptive_fields(stack: Sequence[Window]) -> list[ReceptiveField]:
    """Receptive field after each layer of ``stack``, first layer first.

    r' = r + (d (f - 1)) j,  j' = j s,  start' = start - p j
    (Araujo, Norris & Sim 2019, Distill, doi:10.23915/distill.00021, equations 1-2).

    Raises:
        TypeError, ShapeError: a layer has a size that is no integer or too small.

    >>> [field.size for field in receptive_fields([Window(3)] * 4)]  # 1 + L (K - 1)
    [3, 5, 7, 9]
    """
    return list(accumulate(_checked_stack(stack), ReceptiveField.through, initial=ONE_PIXEL))[1:]


def _checked_stack(stack: Sequence[Window]) -> Sequence[Window]:
    if not isinstance(stack, Sequence) or not all(isinstance(each, Window) for each in stack):
        raise TypeError(f"stack={shown(stack)}: must be a list of Window")
    return stack


def trace_back(stack: Sequence[Window], unit: int) -> list[tuple[int, int]]:
    """First and last index that ``unit`` of the last layer sees in every layer below.

    The list starts with the input and ends with the unit itself.

    >>> trace_back([Window(3), Window(2, stride=2)], unit=1)
    [(2, 5), (2, 3), (1, 1)]
    """
    unit = integer("unit", unit, 0)
    seen = [(unit, unit)]
    for window in reversed(_checked_stack(stack)):
        seen.append(window.seen_by(*seen[-1]))
    return seen[::-1]


def covered(at: int, size: int, side: int) -> tuple[int, int]:
    """First and one behind the last pixel that a square of ``size`` around pixel ``at`` covers along one axis.

    Raises:
        TypeError, ShapeError: one is no integer, or too small.

    >>> covered(0, 5, 28), covered(14, 4, 28)
    ((0, 3), (12, 16))
    """
    at, size, side = integer("at", at, 0), integer("size", size, 1), integer("side", side, 1)
    return max(0, at - size // 2), min(side, at - size // 2 + size)
