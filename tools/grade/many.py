"""Many notebooks at a time: a process for each processor, which grades, and beside each a room for students' code."""

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from ..make_exercises import CHAPTERS, SEED
from ..students_copy import copy_library
from .marks import Result, grade
from .room import Room
from .submission import found_in

_room: Room | None = None


def _open_room(library: Path) -> None:
    """Once in each process that grades."""
    global _room
    _room = Room(library)


def _grade(student: str, path: Path, seed: int, library: Path) -> Result:
    try:
        return grade(student, path, _room, seed)
    except Exception:  # noqa: BLE001  whatever it was, the next notebook gets a new room
        _open_room(library)
    try:
        return grade(student, path, _room, seed)
    except Exception as error:  # noqa: BLE001  one notebook costs its own marks, and nobody else's
        _open_room(library)
        return Result(student, problem=f"It could not be graded, and a person must look at it: {error!r:.300}")


def graded(folder: Path, seed: int = SEED, workers: int | None = None) -> Iterator[Result]:
    """Marks of every notebook in a folder, each as it is done.

    Args:
        seed: of the hidden cases; the same seed gives the same marks.
        workers: how many notebooks at a time; as many as there are processors.
    """
    with tempfile.TemporaryDirectory() as library:
        copy_library(Path(library), CHAPTERS.values(), results=False)
        with ProcessPoolExecutor(
            workers or os.cpu_count(), multiprocessing.get_context("spawn"), _open_room, (Path(library),)
        ) as pool:
            asked = [
                pool.submit(_grade, student, path, seed, Path(library)) for student, path in found_in(folder).items()
            ]
            for done in as_completed(asked):
                yield done.result()
