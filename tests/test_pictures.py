"""The shipped photos, and what becomes of a picture that somebody brings along."""

import hashlib
import io
import os
import struct
import tomllib
import warnings
import zlib
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, TiffImagePlugin

from lecture_lib import data
from lecture_lib.data import ImageError, load_photo, open_image, pictures, resize, to_grey

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


# Photos


def test_every_photo_is_the_file_its_credit_describes():
    for credit in data.credits():
        content = (ROOT / "images" / credit.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == credit.sha256


def test_every_photo_has_an_author_a_source_and_a_free_licence():
    for credit in data.credits():
        assert credit.title and credit.author and credit.source
        assert credit.licence in ("public domain", "CC0")


def test_the_photos_are_the_six_of_the_lecture():
    assert sorted(data.photo_names()) == ["astronaut", "brick", "camera", "chelsea", "coffee", "rocket"]


@pytest.mark.parametrize("name", data.photo_names())
def test_a_photo_is_the_size_its_title_says_in_three_channels(name):
    photo = load_photo(name)
    title = next(credit.title for credit in data.credits() if Path(credit.file).stem == name)
    assert photo.dtype == np.uint8
    assert f"({photo.shape[0]}x{photo.shape[1]} " in title and photo.shape[2] == 3
    if "grey" in title:
        assert (photo == photo[..., :1]).all()
    assert photo.std() > 20


def test_a_photo_may_be_painted_on_without_changing_the_next_one():
    photo = load_photo("camera")
    photo[:] = 0
    assert load_photo("camera").any()


@pytest.mark.parametrize("name", ["dog", "", "chelsea.png", "../images/chelsea", 3, None, []])
def test_an_unknown_photo_is_answered_with_the_known_names(name):
    with pytest.raises(ValueError, match="must be one of astronaut, camera, chelsea, coffee, brick, rocket") as error:
        load_photo(name)
    assert f"name={name!r}" in str(error.value)


def test_photos_inside_the_package_are_found_before_a_strangers_folder_beside_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "_PACKAGE", tmp_path / "lecture_lib")
    with pytest.raises(FileNotFoundError, match="the photos are not beside the package; install the project again"):
        data.credits()
    for folder in (tmp_path / "images", tmp_path / "lecture_lib" / "images"):
        folder.mkdir(parents=True)
        (folder / "CREDITS.csv").write_text("file,title,author,licence,source,sha256\n")
        assert pictures._images_folder() == folder


