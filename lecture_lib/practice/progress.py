"""Which exercises are solved: a small file beside the notebooks, which a student can delete.

It is a row of JSON objects, ``{"pad": "solved"}``, and grows by one for each exercise. One short write at its end is
there whole or not at all, also when the kernel is killed, needs no second file, and two kernels do not undo each other's.
"""

import errno
import html
import json
import os
from collections.abc import Sequence
from pathlib import Path

FILE = "my_progress.json"
VARIABLE = "LECTURE_PROGRESS"
"""Environment variable: another path for the file."""
MOST_BYTES = 100_000
"""A larger file is none of the lecture's."""


def progress_file() -> Path:
    """Where the progress is kept: beside the folder ``notebooks``, or in the working directory outside of it."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser()
    here = Path.cwd()
    return (here.parent if here.name == "notebooks" else here) / FILE


def read() -> tuple[set[str], str]:
    """Names of the solved exercises, and what kept the file from being read, or nothing."""
    try:
        path = progress_file()
        if not path.is_file() and path.exists():  # a device may have no end
            raise ValueError("it is a folder or a device")
        with open(path, "rb") as file:
            return {name for name in _names(file.read(MOST_BYTES + 1)) if name.isidentifier()}, ""
    except FileNotFoundError:
        return set(), ""
    except (OSError, ValueError, RecursionError) as error:
        return (
            set(),
            f"The file {progress_file().name} cannot be read, so nothing counts as solved: {error}. Delete it to start anew.",
        )


def _names(content: bytes) -> set[str]:
    """The names in all objects of a file; ValueError if it holds anything else."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"it holds more than {MOST_BYTES:,} bytes")
    names, rest = set(), content.decode().strip()
    if not rest:
        raise ValueError("it is empty")
    while rest:
        notes, end = json.JSONDecoder().raw_decode(rest)
        if not isinstance(notes, dict) or not all(isinstance(each, str) for each in notes.values()):
            raise ValueError("it must hold texts by name, and nothing else")
        names, rest = names | set(notes), rest[end:].lstrip()
    return names


def remember(name: str) -> str:
    """Note that an exercise is solved; returns what kept it from being written, or nothing."""
    solved, problem = read()
    if problem or name in solved:
        return problem
    try:
        _append(progress_file(), json.dumps({name: "solved"}).encode() + b"\n")
    except OSError as error:
        why = "The disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "This folder cannot be written to"
        return f"{why}, so {FILE} does not keep your progress."
    return ""


def _append(path: Path, line: bytes) -> None:
    """Write a line at the end of a file, or leave everything as it was."""
    with open(path, "ab", buffering=0) as file:
        before = file.tell()
        try:
            if file.write(line) == len(line):
                return
            error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # half a line: the next write would say so
        except OSError as raised:
            error = raised
    if before:
        os.truncate(path, before)
    else:
        path.unlink()
    raise error


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
