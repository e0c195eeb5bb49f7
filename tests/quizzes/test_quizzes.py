"""Quizzes and predictions for learning platforms and cards: each format read back by a reader that did not write it."""

import re
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from lecture_lib.practice import right, wrong
from tests.chapters.found import CHAPTERS, QUIZZES
from tests.quizzes import gift as gift_reader
from tests.quizzes import qti as qti_reader
from tools.quizzes import anki, gift, qti
from tools.quizzes.__main__ import main
from tools.quizzes.questions import Collection, Question, collections, plain

EVERY = list(collections())
every_collection = pytest.mark.parametrize("collection", EVERY, ids=lambda each: each.name)
SIGNS = r"1 = 1, {a: #b} ~ c \ d < e > & 'f' \"g\" % → \n // $x$ *i* _j_ [k] `l`"
HOSTILE = Collection(
    "hostile", f"All signs: {SIGNS[:9]}", True,
    (
        Question("0", f"T {SIGNS}", f"Q {SIGNS}", (wrong(f"W {SIGNS}", f"F {SIGNS}"), right(SIGNS, ""), wrong("-", SIGNS))),
        Question("1", "n", "?", number=-0.25, margin=0.0125, why=SIGNS),
    ),
)  # fmt: skip


def asked(collection):
    return [each for each in collection.questions if not each.places]


def one_line(text):
    return " ".join(text.split())


def test_every_quiz_and_every_prediction_of_every_chapter_is_there_once():
    keys = [question.key for each in EVERY for question in each.questions]
    assert len(set(keys)) == len(keys)
    quizzes = [question for each in EVERY if each.counted for question in each.questions]
    assert sorted(each.text for each in quizzes) == sorted(plain(quiz.question) for quiz in QUIZZES.values())
    guesses = [guess for chapter in CHAPTERS.values() for guess in chapter.desk.guesses.values()]
    predicted = [question for each in EVERY if not each.counted for question in each.questions]
    assert len(predicted) == sum(len(guess.kinds) for guess in guesses)
    for guess in guesses:
        assert sum(each.text.startswith(plain(guess.question)) for each in predicted) >= len(guess.kinds)


def test_the_text_is_plain_and_has_no_marks_of_markdown_or_tex():
    texts = [
        text
        for each in EVERY
        for question in each.questions
        for text in (question.text, question.why, *(word for o in question.options for word in (o.text, o.feedback)))
    ]
    assert not [text for text in texts if re.search(r"\*\*|`|\$|\\[a-z]|\n", text)]


# GIFT


@pytest.mark.parametrize("collection", [*EVERY, HOSTILE], ids=lambda each: each.name)
def test_a_reader_of_gift_finds_the_same_questions_answers_and_feedback(collection):
    written = gift.written(collection)
    assert len(gift_reader.categories(written)) == 1
    found = gift_reader.read(written)
    assert [each["title"] for each in found] == [each.title for each in asked(collection)]
    for read, question in zip(found, asked(collection), strict=True):
        assert (read["text"], read["general"], read["format"]) == (question.text, question.why, "plain")
        if question.options:
            assert read["answers"] == [(100.0 * each.right, each.text, each.feedback) for each in question.options]
        else:
            assert read["number"] == pytest.approx(question.number, rel=1e-9)
            assert read["margin"] == pytest.approx(question.margin, rel=1e-3)


# QTI


def as_text2qti(collection):
    """The collection in the words of text2qti, with its marks of Markdown escaped."""

    def safe(text):
        return re.sub(r"([\\`*_{}\[\]()#+\-.!<>&$~|'\"])", r"\\\1", text).replace(r"\<", "&lt;").replace(r"\>", "&gt;").replace(r"\&", "&amp;")  # fmt: skip

    lines = ["Quiz title: title", ""]
    for number, question in enumerate(filter(qti.can_ask, collection.questions), 1):
        lines += [f"Title: {safe(question.title)}", f"{number}.  {safe(question.text)}"]
        lines += [f"... {safe(question.why)}"] * bool(question.why)
        for letter, option in zip("abcdefghijklmn", question.options, strict=False):
            lines += [f"{'*' * option.right}{letter})  {safe(option.text)}"]
            lines += [f"...  {safe(option.feedback)}"] * bool(option.feedback)
        if question.number is not None:
            low, high = question.number - question.margin, question.number + question.margin
            lines += [f"=  [{low:.12f}, {high:.12f}]" if question.margin else f"=  {question.number:.0f}"]
        lines += [""]
    return "\n".join(lines)


