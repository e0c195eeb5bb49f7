"""JupyterHub for the tests of this folder: installed once, by the first of all workers that needs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.hub import fit


@pytest.fixture(scope="session")
def hub_python():
    """JupyterHub's Python, whole: another worker may be at it now. None where it cannot be installed, and the reason."""
    import fcntl  # noqa: PLC0415  not on Windows, where the tests that ask for this are skipped

    lock = fit.ROOT / "build" / "hub.lock"
    lock.parent.mkdir(exist_ok=True)
    runs = next(
        (each for each in (sys.executable, "/usr/bin/python3") if not fit.closed(Path(each).resolve())), "python3"
    )
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = ["make", "build/hub/.ready", f"PYTHON={runs}"]
        done = subprocess.run(command, cwd=fit.ROOT, capture_output=True, text=True)
    return (None if done.returncode else fit.PYTHON), done.stderr[-500:]
