"""Make the site: ``python -m tools.site``, or ``make site``."""

import shutil
import sys
from pathlib import Path

import nbformat

from ..notebooks import NOTEBOOKS, ROOT
from . import cheat_sheet, handout, packing, paper, reference, runtime
from .pages import LECTURE, SITE, make, write, write_assets
from .publish import publish
from .run import run_all


def build(site: Path = SITE) -> Path:
    """Make the whole site in an empty folder; returns that folder."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    notebooks = run_all(paths)
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    write_assets(site)
    found = runtime.obtain()
    if found:
        packing.write(found, site)
    else:
        print(runtime.MISSING)
    pages = [
        make(notebook, path.stem, site, found is not None) for path, notebook in zip(paths, notebooks, strict=True)
    ]
    printed = take_home(notebooks[[path.stem for path in paths].index(LECTURE)], site)
    lite = runtime.LITE.exists()
    if lite:
        shutil.copytree(runtime.LITE, site / "lite")
    write(pages, site, printed, lite)
    publish(pages, site)
    reference.write(site)
    return site


def take_home(lecture: nbformat.NotebookNode, site: Path) -> bool:
    """The cheat sheet, and PDFs of it and of the lecture where there is a browser to print them; returns whether there is."""
    missing = paper.missing()
    cheat_sheet.write(site, "" if missing else f"handout/{cheat_sheet.PDF}")
    if missing:
        print(f"The site has no PDFs: {missing}.")
    else:
        (site / "slides").mkdir()
        handout.write(lecture, site, site / "handout")
    return not missing


if __name__ == "__main__":
    built = build()
    print(f"{built.relative_to(ROOT)}/index.html: open it in a browser, or put the folder on any web server.")
    sys.exit(0)
