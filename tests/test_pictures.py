"""The shipped photos, and what becomes of a picture that somebody brings along."""

import hashlib
import os
import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lecture_lib import data
from lecture_lib.data import load_photo, open_image, pictures
from tests.pictures_cases import (
    COLOURS,
    EIGHT,
    GREYS,
    ROOT,
    SIXTEEN,
    encoded,
    tiff,
)

# Photos


def test_every_photo_is_the_file_its_credit_describes():
    for credit in data.credits():
        content = (ROOT / "images" / credit.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == credit.sha256


def test_every_photo_has_an_author_a_source_and_a_free_licence():
    for credit in data.credits():
        assert credit.title and credit.author and credit.source
        assert credit.licence in ("public domain", "CC0", "CC BY 2.0")


def test_the_photos_are_the_six_of_the_lecture_and_small_ones_beside_them():
    every = data.photo_names(more=True)
    assert sorted(data.photo_names()) == ["astronaut", "brick", "camera", "chelsea", "coffee", "rocket"]
    assert every[:6] == data.photo_names() and len(set(every)) == len(every) == 23
    folder = ROOT / "images" / "more"
    assert {each.stem for each in folder.iterdir()} == set(every[6:])
    assert sum(each.stat().st_size for each in folder.iterdir()) < 500_000


@pytest.mark.parametrize("name", data.photo_names(more=True)[6:])
def test_a_photo_that_was_made_smaller_says_of_which_file_and_from_what(name):
    (credit,) = (each for each in data.credits() if Path(each.file).stem == name)
    assert min(load_photo(name).shape[:2]) <= 288
    assert re.fullmatch(
        r"as distributed with [\w-]+ [\d.]+, [\w/.-]+, (scaled from \d+x\d+|saved as JPEG)", credit.source
    )


@pytest.mark.parametrize("name", data.photo_names(more=True))
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
