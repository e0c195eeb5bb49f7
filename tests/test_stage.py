"""A deck on stage, as far as no browser is needed: what runs first, what the page holds, and the kernel's messages."""

import base64
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from nbformat.sign import NotebookNotary

from tests.test_any_order import reads_and_writes
from tools.form import reader
from tools.needs import needs, plan
from tools.notebooks import NOTEBOOKS, ROOT
from tools.stage import copies, deck, server

STATIC = ROOT / "tools" / "stage" / "static"
MESSAGES = ROOT / "tools" / "site" / "static" / "messages.js"
needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no node")
every_notebook = pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)


@every_notebook
def test_what_a_cell_needs_makes_every_name_that_it_reads(path):
    cells = plan(nbformat.read(path, as_version=4), path.stem)["cells"]
    made = [reads_and_writes(cell["source"])[1] for cell in cells]
    found = 0
    for at, cell in enumerate(cells):
        assert all(each < at for each in cell["needs"])
        before = set().union(*(made[each] for each in cell["needs"]))
        for name in reads_and_writes(cell["source"])[0] - made[at]:
            assert name in before, cell["source"]
            found += 1
    assert found >= (50 if "01" <= path.stem[:2] <= "06" else 0)


@every_notebook
def test_an_explorer_waits_for_few_cells(path):
    """Most need only the imports; one that shows what the notebook has trained needs that."""
    cells = [cell for cell in plan(nbformat.read(path, as_version=4), path.stem)["cells"] if cell["explorer"]]
    counts = sorted(len(cell["needs"]) for cell in cells if cell["shows"])
    assert max(counts[: len(counts) * 3 // 4 + 1], default=0) <= 1


def test_what_changes_a_thing_between_its_making_and_its_use_is_needed_too():
    assert needs(["import a", "b = a.new()", "b.grow()", "a.talk(b)", "c = 1", "b.size = c", "b"])[-1] == [
        0,
        1,
        2,
        4,
        5,
    ]
    assert needs(["%pip list", "x = 1", "def f():\n    return x", "f()"]) == [[], [], [1], [1, 2]]


def test_cells_that_check_are_not_run_on_stage():
    path = NOTEBOOKS / "02_convolution.ipynb"
    notebook = nbformat.read(path, as_version=4)
    checks = {cell.id for cell in notebook.cells if reader(cell) == "check"}
    assert checks
    assert not checks & {cell["id"] for cell in plan(notebook, path.stem)["cells"]}


# ---------------------------------------------------------------- the page


@every_notebook
def test_no_slide_shows_code_that_sets_up_or_checks_and_each_has_a_title_or_says_whose_it_is(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    page = BeautifulSoup(deck.write(notebook, path.stem, tmp_path).read_text("utf-8"), "html.parser")
    slides = page.select("main > .slide")
    code = {each.get_text().strip() for each in page.select("main .code")}
    assert len(slides) >= 5
    assert [
        cell.id for cell in notebook.cells if reader(cell) in ("fold", "check") and cell.source.strip() in code
    ] == []
    assert [each["id"] for each in slides if not each.select_one("h1, h2, .section")] == []


def small(*sources, **metadata):
    cells = [nbformat.v4.new_markdown_cell("# A title\n\n$x$"), *map(nbformat.v4.new_code_cell, sources)]
    for each in cells:
        each.metadata = {"slideshow": {"slide_type": "slide"}} | metadata
    return nbformat.v4.new_notebook(cells=cells)


def test_a_page_is_made_anew_only_when_what_it_shows_has_changed(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(small("x = 1"), path)
    page = deck.build(path, tmp_path / "stage")
    first = page.stat().st_mtime_ns
    assert deck.build(path, tmp_path / "stage") == page
    assert page.stat().st_mtime_ns == first
    nbformat.write(small("x = 2"), path)
    assert "x = 2" in deck.build(path, tmp_path / "stage").read_text("utf-8")


def test_no_source_ends_the_script_that_holds_the_plan(tmp_path):
    source = "print('</script><b>')"
    page = deck.write(small(source), "small", tmp_path).read_text("utf-8")
    (plan,) = re.findall(r'<script type="application/json" id="plan">(.*?)</script>', page)
    assert json.loads(plan)["cells"][0]["source"] == source


# ---------------------------------------------------------------- the server, and what is typed


def test_a_server_that_is_started_again_has_its_port_and_token_and_only_its_owner_reads_them(tmp_path):
    kept = tmp_path / "stage.json"
    port, token = server.address(kept)
    assert server.address(kept) == (port, token)
    assert len(token) == 48 and 1024 <= port < 65536
    assert os.name == "nt" or kept.stat().st_mode & 0o077 == 0
    assert server.address(tmp_path / "other.json")[1] != token


def test_a_port_that_somebody_has_already_is_not_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PORT", taken.getsockname()[1])
        assert server.address(tmp_path / "stage.json")[0] != server.PORT


@pytest.fixture
def copied(tmp_path):
    """A notebook, and what makes or finds its copy."""
    notebook, folder = tmp_path / "small.ipynb", tmp_path / "present"
    folder.mkdir()
    nbformat.write(small("x = 1"), notebook)
    notary = NotebookNotary(data_dir=str(tmp_path))
    yield notebook, lambda: copies.copy(notebook, folder, notary)
    notary.store.close()


def typed(path, source):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].source = source
    nbformat.write(notebook, path)


def test_what_was_typed_in_a_lecture_is_there_in_the_next_one_and_the_notebook_stays_as_it_is(copied):
    notebook, copy = copied
    typed(copy(), "x = 'typed'")
    assert nbformat.read(copy(), 4).cells[1].source == "x = 'typed'"
    assert nbformat.read(notebook, 4).cells[1].source == "x = 1"


def test_a_notebook_that_has_changed_is_copied_anew_and_what_was_typed_is_kept_beside_it(copied):
    notebook, copy = copied
    copy()
    typed(notebook, "x = 2")
    assert nbformat.read(copy(), 4).cells[1].source == "x = 2"
    assert not list(copy().parent.glob("*.before.*"))  # nobody had typed anything
    typed(copy(), "x = 'typed'")
    typed(notebook, "x = 3")
    assert nbformat.read(copy(), 4).cells[1].source == "x = 3"
    assert nbformat.read(copy().with_name("small.before.ipynb"), 4).cells[1].source == "x = 'typed'"
    typed(notebook, "x = 4")
    copy()
    assert nbformat.read(copy().with_name("small.before.ipynb"), 4).cells[1].source == "x = 'typed'"


# ---------------------------------------------------------------- messages of a kernel

CONTENTS = [
    ({}, []),
    ({"text": "ä → 𝒙 \u0000", "n": [1, None, 2.5]}, []),
    ({"data": {"state": {"a": {"data": None}}}}, [b"", b"\x00\xff", b"123456789"]),
]
AGAIN = """
import { decode, encode } from "./kernel.js";
import { putBuffers, takeBuffers } from "./messages.js";
let text = "";
for await (const part of process.stdin) text += part;
const { bytes, state, paths, buffers } = JSON.parse(text);
const from = (each) => Uint8Array.from(Buffer.from(each, "base64")).buffer;
const to = (each) => Buffer.from(each.buffer ?? each).toString("base64");
if (bytes) {
  const message = decode(from(bytes));
  const { channel, content, buffers } = message;
  console.log(JSON.stringify({ channel, content, buffers: buffers.map(to), bytes: to(encode(message)) }));
} else {
  const whole = putBuffers(state, paths, buffers.map((each) => new DataView(from(each))));
  const parts = takeBuffers(whole);
  console.log(JSON.stringify({ ...parts, buffers: parts.buffers.map(to) }));
}
"""


def in_node(**given):
    with tempfile.TemporaryDirectory() as folder:  # side by side, as a page has them
        for each in (STATIC / "kernel.js", MESSAGES):
            shutil.copy(each, folder)
        (Path(folder) / "again.mjs").write_text(AGAIN)
        (Path(folder) / "package.json").write_text('{"type": "module"}')
        command = ["node", Path(folder) / "again.mjs"]
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8", check=True)
    return json.loads(done.stdout)


def as_text(data):
    return base64.b64encode(data).decode()


@needs_node
@pytest.mark.parametrize(("content", "buffers"), CONTENTS)
def test_messages_are_those_of_jupyter_server_in_both_directions(content, buffers):
    session = Session()
    message = session.msg("comm_msg", content, metadata={"cellId": "a"})
    parts = [session.pack(message[name]) for name in ("header", "parent_header", "metadata", "content")] + buffers
    said = serialize_msg_to_ws_v1(parts, "shell")
    heard = in_node(bytes=as_text(said))
    assert (heard["channel"], heard["content"]) == ("shell", content)
    assert heard["buffers"] == [as_text(each) for each in buffers]
    channel, again = deserialize_msg_from_ws_v1(base64.b64decode(heard["bytes"]))
    assert channel == "shell"
    assert [json.loads(each) for each in again[:4]] == [json.loads(each) for each in parts[:4]]
    assert [bytes(each) for each in again[4:]] == buffers


@needs_node
def test_bytes_of_a_state_travel_as_ipywidgets_sends_and_takes_them():
    from ipywidgets.widgets.widget import _remove_buffers

    whole = {"a": {"data": b"12", "shape": [2]}, "list": [{"data": b"3"}, 4, None], "plain": {"b": []}, "c": b"5"}
    state, paths, buffers = _remove_buffers(whole)
    back = in_node(state=state, paths=paths, buffers=[as_text(each) for each in buffers])
    assert sorted(back["buffer_paths"], key=str) == sorted(paths, key=str)
    order = [paths.index(each) for each in back["buffer_paths"]]
    assert back["buffers"] == [as_text(buffers[each]) for each in order]
    assert back["state"] == state


@needs_node
@pytest.mark.parametrize("path", [*sorted(STATIC.glob("*.js")), MESSAGES], ids=lambda path: path.name)
def test_the_scripts_of_the_stage_can_be_read(path):
    module = ["--input-type=module", "--check"]
    subprocess.run(["node", *module], input=path.read_bytes(), check=True, capture_output=True)


@every_notebook
def test_no_slide_shows_an_assertion(path, tmp_path):
    page = BeautifulSoup(
        deck.write(nbformat.read(path, as_version=4), path.stem, tmp_path).read_text("utf-8"), "html.parser"
    )
    left_out = page.select(".slide .code .assertion")
    for each in left_out:
        each.extract()
    assert [each.text for each in page.select(".slide .code") if re.search(r"\bassert\b", each.text)] == []
    assert bool(left_out) is (path.stem not in ("00_start_here", "lecture"))  # the others have some, which readers see
