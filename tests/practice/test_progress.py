"""What is solved is remembered in a file that a student can delete, damage, or have no room for."""

import json

import pytest

from lecture_lib.chapters import convolution
from lecture_lib.practice import progress
from lecture_lib.practice.progress import Progress
from tests.chapters.found import EXERCISES


def test_the_progress_file_lies_beside_the_notebooks_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(progress.VARIABLE)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert progress.progress_file() == tmp_path / progress.FILE
    monkeypatch.chdir(tmp_path)
    assert progress.progress_file() == tmp_path / progress.FILE


def test_progress_is_text_and_never_markup():
    assert "<b>" not in Progress(["<b>"], set())._repr_html_()


def test_a_folder_that_is_gone_keeps_no_progress_and_no_check_from_its_verdict(tmp_path, monkeypatch):
    monkeypatch.delenv(progress.VARIABLE, raising=False)
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert progress.read() == (set(), "")
    assert "does not keep your progress" in progress.remember("pad")


def test_names_that_are_none_are_dropped_from_the_file(tmp_path, monkeypatch):
    file = tmp_path / "progress.json"
    monkeypatch.setenv(progress.VARIABLE, str(file))
    file.write_text(json.dumps({"\ud800": "solved", "<b>": "solved", "pad": "solved"}))
    assert progress.remember("correlate") == ""
    assert progress.read() == ({"pad", "correlate"}, "")


def test_progress_is_remembered_over_checks_and_counts_only_this_notebooks(tmp_path):
    assert convolution.progress().startswith("Solved: 0 of 6. ○ output_size")
    assert convolution.check(EXERCISES["output_size"].solution).solved
    assert convolution.progress().startswith("Solved: 1 of 6. ✓ output_size ○ conv_parameters")
    assert '<progress value="1" max="6"' in convolution.progress()._repr_html_()
    progress.progress_file().unlink()
    assert convolution.progress().startswith("Solved: 0 of 6.")


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": 1}', b"\xff\xfe", b"[" * 99_999, b"x" * 200_000])
def test_a_damaged_progress_file_is_said_and_nothing_is_lost(content):
    progress.progress_file().write_bytes(content)
    said = convolution.progress()
    assert said.startswith("Solved: 0 of 6.")
    assert "Delete it to start anew." in said
    verdict = convolution.check(EXERCISES["output_size"].solution)
    assert verdict.solved
    assert "Delete it to start anew." in verdict
    assert progress.progress_file().read_bytes() == content


def test_a_folder_that_is_not_there_skips_progress_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.VARIABLE, str(tmp_path / "nowhere" / "progress.json"))
    verdict = convolution.check(EXERCISES["output_size"].solution)
    assert verdict.solved
    assert "does not keep your progress" in verdict
