"""Arrays of weights in files: ``.npz`` written and read, ``.safetensors`` read. Never pickle.

A pickle runs whatever code its author put in. Here a file's headers are read first,
and held against the names, shapes and dtypes that are needed. So a foreign or
hostile file costs neither memory nor trust.
"""

import json
import math
import os
import secrets
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

DTYPES = ("float16", "float32", "float64")
"""What weights may be."""
MAX_NOTES = 1_000_000
"""More bytes of notes, or of a ``.safetensors`` header, are refused unread."""

_LONGEST = 1000  # characters of a path in a message
_NOTES = "__notes__"
_SAFETENSORS_DTYPES = {"F16": "float16", "F32": "float32", "F64": "float64"}


class StorageError(ValueError):
    """A file or array that is not what is needed; the message says what is wrong."""


class Header(NamedTuple):
    """What a file says of an array before its data."""

    shape: tuple[int, ...]
    dtype: str


def save_arrays(
    path: str | os.PathLike, arrays: Mapping[str, np.ndarray], notes: Mapping[str, str] | None = None
) -> None:
    """Write ``arrays`` by name, and ``notes`` about them, to a ``.npz`` file.

    The file appears whole or not at all: an older one stays until the new one is complete.
    ``np.load`` reads it, too; the notes are JSON, in the array ``__notes__``.

    Raises:
        TypeError: ``path`` is no path, an array is no NumPy array, or a name or note is no text.
        StorageError: ``path`` does not end in .npz; a name holds more than letters, digits,
            ``_``, ``-`` and ``.``, ends in .npy, or is ``__notes__``; an array's dtype is not of
            :data:`DTYPES`, or it holds NaN or infinity; there are more than :data:`MAX_NOTES` bytes of notes.
        FileNotFoundError: the folder does not exist.
        OSError: the system refuses to write the file.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save_arrays(f"{folder}/net.npz", {"conv.bias": np.array([0.5, -1])}, {"seed": "3"})
    ...     load_arrays(f"{folder}/net.npz", {"conv.bias": (2,)})
    ({'conv.bias': array([ 0.5, -1. ])}, {'seed': '3'})
    """
    called, path = named_path(path)
    if path.suffix != ".npz":
        raise StorageError(f"{called}: must end in .npz")
    if not os.path.isdir(path.parent):  # Path.is_dir raises for names that are too long
        raise FileNotFoundError(f"{called}: there is no folder {str(path.parent)[:_LONGEST]!r}; make it first")
    if not isinstance(arrays, Mapping):
        raise TypeError(f"arrays is a {type(arrays).__name__}: must be a dict of arrays by name")
    for name, array in arrays.items():
        _check_name(name)
        if not isinstance(array, np.ndarray):
            raise TypeError(f"arrays[{name!r}] is a {type(array).__name__}: must be a NumPy array")
        _check_dtype(f"arrays[{name!r}]", str(array.dtype))
        _check_finite(f"arrays[{name!r}]", array)
    _write_whole(path, {**arrays, _NOTES: _packed(notes)} if notes else arrays)


