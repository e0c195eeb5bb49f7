"""Shipped photos, a student's own picture, and what makes them grey or smaller.

A colour picture is uint8 (H, W, 3), red, green, blue; a grey one is uint8 (H, W).
"""

import csv
import io
import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ..arguments import one_of
from ..shapes import integer

MAX_PIXELS = 40_000_000
"""Pictures with more pixels are refused: decoded, they would fill a small machine's memory."""
MAX_BYTES = 100_000_000
"""Picture files with more bytes are refused unread."""
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM", *(["AVIF"] if find_spec("PIL.AvifImagePlugin") else []))
"""What :func:`open_image` reads; PPM with its grey sister PGM, AVIF where Pillow has it (11.3). Each further decoder would be more to trust with a stranger's bytes."""

_PACKAGE = Path(__file__).parents[1]
_EIGHT_BIT_MODES = {"1", "L", "P", "LA", "La", "PA", "RGB", "RGBA", "CMYK", "YCbCr"}
_SIXTEEN_BIT_MODES = {"I;16", "I;16B"}
_BITS_PER_SAMPLE, _PHOTOMETRIC, _TILE_WIDTH, _TILE_LENGTH = 258, 262, 322, 323  # TIFF 6.0, appendix A
_WHITE_IS_ZERO = 0
_HEIC = {b"hei", b"hev", b"mif", b"msf"}
"""How the brand begins that stands in the first bytes of HEIC; AVIF's is "avif" or "avis"."""


class ImageError(ValueError):
    """A file or bytes that give no picture; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Credit:
    """Who made a shipped photo, and on what terms it may be used."""

    file: str
    title: str
    author: str
    licence: str
    source: str
    sha256: str


def _images_folder() -> Path:
    """The folder of the shipped photos.

    The package's own folder comes first: beside an installed package, ``images``
    may belong to somebody else.
    """
    for folder in (_PACKAGE / "images", _PACKAGE.parent / "images"):
        if (folder / "CREDITS.csv").is_file():
            return folder
    raise FileNotFoundError("images/CREDITS.csv: the photos are not beside the package; install the project again")


def credits() -> list[Credit]:
    """Author, licence, source and checksum of each shipped photo.

    Raises:
        FileNotFoundError: the photos are not beside the package.

    >>> credits()[0].author, credits()[0].licence
    ('NASA', 'public domain')
    """
    table = (_images_folder() / "CREDITS.csv").read_text(encoding="utf-8")
    return [Credit(**row) for row in csv.DictReader(table.splitlines())]


def photo_names(more: bool = False) -> list[str]:
    """The six photos that the lecture works with, in the order of the credits; with ``more`` every one that :func:`load_photo` knows.

    The others are small and stand in a folder of their own: what a network for photos answers to is looked for in all of them.

    >>> photo_names()
    ['astronaut', 'camera', 'chelsea', 'coffee', 'brick', 'rocket']
    >>> photo_names(more=True)[6:9]
    ['raccoon', 'stairs', 'palace']
    """
    files = [Path(credit.file) for credit in credits()]
    return [file.stem for file in files if more or file.parent == Path()]


def load_photo(name: str) -> np.ndarray:
    """A shipped photo, uint8 (H, W, 3); a grey one has three equal channels.

    Raises:
        ValueError: no shipped photo has this name.
        FileNotFoundError: the photos are not beside the package.

    >>> load_photo("chelsea").shape
    (300, 451, 3)
    """
    one_of("name", name, photo_names(more=True))
    file = next(credit.file for credit in credits() if name == Path(credit.file).stem)
    return open_image(_images_folder() / file)


def open_image(source: str | os.PathLike | bytes | bytearray | memoryview, name: str = "") -> np.ndarray:
    """A picture from a file's path or from its bytes, uint8 (H, W, 3); ``name`` is what messages call it.

    Reads the formats of :data:`FORMATS`. Turns the picture as its EXIF orientation
    says, lays transparent pixels on white, scales 16 bits to 8, repeats grey in
    three channels, and takes the first frame of several. Colour profiles are not
    applied. The array is new: it may be changed.

    Raises:
        TypeError: ``source`` is neither a path nor bytes, or ``name`` is no text.
        FileNotFoundError: there is no such file.
        ImageError: it is a folder or empty, has more than :data:`MAX_BYTES` bytes or
            :data:`MAX_PIXELS` pixels, is no picture of these formats, is damaged or cut
            short, or holds values that have no fixed white (32-bit integers, floats).
        OSError: the system refuses to read the file, for example without permission.

    >>> gif = bytes.fromhex("47494638396101000100800000ff00000000002c00000000010001000002024401003b")
    >>> open_image(gif)  # one red pixel
    array([[[255,   0,   0]]], dtype=uint8)
    """
    called, data = _named_bytes(source, name)
    # Pillow warns about what it repairs (damaged EXIF, odd palettes); whoever looks at the picture cannot act on that.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _decode(called, data)
        except ImageError:
            raise
        except Image.DecompressionBombError as error:
            raise ImageError(f"{called}: {_too_large('pixels', MAX_PIXELS)}") from error
        except UnidentifiedImageError as error:
            if data[4:8] == b"ftyp" and data[8:11] in _HEIC:
                raise ImageError(
                    f"{called}: this is HEIC, the iPhone's format, and cannot be read here; open a screenshot of the picture, "
                    "or choose Settings, Camera, Formats, Most Compatible on the phone and take it again"
                ) from error
            raise ImageError(
                f"{called}: not a picture in one of the formats {', '.join(FORMATS)}, or damaged in its first bytes; "
                "open it in a picture program and export it as PNG or JPEG"
            ) from error
        # Decoders meet hostile bytes with exceptions of nearly every type, SyntaxError and AssertionError included.
        except Exception as error:
            detail = str(error) or type(error).__name__
            raise ImageError(f"{called}: damaged or cut short ({detail}); copy or download it again") from error


def _too_large(unit: str, limit: int) -> str:
    return f"more than {limit:,} {unit}; save a smaller copy and open that"


def _named_bytes(source: str | os.PathLike | bytes | bytearray | memoryview, name: str) -> tuple[str, bytes]:
    """What messages call the picture, and its file's bytes: at least one, at most ``MAX_BYTES``."""
    if not isinstance(name, str):
        raise TypeError(f"name is a {type(name).__name__}: must be text")
    if isinstance(source, bytes | bytearray | memoryview):
        size = memoryview(source).nbytes
        called = name or f"source ({size} bytes)"
        data = bytes(source) if size <= MAX_BYTES else None
    elif isinstance(source, str | os.PathLike):
        path = os.path.expanduser(os.fsdecode(source))
        called = name or f"source={path!r}"
        data = _read_file(called, path)
    else:
        kind = type(source).__name__
        raise TypeError(f"source is a {kind}: must be a path or the bytes of a picture file")
    if data is None:
        raise ImageError(f"{called}: {_too_large('bytes', MAX_BYTES)}")
    if not data:
        raise ImageError(f"{called}: empty, no picture in it; copy or download it again")
    return called, data


