"""A deck live on stage: what is shown first, explorers that Python answers, and what happens when something breaks."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest

from tools import run_notebooks
from tools.browser import ROOT, serving

pytestmark = pytest.mark.slow

CELLS = (
    ("markdown", "# First\n\nA title.", "slide"),
    ("fold", "# Set-up\nfrom lecture_lib.chapters import convolution as chapter\nimport os", "skip"),
    ("fold", "chapter.inception_branch()", "slide"),
    ("markdown", "## Numbers", "slide"),
    ("read", "count = 6 * 7\nprint(count)", None),
    ("read", "shown = display({'text/plain': 'shown first'}, raw=True, display_id=True)", "fragment"),
    ("fold", "shown.update({'text/plain': 'shown later'}, raw=True)", "skip"),
    ("read", "print('more of it', shown is not None)", "fragment"),
    ("fold", "assert 'ON_STAGE' not in os.environ, 'made to fail'\nprint('recorded before')", "slide"),
    ("check", "assert 'ON_STAGE' not in os.environ, 'nobody runs a check on stage'", "skip"),
    ("fold", "chapter.does_it_fit()", "slide"),
    ("fold", "chapter.inception_branch().scripted({'kernel': 3}, {'depth': 512})", "slide"),
)
TITLE, BRANCH, NUMBERS, FAILS, FIT, SCRIPTED = range(6)
SERVE = """
import sys
from pathlib import Path
from tools.stage.deck import build
from tools.stage.server import serve
notebook = Path(sys.argv[1])
serve(build(notebook, notebook.parent / "stage"), notebook, sys.argv[2:]).start()
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The notebook of CELLS, recorded before, in a folder of its own."""
    folder = tmp_path_factory.mktemp("stage")
    path = folder / "small.ipynb"
    notebook = nbformat.v4.new_notebook(metadata=run_notebooks.METADATA)
    for kind, source, place in CELLS:
        cell = nbformat.v4.new_markdown_cell(source) if kind == "markdown" else nbformat.v4.new_code_cell(source)
        cell.metadata = {"slideshow": {"slide_type": place}} if place else {}
        cell.metadata["tags"] = [kind]
        notebook.cells.append(cell)
    nbformat.write(notebook, path)
    run_notebooks.run(path)
    return path


@pytest.fixture(scope="module")
def stage(small):
    """A server that shows the small deck."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("ON_STAGE", "yes")
        command = [sys.executable, "-c", SERVE, str(small), "--LabApp.expose_app_in_browser=True"]
        with serving(command, small.parent) as running:
            yield running


@pytest.fixture
def deck(stage, page):
    """The deck on its first slide as if nobody had been there, every cell run."""
    page.goto(f"{stage.url}/stage/slides/small.html?token={stage.token}")
    page.evaluate("sessionStorage.clear(); localStorage.clear(); lectureLive.write = () => null; 0")
    page.goto("about:blank")
    page.problems.clear()
    page.goto(f"{stage.url}/stage/slides/small.html")
    page.wait_for_function(DONE, timeout=60_000)
    yield page
    assert [each for each in page.problems if "WebSocket" not in each] == []
    page.goto("about:blank")


DONE = "window.lectureLive?.state === 'idle' && !lectureLive.reviving && lectureLive.models.size > 1 && lectureLive.strip.dataset.left === '0' && !lectureLive.running"
KILL = (
    "lectureLive.kernel.run('import os, signal; os.kill(os.getpid(), signal.SIGKILL)').catch((error) => error.message)"
)


def at(page):
    """The number of the slide that is shown, from 0."""
    return page.evaluate("lectureDeck.slides.findIndex((each) => each.classList.contains('here'))")


def explorer(page, slide):
    """Go to a slide, and wait for its living explorer."""
    page.evaluate(f"lectureDeck.go({slide})")
    page.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    return page.locator(".slide.here .lecture")


def move(page, label, key="ArrowRight"):
    page.locator(".slide.here .lecture").get_by_label(label, exact=True).first.focus()
    page.keyboard.press(key)


def answered(page):
    """Wait until Python has heard and answered all that this explorer has told."""
    page.wait_for_function(
        """() => {
            const { explorer } = document.querySelector('.slide.here .lecture');
            return explorer.timer === undefined && explorer.get('heard') === explorer.get('told');
        }"""
    )


