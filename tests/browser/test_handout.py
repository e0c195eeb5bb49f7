"""What a student takes home, printed by the browser: which pages there are, what stands on them and what does not."""

import re

import nbformat
import pypdf
import pytest

from tools.browser import serious_findings
from tools.notebooks import NOTEBOOKS
from tools.site import cheat_sheet, handout, pages, paper

pytestmark = pytest.mark.slow

PAGES = {"slides.pdf": 24, "slides_with_notes.pdf": 36, "cheat_sheet.pdf": 2}
A4 = (595, 842)
MOST = 15e6
"""Bytes of a file that a class loads at once."""
SLIDES = [
    cell for cell in nbformat.read(NOTEBOOKS / "lecture.ipynb", as_version=4).cells if cell.cell_type == "markdown"
]


@pytest.fixture(scope="module")
def papers():
    """The files, as they are made for who needs no site, and their text page by page."""
    assert handout.main() == 0
    return {path.name: pypdf.PdfReader(path) for path in handout.HANDOUT.glob("*.pdf")}


@pytest.fixture(scope="module")
def texts(papers):
    return {name: squeezed("".join(page.extract_text() for page in reader.pages)) for name, reader in papers.items()}


def squeezed(text):
    """Letters and digits alone: where a line breaks, and how wide a space is, differs from paper to paper."""
    return "".join(re.findall(r"\w", text))


def said(kind):
    """The texts of the lecture's cells of that place in the deck, without formulas."""
    cells = [cell for cell in SLIDES if cell.metadata.get("slideshow", {}).get("slide_type") == kind]
    return [cell.source for cell in cells if "$" not in cell.source]


@pytest.mark.parametrize("name", PAGES)
def test_a_paper_has_its_pages_of_a4_and_says_what_it_is(papers, name):
    reader = papers[name]
    assert len(reader.pages) == PAGES[name]
    assert all((round(page.mediabox.width), round(page.mediabox.height)) == A4 for page in reader.pages)
    assert reader.metadata.title.startswith("CNNs I: Architectures: ") and reader.metadata.author
    assert reader.root_object["/Lang"] == "en" and "/StructTreeRoot" in reader.root_object
    assert (handout.HANDOUT / name).stat().st_size < MOST


@pytest.mark.parametrize("name", ["slides.pdf", "slides_with_notes.pdf"])
def test_every_slide_is_there_once_and_pages_are_numbered(papers, texts, name):
    titles = [re.match("## (.+)", cell.source)[1] for cell in SLIDES if cell.source.startswith("## ")]
    assert len(titles) == 72
    assert [each for each in titles if texts[name].count(squeezed(each)) != 1] == []
    for at, page in enumerate(papers[name].pages, 1):
        assert f"{at} / {PAGES[name]}" in page.extract_text()


def test_answers_stand_on_one_paper_and_on_the_other_there_is_room_for_them(texts):
    answers = [squeezed(re.sub(r"\*+", "", each)) for each in said("fragment")]
    answers += [
        squeezed(each)
        for each in (
            "Dense: 4 times. Convolution: the same 75,000",
            "Wall: 82.1. Herself: 83.2",
            "28, 14, 10, 5, then 120",
        )
    ]
    answers = [each for each in answers if len(each) > 8]
    assert len(answers) > 10
    assert [each for each in answers if each not in texts["slides_with_notes.pdf"]] == []
    assert [each for each in answers if each in texts["slides.pdf"]] == []


def test_notes_stand_on_one_paper_only(texts):
    notes = [re.sub(r"\*+|^\[.*?\] ", "", each.split("\n")[0]) for each in said("notes")]
    assert len(notes) > 60
    assert [each for each in notes if squeezed(each) not in texts["slides_with_notes.pdf"]] == []
    assert [each for each in notes if squeezed(each) in texts["slides.pdf"]] == []


def test_no_button_stands_on_paper(texts):
    for name in ("slides.pdf", "slides_with_notes.pdf"):
        for words in ("Undo", "CopyasPython", "Fullscreen", "needsPython", "Arrowkeys", "Handsarecounted"):
            assert words not in texts[name], (name, words)


@pytest.mark.parametrize("name", ["slides.pdf", "slides_with_notes.pdf"])
def test_every_explorer_is_there_as_a_picture_fine_enough_to_print(papers, name):
    wide = [image.image.width for page in papers[name].pages for image in page.images]
    assert len(wide) > 60 and sorted(wide)[len(wide) // 2] > 1500


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cheat_sheet_is_a_page_that_a_phone_shows_and_everybody_can_read(offline, tmp_path, theme):
    pages.write_assets(tmp_path)
    page = offline(cheat_sheet.write(tmp_path))
    page.evaluate("theme => lectureTheme.show(theme)", theme)
    for wide in (1366, 390):
        page.set_viewport_size({"width": wide, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        assert serious_findings(page) == []


def test_what_does_not_fit_a_sheet_is_never_printed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<body data-ready="yes"><div class="sheet" style="height: 50px; overflow: hidden"><p style="height: 90px">Long',
        encoding="utf-8",
    )
    with pytest.raises(RuntimeError, match="long.pdf: cut off: sheet: Long"):
        paper.print_page(page, tmp_path / "long.pdf", "Long", media="screen")
