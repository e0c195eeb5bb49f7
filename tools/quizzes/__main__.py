"""Write every quiz and prediction of the lecture into ``build/quizzes/``: ``make quizzes``, or ``python -m tools.quizzes``."""

from pathlib import Path

from ..notebooks import ROOT
from . import anki, gift, qti
from .questions import collections

TARGET = ROOT / "build" / "quizzes"


def main(target: Path = TARGET) -> None:
    """Write a zip of QTI and a file of GIFT for each collection, and one deck of cards; say what is left out."""
    found = list(collections())
    for folder in ("qti", "gift"):
        (target / folder).mkdir(parents=True, exist_ok=True)
    for each in found:
        qti.write(each, target / "qti" / f"{each.name}.zip")
        (target / "gift" / f"{each.name}.txt").write_text(gift.written(each), encoding="utf-8")
    anki.write(found, target / "cnns_1.apkg")
    questions = [question for each in found for question in each.questions]
    print(
        f"{target}: {len(questions)} questions in {len(found)} quizzes; qti/ for Canvas, gift/ for Moodle, cnns_1.apkg for Anki"
    )
    for question in questions:
        if question.places:
            print(f"Only in the cards: {question.title}, whose answer is a place in a picture.")
        elif not qti.can_ask(question):
            print(
                f"Not in qti/: {question.title}, whose answer is smaller than Canvas can hold, {question.number:.2g}."
            )


if __name__ == "__main__":
    main()
