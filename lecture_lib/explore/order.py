"""What to do when a cell needs a name that no cell has made yet: the cell to run first, by its heading."""

import ast
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from IPython import get_ipython

MOST_BYTES = 20_000_000  # of a notebook that is read for its cells


def say_what_to_run_first() -> None:
    """Let a NameError say which cell of the notebook makes that name. Elsewhere than in IPython this does nothing."""
    if shell := get_ipython():
        shell.set_custom_exc((NameError,), _with_advice)


def _with_advice(shell, kind, error, trace, tb_offset=None) -> list[str] | None:
    """The usual traceback, with one sentence more."""
    name = getattr(error, "name", None)
    if name and not isinstance(error, UnboundLocalError):
        error.add_note(_advice(name, shell.user_ns.get("In", [""])[-1]))
    return shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _advice(name: str, running: str) -> str:
    for cells in _notebooks_with(running):
        if found := maker_of(name, cells, running):
            return found
    return (
        f"No cell that has run so far has made {name!r}. If it is no typing mistake, run the cells above first: "
        "Run → Run All Above Selected Cell."
    )


def _notebooks_with(running: str, folder: str = ".") -> Iterator[list[tuple[str, str]]]:
    """The cells, kind and source, of each notebook of a folder that holds the cell that is running."""
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            if path.stat().st_size > MOST_BYTES:
                continue
            content = json.loads(path.read_text(encoding="utf-8"))
            cells = [(str(cell["cell_type"]), "".join(cell["source"])) for cell in content["cells"]]
        except (OSError, ValueError, LookupError, TypeError, RecursionError):  # a broken notebook gives no advice
            continue
        if any(source.strip() == running.strip() for _, source in cells):
            yield cells


def maker_of(name: str, cells: Sequence[tuple[str, str]], running: str) -> str:
    """Which cell makes ``name``: the nearest above the one that is running, otherwise the first; or nothing.

    >>> cells = [("markdown", "## C1 · Sums"), ("code", "total = 3"), ("code", "print(total)")]
    >>> maker_of("total", cells, "print(total)")
    "'total' is made in the cell under “C1 · Sums” that begins with “total = 3”: run that cell first."
    """
    at = next((number for number, (_, source) in enumerate(cells) if source.strip() == running.strip()), len(cells))
    makers = [number for number, (kind, source) in enumerate(cells) if kind == "code" and name in names_made(source)]
    if not makers:
        return ""
    maker = max((number for number in makers if number < at), default=makers[0])
    above = [line for kind, source in cells[:maker] if kind == "markdown" for line in source.splitlines()]
    heading = next((line.lstrip("# ").strip() for line in reversed(above) if line.startswith("#")), "")
    under = f"under “{heading}” " if heading else ""
    first = cells[maker][1].strip().splitlines()[0]
    return f"{name!r} is made in the cell {under}that begins with “{first}”: run that cell first."


@lru_cache(1000)
def names_made(source: str) -> frozenset[str]:
    """Names that a cell binds at its top level.

    >>> sorted(names_made("import numpy as np; a, b = 1, 2\\nfor c in b:\\n    d = c\\ndef e():\\n    f = 1"))
    ['a', 'b', 'c', 'd', 'e', 'np']
    """
    try:
        return frozenset(_bound(ast.parse(source)))
    except (SyntaxError, ValueError):
        return frozenset()


def _bound(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield child.name
        elif isinstance(child, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in child.names)
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif not isinstance(child, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            yield from _bound(child)