def load_arrays(
    path: str | os.PathLike, shapes: Mapping[str, tuple[int, ...]]
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays of a ``.npz`` or ``.safetensors`` file, in the order of ``shapes``, and its notes.

    The file must hold exactly the names and shapes of ``shapes``, each array of one of
    :data:`DTYPES`; this is known before any data is read. The arrays are new: they may be changed.
    Notes are what :func:`save_arrays` wrote, or the metadata of a ``.safetensors`` file.

    https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html describes ``.npz``,
    https://github.com/huggingface/safetensors ``.safetensors``.

    Raises:
        TypeError: ``path`` is no path.
        FileNotFoundError: there is no such file.
        StorageError: the name ends otherwise; it is a folder, no file of this kind, damaged or cut
            short; a name is missing or not needed; a shape or dtype is wrong; an array holds NaN or infinity.
        OSError: the system refuses to read the file, for example without permission.
    """
    called, path = existing_file(path)
    if path.suffix not in _OPENERS:
        raise StorageError(f"{called}: must end in .npz or .safetensors{_how_to_convert(path)}")
    with damage_in_words(called), _OPENERS[path.suffix](path) as file:
        _check_names(called, file.names(), shapes)
        for name, shape in shapes.items():
            _check_header(f"{called}: {name!r}", file.header(name), tuple(shape))
        notes = file.notes()
        arrays = {name: file.read(name) for name in shapes}
    for name, array in arrays.items():
        _check_finite(f"{called}: {name!r}", array)
    return arrays, notes


Part = Callable[[str, slice], np.ndarray]
"""Rows of an array by its name: ``part("fc.weight", slice(0, 100))``."""


@contextmanager
def open_parts(path: str | os.PathLike, shapes: Mapping[str, tuple[int, ...]]) -> Iterator[Part]:
    """A ``.safetensors`` file from which arrays are read in parts, so that a large one never is in memory whole.

    What the file must hold is what :func:`load_arrays` asks for, and known before any data is read.

    Raises:
        TypeError, FileNotFoundError, StorageError, OSError: as :func:`load_arrays`; a part that holds NaN or
            infinity is found when it is read.
    """
    called, path = existing_file(path)
    if path.suffix != ".safetensors":
        raise StorageError(f"{called}: must end in .safetensors, to be read in parts{_how_to_convert(path)}")
    with ExitStack() as opened:
        with damage_in_words(called):
            file = opened.enter_context(_open_safetensors(path))
            _check_names(called, file.names(), shapes)
            for name, shape in shapes.items():
                _check_header(f"{called}: {name!r}", file.header(name), tuple(shape))

        def part(name: str, rows: slice = slice(None)) -> np.ndarray:
            with damage_in_words(called):
                values = file.rows(name, rows)
            _check_finite(f"{called}: {name!r}", values)
            return values

        yield part


def _how_to_convert(path: Path) -> str:
    """What to do with PyTorch's own files."""
    if path.suffix not in (".pth", ".pt", ".ckpt", ".bin", ".pkl", ".pickle"):
        return ""
    return (
        f". A {path.suffix} file is a pickle, which runs whatever code its author put in, so it is not opened here. "
        "Where PyTorch is installed, convert it once: import torch; from safetensors.torch import save_file; "
        f"save_file(torch.load({path.name!r}, weights_only=True), {path.with_suffix('.safetensors').name!r})"
    )


# Paths and damage


def named_path(path: str | os.PathLike) -> tuple[str, Path]:
    """What messages call ``path``, and the path with ``~`` written out.

    Raises:
        TypeError: ``path`` is no path.

    >>> named_path("net.npz")[0]
    "path='net.npz'"
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path is a {type(path).__name__}: must be the path of a file")
    path = Path(os.path.expanduser(os.fsdecode(path)))
    return f"path={str(path)[:_LONGEST]!r}", path


def existing_file(path: str | os.PathLike) -> tuple[str, Path]:
    """As :func:`named_path`, of a file that can be read to its end.

    Raises:
        TypeError: ``path`` is no path.
        FileNotFoundError: there is no such file.
        StorageError: it is a folder or a device.
    """
    called, path = named_path(path)
    # The functions of os.path say no where Path's methods raise: names too long, bytes that are no text.
    if not os.path.exists(path):
        raise FileNotFoundError(f"{called}: no such file; a relative path starts at the notebook's folder")
    if not os.path.isfile(path):
        raise StorageError(f"{called}: not a file but a folder or a device; name the file itself")
    open(path, "rb").close()  # a missing permission is no damage
    return called, path


@contextmanager
def damage_in_words(called: str) -> Iterator[None]:
    """Whatever a reader raises inside becomes a :class:`StorageError`."""
    try:
        yield
    except StorageError:
        raise
    # Readers meet hostile bytes with exceptions of many types, KeyError and RuntimeError included.
    except Exception as error:
        detail = str(error) or type(error).__name__
        raise StorageError(
            f"{called}: not a file of this kind, or damaged or cut short ({detail}); copy or download it again"
        ) from error


# Readers: headers first, data when asked for


class Npz:
    """An open ``.npz`` file. Its methods raise whatever its bytes lead to: see :func:`damage_in_words`."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}

    def names(self) -> list[str]:
        """Names of the arrays, the notes apart."""
        return [name for name in self._members if name != _NOTES]

    def header(self, name: str) -> Header:
        """Shape and dtype of an array whose header tells the truth about its size."""
        member = self._members[name]
        # The other ways to pack take memory as the file pleases.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{name!r} is packed in an unusual way")
        with self._archive.open(member) as file:
            version = np.lib.format.read_magic(file)
            if version != (1, 0):
                raise ValueError(f"{name!r} has the array format {version}, not (1, 0)")
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            size = file.tell() + math.prod(shape) * dtype.itemsize
        if dtype.hasobject:
            raise ValueError(f"{name!r} holds Python objects, and they are never unpacked")
        if size != member.file_size:
            raise ValueError(f"{name!r}: its header makes it {size} bytes long, but it has {member.file_size}")
        return Header(shape, str(dtype))

    def read(self, name: str) -> np.ndarray:
        """The array; ask for its header first."""
        with self._archive.open(self._members[name]) as file:
            return np.lib.format.read_array(file, allow_pickle=False)

    def notes(self) -> dict[str, str]:
        """What :func:`save_arrays` was told to write beside the arrays."""
        if _NOTES not in self._members:
            return {}
        shape, dtype = self.header(_NOTES)
        if shape or not dtype.startswith("<U") or np.dtype(dtype).itemsize > MAX_NOTES:
            raise ValueError("its notes are not a short text")
        notes = json.loads(self.read(_NOTES).item())
        if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
            raise ValueError("its notes are not texts by name")
        return notes


class _Safetensors:
    """An open ``.safetensors`` file, with the methods of :class:`Npz`."""

    def __init__(self, file) -> None:
        self._file = file

    def names(self) -> list[str]:
        return self._file.keys()

    def header(self, name: str) -> Header:
        part = self._file.get_slice(name)
        dtype = part.get_dtype()
        return Header(tuple(part.get_shape()), _SAFETENSORS_DTYPES.get(dtype, dtype))

    def read(self, name: str) -> np.ndarray:
        return self._file.get_tensor(name)

    def rows(self, name: str, rows: slice) -> np.ndarray:
        """Some rows of an array, without reading the others."""
        return self._file.get_slice(name)[rows]

    def notes(self) -> dict[str, str]:
        return self._file.metadata() or {}


@contextmanager
def open_npz(path: Path) -> Iterator[Npz]:
    """Open a ``.npz`` file for a while."""
    with zipfile.ZipFile(path) as archive:
        yield Npz(archive)


@contextmanager
def _open_safetensors(path: Path) -> Iterator[_Safetensors]:
    from safetensors import safe_open  # here, since most readers of the lecture never have such a file

    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
    if length > MAX_NOTES:  # the library would parse up to 100 MB of it
        raise ValueError(f"its header makes itself {length:,} bytes long")
    with safe_open(path, framework="numpy") as file:
        yield _Safetensors(file)


_OPENERS = {".npz": open_npz, ".safetensors": _open_safetensors}


# Rules


def _check_names(called: str, found: Collection[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in found]
    unexpected = [name for name in found if name not in needed]
    if missing or unexpected:
        parts = {"missing": missing, "not needed": unexpected}
        raise StorageError(
            f"{called}: holds other arrays than are needed; "
            + "; ".join(f"{word}: {_some(names)}" for word, names in parts.items() if names)
        )


def _some(names: list[str], most: int = 5) -> str:
    """A handful of ``names``, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(map(repr, names[:most])) + more


def _check_header(called: str, header: Header, shape: tuple[int, ...]) -> None:
    if header.shape != shape:
        raise StorageError(f"{called} has shape {header.shape}: must be {shape}")
    _check_dtype(called, header.dtype)


def _check_dtype(called: str, dtype: str) -> None:
    if dtype not in DTYPES:
        raise StorageError(f"{called} has dtype {dtype}: must be one of {', '.join(DTYPES)}")


def _check_finite(called: str, array: np.ndarray) -> None:
    if not np.isfinite(array).all():
        raise StorageError(f"{called} holds NaN or infinity: every number must be finite")


def _check_name(name: str) -> None:
    if not isinstance(name, str):
        raise TypeError(f"arrays has the name {name!r} ({type(name).__name__}): must be a text")
    plain = name.replace("_", "").replace("-", "").replace(".", "").isalnum()
    if not plain or name.endswith(".npy") or name == _NOTES:
        raise StorageError(
            f"arrays has the name {name!r}: must be letters, digits, '_', '-' and '.', not end in .npy "
            f"and not be {_NOTES}"
        )


# Writing


def _packed(notes: Mapping[str, str]) -> np.ndarray:
    """``notes`` as an array of one text."""
    for item in notes.items():
        if not all(isinstance(part, str) for part in item):
            raise TypeError(f"notes has {item[0]!r}: {item[1]!r}: names and notes must be texts")
    packed = np.array(json.dumps(dict(notes)))
    if packed.nbytes > MAX_NOTES:
        raise StorageError(f"notes take {packed.nbytes:,} bytes: must be at most {MAX_NOTES:,}")
    return packed


def _write_whole(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write a ``.npz`` beside ``path``, then let it take that place."""
    with _beside(path) as part, zipfile.ZipFile(part, "x") as archive:
        for name, array in arrays.items():
            # np.savez would take an array named "file" for its own argument.
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name beside ``path`` to write to; what was written takes the place of ``path`` when all of it is there."""
    if path.is_symlink():  # it stays a link: what it leads to is written anew
        path = Path(os.path.realpath(path))
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


# Notes of a few lines


MAX_TEXTS = 100_000  # bytes


def save_texts(path: str | os.PathLike, texts: Mapping[str, str]) -> None:
    """Write texts by name as JSON; the old file stays until the new one is whole.

    Raises:
        TypeError: ``path`` is no path, or a name or a text is no text.
        OSError: the folder cannot be written to.
    """
    _, path = named_path(path)
    if not isinstance(texts, Mapping):
        raise TypeError(f"texts is a {type(texts).__name__}: must be a dict of texts by name")
    for item in texts.items():
        if not all(isinstance(each, str) for each in item):
            raise TypeError(f"texts has {item[0]!r}: {item[1]!r}: names and texts must be texts")
    with _beside(path) as part:
        part.write_text(json.dumps(dict(texts), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def load_texts(path: str | os.PathLike) -> dict[str, str]:
    """What :func:`save_texts` wrote.

    Raises:
        TypeError: ``path`` is no path.
        FileNotFoundError: there is no such file.
        StorageError: it holds something else, or is larger than :data:`MAX_TEXTS`.
        OSError: it cannot be read.
    """
    called, path = existing_file(path)
    with open(path, "rb") as file:
        content = file.read(MAX_TEXTS + 1)
    if len(content) > MAX_TEXTS:
        raise StorageError(f"{called}: more than {MAX_TEXTS:,} bytes; this is none of the lecture's files")
    try:
        texts = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StorageError(f"{called}: is no JSON ({error})") from None
    if not isinstance(texts, dict) or not all(isinstance(value, str) for value in texts.values()):
        raise StorageError(f"{called}: must hold texts by name, and nothing else")
    return texts
