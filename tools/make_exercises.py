"""Make two copies of the notebooks in ``build/exercises/``: one for students, one for instructors.

Run from the project's folder: ``python -m tools.make_exercises``, or ``make exercises``.

Both come from the notebooks as they are. The students' copy is a project of its own without the solutions: neither its
notebooks nor its library have them. In the instructors' copy each exercise is solved, and what often goes wrong stands
below it. Neither has outputs. Beside them stands a course of nbgrader with the same exercises.
"""

import argparse
import copy
import importlib
import pkgutil
import re
from pathlib import Path

import nbformat

import lecture_lib.chapters
from lecture_lib.practice import Exercise

from . import assignment
from .form import reader
from .notebooks import NOTEBOOKS, ROOT
from .students_copy import copy_project

TARGET = ROOT / "build" / "exercises"
CHAPTERS = {
    name: chapter
    for _, name, _ in pkgutil.iter_modules(lecture_lib.chapters.__path__)
    if hasattr(chapter := importlib.import_module(f"lecture_lib.chapters.{name}"), "desk")
}
"""What belongs to each notebook that asks something, by the notebook's name without its number."""
EXERCISES = {each.name: each for chapter in CHAPTERS.values() for each in chapter.desk.exercises}


def exercise_of(cell: nbformat.NotebookNode) -> Exercise | None:
    """The exercise that a code cell asks for, if it does."""
    found = re.search(r"^check\((\w+)\)$", cell.source, re.MULTILINE) if cell.cell_type == "code" else None
    return EXERCISES[found[1]] if found else None


def without_outputs(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A copy of a notebook that has not been run, without what is for maintainers alone."""
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if reader(cell) != "check"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def for_students(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without outputs and without solutions."""
    notebook = without_outputs(notebook)
    for cell in notebook.cells:
        cell.source = re.sub(
            r"\b(T|t)he last (?:fold|hint|one) is a solution\.", r"\1he solutions are not in this copy.", cell.source
        )
        if cell.cell_type == "code":
            cell.source = re.sub(r'^hints\("(\w+)"\)$', r'hints("\1", solution=False)', cell.source, flags=re.MULTILINE)
    return notebook


def for_instructors(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without outputs, every exercise solved, and below it what often goes wrong."""
    notebook = without_outputs(notebook)
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if exercise := exercise_of(cell):
            cell.source = f"{exercise.source}\n\ncheck({exercise.name})"
            words = "\n".join(f"- {mistake.words}" for mistake in exercise.mistakes)
            below = nbformat.v4.new_markdown_cell(
                f"**What often goes wrong**, and what the check says then:\n\n{words}"
            )
            below["id"] = f"{cell.id[:56]}-wrong"  # the same every time
            cells.append(below)
    notebook.cells = cells
    return notebook


COPIES = {"student/notebooks": for_students, "instructor": for_instructors}


SEED = 2026
"""Of the cases that marks are given for, and that nobody sees: another one each term."""


def main(target: Path = TARGET, seed: int = SEED) -> None:
    copy_project(target / "student", CHAPTERS.values())
    asking = {}
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for name, make in COPIES.items():
            (target / name).mkdir(parents=True, exist_ok=True)
            nbformat.write(make(notebook), target / name / path.name)
        chapter = path.stem.partition("_")[2]
        if chapter in CHAPTERS:
            asking[path.stem] = notebook, chapter, CHAPTERS[chapter].desk.exercises
    assignment.write(target / "nbgrader", asking, seed)
    print(f"{target / 'student'}: for students, a project without solutions")
    print(f"{target / 'instructor'}: for instructors, the notebooks with all exercises solved")
    print(f"{target / 'nbgrader'}: a course of nbgrader; the seed of its hidden cases is {seed}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.make_exercises")
    parser.add_argument("--seed", type=int, default=SEED, help="of the hidden cases of nbgrader's course")
    main(seed=parser.parse_args().seed)
