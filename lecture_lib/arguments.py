"""One wording for the commonest checks of an argument."""

import inspect
import math
import operator
import reprlib
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dis import opmap
from functools import cache, wraps
from numbers import Real
from typing import NoReturn

import numpy as np

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


def as_float(name: str, array: np.ndarray) -> np.ndarray:
    """Return ``array`` as float32 or float64: floats stay, integers and bools become float64.

    Raises:
        TypeError: the entries are not real numbers, or not float32 or float64 when they are floats.
        ValueError: there are more than :data:`MOST_NUMBERS`, or more axes than :data:`MOST_AXES`.

    >>> as_float("x", np.array([1, 2])).dtype, as_float("x", np.float32([1, 2])).dtype
    (dtype('float64'), dtype('float32'))
    """
    try:
        array = np.asarray(array)
    except ValueError:
        raise TypeError(f"{name}: must be an array of numbers with rows of equal length") from None
    _check_extent(name, array)
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    native = array.dtype.newbyteorder("=")
    if native not in (np.float32, np.float64):
        raise TypeError(f"{name} has dtype {array.dtype}: must hold integers, float32 or float64")
    return array.astype(native, copy=False)


# Kinds


_LIBRARIES = {"lecture_lib", "numpy", "matplotlib", "PIL", "scipy", "ipywidgets", "traitlets", *sys.stdlib_module_names}
_NO_ACCIDENTS = (OSError, MemoryError, RuntimeError, AssertionError, Warning)


def checked(function: Callable) -> Callable:
    """Let no call of ``function`` fail without words: an argument of another kind than its annotation says is named.

    What the function raises itself stays, and so does what a function raises that the caller gave. Arrays that are
    too large are refused beforehand. NumPy's integers become Python's, which do not overflow. From infinite and huge
    numbers come infinity and NaN, without a warning.

    >>> @checked
    ... def shrink(image: np.ndarray, by: int | None = None) -> np.ndarray:
    ...     return image[::by]
    >>> shrink(np.arange(4), "2")
    Traceback (most recent call last):
    TypeError: by='2' (str): must be an integer or None
    >>> shrink(np.arange(4), 0)
    Traceback (most recent call last):
    ValueError: shrink cannot take image=an array of shape (4,), by=0: slice step cannot be zero
    """
    signature = inspect.signature(function)

    @wraps(function)
    def inside(*args, **kwargs):
        args, kwargs = [_plain(value) for value in args], {name: _plain(value) for name, value in kwargs.items()}
        for name, value in zip(signature.parameters, args, strict=False):
            _check_size(name, value)
        for name, value in kwargs.items():
            _check_size(name, value)
        try:
            with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
                return function(*args, **kwargs)
        except _NO_ACCIDENTS:
            raise
        except Exception as error:
            if _in_words(error):
                raise
            explain(function, args, kwargs, error)

    return inside


def _check_extent(name: str, array: np.ndarray) -> None:
    """Refuse an array of too many numbers or axes."""
    check_room(f"{name} has shape {array.shape}", array.size)
    if array.ndim > MOST_AXES:
        raise ValueError(f"{name} has {array.ndim} axes: must have at most {MOST_AXES}")


def _plain(value: object) -> object:
    """An integer of NumPy, alone or in a tuple, as Python's: a product of two of uint8 may be anything."""
    if isinstance(value, np.integer):
        return int(value)
    if type(value) is tuple and any(isinstance(each, np.integer) for each in value):
        return tuple(map(_plain, value))
    return value


def _check_size(name: str, value: object, inside: bool = False) -> None:
    """Refuse arrays of too many numbers or axes, those in a list or a dict, too; and arrays of complex numbers."""
    if isinstance(value, np.ndarray):
        _check_extent(name, value)
        if value.dtype.kind == "c" and not inside:  # NumPy would drop a part of each number, with a warning
            raise TypeError(f"{name} has dtype {value.dtype}: must hold integers, float32 or float64")
    elif not inside and isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            _check_size(f"an array in {name}", each, inside=True)


def _in_words(error: BaseException) -> bool:
    """Whether the library raised an error itself, or it comes from a function of the caller's."""
    at = error.__traceback__.tb_next
    if at is None:  # Python itself says which argument is missing, or one too many
        return True
    while at:
        last, at = at, at.tb_next
        if str(last.tb_frame.f_globals.get("__name__")).partition(".")[0] not in _LIBRARIES:
            return True
    own = str(last.tb_frame.f_globals["__name__"]).startswith("lecture_lib")
    return own and last.tb_frame.f_code.co_code[last.tb_lasti] == opmap["RAISE_VARARGS"]