def words(page):
    return page.locator(".slide.here .lecture-words").inner_text()


def strip(page):
    return page.locator(".live-strip").text_content()


def state(page):
    return page.evaluate("document.querySelector('.slide.here .lecture').explorer.state")


def test_who_has_no_token_is_asked_for_it(stage):
    for token, seen in (("", False), (f"?token={stage.token}", True)):
        with urllib.request.urlopen(f"{stage.url}/stage/slides/small.html{token}") as answer:  # noqa: S310 - loopback only
            assert (b'class="slide"' in answer.read()) == seen


def test_a_deck_has_one_python_which_was_started_before_the_page(deck, stage):
    with urllib.request.urlopen(f"{stage.url}/api/kernels?token={stage.token}") as answer:  # noqa: S310 - loopback only
        assert [each["id"] for each in json.load(answer)] == [deck.evaluate("lectureLive.kernel.id")]


def test_an_explorer_that_needs_python_answers_on_its_slide(deck):
    explorer(deck, BRANCH)
    before, told = words(deck), state(deck)["filters"]
    move(deck, "filters")
    deck.wait_for_function(
        "(before) => document.querySelector('.slide.here .lecture-words').innerText !== before", arg=before
    )
    answered(deck)
    assert state(deck)["filters"] == told + 1
    assert strip(deck) == ""


def test_what_a_cell_gives_stands_where_it_was_recorded_and_is_brought_up_to_date(deck):
    deck.evaluate(f"lectureDeck.go({NUMBERS}, Infinity)")
    assert [each.strip() for each in deck.locator(".slide.here .outputs").all_inner_texts()] == [
        "42",
        "shown later",
        "more of it True",
    ]
    deck.evaluate("""lectureLive.kernel.run("shown.update({'text/plain': 'shown last'}, raw=True)")""")
    deck.locator(".slide.here").get_by_text("shown last").wait_for()


def test_a_cell_that_fails_leaves_what_was_recorded_and_only_a_line_in_the_corner_says_so(deck):
    assert strip(deck) == ""
    deck.evaluate(f"lectureDeck.go({FAILS})")
    assert deck.locator(".slide.here").inner_text().strip() == "recorded before"
    assert strip(deck) == "A cell stopped, the slide shows what was recorded. AssertionError: made to fail"
    deck.evaluate(f"lectureDeck.go({FIT})")
    assert strip(deck) == ""
    assert deck.evaluate("lectureLive.cells.filter((each) => each.state === 'failed').length") == 1  # and no check


def test_enter_double_click_escape_and_typed_letters_break_nothing(deck):
    explorer(deck, BRANCH)
    answered(deck)
    before = deck.evaluate(
        "[document.querySelector('.slide.here').innerText, lectureLive.kernel.id, lectureLive.models.size]"
    )
    for key in ("Enter", "Escape", "x", "d", "d", "a", "b", "m", "y", "z", "0", "0", "i", "r", "Delete", "Shift+Enter"):
        deck.keyboard.press(key)
    deck.mouse.dblclick(640, 15)
    deck.wait_for_timeout(300)
    assert at(deck) == BRANCH
    assert before == deck.evaluate(
        "[document.querySelector('.slide.here').innerText, lectureLive.kernel.id, lectureLive.models.size]"
    )
    move(deck, "filters")
    answered(deck)


def test_presses_take_an_explorer_to_states_that_python_computes_and_a_reload_stays_there(deck):
    explorer(deck, SCRIPTED)
    said = [words(deck)]
    for _ in range(2):
        deck.keyboard.press("PageDown")
        answered(deck)
        said.append(words(deck))
    assert at(deck) == SCRIPTED and len(set(said)) == 3
    stands = state(deck)
    deck.reload()
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    assert (at(deck), state(deck), words(deck)) == (SCRIPTED, stands, said[2])
    deck.wait_for_function(DONE)
    for before in (said[1], said[0]):
        deck.keyboard.press("PageUp")
        answered(deck)
        assert words(deck) == before
    deck.keyboard.press("PageUp")
    assert at(deck) == FIT


