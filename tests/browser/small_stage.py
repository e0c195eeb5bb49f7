"""A small notebook on stage, for tests of what a lecturer does there and of what breaks."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest

from tests.hall import ON_LOOPBACK
from tools import run_notebooks
from tools.browser import serving
from tools.notebooks import ROOT

CELLS = (
    ("markdown", "# First\n\nA title.", "slide"),
    ("markdown", "[0:00] **Say.** (a) Good morning.", "notes"),
    (
        "fold",
        "# Set-up\nfrom lecture_lib import practice\nfrom lecture_lib.chapters import convolution as chapter\nimport os",
        "skip",
    ),
    ("fold", "chapter.inception_branch()", "slide"),
    ("markdown", "[1:00] **Say.** (a) Look.\n\n**Expect.** Four branches.", "notes"),
    ("markdown", "## Numbers", "slide"),
    ("markdown", "[30:00] **Say.** (a) Count.", "notes"),
    ("read", "count = 6 * 7\nprint(count)", None),
    ("read", "shown = display({'text/plain': 'shown first'}, raw=True, display_id=True)", "fragment"),
    ("fold", "shown.update({'text/plain': 'shown later'}, raw=True)", "skip"),
    ("read", "print('more of it', shown is not None)", "fragment"),
    ("fold", "assert 'ON_STAGE' not in os.environ, 'made to fail'\nprint('recorded before')", "slide"),
    ("check", "assert 'ON_STAGE' not in os.environ, 'nobody runs a check on stage'", "skip"),
    ("fold", "chapter.does_it_fit()", "slide"),
    ("fold", "chapter.inception_branch().scripted({'kernel': 3}, {'depth': 512})", "slide"),
    ("markdown", "## A poll", "slide"),
    ("fold", "practice.vote(chapter.BOX_BLUR)", None),
    ("fold", "practice.ask(chapter.MOVE_DOWN)", "slide"),
)
TITLE, BRANCH, NUMBERS, FAILS, FIT, SCRIPTED, POLL, QUIZ = range(8)
SERVE = f"""
import sys
from pathlib import Path
from tools.stage import server
from tools.stage.deck import build
from tools.stage.server import serve
server.ROOM = [sys.executable, "-c", {ON_LOOPBACK!r}]
notebook = Path(sys.argv[1])
serve(build(notebook, notebook.parent / "stage"), notebook, sys.argv[2:]).start()
"""


def record(folder):
    """The notebook of CELLS in a folder, recorded before."""
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


@contextmanager
def show(path):
    """A server that shows the small deck, on any port."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("ON_STAGE", "yes")
        command = [sys.executable, "-c", SERVE, str(path), "--LabApp.expose_app_in_browser=True"]
        with serving(command, path.parent) as running:
            yield running


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
    """What the explorer says, also where its slide is so full that the sentence is left for full screen."""
    return page.locator(".slide.here .lecture-readout").text_content()


def strip(page):
    return page.locator(".live-strip").text_content()


def state(page):
    return page.evaluate("document.querySelector('.slide.here .lecture').explorer.state")