def test_the_wheel_holds_every_photo_and_the_credits():
    settings_file = ROOT / "pyproject.toml"
    if not settings_file.exists():
        pytest.skip("an installed package has no pyproject.toml")
    wheel = tomllib.loads(settings_file.read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    files = ["CREDITS.csv", *(credit.file for credit in data.credits())]
    assert wheel["force-include"] == {f"images/{file}": f"lecture_lib/images/{file}" for file in files}


# What a picture becomes


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_a_lossless_picture_keeps_every_pixel(kind):
    picture = open_image(encoded(COLOURS, kind))
    assert picture.dtype == np.uint8
    assert (picture == COLOURS).all()


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_a_packed_tiff_keeps_every_pixel(compression):
    assert (open_image(encoded(COLOURS, "TIFF", compression=compression)) == COLOURS).all()


def test_a_lossless_webp_keeps_every_pixel():
    assert (open_image(encoded(COLOURS, "WEBP", lossless=True)) == COLOURS).all()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_lossy_picture_keeps_its_colours_nearly(kind):
    flat = np.full((16, 16, 3), (200, 100, 50), np.uint8)
    assert np.abs(open_image(encoded(flat, kind, quality=95)).astype(int) - flat).max() <= 6


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind_are_read(form):
    assert (open_image(form(encoded(COLOURS, "PNG"))) == COLOURS).all()


def test_a_memoryview_of_every_other_byte_is_read():
    spread = bytearray(2 * len(encoded(COLOURS, "PNG")))
    spread[::2] = encoded(COLOURS, "PNG")
    assert (open_image(memoryview(spread)[::2]) == COLOURS).all()


@pytest.mark.parametrize("form", [str, Path, os.fsencode], ids=["str", "Path", "PathLike of bytes"])
def test_a_file_is_read_by_its_path(tmp_path, form):
    class BytesPath:
        def __fspath__(self):
            return form(tmp_path / "ünïcode.png")

    (tmp_path / "ünïcode.png").write_bytes(encoded(COLOURS, "PNG"))
    source = BytesPath() if form is os.fsencode else form(tmp_path / "ünïcode.png")
    assert (open_image(source) == COLOURS).all()


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine.png").write_bytes(encoded(COLOURS, "PNG"))
    assert (open_image("~/mine.png") == COLOURS).all()


def test_the_ending_of_a_name_decides_nothing(tmp_path):
    (tmp_path / "really_a_png.jpg").write_bytes(encoded(COLOURS, "PNG"))
    assert (open_image(tmp_path / "really_a_png.jpg") == COLOURS).all()


def test_the_array_may_be_painted_on():
    picture = open_image(encoded(COLOURS, "PNG"))
    assert picture.flags.writeable and picture.flags.c_contiguous and picture.flags.owndata


def test_grey_is_repeated_in_three_channels():
    assert (open_image(encoded(GREYS, "PNG")) == GREYS[..., None]).all()


def test_a_one_bit_picture_is_black_and_white():
    bits = GREYS > 127
    assert (open_image(encoded(Image.fromarray(bits), "PNG")) == np.where(bits, 255, 0)[..., None]).all()


def test_a_palette_becomes_its_colours():
    image = Image.fromarray(COLOURS).quantize(8)
    assert (open_image(encoded(image, "PNG")) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_a_cmyk_picture_without_ink_is_white_and_with_all_black_is_black(kind):
    for ink, colour in (((0, 0, 0, 0), 255), ((0, 0, 0, 255), 0)):
        picture = open_image(encoded(Image.new("CMYK", (8, 8), ink), kind))
        assert picture.shape == (8, 8, 3) and (picture == colour).all()


def test_transparency_shows_white_paper():
    rgba = np.array([[[255, 0, 0, 255], [255, 0, 0, 0], [0, 0, 0, 102]]], np.uint8)  # 102 is 0.4: 0.6 of 255 is 153
    assert open_image(encoded(rgba, "PNG")).tolist() == [[[255, 0, 0], [255, 255, 255], [153, 153, 153]]]


def test_grey_with_transparency_shows_white_paper():
    la = Image.new("LA", (2, 1), (7, 255))
    la.putpixel((1, 0), (7, 0))
    assert open_image(encoded(la, "PNG"))[0, :, 0].tolist() == [7, 255]


def test_grey_multiplied_by_its_alpha_shows_white_paper():
    image = Image.new("La", (1, 1), (50, 100))  # 50 on black, so 50 + (255 - 100) on white
    assert abs(pictures._on_white("it", image).getpixel((0, 0))[0] - 205) <= 1


def test_a_palette_with_alpha_shows_white_paper():
    image = Image.new("PA", (2, 1), (1, 255))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), (1, 0))
    assert open_image(encoded(image, "TIFF")).tolist() == [[[40, 50, 60], [255, 255, 255]]]


def test_luma_and_chroma_become_red_green_and_blue():
    image = Image.new("YCbCr", (1, 1), (76, 85, 255))  # red, by BT.601
    assert np.abs(np.array(pictures._on_white("it", image))[0, 0].astype(int) - (255, 0, 0)).max() <= 2


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_transparent_palette_entry_shows_white_paper(kind):
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 40, 50, 60])
    image.putpixel((1, 0), 1)
    picture = open_image(encoded(image, kind, transparency=1))
    assert picture.tolist() == [[[10, 20, 30], [255, 255, 255]]]


