"""Seconds to import the library, to run each notebook, and to open explorers."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tools.browser import browser_page, jupyterlab, run_all
from tools.notebooks import ROOT
from tools.run_notebooks import run

NOTEBOOK = "02_convolution.ipynb"


def seconds_to_import(*modules: str) -> float:
    """Seconds a new Python takes to import ``modules``, without starting Python itself."""
    code = "import time; start = time.perf_counter()\n" + "".join(f"import {name}\n" for name in modules)
    code += "print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)


def measure() -> Iterator[tuple[str, float, float]]:
    """What was measured, its seconds, and the bound."""
    pairs = [(seconds_to_import("numpy", "lecture_lib"), seconds_to_import("numpy")) for _ in range(9)]
    yield "import lecture_lib, beyond NumPy's own import", median(both - alone for both, alone in pairs), 0.15
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
            seconds = run(Path(shutil.copy(notebook, folder)))
            total += seconds
            yield f"{notebook.name} top to bottom, kernel start included", seconds, 15
    yield "all notebooks, one after the other", total, 60
    yield from explorers_opened()


def explorers_opened() -> Iterator[tuple[str, float, float]]:
    """Seconds from running an explorer's cell to its picture, in JupyterLab."""
    with tempfile.TemporaryDirectory() as folder, browser_page() as page:
        shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder)
        with jupyterlab(Path(folder)) as lab:
            lab.open(page, NOTEBOOK)
            start = time.perf_counter()
            run_all(page)
            yield f"{NOTEBOOK}, Run All in JupyterLab", time.perf_counter() - start, "–"
            opened = page.evaluate(_OPEN_ALL)
            slowest = max(opened, key=lambda each: each[1])
            yield f"slowest explorer to open: {slowest[0]}", slowest[1], 2
            yield f"all {len(opened)} explorers, one after the other", sum(each[1] for each in opened), "–"


# A cell that only draws a figure has no widget and is left out.
_OPEN_ALL = """async () => {
    const notebook = window.jupyterapp.shell.currentWidget.content, times = [];
    for (const [index, cell] of notebook.widgets.entries()) {
        const source = cell.model.sharedModel.source;
        if (!source.startsWith('chapter.')) continue;
        await notebook.scrollToItem(index, 'start');
        notebook.activeCellIndex = index;
        const start = performance.now();
        await window.jupyterapp.commands.execute('notebook:run-cell');
        const made = [...Array(cell.model.outputs.length).keys()].map((at) => cell.model.outputs.get(at));
        if (!made.some(({ data }) => 'application/vnd.jupyter.widget-view+json' in data)) continue;
        while (!cell.node.querySelector('.lecture canvas')?.style.height) {
            if (performance.now() - start > 60000) throw new Error(`not drawn within a minute: ${source}`);
            await new Promise((done) => setTimeout(done, 5));
        }
        await new Promise(requestAnimationFrame);
        times.push([source.split('(')[0].slice(8), (performance.now() - start) / 1000]);
    }
    return times;
}"""
