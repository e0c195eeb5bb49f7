"""Run All of a notebook trains nothing: networks learn where a student presses Train."""

from pathlib import Path

import nbformat
import pytest

from tools.run_notebooks import run

NOTEBOOKS = [
    path for path in sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")) if path.name[:2] != "00"
]
REFUSED = """
from lecture_lib.experiments import Run
def no_step(self):
    raise AssertionError("a step that nobody asked for")
Run.__next__ = no_step
"""


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_running_a_notebook_makes_no_step_of_a_training(notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("LECTURE_PROGRESS", str(tmp_path / "progress.json"))
    cells = nbformat.read(notebook, 4)
    cells.cells.insert(0, nbformat.v4.new_code_cell(REFUSED))
    nbformat.write(cells, tmp_path / notebook.name)
    run(tmp_path / notebook.name)
