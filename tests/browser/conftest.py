"""Fixtures that need Chromium; without it these tests are skipped."""

import os
import re
from pathlib import Path

import pytest

from tests.browser import small_stage
from tests.browser.small_deck import make, ready
from tests.explore.host import html
from tools.browser import HOW_TO_GET_CHROMIUM, browser_page, chromium, jupyterlab
from tools.site.__main__ import build
from tools.site.pages import SITE

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    if not chromium():
        for item in items:
            if item.path.is_relative_to(HERE):
                item.add_marker(pytest.mark.skip(reason=f"no chromium: {HOW_TO_GET_CHROMIUM}"))


@pytest.fixture(scope="session")
def browser():
    """One page of one Chromium for all tests of a worker; Playwright allows one at a time."""
    with browser_page() as page:
        yield page


@pytest.fixture
def page(browser):
    """The page, with its list of console errors emptied."""
    browser.problems.clear()
    browser.set_viewport_size({"width": 1280, "height": 720})
    return browser


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """One JupyterLab for all tests of a worker, in an empty folder."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def shown(page, tmp_path):
    """Lets a test put explorers on a page; gives the page."""

    def show(*explorers, **how):
        path = tmp_path / "page.html"
        path.write_text(html(*explorers, **how), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_function(
            "document.title === 'ready' && explorers.every((each) => each.width || !each.get(\"panels\").length)"
        )
        return page

    yield show
    assert page.problems == []


@pytest.fixture
def offline(page):
    """Opens a file of the site with the network blocked; at the end nothing was asked for and nothing failed."""
    asked = []
    page.goto("about:blank")  # what stood there may still ask for something
    page.problems.clear()
    page.context.set_offline(True)
    page.route(re.compile("^(https?|wss?):"), lambda route: (asked.append(route.request.url), route.abort()))

    def open_(path, anchor=""):
        page.goto(f"file://{path}{anchor}")
        return page

    yield open_
    page.unroute_all()
    page.context.set_offline(False)
    page.goto("about:blank")
    assert asked == [] and page.problems == []


@pytest.fixture(scope="session")
def site():
    """The whole site, made of the notebooks as they are: once, by the first of all workers that needs it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if not run:
        return build()
    import fcntl  # noqa: PLC0415  where tests run side by side there is one

    SITE.parent.mkdir(exist_ok=True)
    with open(SITE.with_name("site.made_in"), "a+") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        made.seek(0)
        if made.read() != run:
            build()
            made.truncate(0)
            made.write(run)
    return SITE


@pytest.fixture(scope="session")
def small_deck(tmp_path_factory):
    """The file of a small deck without Python."""
    return make(tmp_path_factory.mktemp("deck"))


@pytest.fixture
def deck(offline, small_deck):
    """The small deck on its first slide, as if nobody had been there."""
    page = offline(small_deck)
    page.evaluate("sessionStorage.clear()")
    page.reload()
    ready(page)
    return page


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """The small notebook of the stage, in a folder of its own."""
    return small_stage.record(tmp_path_factory.mktemp("stage"))


@pytest.fixture(scope="module")
def stage(recorded):
    """A server that shows it, live."""
    with small_stage.show(recorded) as running:
        yield running


@pytest.fixture
def live(stage, page):
    """The deck on its first slide as if nobody had been there, every cell run."""
    page.goto(f"{stage.url}/stage/slides/small.html?token={stage.token}")
    page.evaluate("sessionStorage.clear(); localStorage.clear(); lectureLive.write = () => null; 0")
    page.goto("about:blank")
    page.problems.clear()
    page.goto(f"{stage.url}/stage/slides/small.html")
    page.wait_for_function(small_stage.DONE, timeout=60_000)
    yield page
    assert [each for each in page.problems if "WebSocket" not in each] == []
    page.goto("about:blank")
