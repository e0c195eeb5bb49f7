"""A photo of a digit on paper, opened in the pad: turned around and said so, undone, by hand, or refused in words."""

import io

import numpy as np
import pytest
from PIL import Image

from lecture_lib.chapters.lenet_alexnet.walk.network_walk import network_walk
from lecture_lib.chapters.lenet_alexnet.walk.words import ANYTHING, EMPTY
from lecture_lib.data import load_digits, load_photo, resize
from tests.photographed import photographed

IMAGES, LABELS = load_digits("test")
STROKES = [[[100, 60], [180, 60], [140, 220]]]


def file_of(array, kind="PNG"):
    content = io.BytesIO()
    Image.fromarray(array).save(content, kind)
    return content.getvalue()


def paper(at=0, dark=True):
    return photographed(IMAGES[at], 1 / 2, dark, np.random.default_rng(at))


def said(explorer):
    return "".join(each["text"] for each in explorer.sentence)


@pytest.fixture
def pad():
    explorer = network_walk(digits=3)
    explorer.state = {"digit": None, "strokes": STROKES}
    return explorer


@pytest.mark.parametrize(
    ("dark", "words"), [(True, "Dark ink on light paper: turned around."), (False, "Light ink on dark paper")]
)
def test_a_photo_is_read_and_what_was_taken_for_ink_is_said(pad, dark, words):
    pad.open_picture(file_of(paper(0, dark), "JPEG" if dark else "PNG"), "photo.jpg")
    assert said(pad).startswith(words) and f"It says {LABELS[0]} " in said(pad) and pad.problem == ""
    assert pad.state["photo"] == 1 and pad.state["strokes"] == [] and pad.state["digit"] is None
    assert pad.state["ink"] == (0 if dark else 1) and pad.array("label").tolist() == [-1]
    assert pad.array("opened").shape == (1, 140, 140) and pad._repr_mimebundle_()[0]["image/png"]


def test_dark_ink_on_white_paper_is_never_read_without_a_word(pad):
    for at in range(5):
        pad.open_picture(file_of(255 - IMAGES[at]))
        assert "Dark ink on light paper: turned around. It says " in said(pad)
        assert pad.array("classes").argmax() == LABELS[at]


def test_a_photo_of_fewer_pixels_than_are_read_says_that_it_was_enlarged(pad):
    pad.open_picture(file_of(resize(255 - IMAGES[0], 20)))
    assert said(pad).startswith("Your photo has only 20 × 20 pixels: it was enlarged. Dark ink")
    pad.open_picture(file_of(paper(0)))
    assert "enlarged" not in said(pad)


def test_of_a_photo_it_is_said_that_the_network_has_no_word_for_nothing_and_when_ink_is_faint(pad):
    down, across = np.mgrid[:480, :640]
    ring = abs(np.hypot(across - 320, down - 240) - 90) < 8  # as a cup leaves it
    for depth, faint in ((25, True), (120, False)):
        pad.open_picture(file_of(np.where(ring, 200 - depth, 200).astype(np.uint8)))
        assert ANYTHING in said(pad)
        assert ("grey levels only: is it ink?" in said(pad)) == faint
    pad.state = {"photo": 0, "digit": 0}
    assert ANYTHING not in said(pad)


def test_undo_brings_the_drawing_and_the_photo_before_back(pad):
    drawn, before = said(pad), pad.state
    pad.open_picture(file_of(paper(0)))
    first, opened = said(pad), pad.state
    pad.open_picture(file_of(paper(1, dark=False)))
    pad.state = opened
    assert said(pad) == first
    pad.state = before
    assert said(pad) == drawn and pad.array("opened").shape == (1, 1, 1)
    pad.state = {"strokes": []}
    assert said(pad) == EMPTY


def test_the_switch_says_that_nothing_is_there_the_other_way_round(pad):
    pad.open_picture(file_of(paper(0)))
    read = said(pad)
    pad.state = {"ink": 1}
    assert pad.problem.startswith("As light ink: ") and pad.state["ink"] == 0 and said(pad) == read


@pytest.mark.parametrize("photo", [np.full((300, 400), 230, np.uint8), load_photo("chelsea")])
def test_a_photo_without_a_digit_is_refused_and_the_drawing_stays(pad, photo):
    before, state = said(pad), pad.state
    pad.open_picture(file_of(photo))
    assert pad.problem.startswith(("No digit was found", "The digit is too small", "The ink runs out"))
    assert said(pad) == before and pad.state == state
    pad.state = {"right": 1}
    assert pad.problem == ""


@pytest.mark.parametrize("walked", [{"unit": 3}, {"layer": 1}, {"path": 1}, {"tool": 1}])
def test_that_a_photo_was_refused_is_said_until_one_walks_on(pad, walked):
    before = said(pad)
    pad.open_picture(file_of(np.full((300, 400), 230, np.uint8)))
    assert pad.problem
    pad.state = walked
    assert pad.problem == "" and said(pad) == before


def test_what_is_no_picture_and_a_photo_that_was_not_opened_change_nothing(pad):
    before = said(pad)
    pad.open_picture(b"no picture", "notes.txt")
    assert "notes.txt: not a picture" in pad.problem and said(pad) == before
    pad.state = {"photo": 7}
    assert pad.state["photo"] == 0 and said(pad) == before


def test_strokes_lie_over_the_photo_and_sliders_change_it(pad):
    pad.open_picture(file_of(paper(2)))
    alone = pad.array("seen")
    pad.state = {"right": 3}
    assert not np.array_equal(pad.array("seen"), alone)
    pad.state = {"right": 0, "strokes": [[[10, 10], [270, 10]]]}
    assert not np.array_equal(pad.array("seen"), alone)
