"""Notebooks as they are saved: still pictures where widgets were."""

import asyncio
from queue import Empty

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError

from tools import run_notebooks
from tools.form import COLLAPSED
from tools.minutes import is_explorer
from tools.run_notebooks import LOOK, STATE, WIDGET, clean, looking_again, run


def output(**data):
    return nbformat.v4.new_output("display_data", data)


def test_a_slider_of_ones_own_is_saved_as_what_it_shows():
    picture = output(**{"text/plain": "A cat."})
    models = {
        "box": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_below"]}},
        "slider": {"model_name": "IntSliderModel", "state": {}},
        "below": {"model_name": "OutputModel", "state": {"outputs": [picture]}},
    }
    slider = output(**{WIDGET: {"model_id": "box"}, "text/plain": "interactive(…)"})
    explorer = output(**{WIDGET: {"model_id": "explorer"}, "text/plain": "A map."})
    cell = nbformat.v4.new_code_cell("x", outputs=[slider, explorer])
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {STATE: {"state": models}}})
    clean(notebook)
    assert [each["data"] for each in notebook.cells[0].outputs] == [{"text/plain": "A cat."}, {"text/plain": "A map."}]
    assert "widgets" not in notebook.metadata


def test_what_a_cell_is_for_is_kept_and_folds_what_is_not_to_be_read():
    made = [
        nbformat.v4.new_code_cell("x", metadata={"tags": tags, "scrolled": True, "jupyter": {"source_hidden": old}})
        for tags, old in (([], True), (["fold"], False), (["check"], False))
    ]
    heading = nbformat.v4.new_markdown_cell("### Deeper: why", metadata={COLLAPSED: True, "editable": True})
    notebook = nbformat.v4.new_notebook(cells=[*made, heading], metadata={"lecture": {"alive": True}, "other": 3})
    clean(notebook)
    hidden = {"jupyter": {"source_hidden": True}}
    assert [cell.metadata for cell in notebook.cells] == [
        {"tags": []},
        {"tags": ["fold"]} | hidden,
        {"tags": ["check"], "slideshow": {"slide_type": "skip"}} | hidden,
        {COLLAPSED: True, "slideshow": {"slide_type": "skip"}},
    ]
    assert set(notebook.metadata) == {"kernelspec", "language_info", "lecture"}


def test_a_picture_that_stands_for_an_explorer_is_noted():
    outputs = [output(**{WIDGET: {"model_id": "a"}, "image/png": ""}), output(**{"image/png": ""})]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=outputs)])
    clean(notebook)
    assert [is_explorer(each) for each in notebook.cells[0].outputs] == [True, False]


@pytest.mark.parametrize(
    ("ending", "line"),
    [
        ("def wait(): time.sleep(60)\n\nwait()", "in wait"),
        ("def die(): os.kill(os.getpid(), signal.SIGSEGV)\n\ndie()", "in die"),
    ],
)
def test_of_a_cell_that_does_not_end_it_is_said_which_it_is_and_where_it_stands(tmp_path, ending, line):
    cells = [nbformat.v4.new_code_cell("import os, signal, time"), nbformat.v4.new_code_cell(ending)]
    path = tmp_path / "stuck.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    before = path.read_bytes()
    with pytest.raises(RuntimeError, match=cells[1].id) as said:
        run(path, limit=3)
    assert "stuck.ipynb" in str(said.value) and line in str(said.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("times", [1, 2])
def test_a_run_in_which_a_message_is_lost_begins_once_more_and_only_once(tmp_path, monkeypatch, capfd, times):
    path, asked = tmp_path / "lost.ipynb", []
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]), path)
    whole = run_notebooks.NotebookClient.execute

    def execute(client):
        asked.append(client)
        client.on_cell_start(cell=client.nb.cells[0], cell_index=0)
        if len(asked) <= times:
            raise CellTimeoutError("no answer")
        return whole(client)

    monkeypatch.setattr(run_notebooks.NotebookClient, "execute", execute)
    if times == 1:
        run(path, limit=30)
        assert nbformat.read(path, as_version=4).cells[0].outputs[0]["data"]["text/plain"] == "2"
    else:
        with pytest.raises(RuntimeError, match="was lost"):
            run(path, limit=30)
    assert len(asked) == 2 and "lost.ipynb: a message was lost" in capfd.readouterr().err


def test_a_message_that_lies_there_unseen_is_seen_at_the_next_look():
    looks = []

    async def ask(timeout):
        looks.append(timeout)
        if len(looks) < 3:
            raise Empty
        return {"msg_type": "execute_reply"}

    assert asyncio.run(looking_again(ask)(timeout=240)) == {"msg_type": "execute_reply"}
    assert looks == [LOOK] * 3


def test_who_waits_for_a_message_that_never_comes_waits_as_long_as_was_said():
    async def ask(timeout):
        await asyncio.sleep(timeout)
        raise Empty

    with pytest.raises(Empty):
        asyncio.run(looking_again(ask)(timeout=0.05))
