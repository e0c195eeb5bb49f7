"""Digits on photos of paper: dark and light ink, uneven light, noise, any place and size, and what is no digit."""

import numpy as np
import pytest
from scipy import ndimage

from lecture_lib import models
from lecture_lib.data import as_mnist, digits_as_input, draw_strokes, load_digits, load_photo, to_grey
from lecture_lib.data.drawings import PEN, WELL
from lecture_lib.data.ink import CUT, NOTHING, SMALL, read_ink, thinned
from tests.photographed import photographed

NET = models.trained_lenet5()[0]
IMAGES, LABELS = (each[:200] for each in load_digits("test"))


def says(grey, dark=None):
    return int(NET.forward(digits_as_input(as_mnist(read_ink(grey, dark).drawing)[None])).argmax())


@pytest.mark.slow
@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("share", [1 / 2, 1 / 3, 1 / 6])
def test_digits_on_paper_are_read_wherever_they_stand_and_however_the_light_falls(share, dark):
    rng, seen, refused, other = np.random.default_rng(0), [], 0, 0
    for image, label in zip(IMAGES, LABELS, strict=True):
        photo = photographed(image, share, dark, rng)
        try:
            ink = read_ink(photo)
        except ValueError:
            refused += 1
            continue
        other += ink.dark != dark
        seen.append(NET.forward(digits_as_input(as_mnist(ink.drawing)[None])).argmax() == label)
    right = sum(seen) / len(LABELS)
    print(
        f"{share:.2f} of the side, {'dark' if dark else 'light'} ink: {right:.1%} right, {refused} refused, {other} turned wrongly"
    )
    assert right >= 0.95 and refused <= 4 and other == 0


@pytest.mark.parametrize("dark", [True, False])
def test_a_few_digits_are_read_quickly(dark):
    rng = np.random.default_rng(1)
    assert [says(photographed(image, 1 / 3, dark, rng)) for image in IMAGES[:4]] == LABELS[:4].tolist()


def test_a_digit_of_mnist_is_read_as_it_is_and_turned_around():
    for digit, label in zip(IMAGES[:6], LABELS[:6], strict=True):
        assert not read_ink(digit).dark and read_ink(255 - digit).dark
        assert says(digit) == says(255 - digit) == label


def test_a_mirror_of_brightness_gives_the_same_drawing():
    photo = photographed(IMAGES[3], 1 / 2, True, np.random.default_rng(5))
    one, other = read_ink(photo), read_ink(255 - photo)
    assert one.dark and not other.dark
    assert np.mean(one.drawing != other.drawing) < 0.01


@pytest.mark.parametrize("pen", [5, 9, 15, 25])
def test_however_wide_the_pen_the_drawing_has_mnists_lines(pen):
    sheet = 230 - draw_strokes([[(80, 60), (200, 60), (120, 220)]], pen=pen) // 255 * 150
    drawing = read_ink(sheet).drawing
    rows, cols = (np.flatnonzero(drawing.any(axis=axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(cols)) + 1 == pytest.approx(WELL, abs=3)
    widths = 2 * ndimage.distance_transform_edt(drawing)[thinned(drawing > 0)]
    assert np.median(widths) == pytest.approx(PEN, rel=0.15)


def test_where_its_ink_is_in_the_photo_is_kept():
    sheet = np.pad(230 - draw_strokes([[(60, 100), (60, 180)]], pen=9) // 255 * 150, ((0, 0), (0, 280)), mode="edge")
    place = read_ink(sheet).place
    rows, cols = np.nonzero(place > 127)
    assert place.shape == (140, 140)
    assert rows.mean() == pytest.approx(35 + 140 / 4, abs=1) and cols.mean() == pytest.approx(60 / 4, abs=1)


ROWS, COLS = np.mgrid[:480, :640]
NOISE = np.random.default_rng(0)
EMPTY = {
    "white": np.full((480, 640), 230), "black": np.zeros((480, 640)), "one pixel": np.array([[7]]), "a line": np.zeros((1, 300)),
    "noisy paper": 230 + NOISE.normal(0, 6, (480, 640)), "light from a side": 90 + COLS / 6 + NOISE.normal(0, 4, (480, 640)),
    "noise": NOISE.integers(0, 256, (480, 640)), "a shadow's edge": np.where(COLS > 300, 200, 120), "a chessboard": (COLS // 40 + ROWS // 40) % 2 * 255,
    "a blot": np.where((COLS - 300) ** 2 + (ROWS - 200) ** 2 < 6000, 40, 220), "cat": to_grey(load_photo("chelsea")),
    "woman": to_grey(load_photo("astronaut")), "cup": to_grey(load_photo("coffee")), "brick": to_grey(load_photo("brick")),
}  # fmt: skip


@pytest.mark.parametrize("dark", [None, True, False])
@pytest.mark.parametrize("name", EMPTY)
def test_what_holds_no_digit_is_refused_in_words(name, dark):
    with pytest.raises(ValueError) as error:  # noqa: PT011  one of the three texts below
        read_ink(np.clip(EMPTY[name], 0, 255).astype(np.uint8), dark)
    assert str(error.value) in (NOTHING, SMALL, CUT)


def test_what_is_wrong_with_a_photo_is_said():
    paper = np.full((600, 600), 220, np.uint8)
    with pytest.raises(ValueError, match="No digit was found"):
        read_ink(paper)
    small, cut = paper.copy(), paper.copy()
    small[300:350, 300:306] = 40
    with pytest.raises(ValueError, match="too small to be read: go nearer, until it is at least one sixth"):
        read_ink(small)
    cut[400:, 300:330] = 40
    with pytest.raises(ValueError, match="runs out of the picture"):
        read_ink(cut)