def _read_file(called: str, path: str) -> bytes | None:
    """The file's bytes, or None when there are more than ``MAX_BYTES``."""
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"{called}: no such file; a relative path starts at the notebook's folder, "
            "and a picture of the web must be saved to a file first"
        )
    # A pipe or a device would be read for ever.
    if not os.path.isfile(path):
        raise ImageError(f"{called}: not a file but a folder or a device; name the picture file itself")
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(min(size, MAX_BYTES) + 1)  # room for as many bytes is made before one is read
    return data if len(data) <= MAX_BYTES else None


def _decode(called: str, data: bytes) -> np.ndarray:
    """The picture in ``data``; raises whatever Pillow raises."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if max(width * height, _tile_pixels(image)) > MAX_PIXELS:
            raise ImageError(f"{called}: {width} x {height}, decoded {_too_large('pixels', MAX_PIXELS)}")
        image.load()
        # Pillow turns a TIFF itself while it loads, and then drops the orientation: ask only now.
        with suppress(Exception):  # a camera's damaged notes are no reason to refuse its picture
            ImageOps.exif_transpose(image, in_place=True)
        return np.array(_on_white(called, image))


def _tile_pixels(image: Image.Image) -> int:
    """Pixels of one tile of a TIFF, 0 without tiles.

    The decoder makes room for a whole tile, however small the picture is.
    """
    tags = _tiff_tags(image)
    return int(tags.get(_TILE_WIDTH, 0)) * int(tags.get(_TILE_LENGTH, 0))


def _tiff_tags(image: Image.Image) -> Mapping:
    """A TIFF's tags by number, none for other formats."""
    return getattr(image, "tag_v2", {})


def _on_white(called: str, image: Image.Image) -> Image.Image:
    """``image`` in mode RGB, its transparent pixels on white paper."""
    if image.mode in _SIXTEEN_BIT_MODES or (image.format == "PPM" and image.mode == "I"):
        return Image.fromarray(_eight_bits(image)).convert("RGB")
    if image.mode not in _EIGHT_BIT_MODES:
        raise ImageError(
            f"{called}: its pixels (Pillow's mode {image.mode}) have no fixed black and white; "
            "scale them to 0..255 and save them as an 8-bit PNG"
        )
    if not image.has_transparency_data:
        return image.convert("RGB")
    if image.mode == "La":  # grey multiplied by its alpha: Pillow knows the way to RGBA in two steps only
        image = image.convert("LA")
    image = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    return paper


