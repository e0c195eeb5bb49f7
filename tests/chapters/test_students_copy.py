"""The students' copy of the project: its check says what ours says, and no solution is in it."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys

import nbformat
import pytest

from lecture_lib.practice.check import check_function
from lecture_lib.practice.hidden import CASES, with_hidden_cases
from lecture_lib.practice.plain import to_plain
from lecture_lib.practice.results import same
from tests.chapters.found import EXERCISES, HOME
from tools import make_exercises
from tools.notebooks import NOTEBOOKS, ROOT

SOME = 4
"""Wrong answers to each exercise that are tried in the copy, and one right one."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The folder that students get."""
    target = tmp_path_factory.mktemp("exercises")
    make_exercises.main(target)
    return target / "student"


def answers(name):
    tried = importlib.import_module(f"tests.chapters.{HOME[name]}.exercises.{name}")
    functions = [*[function for function, _ in tried.WRONG], *tried.RIGHT]
    return functions, [*range(SOME), len(tried.WRONG)]


@pytest.fixture(scope="module")
def said(copy):
    """What the copy says: see in_students_copy.py."""
    asked = {
        name: (HOME[name], answers(name)[1], to_plain(with_hidden_cases(exercise, 1).cases[0]))
        for name, exercise in EXERCISES.items()
    }
    place = os.pathsep.join(map(str, (copy, ROOT)))
    command = [sys.executable, "-W", "ignore", str(ROOT / "tests" / "chapters" / "in_students_copy.py")]
    done = subprocess.run(
        command,
        input=json.dumps(asked),
        env=os.environ | {"PYTHONPATH": place},
        cwd=copy,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["library"].startswith(str(copy))
    return said


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EXERCISES)
def test_the_copys_check_says_what_ours_says(name, said):
    functions, tried = answers(name)
    assert said["verdicts"][name] == [check_function(EXERCISES[name], functions[at]) for at in tried]


@pytest.mark.parametrize("name", EXERCISES)
def test_in_the_copy_a_solution_knows_the_shown_cases_alone(name, said):
    assert said["unseen"][name].startswith("LookupError")


def bodies(source):
    """Each function of a module as what it does, whatever it and its arguments are called."""
    return {
        ast.dump(ast.Module(node.body, [])): node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }


def test_no_file_of_the_copy_holds_a_solution(copy):
    solutions = {body: name for each in EXERCISES.values() for body, name in bodies(each.source).items()}
    assert len(solutions) == len(EXERCISES)
    found = {
        (path.name, name)
        for path in copy.rglob("*.py")
        for body, name in bodies(path.read_text(encoding="utf-8")).items()
        if body in solutions
    }
    assert not found
    words = {name: " ".join(each.source.partition(":\n")[2].split()) for name, each in EXERCISES.items()}
    for path in copy.rglob("*"):
        if path.suffix in (".py", ".ipynb", ".md", ".json"):
            text = " ".join(path.read_text(encoding="utf-8").replace("\\n", "\n").split())
            shown = {name for name, lines in words.items() if len(lines) > 60 and lines in text}
            assert not shown, path


def test_the_copy_says_truly_that_it_has_no_solutions(copy, said):
    assert "The solutions of the exercises are not in this folder." in (copy / "README.md").read_text(encoding="utf-8")
    assert "# The solution is not in this copy." in said["source"][1]
    for path in NOTEBOOKS.glob("*.ipynb"):
        theirs, ours = (nbformat.read(each, as_version=4) for each in (copy / "notebooks" / path.name, path))
        promises = [re.findall(r"[Tt]he last \w+ is a solution", cell.source) for cell in ours.cells]
        told = [re.findall(r"[Tt]he solutions are not in this copy\.", cell.source) for cell in theirs.cells]
        assert sum(map(len, told)) == sum(map(len, promises))
        assert not [cell for cell in theirs.cells if re.search(r"is a solution|last fold", cell.source)]


def test_what_a_hub_hands_out_of_the_copy_are_its_notebooks(copy, tmp_path):
    """The hub's script, as it stands in the copy, fills a student's home."""
    code = "import sys; sys.path.insert(0, 'deploy'); import pathlib, student_server as s; s.prepare_home(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=copy, check=True)
    for path in (copy / "notebooks").glob("*.ipynb"):
        assert (tmp_path / "lecture" / "notebooks" / path.name).read_bytes() == path.read_bytes()
    assert not list(tmp_path.rglob("*solution*"))


@pytest.mark.parametrize("name", EXERCISES)
def test_hidden_cases_are_others_than_the_shown_ones_and_the_same_for_a_seed(name):
    exercise = EXERCISES[name]
    for seed in range(5):
        hidden = with_hidden_cases(exercise, seed)
        assert len(hidden.cases) == CASES
        assert not [case for case in hidden.cases if any(same(case, shown) for shown in exercise.cases)]
        assert same(hidden.cases, with_hidden_cases(exercise, seed).cases)
        assert not same(hidden.cases, with_hidden_cases(exercise, seed + 1).cases)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EXERCISES)
def test_right_answers_are_right_in_the_hidden_cases(name):
    tried = importlib.import_module(f"tests.chapters.{HOME[name]}.exercises.{name}")
    for seed in range(3):
        for function in tried.RIGHT:
            verdict = check_function(with_hidden_cases(EXERCISES[name], seed), function)
            assert verdict.solved, verdict
