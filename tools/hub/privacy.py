"""Can a student read what another has? Tried, as that student."""

import json
import os
import pwd
import re
import subprocess
from pathlib import Path


def strangers_can(reader: str, owner: str, home: Path) -> list[str]:
    """What ``reader`` can see of ``owner``'s home: nothing, if the list is empty. Only root can ask."""
    notebook = next((home / "lecture" / "notebooks").glob("*.ipynb"))
    # Paths are given as arguments, so that none is read as a command.
    attempts = {
        "list the home": ["ls", str(home)],
        "read a notebook": ["head", "-c", "1", str(notebook)],
        "write into the home": ["touch", str(home / "here")],
    }
    for process in processes(owner):
        attempts[f"read the environment of process {process}, with the token in it"] = [
            "head", "-c", "1", f"/proc/{process}/environ",
        ]  # fmt: skip
    return [f"{reader} can {what} of {owner}" for what, command in attempts.items() if _works(reader, command)]


def _works(user: str, command: list[str]) -> bool:
    done = subprocess.run(
        command, user=user, group=pwd.getpwnam(user).pw_gid, extra_groups=[], capture_output=True, cwd="/", env={"PATH": os.defpath}
    )  # fmt: skip
    return done.returncode == 0


def processes(user: str) -> list[int]:
    """Ids of what runs as a user."""
    number = str(pwd.getpwnam(user).pw_uid)
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/status") if number in _owners(path)]


def _owners(status: Path) -> list[str]:
    try:
        return re.search(r"^Uid:\s+(.*)$", status.read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def loud_kernels(home: Path) -> list[str]:
    """Connection files of kernels that talk over TCP, where every user of the machine could listen to what they publish."""
    files = (home / ".run").glob("kernel-*.json")
    return [path.name for path in files if json.loads(path.read_text(encoding="utf-8"))["transport"] != "ipc"]
