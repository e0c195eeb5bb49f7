"""Throw hostile input at the library: ``make fuzz``, ``make fuzz CASES=100000 SEED=3``.

A case depends on the seed and its number alone: ``python -m tests.fuzz doors --seed 3 --only 812`` tries one again.
"""

import argparse
import sys
import time
from collections.abc import Callable

import numpy as np

from tests.fuzz.cases import Case, Failure, failure, limits, share, try_cases
from tests.fuzz.doors import door_case
from tests.fuzz.files import kernel_case, picture_case, weights_case
from tests.fuzz.functions import function_case

TARGETS: dict[str, Callable[[np.random.Generator], Case]] = {
    "pictures": picture_case, "weights": weights_case, "kernels": kernel_case, "doors": door_case,
    "functions": function_case,
}  # fmt: skip
SHOWN = 20  # failures of each target


def fuzz(name: str, count: int, seed: int) -> list[Failure]:
    """Run the cases of one target under a progress bar."""
    found, start = [], time.perf_counter()
    for done, failed in enumerate(try_cases(TARGETS[name], count, seed), 1):
        if failed:
            found.append(failed)
        percent = share(done, count)
        if percent > share(done - 1, count):
            seconds = time.perf_counter() - start
            bar = "█" * (percent // 5) + "·" * (20 - percent // 5)
            left = seconds / done * (count - done)
            print(
                f"\r{name:<9} {bar} {done:,} of {count:,}, {len(found)} failed, {left:.0f} s left  ", end="", flush=True
            )
    print(
        f"\r{name:<9} {count:,} cases with seed {seed}: {len(found)} failed, {time.perf_counter() - start:.0f} s"
        + " " * 30
    )
    for each in found[:SHOWN]:
        print(f"  {each.number}: {each.words}\n      {each.problem}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", default=list(TARGETS), help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", type=int, help="the number of one case")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if asked.only is not None:
        case = TARGETS[asked.targets[0]](np.random.default_rng([asked.seed, asked.only]))
        with limits():
            print(case.words, "\n", failure(case) or "fine")
        return 0
    return 1 if [each for name in asked.targets for each in fuzz(name, asked.cases, asked.seed)] else 0


if __name__ == "__main__":
    sys.exit(main())
