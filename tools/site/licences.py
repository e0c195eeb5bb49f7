"""The licences of what the site ships beside the lecture itself, as one text."""

import email
import importlib.metadata
import re
import sysconfig
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .runtime import PINS, VERSION

_FILES = re.compile(
    r"\.dist-info/(licenses/.*|(LICEN[CS]E|COPYING|NOTICE|AUTHORS)[^/]*)$|/(LICENSE_DEJAVU|LICENSE_STIX)$"
)


def text(runtime: Path, installed: tuple[str, ...]) -> str:
    """Each part with its name, version and licence; ``installed`` are packages that come from where this runs."""
    parts = [
        f"Pyodide {VERSION}, Mozilla Public License 2.0; its source: https://github.com/pyodide/pyodide/tree/{VERSION}",
        f"Python {PINS['info']['python']}\n\n{_of_python()}",
        "OpenBLAS 0.3.26, BSD 3-Clause; its source: https://github.com/OpenMathLib/OpenBLAS/tree/v0.3.26",
        *_of_wheels(runtime),
        *map(_of_installed, installed),
    ]
    rule = f"\n\n{80 * '-'}\n\n"
    return rule.join(["What runs in the pages beside the lecture itself, and under which licences.", *parts]) + "\n"


def _of_python() -> str:
    return (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt").read_text(encoding="utf-8").strip()


def _of_wheels(runtime: Path) -> Iterator[str]:
    for group in ("start", "scipy", "matplotlib"):
        for name in PINS[group]:
            with zipfile.ZipFile(runtime / name) as archive:
                names = archive.namelist()
                for about in (each for each in names if each.endswith(".dist-info/METADATA")):
                    files = [archive.read(each) for each in names if _FILES.search(each) and not each.endswith("/")]
                    yield _said(archive.read(about), files)


def _of_installed(name: str) -> str:
    files = [each for each in importlib.metadata.files(name) if _FILES.search(each.as_posix())]
    about = importlib.metadata.distribution(name).read_text("METADATA")
    return _said(about.encode(), [each.locate().read_bytes() for each in files])


def _said(metadata: bytes, files: list[bytes]) -> str:
    about = email.message_from_bytes(metadata)
    licence = about.get("License-Expression") or next(
        (each.rpartition(" :: ")[2] for each in about.get_all("Classifier", []) if each.startswith("License")),
        "",
    )
    head = f"{about['Name']} {about['Version']}" + (f", {licence}" if licence else "")
    return "\n\n".join([head, *(each.decode("utf-8", "replace").strip() for each in files)])