def test_a_reload_returns_to_its_slide_with_explorers_as_they_stood_and_the_same_python(deck):
    explorer(deck, FIT)
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    deck.evaluate("lectureLive.kernel.run('kept = 1')")
    stands, said = state(deck), words(deck)
    deck.reload()
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    assert (at(deck), state(deck), words(deck)) == (BRANCH, stands, said)
    deck.wait_for_function(DONE)
    assert deck.evaluate("lectureLive.kernel.run('kept').then(({ status }) => status)") == "ok"
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said


def test_a_reload_shows_as_much_of_a_slide_as_was_shown(deck):
    deck.evaluate(f"lectureDeck.go({NUMBERS})")
    deck.keyboard.press("PageDown")
    hidden = "document.querySelectorAll('.slide.here .part.later').length"
    assert deck.evaluate(hidden) == 1
    deck.reload()
    deck.wait_for_function("window.lectureLive")
    assert (at(deck), deck.evaluate(hidden)) == (NUMBERS, 1)


def test_a_dead_python_is_told_in_words_and_one_key_brings_it_back_with_explorers_as_they_stood(deck):
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    stands, said = state(deck), words(deck)
    assert deck.evaluate(KILL) == "Python stopped"
    deck.wait_for_function(
        "document.querySelector('.live-strip').textContent.startsWith('Python has stopped. Press r')"
    )
    assert (state(deck), words(deck)) == (stands, said)
    deck.keyboard.press("PageDown")  # the slides go on meanwhile
    deck.keyboard.press("PageUp")
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("r")
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert (state(deck), words(deck), strip(deck)) == (stands, said, "")
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said
    deck.problems.clear()


def test_a_dead_python_found_by_a_reload_comes_back_with_explorers_as_they_stood(deck):
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)
    stands = state(deck)
    deck.evaluate(KILL)
    deck.wait_for_function("lectureLive.state === 'restarted'")
    deck.reload()
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert state(deck) == stands


def test_a_python_that_somebody_else_has_started_anew_is_told_in_words_and_comes_back_likewise(deck, stage):
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)
    stands = state(deck)
    restart = f"{stage.url}/api/kernels/{deck.evaluate('lectureLive.kernel.id')}/restart"
    request = urllib.request.Request(restart, method="POST", headers={"Authorization": f"token {stage.token}"})  # noqa: S310 - loopback only
    urllib.request.urlopen(request).close()  # noqa: S310
    move(deck, "filters", "ArrowLeft")
    deck.wait_for_function("lectureLive.state === 'restarted'")
    assert strip(deck).startswith("Python has stopped. Press r")
    move(deck, "filters")
    deck.evaluate("document.activeElement.blur()")
    deck.keyboard.press("r")
    deck.wait_for_function(DONE, timeout=60_000)
    explorer(deck, BRANCH)
    answered(deck)
    assert state(deck) == stands


def test_a_new_tab_of_the_same_python_goes_on_where_the_one_that_crashed_was(deck):
    explorer(deck, BRANCH)
    for _ in range(3):
        move(deck, "filters")
    answered(deck)
    stands, said, address = state(deck), words(deck), deck.url.partition("#")[0]
    deck.evaluate("lectureLive.write(); sessionStorage.clear(); lectureLive.write = () => null; 0")
    deck.goto("about:blank")
    deck.goto(address)
    deck.wait_for_function("document.querySelector('.slide.here .lecture')?.explorer")
    deck.wait_for_function(DONE)
    assert (at(deck), state(deck), words(deck)) == (BRANCH, stands, said)


def test_a_lost_connection_is_taken_up_again(deck):
    explorer(deck, BRANCH)
    deck.evaluate("lectureLive.kernel.socket.close()")
    deck.wait_for_function(DONE)
    said = words(deck)
    move(deck, "filters")
    answered(deck)
    assert words(deck) != said


def test_a_long_cell_is_stopped_by_one_key_and_the_explorers_live_on(deck):
    deck.evaluate("window.slept = lectureLive.kernel.run('import time; time.sleep(100)').then(({ ename }) => ename); 0")
    deck.wait_for_timeout(500)
    deck.keyboard.press("Shift+I")
    assert deck.evaluate("slept") == "KeyboardInterrupt"
    explorer(deck, BRANCH)
    move(deck, "filters")
    answered(deck)


# ---------------------------------------------------------------- live coding


