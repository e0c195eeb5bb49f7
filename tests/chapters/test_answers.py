"""Every answer says the numbers worked out by hand, and stays folded. Those numbers stand beside each chapter's tests."""

import html
import importlib

import pytest

from lecture_lib.practice.hints import Answer
from tests.chapters.found import CHAPTERS

every_answer = pytest.mark.parametrize(
    ("name", "section"), [(name, section) for name, chapter in CHAPTERS.items() for section in chapter.desk.answers]
)


def by_hand(name):
    return importlib.import_module(f"tests.chapters.{name}.test_answers").BY_HAND


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_answer_was_worked_out_by_hand(name):
    assert set(CHAPTERS[name].desk.answers) == set(by_hand(name))


@every_answer
def test_an_answer_says_the_numbers_worked_out_by_hand(name, section):
    text = str(CHAPTERS[name].answer(section))
    for words in by_hand(name)[section]:
        assert words in text


@every_answer
def test_an_answer_stays_folded_until_it_is_opened(name, section):
    folded = CHAPTERS[name].answer(section)
    page = folded._repr_html_()
    assert page.startswith("<details ")
    assert "open" not in page.partition(">")[0]
    assert f"<p>{html.escape(str(folded))}</p>" in page
    assert str(folded) not in repr(folded)


def test_an_answer_is_text_and_never_markup():
    page = Answer('1 < 2 & "<script>"')._repr_html_()
    assert "1 &lt; 2 &amp; &quot;&lt;script&gt;&quot;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("section", ["C3", "C15", "c1", "", None, 1])
def test_an_unknown_section_is_answered_with_the_known_ones(section):
    with pytest.raises(ValueError, match="must be one of .*C1, C2, C4, .*, C14, check") as error:
        CHAPTERS["convolution"].answer(section)
    assert f"section={section!r}" in str(error.value)


def test_no_two_notebooks_answer_a_section_of_the_same_name():
    sections = [section for chapter in CHAPTERS.values() for section in chapter.desk.answers]
    assert len(set(sections)) == len(sections)
