"""Marks without nbgrader: right is right, wrong is wrong, and hostile code costs its own marks and nothing else."""

import csv
import sys
from pathlib import Path

import nbformat
import pytest

from tests.grade.submissions import HOSTILE, RIGHT, hostile, notebook
from tools.grade import marks, report, walls
from tools.grade import room as rooms
from tools.grade.many import graded
from tools.grade.marks import HIDDEN, SHOWN, grade
from tools.grade.room import Room
from tools.grade.submission import UnreadableError, found_in, read
from tools.make_exercises import CHAPTERS, EXERCISES, for_instructors
from tools.notebooks import NOTEBOOKS, ROOT
from tools.students_copy import copy_library

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or bool(walls.missing()), reason="Linux with Landlock and libseccomp only"
    ),
]
ALL = SHOWN + HIDDEN


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    copy_library(library, CHAPTERS.values(), results=False)
    room = Room(library)
    yield room
    room.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(rooms, "LOADING", 5.0)
    monkeypatch.setattr(marks, "EXERCISE", 8.0)


def points(result):
    return {mark.exercise: mark.points for mark in result.marks}


@pytest.fixture
def graded_one(room, tmp_path):
    """A function: the marks of a notebook."""

    def one(made):
        nbformat.write(made, tmp_path / "it.ipynb")
        return grade("ada", tmp_path / "it.ipynb", room, seed=7)

    return one


# What is right, what is wrong


@pytest.mark.parametrize(
    "name", [f"{path.stem}" for path in sorted(NOTEBOOKS.glob("0*.ipynb")) if path.stem[3:] in CHAPTERS]
)
def test_the_instructors_copy_of_every_notebook_has_full_marks(name, graded_one):
    result = graded_one(for_instructors(nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)))
    assert result.chapter == name[3:]
    assert points(result) == {each.name: ALL for each in CHAPTERS[name[3:]].desk.exercises}, result


def test_the_notebook_as_it_was_handed_out_has_no_marks(graded_one):
    result = graded_one(notebook())
    assert set(points(result).values()) == {0}
    assert all("not written yet" in mark.shown for mark in result.marks)


def test_a_wrong_answer_hears_the_words_of_the_check(graded_one):
    result = graded_one(notebook(**RIGHT | {"pool_size": "def pool_size(n, f, s):\n    return n // s"}))
    assert points(result) == dict.fromkeys(RIGHT, ALL) | {"pool_size": 0}
    assert "Likely: the map is divided by the stride." in result.marks[0].shown
    assert "Tried: n = " in result.marks[0].hidden


def test_answers_learned_by_heart_are_worth_the_shown_cases_alone(graded_one):
    known = {case: EXERCISES["pool_size"].solution(*case) for case in EXERCISES["pool_size"].cases}
    result = graded_one(
        notebook(**RIGHT | {"pool_size": f"def pool_size(n, f, s):\n    return {known}.get((n, f, s), 0)"})
    )
    assert points(result)["pool_size"] == SHOWN


def test_helpers_in_other_cells_imports_and_what_the_lecture_defines_can_be_used(graded_one):
    made = notebook(
        pool_size="def pool_size(n, f, s):\n    return count_windows(n, f, s)",  # the lecture's own, further above
        max_pool="def max_pool(x, f, s):\n    return np.array(strided(x, f, s).max(axis=(2, 3)))",
    )
    at = next(place for place, cell in enumerate(made.cells) if cell.source.endswith("check(pool_size)"))
    helper = "%matplotlib inline\nfrom numpy.lib.stride_tricks import sliding_window_view as view\nstrided = lambda x, f, s: view(x, (f, f))[::s, ::s]"
    made.cells.insert(at, nbformat.v4.new_code_cell(helper))
    assert points(graded_one(made)) == dict.fromkeys(RIGHT, 0) | {"pool_size": ALL, "max_pool": ALL}


# What is hostile


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_code_costs_the_marks_of_its_exercise_and_nothing_else(name, graded_one, tmp_path):
    (tmp_path / "others").mkdir()
    nbformat.write(notebook(), tmp_path / "others" / "bob.ipynb")
    before = sorted(tmp_path.rglob("*"))
    result = graded_one(hostile(HOSTILE[name], tmp_path / "others"))
    assert points(result) == dict.fromkeys(RIGHT, ALL) | {"pool_size": 0}, result.marks[0]
    assert len(result.marks[0].shown) < 5000
    assert sorted(tmp_path.rglob("*")) == sorted([*before, tmp_path / "it.ipynb"])


@pytest.mark.parametrize(
    "name",
    ["forks", "starts a shell", "opens a socket", "kills who started it", "writes a file", "removes the folder",
     "reads a neighbour's notebook", "reads the solutions", "watches other processes"],
)  # fmt: skip
def test_what_leaves_the_room_is_refused_by_the_system(name, graded_one, tmp_path):
    nbformat.write(notebook(), tmp_path / "bob.ipynb")
    result = graded_one(hostile(HOSTILE[name], tmp_path))
    assert "PermissionError" in result.marks[0].shown


