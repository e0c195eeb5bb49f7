"""The lecture elsewhere: no network, nothing that can be written to, folders with names of any script."""

import ctypes
import os
import shutil
import socket
import stat
import subprocess
import sys

import numpy as np
import pytest

from lecture_lib import data, storage
from tools.notebooks import ROOT

FOLDER = "Лекция 讲义 – été 1 & 'copy'"
POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows keeps its folders in another way")
NAMES = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
TRIED = NAMES if os.environ.get("ELSEWHERE") == "all" else ["00_start_here", "02_convolution"]  # make fuzz: all


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 443)])
def test_no_test_reaches_the_network(address):
    with pytest.raises(ConnectionError, match="no test may ask the network"):
        socket.create_connection(address, timeout=1)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


@pytest.fixture
def read_only(tmp_path):
    """A copy of the notebooks that nobody can write to, in a folder with a difficult name."""
    folder = tmp_path / FOLDER
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    everything = [*folder.rglob("*"), folder]
    for each in everything:
        each.chmod(each.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield folder / "notebooks"
    for each in everything:
        each.chmod(each.stat().st_mode | stat.S_IWUSR)


def obey_permissions():
    """Let even root keep to a file's permissions: it gives up two of its capabilities."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP; refused to others, who have none to give up


def run(arguments, folder, **environment):
    """Run Python as someone who can write nowhere but where a kernel's connection file must be."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "LECTURE_"))}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=surroundings | {"HOME": str(folder), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"} | environment,
        preexec_fn=obey_permissions,
        capture_output=True,
        encoding="utf-8",
    )


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("name", TRIED)
def test_a_notebook_gives_its_outputs_in_a_folder_nobody_can_write_to_and_leaves_nothing_there(
    name, read_only, tmp_path
):
    before = sorted(read_only.parent.rglob("*"))
    strictly = ["-m", "pytest", "--quiet", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", "-c", os.devnull]
    strictly += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval.cfg"), "--rootdir", str(read_only)]
    done = run(
        [*strictly, f"{name}.ipynb"],
        read_only,
        JUPYTER_RUNTIME_DIR=str(tmp_path / "runtime"),
        MPLCONFIGDIR=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert sorted(read_only.parent.rglob("*")) == before


SOLVED = """
from lecture_lib.practice.progress import remember
print(remember("output_size"))
"""


@POSIX
def test_progress_that_cannot_be_kept_is_said_in_words(read_only):
    done = run(["-c", SOLVED], read_only)
    assert done.stdout == "This folder cannot be written to, so my_progress.json does not keep your progress.\n"
    assert done.returncode == 0, done.stderr


def test_files_are_read_and_written_where_names_have_any_script(tmp_path):
    folder = tmp_path / FOLDER
    folder.mkdir()
    shutil.copy(ROOT / "images" / "camera.png", folder / "ñandú 猫.png")
    assert data.open_image(folder / "ñandú 猫.png").shape == data.load_photo("camera").shape
    storage.save_arrays(folder / "进度.npz", {"a": np.ones(2)}, {"a": "solved"})
    assert storage.load_arrays(folder / "进度.npz", {"a": (2,)})[1] == {"a": "solved"}
