"""Notebook outputs in JupyterLab for people who do not use a mouse or see little."""

import nbformat
import pytest

from tests.browser.test_accessibility import FOCUSED, ring_width, walk
from tests.browser.test_jupyterlab import TRAINING
from tests.chapters.found import EXERCISES
from tools.browser import change_theme, run_all, serious_findings
from tools.run_notebooks import METADATA

OUTPUTS = {
    "import": "import numpy as np\nfrom lecture_lib.chapters import motivation\n"
    "from lecture_lib.chapters.convolution import check, hints, progress\n"
    "from lecture_lib.explore import Picture, draw_grid, show_table, watch\nfrom lecture_lib.practice import ask",
    "guess": 'motivation.guess("M1")',
    "open exercise": EXERCISES["output_size"].stub + "\n\ncheck(output_size)",
    "wrong": "def output_size(n, f, s, p):\n    return n\n\ncheck(output_size)",
    "right": EXERCISES["output_size"].source + "\n\ncheck(output_size)",
    "hints": 'hints("output_size")',
    "progress": "progress()",
    "quiz": "ask(motivation.LARGER_PHOTO)",
    "picture": "Picture(draw_grid(np.arange(16).reshape(4, 4), 'map'), 'Sixteen numbers from 0 to 15, row by row.')",
    "table": 'show_table(["layer", ""], [["C1", "$6$"]])',
    "training": TRAINING.replace("epochs=100", "epochs=2") + "\nwatch(race)",
}


def cell(index):
    return f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}']"


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with every kind of output."""
    browser.set_viewport_size({"width": 1280, "height": 720})
    cells = [nbformat.v4.new_code_cell(source) for source in OUTPUTS.values()]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lab.folder / "outputs.ipynb")
    lab.open(browser, "outputs.ipynb")
    run_all(browser)
    return browser


@pytest.fixture(scope="module", params=["light", pytest.param("dark", marks=pytest.mark.slow)])
def page_of_outputs(notebook, request):
    change_theme(notebook, dark=request.param == "dark")
    yield notebook
    change_theme(notebook, dark=False)


def to_output(page, name):
    index = list(OUTPUTS).index(name)
    page.evaluate("i => window.jupyterapp.shell.currentWidget.content.scrollToItem(i, 'start')", index)
    page.locator(f"{cell(index)} .jp-OutputArea-output").first.wait_for()
    page.wait_for_timeout(200)
    return f"{cell(index)} .jp-OutputArea"


@pytest.mark.parametrize("name", list(OUTPUTS)[1:])
def test_an_output_has_no_serious_finding_folded_or_open(page_of_outputs, name):
    where = to_output(page_of_outputs, name)
    assert serious_findings(page_of_outputs, where) == []
    folds = page_of_outputs.locator(f"{where} details")
    if folds.count():
        folds.evaluate_all("all => all.forEach((each) => { each.open = true; })")
        assert serious_findings(page_of_outputs, where) == []
        folds.evaluate_all("all => all.forEach((each) => { each.open = false; })")


def test_a_fold_is_reached_opened_and_closed_by_keys_and_its_ring_is_seen(page_of_outputs):
    page = page_of_outputs
    where = to_output(page, "hints")
    seen = []
    count, _ = walk(page, where.replace(".jp-OutputArea", ".jp-OutputArea-output"), each=seen.append)
    fold = page.locator(f"{where} details").first
    fold.locator("summary").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    assert focused["tag"] == "SUMMARY"
    assert ring_width(page, focused) >= 1
    for is_open in (True, False):
        page.keyboard.press("Space")
        assert fold.evaluate("each => each.open") is is_open
