"""Make a JupyterLite site of the lecture in build/lite: JupyterLab in the browser, with a Python that comes from a network.

    python -m tools.lite

The page, the notebooks, the library and the explorers are files of the site. Python itself is not: the browser
fetches Pyodide, with NumPy, SciPy, Matplotlib and Pillow, from its public delivery network. Without that
the notebooks can be read there, and not be run.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .notebooks import NOTEBOOKS, ROOT

SITE = ROOT / "build" / "lite"
FIRST = """# Python runs in your browser here. This cell fetches the packages, once a visit: it needs the network.
import piplite
await piplite.install(["numpy", "scipy", "matplotlib", "pillow", "ipywidgets", "anywidget", "packaging", "threadpoolctl"])
await piplite.install("lecture-lib", deps=False)  # it also asks for JupyterLab, which is this page"""
NOTE = (
    "**This page runs in your browser.** Its Python (Pyodide) comes from a public delivery network: "
    "without a network you can read, and not run. What you change stays in this browser."
)


def main() -> None:
    """Build the wheel, the notebooks and the site, each from nothing."""
    shutil.rmtree(SITE, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        contents = work / "contents"
        contents.mkdir()
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            text = json.dumps(with_first_cell(json.loads(path.read_text(encoding="utf-8"))), ensure_ascii=False)
            (contents / path.name).write_text(text, encoding="utf-8")
        _run("pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir", work, ROOT)
        (wheel,) = work.glob("*.whl")
        _run("jupyterlite_core", "build", "--lite-dir", work, "--contents", contents, "--output-dir", SITE,
             "--piplite-wheels", wheel, "--apps", "lab", "--no-sourcemaps", "--force", cwd=work)  # fmt: skip
    print(f"Made {SITE.relative_to(ROOT)}: serve it with 'python -m http.server --directory {SITE.relative_to(ROOT)}'.")


def with_first_cell(notebook: dict) -> dict:
    """The notebook with a note and a cell before all others that gets the library from the site.

    >>> made = with_first_cell({"cells": [{"cell_type": "code"}], "nbformat_minor": 5})
    >>> [cell["cell_type"] for cell in made["cells"]]
    ['markdown', 'code', 'code']
    """
    note = {"cell_type": "markdown", "id": "lite-note", "metadata": {}, "source": NOTE}
    first = {
        "cell_type": "code", "id": "lite-first", "metadata": {}, "source": FIRST, "outputs": [], "execution_count": None,
    }  # fmt: skip
    kernel = {"kernelspec": {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}}
    return notebook | {"metadata": notebook.get("metadata", {}) | kernel, "cells": [note, first, *notebook["cells"]]}


def _run(module: str, *arguments: object, cwd: Path | None = None) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, arguments)], check=True, cwd=cwd)


if __name__ == "__main__":
    main()
