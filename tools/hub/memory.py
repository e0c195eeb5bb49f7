"""What processes take of a Linux machine: memory, each shared page counted once, and processor time."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Use:
    """Bytes and seconds; uses of several processes add up."""

    pss: int = 0
    """Proportional set size: a page that n processes share counts 1/n for each."""
    rss: int = 0
    cpu: float = 0.0

    def __add__(self, other: "Use") -> "Use":
        return Use(self.pss + other.pss, self.rss + other.rss, self.cpu + other.cpu)


def of(process: int) -> Use:
    """What one process uses; nothing if it is gone."""
    try:
        rollup = (PROC / str(process) / "smaps_rollup").read_text(encoding="ascii")
        stat = (PROC / str(process) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return Use()
    size = {line.split()[0]: int(line.split()[1]) * 1024 for line in rollup.splitlines()[1:]}
    return Use(size["Pss:"], size["Rss:"], (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK"))


def family(ancestor: int) -> Iterator[int]:
    """A process, and all that it and its children have started."""
    children: dict[int, list[int]] = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    waiting = [ancestor]
    while waiting:
        process = waiting.pop()
        waiting += children.get(process, ())
        yield process


def together(processes: Iterable[int]) -> Use:
    """The sum over processes."""
    return sum(map(of, processes), Use())
