"""A notebook's cells as HTML: text, code, outputs; pictures become files, explorers places for the browser to fill."""

import ast
import base64
import hashlib
import html
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import nbformat
from bs4 import BeautifulSoup, Tag
from nbconvert.filters import Highlight2HTML, ansi2html
from PIL import Image

from ..form import is_one_call, parts, reader, title_of
from ..minutes import STATED
from ..notebooks import ROOT
from ..run_notebooks import WIDGET
from . import formulas

LIVE = "the live notebook"
HERE = "Python"
"""What is said to be needed where Python runs in the page itself."""
_highlight = Highlight2HTML()


@dataclass(frozen=True)
class Cell:
    """A cell as it stands on a page, and its place in a deck: "slide", "fragment", "skip", "notes" or "".

    ``fold`` is its code where that is folded: no slide shows it. ``deeper`` is the id of the folded part it stands in;
    ``id`` is its own in its notebook. ``cut``: whether its slide is left out of a short lecture.
    ``act``: whether an act of the lecture begins with it.
    """

    kind: str
    html: str
    slide: str
    fold: str = ""
    deeper: str = ""
    id: str = ""
    cut: bool = False
    act: bool = False


@dataclass(frozen=True)
class Heading:
    """A line of a table of contents."""

    level: int
    id: str
    html: str


class Writer:
    """Turns the cells of one notebook into HTML and writes their pictures.

    Args:
        lives: what :func:`tools.site.collect.collect` found, by model id.
        pictures: the folder for pictures; ``prefix`` leads there from a page. write: what puts one there.
        python: whether Python can be started in the page.
    """

    SKIPPED = "lab"
    """The tag of cells that speak of JupyterLab's menus, buttons and set-up: a page has none of these."""

    def __init__(
        self, lives: dict[str, dict], pictures: Path, prefix: str, write: Callable = None, python: bool = False
    ):
        self.lives, self.pictures, self.prefix, self.write = lives, pictures, prefix, write or write_picture
        self.python = python
        self.explorers: list[str] = []
        self.headings: list[Heading] = []
        self.ids: set[str] = set()

    def cells(self, notebook: nbformat.NotebookNode) -> list[Cell]:
        """All cells that readers have, in order; checks and those without any content are left out."""
        made = []
        for part in parts(notebook):
            for cell in part.cells:
                tags = cell.metadata.get("tags", ())
                if reader(cell) == "check" or self.SKIPPED in tags:
                    continue
                one = replace(self._cell(cell), cut="cut" in tags, act="act" in tags)
                if part.deeper:  # its first cell has its heading
                    one = replace(one, deeper=self.headings[-1].id)
                made.append(one)
        return [each for each in made if each.html or each.fold]

    def _cell(self, cell: nbformat.NotebookNode) -> Cell:
        kind, slide = cell.cell_type, cell.metadata.get("slideshow", {}).get("slide_type", "")
        if kind == "markdown":
            return Cell(kind, self._text(cell.source), slide, id=cell.id)
        outputs = "".join(self._output(each) for each in cell.outputs)
        shown = f'<div class="outputs">{outputs}</div>' if outputs else ""
        if reader(cell) == "fold":
            return Cell(kind, shown, slide, "" if is_one_call(cell.source) else _folded(cell.source), id=cell.id)
        code = (
            f'<div class="code">{_focusable(_assertions_marked(_coloured(cell.source), cell.source), "code")}</div>'
            if cell.source.strip()
            else ""
        )
        return Cell(kind, code + shown, slide, id=cell.id)

    # ------------------------------------------------------------ text

    def _text(self, source: str) -> str:
        soup = formulas.text(source)
        for heading in soup.find_all(re.compile("^h[1-6]$")):
            heading["id"] = self._id(heading.get_text())
            self.headings.append(Heading(int(heading.name[1]), heading["id"], heading.decode_contents()))
            _place_and_minutes(soup, heading)
        for link in soup.find_all("a", href=True):
            link["href"] = page_of(link["href"])
        return _tables(soup)

    def _id(self, title: str) -> str:
        """A short id that stays the same as long as the title does: "C1 · An image" is "c1-an-image"."""
        name = "-".join(re.findall(r"[a-z0-9]+", unquote(title).lower())) or "section"
        while name in self.ids:
            name += "-more"
        self.ids.add(name)
        return name

    # ------------------------------------------------------------ outputs

    def _output(self, output: nbformat.NotebookNode) -> str:
        if output.output_type == "stream":
            return _focusable(f"<pre>{ansi2html(output.text.rstrip())}</pre>", "output")
        if output.output_type == "error":
            return _focusable(f"<pre>{ansi2html(chr(10).join(output.traceback))}</pre>", "error")
        data = output.data
        if WIDGET in data:
            return self._explorer(data[WIDGET]["model_id"], output)
        if "image/png" in data:
            return f"<figure>{self._picture(output)}</figure>"
        if "text/html" in data:
            return self._html(data["text/html"])
        return _focusable(f"<pre>{html.escape(data['text/plain'])}</pre>", "output")

    def _html(self, markup: str) -> str:
        soup = BeautifulSoup(markup, "html.parser")
        if soup.find("progress") or soup.find(attrs={"role": "status"}):
            where = f"once {HERE} runs here" if self.python else f"in {LIVE}"
            return f'<p class="needs">Your function is checked, and what you have solved is counted, {where}.</p>'
        formulas.set_formulas(soup)
        return _tables(soup)

    def _explorer(self, model: str, output: nbformat.NotebookNode) -> str:
        life = self.lives.get(model, {"moves": False, "needs": True})
        still = self._picture(output) if "image/png" in output.data else ""
        if not life["moves"] and self.python and model in self.lives:
            return (
                f'<div class="explorer still"{presses(output)}><div class="stage"><figure>{still}</figure></div>'
                f'<p class="needs">This explorer needs {HERE}, which computes anew with each move.</p></div>'
            )
        if not life["moves"]:
            words = (
                f"This explorer needs {LIVE}: there, Python computes anew with each move."
                if life["needs"]
                else f"In {LIVE} this picture grows while Python computes."
            )
            return f'<figure class="still">{still}<figcaption class="needs">{words}</figcaption></figure>'
        self.explorers.append(model)
        needs = f'<p class="needs">{_needs(life, self.python)}</p>' if life["needs"] else ""
        keeps = f' data-keeps="{life["keeps"]}"' if "keeps" in life else ""
        return (
            f'<div class="explorer" data-explorer="{model}"{keeps}{presses(output)}><div class="stage"><noscript>{still}</noscript></div>'
            f"{needs}</div>"
        )

    def _picture(self, output: nbformat.NotebookNode) -> str:
        about = output.metadata["image/png"]
        alt = html.escape(about["alt"])
        letters = f' data-letters="{about["letters"] or ""}"' if "letters" in about else ""
        images = {"light": output.data["image/png"]}
        if dark := re.search(r'class="lecture-dark"[^>]*base64,([^"]+)"', output.data.get("text/html", "")):
            images["dark"] = dark[1]
        markup = ""
        for theme, image in images.items():
            name, wide, high = self.write(base64.b64decode(image), self.pictures)
            look = f' class="lecture-{theme}"' if len(images) > 1 else ""
            markup += f'<img{look}{letters} src="{self.prefix}{name}" alt="{alt}" width="{wide}" height="{high}" '
            markup += 'loading="lazy" decoding="async">'  # what is hidden in this theme is not even fetched
        return markup


