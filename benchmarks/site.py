"""The site in a browser: seconds until a page answers, beside an empty page, what it weighs, and its Python. Needs ``make site`` before."""

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


_PYTHON = "02_convolution.html"
_LIVES = "document.querySelectorAll('.explorer.lives.ready').length"
_ALL = "lectureLive.state === 'idle' && lectureLive.strip.dataset.left === '0' && performance.now() - lectureLive.since > 1000"
_MOVED = """async (code) => {
  const times = [];
  const model = [...lectureLive.models.values()].find((each) => each.get("title") === "Bench");
  for (let n = 1; n <= 40; n++) {
    const start = performance.now();
    model.set("_state", { n: n % 10 }), model.set("told", n), model.save_changes();
    while (model.get("heard") !== n) await new Promise((resolve) => setTimeout(resolve));
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}"""
_BENCH = """
from lecture_lib.explore import Explorer, Numbers, Slider, pack
from lecture_lib.models import lenet5
import numpy as np
net = lenet5()
net.init(0)
def answer(explorer, names):
    explorer.update(extra={"a": pack(net.forward(np.full((1, 1, 28, 28), explorer.value("n") / 9)), "map")})
Explorer("Bench", "LeNet-5's answer.", indices={"n": Numbers(0, 9, python=True)}, controls=[Slider("n", "n")],
         arrays={"a": pack(np.zeros((1, 10)), "map")}, answer=answer)
"""


def python() -> Iterator[tuple[str, float, float, str]]:
    """Python inside a page: what, how much, its bound, unit."""
    if not (SITE / "assets" / "python.js").exists():
        return
    with browser_page() as page, served(SITE) as site:
        for visit, bound in (("first visit", 10), ("next one", 5)):
            page.goto(f"{site}/{_PYTHON}")
            start = time.perf_counter()
            page.evaluate("() => void lectureLive.start()")
            page.wait_for_function("document.documentElement.classList.contains('python-runs')", timeout=120_000)
            yield f"Python answers, {visit}", time.perf_counter() - start, bound, "s"
            page.wait_for_function(f"{_LIVES} > 0", timeout=120_000)
            yield f"first explorer, {visit}", time.perf_counter() - start, 10, "s"
        page.wait_for_function(_ALL, timeout=300_000)
        yield "all explorers of 02", time.perf_counter() - start, 20, "s"
        yield "before the first explorer", page.evaluate("PagePython.size") / 1e6, 22, "MB"
        yield "memory of the page", resident(page) / 1e6, 500, "MB"
        page.evaluate("code => lectureLive.kernel.run(code, null, { cellId: 'bench' })", _BENCH)
        times = page.evaluate(_MOVED)
        yield "LeNet-5 answers a slider, p50", times[20], 50, "ms"
        yield "LeNet-5 answers a slider, p95", times[38], 100, "ms"


def resident(page) -> float:
    """Bytes that the page's process holds; 0 where no /proc says so."""
    session = page.context.browser.new_browser_cdp_session()
    ids = [
        each["id"] for each in session.send("SystemInfo.getProcessInfo")["processInfo"] if each["type"] == "renderer"
    ]
    found = [Path(f"/proc/{each}/status") for each in ids]
    sizes = [re.search(r"VmRSS:\s+(\d+) kB", each.read_text()) for each in found if each.exists()]
    return max((1024 * int(each[1]) for each in sizes if each), default=0)
