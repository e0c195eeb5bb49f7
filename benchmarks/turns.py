"""Players that take turns: each in a process of its own, so that no one's idle threads slow another.

BLAS libraries and PyTorch keep threads spinning for a while after their work. In one process each
would be measured beside the other's spinning threads; here whoever is not at work waits for a message.
"""

import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from statistics import median

PAUSE = 0.15
"""Seconds between two turns, after which the last player's threads have gone to sleep."""

Make = Callable[[object], dict[str, Callable[[], object]]]
"""Makes a player's functions for one task, by name."""


def _serve(pipe: Connection, module: str, make: str) -> None:
    """Answer (task, name, seconds) with the times of that function, until None comes."""
    prepare, current, functions = getattr(importlib.import_module(module), make), None, {}
    while (message := pipe.recv()) is not None:
        task, name, seconds = message
        if task != current:
            current, functions = task, prepare(task)
        run, times = functions[name], []
        run()
        until = time.perf_counter() + seconds
        while len(times) < 3 or time.perf_counter() < until:
            start = time.perf_counter()
            run()
            times.append(time.perf_counter() - start)
        pipe.send(times)


@contextmanager
def players(*makers: Make) -> Iterator[list[Connection]]:
    """A process for each maker of functions; they end with the block."""
    context, pipes = multiprocessing.get_context("spawn"), []
    for make in makers:
        mine, its = context.Pipe()
        context.Process(target=_serve, args=(its, make.__module__, make.__name__), daemon=True).start()
        pipes.append(mine)
    try:
        yield pipes
    finally:
        for pipe in pipes:
            pipe.send(None)


def duel(pipes: Sequence[Connection], task: object, name: str, rounds: int = 5, seconds: float = 0.25) -> list[float]:
    """Median seconds of each player for one function of one task, in turns of ``seconds``."""
    times: list[list[float]] = [[] for _ in pipes]
    for _ in range(rounds):
        for mine, pipe in zip(times, pipes, strict=True):
            time.sleep(PAUSE)
            pipe.send((task, name, seconds))
            mine += pipe.recv()
    return [median(each) for each in times]