@every_collection
def test_the_zip_asks_and_answers_what_text2qti_makes_of_the_same_questions(collection, tmp_path):
    """Except for answers of 0, which text2qti does not take: both are told 1."""
    collection = replace(
        collection, questions=tuple(replace(q, number=1.0) if q.number == 0 else q for q in collection.questions)
    )
    source = tmp_path / "theirs.txt"
    source.write_text(as_text2qti(collection), encoding="utf-8")
    command = [sys.executable, "-c", "from text2qti.cmdline import main; main()", source.name]
    done = subprocess.run(command, cwd=tmp_path, env={"HOME": str(tmp_path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout
    qti.write(collection, tmp_path / "ours.zip")
    ours, theirs = (qti_reader.read(tmp_path / f"{name}.zip") for name in ("ours", "theirs"))
    for mine, other in zip(ours, theirs, strict=True):
        other["title"] = re.sub(r"\\(.)", r"\1", other["title"])  # a title is no Markdown to text2qti
        for bound in ("low", "high"):
            assert mine.pop(bound, 0) == pytest.approx(other.pop(bound, 0), abs=1e-4)  # text2qti writes four decimals
        assert mine == other


@pytest.mark.parametrize("collection", [*EVERY, HOSTILE], ids=lambda each: each.name)
def test_a_reader_of_qti_finds_the_same_questions_answers_and_feedback(collection, tmp_path):
    qti.write(collection, tmp_path / "it.zip")
    for read, question in zip(
        qti_reader.read(tmp_path / "it.zip"), filter(qti.can_ask, collection.questions), strict=True
    ):
        assert (read["title"], read["text"], read["general"]) == tuple(
            map(one_line, (question.title, question.text, question.why))
        )
        if question.options:
            assert read["answers"] == [(o.right, one_line(o.text), one_line(o.feedback)) for o in question.options]
        else:
            assert read["low"] <= question.number <= read["high"]
            assert read["high"] - read["low"] == pytest.approx(2 * question.margin, rel=1e-6)


# Anki


def notes(path, tmp_path):
    """Guid → fields, deck and the note's kind, as SQLite finds them in a deck's file."""
    with zipfile.ZipFile(path) as archive:
        archive.extract("collection.anki2", tmp_path)
    database = sqlite3.connect(tmp_path / "collection.anki2")
    rows = database.execute("select guid, flds, did, mid from notes join cards on cards.nid = notes.id").fetchall()
    database.close()
    return {guid: (fields.split("\x1f"), deck, kind) for guid, fields, deck, kind in rows}


def test_each_question_is_a_card_that_holds_its_answer_and_every_feedback(tmp_path):
    anki.write(EVERY, tmp_path / "deck.apkg")
    found = notes(tmp_path / "deck.apkg", tmp_path)
    questions = [question for each in EVERY for question in each.questions]
    assert len(found) == len(questions)
    assert len({deck for _, deck, _ in found.values()}) == len(EVERY)
    cards = {(fields[4], fields[0]): fields for fields, _, _ in found.values()}
    for question in questions:
        fields = cards[anki._html(question.title), anki._html(question.text)]
        for option in question.options:
            assert anki._html(option.text) in fields[1]
            assert anki._html(option.feedback) in fields[3]
            assert (anki._html(option.text) == fields[2].partition(". ")[2]) == option.right
        if question.number is not None:
            assert float(fields[2].partition(" ")[0]) == pytest.approx(question.number)
        assert question.places in fields[2]


def test_a_deck_made_again_from_other_words_updates_the_same_cards(tmp_path):
    changed = [
        replace(each, questions=tuple(replace(question, text="new words") for question in each.questions))
        for each in EVERY
    ]
    made = []
    for at, collection in enumerate((EVERY, changed)):
        anki.write(collection, tmp_path / f"{at}.apkg")
        made.append(notes(tmp_path / f"{at}.apkg", tmp_path))
    assert {guid: (deck, kind) for guid, (_, deck, kind) in made[0].items()} == {
        guid: (deck, kind) for guid, (_, deck, kind) in made[1].items()
    }
    assert all(fields[0] == "new words" for fields, _, _ in made[1].values())


def test_no_sign_in_a_question_becomes_a_tag_of_a_card(tmp_path):
    anki.write([replace(HOSTILE, title="hostile")], tmp_path / "deck.apkg")
    for fields, _, _ in notes(tmp_path / "deck.apkg", tmp_path).values():
        assert not [tag for field in fields for tag in re.findall(r"<[^>]*>", field) if tag != "<br>"]


# All of it


def test_the_command_writes_all_three_and_says_what_is_only_in_the_cards(tmp_path, capsys):
    main(tmp_path)
    names = {each.name for each in EVERY}
    assert {path.stem for path in (tmp_path / "qti").glob("*.zip")} == names
    assert {path.stem for path in (tmp_path / "gift").glob("*.txt")} == names
    assert (tmp_path / "cnns_1.apkg").exists()
    said = capsys.readouterr().out
    for collection in EVERY:
        for question in collection.questions:
            assert (f"Only in the cards: {question.title}, whose" in said) == bool(question.places)
            left_out = not question.places and not qti.can_ask(question)
            assert (f"Not in qti/: {question.title}, whose" in said) == left_out
    assert "Only in" in said and "Not in" in said


def test_a_quiz_with_two_right_answers_is_an_error_in_words(monkeypatch):
    quizzes = next(iter(CHAPTERS.values())).quizzes.QUIZZES
    section = next(iter(quizzes))
    both = tuple(replace(option, right=True) for option in quizzes[section].options)
    monkeypatch.setitem(quizzes, section, replace(quizzes[section], options=both))
    with pytest.raises(ValueError, match="must have one right answer"):
        list(collections())
