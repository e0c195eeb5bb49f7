"""A question with answers to choose from, and feedback for each of them."""

from string import ascii_uppercase

from ..explore import Answers, Explorer, Options, Say, draw_question
from .quiz import Quiz


def ask(quiz: Quiz) -> Explorer:
    """Explorer of one quiz: choose an answer by mouse or keyboard and read why it is right or wrong.

    Args:
        quiz: question, options and feedback, of a chapter's quizzes.
    """
    letters = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, quiz.options, strict=False)]
    verdicts = [("Right. " if option.right else "Not quite. ") + option.feedback for option in quiz.options]
    return Explorer(
        quiz.question, f"Quiz: {quiz.question} " + " ".join(letters),
        indices={"answer": Options(letters, none=True)}, controls=[Answers("answer", quiz.question)],
        sentence=[Say("Choose an answer.", when={"answer": [None]}), Say(verdicts, at=["answer"])],
        still=lambda: draw_question(quiz.question, letters),
    )  # fmt: skip
