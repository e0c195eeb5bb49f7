"""What is solved is remembered in a file that a student can delete, damage, or have no room for."""

import errno
import io
import json
import os
import subprocess
import sys

import pytest

from lecture_lib.chapters import activations, convolution
from lecture_lib.practice import progress
from lecture_lib.practice.progress import Progress
from tests.chapters.found import EXERCISES
from tools.notebooks import ROOT


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
    assert convolution.progress().startswith("Solved: 1 of 6. ✓ output_size ○ choose_stride_and_padding")
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


def test_a_file_of_an_older_lecture_is_read_and_kept():
    file = progress.progress_file()
    file.write_text(json.dumps({"pad": "solved", "elu": "solved"}, indent=1) + "\n")
    assert progress.read() == ({"pad", "elu"}, "")
    assert progress.remember("correlate") == ""
    assert progress.read() == ({"pad", "elu", "correlate"}, "")
    assert progress.remember("pad") == ""
    assert file.read_text().count("pad") == 1


def test_a_killed_kernel_leaves_a_whole_file_and_no_other(tmp_path):
    code = """
import itertools
from lecture_lib.practice.progress import remember
for count in itertools.count():
    assert remember(f"exercise_{count}") == ""
    print(count, flush=True)
"""
    for at in (0, 7, 30):
        folder = tmp_path / f"killed {at}"
        folder.mkdir()
        here = os.environ | {progress.VARIABLE: str(folder / progress.FILE), "PYTHONPATH": str(ROOT)}
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=here, text=True) as kernel:
            while int(kernel.stdout.readline()) < at:
                pass
            kernel.kill()
        assert [path.name for path in folder.iterdir()] == [progress.FILE]
        names = progress._notes((folder / progress.FILE).read_bytes())
        assert names.keys() >= {f"exercise_{count}" for count in range(at + 1)}


class Full(io.FileIO):
    """A file on a disk with room for a few bytes more."""

    room = 0

    def write(self, line):
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(line[: self.room])


@pytest.mark.parametrize("room", [0, 5])
@pytest.mark.parametrize("before", ["", '{"elu": "solved"}\n'])
def test_a_full_disk_is_named_and_the_file_stays_as_it_was(room, before, monkeypatch):
    file = progress.progress_file()
    if before:
        file.write_text(before)
    monkeypatch.setattr(Full, "room", room)
    monkeypatch.setattr(progress, "open", lambda path, mode, **_: Full(path, mode), raising=False)
    assert progress.remember("pad") == "The disk is full, so my_progress.json does not keep your progress."
    assert (file.read_text() if file.exists() else "") == before


def test_a_folder_in_the_place_of_the_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv(progress.VARIABLE, str(tmp_path))
    assert "it is a folder or a device" in progress.read()[1]
    assert "it is a folder or a device" in progress.remember("pad")


def test_what_is_solved_in_another_notebook_is_not_counted_here():
    assert activations.check(EXERCISES["softplus"].solution).solved
    assert activations.progress().startswith("Solved: 1 of 6.")
    assert convolution.progress().startswith("Solved: 0 of 6.")


def test_two_notebooks_that_solve_at_once_lose_nothing(tmp_path):
    code = """
import sys
from lecture_lib.practice.progress import note_guess, remember
for count in range(200):
    assert remember(f"{sys.argv[1]}_{count}") == note_guess(f"{sys.argv[1]}{count}", "[16, 0]") == ""
"""
    here = os.environ | {"PYTHONPATH": str(ROOT)}
    kernels = [subprocess.Popen([sys.executable, "-c", code, name], env=here) for name in ("one", "other")]
    assert [kernel.wait() for kernel in kernels] == [0, 0]
    assert len(progress.read()[0]) == len(progress.guesses()) == 400


def test_a_page_begins_with_the_notes_that_it_has_kept_and_hears_of_each_new_one(monkeypatch):
    monkeypatch.setattr(progress, "_hear", [])
    heard = []
    progress.share('{"pad": "solved"}\n', lambda *note: heard.append(note))
    assert progress.read() == ({"pad"}, "")
    assert [progress.note_guess("C1", "[16]"), progress.note_guess("C1", "[16]"), progress.remember("pad")] == [
        "",
        "",
        "",
    ]
    assert progress.remember("elu") == "" and heard == [("guess C1", "[16]"), ("elu", "solved")]
    progress.share("", lambda *note: heard.append(note))
    assert progress.read() == (set(), "") and progress.guesses() == {}
