"""Which input is wired to which unit, and how many weights that takes: dense, local, shared, pooled.

Symbols::

    n  inputs, or side of the image     f  side of the window      k  maps (filters)
    c  channels of the image            m  n - f + 1, places of a window
"""

from typing import NamedTuple

from ...shapes import ShapeError, conv_output_size, integer


class Wiring(NamedTuple):
    """One layer on a row of inputs, small enough to draw every line."""

    inputs: int
    units: int
    lines: tuple[tuple[int, int, int | None], ...]
    """(input, unit, weight): the number of a weight that several lines share, None for a line with its own or without."""
    weights: int
    """How many different weights there are to learn."""

    def describe(self) -> dict[str, object]:
        """What the browser draws it from."""
        return {"inputs": self.inputs, "units": self.units, "lines": [list(line) for line in self.lines]}


MOST_LINES = 1_000_000
"""More are never written down: each takes a line in a list."""


def _check_lines(count: int) -> None:
    if count > MOST_LINES:
        raise ShapeError(f"{count:,} lines between inputs and units: must be at most {MOST_LINES:,}; use fewer inputs")


def dense(inputs: int, units: int) -> Wiring:
    """Every unit is wired to every input, each line with a weight of its own: ``inputs`` · ``units`` weights.

    Raises:
        TypeError, ShapeError: a count is no integer, or below 1.

    >>> dense(10, 8).weights
    80
    """
    n, units = integer("inputs", inputs, 1), integer("units", units, 1)
    _check_lines(n * units)
    lines = tuple((i, unit, None) for unit in range(units) for i in range(n))
    return Wiring(n, units, lines, len(lines))


def local(inputs: int, kernel_size: int, maps: int = 1) -> Wiring:
    """A unit for each place of a window, wired to that window alone, with weights of its own: m f k weights.

    Raises:
        TypeError, ShapeError: a count is no integer, below 1, or the window is wider than the row.

    >>> wiring = local(10, 3)
    >>> wiring.units, wiring.weights
    (8, 24)
    """
    wired = shared(inputs, kernel_size, maps)
    lines = tuple((i, unit, None) for i, unit, _ in wired.lines)
    return wired._replace(lines=lines, weights=len(lines))


def shared(inputs: int, kernel_size: int, maps: int = 1) -> Wiring:
    """The same lines, but the units of one map share their weights, a convolution: f k weights.

    Raises:
        TypeError, ShapeError: as :func:`local`.

    >>> wiring = shared(10, 3)
    >>> wiring.units, wiring.weights, wiring.lines[:4]
    (8, 3, ((0, 0, 0), (1, 0, 1), (2, 0, 2), (1, 1, 0)))
    """
    places, maps = conv_output_size(inputs, kernel_size), integer("maps", maps, 1)
    inputs, kernel_size = int(inputs), int(kernel_size)  # a NumPy integer would not count beyond its bits
    _check_lines(maps * places * kernel_size)
    lines = tuple(
        (place + at, each * places + place, each * kernel_size + at)
        for each in range(maps)
        for place in range(places)
        for at in range(kernel_size)
    )
    return Wiring(inputs, maps * places, lines, maps * kernel_size)


def pooled(inputs: int, kernel_size: int) -> Wiring:
    """Windows side by side, each with a unit that takes their largest value: no weights.

    Raises:
        TypeError, ShapeError: as :func:`local`.

    >>> wiring = pooled(8, 2)
    >>> wiring.units, wiring.weights
    (4, 0)
    """
    units = conv_output_size(inputs, kernel_size, stride=kernel_size)
    inputs, kernel_size = int(inputs), int(kernel_size)
    _check_lines(units * kernel_size)
    lines = tuple((unit * kernel_size + at, unit, None) for unit in range(units) for at in range(kernel_size))
    return Wiring(inputs, units, lines, 0)


class FirstLayer(NamedTuple):
    """Weights, without biases, of first layers on one image; see :func:`first_layer`."""

    dense: int
    """k units, each wired to the whole image: n² c k."""
    dense_maps: int
    """As many units as the convolution has, each wired to the whole image: n² c m² k."""
    local: int
    """The same units, each wired to its own window with weights of its own: f² c m² k."""
    shared: int
    """The convolution: f² c k."""
    values: int
    """Numbers that the convolution gives: m² k. The dense layer of k units gives k."""

    @property
    def multiply_adds(self) -> int:
        """Work of the convolution for one image: each of its values takes a whole filter. The dense layer's is ``dense``."""
        return self.local


def first_layer(side: int, channels: int, detectors: int, kernel_size: int) -> FirstLayer:
    """What ``detectors`` units, or filters, cost as the first layer on an image of ``side`` × ``side`` × ``channels``.

    Stride 1, no padding.

    Raises:
        TypeError, ShapeError: a count is no integer, below 1, or the window is larger than the image.

    >>> first_layer(200, 3, 1000, 5)[0], first_layer(200, 3, 1000, 5).shared
    (120000000, 75000)
    """
    m = conv_output_size(side, kernel_size)
    side, kernel_size = int(side), int(kernel_size)  # NumPy's integers would overflow
    channels, k = integer("channels", channels, 1), integer("detectors", detectors, 1)
    image = side * side * channels
    window, values = kernel_size * kernel_size * channels, m * m * k
    return FirstLayer(image * k, image * values, window * values, window * k, values)
