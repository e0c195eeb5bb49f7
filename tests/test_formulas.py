"""Formulas of the notebooks as MathML, made when a page or a deck is made."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from tools.notebooks import NOTEBOOKS, ROOT
from tools.site import formulas

TEXTS = {path.stem: nbformat.read(path, as_version=4) for path in sorted(NOTEBOOKS.glob("*.ipynb"))}


def typed(source):
    """Formulas in a Markdown text as an author types them, code left out."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", source, flags=re.DOTALL)
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|(?<!\\)\$([^$]+?)\$", prose, re.DOTALL)]


@pytest.mark.parametrize("name", TEXTS)
def test_every_formula_becomes_mathml_and_none_shows_a_command(name):
    for cell in TEXTS[name].cells:
        if cell.cell_type != "markdown":
            continue
        soup = formulas.text(cell.source)
        assert [each["alttext"] for each in soup.find_all("math")] == [each.strip() for each in typed(cell.source)]
        assert not re.search(r"\\|\$", "".join(each.get_text() for each in soup.find_all("math")))
        for each in soup.find_all("code"):
            each.decompose()
        assert "$" not in soup.get_text()


def test_notebooks_have_formulas_and_the_errata_none_that_is_not_set():
    assert sum(len(typed(cell.source)) for each in TEXTS.values() for cell in each.cells) > 60
    errata = (ROOT / "ERRATA.md").read_text("utf-8")
    assert len(formulas.text(errata).find_all("math")) == len(typed(errata))


def test_a_command_without_a_meaning_here_is_told_with_its_formula():
    with pytest.raises(ValueError, match=r"^formula a \\strange b: \\strange has no meaning here$"):
        formulas.text(r"It is $a \strange b$.")


def test_formulas_in_a_cells_html_are_set_and_its_code_is_left_alone():
    soup = BeautifulSoup("<table><td>a &lt; $x &lt; 1$ b</td></table><pre>$HOME and $PATH</pre>", "html.parser")
    formulas.set_formulas(soup)
    assert soup.td.math["alttext"] == "x < 1"
    assert soup.td.get_text() == "a < x<1 b"
    assert soup.pre.get_text() == "$HOME and $PATH"


def test_a_name_stands_apart_from_what_it_is_applied_to_unless_that_is_in_brackets():
    apart = [formulas.mathml(each).count("<mspace") for each in (r"\ln p", r"\ln(p)", r"\max_i p_i", r"e^{\ln p}")]
    assert apart == [1, 0, 0, 1]


def test_bars_stand_close_to_what_is_between_them_and_grow_only_when_asked():
    close = 'stretchy="false" lspace="0" rspace="0"'
    assert formulas.mathml("-|x|").count(close) == 2
    assert close not in formulas.mathml(r"\left|\frac{1}{2}\right|")


def test_a_formula_of_its_own_line_has_a_frame_that_scrolls():
    assert formulas.text("$$x$$").math.parent["class"] == ["formula"]
    assert formulas.text("in a line $x$").math.parent.name == "p"
