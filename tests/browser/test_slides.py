"""Every notebook as slides in a real JupyterLab: run to its end, walked from the first slide to the last, measured."""

import os

import nbformat
import pytest

from tests.test_present import shows_an_explorer
from tools.browser import ROOT, change_theme, overflow
from tools.present import copy_notebooks
from tools.run_notebooks import METADATA, clean

NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))
SIZES = {"1280": (1280, 720), "1920": (1920, 1080)}
SLIDE = ".jp-deck-mod-onscreen"
LARGE = NAMES if os.environ.get("SLIDES") == "all" else ["02_convolution"]
"""Decks that are walked through in the large window, too; it shows the same, enlarged as a whole."""


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
    """The active cell, once its slide has been fitted to this window and its explorers have drawn themselves."""
    return page.wait_for_function(FITTED).json_value()


FITTED = """() => {
    const active = window.jupyterapp.shell.currentWidget.content.activeCellIndex;
    const explorers = [...document.querySelectorAll('.jp-deck-mod-visible .lecture')].map((each) => each.explorer);
    const drawn = explorers.every((each) => each.drawn.length === each.get('panels').length);
    const fitted = document.getElementById('lecture-place')?.dataset.fitted === `${[active, innerWidth, innerHeight]}`;
    return fitted && drawn && { active };
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


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_to_its_end_and_shows_every_explorer_on_slides_that_fit_either_window(slides, name):
    page = slides(name)
    outputs = [output for cell in cells(page) for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    pictures = ROOT / "build" / "slides" / name
    pictures.mkdir(parents=True, exist_ok=True)
    explorers = {at for at in stops(page) if shows_an_explorer(cells(page)[at])}
    found, drawn = {}, set()
    for size, (width, height) in list(SIZES.items())[: 1 + (name in LARGE)]:
        page.set_viewport_size({"width": width, "height": height})
        page.keyboard.press("Home")
        for number, active in enumerate(walk(page)):
            drawn |= {active} if page.locator(f"{SLIDE} .lecture").count() else set()
            if problems := overflow(page, SLIDE):
                found[size, number, active] = problems[:3]
            if size == "1280":
                page.screenshot(path=pictures / f"{number:03}.png")
        assert active == stops(page)[-1]
    assert found == {}
    assert drawn >= explorers
    assert page.problems == []


SMALL = (
    ("markdown", "# First\n\nA title.", "slide"),
    ("markdown", "What is said **before** the explorer.", "notes"),
    ("code", "from lecture_lib.chapters.convolution.does_it_fit import does_it_fit\ndoes_it_fit()", "slide"),
    ("code", "print(6 * 7)", "slide"),
    ("code", "hidden = 1", "skip"),
    ("markdown", "## A question", "slide"),
    ("markdown", "It stands on the same slide. " + "Its text is long. " * 8, None),
    ("code", "print('the answer')", "fragment"),
    ("fold", "# Measure: how often\nprint('five times')", "slide"),
    ("markdown", "## Last", "slide"),
)
TITLE, EXPLORER, CODE, QUESTION, ANSWER, FOLD, LAST = 0, 2, 3, 5, 7, 8, 9


@pytest.fixture
def small(lab, page, slides):
    """A small notebook as slides, on its first one."""
    name = f"small-{len(list(lab.folder.glob('small-*')))}"
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    for kind, source, place in SMALL:
        cell = nbformat.v4.new_markdown_cell(source) if kind == "markdown" else nbformat.v4.new_code_cell(source)
        cell.metadata = {"slideshow": {"slide_type": place}} if place else {}
        cell.metadata["tags"] = [kind]
        notebook.cells.append(cell)
    clean(notebook)
    nbformat.write(notebook, lab.folder / f"{name}.ipynb")
    stop(page)
    lab.open(page, f"{name}.ipynb")
    page.evaluate("window.jupyterapp.commands.execute('lecture:present')")
    page.wait_for_function("document.getElementById('lecture-place').textContent === '1 / 6'")
    yield page
    stop(page)
    assert page.problems == []


def to(page, cell):
    """Step forward until the given cell is active."""
    while shown(page)["active"] != cell:
        assert press(page, "PageDown") is not None


def visible(page):
    return page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets.flatMap((cell, at) => cell.node.classList.contains('jp-deck-mod-visible') ? [at] : [])"
    )


@pytest.mark.parametrize(
    "keys",
    [
        ("PageDown", "PageUp"),
        *(
            pytest.param(keys, marks=pytest.mark.slow)
            for keys in [("ArrowRight", "ArrowLeft"), ("ArrowDown", "ArrowUp"), ("Space", "Shift+Space")]
        ),
    ],
)
def test_a_remote_steps_forward_and_back_over_the_same_slides(small, keys):
    forward = list(walk(small, keys[0]))
    assert forward == [TITLE, EXPLORER, CODE, QUESTION, ANSWER, FOLD, LAST]
    assert list(walk(small, keys[1])) == forward[::-1]


@pytest.mark.slow
def test_letters_pressed_on_a_slide_leave_the_notebook_alone(small):
    to(small, CODE)
    before = cells(small)
    for key in ("x", "a", "b", "d", "d", "m", "r", "y", "Shift+M", "Shift+ArrowDown", "v", "z"):
        small.keyboard.press(key)
    assert [(cell["cell_type"], cell["source"]) for cell in cells(small)] == [
        (cell["cell_type"], cell["source"]) for cell in before
    ]
    assert shown(small)["active"] == CODE


@pytest.mark.slow
def test_an_arrow_key_at_either_end_of_an_editor_stays_on_the_slide(small):
    to(small, CODE)
    small.locator(".jp-deck-mod-visible .cm-content").click()
    for end, key in (("Control+Home", "ArrowUp"), ("Control+End", "ArrowDown")):
        small.keyboard.press(end)
        small.keyboard.press(key)
        assert shown(small)["active"] == CODE
        assert small.evaluate("document.activeElement.closest('.jp-deck-mod-visible .cm-content') !== null")


@pytest.mark.slow
def test_code_beside_a_long_text_is_as_large_as_its_own_lines_allow(small):
    to(small, ANSWER)
    size = "parseFloat(getComputedStyle(document.querySelector('.jp-deck-mod-visible.jp-CodeCell .cm-line')).fontSize)"
    assert small.evaluate(size) >= 20


def test_an_answer_is_hidden_until_it_is_its_turn(small):
    to(small, QUESTION)
    assert visible(small) == [QUESTION, QUESTION + 1]
    press(small, "PageDown")
    assert visible(small) == [QUESTION, QUESTION + 1, ANSWER]


def test_of_folded_code_a_slide_shows_what_it_gives_alone(small):
    to(small, FOLD)
    slide = small.locator(".jp-deck-mod-visible")
    assert slide.inner_text().strip() == "five times"
    assert slide.bounding_box()["height"] < 60


def test_a_slider_keeps_the_arrow_keys_and_the_remote_still_steps(small):
    to(small, EXPLORER)
    n = "document.querySelector('.jp-deck-mod-visible .lecture').explorer.state.n"
    before = small.evaluate(n)
    small.locator(".jp-deck-mod-visible input[type=range]").first.focus()
    small.keyboard.press("ArrowRight")
    small.wait_for_function(f"{n} === {before + 1}")
    assert shown(small)["active"] == EXPLORER
    assert press(small, "PageDown") == CODE


@pytest.mark.slow
def test_an_enlarged_explorer_takes_the_pointer_where_it_is(small):
    small.set_viewport_size({"width": 1920, "height": 1080})
    to(small, EXPLORER)
    canvas = small.locator(".jp-deck-mod-visible canvas")
    small.wait_for_function(
        "document.querySelector('.jp-deck-mod-visible canvas').getBoundingClientRect().width > 1500"
    )
    small.wait_for_timeout(300)
    explorer = "document.querySelector('.jp-deck-mod-visible .lecture').explorer"
    last = small.evaluate(f"{explorer}.drawn.at(-1).grid")
    box = canvas.bounding_box()
    scale = box["width"] / canvas.evaluate("(canvas) => canvas.clientWidth")
    assert canvas.evaluate("(canvas) => canvas.width") == pytest.approx(
        box["width"], abs=2
    )  # as sharp as the projector
    small.mouse.move(
        *(edge + scale * (last[axis] + 2.5 * last["cell"]) for edge, axis in ((box["x"], "x"), (box["y"], "y")))
    )
    small.wait_for_function(f"(({{ row, col }}) => row === 2 && col === 2)({explorer}.state)")


def test_a_cell_is_edited_and_run_on_its_slide_and_the_file_stays_as_it_is(small, lab):
    files = {path: path.read_bytes() for path in lab.folder.glob("slides/*.ipynb")}
    to(small, CODE)
    small.locator(".jp-deck-mod-visible .cm-content").click()
    small.keyboard.press("Control+a")
    small.keyboard.insert_text("print(6 * 9)")
    small.keyboard.press("ArrowLeft")
    assert shown(small)["active"] == CODE
    small.keyboard.press("Control+Enter")
    small.locator(".jp-deck-mod-visible .jp-OutputArea").get_by_text("54").wait_for()
    assert files == {path: path.read_bytes() for path in lab.folder.glob("slides/*.ipynb")}


def test_speaker_notes_open_in_a_window_of_their_own_and_follow_the_slides(small):
    with small.expect_popup() as popup:
        small.keyboard.press("n")
    notes = popup.value
    notes.get_by_text("1 / 6").wait_for()
    assert "What is said before the explorer." in notes.inner_text("body")
    notes.get_by_text("Next: from lecture_lib.chapters.convolution.does_it_fit").wait_for()
    press(small, "PageDown")
    notes.get_by_text("2 / 6").wait_for()
    assert "What is said before the explorer." in notes.inner_text("body").split("After it")[0]
    notes.keyboard.press("PageDown")
    assert shown(small)["active"] == CODE
    notes.close()


@pytest.mark.slow
def test_slides_are_readable_from_the_back_row_in_both_themes(small):
    """Prose has a 36th of the height or more, code a 45th."""
    for dark in (True, False):
        change_theme(small, dark)
        for selector, least in ((".jp-RenderedMarkdown p", 20), (".cm-line", 16)):
            to(small, TITLE if "Markdown" in selector else CODE)
            part = small.locator(f".jp-deck-mod-visible {selector}").first
            assert part.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= least
        small.keyboard.press("Home")


def test_the_end_of_the_slides_leaves_the_notebook_as_it_was(small):
    to(small, QUESTION)
    small.keyboard.press("Escape")
    small.wait_for_function("!document.body.dataset.jpDeckMode && !document.getElementById('lecture-place')")
    assert small.locator(".jp-Notebook .jp-MarkdownCell").first.is_visible()
    small.keyboard.press("PageDown")
    assert len(cells(small)) == len(SMALL)
