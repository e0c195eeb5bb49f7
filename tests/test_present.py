"""Slides: which cells stand on them, and how a notebook is chosen."""

import re
import shutil
import subprocess

import nbformat
import pytest

from tests.explorers import explorers
from tools import notebooks
from tools.form import parts
from tools.notebooks import NOTEBOOKS, ROOT

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
LESSONS = [name for name in NAMES if name[0].isdigit()]  # the slides of the lecture: test_lecture_deck
TYPES = ("slide", "fragment", "skip", "notes", None)


def cells(name):
    return nbformat.read(NOTEBOOKS / name, as_version=4).cells


def core(name):
    """The cells of a notebook without its deeper parts, which no slide shows."""
    whole = nbformat.read(NOTEBOOKS / name, as_version=4)
    return [cell for part in parts(whole) if not part.deeper for cell in part.cells]


def slide_type(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type")


def shows_an_explorer(cell):
    """Whether a cell ends with one, or watches a training."""
    names = "|".join([*explorers(), "watch"])
    return cell["cell_type"] == "code" and re.search(rf"^(\w+\.)?({names})\(", cell["source"], re.MULTILINE) is not None


@pytest.mark.parametrize("name", LESSONS)
def test_every_cell_knows_its_place_among_the_slides(name):
    """Deck programs drop code cells of type "-"; a cell without a type stays on the slide before it."""
    places = [slide_type(cell) for cell in cells(name)]
    assert set(places) <= set(TYPES)
    assert places[0] == "slide"
    for before, after, cell in zip(places, places[1:], cells(name)[1:], strict=False):
        assert after is not None or before != "skip", (
            cell.source
        )  # it would stand on a slide that it does not belong to
        assert after != "notes" or cell.cell_type == "markdown"


@pytest.mark.parametrize("name", LESSONS)
def test_every_section_and_every_explorer_of_the_lecture_has_a_slide_of_its_own(name):
    for cell in core(name):
        heading = cell.cell_type == "markdown" and cell.source.startswith(("# ", "## "))
        if heading or shows_an_explorer(cell):
            assert slide_type(cell) == "slide", cell.source


@pytest.mark.parametrize("name", LESSONS)
def test_conclusions_of_the_lecture_stand_on_slides(name):
    said = [cell for cell in core(name) if cell.cell_type == "markdown" and cell.source.startswith("**So:**")]
    assert said or name.startswith("00")
    assert [cell.source for cell in said if slide_type(cell) in ("skip", "notes")] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_answers_a_guess_comes_one_press_after_it_at_least(name):
    shown = [cell for cell in core(name) if slide_type(cell) not in ("skip", "notes")]
    for cell, after in zip(shown, shown[1:], strict=False):
        if cell.source.startswith("guess("):
            assert slide_type(after) in ("slide", "fragment"), cell.source


@pytest.mark.parametrize("wanted", ["02", "02_convolution", "notebooks/02_convolution.ipynb"])
def test_a_notebook_is_chosen_by_the_beginning_of_its_name(wanted):
    assert notebooks.choose(wanted).name == "02_convolution.ipynb"


@pytest.mark.parametrize("wanted", ["07", "0", "x"])
def test_what_names_no_notebook_or_several_is_told_the_names(wanted):
    with pytest.raises(ValueError, match=f"^NOTEBOOK={wanted}: must be the beginning of one of 00_start_here, .*02"):
        notebooks.choose(wanted)


@pytest.mark.skipif(not shutil.which("node"), reason="no node")
@pytest.mark.parametrize("name", ["alive.js", "extension.js"])
def test_the_scripts_of_jupyterlab_can_be_read(name):
    subprocess.run(["node", "--check", ROOT / "lab" / name], check=True, capture_output=True)
