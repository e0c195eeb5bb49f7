"""A quiz for a room: hands, or votes from phones, are counted for each answer, then shown as bars, then the right answer."""

from string import ascii_uppercase

from ..explore import Answers, Explorer, Free, Options, Toggle, draw_question
from .quiz import Quiz

MOST = 999
"""Hands, or phones, for one answer."""


def vote(quiz: Quiz) -> Explorer:
    """Explorer of one quiz whose hands are counted by + and −, or typed. On stage (tools/stage) phones may vote, too.

    On a deck the first press shows the counts as bars, the second the right answer with a reply to each.

    Args:
        quiz: question, options and feedback, of a chapter's quizzes.

    >>> from .quiz import right, wrong
    >>> vote(Quiz("1 + 1?", (wrong("1", "More."), right("2", "Yes.")))).presses[2]["state"]
    {'answer': 1}
    """
    letters = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, quiz.options, strict=False)]
    rights = [option.right for option in quiz.options]

    def check(counts: object) -> str:
        fits = isinstance(counts, list) and len(counts) == len(rights)
        right = fits and all(type(each) is int and 0 <= each <= MOST for each in counts)
        return "" if right else f"must be a list of {len(rights)} numbers from 0 to {MOST}"

    explorer = Explorer(
        quiz.question, f"Poll: {quiz.question} " + " ".join(letters),
        indices={
            "answer": Options(letters, none=True), "counts": Free([0] * len(rights), python=False, check=check),
            "phones": Free([0] * len(rights), python=False, check=check),
            "counted": Options([False, True], labels=["hidden", "shown"]),
        },
        controls=[
            Answers("answer", quiz.question, right=rights, hands=("counts", "phones", "counted"), replies=[each.feedback for each in quiz.options]),
            Toggle("counted", "Counts", "shows the counts of all answers as bars"),
        ],
        still=lambda: draw_question(quiz.question, letters),
    )  # fmt: skip
    return explorer.scripted({"counted": True}, {"answer": letters[rights.index(True)]})
