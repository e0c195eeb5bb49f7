"""Which cells of a notebook must have run before another one can: on stage and on a page, what is seen comes first."""

import ast
import builtins
from collections.abc import Sequence

from nbformat import NotebookNode

from lecture_lib.order import names_made

from .form import reader


def plan(notebook: NotebookNode, name: str) -> dict[str, object]:
    """What a page runs: ``notebook``, its file, and ``cells``. Cells that check are for maintainers: nobody else runs them.

    Each cell has ``id``, ``source``, ``needs`` (places in this list), the names that it ``makes``, whether a slide ``shows``
    it, whether an ``explorer`` is in it, and whether it ``counts`` what is solved.
    """
    code = [
        cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip() and reader(cell) != "check"
    ]
    needed = needs([cell.source for cell in code])
    return {
        "notebook": f"{name}.ipynb",
        "cells": [
            {
                "id": cell.id,
                "source": cell.source,
                "needs": before,
                "makes": sorted(names_made(cell.source)),
                "shows": cell.metadata.get("slideshow", {}).get("slide_type") != "skip",
                "explorer": any(each.get("metadata", {}).get("lecture") == "explorer" for each in cell.outputs),
                "counts": any("<progress" in each.get("data", {}).get("text/html", "") for each in cell.outputs),
            }
            for cell, before in zip(code, needed, strict=True)
        ],
    }


def needs(sources: Sequence[str]) -> list[list[int]]:
    """For each code cell the cells that it needs, in the order in which they run; itself is none of them.

    A cell needs the nearest one above that makes a name it uses, and those between the two that change what the name
    stands for. Rather one cell too many than one too few.

    >>> needs(["import numpy as np", "a = np.zeros(2)", "b = 1", "a[0] = b", "print(a)"])
    [[], [0], [], [0, 1, 2], [0, 1, 2, 3]]
    """
    made = [names_made(each) for each in sources]
    used = [_used(each) for each in sources]
    fixed = set().union(*map(_imported, sources))  # nobody changes a module by calling what is in it
    changed = [_changed(each) - fixed for each in sources]
    found: list[list[int]] = []
    for at in range(len(sources)):
        wanted: set[int] = set()
        for name in used[at]:
            makers = [before for before in range(at) if name in made[before]]
            if makers:
                wanted |= {makers[-1], *(between for between in range(makers[-1] + 1, at) if name in changed[between])}
        found.append(sorted(wanted.union(*(found[each] for each in wanted))))
    return found


def _nodes(source: str) -> list[ast.AST]:
    try:
        return list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):  # a cell with a magic command
        return []


def _used(source: str) -> set[str]:
    return {each.id for each in _nodes(source) if isinstance(each, ast.Name)} - set(dir(builtins))


def _imported(source: str) -> set[str]:
    imports = [each for each in _nodes(source) if isinstance(each, ast.Import | ast.ImportFrom)]
    return {(alias.asname or alias.name).partition(".")[0] for each in imports for alias in each.names}


def _changed(source: str) -> set[str]:
    """Names of what a cell changes without making it: ``a += 1``, ``a[0] = 1``, ``a.b = 1``, a bare ``a.train()``."""
    targets: list[ast.AST] = []
    for each in _nodes(source):
        if isinstance(each, ast.Assign):
            targets += [target for target in each.targets if not isinstance(target, ast.Name)]
        elif isinstance(each, ast.AugAssign):
            targets.append(each.target)
        elif (
            isinstance(each, ast.Expr)
            and isinstance(each.value, ast.Call)
            and isinstance(each.value.func, ast.Attribute)
        ):
            targets.append(each.value.func)
    return {name.id for target in targets if (name := _root(target))}


def _root(node: ast.AST) -> ast.Name | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Name) else None