def test_a_transparent_colour_of_a_picture_without_alpha_shows_white_paper():
    picture = open_image(encoded(COLOURS, "PNG", transparency=tuple(COLOURS[2, 3].tolist())))
    assert (picture[2, 3] == 255).all() and (picture[0] == COLOURS[0]).all()


SIXTEEN = np.array([[0, 128, 257, 32768, 32896, 65407, 65535]], np.uint16)
EIGHT = [0, 0, 1, 128, 128, 255, 255]  # divided by 257 and rounded


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_sixteen_bit_picture_keeps_its_mid_grey(kind):
    assert open_image(encoded(SIXTEEN, kind))[0, :, 0].tolist() == EIGHT


def test_a_packed_sixteen_bit_tiff_keeps_its_mid_grey():
    assert open_image(encoded(SIXTEEN, "TIFF", compression="tiff_lzw"))[0, :, 0].tolist() == EIGHT


def test_a_big_endian_sixteen_bit_tiff_keeps_its_mid_grey():
    image = Image.frombytes("I;16B", (7, 1), SIXTEEN.astype(">u2").tobytes())
    assert open_image(encoded(image, "TIFF"))[0, :, 0].tolist() == EIGHT


def test_a_sixteen_bit_tiff_whose_zero_is_white_is_turned_over():
    file = tiff(SIXTEEN.tobytes(), width=7, height=1, bits=16, photometric=0)
    assert open_image(file)[0, :, 0].tolist() == [255 - grey for grey in EIGHT]


def test_a_twelve_bit_tiff_reaches_white():
    packed = bytes.fromhex("000800fff000")  # 0, 2048, 4095, 0, twelve bits each
    assert open_image(tiff(packed, width=4, height=1, bits=12))[0, :, 0].tolist() == [0, 128, 255, 0]


def test_a_transparent_grey_of_sixteen_bits_shows_white_paper():
    rows = b"\0" + SIXTEEN.astype(">u2").tobytes()
    file = png(7, 1, png_chunk(b"tRNS", struct.pack(">H", 257)), bits=16, rows=rows)
    assert open_image(file)[0, :, 0].tolist() == [0, 0, 255, 128, 128, 255, 255]


def test_sixteen_bit_colour_keeps_its_mid_tones():
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
    pixel = png_chunk(b"IDAT", zlib.compress(b"\0" + struct.pack(">HHH", 0, 32896, 65535)))
    file = b"\x89PNG\r\n\x1a\n" + header + pixel + png_chunk(b"IEND", b"")
    assert open_image(file).tolist() == [[[0, 128, 255]]]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_camera_may_be_held_in_any_way(kind, orientation):
    """EXIF 2.32 names the sides at which the stored row 0 and column 0 belong."""
    upright = CORNERS
    stored = {  # what a sensor holds that was turned in this way
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright, 1),
        7: np.rot90(upright, 2).swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = open_image(encoded(np.ascontiguousarray(stored), kind, exif=exif))
    assert picture.shape == upright.shape
    assert np.abs(picture.astype(int) - upright).mean() < 12


def test_a_packed_tiff_is_turned_once():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    file = encoded(np.ascontiguousarray(np.rot90(COLOURS)), "TIFF", compression="tiff_lzw", exif=exif)
    assert (open_image(file) == COLOURS).all()


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    assert (open_image(encoded(COLOURS, "PNG", exif=exif)) == COLOURS).all()


@pytest.mark.parametrize(
    "block", [b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"rubbish", b"Exif\0\0", b"\0"]
)
def test_a_broken_exif_block_costs_no_pixel(block):
    file = encoded(COLOURS, "PNG")
    end = 8 + 25  # behind the header chunk
    assert (open_image(file[:end] + png_chunk(b"eXIf", block) + file[end:]) == COLOURS).all()
    jpeg = encoded(CORNERS, "JPEG")
    marker = b"\xff\xe1" + struct.pack(">H", 8 + len(block)) + b"Exif\0\0" + block
    assert open_image(jpeg[:2] + marker + jpeg[2:]).shape == CORNERS.shape


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_of_several_frames_the_first_is_taken(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    options = {"lossless": True} if kind == "WEBP" else {}
    file = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    with Image.open(io.BytesIO(file)) as image:
        assert image.n_frames == 3
    assert (open_image(file) == (255, 0, 0)).all()


def test_of_a_phones_double_picture_the_first_is_taken():
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("white", "black")]
    assert (open_image(encoded(frames[0], "MPO", save_all=True, append_images=frames[1:])) == 255).all()


