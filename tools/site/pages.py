"""Pages, decks and their index from the notebooks' cells, by the templates beside this file."""

import datetime
import html
import json
import re
import shutil
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

import jinja2
import nbformat

from lecture_lib.explore import join

from ..needs import plan
from ..notebooks import ROOT
from ..run_notebooks import WIDGET
from . import glossary, hero, state
from .cells import Cell, Heading, Writer
from .publication import publication, sign

HERE = Path(__file__).parent
SITE = ROOT / "build" / "site"
LECTURE = "lecture"
"""The notebook that is a deck and no page."""
NOTEBOOK = ROOT / "notebooks" / f"{LECTURE}.ipynb"
DECK = ("", "_keys", "_find", "_ink", "_clock", "_touch", "_plan", "_link", "_presenter")
"""The parts of the player, in the order in which a deck loads them."""
OWN = (
    "site.css",
    "deck.css",
    "deck_tools.css",
    "start.css",
    "hero.css",
    "theme.js",
    "page.js",
    "search.js",
    "explorers.js",
    "outputs.js",
    "notebook.js",
    "start.js",
    "code.js",
    "work.js",
    "hero.js",
    "fit.js",
    "cheat_sheet.css",
    "handout.css",
    "handout.js",
    *(f"deck{part}.js" for part in DECK),
)
"""The project's own files of ``static/``; beside them stand bundles of others, ``*.min.js``: lunr, which search.js asks, and code.js's editor."""
THEMES = (
    ':root, .picture[data-theme="light"], .picture[data-theme="light"] .lecture',
    '[data-theme="dark"], .picture[data-theme="dark"] .lecture',
)
"""Where the colours of the light theme hold, and those of the dark one: a presenter's pictures have their deck's."""
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
_templates.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "sort_keys": True}
_templates.filters["day"] = lambda date: f"{datetime.date.fromisoformat(date):%-d %B %Y}"


@dataclass
class Slide:
    """What stands on one slide, in the order of its presses, and what only the speaker sees."""

    parts: list[Cell] = field(default_factory=list)
    notes: list[Cell] = field(default_factory=list)
    act: int = 0
    """Which act of the lecture it stands in, from 1; what opens the lecture belongs to the first. Decks without acts have 0."""
    section: str = ""
    """The heading that it stands under, as markup, where it has none of its own."""

    @property
    def cut(self) -> bool:
        """Whether a short lecture leaves it out."""
        return any(cell.cut for cell in self.parts)


@dataclass(frozen=True)
class Page:
    """One notebook on the site."""

    name: str
    title: str
    about: str
    cells: list[Cell]
    headings: list[Heading]
    explorers: list[str]
    plan: dict[str, object] = field(default_factory=dict)
    """What Python runs for it; see :func:`tools.needs.plan`."""
    python: bool = False
    """Whether Python can be started in it."""

    @property
    def deck(self) -> str:
        """The file of its slides: "02.html" of ``02_convolution``."""
        return f"{self.name.partition('_')[0]}.html"

    @property
    def sections(self) -> list[Heading]:
        """What its contents list."""
        return [each for each in self.headings if each.level == 2]

    @property
    def notebook(self) -> bool:
        """Whether it is made of a notebook: those are numbered, but for the lecture."""
        return self.name[0].isdigit() or self.name == LECTURE

    @property
    def read(self) -> bool:
        """Whether it is a page to read, too; of the lecture there are only slides."""
        return self.name != LECTURE


def make(notebook: nbformat.NotebookNode, name: str, site: Path, python: bool = False) -> Page:
    """One notebook's cells, with its pictures and its explorers' data written; ``python`` as a :class:`Page` has it."""
    lives = json.loads(notebook.metadata["lives"])
    for output in (each for cell in notebook.cells for each in cell.get("outputs", ())):
        if output.get("data", {}).get(WIDGET, {}).get("model_id") in lives:
            output.metadata["lecture"] = "explorer"  # as in a notebook's file
    writer = Writer(lives, site / "pictures", "pictures/", python=python)
    cells = writer.cells(notebook)
    script = state.script(state.pack({each: lives[each] for each in writer.explorers}))
    (site / f"{name}.data.js").write_bytes(script)
    title = html.unescape(re.sub("<[^>]+>", "", writer.headings[0].html))
    return Page(
        name, title, _about(cells[0].html), cells, writer.headings, writer.explorers, plan(notebook, name), python
    )


def texts(site: Path) -> list[Page]:
    """The pages that are no notebooks, each one text without slides: for instructors, and the errata."""
    from . import instructors  # it imports every chapter; a deck that is opened need not wait for them

    found = {"instructors": instructors.text(), "errata": (ROOT / "ERRATA.md").read_text(encoding="utf-8")}
    cells = {name: [nbformat.v4.new_markdown_cell(text)] for name, text in found.items()}
    return [
        make(nbformat.v4.new_notebook(cells=each, metadata={"lives": "{}"}), name, site) for name, each in cells.items()
    ]


def _about(text: str) -> str:
    """The first sentences of a page's first paragraph, as many as a line of results of a search on the web shows.

    >>> _about("<h1>One</h1><p> Move <em>it</em>. See why.</p><p>More.</p>")
    'Move it. See why.'
    """
    found = re.search(r"<p>(.*?)</p>", text, re.DOTALL)
    words = " ".join(html.unescape(re.sub("<[^>]+>", "", found[1])).split()) if found else ""
    whole = re.match(r".{1,155}[.?!](?= |$)", words)
    return whole[0] if whole else words


