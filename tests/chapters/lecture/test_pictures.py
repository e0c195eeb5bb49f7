"""The pictures of acts 1 and 2: each says what there is to see, and its words are large enough for a slide of 720 pixels."""

import numpy as np
import pytest

from lecture_lib.chapters import lecture
from tests.test_alt_texts import weakness

DIGIT = np.zeros((36, 36), np.uint8)
MAPS = {"edges": np.eye(8), "pooled": np.eye(4)}
PICTURES = {
    "agenda": lambda: lecture.draw_agenda(2),
    "moved": lambda: lecture.draw_moved(DIGIT, range(3)),
    "same": lambda: lecture.draw_same({"photo": np.zeros((3, 8, 8), np.uint8), "bent": np.ones((3, 8, 8), np.uint8)}),
    "twice": lambda: lecture.draw_one_photo_twice(DIGIT, DIGIT),
    "coarser": lambda: lecture.draw_coarser(MAPS),
    "patches": lambda: lecture.draw_patch_rows({name: [DIGIT] * 5 for name in "abc"}),
    "filters": lambda: lecture.draw_filters(np.ones((6, 5, 5))),
    "maps": lambda: lecture.draw_maps(DIGIT, np.ones((6, 28, 28))),
}
SMALLEST = 17.2  # points of a figure of 100 pixels an inch: 24 pixels


def letters(figure):
    """The sizes of all words in a figure, in points."""
    axes = [text for ax in figure.axes for text in (*ax.texts, ax.title) if text.get_text()]
    return [text.get_fontsize() for text in (*figure.texts, *axes)]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_as_wide_as_a_slide_and_its_words_can_be_read_from_the_last_row(name):
    picture = PICTURES[name]()
    assert weakness(picture.alt) == ""
    wide, high = 100 * picture.figure.get_size_inches()
    assert 1160 <= wide <= 1200 and high <= 560
    assert min(letters(picture.figure), default=SMALLEST) >= SMALLEST


@pytest.mark.parametrize("act", [1, 2, 3, 4])
def test_the_agenda_ticks_the_acts_that_are_behind(act):
    ticks = [text for ax in lecture.draw_agenda(act).figure.axes for text in ax.texts if text.get_text() == "✓"]
    assert len(ticks) == act - 1


def test_words_of_a_slide_are_bold_where_they_are_marked_and_no_markup_gets_through():
    assert repr(lecture.Words("**9.7 times** & <b>")) == "**9.7 times** & <b>"
    assert lecture.Words("**9.7 times** & <b>")._repr_html_() == '<p class="said"><b>9.7 times</b> &amp; &lt;b&gt;</p>'
