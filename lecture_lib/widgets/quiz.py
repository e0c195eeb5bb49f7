"""A question with answers to choose from, and feedback for each of them."""

import html
from string import ascii_uppercase

import ipywidgets

from .. import figures
from ..arguments import checked
from ..practice import Quiz
from .view import Explorer, View


@checked
def ask(quiz: Quiz) -> Explorer:
    """Explorer of one quiz: choose an answer by mouse or keyboard and read why it is right or wrong.

    Args:
        quiz: question, options and feedback, from one of :mod:`lecture_lib.chapters`.
    """
    letters = [f"{letter}. {option.text}" for letter, option in zip(ascii_uppercase, quiz.options, strict=False)]
    choices = ipywidgets.RadioButtons(options=letters, value=None, layout={"width": "auto"})
    verdicts = [("Right. " if option.right else "Not quite. ") + option.feedback for option in quiz.options]
    view = View(readout="choice", texts=verdicts, text="Choose an answer.", height=0)
    question = ipywidgets.HTML(f'<div style="line-height: 1.4"><b>{html.escape(quiz.question)}</b></div>')
    alt = f"Quiz: {quiz.question} " + " ".join(letters)
    explorer = Explorer(view, [question, choices], alt, lambda: figures.draw_question(quiz.question, letters))
    explorer.link(choices, "choice", "index")
    return explorer
