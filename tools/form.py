"""The form of a notebook: whom each cell is for, and which part of the notebook it stands in."""

import ast
import re
from dataclasses import dataclass, field

from nbformat import NotebookNode

COLLAPSED = "jp-MarkdownHeadingCollapsed"
_HEADING = re.compile(r"(#{1,6}) +(.+)")


def reader(cell: NotebookNode) -> str:
    """Whom a cell is for: "text", "read" (code to learn from), "fold" (plumbing, one click away) or "check" (maintainers).

    >>> from nbformat.v4 import new_code_cell
    >>> reader(new_code_cell("x = 1")), reader(new_code_cell("assert x", metadata={"tags": ["check"]}))
    ('read', 'check')
    """
    if cell.cell_type != "code":
        return "text"
    return next((each for each in ("check", "fold") if each in cell.metadata.get("tags", ())), "read")


def is_one_call(source: str) -> bool:
    """Whether a cell only shows something: one call, which needs no title.

    >>> is_one_call('guess("C1")'), is_one_call("chapter.lab()"), is_one_call("x = 1"), is_one_call("%pip list")
    (True, True, False, False)
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return False
    return len(statements) == 1 and isinstance(statements[0], ast.Expr) and isinstance(statements[0].value, ast.Call)


def title_of(source: str) -> str:
    """The comment that a folded cell begins with: its title in plain words; empty if it has none.

    >>> title_of("# Measure: the accuracy at each shift\\nx = 1")
    'Measure: the accuracy at each shift'
    """
    found = re.match(r"#+ *(.+)", source)
    return found[1] if found else ""


@dataclass
class Part:
    """A heading of level 1 to 3 and the cells up to the next one, its own cell first."""

    level: int
    title: str
    cells: list[NotebookNode] = field(default_factory=list)

    @property
    def deeper(self) -> bool:
        return self.level == 3 and self.title.startswith("Deeper:")


def parts(notebook: NotebookNode) -> list[Part]:
    """The notebook cut at its headings of level 1 to 3; a heading is the first line of its cell.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> cells = [new_markdown_cell(each) for each in ("# One", "text", "### Deeper: two")]
    >>> [(part.level, part.deeper, len(part.cells)) for part in parts(new_notebook(cells=cells))]
    [(1, False, 2), (3, True, 1)]
    """
    found = [Part(1, "")]
    for cell in notebook.cells:
        heading = _HEADING.match(cell.source) if cell.cell_type == "markdown" else None
        if heading and len(heading[1]) <= 3:
            found.append(Part(len(heading[1]), heading[2].strip()))
        found[-1].cells.append(cell)
    return [part for part in found if part.cells]
