"""The notebooks in a real JupyterLab before they are run."""

import shutil

import nbformat
import pytest

from tools.notebooks import ROOT

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))


@pytest.mark.parametrize(
    "name", [NOTEBOOKS[0], *(pytest.param(name, marks=pytest.mark.slow) for name in NOTEBOOKS[1:])]
)
def test_before_it_is_run_a_notebook_shows_still_pictures_with_alt_text(lab, page, name):
    shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", lab.folder)
    lab.open(page, f"{name}.ipynb")
    cells = nbformat.read(lab.folder / f"{name}.ipynb", as_version=4).cells
    pictures = [
        at
        for at, cell in enumerate(cells)
        if any("image/png" in each.get("data", {}) for each in cell.get("outputs", []))
    ]
    assert pictures
    for at in pictures:
        page.evaluate("at => window.jupyterapp.shell.currentWidget.content.scrollToItem(at, 'start')", at)
        image = page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{at}'] .jp-OutputArea img").first
        assert len(image.get_attribute("alt")) > 20
        assert image.evaluate("(each) => each.decode().then(() => each.naturalWidth)") > 100
