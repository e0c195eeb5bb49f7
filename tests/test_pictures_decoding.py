"""Pictures: decoding."""

import io
import os
import struct
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, TiffImagePlugin

from lecture_lib import data
from lecture_lib.data import ImageError, open_image, pictures
from tests.pictures_cases import (
    BEGINNINGS,
    COLOURS,
    CORNERS,
    FILES,
    HUGE,
    ORIENTATION,
    SIXTEEN,
    encoded,
    picture_or_image_error,
    png,
    png_chunk,
    tiff,
)


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


def test_a_small_file_takes_room_for_itself_and_not_for_the_largest_that_is_allowed(tmp_path):
    (tmp_path / "small.png").write_bytes(encoded(COLOURS, "PNG"))
    open_image(tmp_path / "small.png")  # what is loaded once is not meant
    tracemalloc.start()
    try:
        open_image(tmp_path / "small.png")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1e6


def test_the_last_allowed_pixel_is_allowed(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 35)
    assert open_image(encoded(COLOURS, "PNG")).shape == (5, 7, 3)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 34)
    with pytest.raises(ImageError, match="7 x 5, decoded more than 34 pixels; save a smaller copy and open that"):
        open_image(encoded(COLOURS, "PNG"))


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


@pytest.mark.parametrize("kind", ["ICO", "TGA", "EPS", "PCX"])
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
