"""Print every speed the project promises, each beside its bound: ``make bench``.

``make bench ONLY=engine`` (or learning, marks, photos, walk, latency, startup, site, room) measures one part.
``make bench MNIST=path`` trains on the whole database, too.
"""

import sys
from collections.abc import Iterable
from statistics import geometric_mean

from . import engine, latency, learning, marks, photos, room, site, startup, walk


def print_engine() -> None:
    print("Convolution layers, ms (medians, in turns, LeNet-5 with batch 64, AlexNet with batch 8)")
    print(f"{'what':<28}{'ours':>9}{'product':>9}{'share':>8}{'PyTorch':>9}{'ratio':>7}{'bound':>7}")
    ratios = []
    for row in engine.measure():
        bare = f"{1e3 * row.product:>9.2f}{row.product / row.ours:>8.0%}" if row.product else f"{'–':>9}{'–':>8}"
        beside = f"{'–':>9}{'–':>7}"
        if row.pytorch:
            ratios.append(row.ours / row.pytorch)
            beside = f"{1e3 * row.pytorch:>9.2f}{ratios[-1]:>7.2f}{2:>7}"
        print(f"{row.what:<28}{1e3 * row.ours:>9.2f}{bare}{beside}", flush=True)
    if ratios:
        print(f"{'geometric mean of the ratios':<63}{geometric_mean(ratios):>7.2f}{1:>7}")
    else:
        print("PyTorch is not installed: its columns stay empty (pip install torch, only for this table).")
    print("\nHow cost grows, forward and backward: slope of log time against log size (1 is linear)")
    print("  ".join(f"{name} {slope:.2f}" for name, slope in engine.slopes()))
    print(f"\nP4Conv(16, 16, 3) beside Conv2d(64, 64, 3), as much work: ratio {engine.group_ratio():.2f}, bound 1.3")


def print_rows(rows: Iterable[learning.Row]) -> None:
    print(f"{'what':<58}{'value':>8}   {'bound'}")
    for what, unit, value, bound, way in rows:
        print(f"{what:<58}{value:>8.2f} {unit}  {way} {bound} {unit}", flush=True)


def print_learning() -> None:
    print_rows(learning.measure())


def print_photos() -> None:
    print_rows(photos.measure())


def print_latency() -> None:
    print("Slider or key to painted picture, in ms (JupyterLab in headless Chromium, 40 moves each).")
    print(
        "A picture that is drawn waits up to 16.7 ms for the screen's next frame: that is part of each, but not of the work."
    )
    print(f"{'what':<50}{'p50':>7}{'p95':>7}{'bound':>7}")
    for row in latency.measure():
        bound = f"{row.bound or '–':>7}"
        print(f"{row.what:<50}{row.p50:>7.1f}{row.p95:>7.1f}{bound}", flush=True)


def print_walk() -> None:
    print("The network walk: what Python answers, in ms")
    print(f"{'what':<52}{'p50':>7}{'p95':>7}{'bound':>7}")
    for row in walk.measure():
        print(f"{row.what:<52}{row.p50:>7.1f}{row.p95:>7.1f}{row.bound:>7}", flush=True)


def print_startup() -> None:
    print("Seconds")
    for what, seconds, bound in startup.measure():
        print(f"{what:<58}{seconds:>7.2f}{bound:>7}", flush=True)


def print_site() -> None:
    print("The site's pages from a web server on this computer (headless Chromium, nothing cached)")
    print(f"{'page':<26}{'first explorer answers, s':>27}{'bound':>7}{'× an empty page':>17}{'MB':>7}{'bound':>7}")
    for row in site.measure():
        print(
            f"{row.name:<26}{row.seconds:>27.2f}{site.BOUND:>7g}{row.seconds / row.empty:>17.1f}"
            f"{row.weight / 1e6:>7.2f}{site.MOST / 1e6:>7g}",
            flush=True,
        )

    if not (site.SITE / "assets" / "python.js").exists():
        return
    print("\nPython inside a page, from the same server, nothing cached: seconds from its start, MB")
    print(
        f"{'page':<26}{'first explorer':>16}{'bound':>7}{'all':>7}{'bound':>7}{'came before':>14}{'bound':>7}{'memory':>9}{'bound':>7}"
    )
    for row in site.alive():
        print(
            f"{row.name:<26}{row.first:>16.1f}{10:>7}{row.every:>7.1f}{20:>7}{row.came / 1e6:>14.1f}{22:>7}"
            f"{row.memory / 1e6:>9.0f}{500:>7}",
            flush=True,
        )
    print()
    for what, found, bound, unit in site.python():
        print(f"{what:<44}{found:>8.1f} {unit:<3}{bound:>7}", flush=True)


def print_room() -> None:
    print("Votes by phone, all at once, from and on this computer; seconds until the deck has every one")
    print(f"{'what':<58}{'median':>8}{'longest':>9}{'bound':>7}")
    for row in room.measure():
        print(f"{row.what:<58}{row.seconds:>8.2f}{row.longest:>9.2f}{row.bound:>7g}", flush=True)


def print_marks() -> None:
    row = marks.measure()
    print(f"Marks: {row.notebooks} notebooks, one in ten with a function that never ends, {marks.WORKERS} at a time")
    print(
        f"these took {row.seconds:.0f} s, {row.start:.0f} s of it until the first was done; load of the machine {row.load:.0f}"
    )
    print(f"{marks.CLASS} would take {row.whole_class:.0f} s, bound {marks.BOUND} s")


PARTS = {
    "engine": print_engine,
    "learning": print_learning,
    "photos": print_photos,
    "walk": print_walk,
    "latency": print_latency,
    "marks": print_marks,
    "startup": print_startup,
    "site": print_site,
    "room": print_room,
}


def main(names: list[str]) -> None:
    unknown = set(names) - set(PARTS)
    if unknown:
        raise SystemExit(f"ONLY={' '.join(sorted(unknown))}: must be of {', '.join(PARTS)}")
    for name in names or PARTS:
        PARTS[name]()
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