def presses(output: nbformat.NotebookNode) -> str:
    """How many presses of a deck an output's explorer has, and the last that shows what was hidden, as attributes of its place."""
    counts = {name: output.metadata.get(name, 0) for name in ("presses", "hides")}
    return "".join(f' data-{name}="{count}"' for name, count in counts.items() if count)


def _needs(life: dict[str, object], python: bool) -> str:
    """Which controls of an explorer stand still here; ``python``: whether Python can be started in the page."""
    names = [f"<i>{html.escape(re.sub(' +', ' ', each))}</i>" for each in life["needs"]]
    shown = names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"]
    first = ", ".join(shown[:-1])
    words = f"{first} and {shown[-1]}" if first else shown[0]
    rest = "Everything else moves." if life["lives"] else "Only the marked place in the picture moves."
    what = "needs" if len(names) == 1 else "need"
    grey = f"{'is' if len(names) == 1 else 'are'} grey {'until it runs' if python else 'here'}"
    return f"{words} {what} {HERE if python else LIVE} and {grey}. {rest}"


def _place_and_minutes(soup: BeautifulSoup, heading: Tag) -> None:
    """Number and minutes out of the title and the first sentence: above the title, or beside that of a folded part."""
    said, title = [], str(heading.contents[0])
    if heading.name in ("h1", "h2") and (number := re.match(r"([A-Z]?\d+) · ", title)):
        heading.contents[0].replace_with(title[number.end() :])
        said.append(number[1])
    text = heading.find_next_sibling("p")
    first = text.contents[0] if text else None
    if isinstance(first, Tag) and first.name == "em" and STATED.fullmatch(f"*{first.get_text()}*"):
        said.append(first.extract().get_text().removesuffix("."))
        if not text.get_text(strip=True):
            text.decompose()
    deeper = heading.name == "h3" and title.startswith("Deeper:")
    if not said and not deeper:
        return
    small = soup.new_tag("small" if deeper else "p", attrs={"class": "minutes"})
    small.string = " · ".join(said)
    if deeper:
        heading.wrap(soup.new_tag("summary")).append(small)
    else:
        heading.insert_before(small)


