"""Every quiz: one option is right, each has its own words, and the right one cannot be guessed from its place or length."""

import html
import re
from collections import Counter
from pathlib import Path
from string import ascii_uppercase

import pytest

from lecture_lib.practice import Option, Quiz
from tests.chapters.found import CHAPTERS, QUIZZES

every_quiz = pytest.mark.parametrize("quiz", QUIZZES.values(), ids=QUIZZES)


def test_each_notebook_has_three_to_ten_quizzes_and_each_has_a_public_name():
    for chapter in CHAPTERS.values():
        quizzes = chapter.quizzes.QUIZZES
        assert 3 <= len(quizzes) <= 10
        named = {name: value for name, value in vars(chapter).items() if isinstance(value, Quiz)}
        assert sorted(map(id, named.values())) == sorted(map(id, quizzes.values()))
        assert all(re.fullmatch("[A-Z_]+", name) and name in chapter.__all__ for name in named)


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_key_of_each_quiz_is_tried_in_its_chapters_tests(name):
    tried = (Path(__file__).parent / name / "test_quizzes.py").read_text(encoding="utf-8")
    quizzes = CHAPTERS[name].quizzes.QUIZZES.values()
    named = [name for name, value in vars(CHAPTERS[name]).items() if any(value is quiz for quiz in quizzes)]
    assert named and all(f"chapter.{name}" in tried for name in named)


def test_each_section_is_of_its_notebook():
    letters = {
        "motivation": "M",
        "convolution": "C",
        "activations": "A",
        "pooling": "P",
        "equivariance": "E",
        "lenet_alexnet": "N",
    }
    assert all(quiz.split()[1][0] == letters[quiz.split()[0]] for quiz in QUIZZES)


@every_quiz
def test_there_are_four_or_five_options_of_which_one_is_right(quiz):
    assert 4 <= len(quiz.options) <= 5
    assert sum(option.right for option in quiz.options) == 1


@every_quiz
def test_each_option_has_words_and_feedback_of_its_own(quiz):
    assert all(isinstance(option, Option) for option in quiz.options)
    for part in ("text", "feedback"):
        assert len({getattr(option, part) for option in quiz.options}) == len(quiz.options)
    assert all(len(option.feedback.split()) >= 6 for option in quiz.options)


@every_quiz
def test_everything_is_a_sentence_and_nothing_is_markup(quiz):
    assert quiz.question[-1] in "?."
    assert all(option.feedback[-1] in ".?)" and not option.text.endswith(".") for option in quiz.options)
    for words in (quiz.question, *(each for option in quiz.options for each in (option.text, option.feedback))):
        assert html.escape(words, quote=False) == words  # the question is shown as HTML
        assert "$" not in words  # and drawn as a picture, where it would begin a formula


def test_no_letter_is_a_good_guess():
    letters = Counter(
        ascii_uppercase[[option.right for option in quiz.options].index(True)] for quiz in QUIZZES.values()
    )
    assert set(letters) == set("ABCDE")
    assert max(letters.values()) <= len(QUIZZES) / 3
    for chapter in CHAPTERS.values():
        each = chapter.quizzes.QUIZZES
        assert len({[option.right for option in quiz.options].index(True) for quiz in each.values()}) >= 2


def test_the_longest_option_is_not_usually_the_right_one():
    longest = sum(max(quiz.options, key=lambda option: len(option.text)).right for quiz in QUIZZES.values())
    assert longest <= len(QUIZZES) / 2


def test_quizzes_cost_next_to_nothing_to_make():
    """They are made when the module is imported, and nothing is read from a file for them."""
    for chapter in CHAPTERS.values():
        assert not {"load_digits", "load_photo", "trained_lenet5"} & set(vars(chapter.quizzes))
