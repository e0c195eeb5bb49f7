"""One journey in another browser than Chromium: a page from file:// starts its Python, and answers as this process does."""

import pytest

from lecture_lib.chapters import convolution
from tests.browser import firefox, python_page
from tools.site import runtime

pytestmark = pytest.mark.slow

LAB = "[data-cell='c02-002'] .explorer"
EXERCISE = "[data-cell='c02-120']"


@pytest.mark.skipif(not firefox.firefox(), reason="no Firefox (Debian: sudo apt install firefox-esr)")
def test_in_firefox_a_page_from_a_file_starts_python_and_its_explorer_and_code_answer(site):
    if not (site / "assets" / "python.js").exists():
        pytest.skip(runtime.MISSING)
    with firefox.tab() as tab:
        tab.open(f"file://{site}/02_convolution.html")
        tab.click("button.python")
        tab.click("dialog .main")
        tab.wait(f"document.querySelector({LAB!r}).matches('.lives.ready')")
        tab.evaluate(
            f"document.querySelector({LAB!r}).querySelector('input[type=range][title^=\"pixels from one cell\"]').focus()"
        )
        tab.press("ArrowRight")
        lab = f"lectureExplorers.modelAt(document.querySelector({LAB!r}))"
        tab.wait(f"{lab}.get('_state').dilation === 2 && {lab}.get('heard') === {lab}.get('told')")
        twin = convolution.convolution_lab("chelsea", "sobel_x")
        twin.state = {"dilation": 2}
        there = tab.evaluate(f"({python_page.SHOWN})(document.querySelector({LAB!r}))")
        assert python_page.differences(there, python_page.here(twin)) == []
        tab.wait(python_page.RUNS)
        assert tab.evaluate("lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))") == []
        tab.click(f"{EXERCISE} .run")
        tab.wait(f"document.querySelector({EXERCISE + ' .outputs'!r}).innerText.includes('is not written yet')")
        assert [each for each in tab.asked if not each.startswith(("file:", "blob:", "data:"))] == []
        assert tab.problems == []