@pytest.mark.parametrize("kind", data.FORMATS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1)])
def test_the_smallest_and_the_thinnest_pictures_are_pictures(kind, shape):
    assert open_image(encoded(np.full((*shape, 3), 255, np.uint8), kind)).shape == (*shape, 3)


# What is refused, and in which words


@pytest.mark.parametrize("source", [3, None, 1.5, ["a.png"], io.BytesIO(), COLOURS, True])
def test_what_is_neither_path_nor_bytes_is_a_type_error(source):
    with pytest.raises(TypeError, match=f"source is a {type(source).__name__}: must be a path or the bytes"):
        open_image(source)


@pytest.mark.parametrize("name", ["cat.png", "https://example.org/cat.png", "no\0body.png", "x" * 5000, "\udc80.png"])
def test_a_missing_file_is_missed_in_words(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FileNotFoundError, match="no such file; a relative path starts at the notebook's folder"
    ) as error:
        open_image(name)
    assert f"source={name!r}" in str(error.value)


def test_a_folder_is_no_picture(tmp_path):
    with pytest.raises(ImageError, match="not a file but a folder or a device; name the picture file itself"):
        open_image(tmp_path)


def test_an_empty_path_is_no_file():
    with pytest.raises(FileNotFoundError, match="source='': no such file"):
        open_image("")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImageError, match="not a file"):
        open_image(tmp_path / "pipe")


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "empty.png").touch()
    for source in (b"", tmp_path / "empty.png"):
        with pytest.raises(ImageError, match="empty, no picture in it; copy or download it again"):
            open_image(source)


def test_a_file_with_too_many_bytes_is_refused_unread(tmp_path, monkeypatch):
    file = encoded(COLOURS, "BMP")
    (tmp_path / "large.bmp").write_bytes(file)
    monkeypatch.setattr(pictures, "MAX_BYTES", len(file))
    assert (open_image(file) == open_image(tmp_path / "large.bmp")).all()
    monkeypatch.setattr(pictures, "MAX_BYTES", len(file) - 1)
    for source in (file, bytearray(file), memoryview(file), tmp_path / "large.bmp"):
        with pytest.raises(ImageError, match=f"more than {len(file) - 1} bytes; save a smaller copy"):
            open_image(source)


def test_the_last_allowed_pixel_is_allowed(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 35)
    assert open_image(encoded(COLOURS, "PNG")).shape == (5, 7, 3)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 34)
    with pytest.raises(ImageError, match="7 x 5, decoded more than 34 pixels; save a smaller copy and open that"):
        open_image(encoded(COLOURS, "PNG"))


HUGE = {
    "PNG, where Pillow warns": png(10_000, 10_000, rows=b""),
    "PNG, where Pillow raises": png(2**31 - 1, 2**31 - 1, rows=b""),
    "GIF": b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;",
    "BMP": b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 30_000, 30_000, 1, 24, 0, 0, 0, 0, 0, 0),
    "TIFF": tiff(b"\0", width=8_000, height=8_000, bits=8),
    "TIFF of one tile": tiff(b"\0", width=16, height=16, bits=8, tile_width=32768, tile_length=32768, tile_count=1),
}


@pytest.mark.parametrize("file", HUGE.values(), ids=HUGE)
def test_too_many_pixels_are_refused_by_the_header_alone(file, monkeypatch):
    decoded = []
    for reader in (ImageFile.ImageFile, TiffImagePlugin.TiffImageFile):
        monkeypatch.setattr(reader, "load", lambda image: decoded.append(image))
    with pytest.raises(ImageError, match="more than 40,000,000 pixels; save a smaller copy"):
        open_image(file)
    assert not decoded


