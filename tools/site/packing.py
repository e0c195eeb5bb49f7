"""Python for the pages, packed: each part of it a few scripts that hand over strings, which a page from a file may load, too.

A part is a gzip of: the length of a list (4 bytes), the list itself as JSON ([path, bytes] of each file), the files one
behind the other. ``engine`` is what starts first, ``start`` all that every page needs; any other part comes when the first
of its files is opened. Until then an empty file stands in its place.
"""

import gzip
import hashlib
import importlib.metadata
import json
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from lecture_lib.explore import join

from ..notebooks import ROOT
from . import licences
from .runtime import PINS
from .state import as_characters

CACHE = ROOT / "build" / "site_packed"
STATIC = Path(__file__).with_name("static")
SITE_PACKAGES = "/lib/python3.12/site-packages/"
FROM_HERE = (
    "ipython", "traitlets", "stack_data", "executing", "asttokens", "pure_eval", "pygments", "ipython_pygments_lexers",
    "matplotlib_inline", "typing_extensions", "ipywidgets", "anywidget", "comm", "psygnal", "packaging", "threadpoolctl",
)  # fmt: skip
"""Packages of pure Python that every page needs: those that the notebooks run with here."""
LATER = ("scipy", "matplotlib")
OF_SCIPY = ("special", "ndimage", "linalg", "sparse", "_lib")
"""What most pages take of SciPy, and on what that stands. Each other folder of it, as much again, is a part of its own."""
LEFT_OUT = (
    "*/tests/*", "*/testing/tests/*", "*.pyx", "*.pxd", "*.pyi", "*.h", "*.c", "*.a", "scipy/misc/face.dat",
    "IPython/sphinxext/*", "pygments/lexers/[!_ps]*", "pygments/lexers/p[!y]*", "pygments/lexers/s[!p]*", "*/sample_data/*",
    "*/mpl-data/fonts/afm/*", "*/fonts/ttf/STIX*", "*/mpl-data/fonts/pdfcorefonts/*", "matplotlib/backends/web_backend/*", "../*", "ipywidgets/*.json", "anywidget/*extension/*",
    "*.dist-info/RECORD", "*.dist-info/WHEEL", "*.dist-info/*.txt", "IPython/terminal/[!_]*", "pygments/styles/[!_d]*",
)  # fmt: skip
"""Files of packages that no page needs."""
LARGE = 20_000
"""Bytes from which on a data file of the lecture is a part of its own."""
PIECE = 1_500_000
"""Bytes of a part in one script: the page stands still for some 15 ms while it is unpacked."""


def parts(runtime: Path) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Every part: its name, and path → content of its files; ``runtime`` is what :func:`tools.site.runtime.obtain` gives."""
    lock = {"info": PINS["info"], "packages": {}}  # what Pyodide asks for: none of its packages is loaded in its way
    engine = {name: (runtime / name).read_bytes() for name in PINS["runtime"]}
    yield "engine", engine | {"pyodide-lock.json": json.dumps(lock).encode()}
    start = dict(_wheels(runtime, "start"))
    for name in FROM_HERE:
        start |= installed(name)
    start |= weights()
    large = {}
    for path, file in lecture():
        data = file.read_bytes()
        (large if len(data) > LARGE and file.suffix not in (".py", ".js", ".css") else start)[path] = data
    later = {name: dict(_wheels(runtime, name)) for name in LATER}
    for path in list(later["scipy"]):
        if folder := _apart(path):
            later.setdefault(f"scipy_{folder}", {})[path] = later["scipy"].pop(path)
    later |= {Path(path).name: {path: data} for path, data in large.items()}
    yield "start", start
    yield from later.items()


def _apart(path: str) -> str:
    """The folder of SciPy in which a file stands that is no part of the rest, or nothing."""
    inside = path.removeprefix(f"{SITE_PACKAGES}scipy/")
    folder = inside.split("/")[0]
    return folder if path != inside != folder and folder not in OF_SCIPY else ""


def lecture() -> Iterator[tuple[str, Path]]:
    """The lecture's own library with all its data and photos, as it is installed."""
    for folder, inside in ((ROOT / "lecture_lib", "lecture_lib"), (ROOT / "images", "lecture_lib/images")):
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and "screenshots" not in file.parts:
                yield f"{SITE_PACKAGES}{inside}/{file.relative_to(folder).as_posix()}", file


