"""JupyterHub's own spawner for local processes, with the port held by the hub and no rights lent before they are dropped."""

import os
import pwd
import socket
import sys
from pathlib import Path
from subprocess import DEVNULL

from jupyterhub.spawner import LocalProcessSpawner

SERVER = Path(__file__).with_name("student_server.py")


class DoorSpawner(LocalProcessSpawner):
    """Listens on a student's port itself, and hands the listening socket to the student's server as standard input."""

    door: socket.socket | None = None

    def make_preexec_fn(self, name):
        """None: a copy of the hub that ran as the student could be read, or stopped while the hub waits for it."""

    async def start(self) -> tuple[str, int]:
        """Start the server; returns its address. ``setpriv`` drops root's rights after the hub has let go of it."""
        # The hub never accepts. It keeps the socket until the proxy sends nothing there any more: a port that is
        # bound by root no neighbour can bind, not even in the moment after a server has crashed.
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.cmd = [*self._as_student(), sys.executable, str(SERVER), "--door"]
        # Not the hub's terminal or log: who holds a file open for writing can also truncate it.
        self.popen_kwargs = {"stdin": self.door, "stdout": DEVNULL, "stderr": DEVNULL, "cwd": "/"}
        return await super().start()

    async def stop(self, now: bool = False) -> None:
        """Stop the server, then give up its port; the hub has removed the route before it calls this."""
        await super().stop(now)
        if self.door:
            self.door.close()

    def _as_student(self) -> list[str]:
        if os.geteuid() != 0:
            return []  # all students are the hub's own user: for trials, without privacy
        user = pwd.getpwnam(self.user.name)
        return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--init-groups", "--"]
