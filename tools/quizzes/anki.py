"""All questions as a deck of Anki. Its ids are the same every time: who imports a newer deck keeps what they have learned."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import ascii_uppercase
from zlib import crc32

import genanki

from .questions import Collection, Question

FIELDS = ("Question", "Options", "Answer", "Why", "From")
FRONT = '<div class="question">{{Question}}</div>{{Options}}'
BACK = '{{FrontSide}}<hr id="answer"><b>{{Answer}}</b><p>{{Why}}</p><div class="from">{{From}}</div>'
CSS = ".card { font-family: sans-serif; font-size: 20px; text-align: left; } .from { font-size: 14px; opacity: 0.7; }"


def _known(name: str) -> int:
    """A number that is the same for a name every time, as Anki wants for its ids."""
    return 2**31 + crc32(name.encode())


def write(collections: Iterable[Collection], path: Path) -> None:
    """Write the deck with a part for each collection."""
    model = genanki.Model(
        _known("CNNs I model"),
        "CNNs I question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Card", "qfmt": FRONT, "afmt": BACK}],
        css=CSS,
    )
    decks = []
    for collection in collections:
        name = f"CNNs I: Architectures::{collection.title.replace(': ', '::')}"
        decks.append(genanki.Deck(_known(collection.name), name))
        for question in collection.questions:
            fields = list(map(_html, _fields(question)))
            decks[-1].add_note(genanki.Note(model, fields, guid=genanki.guid_for("CNNs I", question.key)))
    genanki.Package(decks).write_to_file(path)


def _html(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _fields(question: Question) -> tuple[str, ...]:
    lettered = dict(zip(ascii_uppercase, question.options, strict=False))
    options = "\n".join(f"{letter}. {option.text}" for letter, option in lettered.items())
    why = question.why
    if question.options:
        [(letter, right)] = [each for each in lettered.items() if each[1].right]
        answer = f"{letter}. {right.text}"
        others = [f"Not {at}: {each.feedback}" for at, each in lettered.items() if each.feedback and not each.right]
        why = "\n".join(filter(None, [right.feedback, why, *others]))
    else:
        answer = question.places or f"{question.number:.10g}"
        answer += f" (within {question.margin:.2g})" if question.margin else ""
    return question.text, options, answer, why, question.title
