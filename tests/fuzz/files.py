"""Hostile files: pictures, weights and progress as no program would write them."""

import functools
import io
import json
import os
import pickle
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import numpy as np
from PIL import Image

from lecture_lib import data, storage
from lecture_lib.practice import progress
from tests.fuzz.cases import Case

MODES = ("1", "L", "P", "LA", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I", "F")
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", "ICO", "PCX")
ENDINGS = (".png", ".jpg", ".gif", ".txt", ".npz", "", ".PNG", ".html")
RAN: list[str] = []
"""Stays empty: a pickle in these files would write here."""


def note_run() -> None:
    """What an unpickled :class:`Armed` calls; by its name, because a pickle would hold a copy of the list."""
    RAN.append("a pickle was run")


class Armed:
    """When it is unpickled, it is noticed."""

    def __reduce__(self):
        return note_run, ()


@functools.cache
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory()


def place(name: str, content: bytes) -> Path:
    """A file with this content; the next one of the name takes its place."""
    path = Path(_folder().name, name)
    path.write_bytes(content)
    return path


def spoiled(rng: np.random.Generator, content: bytes) -> bytes:
    """Content cut short, with flipped bits, a part missing or repeated, or another beginning; now and then unharmed."""
    if not content:
        return content
    at, end = sorted(rng.integers(len(content) + 1, size=2).tolist())
    flipped = bytearray(content)
    for each in rng.integers(len(content), size=1 + rng.integers(8)):
        flipped[each] ^= 1 << int(rng.integers(8))
    huge = content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :]
    return (content[:at], bytes(flipped), content[:at] + content[end:], content + content[at:end], rng.bytes(at) + content,
            rng.bytes(len(content)), huge, content)[rng.integers(8)]  # fmt: skip


# Pictures


@functools.lru_cache(200)
def _picture(mode: str, kind: str, side: int, frames: int) -> bytes:
    """A picture file, or nothing where the format does not hold the mode."""
    buffer, shape = io.BytesIO(), (side, side + 3)
    pixels = np.arange(shape[0] * shape[1]).reshape(shape)
    image = Image.fromarray((pixels % 256).astype(np.uint8))
    try:
        image = image.convert("RGBA").convert(mode) if mode not in ("I;16", "PA") else image.convert(mode)
        more = (
            {"save_all": True, "append_images": [image] * frames} if frames and kind in ("GIF", "TIFF", "WEBP") else {}
        )
        image.save(buffer, kind, **more)
    except Exception:  # noqa: BLE001  not every format holds every mode
        return b""
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A tiny PNG file whose header promises these sides: a decompression bomb where they are large."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def picture_case(rng: np.random.Generator) -> Case:
    """Open a picture that is damaged, lies about its size, is of a rare kind, or is none."""
    if rng.random() < 0.1:
        sides = rng.choice([0, 1, 7, 6_000, 70_000, 2**31 - 1], 2).tolist()
        content, words = png_that_claims(*sides), f"a PNG that claims {sides[0]} x {sides[1]}"
    else:
        mode, kind = MODES[rng.integers(len(MODES))], FORMATS[rng.integers(len(FORMATS))]
        side, frames = int(rng.choice([1, 2, 17, 64])), int(rng.choice([0, 0, 3]))
        content, words = (
            _picture(mode, kind, side, frames),
            f"a {kind} of mode {mode}, {side} pixels, {frames} more frames",
        )
    content = spoiled(rng, content)
    source = content if rng.random() < 0.5 else _odd_path(rng, content)
    return Case(
        f"open_image of {words}, {len(content)} bytes",
        functools.partial(_open, source),
        (ValueError, TypeError, OSError),
    )


def _odd_path(rng: np.random.Generator, content: bytes) -> object:
    path = place(f"picture {rng.integers(4)} ünï{ENDINGS[rng.integers(len(ENDINGS))]}", content)
    link = path.with_name("link.png")
    link.unlink(missing_ok=True)
    ways: tuple[Callable[[], object], ...] = (
        lambda: path, lambda: str(path), lambda: path.parent, lambda: path / "inside.png", lambda: f"{path}\0", lambda: str(path) * 60,
        lambda: _linked(link, path), lambda: _linked(link, link), lambda: _linked(link, path.parent), lambda: "http://localhost/cat.png",
        lambda: "/dev/zero", lambda: "~nobody/cat.png", lambda: b"/etc/passwd", lambda: memoryview(content), lambda: bytearray(content),
    )  # fmt: skip
    return ways[0 if rng.random() < 0.5 else rng.integers(len(ways))]()


def _linked(link: Path, target: Path) -> Path:
    link.symlink_to(target)
    return link


def _open(source: object) -> None:
    image = data.open_image(source)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise AssertionError(f"open_image gave {image.dtype} {image.shape}")


# Weights and progress

SHAPES = {"conv.weight": (2, 3), "conv.bias": (2,)}


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0) if array.dtype != object else None, allow_pickle=True)
    return buffer.getvalue()


def _lying_npy(rng: np.random.Generator) -> bytes:
    """An array whose header says whatever it likes."""
    shape = ((2, 3), (2**40,), (-1, 3), (2, 3, 0), (10**30,), "x", None)[rng.integers(7)]
    dtype = ("<f4", "|O", "<f8", "|V99999999", "<U9999999", "nonsense", "[('a', '<f4')]")[rng.integers(7)]
    header = repr({"descr": dtype, "fortran_order": bool(rng.integers(2)), "shape": shape}).encode()
    if rng.random() < 0.1:
        header = b"__import__('os').abort()"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"\n" + rng.bytes(24)


