"""What every operation asks of its arrays, and how they lie in memory.

An array of images has the axes (N, C, H, W), as PyTorch has them. In memory the
operations put the batch last, in the order C, H, W, N: then one step of a window
moves a whole row of W N numbers, and a convolution's columns are long plain copies.
Arrays in any other order are taken, too; they cost one more copy.
"""

from contextlib import AbstractContextManager
from functools import cache
from inspect import isfunction

import numpy as np

from ..arguments import as_float
from ..shapes import ShapeError

IntOrPair = int | tuple[int, int]
__all__ = ["IntOrPair", "as_float", "batch_last", "check_axes", "check_shape", "one_thread", "silence", "to_last"]


def check_axes(name: str, array: np.ndarray, axes: str) -> np.ndarray:
    """Return ``array`` if it has the named ``axes``, such as "H, W", and none of them is empty.

    Before the axes of "..., H, W" there may be others.

    Raises:
        ShapeError: another number of axes, or an empty one, or a photo's colours in the place of W.
    """
    if axes == "..., H, W" and array.ndim == 3 and array.shape[2] in (3, 4) and min(array.shape[:2]) >= 16:
        raise ShapeError(f"{name} has shape {array.shape}, a photo with its colours last: must have the axes ({axes}); "
                         "np.moveaxis(photo, 2, 0) brings the colours to the front, photo.mean(axis=2) makes it grey")  # fmt: skip
    named = len(axes.removeprefix("..., ").split(", "))
    if array.size == 0 or array.ndim < named or (array.ndim > named and not axes.startswith("...")):
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


def silence(names: dict[str, object]) -> None:
    """Have the functions among ``names`` warn of nothing: NaN and infinity in, NaN and infinity out, too small is 0."""
    names.update({name: np.errstate(all="ignore")(each) for name, each in names.items() if isfunction(each)})


@cache
def _keep_freed_memory() -> None:
    """Have the C library keep freed blocks of up to 31 MB for the next layer, instead of giving them back.

    Memory that comes fresh from the system costs more than what is written to it: a page fault for each
    4 KB. glibc keeps blocks up to the largest one it has seen freed, at most 32 MB (mallopt(3),
    M_MMAP_THRESHOLD), so one that is never written to is freed here. Elsewhere this does nothing.
    """
    np.empty(31 * 2**20, np.uint8)


@cache
def _blas():
    from threadpoolctl import ThreadpoolController  # its import changes the environment

    return ThreadpoolController()


def one_thread() -> AbstractContextManager:
    """Let products of matrices run on one core, for as long as the ``with`` block lasts.

    Those of small networks gain little from more, and lose much where a browser wants a core, too:
    the threads of OpenBLAS wait for each other without sleep. A step of LeNet-5 then takes ten times as long.

    >>> with one_thread():
    ...     product = np.ones((2, 2)) @ np.ones((2, 2))
    """
    return _blas().limit(limits=1, user_api="blas")


def to_last(x: np.ndarray) -> np.ndarray:
    """The view of (N, C, H, W) whose axes are (C, H, W, N).

    >>> to_last(np.zeros((8, 3, 5, 4))).shape
    (3, 5, 4, 8)
    """
    return x.transpose(1, 2, 3, 0)


def batch_last(n: int, c: int, h: int, w: int, dtype: np.dtype) -> np.ndarray:
    """An empty (N, C, H, W) array whose memory runs C, H, W, N.

    >>> batch_last(8, 3, 5, 5, np.float32).transpose(1, 2, 3, 0).flags.c_contiguous
    True
    """
    _keep_freed_memory()
    return np.empty((c, h, w, n), dtype).transpose(3, 0, 1, 2)
