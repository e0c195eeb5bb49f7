"""What keeps this machine from the hub's test, said before anything is installed: ``python -m tools.hub.fit``.

Nothing but the standard library, and a syntax that Python 3.8 reads, since this runs before there is anything else.
"""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from ..notebooks import ROOT

AS_ROOT = os.name == "posix" and os.geteuid() == 0
PYTHON = ROOT / "build/hub/bin/python"
PROXY = ROOT / "build/hub/npm/node_modules/.bin/configurable-http-proxy"
TOOLS = ("useradd", "userdel", "groupadd", "groupdel", "chpasswd", "setpriv")


def reasons() -> list:
    """Why this machine cannot do it; empty if it can."""
    found = []
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this has not installed the project yet
        found.append("It needs Python 3.11 or newer. Try: make hub-test PYTHON=python3.12")
    if not find_spec("ensurepip"):
        found.append("Python's venv is not here. On Debian and Ubuntu: apt install python3-venv")
    if not Path("/proc/self/smaps_rollup").exists():
        found.append("It counts memory in /proc, as Linux has it. On other systems run it in a container.")
    if not PROXY.exists() and not shutil.which("npm"):
        found.append("JupyterHub's proxy comes by npm, and there is no npm. On Debian and Ubuntu: apt install npm")
    if not shutil.which("node"):
        found.append("JupyterHub's proxy runs in Node 20 or newer, and there is no node.")
    if AS_ROOT:
        missing = [tool for tool in TOOLS if not shutil.which(tool)]
        if missing:
            found.append(f"Each student becomes a user of this machine. Not here: {', '.join(missing)}")
        if shut := closed(ROOT):
            found.append(f"Each student is a user of this machine, and cannot enter {shut}. Clone where all can read.")
        if shut := closed((PYTHON if PYTHON.exists() else Path(sys.executable)).resolve()):
            found.append(
                f"No student can run the Python in {shut}. Try: rm -r build/hub; make hub-test PYTHON=/usr/bin/python3"
            )
    return found


def closed(path: Path):
    """The part of a path that other users cannot pass, if there is one."""
    return next((each for each in (path, *path.parents) if not each.stat().st_mode & 0o001), None)


def main() -> int:
    """Say what cannot be done; returns 1 if that is all of it."""
    for reason in reasons():
        print(reason)
    if not AS_ROOT:
        print("Not as root: all students will be this user, so that no login by PAM and no privacy can be tried.")
    return int(bool(reasons()))


if __name__ == "__main__":
    sys.exit(main())
