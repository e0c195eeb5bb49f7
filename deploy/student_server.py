"""Start one student's JupyterLab, as that student: a private home with the notebooks in it, and limits.

It runs in place of ``jupyterhub-singleuser``: in a container as it is, on one machine with ``--door`` (``spawner.py``).
It never changes a file that is there: what a student has written stays.
"""

import os
import socket
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


def trust_copies(home: Path, notebooks: Path = NOTEBOOKS) -> None:
    """Sign, for this student, the notebooks that still are the lecture's own: JupyterLab wakes up none that nobody trusts."""
    import nbformat  # here, after the home is closed: the key and the list of signatures lie in it
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in sorted(notebooks.glob("*.ipynb")):
        own = home / "lecture" / "notebooks" / path.name
        if own.read_bytes() == path.read_bytes():
            notary.sign(nbformat.read(own, as_version=4))
    notary.store.close()


def set_limits(memory: int | None, processes: int | None = None) -> None:
    """Bound the memory of each process, in bytes, and the number of processes. A cell that wants more gets a MemoryError."""
    import resource  # here: Windows has none, and tests read this file there, too

    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    if processes:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))


def write_own_log(home: Path) -> None:
    """Send what this process writes to a file in the home: the hub's log is not for students."""
    os.umask(0o077)
    (home / ".run").mkdir(exist_ok=True)
    with (home / ".run" / "server.log").open("wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def take_door() -> None:
    """Serve on the socket that the hub has bound and handed over as standard input, and bind none."""
    from tornado import netutil  # before anything else imports this function from there; if not, the port is taken

    door = socket.socket(fileno=os.dup(0))
    door.setblocking(False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    netutil.bind_sockets = lambda *_, **__: [door.dup()]


def main() -> None:
    """Prepare, then serve."""
    home, arguments = Path.home(), sys.argv[1:]
    at_door = arguments[:1] == ["--door"]
    if at_door:
        os.chdir(home)
        write_own_log(home)
        take_door()
        arguments = arguments[1:]
    prepare_home(home)
    trust_copies(home)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(home / ".run")  # short: a socket's whole path has 107 characters at most
    # JupyterHub's spawners write their limit of memory into the environment. Processes are counted by user: on a node
    # of a cluster that would be those of all pods together.
    set_limits(int(os.environ.get("MEM_LIMIT") or 0), PROCESSES if at_door else None)
    sys.argv = ["jupyterhub-singleuser", *arguments]
    from jupyterhub.singleuser import main as serve

    serve()


if __name__ == "__main__":
    main()
