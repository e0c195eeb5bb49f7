"""What a search over all pages looks through: the text of every section, and an index of it.

The index is made here, with lunr, and read by the same library's script: of those that are kept it is the one that also
exists in Python, so that the site needs no Node to be made, and a phone has nothing to count before the first answer.
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from lunr import get_default_builder, lunr
from lunr.stemmer import stemmer

if TYPE_CHECKING:
    from .pages import Page

QUIET = "pre, noscript, figure, .needs, .minutes, .anchor, math annotation"
"""What nobody searches for: code, pictures, and what only says that something is not here."""


@dataclass
class Section:
    """The text between one heading and the next; ``bold``: what stands in it in bold, in small letters."""

    page: str
    title: str
    address: str
    words: list[str] = field(default_factory=list)
    bold: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def sections(page: "Page") -> list[Section]:
    """The sections of a page, in order; its first cell has its title."""
    found: list[Section] = []
    for cell in page.cells:
        if found:
            found[-1].words.append(" ")
        soup = BeautifulSoup(cell.html, "html.parser")
        for each in soup.select(QUIET):
            each.decompose()
        for words in soup.find_all(string=True):
            heading = words.find_parent(["h1", "h2", "h3"])
            if not heading:
                found[-1].words.append(words)
                if words.parent.name == "strong":
                    found[-1].bold.add(words.strip().rstrip(".").lower())
            elif not found or found[-1].address != f"{page.name}.html#{heading['id']}":
                found.append(Section(page.title, heading.get_text(), f"{page.name}.html#{heading['id']}"))
    return found


def script(found: list[Section]) -> str:
    """Sections and their index as a classic script, which a page that was opened from a file may load, too."""
    documents = [{"at": at, "title": each.title, "text": each.text} for at, each in enumerate(found)]
    builder = get_default_builder()
    for pipeline in (builder.pipeline, builder.search_pipeline):
        pipeline.remove(stemmer)  # "paddi" must be found while it is typed; search.js asks for other forms of a word
    fields = [{"field_name": "title", "boost": 5}, "text"]
    index = lunr(ref="at", fields=fields, documents=documents, builder=builder).serialize()
    listed = [[each.page, each.title, each.address, each.text] for each in found]
    return f"lectureFound({json.dumps({'sections': listed, 'index': index}, ensure_ascii=False, separators=(',', ':'))});\n"
