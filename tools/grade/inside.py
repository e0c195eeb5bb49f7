"""Beside a student's code: a process that has the students' copy of the library, and lets children of it run notebooks.

It is started by :mod:`.room` as a script of its own, with the students' copy as ``lecture_lib``: no solution, no case that is
not tried yet and no other student's notebook is in its memory or in its sight. Each child tries one function of one notebook.
Nothing that a child says is believed but values.
"""

import ast
import contextlib
import gc
import importlib
import linecache
import os
import pkgutil
import random
import re
import signal
import socket
import sys
from json import dumps, loads  # these names: a student may have others for json's

import numpy as np
import walls

import lecture_lib.chapters
from lecture_lib.practice import sandbox
from lecture_lib.practice.check import Verdict, _unwritten
from lecture_lib.practice.desk import Desk
from lecture_lib.practice.plain import from_plain, to_plain
from lecture_lib.practice.results import describe, taken

CALLS = {"check", "hints", "progress", "guess", "ask", "vote", "follow", "watch"}


def send(door: socket.socket, message: dict) -> None:
    content = dumps(message).encode()
    door.sendall(len(content).to_bytes(4, "big") + content)


def receive(door: socket.socket) -> dict:
    size = int.from_bytes(_exactly(door, 4), "big")
    return loads(_exactly(door, size))


def _exactly(door: socket.socket, size: int) -> bytes:
    got = bytearray()
    while len(got) < size:
        part = door.recv(size - len(got))
        if not part:
            os._exit(0)  # nobody asks any more
        got += part
    return bytes(got)


def main() -> None:
    """Load what notebooks import, give up all sight of the machine, then start a child for each door that is handed in."""
    os.environ["MPLBACKEND"] = "agg"
    for name in ("check", "hints", "progress", "guess"):
        setattr(Desk, name, lambda *_, **__: Verdict("", "right"))
    names = {}
    for _, name, _ in pkgutil.iter_modules(lecture_lib.chapters.__path__):
        chapter = importlib.import_module(f"lecture_lib.chapters.{name}")
        if hasattr(chapter, "desk"):
            names[name] = vars(importlib.import_module(f"{chapter.__name__}.exercises"))
    size, nothing = walls.memory(), os.open(os.devnull, os.O_RDWR)
    walls.see_only(sys.argv[1:])
    _unwritten(main)  # inspect looks through all modules once, and remembers
    gc.collect()
    gc.freeze()  # children share this memory as long as nobody touches it
    control = socket.socket(fileno=0)
    send(control, {"ready": True})
    while True:
        _, doors, _, _ = socket.recv_fds(control, 1, 1)
        if not doors:
            return
        child = os.fork()
        if not child:
            control.close()
            with contextlib.suppress(SystemExit):
                visit(socket.socket(fileno=doors[0]), names, size, nothing)
            os._exit(0)
        os.close(doors[0])
        control.recv(1)  # until the room has heard enough
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        control.send(b".")


def visit(door: socket.socket, names: dict, size: int, nothing: int) -> None:
    """Run a notebook's cells, then call one of its functions as often as the room asks."""
    asked = receive(door)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    random.seed(0)
    np.random.seed(0)
    sandbox.ALONE = True
    walls.close(size)
    notebook, problems = {"__name__": "__main__", "np": np}, []
    for at, (source, whole) in enumerate(asked["cells"]):
        if at in asked["skip"]:
            continue
        send(door, {"at": at})
        if problem := run(source, whole, f"<cell {at + 1}>", notebook):
            problems.append(problem)
    function = notebook.get(asked["name"])
    kind = "missing" if function is None else "open" if _unwritten(function) else "function"
    kind = kind if callable(function) or function is None else "other"
    send(door, {"found": kind, "is": describe(taken(function)) if kind == "other" else "", "problems": problems[:5]})
    while True:
        case = receive(door)
        arguments = from_plain(case["case"], names[asked["chapter"]].__getitem__)
        outcome = sandbox.call(function, arguments, case["seconds"], taken, case["filling"])
        send(door, outcome._asdict() | {"value": to_plain(outcome.value)})


def run(source: str, whole: bool, file: str, notebook: dict) -> str:
    """Run a cell's source, or only what it imports and defines; returns its error in words."""
    try:
        try:
            tree = ast.parse(source)
        except SyntaxError:  # lines for IPython alone
            source = re.sub(r"^\s*[%!?].*$", "pass", source, flags=re.MULTILINE)
            tree = ast.parse(source)
        defines = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
        tree.body = [each for each in tree.body if not _asks(each) and (whole or isinstance(each, defines))]
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        code = compile(tree, file, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"[:300]
    try:
        with contextlib.redirect_stdout(sandbox._Paper()), contextlib.redirect_stderr(sandbox._Paper()):
            exec(code, notebook)  # noqa: S102  that is what it is for, behind walls
    except BaseException as error:  # noqa: BLE001  SystemExit, too
        return sandbox._described(error)
    return ""


def _asks(line: ast.stmt) -> bool:
    """Whether a line of a cell asks the notebook for a check, a hint or an explorer."""
    match line:
        case ast.Expr(ast.Call(ast.Name(name))) | ast.Assign(value=ast.Call(ast.Name(name))):
            return name in CALLS
        case ast.Assert():
            return True
    return False


if __name__ == "__main__":
    main()
