"""How a student's notebooks are updated in term: nothing that a student has changed is touched."""

import json
import os
import sys

import pytest

from tools.notebooks import ROOT

if os.name != "posix":
    pytest.skip("JupyterHub runs on Linux and macOS only", allow_module_level=True)

NAMES = ("kept", "changed", "deleted")


@pytest.fixture
def server(monkeypatch):
    """deploy/student_server.py as a module; the umask that it sets is set back."""
    before = os.umask(0o022)
    monkeypatch.syspath_prepend(ROOT / "deploy")
    import student_server

    yield student_server
    os.umask(before)
    sys.modules.pop("student_server")


@pytest.fixture
def start(server, tmp_path):
    """The lecture brings out a version, and the student's server starts."""
    lecture, home = tmp_path / "lecture's", tmp_path / "home"
    lecture.mkdir()
    home.mkdir()

    def start(version):
        for name in NAMES:
            (lecture / f"{name}.ipynb").write_text(f"{name} {version}", encoding="utf-8")
        return server.prepare_home(home, lecture)

    start.folder = home / "lecture" / "notebooks"
    return start


def held(folder):
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")}


def change(folder, name="changed"):
    (folder / f"{name}.ipynb").write_text("mine", encoding="utf-8")


def test_an_unchanged_notebook_becomes_the_new_one_a_changed_one_stays_and_gets_it_beside_and_a_deleted_one_comes_back(
    start,
):
    start(1)
    change(start.folder)
    (start.folder / "deleted.ipynb").unlink()
    start(2)
    assert held(start.folder) == {
        "kept.ipynb": "kept 2", "changed.ipynb": "mine", "changed.new-2.ipynb": "changed 2", "deleted.ipynb": "deleted 2",
    }  # fmt: skip


def test_without_a_new_version_a_start_writes_nothing(start):
    start(1)
    change(start.folder)
    assert start(1) == []
    start(2)
    assert start(2) == []


def test_what_came_beside_is_replaced_while_it_is_unchanged_and_stays_once_it_is_changed(start):
    start(1)
    change(start.folder)
    start(2)
    assert start(3) == ["changed.new-2.ipynb", "deleted.ipynb", "kept.ipynb"]
    change(start.folder, "changed.new-2")
    start(4)
    beside = {name: text for name, text in held(start.folder).items() if name.startswith("changed")}
    assert beside == {"changed.ipynb": "mine", "changed.new-2.ipynb": "mine", "changed.new-3.ipynb": "changed 4"}


def test_what_came_beside_and_was_deleted_stays_deleted(start):
    start(1)
    change(start.folder)
    start(2)
    (start.folder / "changed.new-2.ipynb").unlink()
    assert start(2) == []
    assert start(3) == ["changed.new-3.ipynb", "deleted.ipynb", "kept.ipynb"]


@pytest.mark.parametrize("record", ["", "[1, 2]", '{"kept.ipynb": 3}', None])
def test_without_a_record_that_can_be_read_every_other_version_counts_as_changed(start, server, record):
    start(1)
    path = start.folder / server.GIVEN
    path.unlink() if record is None else path.write_text(record, encoding="utf-8")
    start(2)
    assert held(start.folder) == {f"{name}.ipynb": f"{name} 1" for name in NAMES} | {
        f"{name}.new-2.ipynb": f"{name} 2" for name in NAMES
    }
    assert len(json.loads(path.read_text(encoding="utf-8"))) >= len(NAMES)


def test_links_pipes_folders_and_huge_files_in_a_notebooks_place_are_neither_followed_nor_read(start, tmp_path):
    start(1)
    outside = tmp_path / "outside"
    outside.write_text("outside", encoding="utf-8")
    for name in NAMES:
        (start.folder / f"{name}.ipynb").unlink()
    (start.folder / "kept.ipynb").symlink_to(outside)
    os.mkfifo(start.folder / "changed.ipynb")
    with (start.folder / "deleted.ipynb").open("wb") as huge:
        huge.truncate(10**12)  # holes only
    (start.folder / "deleted.new-2.ipynb").mkdir()
    assert start(2) == ["changed.new-2.ipynb", "deleted.new-3.ipynb", "kept.new-2.ipynb"]
    assert outside.read_text(encoding="utf-8") == "outside"
