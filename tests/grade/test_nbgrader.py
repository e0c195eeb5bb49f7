"""nbgrader itself releases the assignment, grades 20 made submissions of it, and writes feedback and a table."""

import csv
import os
import shutil
import subprocess
import sys

import nbformat
import pytest

from tests.grade.submissions import HOSTILE, RIGHT
from tools import assignment
from tools.assignment import POINTS
from tools.grade import walls
from tools.grade.many import graded
from tools.make_exercises import CHAPTERS, SEED
from tools.notebooks import NOTEBOOKS, ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or not shutil.which("make"), reason="nbgrader is tried on Linux, with make"
    ),
    pytest.mark.timeout(1200),
]
NAME, ALL = "04_pooling", sum(POINTS.values())
WRONG = {  # name → answers that replace right ones, and the points of those exercises
    "forgets the floor": ({"pool_size": "def pool_size(n, f, s):\n    return (n - f) / s + 1"}, 0),
    "divides": ({"pool_size": "def pool_size(n, f, s):\n    return n // s"}, 0),
    "takes the mean": ({"max_pool": RIGHT["max_pool"].replace(".max()", ".mean()")}, 0),
    "gives nothing": ({"max_pool": "def max_pool(x, f, s):\n    x.max()"}, 0),
    "raises": ({"avg_pool": "def avg_pool(x, f, s):\n    return x[s]['a']"}, 0),
    "prints": ({"avg_pool": "def avg_pool(x, f, s):\n    print(x.mean())"}, 0),
    "does not parse": ({"changed_share": "def changed_share(x, f, by)\n    return 0"}, 0),
    "is not there": ({"changed_share": "# later"}, 0),
    "changes its input": ({"max_pool_backward": "def max_pool_backward(grad, x, f):\n    x *= 0\n    return x"}, 0),
    "two are wrong": ({name: f"def {name}(*_):\n    return 0" for name in ("max_pool", "avg_pool")}, 0),
    "learned by heart": ({"pool_size": f"def pool_size(n, f, s):\n    return {({case: (case[0] - case[1]) // case[2] + 1 for case in CHAPTERS['pooling'].desk.by_name['pool_size'].cases})}[n, f, s]"}, POINTS["shown"]),
}  # fmt: skip
HELD = ("loops for ever", "loops inside one call", "exits at once", "prints 10 MB", "is equal to everything")
"""Hostile ones that the check itself holds, in nbgrader's kernel too."""
PATCHES = "import lecture_lib.practice.hidden as h\nfrom lecture_lib.practice.check import Verdict\nh.check_hidden = check = lambda *_, **__: Verdict('', 'right')\ndef pool_size(n, f, s):\n    return 1"
SUBMITTED = (
    {"right": (RIGHT, 0)}
    | {name: (RIGHT | answers, points) for name, (answers, points) in WRONG.items()}
    | {name: (RIGHT | {"pool_size": HOSTILE[name]}, 0) for name in HELD}
    | {"as released": ({}, 0), "patches": (RIGHT | {"pool_size": PATCHES}, 0), "ends the kernel": (RIGHT | {"pool_size": HOSTILE["stops in a cell"]}, 0)}
)  # fmt: skip


def student(name):
    return name.replace(" ", "_")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which all is done, and what nbgrader said when it graded."""
    made = subprocess.run(
        ["make", "build/nbgrader/.ready", f"PYTHON={sys.executable}"], cwd=ROOT, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    folder = tmp_path_factory.mktemp("course")
    notebook = nbformat.read(NOTEBOOKS / f"{NAME}.ipynb", as_version=4)
    assignment.write(folder, {NAME: (notebook, "pooling", CHAPTERS["pooling"].desk.exercises)}, SEED)
    run(folder, "generate_assignment", NAME)
    for name, (answers, _) in SUBMITTED.items():
        hand_in(folder, student(name), answers)
    said = run(folder, "autograde", NAME, check=False)
    run(folder, "generate_feedback", NAME)
    run(folder, "export")
    return folder, said


def run(folder, command, *arguments, check=True):
    """One of nbgrader's commands."""
    program = ROOT / "build" / "nbgrader" / "bin"
    home = {"HOME": str(folder), "LECTURE_PROGRESS": str(folder / "progress.json"), "PYTHONWARNINGS": "ignore"}
    environment = os.environ | home | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
    environment["PYTHONPATH"] = str(ROOT)
    done = subprocess.run(
        [program / "nbgrader", command, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )
    assert not check or done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def hand_in(folder, name, answers):
    """Copy what was released, with answers in it, to where nbgrader collects."""
    target = folder / "submitted" / name / NAME
    target.mkdir(parents=True)
    path = f"{NAME}_exercises.ipynb"
    notebook = nbformat.read(folder / "release" / NAME / path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.nbgrader.solution and cell.metadata.nbgrader.grade_id in answers:
            cell.source = answers[cell.metadata.nbgrader.grade_id]
    nbformat.write(notebook, target / path)


def wanted(name):
    """Points of a submission whose marks nobody forged."""
    answers, points = SUBMITTED[name]
    right = sum(ALL for each in RIGHT if answers.get(each) == RIGHT[each])
    return right + points


def test_there_are_twenty_submissions():
    assert len(SUBMITTED) == 20


def test_what_is_released_has_points_and_neither_solutions_nor_hidden_cases(course):
    folder, _ = course
    released = nbformat.read(folder / "release" / NAME / f"{NAME}_exercises.ipynb", as_version=4)
    told = [cell.metadata.nbgrader for cell in released.cells]
    assert sum(each.get("points", 0) for each in told) == ALL * len(RIGHT)
    text = nbformat.writes(released)
    assert "HIDDEN" not in text and "seed" not in text and "check_hidden" not in text
    for name, source in RIGHT.items():
        [cell] = [cell for cell in released.cells if cell.metadata.nbgrader.grade_id == name]
        assert cell.source == f"{source.splitlines()[0]}\n    ...  # your code"


def test_nbgrader_gives_each_submission_the_points_that_it_is_worth(course):
    folder, said = course
    rows = list(csv.DictReader((folder / "grades.csv").read_text().splitlines()))
    points = {row["student_id"]: float(row["score"] or 0) for row in rows}
    assert {row["max_score"] for row in rows} == {str(float(ALL * len(RIGHT)))}
    expected = {student(name): wanted(name) for name in SUBMITTED}
    expected["patches"] = ALL * len(RIGHT)  # nbgrader believes its kernel
    expected["ends_the_kernel"] = 0  # and has no marks for a notebook that ends it
    assert points == expected, said[-3000:]


def test_feedback_says_what_failed_in_the_words_of_the_check(course):
    folder, _ = course
    [page] = (folder / "feedback" / "divides").rglob("*.html")
    assert "the map is divided by the stride" in page.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux" or bool(walls.missing()), reason="Linux with Landlock and libseccomp only")
def test_without_nbgrader_the_same_folder_has_the_same_marks_but_forged_ones_are_worth_nothing(course):
    folder, _ = course
    points = {result.student.partition(" / ")[0]: result.points for result in graded(folder / "submitted")}
    assert points == {student(name): wanted(name) for name in SUBMITTED}
