"""A question with answers to choose from, and feedback for each of them."""

from string import ascii_uppercase
from zlib import crc32

from ..explore import Answers, Explorer, Options, Say, draw_question
from .progress import guesses, note_guess
from .quiz import Quiz


def key(quiz: Quiz) -> str:
    """The name under which the answer to a quiz is kept: short, and the same as long as its question is.

    >>> key(Quiz("1 + 1?", ()))
    '80601eff'
    """
    return f"{crc32(quiz.question.encode()):08x}"


def ask(quiz: Quiz) -> Explorer:
    """Explorer of one quiz: choose an answer by mouse or keyboard and read why it is right or wrong; kept with the progress.

    Args:
        quiz: question, options and feedback, of a chapter's quizzes.
    """
    letters = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, quiz.options, strict=False)]
    verdicts = ["✓ Right. " if option.right else "✗ Not quite. " for option in quiz.options]
    texts = [option.text for option in quiz.options]

    def hear(explorer: Explorer, _) -> None:
        if (chosen := explorer.state["answer"]) is not None:
            explorer.update(problem=note_guess(key(quiz), texts[chosen], "quiz"))

    explorer = Explorer(
        quiz.question, f"Quiz: {quiz.question} " + " ".join(letters),
        indices={"answer": Options(letters, none=True, python="also")},
        controls=[Answers("answer", quiz.question, right=[option.right for option in quiz.options])],
        sentence=[
            Say("Choose an answer.", when={"answer": [None]}), Say(verdicts, at=["answer"], tag="strong"),
            Say([option.feedback for option in quiz.options], at=["answer"]),
        ],
        answer=hear, still=lambda: draw_question(quiz.question, letters),
    )  # fmt: skip
    explorer.keeps = f"quiz {key(quiz)}"
    if (before := guesses("quiz").get(key(quiz))) in texts:
        explorer.update(state={"answer": texts.index(before)})
    return explorer
