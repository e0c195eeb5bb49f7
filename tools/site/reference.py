"""The library's reference: a page for each module that is imported by name, made from its docstrings by pdoc."""

from pathlib import Path

import pdoc
import pdoc.render

FOLDER = "reference"
INNER = r"lecture_lib\.(?!chapters\b)\w+\.|lecture_lib\.chapters\.\w+\.|lecture_lib\.page\b"
"""Modules behind the door of their package, which names what is public; and what runs in the site's pages alone."""


def write(site: Path) -> None:
    """Write it into the site's folder ``reference``; its pages take their colours from the site's palette."""
    pdoc.render.configure(
        docformat="google", show_source=False, template_directory=Path(__file__).parent / "templates" / FOLDER
    )
    pdoc.pdoc("lecture_lib", f"!{INNER}", output_directory=site / FOLDER)