@pytest.mark.parametrize("file", [png(0, 3), png(3, 0), b"GIF89a\0\0\0\0\0\0\0,\0\0\0\0\0\0\0\0\0\x02\x02D\x01\0;"])
def test_a_picture_without_pixels_is_none(file):
    with pytest.raises(ImageError):
        open_image(file)


@pytest.mark.parametrize(
    "file", [b"hello", b"\0", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNG"]
)
def test_what_is_no_picture_is_told_which_formats_are(file):
    with pytest.raises(
        ImageError, match="not a picture in one of the formats PNG, JPEG, GIF, WEBP, BMP, TIFF.*export it"
    ):
        open_image(file)


@pytest.mark.parametrize("kind", ["PPM", "ICO", "TGA", "EPS", "PCX"])
def test_formats_outside_the_list_are_refused(kind):
    with pytest.raises(ImageError, match="not a picture in one of the formats"):
        open_image(encoded(COLOURS, kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_half_a_file_is_called_cut_short(kind):
    file = encoded(np.tile(COLOURS, (8, 8, 1)), kind)
    with pytest.raises(
        ImageError, match=r"damaged or cut short \(.+\); copy or download it again|damaged in its first bytes"
    ):
        open_image(file[: len(file) // 2])


@pytest.mark.parametrize("mode", ["I", "F", "LAB"])
def test_values_without_a_fixed_white_are_refused_with_advice(mode):
    with pytest.raises(ImageError, match=rf"mode {mode}\) have no fixed black and white; scale them to 0..255"):
        open_image(encoded(Image.new(mode, (4, 4)), "TIFF"))


@pytest.mark.parametrize(
    "chunk",
    [
        png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2**26))),
        png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(2**26))),
        png_chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(2**20 - 9))) * 70,
    ],
    ids=["one text", "colour profile", "many texts"],
)
def test_a_text_that_unpacks_to_megabytes_is_refused(chunk):
    with pytest.raises(ImageError, match="damaged or cut short"):
        open_image(png(3, 3, chunk))


def test_every_refusal_is_a_value_error_that_names_the_source(tmp_path):
    (tmp_path / "letter.png").write_bytes(b"Dear reader")
    with pytest.raises(ValueError, match=r"source='.*letter\.png': "):
        open_image(tmp_path / "letter.png")
    with pytest.raises(ValueError, match=r"source \(11 bytes\): "):
        open_image(b"Dear reader")