def _eight_bits(image: Image.Image) -> np.ndarray:
    """A grey picture of 16 or 12 bits, scaled to uint8 (H, W) and rounded.

    By hand, because Pillow's own conversion clips everything above 255 to white.
    """
    tags = _tiff_tags(image)
    white = 2 ** tags.get(_BITS_PER_SAMPLE, (16,))[0] - 1
    values = np.asarray(image).astype(np.uint32)
    grey = ((values * 255 + white // 2) // white).astype(np.uint8)
    if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        grey = 255 - grey
    if "transparency" in image.info:
        grey[values == image.info["transparency"]] = 255
    return grey


def check_picture(image: np.ndarray) -> None:
    """Raise unless ``image`` is uint8 (H, W) or (H, W, 3) with at least one pixel."""
    if not isinstance(image, np.ndarray):
        raise TypeError(f"image is a {type(image).__name__}: must be a NumPy array")
    if image.dtype != np.uint8:
        raise TypeError(f"image has dtype {image.dtype}: must be uint8, 0 black to 255 white")
    if image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise ValueError(f"image has shape {image.shape}: must be (H, W) or (H, W, 3)")
    if image.size == 0:
        raise ValueError(f"image has shape {image.shape}: must have at least one pixel")


def to_grey(image: np.ndarray) -> np.ndarray:
    """Brightness of a uint8 picture, uint8 (H, W); a grey picture is returned as it is.

    Y = 0.299 R + 0.587 G + 0.114 B, rounded
    (luma of ITU-R BT.601-7, section 2.5.1: the eye sees green best and blue least).

    Raises:
        TypeError: ``image`` is no array, or not of dtype uint8.
        ValueError: its shape is neither (H, W) nor (H, W, 3), or it has no pixel.

    >>> to_grey(np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8))  # 76.2, 149.7, 29.1
    array([[ 76, 150,  29]], dtype=uint8)
    """
    check_picture(image)
    if image.ndim == 2:
        return image
    red, green, blue = (image[..., channel].astype(np.uint32) for channel in range(3))
    return ((299 * red + 587 * green + 114 * blue + 500) // 1000).astype(np.uint8)


def centre_square(image: np.ndarray) -> np.ndarray:
    """The largest square in the middle of a uint8 picture, a view of it.

    Raises:
        TypeError: ``image`` is no array, or not of dtype uint8.
        ValueError: its shape is neither (H, W) nor (H, W, 3), or it has no pixel.

    >>> centre_square(np.array([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]], np.uint8))
    array([[2, 3],
           [7, 8]], dtype=uint8)
    """
    check_picture(image)
    side = min(image.shape[:2])
    top, left = ((length - side) // 2 for length in image.shape[:2])
    return image[top : top + side, left : left + side]


def resize(image: np.ndarray, longest_side: int) -> np.ndarray:
    """``image`` with its longer side at ``longest_side`` pixels, same proportions, uint8.

    Each new pixel is a weighted mean of the area it covers (a Hamming window).
    No weight is negative, so edges get no bright and dark seams for an edge filter
    to find. A smaller picture is enlarged. The array is new: it may be changed.

    Raises:
        TypeError: ``image`` is no array or not of dtype uint8, or ``longest_side`` is no integer.
        ValueError: the shape is neither (H, W) nor (H, W, 3), there is no pixel, ``longest_side``
            is below 1, or the result would have more than :data:`MAX_PIXELS` pixels.

    >>> resize(np.zeros((300, 400, 3), np.uint8), 100).shape
    (75, 100, 3)
    """
    check_picture(image)
    longest = integer("longest_side", longest_side, 1)
    height, width = (max(1, round(side * longest / max(image.shape[:2]))) for side in image.shape[:2])
    if height * width > MAX_PIXELS:
        raise ValueError(
            f"longest_side={longest}: {height} x {width} pixels are more than {MAX_PIXELS:,}; ask for a smaller side"
        )
    return np.array(Image.fromarray(image).resize((width, height), Image.Resampling.HAMMING))


def grey_square(name: str, side: int) -> np.ndarray:
    """The middle of a shipped photo, grey and resized: uint8 (side, side).

    Raises:
        TypeError, ValueError: as :func:`load_photo` for ``name`` and :func:`resize` for ``side``.

    >>> grey_square("camera", 96).shape
    (96, 96)
    """
    return resize(centre_square(to_grey(load_photo(name))), side)
