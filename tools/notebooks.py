"""The notebooks, and which of them a lecturer means."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"


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
