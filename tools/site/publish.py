"""What makes pages a publication: search, glossary, the page for what is not there, notebooks to take along, a picture for links."""

from pathlib import Path

import nbformat

from ..notebooks import NOTEBOOKS
from . import glossary, search
from .pages import Page, render, texts
from .publication import picture


def publish(pages: list[Page], site: Path) -> None:
    """Write it beside the pages, which :func:`tools.site.pages.write` has written."""
    to_read = [page for page in pages if page.read]
    sections = [section for page in to_read for section in search.sections(page)]
    terms = glossary.look_up(glossary.terms(), sections)
    entries = [search.Section("Glossary", term.name, f"glossary.html#{term.id}", [term.meaning]) for term in terms]
    others = [section for page in texts(site) for section in search.sections(page)]
    found = search.script([*sections, *entries, *others])
    (site / "assets" / "search.data.js").write_text(found, encoding="utf-8")
    (site / "assets" / "picture.jpg").write_bytes(picture())
    render("glossary.html", site / "glossary.html", terms=terms)
    assets = site / "assets"
    style = "".join((assets / name).read_text(encoding="utf-8") for name in ("palette.css", "site.css"))
    script = (assets / "theme.js").read_text(encoding="utf-8")
    render("404.html", site / "404.html", pages=to_read, style=style, script=script)
    for page in to_read:
        write_notebook(page.name, site / "notebooks")


def write_notebook(name: str, folder: Path) -> None:
    """A notebook to take along: without its outputs, which the page shows and JupyterLab makes anew."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")