_TITLE = re.compile(r"<h[12]\b[^>]*>(.*?)</h[12]>", re.DOTALL)


def slides(cells: list[Cell]) -> list[Slide]:
    """The deck of a page; what comes before the first slide opens it.

    >>> cells = [Cell("markdown", "a", "slide"), Cell("markdown", "b", "notes"), Cell("code", "c", "fragment")]
    >>> [([each.html for each in slide.parts], [each.html for each in slide.notes]) for slide in slides(cells)]
    [(['a', 'c'], ['b'])]
    """
    deck: list[Slide] = []
    for cell in cells:
        if cell.slide == "skip" or not cell.html:
            continue
        if cell.slide in ("slide", "subslide") or not deck:
            deck.append(Slide())
        (deck[-1].notes if cell.slide == "notes" else deck[-1].parts).append(cell)
    deck = [each for each in deck if each.parts]
    begins = [any(cell.act for cell in slide.parts) for slide in deck]
    for at, slide in enumerate(deck):
        slide.act = max(sum(begins[: at + 1]), int(any(begins)))
    heading = ""
    for slide in deck:
        own = [title for cell in slide.parts for title in _TITLE.findall(cell.html)]
        slide.section = "" if own else heading
        heading = own[-1] if own else heading
    return deck


def write(pages: list[Page], site: Path, printed: bool = False, lite: bool = False) -> None:
    """Every page and deck, the texts beside them, and the index, which links to the PDFs if they are ``printed``.

    ``lite``: whether JupyterLite is part of the site, to which each page then leads.
    """
    (site / "slides").mkdir(exist_ok=True)
    to_read = [page for page in pages if page.read]
    for page in pages:
        write_deck(page, site)
    for at, page in enumerate(to_read):
        around = {
            "before": to_read[at - 1] if at else None,
            "after": to_read[at + 1] if at + 1 < len(to_read) else None,
        }
        _write_text(page, to_read, site, lite=lite, **around)
    for page in texts(site):
        _write_text(page, to_read, site)
    lecture = next((page for page in pages if not page.read), None)
    render("index.html", site / "index.html", pages=to_read, lecture=lecture, printed=printed)


def _write_text(page: Page, pages: list[Page], site: Path, lite: bool = False, **around: Page | None) -> None:
    known, seen = glossary.terms(), set()
    cells = [replace(cell, html=_anchors(glossary.link(cell.html, known, seen))) for cell in page.cells]
    blocks = [(deeper, list(some)) for deeper, some in groupby(cells, lambda cell: cell.deeper)]
    render("page.html", site / f"{page.name}.html", page=page, blocks=blocks, pages=pages, lite=lite, **around)


_HEADING = re.compile(
    r'(?P<begin><h(?P<level>[23]) id="(?P<id>[^"]+)">(?P<words>.*?))(?P<end></h(?P=level)>)(?P<rest>.*?</summary>)?'
)


def _anchors(text: str) -> str:
    """Headings with a link to themselves, for who wants to pass it on; site.css writes its sign.

    That of a folded part stands behind its line: nothing that can be pressed may stand in another.

    >>> _anchors('<h2 id="one">One <em>more</em></h2>')
    '<h2 id="one">One <em>more</em><a class="anchor" href="#one" aria-label="Link to: One more"></a></h2>'
    """

    def linked(found: re.Match) -> str:
        words = re.sub("<[^>]+>", "", found["words"])
        link = f'<a class="anchor" href="#{found["id"]}" aria-label="Link to: {words}"></a>'
        if found["rest"]:
            return found[0] + link
        return found["begin"] + link + found["end"]

    return _HEADING.sub(linked, text)


def write_deck(page: Page, site: Path, live: bool = False) -> Path:
    """The slides of a page; ``live``: whether tools/stage shows them, with a kernel behind them. Returns the file."""
    path = site / "slides" / page.deck
    deck = deck_of(page.cells)
    render("deck.html", path, page=page, slides=deck, acts=deck[-1].act if deck else 0, player=DECK, live=live)
    return path


def deck_of(cells: list[Cell]) -> list[Slide]:
    """The slides of a page, with links and pictures as a file of the folder ``slides`` needs them."""
    return [
        replace(
            slide, parts=[_from_below(each) for each in slide.parts], notes=[_from_below(each) for each in slide.notes]
        )
        for slide in slides(cells)
    ]


def _from_below(cell: Cell) -> Cell:
    """A cell for a deck, whose folder lies beside the pictures."""
    moved = re.sub(r'(src|href)="(pictures/|errata\.html|\d\d_\w+\.html)', r'\1="../\2', cell.html)
    return replace(cell, html=moved)


def render(template: str, path: Path, **values: object) -> None:
    """Write a page by its template, which also knows its address within the site."""
    address = f"slides/{path.name}" if path.parent.name == "slides" else path.name
    made = _templates.get_template(f"{template}.j2").render(publication=publication(), address=address, **values)
    path.write_text(made, encoding="utf-8")


def write_assets(site: Path) -> None:
    """What all pages share: the explorers' script and style, and the site's own files."""
    assets = site / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    for name in (*OWN, "lunr.min.js", "editor.min.js"):
        shutil.copy(HERE / "static" / name, assets)
    (assets / "favicon.svg").write_text(sign(), encoding="utf-8")
    (assets / "script.js").write_text(f"lectureScript = {json.dumps(join.script())};\n", encoding="utf-8")
    (assets / "explorer.css").write_text(join.css(), encoding="utf-8")
    (assets / "digits.js").write_bytes(hero.script())
    (assets / "palette.css").write_text(join.variables(*THEMES), encoding="utf-8")
