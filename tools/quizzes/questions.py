"""Every question of the lecture in one form, from the declarations that the notebooks use."""

from collections.abc import Iterator
from dataclasses import dataclass

from lecture_lib.practice import Choice, Guess, Mark, Number, Option, Quiz

from ..make_exercises import CHAPTERS
from ..notebooks import NOTEBOOKS

MARGIN = 0.05
"""Share by which a number may be off where the notebook gives none, unless it is a count: that is exact."""
ABOUT = (
    "Where a question speaks of a picture, it is the one in the notebook and section of its title. "
    "Formulas are written as plain text."
)


@dataclass(frozen=True)
class Question:
    """A question with one answer: one of its options, a number, or places in a small picture."""

    key: str
    """The same as long as it stands where it stands, whatever its words are."""
    title: str
    text: str
    options: tuple[Option, ...] = ()
    number: float | None = None
    margin: float = 0.0
    """By how much a number may be off."""
    places: str = ""
    """Right places of a picture, in words; no learning platform's plain question can ask for them."""
    why: str = ""
    """What is said after any answer."""


@dataclass(frozen=True)
class Collection:
    """The quizzes, or the predictions, of one notebook."""

    name: str
    """For a file, such as ``02_convolution_quizzes``."""
    title: str
    counted: bool
    """Whether it is a quiz; nobody marks a prediction."""
    questions: tuple[Question, ...]


def plain(text: str) -> str:
    """Text without the marks for bold and code, on one line.

    >>> plain("the **distance** of `x`")
    'the distance of x'
    """
    return " ".join(text.replace("**", "").replace("`", "").split())


def collections() -> Iterator[Collection]:
    """All collections, in the order of the notebooks."""
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        number, _, name = path.stem.partition("_")
        if name not in CHAPTERS:
            continue
        desk, called = CHAPTERS[name].desk, f"{number} {name.replace('_', ' ')}"
        quizzes = tuple(
            _quiz(f"{path.stem} quiz {section}", f"{called}, {section}", quiz) for section, quiz in desk.quizzes.items()
        )
        guesses = tuple(
            question
            for section, guess in desk.guesses.items()
            for question in _guess(f"{path.stem} guess {section}", f"{called}, {section}", guess)
        )
        yield Collection(f"{path.stem}_quizzes", f"{called}: quizzes", True, quizzes)
        yield Collection(f"{path.stem}_predictions", f"{called}: predictions", False, guesses)


def _quiz(key: str, title: str, quiz: Quiz) -> Question:
    if sum(option.right for option in quiz.options) != 1:
        raise ValueError(f"{title}: a quiz must have one right answer here")
    options = tuple(Option(plain(each.text), each.right, plain(each.feedback)) for each in quiz.options)
    return Question(key, title, plain(quiz.question), options)


def _guess(key: str, title: str, guess: Guess) -> Iterator[Question]:
    """A question for each part of a guess."""
    why, parts = plain(guess.reason()), guess.parts()
    for at, (kind, part) in enumerate(zip(guess.kinds, parts, strict=True)):
        asked, measured = _asked(kind, alone=len(parts) == 1), part["measured"]
        known = {"key": f"{key} {at}", "title": title + f", part {at + 1}" * (len(parts) > 1), "why": why}
        text = plain(guess.question) + (f" Asked here: {asked}." if asked else "")
        match kind:
            case Choice():
                options = (Option(plain(each), place == measured, "") for place, each in enumerate(kind.options))
                yield Question(text=text, options=tuple(options), **known)
            case Number():
                number = float(f"{measured:.10g}")  # no 100.00000000000001
                yield Question(text=text, number=number, margin=_margin(kind, number), **known)
            case Mark():
                rows = "; ".join(" ".join(map(str, row)) for row in kind.cells)
                right = "; ".join(f"row {row + 1}, column {col + 1}" for row, col in measured)
                yield Question(text=f"{text} The picture, row by row: {rows}.", places=right, **known)


def _asked(kind: Choice | Number | Mark, alone: bool) -> str:
    unit = getattr(kind, "unit", "")
    if alone and not kind.label and not unit:
        return ""
    counted = unit.endswith("s") and unit != "times"
    return plain(
        f"{kind.label or 'the number'}{f' of {unit}' if counted and not kind.label else f', in {unit}' if unit else ''}"
    )


def _margin(kind: Number, number: float) -> float:
    counted = number.is_integer() and kind.unit != "%"
    return (kind.near or (0.0 if counted else MARGIN)) * abs(number)
