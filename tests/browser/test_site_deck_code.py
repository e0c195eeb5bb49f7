"""Code on a deck of the site, with Python in it; and what a reader who cannot see well gets of pages whose Python runs."""

import pytest

from tests.browser.python_page import RUNS
from tools.browser import serious_findings
from tools.site import runtime

pytestmark = pytest.mark.slow

CELL = "[data-cell='c02-008']"


def opened(offline, site, path):
    if not (site / "assets" / "python.js").exists():
        pytest.skip(runtime.MISSING)
    page = offline(site / path)
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.reload()
    return page


def in_both_themes(page, within):
    found = []
    for theme in ("dark", "light"):
        page.evaluate("theme => lectureTheme.show(theme)", theme)
        found += serious_findings(page, within)
    return found


def test_code_on_a_slide_is_changed_and_run_and_after_escape_keys_are_the_slides(site, offline):
    page = opened(offline, site, "slides/02.html")
    at = page.evaluate(f"lectureDeck.slides.findIndex((each) => each.querySelector({CELL!r}))")
    page.evaluate("at => lectureDeck.go(at)", at)
    page.locator(f"{CELL} pre").first.click()
    page.locator(f"{CELL} .cm-content").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("print('from', 'a', 'slide')")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+Enter")
    page.locator("dialog .main").click()
    page.wait_for_function(
        f"document.querySelector({CELL + ' .outputs'!r})?.innerText === 'from a slide'", timeout=120_000
    )
    assert page.evaluate("lectureDeck.at") == at
    assert in_both_themes(page, ".slide.here") == []
    page.locator(f"{CELL} .cm-content").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    assert page.evaluate("lectureDeck.at") == 0
    page.reload()
    assert "slide" not in page.evaluate(f"document.querySelector({CELL + ' pre'!r}).textContent")


def test_a_page_with_python_has_no_serious_findings_in_either_theme(site, offline):
    page = opened(offline, site, "00_start_here.html")
    page.locator("button.python").click()
    assert in_both_themes(page, "dialog") == []
    page.locator("dialog .main").click()
    page.locator(".python-strip progress").wait_for()
    assert in_both_themes(page, ".python-strip") == []
    page.wait_for_function(RUNS, timeout=180_000)
    page.locator("[data-cell='c00-005'] pre").first.click()
    page.locator("[data-cell='c00-005'] .cm-content").wait_for()
    assert in_both_themes(page, "body") == []
