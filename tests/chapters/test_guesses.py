"""What is said after every guess says the numbers worked out by hand. Those numbers stand beside each chapter's tests."""

import importlib

import pytest

from tests.chapters.found import CHAPTERS

every_guess = pytest.mark.parametrize(
    ("name", "section"), [(name, section) for name, chapter in CHAPTERS.items() for section in chapter.desk.guesses]
)


def by_hand(name):
    return importlib.import_module(f"tests.chapters.{name}.test_guesses").BY_HAND


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_said_after_every_guess_was_worked_out_by_hand(name):
    assert set(CHAPTERS[name].desk.guesses) == set(by_hand(name))


@every_guess
def test_after_a_guess_the_numbers_worked_out_by_hand_are_said(name, section):
    explorer = CHAPTERS[name].guess(section)
    for words in by_hand(name)[section]:
        assert words in explorer.controls[0]["why"]


@pytest.mark.parametrize("section", ["C3", "C15", "c1", "", None, 1])
def test_an_unknown_section_is_answered_with_the_known_ones(section):
    with pytest.raises(ValueError, match="must be one of .*C1, C2, C4, .*, C14, check") as error:
        CHAPTERS["convolution"].guess(section)
    assert f"section={section!r}" in str(error.value)


def test_no_two_notebooks_ask_for_a_guess_of_the_same_name():
    sections = [section for chapter in CHAPTERS.values() for section in chapter.desk.guesses]
    assert len(set(sections)) == len(sections)
