"""Is this computer ready? Everything that can be missing is named, with what to do."""

import pytest
from packaging.requirements import Requirement

from lecture_lib import data
from lecture_lib.chapters.start_here import environment

AGAIN = "set up again as the README says"


def test_everything_is_there_where_the_tests_run():
    assert [str(each) for each in environment.check() if not each.ok] == []


@pytest.mark.parametrize(("found", "ok"), [((3, 10), False), ((3, 11), True), ((3, 14), True), ((4, 0), True)])
def test_an_old_python_is_named_with_the_one_that_is_needed(found, ok):
    finding = environment._python(found)
    assert finding.ok is ok
    assert ok or str(finding) == f"✗ Python is 3.10, but the lecture needs 3.11: install a newer Python, then {AGAIN}"


@pytest.mark.parametrize(
    ("line", "words"),
    [("no-such-package>=1", "no-such-package is not installed"), ("numpy>=99", "but the lecture needs >=99")],
)
def test_a_package_that_is_missing_or_too_old_is_named(line, words):
    finding = environment._package(Requirement(line))
    assert not finding.ok and words in finding.words and f"{AGAIN}, then restart JupyterLab" in finding.words


def test_an_explorers_part_that_jupyterlab_lacks_is_named(tmp_path):
    (tmp_path / "anywidget").mkdir()
    finding = environment._explorers(tmp_path)
    assert not finding.ok and "JupyterLab lacks @jupyter-widgets/jupyterlab-manager, so explorers stay" in finding.words
    (tmp_path / "@jupyter-widgets" / "jupyterlab-manager").mkdir(parents=True)
    assert environment._explorers(tmp_path).ok


def test_photos_that_cannot_be_read_are_an_answer_and_no_error(monkeypatch):
    def lost(name):
        raise FileNotFoundError(f"{name} is not there")

    monkeypatch.setattr(data, "load_photo", lost)
    finding = environment._photos()
    assert not finding.ok and "is not there" in finding.words and "'git restore images'" in finding.words


def test_in_a_page_nothing_has_to_be_installed_and_the_photos_are_read(monkeypatch):
    monkeypatch.setattr(environment.sys, "platform", "emscripten")
    said = [str(each) for each in environment.check()]
    assert said == ["✓ Python runs in this page: nothing has to be installed", f"✓ {environment._photos().words}"]
