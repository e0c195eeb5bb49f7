"""How long a notebook takes a reader, counted by rule, and written below its headings.

    python -m tools.minutes            # prints the minutes of each notebook and section
    python -m tools.minutes --write    # and writes them into the notebooks: "*6 minutes.*", and into the plan in the first

The rule is for somebody who reads English as a second language. What a notebook's outputs are is taken from the file:
run it first (``make notebooks``).
"""

import re
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .form import Part, parts, reader
from .notebooks import NOTEBOOKS

WORDS_PER_MINUTE = 120
LINE, FIGURE, GUESS, QUIZ, EXPLORER, EXERCISE = 6, 20, 45, 45, 120, 360
"""Seconds for a line of code to read, a picture, a guess, a question of a quiz, an explorer, an exercise."""
CORE_MINUTES = 45
"""The longest core path of a notebook."""
ASKS = {"guess": GUESS, "ask": QUIZ, "check": EXERCISE, "hints": 0, "progress": 0}
STATED = re.compile(r"\*(\d+) minutes?\.\*")
_BLOCK = re.compile(r"[|>!<]|([-*+]|\d+\.) |\*\*")
"""How a text begins that cannot stand in the line of the minutes: a table, a list, a picture, what is in bold."""


@dataclass
class Length:
    """Seconds of the core path, of the deeper parts, and of the exercises."""

    core: float = 0
    deeper: float = 0
    exercises: float = 0


KINDS = tuple(each.name for each in fields(Length))


def minutes(seconds: float) -> int:
    """Whole minutes, one at least.

    >>> minutes(10), minutes(100)
    (1, 2)
    """
    return max(1, round(seconds / 60))


def seconds_of_cell(cell: NotebookNode) -> float:
    """What a cell takes its reader; folded code and checks take none, what they show does.

    >>> seconds_of_cell(nbformat.v4.new_code_cell("x = 1\\ny = 2"))
    12
    """
    kind = reader(cell)
    if kind == "text":
        return 60 / WORDS_PER_MINUTE * words(cell.source)
    if kind == "check":
        return 0
    if asked := re.search(rf"^({'|'.join(ASKS)})\(", cell.source, re.MULTILINE):
        return ASKS[asked[1]]
    code = LINE * len(cell.source.splitlines()) if kind == "read" else 0
    shown = [each for each in cell.outputs if "image/png" in each.get("data", {})]
    return code + sum(EXPLORER if is_explorer(each) else FIGURE for each in shown)


def is_explorer(output: NotebookNode) -> bool:
    """Whether the picture stands for an explorer: :func:`tools.run_notebooks.clean` notes it."""
    return output.metadata.get("lecture") == "explorer"


def words(text: str) -> int:
    """How many words a reader reads of a Markdown text; addresses, tags and the line with the minutes are none.

    >>> words("## Two *words*\\n*6 minutes.* See [this page](https://example.org/a).")
    5
    """
    text = re.sub(r"\]\([^)]*\)|<[^>]+>", " ", STATED.sub("", text))
    return sum(bool(re.search(r"\w", each)) for each in text.split())


def seconds_of_part(part: Part) -> float:
    """Seconds of a part without those below it."""
    if part.title.startswith("Your turn"):  # reading the task is a part of solving it
        return EXERCISE * sum(bool(re.search(r"^check\(", each.source, re.MULTILINE)) for each in part.cells)
    return sum(map(seconds_of_cell, part.cells))


def sections(notebook: NotebookNode) -> list[tuple[Part, Length]]:
    """Each heading of level 1 and 2 with what it takes down to the next of them."""
    found: list[tuple[Part, Length]] = []
    for part in parts(notebook):
        if part.level < 3:
            found.append((part, Length()))
        kind = "deeper" if part.deeper else "exercises" if found[-1][0].title.startswith("Your turn") else "core"
        setattr(found[-1][1], kind, getattr(found[-1][1], kind) + seconds_of_part(part))
    return found


def total(notebook: NotebookNode) -> Length:
    """What the whole notebook takes."""
    each = [length for _, length in sections(notebook)]
    return Length(*(sum(getattr(one, kind) for one in each) for kind in KINDS))


def stated(notebook: NotebookNode) -> list[tuple[Part, int]]:
    """Each heading that says how long it takes, with its minutes: the title the whole core path."""
    found = []
    lengths = {id(part.cells[0]): length for part, length in sections(notebook)}
    for part in parts(notebook):
        if part.deeper:
            found.append((part, minutes(seconds_of_part(part))))
        elif part.level < 3:
            length = total(notebook) if part.level == 1 else lengths[id(part.cells[0])]
            found.append((part, minutes(length.core or length.exercises)))
    return found


def write(notebook: NotebookNode) -> None:
    """Put the minutes into the line below each heading.

    >>> notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# One\\n\\nA sentence.")])
    >>> write(notebook)
    >>> print(notebook.cells[0].source)
    # One
    *1 minute.* A sentence.
    """
    for part, long in stated(notebook):
        heading, _, rest = part.cells[0].source.partition("\n")
        rest = re.sub(rf"^{STATED.pattern}\s*", "", rest.lstrip())
        gap = "\n\n" if _BLOCK.match(rest) else " "
        part.cells[0].source = f"{heading}\n*{long} minute{'s' * (long > 1)}.*{gap}{rest}".rstrip()


def write_plan(notebook: NotebookNode, lengths: dict[str, Length]) -> None:
    """Put the minutes of all notebooks into the last three columns of the table that links to them."""

    def row(found: re.Match) -> str:
        length = lengths[found[2]]
        return f"{found[1]} | " + " | ".join(f"{round(getattr(length, each) / 60)}" for each in KINDS) + " |"

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(
                r"^(\| \[[^]]+\]\((\w+)\.ipynb\) \|[^|]+?)(?: \| \d+){3} \|$", row, cell.source, flags=re.MULTILINE
            )


def main(paths: list[Path], writes: bool) -> None:
    notebooks = {path: nbformat.read(path, as_version=4) for path in paths}
    lengths = {path.stem: total(notebook) for path, notebook in notebooks.items()}
    for path, notebook in notebooks.items():
        if writes:
            write(notebook)
            if path.stem.startswith("00") and len(paths) > 1:
                write_plan(notebook, lengths)
            nbformat.write(notebook, path)
        whole = lengths[path.stem]
        print(f"{path.stem}: {_said(whole)}" + (" TOO LONG" if whole.core > 60 * CORE_MINUTES else ""))
        for part, length in sections(notebook):
            print(f"    {part.title}: {_said(length)}")


def _said(length: Length) -> str:
    return (
        f"core {length.core / 60:.1f}, deeper {length.deeper / 60:.1f}, exercises {length.exercises / 60:.0f} minutes"
    )


if __name__ == "__main__":
    names = [Path(each) for each in sys.argv[1:] if each != "--write"]
    main(names or sorted(NOTEBOOKS.glob("0*.ipynb")), "--write" in sys.argv)
