"""Fixtures that need Chromium; without it these tests are skipped, but not in CI."""

import os
from pathlib import Path

import pytest

from tools.browser import HOW_TO_GET_CHROMIUM, browser_page, chromium, jupyterlab

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config, items):
    mine = [item for item in items if item.path.is_relative_to(HERE)]
    if not mine or chromium():
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError(f"CI needs chromium for the browser tests: {HOW_TO_GET_CHROMIUM}")
    config.stash[_SKIPPED] = len(mine)
    for item in mine:
        item.add_marker(pytest.mark.skip(reason="no chromium"))


_SKIPPED = pytest.StashKey[int]()


def pytest_terminal_summary(terminalreporter, config):
    if count := config.stash.get(_SKIPPED, 0):
        terminalreporter.write_line(f"{count} browser tests were skipped, for lack of chromium: {HOW_TO_GET_CHROMIUM}.")


@pytest.fixture(scope="session")
def browser():
    """One page of one Chromium for all tests; Playwright allows one at a time."""
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
    """One JupyterLab for all tests, in an empty folder."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as running:
        yield running
