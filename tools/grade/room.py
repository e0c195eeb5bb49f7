"""The door to a student's code: asks :mod:`.inside` for a child, hands in cells and arguments, and takes values out.

Whatever a child says is read as data of bounded size in bounded time. A message that is none ends the visit.
"""

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lecture_lib.practice.plain import from_plain, to_plain
from lecture_lib.practice.sandbox import PATIENCE, Outcome

from ..notebooks import ROOT

INSIDE = Path(__file__).with_name("inside.py")
MOST = 32 << 20
"""Bytes of one message."""
LOADING = 10.0
"""Seconds for one cell."""
STARTING = 120.0


class GoneError(Exception):
    """A child does not answer any more; its words are for the student."""


ENDED = "it ended Python itself, with os._exit or a crash, or broke the rules of this room, and gave nothing."
STUCK = "it did not answer in time, and could not be stopped: is a number, a size or a loop far too large?"


def exposed() -> str:
    """A folder that a child may read and that holds solutions, or nothing."""
    installed = Path(sysconfig.get_path("purelib"), "lecture_lib", "chapters")
    inside = [each for each in readable(INSIDE) if Path(each) in (ROOT, *ROOT.parents)]
    return str(installed) if installed.exists() else "".join(inside[:1])


def readable(library: Path) -> list[str]:
    """Folders and files that a child may read: Python, what is installed, the students' library, two devices."""
    python = [sys.prefix, sys.base_prefix, "/usr/lib", "/usr/share/zoneinfo", "/lib", "/lib64", "/etc/ld.so.cache"]
    return [*python, str(library), "/dev/null", "/dev/urandom"]


class Room:
    """A process with the students' library, in which one child at a time tries one function."""

    def __init__(self, library: Path):
        """Start it; ``library`` is the folder that holds the students' copy of ``lecture_lib``."""
        self.control, theirs = socket.socketpair()
        environment = {"PYTHONPATH": str(library), "PYTHONHASHSEED": "0", "PATH": os.environ.get("PATH", "")}
        environment |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environment |= {"MPLCONFIGDIR": str(library), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
        kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
        command = [sys.executable, str(INSIDE), *readable(library)]
        self.process = subprocess.Popen(command, stdin=theirs, env=environment | kept, cwd=library)
        theirs.close()
        _hear(self.control, time.monotonic() + STARTING)

    def close(self) -> None:
        """End it."""
        self.control.close()
        self.process.wait()

    def enter(
        self, chapter: str, cells: Sequence[tuple[str, bool]], name: str, deadline: float, skip: list[int]
    ) -> "Visit":
        """A child in which the cells of a notebook have run, and from which one function can be called.

        Args:
            cells: source of each, and whether all of it runs, or only what it imports and defines.
            skip: places of cells that are left out. A cell that never ends, or that ends Python, is added.

        Raises:
            GoneError: it could not be had before the deadline.
        """
        while True:
            visit = Visit(self, deadline)
            try:
                visit.say({"chapter": chapter, "cells": cells, "name": name, "skip": skip})
                visit.load()
            except GoneError:
                visit.leave()
                if visit.at is None or visit.at in skip or time.monotonic() > deadline:
                    raise
                skip.append(visit.at)
                continue
            return visit


class Visit:
    """One child."""

    def __init__(self, room: Room, deadline: float):
        self.room, self.deadline, self.at = room, deadline, None
        self.door, theirs = socket.socketpair()
        socket.send_fds(room.control, [b"."], [theirs.fileno()])
        theirs.close()

    def leave(self) -> None:
        """End the child, with all that it runs."""
        self.door.close()
        self.room.control.send(b".")
        self.room.control.recv(1)

    def say(self, message: dict) -> None:
        content = json.dumps(message).encode()
        try:
            self.door.settimeout(LOADING)
            self.door.sendall(len(content).to_bytes(4, "big") + content)
        except OSError as error:
            raise GoneError(ENDED) from error

    def load(self) -> None:
        """Wait until all cells have run."""
        while True:
            match _hear(self.door, min(self.deadline, time.monotonic() + LOADING)):
                case {"at": int(at)} if at != self.at:
                    self.at = at
                case {"found": str(kind), "is": str(what), "problems": list(problems)}:
                    self.found, self.what, self.problems = kind, what[:300], [str(each)[:500] for each in problems[:5]]
                    return
                case _:
                    raise GoneError(ENDED)

    def call(self, arguments: tuple, seconds: float, look: object = None, filling: float = np.nan) -> Outcome:
        """As :func:`lecture_lib.practice.sandbox.call`, of the student's function in the child, which looks by itself.

        Raises:
            GoneError: the child has ended, is stuck, or says what no child says.
        """
        self.say({"case": to_plain(arguments), "seconds": seconds, "filling": filling})
        said = _hear(self.door, min(self.deadline, time.monotonic() + seconds + PATIENCE + 1))
        match said:
            case {
                "value": value, "error": str(error), "printed": str(printed), "ended": bool(ended), "stopped": bool(stopped),
                "unwritten": bool(unwritten), "changed": list(changed), "views": list(views),
            }:  # fmt: skip
                try:
                    value = from_plain(value)
                except (ValueError, RecursionError) as wrong:
                    raise GoneError(ENDED) from wrong
                return Outcome(value, error[:500], printed[:2000], ended, stopped, unwritten, changed, views)
        raise GoneError(ENDED)


def _hear(door: socket.socket, deadline: float) -> dict:
    """The next message, or :class:`GoneError`."""
    try:
        size = int.from_bytes(_exactly(door, 4, deadline), "big")
        if size > MOST:
            raise GoneError(ENDED)
        return json.loads(_exactly(door, size, deadline))
    except TimeoutError as error:
        raise GoneError(STUCK) from error
    except (OSError, ValueError, RecursionError) as error:
        raise GoneError(ENDED) from error


def _exactly(door: socket.socket, size: int, deadline: float) -> bytes:
    got = bytearray()
    while len(got) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        door.settimeout(left)
        part = door.recv(min(size - len(got), 1 << 20))
        if not part:
            raise OSError("closed")
        got += part
    return bytes(got)
