"""Chromium and JupyterLab, driven for tests, benchmarks and screenshots."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOW_TO_GET_CHROMIUM = "install chromium (Debian, Ubuntu: sudo apt install chromium; macOS: brew install chromium)"


def chromium() -> str | None:
    """Path of the installed Chromium or Chrome, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    return next((path for path in map(shutil.which, names) if path), None)


LIVING = """Object.defineProperty(Object.prototype, "pictures", { configurable: true, set(value) {
    Object.defineProperty(this, "pictures", { value, writable: true, configurable: true, enumerable: true });
    if (this.el instanceof Element) this.el.explorer = this;
} });"""
"""Lets who tests or measures find the living explorer of an element, ``element.explorer``: the script itself has no hook.
An explorer writes into ``this.pictures`` once, when it is made."""


@contextmanager
def browser_page(width: int = 1280, height: int = 720) -> Iterator[Page]:
    """An empty page of a headless Chromium; collects the console's errors in ``page.problems``."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.add_init_script(LIVING)
            page.problems = []
            page.on("pageerror", lambda error: page.problems.append(error.stack or str(error)))
            page.on("console", lambda message: _is_problem(message) and page.problems.append(message.text))
            yield page
        finally:
            browser.close()


def _is_problem(message: ConsoleMessage) -> bool:
    # JupyterLab asks each new kernel for its debugger, and complains when the kernel is gone by then.
    return message.type == "error" and "debugger state" not in message.text


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab, or another Jupyter server: its address, token and the folder it shows."""

    url: str
    token: str
    folder: Path
    data: Path

    def trust(self, notebook: str) -> None:
        """Sign a notebook of the folder, as ``jupyter trust`` does."""
        notary = NotebookNotary(data_dir=str(self.data))
        notary.sign(nbformat.read(self.folder / notebook, as_version=4))
        notary.store.close()

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook with a new kernel, alone in the window, and wait until it is ready."""
        if not page.url.startswith(self.url):
            page.goto(f"{self.url}/lab?reset&token={self.token}")
        page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')", timeout=60_000)
        page.evaluate("window.jupyterapp.restored")
        page.evaluate(_OPEN_ALONE, notebook)
        page.wait_for_function(
            "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'", timeout=60_000
        )


_OPEN_ALONE = """async (path) => {
    const app = window.jupyterapp;
    for (const widget of [...app.shell.widgets('main')]) widget.dispose();
    await app.serviceManager.sessions.shutdownAll();
    await app.commands.execute('docmanager:open', { path, factory: 'Notebook' });
    if (!app.shell.leftCollapsed) await app.commands.execute('application:toggle-left-area');
    await app.shell.currentWidget.context.ready;
    await app.shell.currentWidget.revealed;
}"""


@contextmanager
def jupyterlab(folder: Path) -> Iterator[Lab]:
    """JupyterLab on a free loopback port, with settings of its own, showing ``folder``."""
    options = [f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True"]
    with serving([sys.executable, "-m", "jupyterlab", *options], folder) as running:
        yield running


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[Lab]:
    """A Jupyter server on a free loopback port, with settings of its own; ``command`` starts it, and takes its options."""
    with tempfile.TemporaryDirectory() as own:
        token = secrets.token_hex(16)
        places = {f"JUPYTER_{name}_DIR": f"{own}/{name}" for name in ("CONFIG", "RUNTIME", "DATA")}
        places["JUPYTERLAB_WORKSPACES_DIR"] = f"{own}/workspaces"
        places["JUPYTERLAB_SETTINGS_DIR"] = f"{own}/settings"
        options = [
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.port=0",
            f"--IdentityProvider.token={token}",
            "--allow-root",
        ]
        with open(f"{own}/log", "w+") as log:
            server = subprocess.Popen([*command, *options], stdout=log, stderr=log, env=os.environ | places, cwd=folder)
            try:
                url = _url(Path(places["JUPYTER_RUNTIME_DIR"]), token, server, Path(log.name))
                yield Lab(url, token, folder, Path(places["JUPYTER_DATA_DIR"]))
            finally:
                server.terminate()
                try:
                    server.wait(20)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def _url(runtime: Path, token: str, server: subprocess.Popen, log: Path, seconds: float = 60) -> str:
    """Where the server answers: it takes a port that is free, and says in a file which one."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            (said,) = runtime.glob("jpserver-*.json")
            url = json.loads(said.read_text(encoding="utf-8"))["url"].rstrip("/")
            with urllib.request.urlopen(f"{url}/api/status?token={token}", timeout=5):  # noqa: S310 - loopback only
                return url
        except (OSError, ValueError):  # no file yet, half a file, or nobody answers there yet
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def run_all(page: Page, timeout: float = 120_000) -> None:
    """Run every cell of the open notebook and wait until all have run."""
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
            const panel = window.jupyterapp.shell.currentWidget;
            const cells = [...panel.model?.cells ?? panel.content.model.cells].filter((c) => c.type === 'code' && c.sharedModel.source.trim());
            return panel.sessionContext.session.kernel.status === 'idle' && cells.every((c) => c.executionCount);
        }""",
        timeout=timeout,
    )


def overflow(page: Page, parts: str) -> list[str]:
    """What of the elements ``parts`` (a selector) leaves the window, or hides some of itself behind a scroll bar."""
    return page.evaluate(_OVERFLOW, parts)


_OVERFLOW = """(parts) => {
    const name = (each) => `${each.tagName}.${each.className.baseVal ?? each.className}`.slice(0, 80);
    const seen = [...document.querySelectorAll(parts)].flatMap((part) => [part, ...part.querySelectorAll('*')]).filter((each) => {
        const { width, height } = each.getBoundingClientRect();
        return width && height && getComputedStyle(each).visibility !== 'hidden' && !each.closest('math, .MathJax, details:not([open]) > :not(summary)');
    });
    const outside = seen.filter((each) => {
        const box = each.getBoundingClientRect();
        return box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
    });
    const scrolled = seen.filter((each) => {
        const style = getComputedStyle(each);
        return (/auto|scroll/.test(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
            || (/auto|scroll/.test(style.overflowY) && each.scrollHeight > each.clientHeight + 2);
    });
    return [...outside.map((each) => `outside: ${name(each)}`), ...scrolled.map((each) => `scrolls: ${name(each)}`)];
}"""


def serious_findings(page: Page, within: str = "html") -> list[str]:
    """What axe-core finds serious or critical for people with disabilities in the elements ``within`` (a selector).

    One text for each element: the rule, the element, what is wrong with it. The contrast of text is
    judged where it can be seen: scroll to what you ask about.

    Raises:
        ValueError: no element is within.
    """
    if page.locator(within).count() == 0:
        raise ValueError(f"within={within!r}: must choose at least one element of the page")
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_axe())
    return page.evaluate(_SERIOUS_FINDINGS, within)


@cache
def _axe() -> str:
    # JupyterLab's pages know define(): without hiding it, axe would give itself to that and not to the page.
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    return f"(() => {{ const define = undefined, module = undefined; {script} }})()"


# In JupyterLab the page's body has no height: axe would take all in it for hidden, and look at no text's contrast.
_SERIOUS_FINDINGS = """async (within) => {
    const before = document.body.style.minHeight;
    document.body.style.minHeight = '100vh';
    const found = await axe.run({ include: [[within]] }, { resultTypes: ['violations'], preload: false })
        .finally(() => { document.body.style.minHeight = before; });
    const bad = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return bad.flatMap(({ id, impact, nodes }) => nodes.map((node) =>
        `${id} (${impact}): ${node.html.slice(0, 160)}: ${node.failureSummary.split('\\n').slice(1).join('; ').replace(/\\s+/g, ' ').trim()}`));
}"""


def change_theme(page: Page, dark: bool) -> None:
    """Change JupyterLab's theme and wait until its curtain is gone: it stumbles over a change while one still hangs."""
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
        "JupyterLab Dark" if dark else "JupyterLab Light",
    )
    page.wait_for_function(
        """dark => document.body.dataset.jpThemeLight === String(!dark)
            && !document.getElementById('jupyterlab-splash')""",
        arg=dark,
    )
