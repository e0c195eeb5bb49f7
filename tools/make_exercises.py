"""Make two copies of the notebooks in ``build/exercises/``: one for students, one for instructors.

Run from the project's folder: ``python -m tools.make_exercises``, or ``make exercises``.

Both come from the notebooks as they are. In the students' copy the last hint, the solution, is left out. In the
instructors' copy each exercise is solved, and what often goes wrong stands below it. Neither has outputs.
"""

import copy
import importlib
import pkgutil
import re
from pathlib import Path

import nbformat

import lecture_lib.chapters
from lecture_lib.practice import Exercise

from .form import reader
from .notebooks import NOTEBOOKS, ROOT

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


COPIES = {"student": for_students, "instructor": for_instructors}


def main(target: Path = TARGET) -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for name, make in COPIES.items():
            (target / name).mkdir(parents=True, exist_ok=True)
            nbformat.write(make(notebook), target / name / path.name)
    print("\n".join(f"{target / name}: for {name}s" for name in COPIES))


if __name__ == "__main__":
    main()
