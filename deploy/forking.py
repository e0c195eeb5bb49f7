"""A spawner for JupyterHub that has each student's server forked by ``nursery.py``."""

import json
import os
import subprocess
import sys
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner
from jupyterhub.utils import random_port

NURSERY = Path(__file__).with_name("nursery.py")


class ForkingSpawner(LocalProcessSpawner):
    """Stops and watches a server as its parent class does, by its process id; starts it by asking the nursery."""

    _nursery: subprocess.Popen | None = None  # one for all students, so it belongs to the class

    async def start(self) -> tuple[str, int]:
        """Have the student's server forked; returns its address."""
        self.port = self.port or random_port()
        request = {
            "user": self.user.name if os.geteuid() == 0 else "",
            "environment": self.get_env(),
            "arguments": self.get_args(),
        }
        self.proc, self.pid = None, self._ask(request)
        return self.ip or "127.0.0.1", self.port

    def _ask(self, request: dict) -> int:
        nursery = type(self)._nursery
        if nursery is None or nursery.poll() is not None:
            # With the students' environment, since some settings, of memory, count only from a process's start.
            surroundings = os.environ | {name: str(value) for name, value in self.environment.items()}
            nursery = type(self)._nursery = subprocess.Popen(  # noqa: S603 - its own Python and file
                [sys.executable, str(NURSERY)], env=surroundings, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )  # fmt: skip
        print(json.dumps(request), file=nursery.stdin, flush=True)
        answer = nursery.stdout.readline()
        if not answer:
            raise RuntimeError("the nursery ended without an answer; the hub's log says why")
        return int(answer)
