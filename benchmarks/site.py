"""The site in a browser: seconds until a page answers, beside an empty page, and what it weighs. Needs ``make site`` before."""

import functools
import http.server
import re
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tools.browser import browser_page
from tools.site.pages import SITE

BOUND, MOST = 2.0, 3e6
_READY = "document.querySelector('[data-explorer]') === null || document.querySelector('.explorer.ready') !== null"


class Row(NamedTuple):
    """One page: seconds until its first explorer answers, those of an empty page, and its bytes beside the shared assets."""

    name: str
    seconds: float
    empty: float
    weight: int


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a web server of ``folder`` on loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def weight(page: Path) -> int:
    """Bytes of a page, its data and its pictures."""
    pictures = {page.parent / each for each in re.findall(r"pictures/[\w.]+", page.read_text())}
    return sum(each.stat().st_size for each in (page, page.with_suffix(".data.js"), *pictures))


def seconds_to_open(browser, url: str) -> float:
    """Seconds until a page's first explorer answers, in a context that has nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    try:
        page = context.new_page()
        start = time.perf_counter()
        page.goto(url)
        page.wait_for_function(_READY, timeout=60_000)
        return time.perf_counter() - start
    finally:
        context.close()


def measure() -> Iterator[Row]:
    """Each page five times, in turns with an empty one."""
    pages = sorted(SITE.glob("0*.html"))
    if not pages:
        raise SystemExit("There is no site yet: make site")
    with browser_page() as page, served(SITE) as site, tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.html").write_text("<!doctype html><title>empty</title>")
        browser = page.context.browser
        with served(Path(folder)) as nothing:
            for each in pages:
                pairs = [
                    (seconds_to_open(browser, f"{site}/{each.name}"), seconds_to_open(browser, nothing))
                    for _ in range(5)
                ]
                yield Row(each.name, *(median(column) for column in zip(*pairs, strict=True)), weight(each))
