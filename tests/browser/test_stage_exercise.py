"""Two lectures in a row, another one in between: exercises solved with the audience, quizzes pressed, and what was typed stays."""

import json
import sys
from contextlib import contextmanager

import nbformat
import pytest

from tests.browser.small_stage import DONE, SERVE, at, explorer, state
from tests.chapters.found import EXERCISES
from tools import run_notebooks
from tools.browser import serving
from tools.notebooks import ROOT

pytestmark = pytest.mark.slow

CELLS = (
    ("markdown", "# First", "slide"),
    ("fold", "from lecture_lib.chapters import convolution\nfrom lecture_lib.chapters.convolution import check\nfrom lecture_lib.practice import ask", "skip"),
    ("fold", "convolution.does_it_fit()", "slide"),
    ("fold", "ask(convolution.SIZE_WITH_A_REST)", "slide"),
    ("markdown", "## Your turn\n\nWrite this function yourself.", "slide"),
    ("read", EXERCISES["output_size"].stub + "\n\ncheck(output_size)", "skip"),
    ("markdown", "## The end", "slide"),
)  # fmt: skip
FIRST, FIT, QUIZ, TURN, END = range(5)
WRONG, RIGHT = (
    f"def output_size(n, f, s, p): return (n + 2 * p - f) {how} s + 1\n\ncheck(output_size)" for how in ("/", "//")
)
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCell"
EXERCISE = "[...window.jupyterapp.shell.currentWidget.content.widgets].find(({ model }) => model.sharedModel.source.includes('check(output_size)'))"


@pytest.fixture(scope="module")
def lessons(tmp_path_factory):
    """A folder with two notebooks, recorded."""
    folder = tmp_path_factory.mktemp("lessons") / "notebooks"
    folder.mkdir()
    notebook = nbformat.v4.new_notebook(metadata=run_notebooks.METADATA)
    for kind, source, place in CELLS:
        cell = nbformat.v4.new_markdown_cell(source) if kind == "markdown" else nbformat.v4.new_code_cell(source)
        cell.metadata = {"slideshow": {"slide_type": place}, "tags": [kind]}
        notebook.cells.append(cell)
    for name in ("01_one", "02_other"):
        nbformat.write(notebook, folder / f"{name}.ipynb")
        run_notebooks.run(folder / f"{name}.ipynb")
    return folder


@contextmanager
def lecture(page, folder, name):
    """The deck of a notebook on its first slide, as a command of its own starts it, every cell run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        command = [sys.executable, "-c", SERVE, str(folder / f"{name}.ipynb"), "--LabApp.expose_app_in_browser=True"]
        with serving(command, folder) as stage:
            page.goto(f"{stage.url}/stage/slides/{name.partition('_')[0]}.html?token={stage.token}")
            page.wait_for_function(DONE, timeout=60_000)
            yield
            page.goto("about:blank")


def live_coding(page):
    """JupyterLab, as e opens it from the slide of the exercise."""
    page.evaluate(f"lectureDeck.go({TURN})")
    with page.expect_popup() as popup:
        page.keyboard.press("e")
    popup.value.wait_for_function(f"{IDLE} && {EXERCISE} !== undefined", timeout=60_000)
    return popup.value


def check(lab, code):
    """Type a function into the exercise's cell and run it; returns what the check says."""
    lab.evaluate(f"(code) => {{ const cell = {EXERCISE}; cell.model.sharedModel.setSource(code); window.jupyterapp.shell.currentWidget.content.activeCellIndex = window.jupyterapp.shell.currentWidget.content.widgets.indexOf(cell); }}", code)  # fmt: skip
    lab.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    return lab.locator(".jp-OutputArea").get_by_role("status")


def test_an_exercise_is_solved_beside_the_deck_and_stays_over_another_lecture_while_quizzes_are_asked_anew(
    page, lessons
):
    kept = lessons / "present" / "my_progress.json"
    page.goto("about:blank")  # what another test has left there may still ask a server that is gone
    page.problems.clear()
    with lecture(page, lessons, "01_one"):
        explorer(page, QUIZ)
        page.locator(".slide.here").get_by_role("radio").first.check()
        page.wait_for_function("lectureLive.models.size > 1 && document.querySelector('.slide.here .lecture').explorer.get('heard') === document.querySelector('.slide.here .lecture').explorer.get('told')")  # fmt: skip
        answered = state(page)
        lab = live_coding(page)
        lab.wait_for_function(f"{ACTIVE}?.model.sharedModel.source.startsWith('## Your turn')")
        check(lab, WRONG).get_by_text("Likely: the floor is forgotten").wait_for()
        check(lab, RIGHT).get_by_text("output_size is right in all").wait_for()
        lab.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
        lab.close()
        assert at(page) == TURN and "Write this function yourself." in page.locator(".slide.here").inner_text()
        page.keyboard.press("PageUp")
        assert (at(page), state(page)) == (QUIZ, answered)
        assert {name.partition(" ")[0] for line in kept.read_text().splitlines() for name in json.loads(line)} == {
            "quiz",
            "output_size",
        }
    with lecture(page, lessons, "02_other"):
        lab = live_coding(page)
        assert RIGHT not in lab.evaluate(f"{EXERCISE}.model.sharedModel.source")
        lab.close()
    with lecture(page, lessons, "01_one"):
        explorer(page, QUIZ)
        assert state(page)["answer"] is None
        lab = live_coding(page)
        assert lab.evaluate(f"{EXERCISE}.model.sharedModel.source") == RIGHT
        lab.close()
        assert not kept.exists()
    assert [each.name for each in lessons.glob("*.json") if "progress" in each.name] == []
    assert "return" not in (lessons / "01_one.ipynb").read_text("utf-8")
    assert [each for each in page.problems if "WebSocket" not in each] == []
