"""Guards for the doors: one wording for the commonest checks of what comes from outside."""

import math
import reprlib
import sys
from collections.abc import Callable, Collection, Sequence
from numbers import Integral, Real

import numpy as np

for _stream in (sys.stdout, sys.stderr):
    # A pipe on Windows may know 256 characters only: then ✓ and − are printed as ?, and nothing raises.
    if "utf" not in (getattr(_stream, "encoding", None) or "utf").lower() and hasattr(_stream, "reconfigure"):
        _stream.reconfigure(errors="replace")

MOST_NUMBERS = 100_000_000
"""Larger arrays are refused before they are made: as float64 one takes 800 MB, and every step takes another."""
MOST_AXES = 10
"""Nothing here has more; only to write down an array with 20 axes takes minutes."""
_MOST_SHOWN = 100  # characters of a value in a message


class _Short(reprlib.Repr):
    """Texts of values, with the shapes of arrays instead of their numbers."""

    def __init__(self):
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 20
        self.maxstring = self.maxother = self.maxlong = _MOST_SHOWN

    def repr_ndarray(self, array: np.ndarray, _level: int) -> str:
        return f"an array of shape {array.shape}" if array.ndim else repr(array)


_SHORT = _Short()


def shown(value: object) -> str:
    """``value`` as a message shows it: a long one is cut.

    >>> len(shown("x" * 1000))
    100
    """
    words = _SHORT.repr(value)
    return words if len(words) <= _MOST_SHOWN else words[:_MOST_SHOWN] + "…"


def _shown_list(options: Collection[str], most: int = 2000) -> str:
    """The options of a message; so many that nobody would read them are cut."""
    words = ", ".join(map(str, options))
    return words if len(words) <= most else words[:most] + "…"


def check_room(name: str, *shape: int) -> None:
    """Refuse an array of this shape before it is made, if it is larger than :data:`MOST_NUMBERS`.

    Raises:
        ValueError: it is; ``name`` says what asks for it.

    >>> check_room("side=3", 3, 3)
    """
    if (count := math.prod(map(int, shape))) > MOST_NUMBERS:
        raise ValueError(f"{name}: makes {count:,} numbers, must be at most {MOST_NUMBERS:,}; use smaller sizes")


def one_of(name: str, value: str, options: Collection[str]) -> str:
    """Return ``value`` if it is one of ``options``.

    Raises:
        ValueError: it is not; the message lists the options.

    >>> one_of("border", "zero", ("zero", "reflect"))
    'zero'
    """
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name}={shown(value)}: must be one of {_shown_list(options)}")
    return value


def real(name: str, value: float, rule: str = "") -> float:
    """Return ``value`` as a float; ``rule`` ends the sentence of the error.

    Raises:
        TypeError: it is not a real number (bools and text are refused).

    >>> real("lr", 1)
    1.0
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}={shown(value)} ({type(value).__name__}): must be a number {rule}".rstrip())
    try:
        return float(value)
    except OverflowError:
        raise ValueError(f"{name}={shown(value)}: must be a number that a float can hold") from None


def boolean(name: str, value: bool) -> bool:
    """Return ``value`` as a bool.

    Raises:
        TypeError: it is neither True nor False.

    >>> boolean("input_grad", True)
    True
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}={shown(value)} ({type(value).__name__}): must be True or False")
    return bool(value)


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
        raise ValueError(f"{name}={shown(value)}: must be a number {rule}")
    return number


def generator(name: str, rng: np.random.Generator | int) -> np.random.Generator:
    """Return ``rng`` if it is a generator of random numbers, or the one that it is the seed of.

    Raises:
        TypeError: it is neither a generator nor an integer.
        ValueError: it is negative.

    >>> generator("seed", 3).integers(10)
    np.int64(8)
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, bool) or not isinstance(rng, Integral):
        raise TypeError(f"{name}={shown(rng)} ({type(rng).__name__}): must be an integer, or a NumPy generator")
    if rng < 0:
        raise ValueError(f"{name}={shown(rng)}: must be at least 0")
    return np.random.default_rng(int(rng))


def as_array(name: str, value: np.ndarray) -> np.ndarray:
    """Return ``value`` as an array, whatever it holds.

    Raises:
        TypeError: it is a list whose rows differ in length.

    >>> as_array("x", [1, 2])
    array([1, 2])
    """
    try:
        return np.asarray(value)
    except ValueError:
        raise TypeError(f"{name}: must be an array of numbers with rows of equal length") from None


def listed(name: str, values: Sequence) -> Sequence:
    """Return ``values`` if they are a list, a tuple, or an array with an axis.

    Raises:
        TypeError: they are something else.

    >>> listed("levels", [1, 2])
    [1, 2]
    """
    if not isinstance(values, list | tuple) and not (isinstance(values, np.ndarray) and values.ndim):
        raise TypeError(f"{name}={shown(values)} ({type(values).__name__}): must be a list")
    return values


def function(name: str, value: Callable) -> Callable:
    """Return ``value`` if it can be called.

    Raises:
        TypeError: it cannot.

    >>> function("loss", abs)
    <built-in function abs>
    """
    if not callable(value):
        raise TypeError(f"{name}={shown(value)}: must be a function")
    return value


def _handy(name: str, array: np.ndarray) -> np.ndarray:
    check_room(f"{name} has shape {array.shape}", array.size)
    if array.ndim > MOST_AXES:
        raise ValueError(f"{name} has {array.ndim} axes: must have at most {MOST_AXES}")
    return array


def as_float(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array`` as float32 or float64: floats stay, integers and bools become float64.

    Raises:
        TypeError: the entries are not real numbers, or not float32 or float64 when they are floats.
        ValueError: there are more than :data:`MOST_NUMBERS`, or more axes than :data:`MOST_AXES`.

    >>> as_float("x", np.array([1, 2])).dtype, as_float("x", np.float32([1, 2])).dtype
    (dtype('float64'), dtype('float32'))
    """
    array = _handy(name, as_array(name, array))
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    native = array.dtype.newbyteorder("=")
    if native not in (np.float32, np.float64):
        raise TypeError(f"{name} has dtype {array.dtype}: must hold integers, float32 or float64")
    return array.astype(native, copy=False)


def as_pixels(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array`` as pixels: uint8 stays, all else becomes what :func:`as_float` makes of it, with its errors.

    >>> as_pixels("photo", np.uint8([1, 2])).dtype, as_pixels("photo", [1, 2]).dtype
    (dtype('uint8'), dtype('float64'))
    """
    return _handy(name, array) if getattr(array, "dtype", None) == np.uint8 else as_float(name, array)
