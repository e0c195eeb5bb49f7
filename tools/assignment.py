"""The exercises as a course of nbgrader: one assignment for each notebook, with points, shown tests and hidden ones.

nbgrader runs a student's code and the tests in one kernel, and believes it: who patches the tests there fools it. The course's
first lines say so, and that ``python -m tools.grade`` reads what nbgrader has collected and believes values alone.
"""

import ast
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lecture_lib.practice import Exercise

HEAD = """# {title}: exercises

Write each function where the three dots stand, and run its cell and the one below, which says what it finds. Of an exercise's
{most} points, {shown} is for the cases of that check and {hidden} are for other cases, which you do not see. Change nothing else:
other cells are put back before marks are given."""
SET_UP = "import numpy as np\n\nfrom lecture_lib.chapters.{chapter} import check, hints"
SHOWN = (
    "# {points} point: the cases of the check\nverdict = check({name})\nprint(verdict)\nassert verdict.solved, verdict"
)
HIDDEN = """# {points} points: cases that you do not see
### BEGIN HIDDEN TESTS
from lecture_lib.chapters.{chapter} import desk
from lecture_lib.practice.hidden import check_hidden
verdict = check_hidden(desk, {name}, seed={seed})
assert verdict.solved, verdict
### END HIDDEN TESTS"""
CONFIG = """# Release and autograde with nbgrader 0.9 in this folder, with the whole library installed: CONTRIBUTING.md, "Marks".
# nbgrader runs what students wrote in one kernel with its tests, so a student who patches those has what marks they like.
# Hold its marks against those of: python -m tools.grade submitted
c = get_config()
c.CourseDirectory.course_id = "cnns1"
c.ClearSolutions.code_stub = {"python": "...  # your code"}
c.Execute.timeout = 30
"""
POINTS = {"shown": 1, "hidden": 3}
"""Of an exercise; :mod:`tools.grade` gives the same."""


def write(
    target: Path, notebooks: dict[str, tuple[nbformat.NotebookNode, str, tuple[Exercise, ...]]], seed: int
) -> None:
    """Write the course.

    Args:
        notebooks: name → the lecture's notebook, its chapter's name, its exercises.
        seed: of the hidden cases.
    """
    for name, (notebook, chapter, exercises) in notebooks.items():
        folder = target / "source" / name
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(notebook, chapter, exercises, seed), folder / f"{name}_exercises.ipynb")
    (target / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def assignment(
    notebook: nbformat.NotebookNode, chapter: str, exercises: tuple[Exercise, ...], seed: int
) -> nbformat.NotebookNode:
    """The exercises of a notebook, with solutions and hidden tests, as nbgrader has an instructor's version."""
    title = notebook.cells[0].source.splitlines()[0].removeprefix("# ")
    cells = [
        _marked(new_markdown_cell(HEAD.format(title=title, most=sum(POINTS.values()), **POINTS)), "head"),
        _marked(new_code_cell(SET_UP.format(chapter=chapter)), "set-up"),
    ]
    for exercise in exercises:
        name = exercise.name
        [task] = [
            cell.source for cell in notebook.cells if cell.cell_type == "markdown" and f". `{name}`**" in cell.source
        ]
        known = {"name": name, "chapter": chapter, "seed": seed}
        cells += [
            _marked(new_markdown_cell(task), f"{name}-task"),
            _marked(new_code_cell(_solution(exercise)), name, solution=True, locked=False),
            _marked(new_code_cell(SHOWN.format(points=POINTS["shown"], **known)), f"{name}-shown", points=POINTS["shown"]),
            _marked(new_code_cell(HIDDEN.format(points=POINTS["hidden"], **known)), f"{name}-hidden", points=POINTS["hidden"]),
            _marked(new_code_cell(f'hints("{name}", solution=False)'), f"{name}-hints"),
        ]  # fmt: skip
    kept = {name: notebook.metadata[name] for name in ("kernelspec", "language_info")}
    return new_notebook(cells=cells, metadata=kept)


def _marked(cell: nbformat.NotebookNode, name: str, points: int = 0, **flags: bool) -> nbformat.NotebookNode:
    """A cell as nbgrader knows it, with the same id every time."""
    told = {"grade": bool(points), "solution": False, "locked": True, "task": False, "schema_version": 3} | flags
    cell.metadata["nbgrader"] = told | {"grade_id": name} | ({"points": points} if points else {})
    cell["id"] = name.replace("_", "-")
    return cell


def _solution(exercise: Exercise) -> str:
    """The solution between the marks by which nbgrader takes it out."""
    [function] = ast.parse(exercise.source).body
    lines = exercise.source.splitlines()
    head, body = lines[: function.body[0].lineno - 1], lines[function.body[0].lineno - 1 :]
    return "\n".join([*head, "    ### BEGIN SOLUTION", *body, "    ### END SOLUTION"])
