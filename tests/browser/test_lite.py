"""Notebooks in JupyterLite, with every other host cut: all cells run to the end, and explorers answer."""

import os
import re
import subprocess
import sys

import pytest

from benchmarks.site import served
from tools.notebooks import NOTEBOOKS, ROOT
from tools.site import runtime

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

ALL = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
NAMES = ALL if os.environ.get("LITE") == "all" else ["00_start_here", "02_convolution"]
"""The others take up to minutes each: `make fuzz` runs them."""
READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return session?.session?.kernel?.status === 'idle' && window.jupyterapp.shell.currentWidget.content.widgets.length > 1;
}"""
RUN = """async () => {
    const { content, sessionContext } = window.jupyterapp.shell.currentWidget;
    content.widgets.forEach(({ model }) => model.type === 'code' && Object.assign(model.sharedModel, { execution_count: null }).setOutputs([]));
    await window.jupyterapp.commands.execute('notebook:run-all-cells');
    const code = content.widgets.filter(({ model }) => model.type === 'code' && model.sharedModel.source.trim());
    const outputs = code.map(({ model }) => model.outputs.toJSON());
    return {
        cells: code.length,
        ran: code.filter(({ model }) => model.executionCount !== null).length,
        wrong: code.flatMap(({ model }, at) => outputs[at].filter(({ output_type, name, text }) => output_type === 'error' || name === 'stderr' && !text.includes('font cache'))
            .map(({ ename, evalue, text }) => `${model.id}: ${ename ?? ''} ${evalue ?? text}`)),
        explorers: outputs.flat().filter(({ data }) => data?.['application/vnd.jupyter.widget-view+json']).length,
    };
}"""


@pytest.fixture(scope="module")
def lite():
    """JupyterLite with the notebooks, as `make lite` makes it; skipped where no source of Python is in reach."""
    runtime.obtain(lite=True) or pytest.skip(runtime.MISSING)
    subprocess.run(["make", "lite", f"PYTHON={sys.executable}"], cwd=ROOT, check=True)
    with served(runtime.LITE) as address:
        yield address


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_to_its_end_and_asks_no_other_host(lite, page, name):
    asked = []
    context = page.context.browser.new_context()  # nobody was here before
    context.route(re.compile("^(https?|wss?):"), lambda route: route.continue_() if route.request.url.startswith(lite) else (asked.append(route.request.url), route.abort()))  # fmt: skip
    page = context.new_page()
    try:
        page.set_default_timeout(0)  # the test has a limit of its own
        page.goto(f"{lite}/lab/index.html?path={name}.ipynb")
        page.wait_for_function(READY)
        found = page.evaluate(RUN)
        page.locator(".lecture").first.wait_for(state="attached")
    finally:
        context.close()
    assert found["wrong"] == [] and found["ran"] == found["cells"] > 0 and found["explorers"] > 0
    assert asked == []
