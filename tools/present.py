"""Open one notebook as slides in JupyterLab.

    python -m tools.present 02

What is shown is a copy in ``build/present``: a lecturer may run, edit and save there, and the notebook stays as it is.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
COPIES = ROOT / "build" / "present"


def choose(wanted: str) -> Path:
    """Find the one notebook whose name begins with ``wanted``.

    >>> choose("02").name
    '02_convolution.ipynb'

    Raises:
        ValueError: no notebook or several begin so.
    """
    found = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.name.startswith(Path(wanted).name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))
    raise ValueError(f"NOTEBOOK={wanted}: must be the beginning of one of {names}, for example NOTEBOOK=02")


def copy_notebooks(into: Path = COPIES) -> Path | None:
    """Lay fresh copies of all notebooks into a folder; returns where the last lecture's copies are now, if there were any."""
    before = into.with_name(f"{into.name}.before") if into.exists() else None
    if before:
        shutil.rmtree(before, ignore_errors=True)
        into.rename(before)
    into.mkdir(parents=True)
    for path in NOTEBOOKS.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata["lecture"] = {"present": True}  # what lab/slides.js looks for
        nbformat.write(notebook, into / path.name)
    return before


def command(notebook: str, folder: Path = COPIES) -> list[str]:
    """The command that opens a notebook of ``folder`` as slides, on this computer only."""
    return [
        sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
    ]  # fmt: skip


if __name__ == "__main__":
    try:
        chosen = choose(sys.argv[1] if len(sys.argv) > 1 else "00")
    except ValueError as error:
        sys.exit(str(error))
    if kept := copy_notebooks():
        print(f"What was changed in the last lecture is kept in {kept.relative_to(ROOT)}.")
    print(f"The slides show a copy of {chosen.name} in {COPIES.relative_to(ROOT)}: run and edit it as you like.")
    print("PageDown, PageUp or arrow keys: next and last slide. n: speaker notes. Escape: back to the notebook.")
    sys.exit(subprocess.call(command(chosen.name)))
