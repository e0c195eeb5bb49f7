"""Test the lecture with the oldest and with the newest packages that pyproject.toml allows.

    python -m tools.matrix            # both
    python -m tools.matrix oldest

The oldest are installed under the oldest Python, each package at the lower end of its range; the newest under the
newest Python found here, each at the newest release. Both run the tests that need no browser, and the notebooks strictly.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from .notebooks import NOTEBOOKS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PYTHONS = tuple(f"python3.{minor}" for minor in range(11, 20))


@dataclass(frozen=True)
class Place:
    """One set of packages: its name, the Python it is installed under, and pip's constraints, one a line."""

    name: str
    python: str
    constraints: str


def oldest_pins() -> str:
    """Each package at the lower end of its range, as pip's constraints.

    >>> "numpy==2.0" in oldest_pins().splitlines()
    True
    """
    required = map(Requirement, PROJECT["dependencies"])
    lowest = {each.name: next(spec.version for spec in each.specifier if spec.operator == ">=") for each in required}
    return "\n".join(f"{name}=={version}" for name, version in lowest.items())


def works(python: str) -> bool:
    """Whether a Python of this name is here and starts."""
    return bool(shutil.which(python)) and not subprocess.run([python, "--version"], capture_output=True).returncode


def places() -> dict[str, Place]:
    """The two ends of the matrix on this machine."""
    here = [python for python in PYTHONS if works(python)] or [sys.executable]
    return {"oldest": Place("oldest", here[0], oldest_pins()), "newest": Place("newest", here[-1], "")}


def set_up(place: Place) -> Path:
    """Make the place's own environment in ``build/matrix``; returns its Python."""
    folder = ROOT / "build" / "matrix" / f"{place.name}-{Path(place.python).name}"
    if not folder.exists():
        subprocess.run([place.python, "-m", "venv", folder], check=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pins = folder / "constraints.txt"
    pins.write_text(place.constraints, encoding="utf-8")
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    subprocess.run([*pip, "--constraint", pins, "--editable", f"{ROOT}[marks,present,test]"], check=True, cwd=ROOT)
    return python


def test(python: Path) -> bool:
    """Whether the tests without a browser and every notebook, strictly, pass under this Python."""
    notebooks = sorted(map(str, NOTEBOOKS.glob("*.ipynb")))
    strictly = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", str(ROOT / "tests" / "nbval.cfg")]
    with tempfile.TemporaryDirectory() as elsewhere:
        solved = os.environ | {"LECTURE_PROGRESS": f"{elsewhere}/progress.json"}
        quiet = [python, "-m", "pytest", "--quiet", "--numprocesses", "2", "--dist", "loadfile"]
        left_out = [
            "--ignore=tests/browser",
            "--ignore=tests/grade/test_nbgrader.py",
        ]  # nbgrader has packages of its own
        library = subprocess.run([*quiet, *left_out], cwd=ROOT)
        lecture = subprocess.run([*quiet, *strictly, *notebooks], cwd=elsewhere, env=solved)
    return not library.returncode and not lecture.returncode


def versions(python: Path) -> str:
    """What is installed there, for the reader of the result."""
    names = [Requirement(each).name for each in PROJECT["dependencies"]]
    code = f"import sys, importlib.metadata as m; print('Python', sys.version.split()[0], *(f'{{n}} {{m.version(n)}}' for n in {names}))"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    asked = sys.argv[1:] or ["oldest", "newest"]
    if unknown := set(asked) - set(places()):
        sys.exit(f"{', '.join(sorted(unknown))}: must be oldest or newest")
    passed = {}
    for name in asked:
        python = set_up(places()[name])
        print(f"{name}: {versions(python)}", flush=True)
        passed[name] = test(python)
    print("; ".join(f"{name} {'passed' if good else 'FAILED'}" for name, good in passed.items()))
    sys.exit(not all(passed.values()))
