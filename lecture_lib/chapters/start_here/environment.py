"""Is this computer ready for the lecture? Answers in words a student understands."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

PACKAGE = "lecture-lib"
AGAIN = "set up again as the README says"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked: is it ``ok``, and what to say about it."""

    ok: bool
    words: str

    def __str__(self) -> str:
        return f"{'✓' if self.ok else '✗'} {self.words}"


def check() -> Iterator[Finding]:
    """Yield what was found: Python, each package, JupyterLab's part of the explorers, the photos.

    >>> all(finding.ok for finding in check())
    True
    """
    if sys.platform == "emscripten":
        yield Finding(True, "Python runs in this page: nothing has to be installed")
        yield _photos()
        return
    yield _python(sys.version_info[:2])
    for line in requires(PACKAGE) or ():
        requirement = Requirement(line)
        if requirement.marker is None:  # those with a marker are only for tests
            yield _package(requirement)
    yield _explorers(Path(sys.prefix, "share", "jupyter", "labextensions"))
    yield _photos()


def _python(found: tuple[int, int]) -> Finding:
    if found >= (3, 11):
        return Finding(True, "Python is new enough")
    return Finding(
        False, f"Python is {found[0]}.{found[1]}, but the lecture needs 3.11: install a newer Python, then {AGAIN}"
    )


def _package(requirement: Requirement) -> Finding:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return Finding(False, f"{requirement.name} is not installed: {AGAIN}, then restart JupyterLab")
    if found in requirement.specifier:
        return Finding(True, f"{requirement.name} is there, in a version that fits")
    needed = f"{requirement.name} is {found}, but the lecture needs {requirement.specifier}"
    return Finding(False, f"{needed}: {AGAIN}, then restart JupyterLab")


def _explorers(folder: Path) -> Finding:
    missing = [name for name in ("anywidget", "@jupyter-widgets/jupyterlab-manager") if not (folder / name).is_dir()]
    if not missing:
        return Finding(True, "JupyterLab can show the explorers")
    return Finding(
        False, f"JupyterLab lacks {' and '.join(missing)}, so explorers stay still: {AGAIN}, then restart it"
    )


def _photos() -> Finding:
    from ...data import load_photo, photo_names

    try:
        count = sum(load_photo(name).size > 0 for name in photo_names())
    except (OSError, ValueError) as error:
        return Finding(
            False, f"the photos cannot be read ({error}): get the images folder again, with 'git restore images'"
        )
    return Finding(True, f"the {count} photos can be read")
