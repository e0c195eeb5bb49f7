"""Quizzes as explorers: every answer has its feedback."""

from lecture_lib.chapters import convolution
from lecture_lib.practice import ask

EXAMPLES = {"ask": lambda: ask(convolution.BOX_BLUR)}


def test_every_answer_has_its_verdict_and_feedback():
    first, verdicts = ask(convolution.BOX_BLUR).sentence
    assert (first["text"], first["when"]) == ("Choose an answer.", {"answer": [None]})
    assert verdicts["at"] == ["answer"]
    for words, option in zip(verdicts["text"], convolution.BOX_BLUR.options, strict=True):
        assert words == ("Right. " if option.right else "Not quite. ") + option.feedback


def test_a_quiz_lives_without_python():
    quiz = ask(convolution.BOX_BLUR)
    assert quiz.moves and quiz.needs_python == ()
