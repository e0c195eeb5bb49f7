"""Python inside a bare page: started from a file and from a web server, with every other host cut."""

import json
import re

import numpy as np
import pytest

from benchmarks.site import served
from tools.site import packing, pages, runtime

pytestmark = pytest.mark.slow

BARE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>bare</title>
<script src="assets/script.js"></script><script src="assets/explorers.js"></script><script src="assets/python.js"></script><body></body></html>"""
START = """async () => {
  window.heard = { messages: [], states: [], progress: [], models: [] };
  window.python = new PagePython("./", {
    message: ({ header, content }) => heard.messages.push([header.msg_type, content]),
    state: (state) => heard.states.push(state),
    progress: (how) => heard.progress.push(how),
    opened: (widget, state) => state._model_module === "anywidget" && heard.models.push([widget, state]),
    changed: (widget, state) => { const found = heard.models.find(([each]) => each === widget); if (found) Object.assign(found[1], state); },
  });
  await python.start();
}"""
RUN = "async ([code, cellId]) => { heard.messages.length = 0; const reply = await python.run(code, null, { cellId }); return [reply, heard.messages]; }"
EXPLORER = """
import numpy as np
from lecture_lib.explore import Explorer, Numbers, Slider, pack
def answer(explorer, names):
    explorer.update(extra={"a": pack(np.sqrt(np.arange(6.0)) * explorer.value("n"), "map")})
Explorer("Roots", "Roots.", indices={"n": Numbers(0, 9, python=True)}, controls=[Slider("n", "n")],
         arrays={"a": pack(np.arange(6.0), "map")}, answer=answer)
"""
MOVE = """async () => {
  const [widget, state] = heard.models.at(-1);
  widget.update({ _state: { n: 7 }, told: 1 });
  while (state.heard !== 1) await new Promise((resolve) => setTimeout(resolve));
  return [...new Float32Array(state.extra.a.data.buffer)];
}"""
STOP = """async ([code, cellId]) => {
  heard.messages.length = 0;
  const ended = python.run(code, null, { cellId });
  while (!heard.messages.length) await new Promise((resolve) => setTimeout(resolve)); // it says when it has begun
  await python.interrupt();
  return [await ended.catch((error) => ({ status: error.message })), heard.messages, heard.states.at(-1)];
}"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A site of one empty page, with Python; there is none where no source of it is in reach."""
    found = runtime.obtain() or pytest.skip(runtime.MISSING)
    site = tmp_path_factory.mktemp("bare")
    pages.write_assets(site)
    packing.write(found, site)
    (site / "index.html").write_text(BARE)
    return site


@pytest.fixture(params=["file", "http"])
def started(request, bare, page):
    """The page with its Python, and afterwards: nobody else was asked for anything."""
    asked = []
    with served(bare) as address:
        page.goto("about:blank")
        page.problems.clear()
        mine = bare.as_uri() if request.param == "file" else address
        page.route(re.compile("^(https?|wss?):"), lambda route: route.continue_() if route.request.url.startswith(address) else (asked.append(route.request.url), route.abort()))  # fmt: skip
        page.goto(f"{mine}/index.html")
        page.evaluate(START)
        yield page
        page.evaluate("python.close()")
        page.unroute_all()
        page.goto("about:blank")
    assert asked == []


def run(page, code, cell="a"):
    reply, messages = page.evaluate(RUN, [code, cell])
    return reply, dict(messages)


def test_a_bare_page_computes_shows_fails_stops_and_starts_again(started):
    page = started
    progress = page.evaluate("heard.progress")
    assert progress[0]["done"] == 0 and all(each["words"] and each["total"] for each in progress)
    assert [each["done"] for each in progress] == sorted(each["done"] for each in progress)
    assert page.evaluate("document.querySelectorAll('head script').length") == 3  # what was packed has left again

    reply, said = run(page, "import numpy as np\nprint('here')\nfloat(np.linalg.det(np.eye(3) * 2))")
    assert reply["status"] == "ok" and said["stream"]["text"] == "here\n"
    assert float(said["execute_result"]["data"]["text/plain"]) == pytest.approx(8)

    _, said = run(page, EXPLORER, "explorer")
    assert "image/png" not in said["execute_result"]["data"]
    assert page.evaluate(MOVE) == (np.sqrt(np.arange(6.0)) * 7).astype(np.float32).tolist()

    reply, said = run(page, "1 / 0")
    assert (reply["ename"], said["error"]["ename"]) == ("ZeroDivisionError", "ZeroDivisionError")

    reply, messages, _ = page.evaluate(STOP, ["print('begun')\nwhile True:\n    pass", "b"])
    assert reply["ename"] == "KeyboardInterrupt" and messages[-1][0] == "error"
    assert run(page, "1 + 1")[1]["execute_result"]["data"] == {"text/plain": "2"}

    _, said = run(page, "from lecture_lib.data import load_digits\nload_digits('test')[1][:5].tolist()")
    assert json.loads(said["execute_result"]["data"]["text/plain"]) == [7, 2, 1, 0, 4]  # MNIST's first five
    _, said = run(page, "from scipy.special import expit\nexpit(0.0)")
    assert "0.5" in said["execute_result"]["data"]["text/plain"]
    _, said = run(page, "import matplotlib.pyplot as plt\n_ = plt.plot([1, 3])")
    assert said["display_data"]["data"]["image/png"].startswith("iVBORw0KGgo")

    # What no signal reaches ends with its Python; a new one knows nothing of it.
    reply, _, state = page.evaluate(STOP, ["import sys\nprint('begun')\nsys.stdout.flush()\nsum(range(10**12))", "c"])
    assert (reply["status"], state) == ("Python stopped", "restarted")
    page.evaluate("python.restart()")
    reply, _ = run(page, "np")
    assert reply["ename"] == "NameError"


def test_a_start_can_be_given_up_and_begun_again(bare, page):
    page.goto(f"{bare.as_uri()}/index.html")
    page.problems.clear()
    words = page.evaluate(f"async () => {{ const ended = ({START})().catch((error) => error.message); python.close(); return ended; }}")  # fmt: skip
    assert words == "Stopped."
    page.evaluate("python.start()")
    assert run(page, "6 * 7")[1]["execute_result"]["data"] == {"text/plain": "42"}
    page.evaluate("python.close()")
    assert page.problems == []


def test_a_browser_without_webassembly_is_told_so(bare, page):
    page.goto(f"{bare.as_uri()}/index.html")
    words = page.evaluate(f"async () => {{ delete window.WebAssembly; return ({START})().catch((error) => error.message); }}")  # fmt: skip
    assert words == "This browser has no WebAssembly, which Python in a page needs."
