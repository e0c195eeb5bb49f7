"""The lecturer's own copy of a notebook, for what is typed in a lecture: the notebook itself stays as it is."""

import hashlib
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary


def copy(notebook: Path, folder: Path, notary: NotebookNotary) -> Path:
    """The copy of a notebook in a folder: what was typed there in the last lecture still is.

    It is made anew only where the notebook's cells have changed since; what was typed goes to ``NAME.before.ipynb`` then.

    Args:
        notary: signs a new copy, so that JupyterLab shows what its cells gave.
    """
    path, original = folder / notebook.name, nbformat.read(notebook, as_version=4)
    now = _digest(original)
    if path.exists():
        there = nbformat.read(path, as_version=4)
        made_of = there.metadata.get("lecture", {}).get("of")
        if made_of == now:
            return path
        if _digest(there) != made_of:
            path.rename(path.with_suffix(".before.ipynb"))
    original.metadata["lecture"] = {"wake": False, "of": now}  # its Python is the deck's, which runs the cells already
    nbformat.write(original, path)
    notary.sign(nbformat.read(path, as_version=4))
    return path


def _digest(notebook: nbformat.NotebookNode) -> str:
    return hashlib.sha256(repr([(cell.cell_type, cell.source) for cell in notebook.cells]).encode()).hexdigest()[:16]
