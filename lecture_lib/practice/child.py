"""A check in a process of its own: what a student's function holds up, breaks or ends is not the notebook.

A call of C that keeps the interpreter, such as ``sum(range(10**10))``, stops every thread; only another process can say
so. Linux makes one in a moment. Elsewhere the check runs here: such a call is waited for, and ``os._exit`` is the end.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection

from . import sandbox
from .check import Verdict

GIVEN_UP = (
    "{}: after {:g} s it is still in one call that nobody can stop, so it was given up. Is a number, a size or a range far too "
    "large, as in sum(range(10**10))? Your notebook goes on: change the function, and run the cell again."
)
ENDED = (
    "{}: it ended Python itself, with os._exit or a crash, and gave nothing. The check ran in a process of its own: "
    "your notebook goes on. Change the function, and run the cell again."
)


def in_a_child(name: str, check: Callable[[], Verdict], seconds: float = sandbox.SECONDS) -> Verdict:
    """What ``check()`` gives, from a process that may be stopped at any time.

    Args:
        name: the exercise, for the words where nothing comes back.
        seconds: how long Python may stand still.
    """
    if sys.platform != "linux" or sandbox.ALONE:
        return check()
    try:
        hear, say = multiprocessing.Pipe(duplex=False)
        with warnings.catch_warnings(action="ignore"):  # other threads are not in the child, and it needs none of them
            child = os.fork()
    except OSError:  # the machine has no room for another process
        return check()
    if not child:
        _answer(check, say)
    say.close()
    try:
        while hear.poll(seconds):
            if said := hear.recv_bytes():
                return Verdict(*json.loads(said))
        return Verdict(GIVEN_UP.format(name, seconds), "wrong")
    except (EOFError, OSError):
        return Verdict(ENDED.format(name), "wrong")
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        hear.close()


def _answer(check: Callable[[], Verdict], say: Connection) -> None:
    """In the child: a sign of life ten times a second, then the verdict, then the end."""
    done = threading.Event()

    def live() -> None:
        while not done.is_set():
            try:
                say.send_bytes(b"")
            except OSError:  # nobody hears: whoever asked was interrupted while this process was made
                os._exit(1)
            time.sleep(0.1)

    try:
        sandbox.ALONE = True
        alive = threading.Thread(target=live, daemon=True)
        alive.start()
        verdict = check()
        done.set()
        alive.join()
        say.send_bytes(json.dumps([str(verdict), verdict.kind]).encode())
    finally:
        with contextlib.suppress(BaseException):
            say.close()
        os._exit(0)
