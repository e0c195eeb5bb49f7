"""Every chapter, exercise and quiz, found by walking ``lecture_lib.chapters``, and which chapter an exercise is of."""

import linecache

from tools.make_exercises import CHAPTERS, EXERCISES

__all__ = ["CHAPTERS", "EXERCISES", "HOME", "QUIZZES", "answer_to", "feedback", "written"]

HOME = {each.name: name for name, chapter in CHAPTERS.items() for each in chapter.desk.exercises}
"""Exercise → its chapter's name."""
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


def written(source):
    """What a cell with this source defines; its lines can be looked up, as those of a notebook's cell can."""
    names, file = {}, f"<cell {hash(source)}>"
    linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
    exec(compile(source, file, "exec"), names)  # noqa: S102  it is our own
    return names
