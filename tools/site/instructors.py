"""The instructors' page: INSTRUCTORS.md, and two tables that are computed: minutes of the notebooks, mistakes of the exercises."""

from pathlib import Path

import nbformat

from ..make_exercises import CHAPTERS
from ..minutes import total
from ..notebooks import NOTEBOOKS, ROOT

SESSION = 90
"""Minutes of one of the six sessions."""
MOST = 5
"""Mistakes that are listed of an exercise: its authors have the likeliest first."""


def text() -> str:
    """The page as Markdown. Of the lecture the site has slides alone."""
    said = (
        (ROOT / "INSTRUCTORS.md").read_text(encoding="utf-8").replace("notebooks/lecture.ipynb", "slides/lecture.html")
    )
    return f"{said}\n{minutes()}\n{mistakes()}"


def minutes() -> str:
    """A table of the six sessions, by the rule of :mod:`tools.minutes`."""
    lines = [
        "## Six sessions in minutes\n",
        "| Notebook | In class: core | In class: *Your turn* | Left for questions | At home: *Deeper* |",
        "|---|---|---|---|---|",
    ]
    for path in sorted(NOTEBOOKS.glob("0[1-9]_*.ipynb")):
        length = total(nbformat.read(path, as_version=4))
        core, exercises, deeper = (round(each / 60) for each in (length.core, length.exercises, length.deeper))
        left = SESSION - core - exercises
        lines.append(f"| [{_title(path)}](notebooks/{path.name}) | {core} | {exercises} | {left} | {deeper} |")
    return "\n".join(lines) + "\n"


def mistakes() -> str:
    """Each exercise with what is asked, and what a check says of the likeliest mistakes."""
    lines = [
        "## Exercises and their usual mistakes\n",
        f"What a check says when it knows a mistake; of each exercise the {MOST} likeliest at most.\n",
    ]
    for path in sorted(NOTEBOOKS.glob("0[1-9]_*.ipynb")):
        lines.append(f"### {_title(path)}\n")
        for exercise in CHAPTERS[path.stem.partition("_")[2]].desk.exercises:
            said = list(dict.fromkeys(each.words for each in exercise.mistakes))[:MOST]
            lines += [f"**`{exercise.name}`** {_plain(exercise.task)}\n", *(f"- {_plain(each)}" for each in said), ""]
    return "\n".join(lines)


def _title(path: Path) -> str:
    return nbformat.read(path, as_version=4).cells[0].source.partition("\n")[0].removeprefix("# ")


def _plain(words: str) -> str:
    """Words in which nothing is Markdown: * is a product there.

    >>> _plain("f*f and x_1")
    'f\\\\*f and x\\\\_1'
    """
    return "".join(f"\\{each}" if each in "\\*_[]<>$`" else each for each in words)
