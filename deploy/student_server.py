"""Start one student's JupyterLab, as that student: a private home with the notebooks in it, and limits.

It runs in place of ``jupyterhub-singleuser``: in a container as it is, on one machine with ``--door`` (``spawner.py``).
It never changes a file that a student has changed: what they have written stays.
"""

import hashlib
import itertools
import json
import os
import socket
import sys
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
PROCESSES = 256  # of one student; a kernel is one process with about ten threads
LARGEST_FILE = 1_000_000_000
LARGEST_NOTEBOOK = 50_000_000  # the lecture's own have 5 MB at most
GIVEN = ".given.json"


def prepare_home(home: Path, notebooks: Path = NOTEBOOKS) -> list[str]:
    """Close the home to all others and hand out each notebook in its newest version; returns the names of what was written.

    A notebook that the student has not changed is replaced, one that is missing comes back; beside one that was changed the
    new version gets a name of its own, once.
    """
    os.umask(0o077)
    home.chmod(0o700)
    folder = home / "lecture" / "notebooks"
    folder.mkdir(parents=True, exist_ok=True)
    given, written = _read_given(folder), []
    for path in sorted(notebooks.glob("*.ipynb")):
        version = digest(path)
        if place := _place(folder / path.name, version, given):
            half = folder / f".{path.name}.part"
            half.write_bytes(path.read_bytes())
            half.rename(place)  # whole or not at all, whenever the server is stopped
            written.append(place.name)
            given[place.name] = version
    if written:
        half = folder / f"{GIVEN}.part"
        half.write_text(json.dumps(given, indent=1), encoding="utf-8")
        half.rename(folder / GIVEN)
    return written


def _place(own: Path, version: str, given: dict[str, str]) -> Path | None:
    """Where this version of a notebook is to be written; nowhere if the student has it or had it."""
    if not os.path.lexists(own):
        return own
    places = itertools.chain([own], (own.with_name(f"{own.stem}.new-{count}.ipynb") for count in itertools.count(2)))
    # As it was handed out; or there is none, and never was. The first that is neither new nor changed.
    place = next(each for each in places if given.get(each.name) in (version, digest(each)) or digest(each) == version)
    return None if version in (given.get(place.name), digest(place)) else place


def _read_given(folder: Path) -> dict[str, str]:
    """Which version of each file this student was given last; nothing of it if somebody has made it unreadable."""
    try:
        return dict(json.loads((folder / GIVEN).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def digest(path: Path) -> str | None:
    """Of a file's bytes; nothing where there is no file. It reads no pipe, which would wait, and nothing huge."""
    if not os.path.lexists(path):
        return None
    if not path.is_file() or path.stat().st_size > LARGEST_NOTEBOOK:
        return "no notebook of the lecture"
    return hashlib.sha256(path.read_bytes()).hexdigest()


def trust_copies(home: Path, notebooks: Path = NOTEBOOKS) -> None:
    """Sign, for this student, the notebooks that still are the lecture's own: JupyterLab wakes up none that nobody trusts."""
    import nbformat  # here, after the home is closed: the key and the list of signatures lie in it
    from nbformat.sign import NotebookNotary

    notary, versions = NotebookNotary(), {digest(path) for path in notebooks.glob("*.ipynb")}
    for own in sorted((home / "lecture" / "notebooks").glob("*.ipynb")):
        if digest(own) in versions:
            notary.sign(nbformat.read(own, as_version=4))
    notary.store.close()


def set_limits(memory: int | None, processes: int | None = None) -> None:
    """Bound the memory of each process and the length of each file, in bytes, and the number of processes.

    A cell that wants more memory gets a MemoryError.
    """
    import resource  # here: Windows has none, and tests read this file there, too

    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
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
    # First, since what lies in the home is read next.
    # JupyterHub's spawners write their limit of memory into the environment. Processes are counted by user: on a node
    # of a cluster that would be those of all pods together.
    set_limits(int(os.environ.get("MEM_LIMIT") or 0), PROCESSES if at_door else None)
    if at_door:
        os.chdir(home)
        write_own_log(home)
        take_door()
        arguments = arguments[1:]
    prepare_home(home)
    trust_copies(home)
    os.environ["JUPYTER_RUNTIME_DIR"] = str(home / ".run")  # short: a socket's whole path has 107 characters at most
    sys.argv = ["jupyterhub-singleuser", *arguments]
    from jupyterhub.singleuser import main as serve

    serve()


if __name__ == "__main__":
    main()
