"""Make the site: ``python -m tools.site``, or ``make site``."""

import shutil
import sys
from pathlib import Path

from ..notebooks import NOTEBOOKS, ROOT
from .pages import SITE, make, write, write_assets
from .publish import publish
from .run import run_all


def build(site: Path = SITE) -> Path:
    """Make the whole site in an empty folder; returns that folder."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    notebooks = run_all(paths)
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    write_assets(site)
    pages = [make(notebook, path.stem, site) for path, notebook in zip(paths, notebooks, strict=True)]
    write(pages, site)
    publish(pages, site)
    return site


if __name__ == "__main__":
    built = build()
    print(f"{built.relative_to(ROOT)}/index.html: open it in a browser, or put the folder on any web server.")
    sys.exit(0)
