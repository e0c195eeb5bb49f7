"""Start one student's JupyterLab, as that student: a private home with the notebooks in it, and limits.

In a container this runs in place of ``jupyterhub-singleuser``; on one machine ``nursery.py`` calls it.
It never changes a file that is there: what a student has written stays.
"""

import os
import sys
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PROCESSES = 256  # of one student; a kernel is one process with about ten threads


def prepare_home(home: Path, notebooks: Path = NOTEBOOKS) -> list[str]:
    """Close the home to all others and copy each notebook that is missing; returns the names of those."""
    os.umask(0o077)
    home.chmod(0o700)
    folder = home / "lecture" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for path in sorted(notebooks.glob("*.ipynb")) if not (folder / path.name).exists()]
    for path in missing:
        half = folder / f".{path.name}.part"
        half.write_bytes(path.read_bytes())
        half.rename(folder / path.name)  # whole or not at all, whenever the server is stopped
    return [path.name for path in missing]


def set_limits(memory: int | None) -> None:
    """Bound the memory of each process, in bytes, and the number of processes. A cell that wants more gets a MemoryError."""
    import resource  # here: Windows has none, and tests read this file there, too

    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))


def prepare(home: Path) -> None:
    """Home, limits and the place of sockets, for a server that starts in this process."""
    prepare_home(home)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(home / ".run")  # short: a socket's whole path has 107 characters at most
    set_limits(int(os.environ.get("MEM_LIMIT") or 0))  # JupyterHub's spawners write their limit here


def main() -> None:
    """Prepare, then become the server."""
    prepare(Path.home())
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
