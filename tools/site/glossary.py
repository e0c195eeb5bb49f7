"""The glossary: GLOSSARY.md's terms, links from the pages to them, and back to the sections that explain and use them."""

import re
from dataclasses import dataclass, field

from ..notebooks import ROOT
from .search import Section

_ENTRY = re.compile(r"^- \*\*(?P<term>[^*]+)\*\*(?: \((?P<others>[^)]+)\))?: (?P<meaning>.+)$", re.MULTILINE)
_BOLD = re.compile(r"<strong>([^<]+)</strong>")
MOST = 5
"""Sections that use a term, beside the one that explains it."""
_TASKS = ("Your turn", "Which notebook first?")
"""Titles of sections that use every word and explain none."""


@dataclass
class Term:
    """A term, other words and forms of it, what it means; the section that explains it, and those that use it most."""

    name: str
    others: list[str]
    meaning: str
    explained: Section | None = None
    used: list[Section] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "-".join(re.findall(r"[a-z0-9]+", self.name.lower()))

    @property
    def words(self) -> list[str]:
        return [each.lower() for each in (self.name, *self.others)]

    def count(self, text: str) -> int:
        """How often a text has it."""
        return len(re.findall(rf"(?<!\w)(?:{'|'.join(map(re.escape, self.words))})(?!\w)", text.lower()))


def terms() -> list[Term]:
    """All terms, as GLOSSARY.md has them."""
    found = _ENTRY.finditer((ROOT / "GLOSSARY.md").read_text(encoding="utf-8"))
    return [
        Term(each["term"], (each["others"] or "").split(", ") if each["others"] else [], each["meaning"])
        for each in found
    ]


def link(html: str, known: list[Term], seen: set[str]) -> str:
    """Bold terms of a page's text as links to the glossary, each the first time; ``seen`` keeps which there were.

    >>> link("A <strong>stride</strong> of 2", [Term("stride", [], "…")], set())
    'A <a class="term" href="glossary.html#stride"><strong>stride</strong></a> of 2'
    """
    by_word = {word: term for term in known for word in term.words}

    def linked(found: re.Match) -> str:
        term = by_word.get(found[1].strip().rstrip(".").lower())
        if term is None or term.id in seen:
            return found[0]
        seen.add(term.id)
        return f'<a class="term" href="glossary.html#{term.id}">{found[0]}</a>'

    return _BOLD.sub(linked, html)


def look_up(known: list[Term], sections: list[Section]) -> list[Term]:
    """The terms with the sections that explain and use them. A term is explained where it is first in bold, else where a title has it."""
    for term in known:
        using = [each for each in sections if each.title not in _TASKS and term.count(f"{each.title} {each.text}")]
        bold = [each for each in using if set(term.words) & each.bold]
        named = [each for each in using if term.count(each.title)]
        term.explained = (bold or named or using or [None])[0]
        others = sorted(using, key=lambda each: -term.count(each.text))[: MOST + 1]
        term.used = [each for each in using if each in others and each is not term.explained][:MOST]
    return known
