"""Each layer's arithmetic in words."""

import math

from ....layers import Fields, Row, product_words
from ....shapes import conv_output_size, dropped_columns, times, window_span

# In words


def size_formula(n: int, kernel_size: int, stride: int, padding: int, dilation: int = 1) -> str:
    """The output size with its numbers: (N - F + 2P)/S + 1, with a floor where the division has a remainder.

    Raises:
        ShapeError: the window does not fit.

    >>> size_formula(227, 11, 4, 0), size_formula(224, 11, 4, 2)
    ('(227 − 11 + 2·0)/4 + 1 = 55', '⌊(224 − 11 + 2·2)/4⌋ + 1 = 55')
    """
    span = window_span(kernel_size, dilation)
    rest = dropped_columns(n, kernel_size, stride, padding, dilation)
    size = conv_output_size(n, kernel_size, stride, padding, dilation)
    share = f"({n:,} − {span:,} + 2·{padding})/{stride}"
    return f"{f'⌊{share}⌋' if rest else share} + 1 = {size:,}"


def layer_words(row: Row, before: Fields) -> str:
    """What a layer in its place is and costs, with the arithmetic written out; ``before`` is what its inputs see.

    >>> from lecture_lib.models import alexnet
    >>> from lecture_lib.shapes import ONE_PIXEL
    >>> first = next(alexnet().rows((3, 227, 227)))
    >>> print(layer_words(first, (ONE_PIXEL, ONE_PIXEL)))  # doctest: +NORMALIZE_WHITESPACE
    96 filters of 11×11×3. Output (227 − 11 + 2·0)/4 + 1 = 55. 11·11·3·96 + 96 = 34,944 parameters.
    55·55·34,848 = 105,415,200 multiply-adds. Memory: 96·55·55·4 bytes = 1,161,600. One unit sees 1 + (11 − 1)·1 = 11×11 pixels.
    """
    layer = row.layer
    parts = [
        layer.task(row.input_shape),
        _size(row),
        layer.parameter_words(),
        _work(row),
        _memory(row),
        _sight(row, before),
    ]
    return " ".join(f"{part}." for part in parts if part)


def _size(row: Row) -> str:
    if not hasattr(row.layer, "windows") or len(row.input_shape) != 3:
        return ""
    sides = [
        size_formula(n, window.kernel_size, window.stride, window.padding, window.dilation)
        for n, window in zip(row.input_shape[1:], row.layer.windows(), strict=True)
    ]
    if sides[0] == sides[1]:
        return f"Output {sides[0]}"
    return f"Output {sides[0]} high and {sides[1]} wide"


def _work(row: Row) -> str:
    work = row.layer.multiply_adds(row.input_shape)
    if not work:
        return ""
    if len(row.output_shape) == 3:
        places = math.prod(row.output_shape[1:])
        if work % places == 0:
            return f"{product_words(row.output_shape[1:])}·{work // places:,} = {work:,} multiply-adds"
    return f"{work:,} multiply-adds"


def _memory(row: Row) -> str:
    shape = row.output_shape
    return (
        f"Memory: {product_words((*shape, 4))} bytes = {4 * math.prod(shape):,}"
        if row.layer.makes_volume(row.input_shape)
        else ""
    )


def _sight(row: Row, before: Fields) -> str:
    size = times([each.size for each in row.fields])
    if not hasattr(row.layer, "windows"):
        if row.fields != before:
            return f"One unit sees {size} pixels"
        return ""
    old, window = before[0], row.layer.windows()[0]
    span = window_span(window.kernel_size, window.dilation)
    return f"One unit sees {old.size} + ({span} − 1)·{old.jump} = {size} pixels"
