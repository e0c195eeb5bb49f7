"""A handed-in notebook: which exercises are in it, and which of its cells are the student's own."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat

from .. import assignment
from ..make_exercises import CHAPTERS, EXERCISES, exercise_of, for_students
from ..notebooks import NOTEBOOKS

MOST_BYTES = 50 << 20
MOST_CELLS = 2000
CHAPTER_OF = {each.name: name for name, chapter in CHAPTERS.items() for each in chapter.desk.exercises}


class UnreadableError(Exception):
    """A file that is no notebook with exercises of the lecture; its words are for the student."""


@dataclass(frozen=True)
class Submission:
    """What is tried of a notebook."""

    chapter: str
    cells: tuple[tuple[str, bool], ...]
    """Source of each code cell, and whether all of it runs: of the lecture's own cells imports and functions count alone."""

    @property
    def exercises(self) -> list[str]:
        """Names of all exercises of its notebook, done or not."""
        return [each.name for each in CHAPTERS[self.chapter].desk.exercises]


@cache
def handed_out() -> frozenset[str]:
    """Sources of the lecture's own code cells, without those in which an exercise is written."""
    found = set()
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        for cell in (*notebook.cells, *for_students(notebook).cells):
            if cell.cell_type == "code" and not exercise_of(cell):
                found.add(cell.source.strip())
    for exercise in EXERCISES.values():  # those of nbgrader's assignment
        found.add(assignment.SHOWN.format(points=assignment.POINTS["shown"], name=exercise.name))
    return frozenset(found)


def read(path: Path) -> Submission:
    """A file as a submission.

    Raises:
        UnreadableError: it is none.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableError(f"The file is larger than {MOST_BYTES >> 20} MB, so nobody opened it.")
        content = json.loads(path.read_text(encoding="utf-8", errors="strict"))
        sources = [_source(cell) for cell in content["cells"] if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError, MemoryError) as error:
        raise UnreadableError(
            f"The file is not a notebook that Jupyter could open ({type(error).__name__})."
        ) from error
    if len(sources) > MOST_CELLS:
        raise UnreadableError(f"The notebook has more than {MOST_CELLS} cells of code.")
    named = re.findall(r"^(?:def |check\()(\w+)", "\n".join(sources), re.MULTILINE)
    chapters = [CHAPTER_OF[name] for name in named if name in EXERCISES]
    if not chapters:
        raise UnreadableError("There is no exercise of the lecture in this notebook.")
    chapter = max(sorted(set(chapters)), key=chapters.count)
    return Submission(chapter, tuple((source, source.strip() not in handed_out()) for source in sources))


def _source(cell: dict) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def found_in(folder: Path) -> dict[str, Path]:
    """Every notebook in a folder and its folders, by a name for its student: the folder, or the file, that it lies in."""
    paths = [path for path in sorted(folder.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
    return {" / ".join(path.relative_to(folder).with_suffix("").parts): path for path in paths if path.is_file()}
