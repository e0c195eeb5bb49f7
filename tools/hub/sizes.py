"""How large a machine a class needs, computed from one test's figures."""

import math
from dataclasses import dataclass

GB = 1e9
CLASSES = (30, 100, 300)
RESERVE = 1.25
SYSTEM = 1.0
PATIENCE = 300.0
OWN, SHARED = 328e6, 40e6


@dataclass(frozen=True)
class Figures:
    """What a test found: the hub's own memory in bytes, and of the most demanding notebook's students the memory and CPU seconds."""

    hub: float
    student: float
    cpu: float


def bound(students: int) -> float:
    """The most that one of so many students may take, in bytes: those who are there share the libraries in memory.

    >>> [round(bound(students) / 1e6) for students in (20, 5, 1)]
    [330, 336, 368]
    """
    return OWN + SHARED / students


def size(figures: Figures, students: int) -> tuple[int, int]:
    """GB of memory and cores for so many students.

    Memory: all have the most demanding notebook open, all of it run; 1 GB for the system, and a quarter more.
    Cores: if all press "Run All" at once, the last is done after five minutes.

    >>> size(Figures(hub=0.2e9, student=0.2e9, cpu=30), 30)
    (9, 3)
    """
    memory = RESERVE * (figures.hub + students * figures.student) / GB + SYSTEM
    return math.ceil(memory), max(2, math.ceil(students * figures.cpu / PATIENCE))


def table(figures: Figures) -> str:
    """The sizing table of deploy/README.md."""
    lines = ["| Students | Memory | Cores | Disk, beside the installation |", "|---|---|---|---|"]
    for students in CLASSES:
        memory, cores = size(figures, students)
        lines.append(f"| {students} | {memory} GB | {cores} | {math.ceil(students * 0.1)} GB |")
    return "\n".join(lines)
