"""What makes the pages of the site a publication: search, glossary, links, what they say of themselves."""

import io
import json
import re
import tomllib

import nbformat
import pytest
from bs4 import BeautifulSoup
from lunr.index import Index
from PIL import Image

from tools.notebooks import NOTEBOOKS, ROOT
from tools.site import glossary, pages, publication, publish, search
from tools.site.cells import Writer

TEXTS = {
    "01_one": ["# 1 · One\n*5 minutes.* A **stride** is a step. Nothing more.", "## S1 · Why a step?\nSteps of *two* pixels.", "### Deeper: more\nA longer stride."],
    "02_two": ["# 2 · Two\nPixels and `code`.", "## S2 · Padding & zeros\nA frame of zeros around the picture."],
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A small site of two pages: its folder, and the pages."""
    folder = tmp_path_factory.mktemp("site")
    pages.write_assets(folder)
    made = []
    for name, texts in TEXTS.items():
        cells = [nbformat.v4.new_markdown_cell(each) for each in texts]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata={"lives": "{}"})
        made.append(pages.make(notebook, name, folder))
    pages.write(made, folder)
    real = publish.write_notebook
    with pytest.MonkeyPatch.context() as patch:  # these two are no files of notebooks/
        patch.setattr(publish, "write_notebook", lambda name, to: real("00_start_here", to))
        publish.publish(made, folder)
    return folder, made


def soup(site, name):
    return BeautifulSoup((site[0] / name).read_text(encoding="utf-8"), "html.parser")


def test_a_search_looks_through_the_text_of_every_section_between_one_heading_and_the_next(site):
    first, second, third = search.sections(site[1][0])
    assert [each.address for each in (first, second, third)] == [
        "01_one.html#1-one",
        "01_one.html#s1-why-a-step",
        "01_one.html#deeper-more",
    ]
    assert (first.title, first.text, first.bold) == ("One", "A stride is a step. Nothing more.", {"stride"})
    assert second.text == "Steps of two pixels." and third.page == "1 · One"


def test_the_index_finds_a_section_by_the_beginning_of_its_words_and_the_title_first(site):
    text = (site[0] / "assets" / "search.data.js").read_text(encoding="utf-8")
    found = json.loads(re.fullmatch(r"lectureFound\((.*)\);\n", text)[1])
    index = Index.load(found["index"])
    addresses = [found["sections"][int(each["ref"])][2] for each in index.search("step*")]
    assert addresses[0] == "01_one.html#s1-why-a-step" and "01_one.html#1-one" in addresses
    assert found["sections"][int(index.search("zeros")[0]["ref"])][1] == "Padding & zeros"
    assert any(each[0] == "Glossary" and each[1] == "stride" for each in found["sections"])


def test_each_heading_of_a_page_links_to_itself(site):
    headings = soup(site, "01_one.html").select("main :is(h2, h3)")
    assert len(headings) == 2
    for heading in headings:
        beside = heading.find_parent("summary")
        link = beside.find_next_sibling() if beside else heading.find("a")
        assert link["class"] == ["anchor"] and link["href"] == f"#{heading['id']}"


def test_contents_list_the_sections_of_every_page_and_lead_to_them(site):
    for at, other in (("01_one", "02_two"), ("02_two", "01_one")):
        links = [each["href"] for each in soup(site, f"{at}.html").select("nav.contents a")]
        for page in site[1]:
            wanted = [f"{'' if page.name == at else page.name + '.html'}#{each.id}" for each in page.sections]
            assert wanted and set(wanted) <= set(links)
        assert f"{other}.html" in links
    listed = [each["href"] for each in soup(site, "index.html").select(".pages details a")]
    assert listed == ["01_one.html#s1-why-a-step", "02_two.html#s2-padding-zeros"]


def test_a_page_leads_to_the_one_before_and_the_one_after_to_its_notebook_and_to_the_source(site):
    first, second = soup(site, "01_one.html"), soup(site, "02_two.html")
    assert first.find(rel="next")["href"] == "02_two.html" and second.find(rel="prev")["href"] == "01_one.html"
    assert first.find("a", download=True)["href"] == "notebooks/01_one.ipynb"
    assert first.footer.find("a", href=publication.publication().repository)


def test_a_notebook_to_take_along_has_every_cell_and_no_output(tmp_path):
    publish.write_notebook("02_convolution", tmp_path)
    taken = nbformat.read(tmp_path / "02_convolution.ipynb", as_version=4)
    nbformat.validate(taken)
    original = nbformat.read(NOTEBOOKS / "02_convolution.ipynb", as_version=4)
    assert [each.source for each in taken.cells] == [each.source for each in original.cells]
    assert not any(each.get("outputs") for each in taken.cells)


@pytest.mark.parametrize("name", ["index.html", "01_one.html", "errata.html", "glossary.html", "slides/01.html"])
def test_a_page_says_what_it_is_of_whom_when_and_has_a_picture_for_links(site, name):
    head = soup(site, name).head
    said = {each.get("name") or each.get("property"): each["content"] for each in head.find_all("meta", content=True)}
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["urls"]
    assert head.title.string and len(said["description"]) > 5 and said["author"] == publication.publication().author
    assert said["og:title"] == head.title.string and said["og:description"] == said["description"]
    assert said["og:url"] == head.find(rel="canonical")["href"] == f"{urls['Homepage']}{name}"
    assert said["og:image"].startswith(urls["Homepage"])
    assert (site[0] / said["og:image"].removeprefix(urls["Homepage"])).exists()
    icon = head.find(rel="icon")["href"]
    assert (site[0] / name).parent.joinpath(icon).resolve().read_text().startswith("<svg")


def test_the_picture_for_links_is_as_large_as_the_pages_say():
    with Image.open(io.BytesIO(publication.picture())) as image:
        assert image.size == (1200, 630) and image.format == "JPEG"


def test_descriptions_of_pages_differ(site):
    said = [soup(site, f"{page.name}.html").find("meta", attrs={"name": "description"})["content"] for page in site[1]]
    assert said == ["A stride is a step. Nothing more.", "Pixels and code."]


def test_the_page_for_what_is_not_there_needs_nothing_beside_it(site):
    page = soup(site, "404.html")
    assert page.find_all(src=True) == [] and page.find_all("link") == []
    assert all(each["href"].startswith(publication.publication().site) for each in page.find_all("a"))
    assert {f"{publication.publication().site}{each.name}.html" for each in site[1]} <= {
        each["href"] for each in page.find_all("a")
    }


# ---------------------------------------------------------------- what is said there


def test_a_page_speaks_of_nothing_that_only_jupyterlab_has(tmp_path):
    own = re.compile(r"menu\b|[Kk]ernel →|Restart|■ button|README|make \w+`|is noted in the small file")
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        text = " ".join(cell.html for cell in Writer({}, tmp_path, "").cells(notebook))
        assert own.findall(text) == [], path.name


def test_cells_about_jupyterlab_stand_on_no_page(tmp_path):
    lab = nbformat.v4.new_markdown_cell("Menu *Run*.", metadata={"tags": ["lab"]})
    one, two = (nbformat.v4.new_markdown_cell(each) for each in ("# One", "Two"))
    made = Writer({}, tmp_path, "").cells(nbformat.v4.new_notebook(cells=[one, lab, two]))
    assert len(made) == 2 and not any("Menu" in cell.html for cell in made)


# ---------------------------------------------------------------- the glossary


def test_a_term_leads_from_its_page_to_the_glossary_once_and_back(site):
    linked = soup(site, "01_one.html").select("a.term")
    assert [each["href"] for each in linked] == ["glossary.html#stride"]
    entry = soup(site, "glossary.html").find(id="stride").find_next_sibling("dd")
    assert [each["href"] for each in entry.find_all("a")] == ["01_one.html#1-one", "01_one.html#deeper-more"]


def test_the_glossary_has_an_entry_for_each_line_in_order_and_no_word_twice():
    lines = re.findall(r"^- ", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    found = glossary.terms()
    assert len(found) == len(lines) > 40
    names = [each.name.lower() for each in found]
    assert names == sorted(names)
    words = [word for each in found for word in each.words]
    assert len(words) == len(set(words)) and len({each.id for each in found}) == len(found)


def test_each_term_of_the_glossary_is_in_the_notebooks():
    texts = [cell.source for path in NOTEBOOKS.glob("0*.ipynb") for cell in nbformat.read(path, as_version=4).cells]
    text = "\n".join(texts)
    assert [each.name for each in glossary.terms() if not each.count(text)] == []