def _wheels(runtime: Path, group: str) -> Iterator[tuple[str, bytes]]:
    for name in PINS[group]:
        with zipfile.ZipFile(runtime / name) as archive:
            for each in archive.namelist():
                if not each.endswith("/") and not _left_out(each):
                    place = "/usr/lib/" if name.startswith("openblas") else SITE_PACKAGES
                    yield place + each, archive.read(each)


def _left_out(path: str) -> bool:
    return any(fnmatch(path, each) for each in LEFT_OUT)


def weights() -> dict[str, bytes]:
    """What reads weights in the place of the package ``safetensors``, which there is not for a browser."""
    return {f"{SITE_PACKAGES}safetensors.py": Path(__file__).with_name("safetensors_in_page.py").read_bytes()}


def installed(name: str) -> dict[str, bytes]:
    """The files of a package of pure Python, as it is installed here."""
    files = [
        each
        for each in importlib.metadata.files(name)
        if (each.suffix in (".py", ".json") or each.name == "METADATA") and not _left_out(each.as_posix())
    ]
    return {SITE_PACKAGES + each.as_posix(): each.locate().read_bytes() for each in files}


def packed(files: dict[str, bytes]) -> bytes:
    """A part as one byte string; see above.

    >>> gzip.decompress(packed({"a": b"xy"}))
    b'\\x0b\\x00\\x00\\x00[["a", 2]]xy'
    """
    return gzip.compress(_plain(files), 9, mtime=0)


def _plain(files: dict[str, bytes]) -> bytes:
    table = json.dumps([[path, len(data)] for path, data in files.items()]).encode()
    return len(table).to_bytes(4, "little") + table + b"".join(files.values())


def _packed_before(name: str, files: dict[str, bytes]) -> bytes:
    """A part as :func:`packed` gives it; one that has not changed is not packed again."""
    kept = CACHE / f"{name}-{hashlib.sha256(_plain(files)).hexdigest()[:16]}.gz"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in CACHE.glob(f"{name}-*.gz"):
            old.unlink()
        new = kept.with_suffix(".new")  # what is stopped here leaves no half a part
        new.write_bytes(packed(files))
        new.replace(kept)
    return kept.read_bytes()


def write(runtime: Path, site: Path) -> None:
    """Write all parts into the site's folder ``python``, the script that brings them to life, and their licences."""
    folder = site / "python"
    folder.mkdir(parents=True, exist_ok=True)
    known, missing = {}, {}
    for name, files in parts(runtime):
        data = _packed_before(name, files)
        mark = hashlib.sha256(data).hexdigest()[:8]
        known[name] = []
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            script = f"{Path(name).stem}-{mark}-{at // PIECE}.js"
            text = f'\ufefflecturePiece("{name}", {at // PIECE}, {len(piece)}, "{as_characters(piece)}");\n'
            (folder / script).write_bytes(text.encode("utf-16-le"))
            known[name].append([script, len(piece)])
        if name in LATER:
            missing[f"{SITE_PACKAGES}{name}/__init__.py"] = name
        elif name.startswith("scipy_"):
            missing[f"{SITE_PACKAGES}{name.replace('_', '/', 1)}/__init__.py"] = name
        elif name not in ("engine", "start"):
            missing |= dict.fromkeys(files, name)
    (site / "LICENCES.txt").write_text(licences.text(runtime, FROM_HERE), encoding="utf-8")
    worker = (STATIC / "python_worker.js").read_text(encoding="utf-8")
    about = json.dumps({"parts": known, "missing": missing, "worker": worker})
    script = join.script(STATIC / "python.js").replace("export ", "")
    (site / "assets" / "python.js").write_text(f"{{\nconst lecturePacked = {about};\n{script}}}\n", encoding="utf-8")
