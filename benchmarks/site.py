"""The site in a browser: seconds until a page answers, beside an empty page, what it weighs, and its Python. Needs ``make site`` before."""

import functools
import http.server
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from playwright.sync_api import Locator, Page

from tools.browser import browser_page
from tools.site.pages import SITE

from . import latency

BOUND, MOST = 2.0, 3e6
REST = 30_000
"""Milliseconds after which a browser has given back what nobody holds."""
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


_LIVES = "document.querySelector('.explorer.lives.ready') !== null"
_ALL = "lectureLive.state === 'idle' && !lectureLive.running && lectureLive.strip.dataset.left === '0'"
_CAME = "performance.getEntries().reduce((sum, { encodedBodySize = 0 }) => sum + encodedBodySize, 0)"
_PAD, _LAB, _FILM = "[data-cell='c00-001']", "[data-cell='c02-002']", "[data-cell='n06-025']"
_LEARNED = """(place) => {
  const model = lectureExplorers.modelAt(place);
  if (model.get("_state").training !== 0) return null;
  const { data, dtype } = model.get("arrays").aside;
  const Kind = { float32: Float32Array, float64: Float64Array }[dtype];
  return new Kind(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)).at(-1);
}"""


class Alive(NamedTuple):
    """A page with Python: seconds from its start until the first explorer in sight and until all of them are Python's, bytes
    that came until that first one, and bytes of memory at the end, see :func:`footprint`."""

    name: str
    first: float
    every: float
    came: float
    memory: float


def started(page: Page, address: str) -> tuple[float, float, float]:
    """Open a page and start its Python: when it was asked to, seconds until the first explorer, bytes that came until then."""
    page.goto(address)
    page.wait_for_function(_READY)
    begin = time.perf_counter()
    page.evaluate("() => void lectureLive.start()")
    page.wait_for_function(_LIVES, timeout=120_000)
    return begin, time.perf_counter() - begin, page.evaluate(_CAME)


def alive() -> Iterator[Alive]:
    """Each page with Python, in a context that has nothing cached."""
    with browser_page() as page, served(SITE) as site:
        browser = page.context.browser
        for each in sorted(SITE.glob("0*.html")):
            context = browser.new_context(viewport={"width": 1280, "height": 720})
            try:
                page = context.new_page()
                begin, first, came = started(page, f"{site}/{each.name}")
                page.wait_for_function(_ALL, timeout=300_000)
                yield Alive(each.name, first, time.perf_counter() - begin, came, footprint(page))
            finally:
                context.close()


def python() -> Iterator[tuple[str, float, str, str]]:
    """What else Python inside a page does: what, how much, its bound, unit."""
    with browser_page() as page, served(SITE) as site:
        for visit, bound in (("first visit", "≤ 10"), ("second visit", "≤ 5")):
            yield f"first explorer of 00, {visit}", started(page, f"{site}/00_start_here.html")[1], bound, "s"
            page.wait_for_function(_ALL, timeout=300_000)
        yield from _moved(page, _PAD, "from a stroke to LeNet-5's bars", _strokes)
        started(page, f"{site}/02_convolution.html")
        page.wait_for_function(_ALL, timeout=300_000)
        yield from _moved(page, _LAB, "a kernel's weight, typed", _weights)
        started(page, f"{site}/06_lenet_alexnet.html")
        page.wait_for_function(_ALL, timeout=300_000)
        film = page.locator(f"{_FILM} .explorer")
        film.scroll_into_view_if_needed()
        film.get_by_role("button", name="Train here").click()
        film.get_by_role("button", name="Stop").wait_for()
        start = time.perf_counter()
        right = page.wait_for_function(_LEARNED, arg=film.element_handle(), timeout=1_200_000).json_value()
        yield "LeNet-5 has learned in the page", time.perf_counter() - start, "", "s"
        yield "digits kept aside that it reads right", right, "≥ 98", "%"


def _moved(page: Page, cell: str, what: str, moves: Callable[[Locator], Callable[[int], None]]) -> Iterator[tuple]:
    """Median and 95th percentile of the milliseconds until Python's answer is painted."""
    place = page.locator(f"{cell} .explorer.lives.ready")
    place.scroll_into_view_if_needed()
    page.evaluate(latency.PROBE)
    (found,) = latency.sample(page, f"{what} (needs Python)", None, moves(place))
    yield f"{what}, p50", found.p50, "≤ 50", "ms"
    yield f"{what}, p95", found.p95, "≤ 100", "ms"


def _strokes(place: Locator) -> Callable[[int], None]:
    return latency.strokes(place.page, place.locator("canvas").last)


def _weights(place: Locator) -> Callable[[int], None]:
    place.locator("canvas[role=application]").first.focus()
    return latency.typed(place.page)


def footprint(page: Page) -> float:
    """Bytes that the page's process has for itself once it has rested, as a browser's task manager counts them: without the
    code that all of its processes share. 0 where no /proc says so."""
    page.wait_for_timeout(REST)
    session = page.context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    found = [Path(f"/proc/{each['id']}/status") for each in processes if each["type"] == "renderer"]
    sizes = [re.findall(r"(?:RssAnon|VmSwap):\s+(\d+) kB", each.read_text()) for each in found if each.exists()]
    return max((1024 * sum(map(int, each)) for each in sizes), default=0)
