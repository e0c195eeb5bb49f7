"""Run the notebooks for the site: in copies, with what their explorers need for a life without Python."""

import hashlib
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat

from ..notebooks import ROOT
from ..run_notebooks import QUIET, STATE, WIDGET, Client, captured
from .collect import LIVES

CACHE = ROOT / "build" / "site_cache"
LAST_CELL = Path(__file__).with_name("collect.py")


def run_all(paths: list[Path]) -> list[nbformat.NotebookNode]:
    """The notebooks with their outputs; one that has not changed since its last run is not run again.

    What :func:`tools.site.collect.collect` found stands in the metadata under "lives".
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LECTURE_PROGRESS"] = str(Path(folder) / "progress.json")  # nothing is solved, whoever runs this
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(run, paths))


def run(path: Path) -> nbformat.NotebookNode:
    """One notebook as :func:`run_all` gives it."""
    kept = CACHE / f"{path.stem}-{digest(path)}.ipynb"
    if not kept.exists():
        notebook = execute(path)
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob(f"{path.stem}-*.ipynb"):
            old.unlink()
        new = kept.with_suffix(".new")  # a run that is stopped here leaves no half a notebook
        nbformat.write(notebook, new)
        new.replace(kept)
    return nbformat.read(kept, as_version=4)


def digest(path: Path) -> str:
    """What the outputs of a notebook depend on, as one short word: its cells, the library, the photos, how it is run."""
    cells = [(cell.cell_type, cell.source, cell.get("metadata")) for cell in nbformat.read(path, as_version=4).cells]
    found = hashlib.sha256(repr(cells).encode())
    library = [each for folder in ("lecture_lib", "images") for each in sorted((ROOT / folder).rglob("*"))]
    for file in [Path(__file__), LAST_CELL, *library]:
        if file.is_file() and file.suffix in (".py", ".npz", ".txt", ".png", ".jpg", ".safetensors"):
            found.update(file.read_bytes())
    return found.hexdigest()[:16]


def execute(path: Path) -> nbformat.NotebookNode:
    """Run a notebook with one cell more than it has, which collects the explorers."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL.read_text(encoding="utf-8")))
    Client(
        notebook,
        timeout=240,
        kernel_name="python3",
        coalesce_streams=True,
        extra_arguments=QUIET,
        resources={"metadata": {"path": path.parent}},
    ).execute()
    (found,) = notebook.cells.pop().outputs
    notebook.metadata["lives"] = found["data"][LIVES]
    models = notebook.metadata.pop("widgets")[STATE]["state"]
    for cell in notebook.cells:
        if "outputs" in cell:
            cell.outputs = [each for output in cell.outputs for each in _still(output, models)]
    return notebook


def _still(output: nbformat.NotebookNode, models: dict[str, dict]) -> list[nbformat.NotebookNode]:
    """An output; of a slider of one's own what it shows, marked as a widget's picture."""
    found = captured(output, models)
    for each in found:
        if WIDGET in output.get("data", {}) and "data" in each:
            each.data[WIDGET] = output.data[WIDGET]
    return found