@pytest.fixture
def lab(deck):
    """JupyterLab as e opens it from the slide with numbers."""
    deck.evaluate(f"lectureDeck.go({NUMBERS})")
    with deck.expect_popup() as popup:
        deck.keyboard.press("e")
    popup.value.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
    )
    yield popup.value
    popup.value.close()


ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCell"


def leads_to(deck, lab, slide):
    """Wait until JupyterLab stands at the first code of a slide."""
    (wanted,) = deck.evaluate(f"[lectureLive.cells.find((each) => each.slide === {slide}).id]")
    lab.wait_for_function(f"(wanted) => {ACTIVE}?.model.id === wanted", arg=wanted)


def test_one_key_opens_the_slides_code_in_jupyterlab_with_the_same_python_and_what_is_saved_there_stays(
    deck, lab, stage
):
    leads_to(deck, lab, NUMBERS)
    kernel = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
    assert lab.evaluate(kernel) == deck.evaluate("lectureLive.kernel.id")
    lab.evaluate(f"{ACTIVE}.model.sharedModel.setSource('typed = 6 * 9\\nprint(typed)')")
    lab.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    lab.locator(".jp-OutputArea").get_by_text("54").wait_for()
    lab.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    assert deck.evaluate("lectureLive.kernel.run('assert typed == 54').then(({ status }) => status)") == "ok"
    assert "typed = 6 * 9" in (stage.folder / "present" / "small.ipynb").read_text("utf-8")
    assert "typed" not in (stage.folder / "small.ipynb").read_text("utf-8")


def test_the_same_key_leads_the_open_jupyterlab_to_the_slide_that_is_shown_now(deck, lab):
    leads_to(deck, lab, NUMBERS)
    lab.evaluate(f"{ACTIVE}.model.sharedModel.setSource('typed = 1')")
    deck.evaluate(f"lectureDeck.go({FIT})")
    deck.keyboard.press("e")
    leads_to(deck, lab, FIT)
    sources = "[...window.jupyterapp.shell.currentWidget.content.model.cells].map((each) => each.sharedModel.source)"
    assert "typed = 1" in lab.evaluate(sources)
    lab.evaluate("window.jupyterapp.shell.currentWidget.context.revert()")  # or it would ask before it closes


# ---------------------------------------------------------------- a server that dies


@contextmanager
def served(path, own):
    """The small deck on its own port with its own token, as the command starts it; gives the process and the address."""
    kept = path.parent / "stage.json"
    places = {f"JUPYTER_{name}_DIR": f"{own}/{name}" for name in ("CONFIG", "RUNTIME", "DATA")}
    command = [sys.executable, "-c", SERVE, str(path), "--no-browser", "--allow-root"]
    environment = os.environ | places | {"PYTHONPATH": str(ROOT), "ON_STAGE": "yes"}
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            while True:
                try:
                    said = json.loads(kept.read_text())
                    url = f"http://127.0.0.1:{said['port']}"
                    urllib.request.urlopen(f"{url}/api?token={said['token']}").close()  # noqa: S310 - loopback only
                    break
                except (OSError, ValueError):  # not there yet
                    assert process.poll() is None
                    time.sleep(0.1)
            yield process, f"{url}/stage/slides/small.html?token={said['token']}"
        finally:
            process.kill()


def test_a_server_killed_and_started_again_is_found_by_the_open_tab_with_explorers_as_they_stood(small, page, tmp_path):
    with served(small, tmp_path) as (_, address):
        page.goto(address)
        page.wait_for_function(DONE, timeout=60_000)
        explorer(page, BRANCH)
        for _ in range(3):
            move(page, "filters")
        answered(page)
        stands, said = state(page), words(page)
    page.wait_for_function("lectureLive.state === 'lost'")
    assert strip(page).startswith("No connection to Python")
    page.keyboard.press("PageDown")  # the slides go on meanwhile
    page.keyboard.press("PageUp")
    with served(small, tmp_path) as (_, again):
        assert again == address
        page.wait_for_function(DONE, timeout=60_000)
        explorer(page, BRANCH)
        answered(page)
        assert (state(page), words(page), strip(page)) == (stands, said, "")
        move(page, "filters")
        answered(page)
        assert words(page) != said
        page.goto("about:blank")
    page.problems.clear()
