"""What to do when a cell needs a name that no cell has made yet: the cell to run first, by its heading.

An IPython extension, which every kernel of this environment loads before its first
cell: it imports nothing heavy, and only a cell of a notebook of the lecture hears of it.
"""

import ast
import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from IPython.display import publish_display_data

MOST_BYTES = 20_000_000  # of a notebook that is read for its cells


def load_ipython_extension(shell) -> None:
    """Let a cell that comes too early say which cell of its notebook to run first, in place of a traceback."""
    shell.set_custom_exc((NameError,), _advise)


def _advise(shell, kind, error, trace, tb_offset=None) -> list[str] | None:
    """The advice, where a cell makes the name; otherwise, as for a typing mistake, the usual traceback."""
    name = getattr(error, "name", None)
    running = shell.user_ns.get("In", [""])[-1]
    while trace.tb_next:
        trace = trace.tb_next
    if name and trace.tb_frame.f_globals is shell.user_ns and not isinstance(error, UnboundLocalError):
        cell = (shell.get_parent() or {}).get("metadata", {}).get("cellId") if hasattr(shell, "get_parent") else None
        for cells in _notebooks_with(running, cell):
            if found := maker_of(name, cells, running):
                return _say(shell, f"{found} Or all of them at once: Run → Run All Above Selected Cell.")
    return shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _say(shell, words: str) -> list[str]:
    """Words in the cell's output. The cell has failed all the same, so that Run All stops here."""
    publish_display_data({"text/plain": words, "text/html": f'<p class="lecture-first">{escape(words)}</p>'})
    shell._last_traceback = []  # what a kernel adds to its reply
    return []


def _notebooks_with(running: str, cell: str | None = None, folder: str = ".") -> Iterator[list[tuple[str, str]]]:
    """The cells, kind and source, of each of the lecture's notebooks in a folder that holds the cell that is running.

    The cell is known by its id where the page says it, as JupyterLab does: what stands in it may not be saved yet.
    """
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            if path.stat().st_size > MOST_BYTES:
                continue
            content = json.loads(path.read_text(encoding="utf-8"))
            if "lecture" not in content["metadata"]:
                continue
            cells = [
                (str(each["cell_type"]), running if cell and each.get("id") == cell else "".join(each["source"]))
                for each in content["cells"]
            ]
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):  # a broken notebook: none
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
