"""What a student takes home: the slides as PDF, once with questions open, once with answers and notes, and the cheat sheet.

``python -m tools.site.handout`` makes them in ``build/handout``, for who needs no site.
"""

import hashlib
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

from ..notebooks import ROOT
from . import cells, cheat_sheet, pages, paper, publication, run, state

HANDOUT = ROOT / "build" / "handout"
HERE, LIBRARY = Path(__file__).parent, ROOT / "lecture_lib"


@dataclass(frozen=True)
class Version:
    """A handout: how many slides stand on a sheet, and whether they stand before their first press or after their last."""

    file: str
    says: str
    a_sheet: int
    opened: bool


VERSIONS = (
    Version("slides.pdf", "questions to answer", 3, False),
    Version("slides_with_notes.pdf", "answers and notes", 2, True),
)


class Writer(cells.Writer):
    """Cells for paper: every explorer gets its place, for what moves nowhere can still be drawn."""

    def _explorer(self, model: str, output: nbformat.NotebookNode) -> str:
        self.explorers.append(model)
        return f'<div class="explorer" data-explorer="{model}"{cells.presses(output)}><div class="stage"></div></div>'


def write(notebook: nbformat.NotebookNode, site: Path, folder: Path) -> list[Path]:
    """Print the lecture and the cheat sheet; what has not changed since it was last printed is not printed again.

    Args:
        notebook: the lecture, as :func:`tools.site.run.run` gives it.
        site: where the site's assets and the sheet's page are; pictures that are not there yet are added.
        folder: where the PDFs go.

    Raises:
        RuntimeError: something on a sheet is cut off, or a script failed.
    """
    kept = run.CACHE / f"handout-{_digest(notebook)}"
    if not kept.exists():
        for old in run.CACHE.glob("handout-*"):
            shutil.rmtree(old)
        new = kept.with_suffix(".new")  # a run that is stopped here leaves no half of them
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        cheat_sheet.print_to(site / cheat_sheet.PAGE, new)
        for version in VERSIONS:
            _print(version, notebook, site, new)
        new.rename(kept)
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return sorted(folder.glob("*.pdf"))


def _digest(notebook: nbformat.NotebookNode) -> str:
    """What the PDFs depend on, as one short word: the lecture as it was run, and the site's own files."""
    found = hashlib.sha256(nbformat.writes(notebook).encode())
    for file in (
        each
        for part in (HERE, LIBRARY)
        for each in sorted(part.rglob("*"))
        if each.suffix in (".py", ".js", ".css", ".j2")
    ):
        found.update(file.read_bytes())
    return found.hexdigest()[:16]


def _print(version: Version, notebook: nbformat.NotebookNode, site: Path, folder: Path) -> None:
    lives = json.loads(notebook.metadata["lives"])
    writer = Writer(lives, site / "pictures", "pictures/")
    deck = pages.deck_of(writer.cells(notebook))
    sheets = [deck[at : at + version.a_sheet] for at in range(0, len(deck), version.a_sheet)]
    states = {each: _stands(lives[each], version.opened) for each in writer.explorers}
    title = f"{publication.TITLE}: slides, {version.says}"
    page, data = site / "slides" / "print.html", site / "print.data.js"
    data.write_bytes(state.script(state.pack(states)))
    pages.render("handout.html", page, sheets=sheets, version=version, title=title, slides=len(deck))
    paper.print_page(page, folder / version.file, title, media="screen")
    for each in (page, data):
        each.unlink()


def _stands(life: dict, opened: bool) -> dict:
    """The state that an explorer has before the first press of its slide, or after the last."""
    kept = life.get("paper", {})
    return (opened and kept.get("end")) or kept.get("start") or life


def main() -> int:
    """Make the PDFs without the rest of the site."""
    if missing := paper.missing():
        print(f"The handout is printed by a browser: {missing}.")
        return 1
    notebook = run.run(pages.NOTEBOOK)
    shutil.rmtree(HANDOUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        pages.write_assets(site)
        (site / "slides").mkdir()
        cheat_sheet.write(site)
        for each in write(notebook, site, HANDOUT):
            print(each.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
