"""Every notebook as slides with a living Python: run to its end, walked from the first slide to the last, measured."""

import sys

import nbformat
import pytest

from tests.browser.small_stage import SERVE
from tests.test_present import shows_an_explorer
from tools.browser import overflow, serving
from tools.needs import plan
from tools.notebooks import ROOT

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ENDED = """window.lectureLive?.state === 'idle' && !lectureLive.running
    && lectureLive.cells.every(({ shows, slide, state }) => !shows || slide < 0 || state === 'done' || state === 'failed')"""
READY = """() => {
    const slide = document.querySelector('.slide.here');
    const explorers = [...slide.querySelectorAll('.explorer')];
    return slide.dataset.ready === 'yes' && explorers.every((each) => each.querySelector('.lecture')?.explorer);
}"""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def whole(request, page, tmp_path):
    """A notebook's deck on its first slide, every cell run; gives the notebook and the page."""
    path = tmp_path / request.param.name
    path.write_bytes(request.param.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with serving([sys.executable, "-c", SERVE, str(path)], tmp_path) as stage:
            page.goto("about:blank")  # what another test has left there may still ask a server that is gone
            page.problems.clear()
            (deck,) = (tmp_path / "stage" / "slides").glob("*.html")
            page.goto(f"{stage.url}/stage/slides/{deck.name}?token={stage.token}")
            page.wait_for_function(ENDED, timeout=120_000)
            yield nbformat.read(path, as_version=4), page
            page.goto("about:blank")


def test_a_notebook_runs_to_its_end_and_every_explorer_lives_on_a_slide_that_fits(whole):
    notebook, page = whole
    assert page.evaluate("lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))") == []
    found, alive = {}, set()
    for at in range(page.evaluate("lectureDeck.slides.length")):
        page.evaluate(f"lectureDeck.go({at}, Infinity)")
        page.wait_for_function(READY)
        alive |= set(
            page.evaluate(
                """[...document.querySelectorAll('.slide.here [data-cell]')]
                    .flatMap((each) => (each.querySelector('.lecture') ? [each.dataset.cell] : []))"""
            )
        )
        assert not page.evaluate("/\\bassert\\b/.test(document.querySelector('.slide.here').innerText)")
        if problems := overflow(page, ".slide.here .part"):
            found[at + 1] = problems[:3]
    assert found == {}
    shown = {cell["id"] for cell in plan(notebook, "")["cells"] if cell["shows"]}
    assert alive >= {cell.id for cell in notebook.cells if cell.id in shown and shows_an_explorer(cell)}
    assert page.problems == []
