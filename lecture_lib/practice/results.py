"""What a student's function gave: as numbers, compared, and in a few words."""

import reprlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from types import FunctionType
from typing import NamedTuple

import numpy as np

from ..style import number

MOST_SHOWN = 50  # numbers of an array that are written out
MOST_WRITTEN = 300  # characters of anything else
MOST_NUMBERS = 10_000_000  # of a list that becomes an array; no exercise has as many
MOST_AXES = 64  # of an array of NumPy


class Thing(NamedTuple):
    """A result that is neither a number nor an array, with all that a check asks of it."""

    kind: str
    written: str
    array: np.ndarray | None
    """Its numbers, where it holds some."""


def taken(value: object) -> object:
    """A result as a check can look at it again and again without calling any of its author's code."""
    if value is None or type(value) in (bool, int, float) or isinstance(value, np.generic):
        return value
    if isinstance(value, np.ndarray) and not np.ma.is_masked(value):  # masked places hold anything
        return np.ndarray.view(value, np.ndarray)  # a class of its own may have its own idea of shape or ==
    return Thing(kind_of(value), _written(value), None if np.ma.is_masked(value) else numbers(value))


def numbers(value: object) -> np.ndarray | None:
    """A result as an array of real numbers, or None where it is none, or a list of more than :data:`MOST_NUMBERS`."""
    if isinstance(value, Thing):
        return value.array
    if isinstance(value, str | bytes) or _length(value) > MOST_NUMBERS:
        return None
    try:
        array = np.asarray(value)
        if array.dtype == object and {type(each) for each in array.flat} & {Fraction, Decimal}:
            array = array.astype(float)
    except Exception:  # noqa: BLE001  what a student's object does when it becomes an array is anybody's guess
        return None
    return array if array.dtype.kind in "biuf" else None


def _length(value: object) -> int:
    """How many numbers lists in lists hold, if all are as long as the first."""
    length = 1
    for _ in range(MOST_AXES):
        if type(value) not in (list, tuple) or not value:
            break
        length, value = length * len(value), value[0]
    return length * value.size if isinstance(value, np.ndarray) and length > 1 else length


def close(value: object, expected: object, tolerance: float) -> bool:
    """Whether two results are of one shape, and no number is further off than a share of the largest."""
    value, expected = numbers(value), np.asarray(expected)
    if value is None or value.shape != expected.shape:
        return False
    largest = np.abs(expected.astype(float)).max(initial=0.0, where=np.isfinite(expected.astype(float)))
    if expected.dtype.kind != "f":  # what is counted is exact, however large
        largest = min(largest, 1.0)
    return bool(np.allclose(value, expected, rtol=0, atol=tolerance * max(largest, 1e-12), equal_nan=True))


def same(now: object, was: object) -> bool:
    """Whether an argument is what it was."""
    if type(now) is not type(was):  # and so nothing of a student's own is asked whether it is equal
        return False
    if isinstance(was, np.ndarray):
        return now.dtype == was.dtype and np.array_equal(now, was, equal_nan=True)
    if isinstance(was, list | tuple):
        return len(now) == len(was) and all(map(same, now, was))
    return bool(now == was)


def cut_off(value: np.ndarray, want: np.ndarray) -> bool:
    """Whether whole numbers are what is left of the fractions that are wanted."""
    return not np.array_equal(value, want) and any(np.array_equal(value, cut(want)) for cut in (np.trunc, np.floor))


def describe(value: object) -> str:
    """A value in a few words, arrays with their shape: small ones whole.

    >>> describe(np.eye(2, dtype=int)), describe("seven"), describe(describe)
    ('an array of shape (2, 2), [[1, 0], [0, 1]]', "text, 'seven'", 'the function describe')
    """
    if isinstance(value, np.ndarray):
        whole = (
            f", {rows(value)}" if 0 < value.size <= MOST_SHOWN and value.dtype.kind in "biuf" else f" of {value.dtype}"
        )
        return f"an array of shape {value.shape}{whole}"
    if isinstance(value, bool | np.bool_ | int | float | np.number):
        return number(value) if isinstance(value, float | np.floating) else _whole(value)
    if isinstance(value, FunctionType):
        return f"the function {value.__name__}"
    written, array = _written(value), numbers(value)
    if "np." in written and array is not None and 0 < array.size <= MOST_SHOWN:
        written = rows(array)  # not [np.float64(1.0)]
    return f"{kind_of(value)}, {written}"


def apart(value: object, expected: object) -> tuple[str, str]:
    """Two values in a few words that differ, with all digits or their types where it takes those.

    >>> apart(5.0001, 5), apart(np.float32(5), np.float64(5))
    (('5.0001', '5'), ('5 (a float32)', '5 (a float64)'))
    """
    typed = [f"{_exactly(each)} ({_type(each)})" for each in (value, expected)]
    written = ([describe(each) for each in (value, expected)], [_exactly(each) for each in (value, expected)], typed)
    return tuple(next((pair for pair in written if pair[0] != pair[1]), written[0]))


def _exactly(value: object) -> str:
    """As :func:`describe`, but numbers with all their digits."""
    array = numbers(value)
    if array is None or array.size > MOST_SHOWN:
        return describe(value)
    return rows(array, _digits) if array.ndim == 0 else f"an array of shape {array.shape}, {rows(array, _digits)}"


def _digits(value: np.generic) -> str:
    return str(value).replace("-", "−").removesuffix(".0")


def _type(value: object) -> str:
    return f"of {value.dtype}" if isinstance(value, np.ndarray) else kind_of(value)


def _whole(value: object) -> str:
    try:
        return str(value).replace("-", "−")
    except ValueError:  # Python writes no integers of more than 4300 digits
        return "a number of thousands of digits"


class _Shorthand(reprlib.Repr):
    """Writes only the beginning of long lists; what an object says of itself is cut afterwards."""

    def __init__(self):
        super().__init__()
        for name in ("maxlist", "maxtuple", "maxdict", "maxset", "maxfrozenset", "maxdeque", "maxarray"):
            setattr(self, name, MOST_SHOWN)
        self.maxstring = self.maxlong = self.maxother = MOST_WRITTEN

    def repr_instance(self, x: object, level: int) -> str:
        return repr(x)[:MOST_WRITTEN]


def _written(value: object) -> str:
    """The beginning of what ``repr`` gives, but never an error."""
    if isinstance(value, Thing):
        return value.written
    try:
        return _Shorthand().repr(value)[:MOST_WRITTEN]
    except Exception:  # noqa: BLE001  as above
        return "something that cannot even be written"


def kind_of(value: object) -> str:
    if isinstance(value, Thing):
        return value.kind
    called = {str: "text", list: "a list", tuple: "a tuple", dict: "a dictionary"}.get(type(value))
    name = type(value).__name__
    return called or f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def rows(array: np.ndarray, write: Callable[[np.generic], str] = number) -> str:
    """The numbers of an array, as lists are written."""
    if array.ndim == 0:
        return write(array[()])
    return f"[{', '.join(rows(each, write) for each in array)}]"


def wanted(want: np.ndarray) -> str:
    return "a number" if want.ndim == 0 else f"an array of shape {want.shape}"
