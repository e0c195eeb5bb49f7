"""What every operation asks of its arrays, and how they lie in memory.

An array of images has the axes (N, C, H, W), as PyTorch has them. In memory the
operations put the batch last, in the order C, H, W, N: then one step of a window
moves a whole row of W N numbers, and a convolution's columns are long plain copies.
Arrays in any other order are taken, too; they cost one more copy.
"""

from collections.abc import Callable
from functools import cache
from numbers import Real

import numpy as np

from ..shapes import ShapeError

IntOrPair = int | tuple[int, int]


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


def check_axes(name: str, array: np.ndarray, axes: str) -> np.ndarray:
    """Return ``array`` if it has the named ``axes``, such as "H, W", and none of them is empty.

    Raises:
        ShapeError: another number of axes, or an empty one.
    """
    if array.ndim != len(axes.split(", ")) or array.size == 0:
        raise ShapeError(f"{name} has shape {array.shape}: must have the axes ({axes}), none of them empty")
    return array


def check_shape(name: str, array: np.ndarray, shape: tuple[int, ...], because: str) -> np.ndarray:
    """Return ``array`` if it has exactly this ``shape``; ``because`` ends the sentence of the error.

    Raises:
        ShapeError: it has another shape.
    """
    if array.shape != shape:
        raise ShapeError(f"{name} has shape {array.shape}: must be {shape}, {because}")
    return array


def check_number(name: str, value: float, rule: str, holds: Callable[[float], bool]) -> float:
    """Return ``value`` as a float if ``holds`` says so; ``rule`` ends the sentence of the error.

    Raises:
        TypeError: it is not a real number (bools and text are refused).
        ValueError: it is one, but the rule does not hold; none holds for NaN.

    >>> check_number("eps", 0, "of at least 0", lambda eps: eps >= 0)
    0.0
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name}={value!r} ({type(value).__name__}): must be a number {rule}")
    if not holds(float(value)):
        raise ValueError(f"{name}={value!r}: must be a number {rule}")
    return float(value)


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep freed blocks of up to 31 MB for the next layer, instead of giving them back.

    Memory that comes fresh from the system costs more than what is written to it: a page fault for each
    4 KB. glibc keeps blocks up to the largest one it has seen freed, at most 32 MB (mallopt(3),
    M_MMAP_THRESHOLD), so one that is never written to is freed here. Elsewhere this does nothing.
    """
    np.empty(31 * 2**20, np.uint8)


def batch_last(n: int, c: int, h: int, w: int, dtype: np.dtype) -> np.ndarray:
    """An empty (N, C, H, W) array whose memory runs C, H, W, N.

    >>> batch_last(8, 3, 5, 5, np.float32).transpose(1, 2, 3, 0).flags.c_contiguous
    True
    """
    _keep_freed_memory()
    return np.empty((c, h, w, n), dtype).transpose(3, 0, 1, 2)