def test_the_filters_for_warnings_are_left_as_they_were():
    before = warnings.filters[:]
    open_image(encoded(COLOURS, "PNG"))
    with pytest.raises(ImageError):
        open_image(b"x")
    assert warnings.filters == before


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


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=400))
def test_random_bytes_are_a_picture_or_an_image_error(beginning, rest):
    picture_or_image_error(beginning + rest)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_a_file_cut_anywhere_is_a_picture_or_an_image_error(file, draw):
    picture_or_image_error(file[: draw.draw(st.integers(0, len(file) - 1))])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(FILES), st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_file_with_flipped_bytes_is_a_picture_or_an_image_error(file, changes):
    hostile = bytearray(file)
    for place, value in changes:
        # Half of the changes meet the header, where they do most harm.
        hostile[place % (min(len(file), 120) if place % 2 else len(file))] = value
    picture_or_image_error(hostile)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_a_file_cut_at_each_of_its_first_bytes_is_an_image_error(kind):
    file = encoded(np.tile(COLOURS, (3, 3, 1)), kind)
    for length in range(0, len(file) // 2, 7):
        with pytest.raises(ImageError):
            open_image(file[:length])


# Grey and size


def test_luma_weights_are_those_of_bt_601():
    primaries = np.eye(3, dtype=np.uint8)[None] * 255
    assert to_grey(primaries).tolist() == [[76, 150, 29]]  # 0.299, 0.587, 0.114 of 255


def test_luma_agrees_with_pillow_to_one_level():
    photo = load_photo("coffee")
    assert np.abs(to_grey(photo).astype(int) - np.asarray(Image.fromarray(photo).convert("L"))).max() <= 1


def test_grey_of_grey_channels_is_that_grey():
    ramp = np.arange(256, dtype=np.uint8)[None]
    assert (to_grey(np.repeat(ramp[..., None], 3, 2)) == ramp).all()


def test_a_grey_picture_passes_through():
    assert to_grey(GREYS) is GREYS


def test_grey_leaves_the_colours_as_they_were():
    before = COLOURS.copy()
    assert to_grey(COLOURS).shape == (5, 7)
    assert (before == COLOURS).all()


@pytest.mark.parametrize("function", [to_grey, lambda image: resize(image, 4)], ids=["to_grey", "resize"])
@pytest.mark.parametrize(
    ("image", "error", "words"),
    [
        ([[1, 2]], TypeError, "image is a list: must be a NumPy array"),
        ("cat.png", TypeError, "image is a str"),
        (GREYS / 255, TypeError, "image has dtype float64: must be uint8"),
        (GREYS.astype(int), TypeError, "image has dtype int64|int32: must be uint8"),
        (GREYS > 9, TypeError, "image has dtype bool"),
        (GREYS[0], ValueError, r"image has shape \(7,\): must be \(H, W\) or \(H, W, 3\)"),
        (np.zeros((3, 5, 7), np.uint8), ValueError, r"shape \(3, 5, 7\): must be \(H, W\) or \(H, W, 3\)"),
        (np.zeros((5, 7, 4), np.uint8), ValueError, r"shape \(5, 7, 4\)"),
        (np.zeros((5, 7, 1), np.uint8), ValueError, r"shape \(5, 7, 1\)"),
        (np.zeros((2, 5, 7, 3), np.uint8), ValueError, r"shape \(2, 5, 7, 3\)"),
        (np.zeros((0, 7), np.uint8), ValueError, "must have at least one pixel"),
        (np.zeros((5, 0, 3), np.uint8), ValueError, "must have at least one pixel"),
    ],
)  # fmt: skip
def test_what_is_no_picture_array_is_refused(function, image, error, words):
    with pytest.raises(error, match=words):
        function(image)


sides = st.integers(1, 60)


@settings(max_examples=100, deadline=None)
@given(sides, sides, st.integers(1, 90), st.booleans())
def test_the_longer_side_is_as_asked_and_the_proportions_stay(height, width, longest, colour):
    shape = (height, width, 3) if colour else (height, width)
    image = np.full(shape, 77, np.uint8)
    result = resize(image, longest)
    assert result.dtype == np.uint8 and result.shape[2:] == image.shape[2:]
    assert max(result.shape[:2]) == longest and min(result.shape[:2]) >= 1
    exact = min(height, width) * longest / max(height, width)
    assert abs(min(result.shape[:2]) - max(exact, 1)) <= 0.5
    assert (result == 77).all()  # and a flat picture stays flat


def test_a_thin_picture_keeps_a_side_of_one_pixel():
    assert resize(np.zeros((1000, 3), np.uint8), 10).shape == (10, 1)


def test_a_picture_at_the_asked_size_keeps_every_pixel_in_a_new_array():
    result = resize(COLOURS, 7)
    assert (result == COLOURS).all()
    assert not np.shares_memory(result, COLOURS) and result.flags.writeable


def test_fine_stripes_become_even_grey_and_no_coarse_stripes():
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 32))
    small = resize(stripes, 16)
    assert np.abs(small[:, 1:-1] - 127.5).max() <= 1.5  # the outermost columns see half a window


