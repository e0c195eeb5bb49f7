"""One wording for the commonest checks of an argument."""

from collections.abc import Callable, Collection
from numbers import Real

import numpy as np


def one_of(name: str, value: str, options: Collection[str]) -> str:
    """Return ``value`` if it is one of ``options``.

    Raises:
        ValueError: it is not; the message lists the options.

    >>> one_of("border", "zero", ("zero", "reflect"))
    'zero'
    """
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name}={value!r}: must be one of {', '.join(options)}")
    return value


def real(name: str, value: float, rule: str = "") -> float:
    """Return ``value`` as a float; ``rule`` ends the sentence of the error.

    Raises:
        TypeError: it is not a real number (bools and text are refused).

    >>> real("lr", 1)
    1.0
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}={value!r} ({type(value).__name__}): must be a number {rule}".rstrip())
    return float(value)


def check_number(name: str, value: float, rule: str, holds: Callable[[float], bool]) -> float:
    """Return ``value`` as a float if ``holds`` says so; ``rule`` ends the sentence of the error.

    Raises:
        TypeError: it is not a real number (bools and text are refused).
        ValueError: it is one, but the rule does not hold; none holds for NaN.

    >>> check_number("eps", 0, "of at least 0", lambda eps: eps >= 0)
    0.0
    """
    number = real(name, value, rule)
    if not holds(number):
        raise ValueError(f"{name}={value!r}: must be a number {rule}")
    return number


def as_float(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array`` as float32 or float64: floats stay, integers and bools become float64.

    Raises:
        TypeError: the entries are not real numbers, or not float32 or float64 when they are floats.

    >>> as_float("x", np.array([1, 2])).dtype, as_float("x", np.float32([1, 2])).dtype
    (dtype('float64'), dtype('float32'))
    """
    try:
        array = np.asarray(array)
    except ValueError:
        raise TypeError(f"{name}: must be an array of numbers with rows of equal length") from None
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    native = array.dtype.newbyteorder("=")
    if native not in (np.float32, np.float64):
        raise TypeError(f"{name} has dtype {array.dtype}: must hold integers, float32 or float64")
    return array.astype(native, copy=False)
