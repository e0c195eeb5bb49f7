"""The instructors' page, and the library's reference: what is computed there is all there, and leads somewhere."""

import re

import pytest
from bs4 import BeautifulSoup

from lecture_lib import ops
from tools.make_exercises import CHAPTERS, EXERCISES
from tools.notebooks import ROOT
from tools.site import instructors, pages, reference


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    pages.write_assets(folder)
    (folder / "index.html").touch()
    reference.write(folder)
    return folder


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The instructors' page as its reader has it."""
    made = pages.texts(tmp_path_factory.mktemp("texts"))
    (cell,) = next(each for each in made if each.name == "instructors").cells
    return BeautifulSoup(cell.html, "html.parser")


def test_every_exercise_stands_there_with_words_that_its_check_says_and_no_solution(page):
    listed = {
        each.get_text(): each.find_parent("p").find_next_sibling("ul") for each in page.select("p > strong > code")
    }
    assert set(listed) == set(EXERCISES) and len(listed) > 30
    for name, said in listed.items():
        words = [each.get_text() for each in said.find_all("li")]
        known = {" ".join(each.words.split()) for each in EXERCISES[name].mistakes}
        assert 3 <= len(words) == len(set(words)) and {" ".join(each.split()) for each in words} <= known, name
        assert EXERCISES[name].source not in page.get_text()


def test_a_session_has_minutes_for_its_notebook_and_they_add_to_ninety(page):
    rows = [[each.get_text() for each in row.find_all("td")] for row in page.find_all("table")[-1].find_all("tr")]
    rows = [row for row in rows if row]
    assert len(rows) == len(CHAPTERS)
    for _, core, exercises, left, _ in rows:
        assert int(core) + int(exercises) + int(left) == 90 and int(left) > 0


def test_what_the_page_names_is_there():
    text = instructors.text()
    for path in re.findall(r"`((?:tools|notebooks|images|deploy|lecture_lib)/[\w./]+)`|`(\w+\.(?:md|cff|toml))`", text):
        assert (ROOT / "".join(path)).exists(), path
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{each}:", targets, re.MULTILINE) for each in re.findall(r"`make (\w+)", text))


def test_every_module_that_is_imported_by_name_has_a_page_with_all_that_it_names(site):
    library = {
        each.stem
        for each in (ROOT / "lecture_lib").iterdir()
        if each.suffix == ".py" or (each / "__init__.py").exists()
    }
    written = {each.stem for each in (site / "reference" / "lecture_lib").glob("*.html")}
    assert written == library - {"__init__", "page"}
    ids = {
        each["id"]
        for each in BeautifulSoup((site / "reference/lecture_lib/ops.html").read_text(), "html.parser").find_all(
            id=True
        )
    }
    assert set(ops.__all__) <= ids


def test_the_reference_asks_no_other_host_and_its_links_lead_to_its_files(site):
    for file in (site / "reference").rglob("*.html"):
        soup = BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")
        for tag in soup.find_all(["script", "link", "img", "iframe"]):
            address = tag.get("src") or tag.get("href") or ""
            assert not re.match(r"https?:|//", address), address
        assert not re.search(r"@import|url\(['\"]?https?:", file.read_text(encoding="utf-8"))
        for link in soup.find_all("a", href=True):
            path = link["href"].partition("#")[0]
            assert path.startswith("http") or (file.parent / path).exists(), (file.name, path)
