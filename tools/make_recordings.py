"""Train everything that the notebooks show, and record it: make recordings (ONLY=name: one of them).

A recording is what `lecture_lib.experiments.Experiment` finds under its name: curves, final weights, date, versions. What
takes long and is no training is recorded, too: `lecture_lib.experiments.Computed`.
Last comes what the notebooks ask of the trained nets, how many digits they name right once these have moved:
`lecture_lib.experiments.accuracies` finds it (ONLY=accuracies: this alone).
"""

import argparse
import datetime
import importlib
import pkgutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lecture_lib import chapters
from lecture_lib.experiments import RECORDINGS, Computed, Experiment
from lecture_lib.experiments.accuracies import RECORDED, collected, save_accuracies


def trainings() -> Iterator[tuple[str, Callable[[], Experiment], bool]]:
    """Every training of every notebook by its name, in an order in which each finds what it builds on; whether its weights are kept."""
    for chapter in pkgutil.iter_modules(chapters.__path__):
        try:
            found = importlib.import_module(f"{chapters.__name__}.{chapter.name}.trainings")
        except ModuleNotFoundError:
            continue
        for make in found.TRAININGS:
            yield f"{chapter.name}_{make.__name__}", make, make not in getattr(found, "WITHOUT_WEIGHTS", ())


def declared(what: str) -> Iterator[tuple[str, object]]:
    """What chapters declare under a name, with the name of the chapter."""
    for chapter in pkgutil.iter_modules(chapters.__path__):
        for each in getattr(importlib.import_module(f"{chapters.__name__}.{chapter.name}"), what, ()):
            yield chapter.name, each


def computed() -> dict[str, Computed]:
    """What else takes long, by its name."""
    return {each.name: each for _, each in declared("COMPUTED")}


def measurements() -> Iterator[tuple[str, Callable[[], object]]]:
    """What notebooks ask of nets whose answers are recorded: the chapter, and a function that asks."""
    return declared("MEASURED")


def record_accuracies() -> None:
    """Measure what the notebooks ask of the nets as they are recorded now, and write it."""
    with timed(RECORDED.stem), collected() as found:
        for _, ask in measurements():
            ask()
    save_accuracies(found, f"make recordings ONLY={RECORDED.stem}", today())


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Show how long something takes that cannot say how much of it is done, while it runs and at its end."""
    start, over = time.perf_counter(), threading.Event()

    def show(end: str = "") -> None:
        print(f"\r{name:<36} {time.perf_counter() - start:4.0f} s", end=end, flush=True, file=sys.stderr)

    def tick() -> None:
        while not over.wait(0.5):
            show()

    ticking = threading.Thread(target=tick)
    ticking.start()
    try:
        yield
    finally:
        over.set()
        ticking.join()
        show("\n")


def record(name: str, make: Callable[[], Experiment], weights: bool) -> None:
    """Train one experiment from its first weights, and write its recording."""
    race = make()
    if race.name != name:
        raise ValueError(f"the experiment of {name} is called {race.name}: must have the name of its function")
    race.restart()
    start, last = time.perf_counter(), 0.0
    for _ in race.train():
        if (now := time.perf_counter()) - last > 0.5:
            last = now
            left = (now - start) / race.done * (1 - race.done)
            print(f"\r{name:<36} {100 * race.done:3.0f} %, {left:4.0f} s left", end="", flush=True, file=sys.stderr)
    race.save(f"make recordings ONLY={name}", today(), weights)
    size = race.path.stat().st_size / 1e6
    print(f"\r{name:<36} {race.seconds:4.0f} s, {len(race.runs)} runs, {size:.2f} MB", file=sys.stderr)


def today() -> str:
    """The date, as recordings say it."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def main() -> None:
    """Record all, or those whose names hold ``--only``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of the names of those to record")
    only = parser.parse_args().only
    found = [(name, *each) for name, *each in trainings() if only in name]
    others = [each for name, each in computed().items() if only in name]
    if not found and not others and only not in RECORDED.stem:
        names = [*(name for name, *_ in trainings()), *computed(), RECORDED.stem]
        raise SystemExit(f"There is no recording called {only!r}: {', '.join(names)}")
    RECORDINGS.mkdir(exist_ok=True)
    for each in found:
        record(*each)
    for each in others:
        with timed(each.name):
            each.save(today())
    if found or only in RECORDED.stem:
        record_accuracies()
    print(f"{sum(each.stat().st_size for each in RECORDINGS.glob('*.npz')) / 1e6:.1f} MB in all", file=sys.stderr)


if __name__ == "__main__":
    main()
