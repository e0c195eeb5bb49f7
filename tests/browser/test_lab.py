"""The notebooks and explorers in a real JupyterLab: mouse, keyboard, upload, screen-reader names."""

import shutil

import nbformat
import pytest

from tools.browser import ROOT, run_all, scroll_to_explorer
from tools.run_notebooks import METADATA

EXPLORERS = {}

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def open_cells(lab, page, *sources):
    """A new notebook of the given cells, opened and run, with its explorers drawn."""
    name = f"{len(list(lab.folder.glob('*.ipynb')))}.ipynb"  # a new name, or JupyterLab asks about the changed file
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=METADATA), lab.folder / name)
    lab.open(page, name)
    run_all(page)
    # After many cells the first explorer has left the page's window, and nothing draws it there.
    page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(0, 'start')")
    page.wait_for_function("document.querySelector('.lecture-view canvas')?.lecture?.explorer")


@pytest.fixture
def show(lab, page):
    """Open a notebook with the given cells and run it."""

    def show(*sources):
        open_cells(lab, page, *sources)
        page.wait_for_timeout(200)
        return page

    yield show
    assert page.problems == []


@pytest.fixture(scope="module")
def gallery(lab, browser):
    """A notebook with one cell for every explorer."""
    open_cells(lab, browser, *EXPLORERS.values())
    return browser


@pytest.fixture
def explorer(gallery):
    """Scroll to one explorer of the gallery; returns its element."""

    def explorer(name):
        index = list(EXPLORERS).index(name)
        scroll_to_explorer(gallery, index)
        return gallery.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{index}'] .lecture-explorer")

    return explorer


def model(page, name):
    return page.evaluate("name => document.querySelector('.lecture-view canvas').lecture.model.get(name)", name)


def readout(page):
    return page.locator(".lecture-readout").first.inner_text()


def source_of(page, index):
    return page.evaluate(
        "i => window.jupyterapp.shell.currentWidget.content.widgets[i].model.sharedModel.source", index
    )


def output_text(page, source):
    """Run ``source`` in a new cell at the end and return what it printed."""
    page.evaluate(
        """async (source) => {
            const panel = window.jupyterapp.shell.currentWidget, notebook = panel.content;
            notebook.activeCellIndex = notebook.widgets.length - 1;
            await window.jupyterapp.commands.execute('notebook:insert-cell-below');
            notebook.activeCell.model.sharedModel.setSource(source);
            await window.jupyterapp.commands.execute('notebook:run-cell');
        }""",
        source,
    )
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCell.outputArea.model.toJSON()[0]?.text")


# Sliders that say something else to a screen reader than what is read beside them.
NOT_AS_SHOWN = """(e) => [...e.querySelectorAll('.widget-inline-hbox')].flatMap((control) => {
    const [handle, shown] = [control.querySelector('[role=slider]'), control.querySelector('.widget-readout')?.textContent];
    return handle && shown && handle.ariaValueText !== shown ? [`${shown}: ${handle.outerHTML}`] : [];
})"""


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_every_control_has_a_name_for_screen_readers(explorer, name):
    unnamed = explorer(name).evaluate("""(e) =>
        [...e.querySelectorAll('select, input, [role=slider], canvas')].filter((c) => c.offsetParent && c.type !== 'file'
            && !c.getAttribute('aria-label') && !c.labels?.[0]?.textContent).map((c) => c.outerHTML)""")
    assert unnamed == []
    assert explorer(name).evaluate(NOT_AS_SHOWN) == []
    assert explorer(name).locator("[role=status]").count() == 1
    bare = "(all) => all.filter((b) => b.offsetParent && !b.getAttribute('aria-label') && !b.textContent.trim()).length"
    assert explorer(name).locator("button").evaluate_all(bare) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_fits_a_slide_and_the_width_of_the_page(explorer, name):
    element = explorer(name)
    for width in (1280, 1000):
        element.page.set_viewport_size({"width": width, "height": 720})
        element.page.wait_for_timeout(200)
        inside, needed, height = element.evaluate(
            "e => [e.clientWidth, e.scrollWidth, e.getBoundingClientRect().height]"
        )
        assert needed <= inside + 1
        assert height <= 600
    element.page.set_viewport_size({"width": 1280, "height": 720})


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