@pytest.mark.parametrize("longest", [13, 40, 100])
def test_an_edge_gets_no_seams(longest):
    edge = np.full((50, 50), 64, np.uint8)
    edge[:, 25:] = 192
    result = resize(edge, longest)
    assert result.min() == 64 and result.max() == 192
    assert (np.diff(result.astype(int)) >= 0).all()


def test_shrinking_a_photo_keeps_its_mean():
    photo = load_photo("camera")[:, :, 0]
    assert abs(resize(photo, 64).mean() - photo.mean()) < 0.5


@pytest.mark.parametrize("view", [np.s_[::-1], np.s_[:, ::2], np.s_[1:, 2:]])
def test_a_slice_is_resized_like_its_copy(view):
    assert (resize(COLOURS[view], 5) == resize(COLOURS[view].copy(), 5)).all()
    assert (to_grey(COLOURS[view]) == to_grey(COLOURS[view].copy())).all()


def test_numpy_integers_are_integers():
    assert resize(COLOURS, np.int64(14)).shape == (10, 14, 3)


@pytest.mark.parametrize("longest", [1.0, "7", None, True, (5, 7)])
def test_a_side_that_is_no_integer_is_a_type_error(longest):
    with pytest.raises(TypeError, match="longest_side=.*must be an integer"):
        resize(COLOURS, longest)


@pytest.mark.parametrize("longest", [0, -5])
def test_a_side_below_one_is_a_value_error(longest):
    with pytest.raises(ValueError, match=f"longest_side={longest}: must be at least 1"):
        resize(COLOURS, longest)


@pytest.mark.parametrize(
    ("longest", "words"),
    [(100_000, "are more than 40,000,000; ask for a smaller side"), (10**30, "must be at most 9,007,199,254,740,992")],
)
def test_a_result_that_would_fill_the_memory_is_refused(longest, words):
    with pytest.raises(ValueError, match=words):
        resize(COLOURS, longest)


# The square in the middle


@pytest.mark.parametrize(
    ("shape", "top", "left"), [((5, 9, 3), 0, 2), ((9, 5), 2, 0), ((4, 7), 0, 1), ((6, 6, 3), 0, 0)]
)
def test_the_square_in_the_middle_leaves_as_much_on_both_sides(shape, top, left):
    picture = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    side = min(shape[:2])
    square = data.centre_square(picture)
    assert square.shape == (side, side, *shape[2:])
    assert np.array_equal(square, picture[top : top + side, left : left + side])
    assert np.shares_memory(square, picture)


def test_only_a_picture_has_a_square_in_the_middle():
    with pytest.raises(TypeError, match="uint8"):
        data.centre_square(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="at least one pixel"):
        data.centre_square(np.zeros((0, 4), np.uint8))


# Photos for networks


def test_a_crop_is_the_middle_of_the_middle_square():
    photo = np.zeros((256, 300, 3), np.uint8)
    photo[:, :, 0] = np.arange(300) % 256
    assert np.array_equal(data.crop_photo(photo, 224), photo[16:240, 38:262])


def test_a_photo_becomes_numbers_around_zero():
    x = data.photo_as_input(data.load_photo("chelsea"), 227)
    assert x.shape == (1, 3, 227, 227) and x.dtype == np.float32
    pixels = data.crop_photo(data.load_photo("chelsea"), 227)
    for channel, (mean, deviation) in enumerate([(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)]):
        assert np.allclose(x[0, channel] * deviation + mean, pixels[..., channel] / 255, atol=1e-6)


@pytest.mark.parametrize(("photo", "side", "error"), [(np.zeros((9, 9), np.uint8), 224, ValueError), (np.zeros((9, 9, 3)), 224, TypeError),
                                                     (np.zeros((9, 9, 3), np.uint8), 257, ValueError), (np.zeros((9, 9, 3), np.uint8), 0, ValueError),
                                                     (np.zeros((9, 9, 3), np.uint8), 22.4, TypeError)])  # fmt: skip
def test_what_is_no_photo_or_no_side_is_refused(photo, side, error):
    with pytest.raises(error):
        data.photo_as_input(photo, side)
