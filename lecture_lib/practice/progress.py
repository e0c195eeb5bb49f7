"""Which exercises are solved: a small file beside the notebooks, which a student can delete."""

import html
import os
from collections.abc import Sequence
from pathlib import Path

from ..storage import StorageError, load_texts, save_texts

FILE = "my_progress.json"
VARIABLE = "LECTURE_PROGRESS"
"""Environment variable: another path for the file."""


def progress_file() -> Path:
    """Where the progress is kept: beside the folder ``notebooks``, or in the working directory outside of it."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen)
    here = Path.cwd()
    return (here.parent if here.name == "notebooks" else here) / FILE


def read() -> tuple[set[str], str]:
    """Names of the solved exercises, and what kept the file from being read, or nothing."""
    try:
        return {name for name in load_texts(progress_file()) if name.isidentifier()}, ""
    except FileNotFoundError:
        return set(), ""
    except (OSError, StorageError) as error:
        return (
            set(),
            f"The file {progress_file().name} cannot be read, so nothing counts as solved: {error}. Delete it to start anew.",
        )


def remember(name: str) -> str:
    """Note that an exercise is solved; returns what kept it from being written, or nothing."""
    solved, problem = read()
    if name in solved:
        return ""
    if problem:
        return problem
    try:
        save_texts(progress_file(), dict.fromkeys(sorted(solved | {name}), "solved"))
    except OSError:
        return f"This folder cannot be written to, so {FILE} does not keep your progress."
    return ""


class Progress(str):
    """Which exercises of a notebook are solved: text, and in a notebook a line with a bar."""

    __slots__ = ("done", "names")

    def __new__(cls, names: Sequence[str], solved: set[str], problem: str = ""):
        done = [name for name in names if name in solved]
        marks = " ".join(f"{'✓' if name in done else '○'} {name}" for name in names)
        made = super().__new__(cls, f"Solved: {len(done)} of {len(names)}. {marks}{' ' if problem else ''}{problem}")
        made.done, made.names = len(done), len(names)
        return made

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        bar = f'<progress value="{self.done}" max="{self.names}" aria-label="exercises solved"></progress>'
        return f'<div style="margin: 4px 0">{bar} {html.escape(self)}</div>'
