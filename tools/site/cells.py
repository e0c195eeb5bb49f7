"""A notebook's cells as HTML: text, code, outputs; pictures become files, explorers places for the browser to fill."""

import base64
import hashlib
import html
import io
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import nbformat
from bs4 import BeautifulSoup, Tag
from nbconvert.filters import Highlight2HTML, ansi2html, markdown2html_mistune
from PIL import Image

from ..run_notebooks import WIDGET

LIVE = "the live notebook"
_highlight = Highlight2HTML()


@dataclass(frozen=True)
class Cell:
    """A cell as it stands on a page, and its place in a deck: "slide", "fragment", "skip", "notes" or ""."""

    kind: str
    html: str
    slide: str


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
        pictures: the folder for pictures; ``prefix`` leads there from a page.
    """

    def __init__(self, lives: dict[str, dict], pictures: Path, prefix: str):
        self.lives, self.pictures, self.prefix = lives, pictures, prefix
        self.explorers: list[str] = []
        self.headings: list[Heading] = []
        self.ids: set[str] = set()

    def cells(self, notebook: nbformat.NotebookNode) -> list[Cell]:
        """All cells, in order; those without any content are left out."""
        made = [
            Cell(cell.cell_type, self._cell(cell), cell.metadata.get("slideshow", {}).get("slide_type", ""))
            for cell in notebook.cells
        ]
        return [each for each in made if each.html]

    def _cell(self, cell: nbformat.NotebookNode) -> str:
        if cell.cell_type == "markdown":
            return self._text(cell.source)
        outputs = "".join(self._output(each) for each in cell.outputs)
        code = f'<div class="code">{_focusable(_coloured(cell.source), "code")}</div>' if cell.source.strip() else ""
        return code + (f'<div class="outputs">{outputs}</div>' if outputs else "")

    # ------------------------------------------------------------ text

    def _text(self, source: str) -> str:
        soup = BeautifulSoup(markdown2html_mistune(source), "html.parser")
        for heading in soup.find_all(re.compile("^h[1-6]$")):
            for anchor in heading.find_all("a", class_="anchor-link"):
                anchor.decompose()
            heading["id"] = self._id(heading.get_text())
            self.headings.append(Heading(int(heading.name[1]), heading["id"], heading.decode_contents()))
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
            return f'<p class="needs">Your function is checked, and what you have solved is counted, in {LIVE}.</p>'
        return _tables(soup)

    def _explorer(self, model: str, output: nbformat.NotebookNode) -> str:
        life = self.lives.get(model, {"moves": False, "needs": True})
        drawn = "image/png" in output.data
        if not life["moves"] and not drawn and model in self.lives:  # a progress bar: on a page all work is done
            return ""
        still = self._picture(output) if drawn else ""
        if not life["moves"]:
            words = (
                f"This explorer needs {LIVE}: there, Python computes anew with each move."
                if life["needs"]
                else f"In {LIVE} this picture grows while Python computes."
            )
            return f'<figure class="still">{still}<figcaption class="needs">{words}</figcaption></figure>'
        self.explorers.append(model)
        needs = f'<p class="needs">{_needs(life)}</p>' if life["needs"] else ""
        return (
            f'<div class="explorer" data-explorer="{model}"><div class="stage"><noscript>{still}</noscript></div>'
            f"{needs}</div>"
        )

    def _picture(self, output: nbformat.NotebookNode) -> str:
        alt = html.escape(output.metadata["image/png"]["alt"])
        name, wide, high = write_picture(base64.b64decode(output.data["image/png"]), self.pictures)
        return f'<img src="{self.prefix}{name}" alt="{alt}" width="{wide}" height="{high}" loading="lazy" decoding="async">'


def _needs(life: dict[str, object]) -> str:
    """Which controls of an explorer stand still here."""
    names = [f"<i>{html.escape(re.sub(' +', ' ', each))}</i>" for each in life["needs"]]
    shown = names if len(names) <= 5 else [*names[:4], f"{len(names) - 4} more"]
    first = ", ".join(shown[:-1])
    words = f"{first} and {shown[-1]}" if first else shown[0]
    rest = "Everything else moves." if life["lives"] else "Only the marked place in the picture moves."
    what = "needs" if len(names) == 1 else "need"
    return f"{words} {what} {LIVE} and {'is' if len(names) == 1 else 'are'} grey here. {rest}"


def page_of(href: str) -> str:
    """Where a link between notebooks leads on the site.

    >>> page_of("02_convolution.ipynb#C2")
    '02_convolution.html'
    """
    return re.sub(r"^(?:\./)?(\w+)\.ipynb(#.*)?$", r"\1.html", href)


def write_picture(png: bytes, folder: Path) -> tuple[str, int, int]:
    """Write a picture as the smaller of lossless WebP and the PNG itself; its name, width and height.

    Equal pictures are one file, named by what is in it.
    """
    with Image.open(io.BytesIO(png)) as image:
        size, file = image.size, io.BytesIO()
        stem = hashlib.sha256(png).hexdigest()[:12]
        for ending in ("webp", "png"):
            if (folder / f"{stem}.{ending}").exists():
                return f"{stem}.{ending}", *size
        image.convert("RGB").save(file, "webp", lossless=True, quality=60, method=3)
    small = file.getvalue()
    name, data = (f"{stem}.webp", small) if len(small) < len(png) else (f"{stem}.png", png)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return name, *size


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
