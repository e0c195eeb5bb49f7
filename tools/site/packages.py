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
    "dist/katex.min.js": "katex.js",
    "dist/contrib/auto-render.min.js": "katex-auto-render.js",
    "dist/katex.min.css": "katex.css",
}
"""File of KaTeX → its name among the assets."""


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
    """Put what a page needs of KaTeX among the assets, with its licence."""
    katex, fonts = modules / "katex", assets / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        shutil.copy(katex / source, assets / name)
    for each in (katex / "dist" / "fonts").glob("*.woff2"):
        shutil.copy(each, fonts)
    about = json.loads((katex / "package.json").read_text())
    licence = (katex / "LICENSE").read_text()
    (assets / "LICENCES.txt").write_text(f"KaTeX {about['version']}: {about['license']}\n\n{licence}")


if __name__ == "__main__":
    fetch()
