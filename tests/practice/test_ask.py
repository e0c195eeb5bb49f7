"""Quizzes as explorers: every answer has its feedback."""

from lecture_lib.chapters import convolution
from lecture_lib.practice import ask, progress
from lecture_lib.practice.ask import key

EXAMPLES = {"ask": lambda: ask(convolution.BOX_BLUR)}


def test_every_answer_has_its_verdict_and_feedback():
    first, signs, verdicts = ask(convolution.BOX_BLUR).sentence
    assert (first["text"], first["when"]) == ("Choose an answer.", {"answer": [None]})
    assert signs["at"] == verdicts["at"] == ["answer"]
    for sign, words, option in zip(signs["text"], verdicts["text"], convolution.BOX_BLUR.options, strict=True):
        assert sign + words == ("✓ Right. " if option.right else "✗ Not quite. ") + option.feedback


def test_a_quiz_lives_without_python():
    quiz = ask(convolution.BOX_BLUR)
    assert quiz.moves and quiz.needs_python == ()


def test_an_answer_is_there_again_the_next_day_and_the_last_one_counts():
    for chosen in (0, 1):
        ask(convolution.BOX_BLUR).set_state({"_state": {"answer": chosen}})
        assert ask(convolution.BOX_BLUR).state == {"answer": chosen}
        assert ask(convolution.TURNED_KERNEL).state == {"answer": None}
        assert f"Quizzes right: {chosen} of {len(convolution.QUIZZES)}." in convolution.progress()
    assert progress.read() == (set(), "")  # a quiz is no exercise


def test_an_answer_that_a_quiz_has_no_more_is_none():
    progress.note_guess(key(convolution.BOX_BLUR), "Bake a cake", "quiz")
    assert ask(convolution.BOX_BLUR).state == {"answer": None}
