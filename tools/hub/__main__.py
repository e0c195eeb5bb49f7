"""Let a class of simulated students use a real JupyterHub on this machine, and report what it took.

    python -m tools.hub --students 20

Loopback only. It ends by itself, and exits with 1 if anything failed or a student took more than the bound.
"""

import argparse
import os
import signal
import sys
import threading
import time
from itertools import cycle, islice
from statistics import mean

from ..notebooks import ROOT
from . import memory, privacy, sizes
from .fit import AS_ROOT
from .running import PREFIX, Hub, jupyterhub
from .student import Student

ORDER = ("02", "06", "01", "03", "04", "05", "00")


def main() -> int:
    """Run the test; returns the number of failures, at most 1."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an exception, so that hub and accounts go first
    names = [f"{PREFIX}{number:02}" for number in range(1, asked.students + 1)]
    with jupyterhub(dict.fromkeys(names, "students")) as hub:
        print(f"JupyterHub with its proxy at {hub.url}, {asked.students} students, {os.cpu_count()} cores", flush=True)
        chosen = islice(cycle(_notebooks(asked.notebooks)), asked.students)
        students = [Student(hub.url, name, hub.password, book) for name, book in zip(names, chosen, strict=False)]
        peak = _attend(students, hub, asked)
        problems = [f"{each.name}: {problem}" for each in students for problem in each.problems]
        running = hub.processes()
        uses = {name: memory.together(running[name]) for name in names}
        everybodys = memory.together(memory.family(hub.process))
        problems += _privacy(hub, names)
        for each in students:
            each.leave()
    own = everybodys.pss - sum(use.pss for use in uses.values())
    return _report(students, uses, own, peak, problems)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.hub", description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=20, choices=range(1, 51), metavar="1..50")
    parser.add_argument("--notebooks", nargs="+", default=ORDER, help="beginnings of names, dealt out in turn")
    parser.add_argument("--moves", type=int, default=3, help="of each control")
    parser.add_argument("--minutes", type=float, default=40, help="after which it stops in any case")
    return parser.parse_args()


def _notebooks(beginnings: list[str]) -> list[str]:
    return [next((ROOT / "notebooks").glob(f"{each}*.ipynb")).name for each in beginnings]


def _attend(students: list[Student], hub: Hub, asked: argparse.Namespace) -> dict[str, memory.Use]:
    """All at once; returns the most that each student's processes took at one of the looks in between."""
    until = time.monotonic() + 60 * asked.minutes
    threads = [threading.Thread(target=each.attend, args=(asked.moves, until), daemon=True) for each in students]
    for thread in threads:
        thread.start()
    peak: dict[str, memory.Use] = {}
    while any(thread.is_alive() for thread in threads):
        time.sleep(2)
        _show(students)
        for name, found in hub.processes().items():
            use = memory.together(found)
            peak[name] = max(use, peak.get(name, use), key=lambda use: use.pss)
    print()
    return peak


def _show(students: list[Student]) -> None:
    share = mean(each.progress for each in students)
    failed = sum(bool(each.problems) for each in students)
    bar = ("█" * round(30 * share)).ljust(30, "·")
    end = "" if sys.stdout.isatty() else "\n"
    print(f"\r{bar} {share:4.0%}, {failed} students with a failure", end=end, flush=True)


def _privacy(hub: Hub, names: list[str]) -> list[str]:
    if not AS_ROOT:
        return []  # all students are one user, as was said at the beginning
    problems = []
    for reader, owner in zip(names, [*names[1:], names[0]], strict=True):
        problems += privacy.strangers_can(reader, owner, hub.homes / owner) if reader != owner else []
        problems += [f"{owner}'s {kernel} talks over TCP" for kernel in privacy.loud_kernels(hub.homes / owner)]
    print(
        f"Each of {len(names)} students tried to read a neighbour's home and tokens, and listened for kernels: {len(problems)} times something was heard or read."
    )
    return problems


def _report(students, uses, own, peak, problems) -> int:
    print(
        f"\n{'notebook':26}{'students':>9}{'PSS MB':>8}{'peak':>6}{'RSS MB':>8}{'CPU s':>7}{'server':>8}{'run all':>8}{'moves':>7}{'s':>6}"
    )
    most = (0.0, 0.0)
    for book in sorted({each.notebook for each in students}):
        group = [each for each in students if each.notebook == book]
        at_end, highest = [uses[each.name] for each in group], [peak[each.name] for each in group]
        pss, cpu = mean(use.pss for use in at_end), mean(use.cpu for use in at_end)
        seconds = {
            part: mean(each.seconds.get(part, float("nan")) for each in group)
            for part in ("server", "run all", "explorers")
        }
        print(f"{book[:-6]:26}{len(group):9}{pss / 1e6:8.0f}{max(use.pss for use in highest) / 1e6:6.0f}"
              f"{mean(use.rss for use in at_end) / 1e6:8.0f}{cpu:7.1f}{seconds['server']:8.1f}{seconds['run all']:8.1f}"
              f"{sum(each.moves for each in group):7}{seconds['explorers']:6.1f}")  # fmt: skip
        most = max(most[0], pss), max(most[1], cpu)
    everyone = [use.pss for use in uses.values()]
    bound = sizes.bound(len(students))
    print(f"The hub with its proxy and culler: {own / 1e6:.0f} MB.")
    print(
        f"A student, server and kernel: {mean(everyone) / 1e6:.0f} MB on average, {max(everyone) / 1e6:.0f} MB at most "
        f"(bound for {len(students)} students: {bound / 1e6:.0f})."
    )
    if max(everyone) > bound:
        problems.append(f"a student took {max(everyone) / 1e6:.0f} MB")
    print(f"Failures: {len(problems)}", *problems, sep="\n  ")
    print("\n" + sizes.table(sizes.Figures(own, *most)))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
