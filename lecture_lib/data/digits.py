"""Handwritten digits, and the whole of MNIST from a file that a user has."""

import gzip
import math
import os
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ..arguments import as_array, check_room, generator, shown
from ..models import BACKGROUND, STROKE
from ..shapes import integer
from ..storage import StorageError, damage_in_words, existing_file, named_path, read_npz

MAX_MNIST_BYTES = 200_000_000
"""Arrays with more bytes are refused unread; the largest of MNIST has 47 million."""

_DIGITS = Path(__file__).parents[1] / "digits"
_KERAS_NAMES = {"train_images": "x_train", "train_labels": "y_train", "test_images": "x_test", "test_labels": "y_test"}
_IDX_STEMS = {
    "train_images": "train-images",
    "train_labels": "train-labels",
    "test_images": "t10k-images",
    "test_labels": "t10k-labels",
}
_PICKLE = "a pickle, and to open one may run any program"
_FOREIGN = {
    ".csv": "a table of text, as Kaggle has MNIST", ".parquet": "a table, as Hugging Face has MNIST",
    ".pkl": _PICKLE, ".pickle": _PICKLE, ".pt": _PICKLE,
}  # fmt: skip
_HEADS = {b"PAR1": ".parquet", b"\x80": ".pkl", b"label": ".csv"}


