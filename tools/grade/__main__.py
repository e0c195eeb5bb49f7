"""Grade a folder of handed-in notebooks: ``python -m tools.grade FOLDER``. Linux alone keeps what students wrote behind walls."""

import argparse
import sys
import time
from pathlib import Path

from ..make_exercises import SEED
from ..notebooks import ROOT
from . import report, room, walls
from .many import graded
from .submission import found_in


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, grade, write."""
    parser = argparse.ArgumentParser(prog="python -m tools.grade", description=__doc__)
    parser.add_argument("folder", type=Path, help="holds notebooks, or a folder for each student")
    parser.add_argument("--out", type=Path, help="where marks.csv and the pages go; build/marks/NAME")
    parser.add_argument("--seed", type=int, default=SEED, help="of the hidden cases; another one each term")
    parser.add_argument("--workers", type=int, help="notebooks at a time; as many as there are processors")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder")
    if sys.platform != "linux" or (lacking := walls.missing()):
        parser.error(
            "what students wrote runs on Linux alone (WSL 2 or a container will do)" if sys.platform != "linux"
            else f"this machine lacks {lacking}"
        )  # fmt: skip
    if shown := room.exposed():
        parser.error(
            f"{shown} holds solutions, and students' code may read it: install the project with pip's --editable, elsewhere"
        )
    out = asked.out or ROOT / "build" / "marks" / asked.folder.resolve().name
    many, results, begun = len(found_in(asked.folder)), [], time.monotonic()
    print(
        "No network, no processes, no files written, no solutions and no other notebook in sight, 1 GB of memory: all hold here."
    )
    for result in graded(asked.folder, asked.seed, asked.workers):
        results.append(result)
        took = time.monotonic() - begun
        print(f"\r{len(results)} of {many}, {took:.0f} s", end="" if sys.stdout.isatty() else "\n", flush=True)
    report.write(sorted(results, key=lambda each: each.student), out)
    print(f"\n{out / 'marks.csv'}: {many} notebooks; a page for each beside it")


if __name__ == "__main__":
    main()
