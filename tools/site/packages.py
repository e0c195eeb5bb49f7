"""The JavaScript that others wrote: exact versions of ``package.json``, fetched by npm, and of it what a page needs."""

import json
import shutil
import subprocess
from pathlib import Path

from ..browser import ROOT

HERE = Path(__file__).parent
PINNED = HERE / "package.json"
NPM = ROOT / "build" / "npm"
FILES = {
    "requirejs/require.js": "require.js",
    "@jupyter-widgets/html-manager/dist/libembed-amd.js": "html-manager.js",
    "anywidget/dist/index.js": "anywidget.js",
    "katex/dist/katex.min.js": "katex.js",
    "katex/dist/contrib/auto-render.min.js": "katex-auto-render.js",
    "katex/dist/katex.min.css": "katex.css",
}
"""File of a package → its name among the assets."""
FOLDERS = {"katex/dist/fonts": ("fonts", "*.woff2"), "@jupyter-widgets/html-manager/dist": (".", "*.woff2")}
LICENCES = ("requirejs", "@jupyter-widgets/html-manager", "anywidget", "katex")


def fetch() -> Path:
    """The folder ``node_modules`` with the pinned packages; npm is asked only when they are not there yet."""
    fetched, modules = NPM / "fetched.json", NPM / "node_modules"
    if not fetched.exists() or fetched.read_text() != PINNED.read_text():
        npm = shutil.which("npm")
        if npm is None:
            raise SystemExit("make site needs npm, which comes with Node.js, to fetch the pages' JavaScript.")
        shutil.rmtree(NPM, ignore_errors=True)
        NPM.mkdir(parents=True)
        shutil.copy(PINNED, NPM)
        options = ["--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run([npm, "install", *options], cwd=NPM, check=True)
        shutil.copy(PINNED, fetched)  # last: now everything is there
    return modules


def copy(modules: Path, assets: Path) -> None:
    """Put what a page needs among the assets, with the packages' licences."""
    assets.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        shutil.copy(modules / source, assets / name)
    for source, (folder, pattern) in FOLDERS.items():
        (assets / folder).mkdir(exist_ok=True)
        for each in (modules / source).glob(pattern):
            shutil.copy(each, assets / folder / each.name)
    (assets / "LICENCES.txt").write_text("\n\n".join(_licence(modules / name, name) for name in LICENCES))


def _licence(package: Path, name: str) -> str:
    """What a package says about itself, and its licence where it ships one."""
    about = json.loads((package / "package.json").read_text())
    texts = [each.read_text() for each in sorted(package.glob("LICEN*")) if each.is_file()]
    return "\n".join([f"{name} {about['version']}: {about['license']}", *texts])


if __name__ == "__main__":
    fetch()
