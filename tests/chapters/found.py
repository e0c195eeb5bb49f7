"""Every chapter, and every exercise and quiz in it, found by walking ``lecture_lib.chapters``."""

import importlib
import pkgutil

import lecture_lib.chapters

CHAPTERS = {
    name: importlib.import_module(f"lecture_lib.chapters.{name}")
    for _, name, _ in pkgutil.iter_modules(lecture_lib.chapters.__path__)
}
HOME = {each.name: name for name, chapter in CHAPTERS.items() for each in chapter.desk.exercises}
"""Exercise → its chapter's name."""
EXERCISES = {each.name: each for chapter in CHAPTERS.values() for each in chapter.desk.exercises}
QUIZZES = {
    f"{name} {section}": quiz for name, chapter in CHAPTERS.items() for section, quiz in chapter.quizzes.QUIZZES.items()
}


def answer_to(quiz):
    """Text of the right option."""
    [right] = [option.text for option in quiz.options if option.right]
    return right


def feedback(quiz, text):
    """What is said to the option that begins with a text."""
    [found] = [option.feedback for option in quiz.options if option.text.startswith(text)]
    return found
