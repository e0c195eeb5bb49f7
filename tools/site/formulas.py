"""Formulas as MathML, which every browser sets by itself: no script is needed, and nothing is fetched."""

import html
import re

from bs4 import BeautifulSoup
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

_DOLLARS = re.compile(r"\$([^$\n]+)\$")


def mathml(source: str, display: str = "inline") -> str:
    r"""A formula in LaTeX as MathML; its source stays with it as ``alttext``.

    Args:
        display: "inline", or "block" for a line of its own, which scrolls by itself where it is too wide.

    Raises:
        ValueError: a command has no meaning here.

    >>> mathml("x^2")[-67:]
    'alttext="x^2"><mrow><msup><mi>x</mi><mn>2</mn></msup></mrow></math>'
    >>> mathml(r"\nothing x")
    Traceback (most recent call last):
    ValueError: formula \nothing x: \nothing has no meaning here
    """
    made = convert(source, display=display)
    if unknown := re.search(r">\s*(\\[^<\s]*)", made):
        raise ValueError(f"formula {source}: {unknown[1]} has no meaning here")
    made = re.sub(r"<mo>(max|min)</mo>", r"<mi>\1</mi>", made)  # as ln: a name, with no gap before its bracket
    names = r"(?<!<msub>)(?<!<msup>)(?<!<msubsup>)(?<!<munder>)(<mi>[a-z]{2,}</mi>)(?=<m(?!o))"
    made = re.sub(names, r'\1<mspace width="0.17em"></mspace>', made)  # ln p, and not lnp
    # Bars and strokes stand close, and as high as a line; behind \left they grow, and have attributes of their own.
    made = re.sub(
        r'<mo(?: stretchy="false")?>(&#x0007C;|&#x02016;|&#x0002F;)</mo>',
        r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>',
        made,
    )
    made = made.replace(">", f' alttext="{html.escape(source.strip())}">', 1)
    return f'<span class="formula">{made}</span>' if display == "block" else made


class _Renderer(IPythonRenderer):
    def inline_math(self, body: str) -> str:
        return mathml(body)

    def block_math(self, body: str) -> str:
        return mathml(body, "block")


def text(source: str) -> BeautifulSoup:
    """A Markdown text as HTML, its formulas set, those in HTML that stands in it too."""
    soup = BeautifulSoup(
        MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(source).strip(),
        "html.parser",
    )
    set_formulas(soup)
    return soup


def set_formulas(soup: BeautifulSoup) -> None:
    """Set the formulas, between dollars, of what a cell has put out as HTML."""
    for words in soup.find_all(string=_DOLLARS):
        if not words.find_parent(["pre", "code", "script", "style"]):
            parts = _DOLLARS.split(html.escape(words, quote=False))
            parts[1::2] = [mathml(html.unescape(each)) for each in parts[1::2]]
            words.replace_with(BeautifulSoup("".join(parts), "html.parser"))
