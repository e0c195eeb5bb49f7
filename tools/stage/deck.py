"""The page of a deck with Python behind it: what the notebook's file holds, whose explorers live."""

import hashlib
import shutil
from pathlib import Path

import nbformat

from ..needs import plan
from ..notebooks import ROOT

HERE = Path(__file__).parent
STAGE = ROOT / "build" / "stage"
OWN = ("kernel.js", "live.js", "live.css", "room.js", "room.css")


def build(notebook: Path, stage: Path = STAGE) -> Path:
    """The page of a notebook's deck; made anew only when something that it shows has changed."""
    page, key = stage / "slides" / f"{notebook.stem.partition('_')[0]}.html", stage / f"{notebook.stem}.key"
    now = _key(notebook)
    if not (page.exists() and key.exists() and key.read_text() == now):
        write(nbformat.read(notebook, as_version=4), notebook.stem, stage)
        key.write_text(now)
    return page


def _key(notebook: Path) -> str:
    """What the page depends on, as one word. Nothing is imported for it that takes long: the first slide waits for this."""
    found = hashlib.sha256(notebook.read_bytes())
    folders = (HERE, HERE.parent / "site", ROOT / "lecture_lib" / "explore")
    for file in [
        ROOT / "lecture_lib" / "style.py",
        ROOT / "tools" / "needs.py",
        *(each for folder in folders for each in sorted(folder.rglob("*"))),
    ]:
        if file.suffix in (".py", ".js", ".css", ".j2", ".json"):
            found.update(file.read_bytes())
    return found.hexdigest()


def write(notebook: nbformat.NotebookNode, name: str, stage: Path) -> Path:
    """Write the page, its pictures and scripts. An explorer is the picture in the notebook's file until Python has it."""
    from ..site import cells, formulas, pages  # noqa: PLC0415  a second or two, which a page that was made before does not wait for

    class Writer(cells.Writer):
        SKIPPED = None  # JupyterLab is on this computer

        def _output(self, output: nbformat.NotebookNode) -> str:
            if output.get("metadata", {}).get("lecture") != "explorer":
                return super()._output(output)
            return f'<div class="explorer"{cells.presses(output)}><div class="stage"><figure>{self._picture(output)}</figure></div></div>'

        def _html(self, markup: str) -> str:
            soup = cells.BeautifulSoup(markup, "html.parser")
            formulas.set_formulas(soup)
            return cells._tables(soup)

    writer = Writer({}, stage / "pictures", "pictures/", _write_picture)
    (stage / "pictures").mkdir(parents=True, exist_ok=True)
    (stage / "slides").mkdir(exist_ok=True)
    made = writer.cells(notebook)
    title = cells.BeautifulSoup(writer.headings[0].html if writer.headings else name, "html.parser").get_text()
    pages.write_assets(stage)
    for each in OWN:
        shutil.copy(HERE / "static" / each, stage / "assets")
    shutil.copy(HERE.parent / "site" / "static" / "messages.js", stage / "assets")  # it is for both kinds of Python
    page = pages.Page(name, title, "", made, writer.headings, [], plan(notebook, name))
    return pages.write_deck(page, stage, live=True)


def _write_picture(png: bytes, folder: Path) -> tuple[str, int, int]:
    """A picture as it is: making it smaller takes a tenth of a second each, and it does not leave this computer."""
    name = f"{hashlib.sha256(png).hexdigest()[:12]}.png"
    if not (folder / name).exists():
        (folder / name).write_bytes(png)
    return name, int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
