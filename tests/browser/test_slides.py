"""Every notebook as slides in a real JupyterLab: run to its end, walked from the first slide to the last, measured."""

import pytest

from tools.browser import ROOT, overflow
from tools.present import copy_notebooks

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
SIZES = {"1280": (1280, 720), "1920": (1920, 1080)}
SLIDE = ".jp-deck-mod-onscreen"


@pytest.fixture(scope="module")
def slides(lab, browser):
    """Open a copy of a notebook as slides; returns the page when every cell has run."""
    copy_notebooks(lab.folder / "slides")

    def slides(name):
        stop(browser)
        lab.open(browser, f"slides/{name}.ipynb")
        browser.evaluate("window.jupyterapp.commands.execute('lecture:present')")
        browser.wait_for_function("/^1 . \\d+$/.test(document.getElementById('lecture-place').textContent)")
        return browser

    yield slides
    stop(browser)


def stop(page):
    """End the slides, if there are any."""
    if page.evaluate("document.body.dataset.jpDeckMode ?? null"):
        page.evaluate("window.jupyterapp.commands.execute('deck:stop')")


def shown(page):
    """The active cell, once the slide it stands on has been fitted and its explorers have drawn themselves."""
    return page.wait_for_function(FITTED).json_value()


FITTED = """() => {
    const active = window.jupyterapp.shell.currentWidget.content.activeCellIndex;
    const views = [...document.querySelectorAll('.jp-deck-mod-visible .lecture-view canvas')];
    const drawn = views.every((view) => view.width > 0 || view.style.display === 'none');
    return Number(document.getElementById('lecture-place')?.dataset.fitted) === active && drawn && { active };
}"""


def press(page, key):
    """Press a key of the remote; returns the active cell after it, or None if it was the last one already."""
    before = shown(page)["active"]
    page.keyboard.press(key)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    after = shown(page)["active"]
    return after if after != before else None


def walk(page, key="PageDown"):
    """The active cell of every slide and fragment, from where the slides stand."""
    active = shown(page)["active"]
    while active is not None:
        yield active
        active = press(page, key)


def cells(page):
    return page.evaluate("window.jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells")


def stops(page):
    """Indices of the cells at which the lecture stops, from the notebook itself."""
    places = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in cells(page)]
    return [index for index, place in enumerate(places) if place in ("slide", "fragment")]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_to_its_end_and_every_slide_fits_a_window_of_either_size(slides, name):
    page = slides(name)
    outputs = [output for cell in cells(page) for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    pictures = ROOT / "build" / "slides" / name
    pictures.mkdir(parents=True, exist_ok=True)
    found = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("Home")
        for number, active in enumerate(walk(page)):
            if problems := overflow(page, SLIDE):
                found[size, number, active] = problems[:3]
            if size == "1280":
                page.screenshot(path=pictures / f"{number:03}.png")
        assert active == stops(page)[-1]
    assert found == {}
    assert page.problems == []
