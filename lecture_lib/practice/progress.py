"""Which exercises are solved, what was guessed and answered: a small file beside the notebooks, which a student can delete.

It is a row of JSON objects, ``{"pad": "solved"}``, ``{"guess C1": "[16, 0]"}``, and grows by one for each exercise, guess and answer. One short write at its end is
there whole or not at all, also when the kernel is killed, needs no second file, and two kernels do not undo each other's.
"""

import errno
import html
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

FILE = "my_progress.json"
VARIABLE = "LECTURE_PROGRESS"
"""Environment variable: another path for the file."""
MOST_BYTES = 100_000
"""A larger file is none of the lecture's."""
_hear: list[Callable[[str, str], object]] = []


def progress_file() -> Path:
    """Where the progress is kept: beside the folder ``notebooks``, or in the working directory outside of it."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen).expanduser()
    here = Path.cwd()
    return (here.parent if here.name == "notebooks" else here) / FILE


def read() -> tuple[set[str], str]:
    """Names of the solved exercises, and what kept the file from being read, or nothing."""
    notes, problem = _read()
    return {name for name in notes if name.isidentifier()}, problem


def guesses(kind: str = "guess") -> dict[str, str]:
    """Key → the last guess that was noted, or the last answer to a quiz where ``kind`` is "quiz"."""
    return {name.removeprefix(f"{kind} "): text for name, text in _read()[0].items() if name.startswith(f"{kind} ")}


def _read() -> tuple[dict[str, str], str]:
    """All notes of the file, the last of each name, and what kept it from being read."""
    for _ in range(5):  # another kernel may be in the middle of its line
        notes, problem = _read_once()
        if not problem:
            break
        time.sleep(0.01)
    return notes, problem


def _read_once() -> tuple[dict[str, str], str]:
    try:
        path = progress_file()
        if not path.is_file() and path.exists():  # a device may have no end
            raise ValueError("it is a folder or a device")
        with open(path, "rb") as file:
            return _notes(file.read(MOST_BYTES + 1)), ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, RecursionError) as error:
        return (
            {},
            f"The file {progress_file().name} cannot be read, so nothing counts as solved: {error}. Delete it to start anew.",
        )


def _notes(content: bytes) -> dict[str, str]:
    """The names in all objects of a file; ValueError if it holds anything else."""
    if len(content) > MOST_BYTES:
        raise ValueError(f"it holds more than {MOST_BYTES:,} bytes")
    found, rest = {}, content.decode().strip()
    if not rest:
        raise ValueError("it is empty")
    while rest:
        notes, end = json.JSONDecoder().raw_decode(rest)
        if not isinstance(notes, dict) or not all(isinstance(each, str) for each in notes.values()):
            raise ValueError("it must hold texts by name, and nothing else")
        found, rest = found | notes, rest[end:].lstrip()
    return found


def share(notes: str, hear: Callable[[str, str], object]) -> None:
    """Begin with the notes that a page has kept, the text of such a file, and tell the page each new one.

    Args:
        hear: called with the name and the text of a note that was written.
    """
    _hear[:] = [hear]
    if notes:
        progress_file().write_text(notes, encoding="utf-8")
    else:
        progress_file().unlink(missing_ok=True)


def remember(name: str) -> str:
    """Note that an exercise is solved; returns what kept it from being written, or nothing."""
    solved, problem = read()
    return problem if problem or name in solved else _note(name, "solved")


def note_guess(key: str, said: str, kind: str = "guess") -> str:
    """Note a guess, or an answer to a quiz; the last one counts. Returns what kept it from being written, or nothing."""
    notes, problem = _read()
    if problem or notes.get(name := f"{kind} {key}") == said:
        return problem
    if notes and progress_file().stat().st_size > MOST_BYTES // 2:  # what is left is for exercises
        return f"The file {progress_file().name} is full of guesses, so it keeps no more. Delete it to start anew."
    return _note(name, said)


def _note(name: str, text: str) -> str:
    try:
        _append(progress_file(), json.dumps({name: text}).encode() + b"\n")
    except OSError as error:
        why = "The disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "This folder cannot be written to"
        return f"{why}, so {FILE} does not keep your progress."
    for hear in _hear:
        hear(name, text)
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
    """Which exercises of a notebook are solved, and what else is done: text, and in a notebook a line with a bar.

    ``others``: word → how many of how many.

    >>> Progress(["pad", "elu"], {"pad"}, others={"Guesses": (5, 9)})
    Solved: 1 of 2. ✓ pad ○ elu. Guesses: 5 of 9.
    """

    __slots__ = ("done", "names")

    def __new__(cls, names: Sequence[str], solved: set[str], problem: str = "", others: Mapping = {}):
        done = [name for name in names if name in solved]
        marks = " ".join(f"{'✓' if name in done else '○'} {name}" for name in names)
        more = [f"{word}: {each} of {count}." for word, (each, count) in others.items() if count]
        words = f"Solved: {len(done)} of {len(names)}. {marks}{'. ' if more else ''}{' '.join(more)}"
        made = super().__new__(cls, f"{words}{' ' if problem else ''}{problem}")
        made.done, made.names = len(done), len(names)
        return made

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        bar = f'<progress value="{self.done}" max="{self.names}" aria-label="exercises solved"></progress>'
        return f'<div style="margin: 4px 0">{bar} {html.escape(self)}</div>'
