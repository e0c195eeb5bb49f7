"""Make a JupyterLite site of the lecture in build/lite: JupyterLab in the browser, its Python and all packages beside it.

    python -m tools.lite

Nothing in it asks for another host. Pyodide loads a package when a cell imports it, by its lock: that is written here, of
Pyodide's own entries for what the lecture needs, and of two more for what is not Pyodide's: ``comm``, and the lecture
itself with the packages of pure Python on which its explorers stand.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from .notebooks import NOTEBOOKS, ROOT
from .site import licences, packing, runtime

PLUGIN = "@jupyterlite/pyodide-kernel-extension:kernel"
EXPLORERS = ("ipywidgets", "anywidget", "psygnal", "typing_extensions")
NEEDS = ("numpy", "scipy", "matplotlib", "pillow", "threadpoolctl", "packaging", "traitlets", "ipython", "comm")
KERNEL = {"kernelspec": {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}}


def main() -> None:
    """Build the site, from nothing."""
    found = runtime.obtain(lite=True)
    if not found:
        raise SystemExit("JupyterLite needs the files of Pyodide: no network, no LECTURE_PYODIDE.")
    runtime.LITE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=runtime.LITE.parent) as folder:
        work, site = Path(folder), Path(folder) / "site"
        contents = work / "contents"
        contents.mkdir()
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            notebook["metadata"] |= KERNEL
            (contents / path.name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        write_python(found, work / "static" / "pyodide")  # where JupyterLite looks for one
        settings = {"litePluginSettings": {PLUGIN: {"disablePyPIFallback": True}}}
        how = {"appName": "CNNs I", "exposeAppInBrowser": True, **settings}  # exposed: for tests
        about = {"jupyter-lite-schema-version": 0, "jupyter-config-data": how}
        (work / "jupyter-lite.json").write_text(json.dumps(about))
        subprocess.run([sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", work, "--contents", contents,
                        "--output-dir", site, "--apps", "lab", "--no-sourcemaps", "--force"], check=True, cwd=work)  # fmt: skip
        (site / "LICENCES.txt").write_text(licences.text(found, (*EXPLORERS, "comm")), encoding="utf-8")
        shutil.rmtree(runtime.LITE, ignore_errors=True)
        site.rename(runtime.LITE)  # all of it at once: the lecture's site takes what is there
    print(
        f"Made {runtime.LITE.relative_to(ROOT)}: serve it with 'python -m http.server --directory {runtime.LITE.relative_to(ROOT)}'."
    )


def write_python(found: Path, folder: Path) -> None:
    """Write Pyodide, its packages and its lock into a folder; ``found`` is what :func:`tools.site.runtime.obtain` gives."""
    folder.mkdir(parents=True)
    for name in runtime.pinned():
        shutil.copy(found / name, folder)
    lecture = {path: file.read_bytes() for path, file in packing.lecture()}
    for name in EXPLORERS:
        lecture |= packing.installed(name)
    lecture |= packing.weights()
    packages = runtime.PINS["lite"] | {
        "comm": _package(folder, "comm", packing.installed("comm"), ["traitlets"], ["comm"]),
        "lecture-lib": _package(folder, "lecture-lib", lecture, NEEDS, ["lecture_lib", "ipywidgets", "anywidget"]),
    }
    (folder / "pyodide-lock.json").write_text(json.dumps({"info": runtime.PINS["info"], "packages": packages}))


def _package(folder: Path, name: str, files: dict[str, bytes], depends: list[str], imports: list[str]) -> dict:
    """Write an archive of files, and give its entry of the lock."""
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, data in files.items():
            archive.writestr(zipfile.ZipInfo(os.path.relpath(place, packing.SITE_PACKAGES)), data)
    return {
        "name": name, "version": "1", "file_name": path.name, "install_dir": "site", "package_type": "package",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "imports": list(imports), "depends": list(depends),
        "unvendored_tests": False,
    }  # fmt: skip


if __name__ == "__main__":
    main()
