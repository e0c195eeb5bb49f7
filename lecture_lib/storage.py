"""Arrays of weights in files: ``.npz`` written and read, ``.safetensors`` read. Never pickle.

A pickle runs whatever code its author put in. NumPy and the safetensors library read the files; what is here says
before any data is read that the names and sizes are those that are needed, and afterwards that the arrays are. So a
foreign or hostile file costs neither memory nor trust.
"""

import errno
import json
import math
import os
import secrets
import zipfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np

DTYPES = ("float16", "float32", "float64")
"""What weights may be."""
MAX_NOTES = 1_000_000
"""More bytes of notes, or of a ``.safetensors`` header, are refused unread."""

_LONGEST = 1000  # characters of a path in a message
_NOTES = "__notes__"
_SAFETENSORS_DTYPES = {"F16": "float16", "F32": "float32", "F64": "float64"}
_HEADER = 20_000  # bytes that an array in a ``.npz`` file may take beside its numbers


class StorageError(ValueError):
    """A file or array that is not what is needed; the message says what is wrong."""


def save_arrays(
    path: str | os.PathLike,
    arrays: Mapping[str, np.ndarray],
    notes: Mapping[str, str] | None = None,
    *,
    packed: bool = False,
) -> None:
    """Write ``arrays`` by name, and ``notes`` about them, to a ``.npz`` file.

    ``packed`` ones are deflated, and uint8 may be among them, for pictures. The file appears whole or not at all: an older one stays until the new one is complete.
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
        if not packed or array.dtype != np.uint8:
            _check_dtype(f"arrays[{name!r}]", str(array.dtype))
        _check_finite(f"arrays[{name!r}]", array)
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    _write_whole(called, path, {**arrays, _NOTES: _packed(notes)} if notes else arrays, how)


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
    if path.suffix == ".safetensors":
        with _open_safetensors(called, path, shapes) as file, damage_in_words(called):
            arrays, notes = {name: file.get_tensor(name) for name in shapes}, file.metadata() or {}
    elif path.suffix == ".npz":
        sizes = {name: 8 * math.prod(shape) for name, shape in shapes.items()}
        arrays, notes = read_npz(path, sizes)
    else:
        raise StorageError(f"{called}: must end in .npz or .safetensors{_how_to_convert(path)}")
    for name, array in arrays.items():
        _check_header(f"{called}: {name!r}", array.shape, str(array.dtype), tuple(shapes[name]))
        _check_finite(f"{called}: {name!r}", array)
    return arrays, notes


def read_npz(path: Path, most: Mapping[str, int], others: bool = False) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """The arrays of a ``.npz`` file by name, in the order of ``most``, and the notes of :func:`save_arrays`.

    Args:
        most: the names that the file must hold, each with the bytes that it may take when it is unpacked.
        others: whether it may hold more names, which are not read.

    Raises:
        StorageError: it is no such file, is damaged, holds other names, or something that is no array or too long.
    """
    called, path = existing_file(path)
    with damage_in_words(called), open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
        if not isinstance(file, np.lib.npyio.NpzFile):
            raise ValueError("a single array, or something else")
        members = {member.filename.removesuffix(".npy"): member for member in file.zip.infolist()}
        for name, member in members.items():
            # The other ways to pack take memory as the file pleases.
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"{name!r} is packed in an unusual way")
        if not others:
            _check_names(called, [name for name in members if name != _NOTES], most)
        for name, bytes_ in most.items():
            if members[name].file_size > bytes_ + _HEADER:
                raise StorageError(
                    f"{called}: {name!r} takes {members[name].file_size:,} bytes, too many for what is needed"
                )
            _check_promise(name, file.zip, members[name])
        arrays = {name: file[name] for name in most}
        notes = _unpacked(file, members[_NOTES].file_size) if _NOTES in members else {}
    return arrays, notes


def _check_promise(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Refuse a header that promises more than there is: NumPy would ask for that much memory first."""
    headers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    with archive.open(member) as file:
        shape, _, dtype = headers[np.lib.format.read_magic(file)](file)
    if (size := math.prod(shape) * dtype.itemsize) > member.file_size:
        raise ValueError(f"{name!r}: its header makes it {size} bytes long, but it has {member.file_size}")


@contextmanager
def _open_safetensors(called: str, path: Path, shapes: Mapping[str, tuple[int, ...]]) -> Iterator:
    """An open ``.safetensors`` file that holds these names, shapes and some of our dtypes."""
    from safetensors import safe_open  # here, since most readers of the lecture never have such a file

    with ExitStack() as opened:
        with damage_in_words(called):
            with open(path, "rb") as file:
                length = int.from_bytes(file.read(8), "little")
            if length > MAX_NOTES:  # the library would parse up to 100 MB of it
                raise ValueError(f"its header makes itself {length:,} bytes long")
            file = opened.enter_context(safe_open(path, framework="numpy"))
            _check_names(called, file.keys(), shapes)
            for name, shape in shapes.items():
                found = file.get_slice(name)
                dtype = _SAFETENSORS_DTYPES.get(found.get_dtype(), found.get_dtype())
                _check_header(f"{called}: {name!r}", tuple(found.get_shape()), dtype, tuple(shape))
        yield file


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


def _check_header(called: str, found: tuple[int, ...], dtype: str, shape: tuple[int, ...]) -> None:
    if found != shape:
        raise StorageError(f"{called} has shape {found}: must be {shape}")
    _check_dtype(called, dtype)


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


def _unpacked(file: Mapping[str, np.ndarray], size: int) -> dict[str, str]:
    """What :func:`_packed` packed."""
    text = file[_NOTES] if size <= MAX_NOTES + _HEADER else None
    if not isinstance(text, np.ndarray) or text.shape or text.dtype.kind != "U" or text.nbytes > MAX_NOTES:
        raise ValueError("its notes are not a short text")
    notes = json.loads(text.item())
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise ValueError("its notes are not texts by name")
    return notes


def _write_whole(called: str, path: Path, arrays: Mapping[str, np.ndarray], how: int) -> None:
    """Write a ``.npz``: first a file without a name where the system has that, so that nothing stays of one that is killed."""
    if path.is_symlink():  # it stays a link: what it leads to is written anew
        path = Path(os.path.realpath(path))
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with _nameless(part) as file:
            with zipfile.ZipFile(file, "w", how) as archive:
                for name, array in arrays.items():
                    # np.savez would take an array named "file" for its own argument.
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            file.flush()
            if not part.exists():
                os.link(f"/proc/self/fd/{file.fileno()}", part, src_dir_fd=0, follow_symlinks=True)
        os.replace(part, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            words = f"{called}: the disk is full, so nothing is saved; make room and save again"
            raise OSError(error.errno, words) from error
        raise
    finally:
        part.unlink(missing_ok=True)


def _nameless(part: Path) -> BinaryIO:
    """A new file that no folder lists, or ``part`` where the system knows no such files."""
    try:
        return open(os.open(part.parent, os.O_TMPFILE | os.O_RDWR, 0o666), "w+b")
    except (AttributeError, OSError):  # not Linux, or not this disk
        return open(part, "xb")