def test_nothing_of_a_hostile_notebook_is_left_in_the_room_for_the_next(graded_one, tmp_path):
    graded_one(hostile(HOSTILE["patches the checker"], tmp_path))
    graded_one(hostile(HOSTILE["breaks what all use"], tmp_path))
    again = graded_one(notebook(**RIGHT | {"pool_size": "def pool_size(n, f, s):\n    return 1"}))
    assert points(again) == dict.fromkeys(RIGHT, ALL) | {"pool_size": 0}


def test_a_child_knows_no_result_and_no_hidden_case_before_it_is_tried(room):
    source = "import json, gzip, pathlib, lecture_lib\nheld = [json.loads(gzip.decompress(p.read_bytes())) for p in pathlib.Path(lecture_lib.__file__).parent.rglob('*.gz')]\npool_size = str([(e['cases'], e['results'], e['mistakes']) for part in held for e in part])"
    visit = room.enter("pooling", [(source, True)], "pool_size", float("inf"), [])
    visit.leave()
    assert visit.found == "other"
    assert set(visit.what.removeprefix("text, ").strip("'\"[").split("), (")[1:3]) == {"{'list': []}, [], []"}


# Files


BROKEN = {
    "empty": b"", "not text": bytes(range(256)) * 10, "half of a notebook": b'{"cells": [{"cell_type": "code", "source": ["def',
    "a list": b"[]", "a number": b"1", "cells that are none": b'{"cells": [1, null]}', "no cells": b'{"cells": []}',
    "deep": b"[" * 200_000, "another lecture": b'{"cells": [{"cell_type": "code", "source": "def hello(): pass"}]}',
    "source that is none": b'{"cells": [{"cell_type": "code", "source": 7}]}',
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_an_error_in_words(name, tmp_path, room):
    (tmp_path / "it.ipynb").write_bytes(BROKEN[name])
    with pytest.raises(UnreadableError):
        read(tmp_path / "it.ipynb")
    result = grade("ada", tmp_path / "it.ipynb", room, seed=7)
    assert (result.points, result.marks) == (0, ())
    assert result.problem.endswith(".")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Notebooks as a learning platform gives them out: files, folders, a broken one, hostile ones, odd names."""
    folder = tmp_path_factory.mktemp("handed in")
    right, wrong = notebook(**RIGHT), notebook(**RIGHT | {"max_pool": "def max_pool(x, f, s):\n    return x"})
    for name, made in {"ada.ipynb": right, "bob/04_pooling.ipynb": wrong, "=1+1 <b>.ipynb": wrong, "eve.ipynb": hostile(HOSTILE["exits at once"], folder)}.items():  # fmt: skip
        (folder / name).parent.mkdir(exist_ok=True)
        nbformat.write(made, folder / name)
    (folder / "dan.ipynb").write_bytes(BROKEN["half of a notebook"])
    (folder / ".ipynb_checkpoints").mkdir()
    nbformat.write(right, folder / ".ipynb_checkpoints" / "ada-checkpoint.ipynb")
    return folder


@pytest.fixture(scope="module")
def table(folder, tmp_path_factory):
    """Where a folder's marks are, written twice."""
    outs = []
    for _ in range(2):
        outs.append(tmp_path_factory.mktemp("marks"))
        report.write(sorted(graded(folder, workers=2), key=lambda each: each.student), outs[-1])
    return outs


def test_the_same_folder_twice_gives_the_same_marks(table):
    one, two = ((out / "marks.csv").read_bytes() for out in table)
    assert one == two


def test_every_notebook_is_a_row_and_a_page_and_a_broken_one_costs_its_own_marks(table, folder):
    rows = list(csv.DictReader((table[0] / "marks.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(found_in(folder)) == 5
    assert {row["student"]: int(row["points"]) for row in rows} == {
        "ada": 5 * ALL, "bob / 04_pooling": 4 * ALL, "'=1+1 <b>": 4 * ALL, "eve": 4 * ALL, "dan": 0,
    }  # fmt: skip
    assert [row["student"] for row in rows if row["problem"]] == ["dan"]
    assert all((table[0] / row["page"]).exists() for row in rows)


def test_a_page_says_what_failed_and_why_and_holds_no_tag_that_a_student_wrote(graded_one, tmp_path):
    report.write([graded_one(hostile(HOSTILE["speaks HTML"], tmp_path))], tmp_path / "out")
    [page] = (path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.html"))
    assert "<script>" not in page
    assert "it raised ValueError: &lt;script&gt;" in page
    assert "16 of 20 points" in page


def test_what_cannot_be_graded_costs_its_own_marks_even_if_the_fault_is_ours(monkeypatch, room, tmp_path):
    from tools.grade import many

    def fault(*_):
        raise OSError("a fault")

    monkeypatch.setattr(many, "grade", fault)
    monkeypatch.setattr(many, "_open_room", lambda _: None)
    result = many._grade("ada", tmp_path / "it.ipynb", 7, tmp_path)
    assert "a person must look at it" in result.problem


def test_nothing_that_students_code_may_read_holds_solutions():
    assert rooms.exposed() == ""
    assert not [each for each in rooms.readable(Path("library")) if Path(each) == ROOT or Path(each) in ROOT.parents]