def explain(function: Callable, args: Sequence, kwargs: Mapping[str, object], error: Exception) -> NoReturn:
    """Say what is wrong with the arguments of a call that failed by accident.

    Raises:
        TypeError: an argument is of another kind than its annotation says.
        TypeError, ValueError: otherwise, with all arguments and what ``error`` says.
    """
    signature = inspect.signature(function)
    given = signature.bind(*args, **kwargs).arguments
    for name, value in given.items():
        if signature.parameters[name].kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            _check_kind(name, value, _kinds(function).get(name, object))
    called = function.__qualname__.removesuffix(".__init__")
    written = ", ".join(f"{name}={shown(value)}" for name, value in given.items() if name != "self")
    kind = TypeError if isinstance(error, TypeError) else ValueError
    raise kind(f"{called} cannot take {written}: {error}") from error


@cache
def _kinds(function: Callable) -> dict[str, object]:
    return typing.get_type_hints(function)


_PLAIN: dict[object, tuple[str, Callable[[object], bool]]] = {
    object: ("anything", lambda value: True),
    types.NoneType: ("None", lambda value: value is None),
    bool: ("True or False", lambda value: isinstance(value, bool | np.bool_)),
    str: ("a text", lambda value: isinstance(value, str)),
    int: (
        "an integer",
        lambda value: _is_integer(value),
    ),
    float: ("a number", lambda value: isinstance(value, Real) and not isinstance(value, bool)),
    np.ndarray: ("an array of numbers", lambda value: _is_array(value)),
    Callable: ("a function", callable),
    Mapping: ("a dict", lambda value: isinstance(value, Mapping)),
    Sequence: ("a list", lambda value: _is_list(value)),
    Iterable: ("a list", lambda value: isinstance(value, Iterable)),
    tuple: ("a tuple", lambda value: _is_list(value)),
}


def _is_integer(value: object) -> bool:
    try:
        return not isinstance(value, bool | np.bool_) and operator.index(value) is not None
    except TypeError:
        return False


def _is_array(value: object) -> bool:
    """Whether it is, or can become, an array of real numbers."""
    if isinstance(value, str | bytes | Mapping) or value is None:
        return False
    try:
        return np.asarray(value).dtype.kind in "biuf"
    except Exception:  # noqa: BLE001  what a foreign object does when it becomes an array is anybody's guess
        return False


def _is_list(value: object) -> bool:
    return (isinstance(value, Sequence) and not isinstance(value, bytes)) or bool(
        isinstance(value, np.ndarray) and value.ndim
    )


def _check_kind(name: str, value: object, kind: object) -> None:
    """Raise TypeError unless ``value`` is of an annotation's kind, and what it holds, too."""
    for option in (options := _options(kind)):
        origin = typing.get_origin(option) or option
        _, holds = _PLAIN.get(
            origin, ("", lambda value, origin=origin: isinstance(value, origin) if isinstance(origin, type) else True)
        )
        if holds(value):
            return _check_inside(name, value, origin, typing.get_args(option))
    words = " or ".join(_words(option) for option in options)
    raise TypeError(f"{name}={shown(value)} ({type(value).__name__}): must be {words}")


def _options(kind: object) -> tuple:
    """The kinds of a union, or the one."""
    return typing.get_args(kind) if typing.get_origin(kind) in (typing.Union, types.UnionType) else (kind,)


def _words(kind: object) -> str:
    origin = typing.get_origin(kind) or kind
    return _PLAIN[origin][0] if origin in _PLAIN else f"a {getattr(origin, '__name__', origin)}"


def _check_inside(name: str, value: object, origin: object, inner: tuple) -> None:
    """What a dict, a list or an array holds."""
    if origin is np.ndarray:
        check_room(f"{name} has shape {np.shape(value)}", np.size(value))
    elif origin is Mapping and inner:
        for key, each in value.items():
            _check_kind(f"a name in {name}", key, inner[0])
            _check_kind(f"{name}[{shown(key)}]", each, inner[1])
    elif origin is tuple and inner and inner[-1] is not Ellipsis:
        if len(value) != len(inner):
            raise ValueError(f"{name} has {len(value)} items: must have {len(inner)}")
        for at, (each, kind) in enumerate(zip(value, inner, strict=True)):
            _check_kind(f"{name}[{at}]", each, kind)
    elif origin in (Sequence, tuple, list) and inner:
        check_room(f"{name} has {len(value)} items", len(value))
        for at, each in enumerate(value):
            _check_kind(f"{name}[{at}]", each, inner[0])