def _npz(rng: np.random.Generator) -> bytes:
    """A ``.npz`` file with arrays that are right, of a wrong shape or kind, of objects, packed as a bomb, or lying."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(
        buffer, "w", (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)[rng.integers(4)]
    ) as archive:
        for name, shape in SHAPES.items():
            good = np.ones(
                shape, ("f2", "f4", "f8", "i4", "c8", ">f4", "?")[rng.integers(7)] if rng.random() < 0.3 else "f4"
            )
            ways = (
                lambda good=good: _npy(good), lambda good=good: _npy(good * np.nan if good.dtype.kind == "f" else good), lambda: _lying_npy(rng),
                lambda: _npy(np.array([Armed()], object)), lambda: pickle.dumps(Armed()), lambda good=good: _npy(good.T),
                lambda: _npy(np.zeros(1_000_000)), lambda: b"", lambda good=good: _npy(good),
            )  # fmt: skip
            odd = (
                ("../../outside", "conv.weight", "", "__notes__", "a" * 300)[rng.integers(5)]
                if rng.random() < 0.1
                else name
            )
            content = ways[0 if rng.random() < 0.5 else rng.integers(len(ways))]()
            archive.writestr(f"{odd}.npy", spoiled(rng, content) if rng.random() < 0.2 else content)
        if rng.random() < 0.2:
            archive.writestr(
                "__notes__.npy", _npy(np.array(("{}", "[1]", '{"a": 1}', "[" * 90_000, "x")[rng.integers(5)]))
            )
    return buffer.getvalue()


def _safetensors(rng: np.random.Generator) -> bytes:
    """A ``.safetensors`` file whose header is right, or lies."""
    entry = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}
    other = {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]}
    lies = (
        {},
        {"shape": [2**60, 3]},
        {"data_offsets": [0, 2**60]},
        {"data_offsets": [24, 0]},
        {"dtype": "BF16"},
        {"shape": [-1]},
        {"dtype": 3},
        {"shape": None},
    )
    header = {"conv.weight": entry | lies[rng.integers(len(lies)) if rng.random() < 0.6 else 0], "conv.bias": other}
    if rng.random() < 0.3:
        header["__metadata__"] = {"note": "<img src=x onerror=alert(1)>"} if rng.random() < 0.5 else [1]
    written = json.dumps(header).encode()
    length = len(written) if rng.random() < 0.7 else int(rng.choice([0, 1, 2**31, 2**63 - 1]))
    return struct.pack("<Q", length) + written + np.ones(8, np.float32).tobytes()


def weights_case(rng: np.random.Generator) -> Case:
    """Load weights, parts of them, or progress from a file that is damaged or lies; nothing of it may run."""
    which = rng.integers(4)
    if which < 2:
        ending, content = (".npz", _npz(rng)) if which else (".safetensors", _safetensors(rng))
    elif which == 2:
        ending, content = (
            ".json",
            (b'{"pad": "solved"}', b'{"pad": 1}', b"[1]", b"[" * 90_000, b"NaN", b"\xff", b"9" * 5_000, b" " * 200_000)[
                rng.integers(8)
            ],
        )
    else:
        ending, content = (".npz", ".pth", ".pkl", ".safetensors", ".npy")[rng.integers(5)], pickle.dumps(Armed())
    content = spoiled(rng, content) if rng.random() < 0.4 else content
    path = place(f"weights{rng.integers(4)}{ending}", content)
    return Case(
        f"load {path.name}, {len(content)} bytes", functools.partial(_load, path), (ValueError, TypeError, OSError)
    )


def _load(path: Path) -> None:
    try:
        if path.suffix == ".json":
            with mock.patch.dict(os.environ, {progress.VARIABLE: str(path)}):
                solved, problem = progress.read()
            if not all(isinstance(name, str) for name in solved) or (solved and problem):
                raise AssertionError(f"progress.read gave {solved} and {problem}")
            return
        arrays, _ = storage.load_arrays(path, SHAPES)
        if {name: array.shape for name, array in arrays.items()} != SHAPES or not all(
            np.isfinite(array).all() for array in arrays.values()
        ):
            raise AssertionError("load_arrays gave other arrays than were asked for")
    finally:
        if RAN:
            raise AssertionError(RAN.pop())


# The matrix of the convolution lab

CELLS = ("1", "-1", "1/9", "0.5", " 2 ", "−3", "", "1/0", "nan", "inf", "-inf", "1e999", "1e6", "1000001", "0/0", "1//2", "١", "½", "0x1", "1_0",
         "True", "1e-400", "9" * 5_000, "1/1e-320", "<img src=x onerror=alert(1)>", "__import__('os').abort()", "\0", "\ud800", "1,5", "--1")  # fmt: skip


def kernel_case(rng: np.random.Generator) -> Case:
    """Read a kernel from what somebody typed into the matrix."""
    from lecture_lib.chapters.convolution.lab import parse_kernel

    rows, cols = rng.integers(1, 6, 2).tolist()
    cells = [
        [CELLS[rng.integers(len(CELLS)) if rng.random() < 0.3 else rng.integers(6)] for _ in range(cols)]
        for _ in range(rows)
    ]
    if rng.random() < 0.3:
        cells[rng.integers(rows)][rng.integers(cols)] = "".join(
            map(chr, rng.integers(32, 0x2FF, size=rng.integers(12)))
        )

    def run():
        weights = parse_kernel(cells)
        if weights.shape != (rows, cols) or not np.isfinite(weights).all() or np.abs(weights).max() > 1e6:
            raise AssertionError(f"parse_kernel gave {weights}")

    return Case(f"parse_kernel({cells})", run)
