"""Guesses: the measured answer can be given, is kept, and is in nothing that stands before it."""

import json
import re
import subprocess
import sys

import pytest

from lecture_lib.practice import Choice, Guess, Mark, Number, progress
from lecture_lib.practice.guess import make_guess
from tests.chapters.found import CHAPTERS

SIX = Guess("Twice three balls: how many balls are that?", Number(unit="balls"), lambda: 6, lambda: "3 + 3 = 6.")
EXAMPLES = {"make_guess": lambda: make_guess("T1", SIX)}
GUESSES = [(name, key) for name, chapter in CHAPTERS.items() for key in chapter.desk.guesses]
every_guess = pytest.mark.parametrize(("name", "key"), GUESSES)


def right_answers(explorer):
    """What a student who knows says."""
    return [
        part["measured"][0] if part["kind"] == "mark" else part["measured"] for part in explorer.controls[0]["parts"]
    ]


def say(explorer, said):
    """What a page does on Show."""
    explorer.set_state({"_state": {"guess": {"said": said, "open": True}}})


@every_guess
def test_what_is_measured_can_be_guessed_and_is_kept(name, key):
    desk = CHAPTERS[name].desk
    explorer = desk.guess(key)
    right = right_answers(explorer)
    assert desk.guesses[key].takes(right)
    say(explorer, right)
    assert explorer.problem == ""
    assert json.loads(progress.guesses()[key]) == right
    assert desk.guess(key).state["guess"]["said"] == right  # the next day


def test_options_without_the_measured_one_are_refused():
    with pytest.raises(ValueError, match="measured='green': must be one of the options, red, blue"):
        make_guess("T1", Guess("Which?", Choice(("red", "blue")), lambda: "green", ""))
    with pytest.raises(ValueError, match="must be places in 1 rows of 2"):
        make_guess("T1", Guess("Where?", Mark(((1, 2),)), lambda: (1, 0), ""))
    with pytest.raises(ValueError, match="must lie in the range"):
        make_guess("T1", Guess("How many?", Number(high=3), lambda: 4, ""))
    with pytest.raises(ValueError, match="must be a number"):
        make_guess("T1", Guess("How many?", Number(), lambda: "four", ""))


@every_guess
def test_what_is_written_into_a_notebook_holds_the_question_and_not_the_answer(name, key):
    guess = CHAPTERS[name].desk.guesses[key]
    explorer = CHAPTERS[name].guess(key)
    data, metadata = explorer._repr_mimebundle_()
    written = data["text/plain"] + metadata["image/png"]["alt"]
    assert data["image/png"]
    assert guess.question.replace("**", "") in written
    assert guess.reason() not in written
    for part in explorer.controls[0]["parts"]:
        if part["kind"] == "number" and abs(part["measured"]) > 1000:
            assert f"{part['measured']:,}" not in written


def test_a_guess_may_be_changed_and_the_last_one_counts():
    explorer = make_guess("T1", SIX)
    say(explorer, [5])
    explorer.set_state({"_state": {"guess": None}})
    say(explorer, [6])
    assert progress.guesses() == {"T1": "[6]"}


def test_opening_without_a_guess_keeps_nothing():
    explorer = make_guess("T1", SIX)
    say(explorer, [None])
    assert explorer.state["guess"]["open"]
    assert progress.guesses() == {}
    assert make_guess("T1", SIX).state == {"guess": None}


@pytest.mark.parametrize("kept", ["[7]", "[]", '["six"]', "[[1, 2]]", "[true]", "six", "{}", "[" * 5000])
def test_what_is_kept_and_is_no_guess_is_none(kept):
    progress.note_guess("T1", kept)
    guess = Guess("Twice 3?", Number(high=6), lambda: 6, "")
    assert make_guess("T1", guess).state == {"guess": None}


@pytest.mark.parametrize("sent", [5, {}, {"said": 6}, {"said": [6, 6]}, {"said": ["6"]}, {"said": [True]}])
def test_what_a_page_says_that_is_no_guess_changes_nothing(sent):
    explorer = make_guess("T1", SIX)
    explorer.set_state({"_state": {"guess": sent}})
    assert explorer.state == {"guess": None}
    assert progress.guesses() == {}


def test_progress_counts_guesses_beside_exercises():
    chapter = CHAPTERS["pooling"]
    explorer = chapter.guess("P3")
    count = len(chapter.desk.guesses)
    assert f"Guesses: 0 of {count}." in chapter.progress()
    say(explorer, [4])
    assert f"Guesses: 1 of {count}." in chapter.progress()
    assert chapter.progress().startswith("Solved: 0 of")


def test_two_notebooks_that_write_at_once_lose_nothing(tmp_path):
    code = """
import sys
from lecture_lib.practice.progress import note_guess
for at in range(60):
    assert note_guess(f"{sys.argv[1]}{at}", f"[{at}]") == ""
"""
    writers = [subprocess.Popen([sys.executable, "-c", code, name]) for name in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert progress.guesses() == {f"{name}{at}": f"[{at}]" for name in ("a", "b") for at in range(60)}


def test_a_guess_is_no_solved_exercise_and_an_exercise_no_guess():
    progress.note_guess("pad", "[1]")
    assert progress.read() == (set(), "")
    progress.remember("correlate")
    assert progress.guesses() == {"pad": "[1]"}
    assert progress.read() == ({"correlate"}, "")


def test_guesses_never_fill_the_file_so_that_exercises_have_no_room():
    said = [progress.note_guess("T1", f"[{at}]" + " " * 900) for at in range(60)]
    assert re.search("full of guesses", said[-1])
    assert progress.remember("pad") == ""
    assert "pad" in progress.read()[0]