def _folded(source: str) -> str:
    """Code that is there for who asks: closed, with its title and how long it is."""
    title = title_of(source)
    rest = source.partition("\n")[2] if title else source
    lines = len(rest.splitlines())
    return (
        f'<details class="code"><summary><b>Code</b> <span>{html.escape(title)}</span> <small>{lines} line{"s" * (lines != 1)}</small></summary>'
        f"{_focusable(_coloured(rest), 'code')}</details>"
    )


def page_of(href: str) -> str:
    """Where a link between notebooks, or to and from the errata, leads on the site.

    >>> page_of("02_convolution.ipynb#C2"), page_of("notebooks/02_convolution.ipynb"), page_of("../ERRATA.md")
    ('02_convolution.html', '02_convolution.html', 'errata.html')
    """
    if href == "../ERRATA.md":
        return "errata.html"
    return re.sub(r"^(?:\./|notebooks/)?(\w+)\.ipynb(#.*)?$", r"\1.html", href)


LARGE = 25_000
"""Bytes from which on a picture is packed with all effort."""
PACKED = ROOT / "build" / "site_packed_pictures"
"""Where packed pictures are kept from one build to the next, until `make clean`."""


def write_picture(png: bytes, folder: Path) -> tuple[str, int, int]:
    """Write a picture as the smallest of the PNG itself, WebP without loss, and WebP with a loss that is not seen: photos.

    Its name, width and height. Equal pictures are one file, named by what is in it.
    """
    with Image.open(io.BytesIO(png)) as image:
        size = image.size
    stem = hashlib.sha256(png).hexdigest()[:12]
    kept = next(PACKED.glob(f"{stem}.[wp]*"), None)
    if kept is None:
        data, ending = _smallest(png)
        PACKED.mkdir(parents=True, exist_ok=True)
        new = PACKED / f"{stem}.new"  # what is stopped here leaves no half a picture
        new.write_bytes(data)
        kept = new.replace(new.with_suffix(f".{ending}"))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(kept, folder)
    return kept.name, *size


def _smallest(png: bytes) -> tuple[bytes, str]:
    with Image.open(io.BytesIO(png)) as image:
        colours = image.convert("RGB")

    def webp(**how: object) -> bytes:
        file = io.BytesIO()
        colours.save(file, "webp", **how)
        return file.getvalue()

    exact, near = webp(lossless=True, quality=60, method=3), webp(quality=90, method=4)
    if min(len(png), len(near)) > len(exact) > LARGE:  # two seconds for a few percent: not for all
        exact = min(exact, webp(lossless=True, quality=100, method=6), key=len)
    return min((png, "png"), (exact, "webp"), (near, "webp"), key=lambda each: len(each[0]))


def _only_asserts(node: ast.AST) -> bool:
    """Whether a statement is an assertion, or a loop over nothing else."""
    return isinstance(node, ast.Assert) or (isinstance(node, ast.For) and all(map(_only_asserts, node.body)))


def _assertions_marked(code: str, source: str) -> str:
    """Coloured code with its assertions marked: who reads a notebook sees that the loop equals the library, a slide leaves them out."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a line for IPython
        return code
    found = filter(_only_asserts, ast.walk(tree))
    within = {at for each in found for at in range(each.lineno - 1, each.end_lineno)}
    head, mark, body = code.partition("<span></span>")
    lines = enumerate(body.splitlines(keepends=True))
    return (
        head + mark + "".join(f'<span class="assertion">{line}</span>' if at in within else line for at, line in lines)
    )


def _coloured(source: str) -> str:
    """Code as HTML; what has no colour of its own in site.css needs no element either."""
    return re.sub(r'<span class="(?:n|p|o|w)">([^<]*)</span>', r"\1", _highlight(source))


def _focusable(markup: str, what: str) -> str:
    """Lines that may be wider than the page scroll by themselves, by keyboard too."""
    return re.sub("<pre>", f'<pre tabindex="0" role="group" aria-label="{what}">', markup, count=1)


def _tables(soup: BeautifulSoup) -> str:
    """The HTML, each table in a frame that scrolls by itself, and its head marked as such."""
    for table in soup.find_all("table"):
        for cell in table.find_all("th"):
            if not cell.get_text(strip=True):
                cell.name = "td"
            elif cell.find_parent("thead"):
                cell["scope"] = "col"
        frame: Tag = soup.new_tag(
            "div", attrs={"class": "table", "tabindex": "0", "role": "group", "aria-label": "table"}
        )
        table.wrap(frame)
    for code in soup.select(".highlight pre"):
        code.attrs |= {"tabindex": "0", "role": "group", "aria-label": "code"}
    return str(soup)
