"""How long a class takes to grade: made notebooks, one in ten hostile, graded as ``python -m tools.grade`` does."""

import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import nbformat

from lecture_lib.practice import Exercise
from tools.grade.many import graded
from tools.make_exercises import exercise_of, for_students
from tools.notebooks import NOTEBOOKS

CLASS, WORKERS, BOUND = 300, 2, 600
LOOPS = "    while True:\n        pass"


class Row(NamedTuple):
    """Seconds for some notebooks, and for a class."""

    notebooks: int
    seconds: float
    start: float
    """Of these until the first was graded."""
    whole_class: float
    load: float


def hand_in(folder: Path, notebooks: int) -> None:
    """Write notebooks as students do: of ten seven are right, two have a wrong answer, in one a function never ends."""
    asking = [path for path in sorted(NOTEBOOKS.glob("0*.ipynb")) if "_start" not in path.stem]
    for at in range(notebooks):
        notebook = for_students(nbformat.read(asking[at % len(asking)], as_version=4))
        cells = [cell for cell in notebook.cells if exercise_of(cell)]
        for place, cell in enumerate(cells):
            cell.source = _answer(
                exercise_of(cell), "right" if place or at % 10 < 7 else "wrong" if at % 10 < 9 else "loops"
            )
        nbformat.write(notebook, folder / f"student_{at:03}.ipynb")


def _answer(exercise: Exercise, kind: str) -> str:
    head = exercise.source.splitlines()[0]
    return {"right": exercise.source, "wrong": f"{head}\n    return 0", "loops": f"{head}\n{LOOPS}"}[kind]


def measure(notebooks: int = 30) -> Row:
    """Grade some, and say how long a class would take: the start once, and each notebook as long as these on average."""
    with tempfile.TemporaryDirectory() as folder:
        hand_in(Path(folder), notebooks)
        begun, start = time.monotonic(), 0.0
        for _ in graded(Path(folder), workers=WORKERS):
            start = start or time.monotonic() - begun
        seconds = time.monotonic() - begun
    return Row(notebooks, seconds, start, start + (seconds - start) / (notebooks - 1) * (CLASS - 1), os.getloadavg()[0])
