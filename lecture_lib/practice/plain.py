"""Arguments and results as plain data for JSON, and back: what comes back runs no code and is no larger than it was sent."""

import math
from base64 import b64decode, b64encode
from collections.abc import Callable
from types import FunctionType

import numpy as np

from .results import Thing, kind_of

NUMBERS = "biufc"
"""Kinds of NumPy's dtypes whose memory is their meaning."""


def to_plain(value: object) -> object:
    """A value as JSON can hold it. What cannot come back as it was comes back as a :class:`~.results.Thing`.

    >>> from_plain(to_plain((1, [2.5, np.float32(3)])))
    (1, [2.5, np.float32(3.0)])
    """
    if type(value) is int and value.bit_length() > 10_000:  # Python writes no integers of more than 4300 digits
        return {"thing": ["an int", "a number of thousands of digits", None]}
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple):
        return {type(value).__name__: [to_plain(each) for each in value]}
    if isinstance(value, Thing):
        return {"thing": [*value[:2], None if value.array is None else to_plain(value.array)]}
    if isinstance(value, FunctionType):
        return {"function": value.__name__}
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in NUMBERS:
        name = "array" if isinstance(value, np.ndarray) else "number"
        return {name: value.dtype.str, "shape": list(value.shape), "bytes": b64encode(value.tobytes()).decode()}
    return {"thing": [kind_of(value), f"{value!r:.300}", None]}


def from_plain(data: object, function: Callable[[str], object] | None = None) -> object:
    """The value of what :func:`to_plain` made.

    Args:
        function: finds a function by its name, where one may be named.

    Raises:
        ValueError: this is nothing that :func:`to_plain` makes.
    """
    match data:
        case None | bool() | int() | float() | str():
            return data
        case {"list": list(parts)}:
            return [from_plain(each, function) for each in parts]
        case {"tuple": list(parts)}:
            return tuple(from_plain(each, function) for each in parts)
        case {"thing": [str(kind), str(written), array]}:
            array = from_plain(array)
            if array is None or isinstance(array, np.ndarray):
                return Thing(kind, written, array)
        case {"function": str(name)} if function:
            return function(name)
        case {"array": str(dtype), "shape": list(shape), "bytes": str(content)}:
            return _array(dtype, shape, content)
        case {"number": str(dtype), "shape": [], "bytes": str(content)}:
            return _array(dtype, [], content)[()]
    raise ValueError(f"{str(data)[:80]} is no value")


def _array(name: str, shape: list, content: str) -> np.ndarray:
    try:
        dtype = np.dtype(name)
    except (TypeError, SyntaxError) as error:
        raise ValueError(f"{name} is no dtype") from error
    held = b64decode(content)
    if dtype.kind not in NUMBERS or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
        raise ValueError(f"{name} of shape {shape} is no array of numbers")
    if math.prod(shape) * dtype.itemsize != len(held):
        raise ValueError(f"{len(held)} bytes are not as many as shape {shape} says")
    return np.frombuffer(held, dtype).reshape(shape).copy()