def load_digits(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Handwritten digits of MNIST: images uint8 (N, 28, 28), white on black, and labels uint8 (N,).

    ``"test"`` is the official test set, whole: 10,000 digits in their order. ``"train"``
    is 20,000 of the 60,000 training digits, each class in its share. Both arrays
    are read-only, because every caller gets the same ones.

    Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0.

    Raises:
        ValueError: ``split`` is neither "train" nor "test".

    >>> images, labels = load_digits("test")
    >>> images.shape, labels[:5].tolist()
    ((10000, 28, 28), [7, 2, 1, 0, 4])
    """
    if not isinstance(split, str) or split not in ("train", "test"):
        raise ValueError(f"split={shown(split)}: must be 'train' or 'test'")
    arrays = _read_arrays(f"{split}.npz")
    return arrays["images"], arrays["labels"]


@cache
def _read_arrays(name: str) -> Mapping[str, np.ndarray]:
    """The arrays of a file in ``digits/``, read-only since all callers share them."""
    with np.load(_DIGITS / name, allow_pickle=False) as file:
        arrays = dict(file)
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


@dataclass(frozen=True, eq=False)
class Mnist:
    """The MNIST database: white digits on black, and which digit each is."""

    train_images: np.ndarray
    """uint8 (N, 28, 28), N = 60,000 in the real database."""
    train_labels: np.ndarray
    """uint8 (N,), 0 to 9."""
    test_images: np.ndarray
    """uint8 (N, 28, 28), N = 10,000 in the real database."""
    test_labels: np.ndarray
    """uint8 (N,), 0 to 9."""


def numbered(labels: Sequence[int]) -> list[str]:
    """How digits that are chosen by their number are named, so that nobody takes the number for what they are.

    >>> numbered([7, 8])
    ['number 0 (a 7)', 'number 1 (an 8)']
    """
    return [f"number {at} ({'an' if label == 8 else 'a'} {label})" for at, label in enumerate(labels)]


def load_mnist(path: str | os.PathLike) -> Mnist:
    """The whole MNIST database, from a file or folder that you have.

    ``path`` is one of

    - a ``.npz`` file with the arrays ``x_train``, ``y_train``, ``x_test`` and ``y_test``
      (Keras's ``mnist.npz``), or named as the fields of :class:`Mnist`;
    - the folder of the four original IDX files, or one of them: ``train-images-idx3-ubyte``,
      ``train-labels-idx1-ubyte``, ``t10k-images-idx3-ubyte`` and ``t10k-labels-idx1-ubyte``,
      packed by gzip or not, with or without ``.gz``, also spelled ``train-images.idx3-ubyte``;
    - the folder ``root`` that torchvision's ``MNIST(root)`` has made, with these four in ``MNIST/raw``.

    The number of digits is free. The arrays are new: they may be changed.

    Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", CC BY-SA 3.0;
    http://yann.lecun.com/exdb/mnist describes the IDX format.

    Raises:
        TypeError: ``path`` is no path.
        FileNotFoundError: there is no such file or folder, or the folder lacks one of the four.
        lecture_lib.storage.StorageError: a file is of another kind (CSV, Parquet, a pickle), damaged, cut short or too long; an
            array is missing, is not uint8, has another shape or more than :data:`MAX_MNIST_BYTES` bytes;
            images and labels differ in number; a label is above 9.
        OSError: the system refuses to read a file, for example without permission.

    >>> from tempfile import TemporaryDirectory
    >>> images, labels = load_digits("test")
    >>> with TemporaryDirectory() as folder:
    ...     np.savez(f"{folder}/mnist.npz", x_train=images, y_train=labels, x_test=images[:5], y_test=labels[:5])
    ...     load_mnist(f"{folder}/mnist.npz").test_labels
    array([7, 2, 1, 0, 4], dtype=uint8)
    """
    called, path = named_path(path)
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"{called}: no such file or folder; must be mnist.npz, or the folder with {_idx_names('train_images')[0]} "
            "and its three companions"
        )
    if any(path.name in _idx_names(field) for field in _IDX_STEMS):
        path = path.parent
    inside = [path, path / "raw", path / "MNIST" / "raw"]  # the last two are torchvision's
    folder = next(
        (each for each in inside if any(os.path.isfile(each / name) for name in _idx_names("train_images"))), path
    )
    arrays = _read_idx_folder(folder) if os.path.isdir(path) else _read_mnist_npz(path)
    for split in ("train", "test"):
        _check_labels(f"{called}: the {split} set", arrays[f"{split}_images"], arrays[f"{split}_labels"])
    return Mnist(**arrays)


def _idx_names(field: str) -> list[str]:
    """What the IDX file of a field of :class:`Mnist` may be called, the original name first."""
    stem, axes = _IDX_STEMS[field], _axes(field)
    return [f"{stem}{mark}idx{axes}-ubyte{packed}" for mark in "-." for packed in ("", ".gz")]


def _axes(field: str) -> int:
    return 3 if field.endswith("images") else 1


def _read_idx_folder(folder: Path) -> dict[str, np.ndarray]:
    found = {
        field: next((folder / name for name in _idx_names(field) if os.path.isfile(folder / name)), None)
        for field in _IDX_STEMS
    }
    if missing := [_idx_names(field)[0] for field, path in found.items() if path is None]:
        for each in sorted(folder.iterdir()):
            _refuse_foreign(each)
        raise FileNotFoundError(
            f"path={str(folder)!r}: {', '.join(missing)} not in this folder, neither so nor with .gz; "
            "must hold all four files of MNIST"
        )
    return {field: _read_idx(path, _axes(field)) for field, path in found.items()}


def _read_idx(path: Path, axes: int) -> np.ndarray:
    """An IDX file of bytes: 0, 0, 8 for uint8, the number of axes, their lengths as big-endian 32 bits, the data."""
    called, path = existing_file(path)
    with open(path, "rb") as file, damage_in_words(called):
        # The content decides: browsers unpack a file and leave .gz in its name, or the other way round.
        stream = gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == b"\x1f\x8b" else file
        magic, lengths = stream.read(4), stream.read(4 * axes)
        if magic != bytes((0, 0, 8, axes)):
            raise StorageError(f"{called}: begins with {magic.hex(' ') or 'nothing'}: must be 00 00 08 0{axes}")
        if len(lengths) < 4 * axes:
            raise StorageError(f"{called}: cut short in its header; copy or download it again")
        shape = struct.unpack(f">{axes}I", lengths)
        _check_shape(called, shape, axes)
        size = math.prod(shape)
        content = stream.read(size + 1)  # a bomb gets no further
    if len(content) != size:
        held = f"only {len(content)}" if len(content) < size else "more"
        raise StorageError(f"{called}: must hold {size} bytes behind its header, but holds {held}; download it again")
    return np.frombuffer(content, np.uint8).reshape(shape).copy()


def _refuse_foreign(path: Path, head: bytes = b"") -> None:
    """Say what a file is that holds MNIST in another form, going by its name or its first bytes."""
    by_head = [ending for begins, ending in _HEADS.items() if head.startswith(begins) and path.suffix != ".npz"]
    for ending in [each for each in _FOREIGN if each in path.suffixes] or by_head:
        raise StorageError(
            f"path={str(path)!r}: this is {_FOREIGN[ending]}. Read here are mnist.npz and the four files train-images-idx3-ubyte, …; "
            "from arrays of your own make one by np.savez('mnist.npz', x_train=…, y_train=…, x_test=…, y_test=…), all of them uint8"
        )


def _read_mnist_npz(path: Path) -> dict[str, np.ndarray]:
    called, path = existing_file(path)
    with open(path, "rb") as file:
        _refuse_foreign(path, file.read(8))
    with damage_in_words(called), zipfile.ZipFile(path) as file:
        held = {name.removesuffix(".npy") for name in file.namelist()}
    names = {field: field for field in _KERAS_NAMES} if "train_images" in held else _KERAS_NAMES
    if missing := [name for name in names.values() if name not in held]:
        raise StorageError(f"{called}: lacks {', '.join(missing)}; must hold {', '.join(names.values())}")
    arrays, _ = read_npz(path, dict.fromkeys(names.values(), MAX_MNIST_BYTES), others=True)
    for field, name in names.items():
        if arrays[name].dtype != np.uint8:
            raise StorageError(f"{called}: {name} has dtype {arrays[name].dtype}: must be uint8")
        _check_shape(f"{called}: {name}", arrays[name].shape, _axes(field))
    return {field: arrays[name] for field, name in names.items()}


def _check_shape(called: str, shape: tuple[int, ...], axes: int) -> None:
    if len(shape) != axes or shape[1:] != (28, 28)[: axes - 1]:
        raise StorageError(f"{called} has shape {shape}: must be {'(N, 28, 28)' if axes == 3 else '(N,)'}")
    if math.prod(shape) > MAX_MNIST_BYTES:
        raise StorageError(f"{called} has shape {shape}: more than {MAX_MNIST_BYTES:,} bytes")


def _check_labels(called: str, images: np.ndarray, labels: np.ndarray) -> None:
    if len(images) != len(labels):
        raise StorageError(f"{called} has {len(images)} images and {len(labels)} labels: must be as many")
    if (labels > 9).any():
        raise StorageError(f"{called} has the label {labels.max()}: must be 0 to 9")


def digits_as_input(
    images: np.ndarray, rng: np.random.Generator | None = None, *, side: int = 28, shift: int = 0
) -> np.ndarray:
    """Digits as a network takes them, float32 (N, 1, side, side): 0 to 255 become -0.1 to 1.175.

    Args:
        images: uint8 (N, h, w), not larger than ``side``; around them comes background, the same on both sides.
        rng: for the shifts; None shifts nothing.
        side: 28, or 32 for the LeNet-5 of 1998.
        shift: each digit moves up to this many pixels along each axis; what leaves the picture is lost.

    Raises:
        TypeError: ``images`` is not uint8, or a setting is not an integer.
        ValueError: its shape is not (N, h, w), the digits are larger than ``side``, or ``shift`` is negative.

    >>> x = digits_as_input(np.array([[[0, 255]]], np.uint8), side=2)
    >>> x.shape, x[0, 0, 0]
    ((1, 1, 2, 2), array([-0.1  ,  1.175], dtype=float32))
    """
    images = as_array("images", images)
    if images.dtype != np.uint8:
        raise TypeError(f"images has dtype {images.dtype}: must be uint8, 0 black to 255 white")
    side, shift = integer("side", side, 1), integer("shift", shift, 0)
    rng = rng if rng is None else generator("rng", rng)
    if images.ndim != 3 or images.size == 0 or max(images.shape[1:]) > side:
        raise ValueError(
            f"images has shape {images.shape}: must be (N, h, w), at least one, h and w at most side={side}"
        )
    n, h, w = images.shape
    top, left = shift + (side - h) // 2, shift + (side - w) // 2
    check_room(f"side={shown(side)}, shift={shown(shift)}", n, side + 2 * shift, side + 2 * shift)
    paper = np.zeros((n, side + 2 * shift, side + 2 * shift), np.uint8)
    paper[:, top : top + h, left : left + w] = images
    down, right = np.full((2, n), shift) if rng is None else rng.integers(0, 2 * shift + 1, (2, n))
    seen = sliding_window_view(paper, (side, side), axis=(1, 2))[np.arange(n), down, right]
    seen = np.ascontiguousarray(seen.transpose(1, 2, 0))  # the batch last, as the layers like it
    x = seen * np.float32((STROKE - BACKGROUND) / 255)
    x += np.float32(BACKGROUND)
    return x[None].transpose(3, 0, 1, 2)
