"""What the tests of pictures share."""

import io
import struct
import zlib
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from lecture_lib import data
from lecture_lib.data import ImageError, open_image, pictures

ROOT = Path(data.__file__).parents[2]
ORIENTATION = 0x0112


def encoded(picture, kind, **options):
    """The file that Pillow writes for an array or a Pillow image."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, *extra, bits=8, rows=None):
    """A grey PNG written by hand, so that it can say what Pillow would not."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0))
    rows = b"\0" * ((width * bits // 8 + 1) * height) if rows is None else rows
    body = [b"\x89PNG\r\n\x1a\n", header, *extra, png_chunk(b"IDAT", zlib.compress(rows)), png_chunk(b"IEND", b"")]
    return b"".join(body)


def tiff(values, **tags):
    """A little-endian grey TIFF of one strip or tile, written by hand; ``tags`` are numbers by name."""
    numbers = {"width": 256, "height": 257, "bits": 258, "compression": 259, "photometric": 262, "start": 273}
    numbers |= {"samples": 277, "rows": 278, "count": 279, "tile_width": 322, "tile_length": 323}
    numbers |= {"tile_start": 324, "tile_count": 325, "sample_format": 339}
    entries = {"compression": 1, "photometric": 1, "samples": 1, "count": len(values), "rows": 1} | tags
    if "tile_width" in entries:
        entries = {k: v for k, v in entries.items() if k not in ("rows", "count")}
    start = 8 + 2 + 12 * (len(entries) + 1) + 4
    entries["tile_start" if "tile_width" in entries else "start"] = start
    fields = sorted((numbers[name], value) for name, value in entries.items())
    table = b"".join(struct.pack("<HHII", number, 4, 1, value) for number, value in fields)
    return b"II*\0" + struct.pack("<IH", 8, len(fields)) + table + struct.pack("<I", 0) + values


rng = np.random.default_rng(0)
COLOURS = rng.integers(0, 256, (5, 7, 3), dtype=np.uint8)
GREYS = COLOURS[..., 0].copy()
# Four flat quarters: JPEG and WebP keep their places, whatever they do to their colours.
CORNERS = np.zeros((32, 48, 3), np.uint8)
CORNERS[:16, :24], CORNERS[:16, 24:], CORNERS[16:, :24] = (255, 0, 0), (0, 255, 0), (0, 0, 255)


SIXTEEN = np.array([[0, 128, 257, 32768, 32896, 65407, 65535]], np.uint16)
EIGHT = [0, 0, 1, 128, 128, 255, 255]  # divided by 257 and rounded


HUGE = {
    "PNG, where Pillow warns": png(10_000, 10_000, rows=b""),
    "PNG, where Pillow raises": png(2**31 - 1, 2**31 - 1, rows=b""),
    "GIF": b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
    "BMP": b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
    "TIFF": tiff(b"\0", width=8_000, height=8_000, bits=8),
    "TIFF of one tile": tiff(b"\0", width=16, height=16, bits=8, tile_width=32768, tile_length=32768, tile_count=1),
}


# Hostile bytes


def picture_or_image_error(file):
    """The promise of open_image: a whole valid picture or an ImageError, never anything else, never a warning."""
    limit = 1_000_000  # a flipped byte may ask for a large valid picture: that is slow, not wrong
    try:
        with mock.patch.object(pictures, "MAX_PIXELS", limit):
            picture = open_image(file)
    except ImageError as error:
        assert str(error).startswith("source (")
    else:
        assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
        assert 1 <= picture.shape[0] * picture.shape[1] <= limit


def real_files():
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x010E] = 6, "a cat"
    image = Image.fromarray(np.tile(COLOURS, (3, 3, 1)))
    second = image.transpose(Image.Transpose.ROTATE_180)
    yield from (encoded(image, kind, exif=exif) for kind in ("PNG", "JPEG", "TIFF", "WEBP"))
    yield from (
        encoded(image, kind, save_all=True, append_images=[second]) for kind in ("GIF", "PNG", "TIFF", "WEBP", "MPO")
    )
    yield from (encoded(image, "TIFF", compression=packing) for packing in ("tiff_lzw", "tiff_adobe_deflate", "jpeg"))
    yield from (encoded(image.convert("P"), kind) for kind in ("PNG", "GIF", "BMP"))
    yield encoded(image.convert("1"), "TIFF", compression="group4")
    yield encoded(image.convert("CMYK"), "JPEG")
    yield encoded(np.tile(SIXTEEN, (9, 1)), "PNG")
    yield encoded(np.tile(SIXTEEN, (9, 1)), "TIFF", compression="tiff_lzw")


FILES = list(real_files())
BEGINNINGS = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF89a",
    b"RIFF\0\0\0\0WEBPVP8 ",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
]


sides = st.integers(1, 60)
